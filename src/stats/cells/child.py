"""A process forked to run one notebook's cells, as whoever forked it sees it: its messages and its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

import psutil

from stats import forking

# How long a process may take for what it does at its end, when its last message has come.
LEAVING_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_living: set[int] = set()


class EndedError(Exception):
    """The process ended before its notebook did; ``status`` is its exit status, or the signal as a negative number."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the process that ran the cells has ended ({described(status)})")
        self.status = status


class OutOfTimeError(Exception):
    """The process did not go on in time."""


class TooLargeError(Exception):
    """A single message is larger than may be."""


def described(status: int | None) -> str:
    """An exit status in words: ``exit status 1``, ``signal SIGKILL``.

    >>> described(-11)
    'signal SIGSEGV'
    """
    if status is None:
        return "exit status unknown"
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


class Child:
    """Calls ``role`` with its end of a pipe, in a session and process group of its own; it dies with its parent."""

    def __init__(self, role: Callable[[Connection], None]) -> None:
        forking.adopt_orphans()
        self._others = forking.children()
        self._connection, theirs = Pipe(duplex=False)
        self.status: int | None = None
        self.pid = forking.forked(lambda: self._play(role, theirs))
        _living.add(self.pid)
        theirs.close()
        self._end = _descriptor_of(self.pid)

    def messages(self, deadline: Callable[[], float | None], *, largest: int) -> Iterator[dict[str, Any]]:
        """Its messages as they come, none of more than ``largest`` bytes.

        OutOfTimeError at the deadline (monotonic clock), which may move; EndedError when the process has ended.
        """
        while self._has_come(deadline):
            try:
                message: dict[str, Any] = json.loads(self._connection.recv_bytes(largest))
                yield message
            except EOFError:
                break
            except OSError:
                raise TooLargeError from None
        self.close()
        raise EndedError(self.status)

    def leave(self) -> None:
        """Let it do what it does at its end, and end it."""
        with contextlib.suppress(OutOfTimeError, EndedError, TooLargeError):
            until = time.monotonic() + LEAVING_SECONDS
            for _ in self.messages(lambda: until, largest=1 << 16):
                """Nothing more belongs to the notebook."""
        self.close()

    def close(self) -> None:
        """Nothing of it, nor of what it started, runs afterwards; a second call does nothing."""
        if self.pid not in _living:
            return
        self._kill_group()
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        _living.discard(self.pid)
        while strays := forking.children() - self._others - _living:  # and then those that they leave
            for stray in strays:
                with contextlib.suppress(ProcessLookupError, ChildProcessError):  # another thread was faster
                    os.kill(stray, signal.SIGKILL)
                    os.waitpid(stray, 0)
        self._connection.close()
        if self._end is not None:
            os.close(self._end)

    def _has_come(self, deadline: Callable[[], float | None]) -> bool:
        """Whether a message has, or else the end of the forking."""
        while True:
            until = deadline()
            seconds = None if until is None else max(0.0, until - time.monotonic())
            ready = self._ready(seconds)
            if self._connection in ready:
                return True
            if self._has_ended(ready):
                return bool(self._connection.poll())  # it may have come just before
            if until is not None and time.monotonic() >= until:
                raise OutOfTimeError

    def _ready(self, seconds: float | None) -> list[Any]:
        if self._end is not None:
            return wait([self._connection, self._end], seconds)
        return wait([self._connection], _LOOK_SECONDS if seconds is None else min(seconds, _LOOK_SECONDS))

    def _has_ended(self, ready: list[Any]) -> bool:
        if self._end is not None:
            return self._end in ready
        return bool(psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE)

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it has not begun its own group, or has ended
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def _play(self, role: Callable[[Connection], None], connection: Connection) -> None:
        self._connection.close()
        _living.clear()
        forking.forget_inherited_exits()
        forking.without_input()
        role(connection)


def _descriptor_of(pid: int) -> int | None:
    """What becomes readable when the process ends; None where the system has no such thing."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None
