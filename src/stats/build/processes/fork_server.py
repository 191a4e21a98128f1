"""Starts the fork server, asks it for processes and ends them. Runs nothing in them itself."""

from __future__ import annotations

import math
import multiprocessing
import os
import select
import signal
import socket
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from stats import forking, import_path
from stats.build.processes.deferred_signals import deferred_signals
from stats.errors import RunEnvironmentError

START_SECONDS = 60.0
STOP_SECONDS = 10.0
FORK = b"f"
"""The one thing the server may be told; it ends when the driver's end of the connection closes."""
_REMEDY = "请关闭其他程序或减少同时进行的份数（--jobs）后重新运行；仍不行，请查看 .internal 内 logs 中的运行记录"

Play = Callable[[Connection], None]


class ForkError(RunEnvironmentError):
    """No process could be forked: the fork server has gone, refused, or the system has no room for another."""


def forked(play: Play, *, prepare: Callable[[], object], folder: Path) -> ForkServer:
    """Fork the server at once; it runs ``prepare()`` and then forks a process for each request.

    Each process calls ``play`` with its end of a pipe to whoever asked. The caller must have one thread only. At
    its end, and at the caller's, the server removes ``folder``.
    """
    from stats.build.processes import server_loop  # needs fork, which Windows does not have

    if threading.active_count() != 1:
        raise RuntimeError("a process with several threads cannot be forked safely")
    ours, theirs = socket.socketpair()
    forking.flush()
    driver = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # until the server can take them
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of numeric libraries, which mind forks
            pid = os.fork()
        if pid == 0:
            ours.close()
            server_loop.serve(theirs, driver, play, prepare, folder)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return ForkServer(ours, pid, partial(_reaped, pid))


def spawned(play: Play, *, prepare: Callable[[], object], folder: Path) -> ForkServer:
    """The same in a new Python process, for a caller that has threads and so must not be forked itself."""
    from stats.build.processes import server_loop

    ours, theirs = socket.socketpair()
    process = multiprocessing.get_context("spawn").Process(
        target=server_loop.serve, args=(theirs, os.getpid(), play, prepare, folder), daemon=False
    )
    with import_path.current_folder_left_out(), deferred_signals():  # the server takes them when it can
        process.start()
    theirs.close()

    def reaped(seconds: float) -> bool:
        process.join(seconds)
        return process.exitcode is not None

    return ForkServer(ours, process.pid or 0, reaped)


class ForkServer:
    """The server as the process sees it that started it; ends with it, and with everything it forked."""

    def __init__(self, control: socket.socket, pid: int, reaped: Callable[[float], bool]) -> None:
        self.pid = pid
        self._control = control
        self._reaped = reaped
        self._ended = False

    def fork(self, *, timeout: float = START_SECONDS) -> Child:
        """A new process. ForkError when there is none within ``timeout`` seconds."""
        ours, theirs = socket.socketpair()
        pipe, far_end = Pipe()
        child = Child(self, ours, pipe)
        try:
            with theirs, far_end:
                socket.send_fds(self._control, [FORK], [theirs.fileno(), far_end.fileno()])
            child.pid = _number(child.read_line(timeout))
        except OSError as error:
            child.give_up()
            raise ForkError(f"预热进程没有回应（{error}）", _REMEDY) from error
        except ForkError:
            child.give_up()
            raise
        return child

    def is_serving(self) -> bool:
        """Whether it is there: it never says anything, so that there is something to read only when it has gone."""
        return not select.select([self._control], [], [], 0)[0]

    def stop(self) -> None:
        """End the server and everything it forked, and wait until that is done; a second call does nothing."""
        if self._ended:
            return
        self._ended = True
        self._control.close()
        if not self._reaped(STOP_SECONDS):
            os.kill(self.pid, signal.SIGKILL)
            self._reaped(STOP_SECONDS)

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class Child:
    """A forked process: our end of the pipe to it, its end, and orders to it. It lives no longer than this process."""

    start_seconds = 0.0

    def __init__(self, server: ForkServer, control: socket.socket, pipe: Connection) -> None:
        self.pipe = pipe
        self.pid = 0
        self._server = server
        self._control = control
        self._received = b""
        self._status: int | None = None
        self._is_forsaken = False

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit status, or the signal that ended it as a negative number; None while it runs after ``timeout``."""
        if self._status is None:
            line = self.read_line(timeout)
            if line is None:
                return None
            # A server that has gone takes its children along, by the kernel's hand.
            self._is_forsaken = not line
            self._status = _number(line) if line else -signal.SIGKILL
        return self._status

    def kill(self) -> None:
        """Kill it with its whole process group; what it started outside the group follows as soon as it is dead."""
        with suppress(OSError):  # the server has gone, and its children with it
            self._control.send(b"k")

    def close(self) -> None:
        """End it, if it still runs, with everything it started, and wait until nothing of that is left."""
        if self._control.fileno() < 0:
            return
        self.pipe.close()
        if self._status is None:
            self.kill()
            self.wait(STOP_SECONDS)
        self.read_line(STOP_SECONDS)  # the server closes the connection when the last descendant has gone
        self._control.close()

    def leave(self) -> int | None:
        """Close the pipe, wait until it has ended by itself, a short while at most, and say with which status."""
        self.pipe.close()
        status = self.wait(STOP_SECONDS)
        self.close()
        return status

    def give_up(self) -> None:
        """Let go of what was never begun."""
        self.pipe.close()
        self._control.close()

    def blame_the_source(self) -> None:
        """RunEnvironmentError if it, or a notebook beside it, ended only because the fork server has."""
        if self._is_forsaken or not self._server.is_serving():
            raise ForkError(
                "预热进程意外退出，本次运行停在这里", "请检查内存是否不足，再重新运行；已完成的附件是完整的，其余未动"
            )

    def read_line(self, timeout: float | None) -> str | None:
        """The server's next line, empty when it closed the connection, None when there was none in time."""
        until = math.inf if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._received:
            seconds = None if timeout is None else max(0.0, until - time.monotonic())
            if not select.select([self._control], [], [], seconds)[0]:
                return None
            try:
                content = self._control.recv(1000)
            except ConnectionResetError:
                content = b""
            if not content:
                return ""
            self._received += content
        line, _, self._received = self._received.partition(b"\n")
        return line.decode()


def _number(line: str | None) -> int:
    """The number in a line of the server."""
    kind, _, rest = (line or "").partition(" ")
    if kind in ("pid", "exit"):
        return int(rest)
    problem = {None: "预热进程没有及时回应", "": "预热进程已经退出"}.get(line, f"预热进程没有分出新进程（{rest}）")
    raise ForkError(problem, _REMEDY)


def _reaped(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() >= until:
            return False
        time.sleep(0.002)
    return True
