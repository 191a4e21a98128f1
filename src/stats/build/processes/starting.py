"""A worker's process, and one that is started afresh where it cannot be forked. Works not itself."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Protocol

import psutil

from stats import import_path
from stats.build.processes.worker_main import MARK

_SPAWNING = multiprocessing.get_context("spawn")
_PATIENCE = 10.0


class Process(Protocol):
    """A worker's process and the pipe to it; it may take ``start_seconds`` before it begins to work."""

    pipe: Connection
    start_seconds: float

    def kill(self) -> None:
        """End it and everything it started, at once."""

    def leave(self) -> int | None:
        """Close the pipe, wait until it has ended by itself, a short while at most, and say with which status."""

    def blame_the_source(self) -> None:
        """RunEnvironmentError if it, or a notebook beside it, ended only because what all processes come from has."""


class Spawned:
    """A new Python process that runs ``target`` with its end of the pipe."""

    start_seconds = 60.0  # it imports everything, which on a busy machine takes longer than many a document

    def __init__(self, target: Callable[[Connection], None]) -> None:
        self.pipe, theirs = _SPAWNING.Pipe()
        self._process = _SPAWNING.Process(target=target, args=(theirs,), daemon=False)
        with import_path.current_folder_left_out():
            self._process.start()
        theirs.close()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self._process.pid is not None:
            _kill_family(self._process.pid)

    def leave(self) -> int | None:
        """Close the pipe, wait until it has ended by itself, a short while at most, and say with which status."""
        self.pipe.close()
        self._process.join(_PATIENCE)
        code = self._process.exitcode
        if code is None:
            self.kill()
            self._process.join()
        if code != 0:  # it has not ended its kernel itself
            _kill_marked(f"{os.getpid()} {self._process.pid}")
        return code

    def blame_the_source(self) -> None:
        """Every one comes from nothing but itself."""


def ending(code: int | None) -> str:
    """How a process ended, in words: nothing for 0, a signal for negative numbers.

    >>> ending(0), ending(-9), ending(3), ending(None)
    ('', '被信号 9 中止', '退出码 3', '没有结束')
    """
    if code is None:
        return "没有结束"
    return f"被信号 {-code} 中止" if code < 0 else f"退出码 {code}" if code else ""


def _kill_family(pid: int) -> None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for member in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                member.kill()


def _kill_marked(mark: str) -> None:
    """Kill what a worker that died has left: it is nobody's child then, but inherited the worker's mark."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):  # other users' processes, and those that just ended, cannot be asked
            if process.environ().get(MARK) == mark:
                process.kill()
