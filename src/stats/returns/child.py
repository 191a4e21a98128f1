"""Reads files in a child process with limits, so that a file that kills its reader kills nothing else.

The child is forked where the system can do that safely (Linux), once per run and again after each death; elsewhere
the same function reads in this process, without the limits.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from stats.findings import Finding
from stats.returns.delivered import Delivered, read_file
from stats.returns.passing import packed, unpacked
from stats.returns.rules import RefusalError, refuse_file

# Forking a process that uses the frameworks of macOS is not safe; Windows has no fork.
CAN_FORK = sys.platform == "linux" and hasattr(os, "fork")
_NO_MEMORY, _BROKEN = 71, 70
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_REMEDY = "请用办公软件打开后另存为新文件，删去无关内容，再重新提交"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds of CPU, seconds on the clock, and bytes of memory beyond the start."""

    cpu_seconds: int = 50
    seconds: float = 180.0
    memory: int = 3 * 2**30


@dataclass(slots=True)
class _Child:
    pid: int
    pipe: Connection


class Reader:
    """Reads one file after the other; used with ``with``, so that no child is left behind.

    >>> with Reader() as reader:
    ...     reader.read(b"\\x89PNG", "2021/a.xlsx")
    Traceback (most recent call last):
    stats.returns.rules.RefusalError: 文件不能采用：是图片（PNG），不是报表
    处理办法：请提交 XLSX 或 CSV
    """

    def __init__(
        self,
        read: Callable[[bytes, str], Delivered] = read_file,
        *,
        limits: Limits = Limits(),
        can_fork: bool = CAN_FORK,
    ) -> None:
        self._read = read
        self._limits = limits
        self._can_fork = can_fork
        self._child: _Child | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            _end(self._child)
            self._child = None

    def read(self, data: bytes, file: str) -> Delivered:
        """The tables in a file; RefusalError for a file of no use and for one that its reader did not survive."""
        if not self._can_fork:
            return _guarded(self._read, data, file)
        for _ in range(2):  # an idle child may have been ended from outside: that is not this file's fault
            child = self._child or self._start()
            with suppress(OSError):
                child.pipe.send_bytes(file.encode("utf-8", "surrogateescape"))
                child.pipe.send_bytes(data)
                break
            self._lose(child)
        return self._answer(child, file)

    def _start(self) -> _Child:
        ours, theirs = Pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # The child runs nothing but the reader, in one thread, and never returns: it takes no lock of ours.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            _serve(theirs, self._read, self._limits, parent)
        theirs.close()
        self._child = _Child(pid, ours)
        return self._child

    def _answer(self, child: _Child, file: str) -> Delivered:
        try:
            if not child.pipe.poll(self._limits.seconds):
                self._lose(child)
                raise refuse_file(file, f"读取超过 {self._limits.seconds:g} 秒，已中止", _REMEDY)
            return _received(child.pipe)
        except (EOFError, OSError, ValueError, TypeError, KeyError) as error:
            raise refuse_file(file, _cause(self._lose(child), self._limits), _REMEDY) from error

    def _lose(self, child: _Child) -> int | None:
        self._child = None
        return _end(child)


def _received(pipe: Connection) -> Delivered:
    answer = unpacked(pipe.recv_bytes())
    if isinstance(answer, Finding):
        raise RefusalError(answer)
    return answer


def _cause(status: int | None, limits: Limits) -> str:
    """Why a child ended, in words."""
    if status == -signal.SIGXCPU:
        return f"读取用时超过 {limits.cpu_seconds} 秒，已中止"
    if status == _NO_MEMORY:
        return f"读取需要的内存超过 {limits.memory // 2**20} MB，已中止"
    return "读取时程序意外中止，文件可能已损坏"


def _end(child: _Child) -> int | None:
    """Ends a child and says how it ended (None where someone else has asked before)."""
    child.pipe.close()
    with suppress(ProcessLookupError):
        # One that closed its end is about to leave by itself, with the status that tells why.
        for _ in range(20):
            ended, status = _wait(child.pid, os.WNOHANG)
            if ended:
                return status
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
    return _wait(child.pid, 0)[1]


def _wait(pid: int, how: int) -> tuple[bool, int | None]:
    try:
        ended, status = os.waitpid(pid, how)
    except ChildProcessError:  # already waited for by who ended it
        return True, None
    return bool(ended), os.waitstatus_to_exitcode(status) if ended else None


def _guarded(read: Callable[[bytes, str], Delivered], data: bytes, file: str) -> Delivered:
    try:
        return read(data, file)
    except RefusalError:
        raise
    except MemoryError as error:
        raise refuse_file(file, "读取需要的内存过多，已中止", _REMEDY) from error
    except Exception as error:  # whatever a damaged file does to a reader, the other files are read
        raise refuse_file(file, f"读取时程序出错（{type(error).__name__}），文件可能已损坏", _REMEDY) from error


def _serve(pipe: Connection, read: Callable[[bytes, str], Delivered], limits: Limits, parent: int) -> NoReturn:
    """The life of a child: files one after the other until the pipe closes. Never returns, prints nothing."""
    status = _BROKEN
    try:
        _detach(pipe, parent)
        _limit_memory(limits)
        while True:
            file = pipe.recv_bytes().decode("utf-8", "surrogateescape")
            data = pipe.recv_bytes()
            _limit_time(limits)
            try:
                answer: Delivered | Finding = _guarded(read, data, file)
            except RefusalError as refusal:
                if isinstance(refusal.__cause__, MemoryError):
                    os._exit(_NO_MEMORY)
                answer = refusal.finding
            pipe.send_bytes(packed(answer))
    except (EOFError, OSError):
        status = 0
    except MemoryError:
        status = _NO_MEMORY
    finally:
        os._exit(status)


def _detach(pipe: Connection, parent: int) -> None:
    """Leave everything of the parent alone: its files, its terminal, its rubbish; and end when it ends."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    kept = pipe.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 2**16 else 2**16)


def _limit_memory(limits: Limits) -> None:
    """At most so much more address space than at the start; checked by reading it back."""
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    allowed = pages * resource.getpagesize() + limits.memory
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or allowed < hard:
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(limits: Limits) -> None:
    """So many seconds of CPU more than were used so far."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    allowed = int(time.process_time()) + limits.cpu_seconds + 1
    if hard == resource.RLIM_INFINITY or allowed < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
