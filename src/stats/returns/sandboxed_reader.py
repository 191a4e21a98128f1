"""Reads files in a child process: one that kills its reader kills nothing else, and is blamed for no other's kill.

The child is forked where the system can do that safely (Linux), once per run and again after each death; elsewhere
the same function reads in this process, without the limits.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from stats.errors import UnreadableError
from stats.findings import Finding
from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.parsed_file import Delivered, read_file
from stats.returns.reader_process import (
    FAULTS,
    HINDERED,
    RESUBMIT,
    TOO_MUCH_MEMORY,
    HinderedError,
    Limits,
    Patience,
    Read,
    answer,
    has_memory,
    receive,
    send,
    serve,
)
from stats.returns.wire_format import DAMAGED, unpacked

__all__ = ["CAN_FORK", "Limits", "Reader"]

# Forking a process that uses the frameworks of macOS is not safe; Windows has no fork.
CAN_FORK = sys.platform == "linux" and hasattr(os, "fork")
# So often may something from outside end a reader, and so often is a file tried in all.
_MOST_HINDRANCES, _MOST_TRIES = 2, 5
_MACHINE = "请关闭其他程序，检查内存和进程限额后重新运行；原有成品未改动。每次都停在这个文件的，请先把它移出文件夹"
_LEAVING_SECONDS = 10.0
_USUAL = Limits()


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    channel: socket.socket


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a child ended: its status (None where nobody knows) and the seconds of CPU it took."""

    status: int | None
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class _Hindrance:
    """What from outside kept a file from being read, in words."""

    what: str


class Reader:
    """Reads one file after the other; used with ``with``, so that no child is left behind.

    A file is refused only where its bytes said so twice, to two processes. What ends a reader from outside (a signal,
    no memory, no time) is no word of the file: it is read again, and where that does not help, nothing is said of it
    (UnreadableError).

    >>> with Reader() as reader:
    ...     reader.read(b"\\x89PNG", "2021/a.xlsx")
    Traceback (most recent call last):
    stats.returns.finding_texts.RefusalError: 文件不能采用：是图片（PNG），不是报表
    处理办法：请提交 XLSX 或 CSV
    """

    def __init__(self, read: Read = read_file, *, limits: Limits = _USUAL, can_fork: bool = CAN_FORK) -> None:
        self._read = read
        self._limits = limits
        self._can_fork = can_fork
        self._child: _Child | None = None
        self._is_sound = False

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        self._lose(at_once=error[:1] != (None,))

    def read(self, data: bytes, file: str) -> Delivered:
        """The tables in a file; RefusalError for one of no use, UnreadableError where the machine does not read it."""
        said: list[Finding] = []
        hindrances: list[_Hindrance] = []
        for _ in range(_MOST_TRIES):
            result = self._once(data, file)
            if isinstance(result, Delivered):
                return result
            self._lose()
            if isinstance(result, _Ended):
                self._is_sound = False
                result = self._verdict(result, file)
            if isinstance(result, _Hindrance):
                hindrances.append(result)
            elif result not in said:
                said.append(result)
            elif unsound := self._unsound():
                hindrances.append(unsound)
            else:
                raise RefusalError(result)
            if len(hindrances) == _MOST_HINDRANCES:
                break
        what = hindrances[-1].what if hindrances else "几次读取的结果各不相同"
        raise UnreadableError(f"没能读出 {file}：{what}", _MACHINE)

    def _once(self, data: bytes, file: str) -> Delivered | Finding | _Ended | _Hindrance:
        """What one process makes of a file."""
        if not self._can_fork:
            return _here(self._read, data, file)
        child = self._child or self._start(self._read)
        patience = Patience(self._limits.seconds)
        try:
            send(child.channel, file.encode("utf-8", "surrogateescape"), patience)
            send(child.channel, data, patience)
            return unpacked(receive(child.channel, patience))
        except TimeoutError:
            self._lose(at_once=True)
            return _Hindrance(f"读取超过 {self._limits.seconds:g} 秒没有结果，已中止")
        except (OSError, *DAMAGED):
            return self._lose() or _Ended(None, 0.0)

    def _start(self, read: Read) -> _Child:
        parent = os.getpid()
        try:
            ours, theirs = socket.socketpair()
            with warnings.catch_warnings():
                # The child runs nothing but the reader, in one thread, and never returns: it takes no lock of ours.
                warnings.simplefilter("ignore", DeprecationWarning)
                pid = os.fork()
        except OSError as error:
            raise UnreadableError(f"不能启动读取程序（{error.strerror}）", _MACHINE) from error
        if pid == 0:
            serve(theirs, read, self._limits, parent)
        theirs.close()
        self._child = _Child(pid, ours)
        return self._child

    def _verdict(self, ended: _Ended, file: str) -> Finding | _Hindrance:
        """Whose doing it was that a child ended: the file's, which is then refused, or another's."""
        status = ended.status
        if status is None or status == HINDERED:
            return _Hindrance("系统没有给读取程序所需的资源（内存、文件数等）")
        if status == -signal.SIGXCPU and ended.cpu_seconds >= self._limits.cpu_seconds:
            problem = f"读取用时超过 {self._limits.cpu_seconds} 秒，已中止"
        elif status == TOO_MUCH_MEMORY:
            problem = f"读取需要的内存超过 {self._limits.memory // 2**20} MB，已中止"
        elif status >= 0 or -status in FAULTS:
            problem = "读取程序在这个文件上中止，内容未采用"
        else:
            return _Hindrance(f"读取程序被外部终止（{signal.Signals(-status).name}）")
        return refuse_file(file, problem, RESUBMIT).finding

    def _unsound(self) -> _Hindrance | None:
        """Why what was said of a file twice may not be its own doing: a fresh process reads not even a good one."""
        if self._is_sound or not self._can_fork:
            return None

        def control(data: bytes, file: str) -> Delivered:
            if not has_memory(self._limits):
                raise MemoryError
            return self._read(data, file)

        self._start(control)
        result = self._once(_good_workbook(), "control.xlsx")
        self._lose()
        self._is_sound = isinstance(result, Delivered if self._read is read_file else Delivered | Finding)
        return None if self._is_sound else _Hindrance("本机的读取程序不能正常工作")

    def _lose(self, *, at_once: bool = False) -> _Ended | None:
        child, self._child = self._child, None
        return _end(child, patience=0.0 if at_once else _LEAVING_SECONDS) if child else None


def _good_workbook() -> bytes:
    import openpyxl

    book, target = openpyxl.Workbook(), BytesIO()
    book.active.append(["1", "2"])
    book.save(target)
    return target.getvalue()


def _here(read: Read, data: bytes, file: str) -> Delivered | Finding | _Hindrance:
    try:
        return answer(read, data, file)
    except MemoryError:
        return _Hindrance("内存不足")
    except HinderedError as error:
        return _Hindrance(f"系统没有给读取程序所需的资源（{error.__cause__}）")


def _end(child: _Child, *, patience: float) -> _Ended:
    """Ends a child and says how it ended; one that closed its end is about to leave, with the status that tells why."""
    child.channel.close()
    with suppress(ProcessLookupError):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            ended = _wait(child.pid, os.WNOHANG)
            if ended is not None:
                return ended
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGKILL)
    return _wait(child.pid, 0) or _Ended(None, 0.0)


def _wait(pid: int, how: int) -> _Ended | None:
    try:
        ended, status, used = os.wait4(pid, how)
    except ChildProcessError:  # already waited for by who ended it
        return _Ended(None, 0.0)
    return _Ended(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime) if ended else None
