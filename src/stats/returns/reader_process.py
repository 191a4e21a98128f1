"""The life of the process that reads files: confined in time and memory, deaf to faults that others send it."""

from __future__ import annotations

import errno
import gc
import mmap
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from stats import forking
from stats.findings import Finding
from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.parsed_file import Delivered
from stats.returns.wire_format import packed

_LENGTH = 8
_PIECE = 2**20
_LOOK = 1.0  # seconds


class Patience:
    """So many seconds of waiting. What passes while this process itself is suspended does not count.

    The clock is looked at every second, and no look counts for more than two: a process that was stopped, or whose
    machine was asleep, finds its patience as it left it.
    """

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def wait(self, channel: socket.socket, event: int) -> None:
        """Until the channel is ready; TimeoutError when the patience is used up."""
        poll = select.poll()
        poll.register(channel, event)
        while True:
            before = time.monotonic()
            is_ready = poll.poll(1000 * min(_LOOK, max(0.0, self._left)))
            self._left -= min(time.monotonic() - before, 2 * _LOOK)
            if is_ready:
                return
            if self._left <= 0:
                raise TimeoutError("no answer in time")


def send(channel: socket.socket, content: bytes, patience: Patience) -> None:
    """Sends a message whole; OSError where nobody takes it (TimeoutError where nobody does so in time)."""
    for part in (len(content).to_bytes(_LENGTH, "big"), content):
        rest = memoryview(part)
        while rest:
            patience.wait(channel, select.POLLOUT)
            with suppress(BlockingIOError):  # the room there was may be gone again
                rest = rest[channel.send(rest[:_PIECE], socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]


def receive(channel: socket.socket, patience: Patience) -> bytes:
    """The next message; EOFError or OSError where the other end is gone, TimeoutError where it keeps silent."""
    length = int.from_bytes(b"".join(_parts(channel, _LENGTH, patience)), "big")
    return b"".join(_parts(channel, length, patience))


def _parts(channel: socket.socket, length: int, patience: Patience) -> Iterator[bytes]:
    while length:
        patience.wait(channel, select.POLLIN)
        try:
            part = channel.recv(min(length, _PIECE), socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue
        if not part:
            raise EOFError
        length -= len(part)
        yield part


Read = Callable[[bytes, str], Delivered]

# How the process says with which status it leaves: the file wanted more memory than it may have; something that is no
# matter of the file stood in the way (memory the machine does not have, a file or process limit of the system).
TOO_MUCH_MEMORY, HINDERED = 71, 72
# What a fault in the reader's machine code ends in. Blocked, they come from such a fault and from nothing else: the
# system delivers a fault's signal whether it is blocked or not, and one that somebody sends waits for ever.
FAULTS = frozenset(
    getattr(signal, name) for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP", "SIGSYS")
    if hasattr(signal, name)
)  # fmt: skip
RESUBMIT = "请用办公软件打开后另存为新文件，删去无关内容，再重新提交"
_OUTSIDE = frozenset(
    (errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EAGAIN)
)
_FOR_EVER = 10.0**9
_SPENT = 128 * 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds of CPU, seconds on the clock, and bytes of memory beyond the start."""

    cpu_seconds: int = 50
    seconds: float = 180.0
    memory: int = 3 * 2**30


class HinderedError(Exception):
    """Something that is no matter of the file stood in the way of reading it."""


def answer(read: Read, data: bytes, file: str) -> Delivered | Finding:
    """The tables of a file or what refuses it, as its bytes alone decide; MemoryError or HinderedError for the rest."""
    try:
        return read(data, file)
    except RefusalError as refusal:
        if _is_outside(refusal.__cause__):
            raise HinderedError from refusal
        return refusal.finding
    except MemoryError:
        raise
    except Exception as error:  # whatever a file does to a reader, the other files are read
        if _is_outside(error):
            raise HinderedError from error
        return refuse_file(file, f"读取时程序出错（{type(error).__name__}），内容未采用", RESUBMIT).finding


def _is_outside(error: BaseException | None) -> bool:
    """Whether an error comes from the system: the bytes are in memory, no file can cause these."""
    return isinstance(error, OSError) and error.errno in _OUTSIDE


def serve(channel: socket.socket, read: Read, limits: Limits, parent: int) -> NoReturn:
    """Files one after the other until the channel closes. Never returns, prints nothing."""
    status = HINDERED
    try:
        _detach(channel, parent)
        _limit_memory(limits)
        while True:
            file = receive(channel, Patience(_FOR_EVER)).decode("utf-8", "surrogateescape")
            data = receive(channel, Patience(_FOR_EVER))
            _limit_time(limits)
            send(channel, packed(answer(read, data, file)), Patience(_FOR_EVER))
            del data
    except (EOFError, BrokenPipeError, ConnectionResetError):
        status = 0
    except MemoryError:
        status = TOO_MUCH_MEMORY
    finally:  # by now nothing holds any more what filled the memory
        if status == TOO_MUCH_MEMORY and not has_memory(limits):
            status = HINDERED
        os._exit(status)


def has_memory(limits: Limits) -> bool:
    """Whether the machine gives this process as much memory as it may have; asked for, and given back untouched."""
    gc.collect()
    with suppress(OSError, ValueError):
        mmap.mmap(-1, max(mmap.PAGESIZE, limits.memory - _SPENT)).close()
        return True
    return False


def _detach(channel: socket.socket, parent: int) -> None:
    """Leave everything of the parent alone: its files, its terminal, its rubbish; and end when it ends."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU, signal.SIGALRM, *FAULTS):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, FAULTS)
    forking.die_with(parent, signal.SIGKILL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    kept = channel.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 2**16 else 2**16)


def _limit_memory(limits: Limits) -> None:
    """At most so much more address space than at the start."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:  # nobody can say how much it has: without /proc this limit is not kept
        return
    allowed = pages * resource.getpagesize() + limits.memory
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or allowed < hard:
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


def _limit_time(limits: Limits) -> None:
    """So many seconds of CPU more than were used so far; what passes while the process is stopped is none."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    allowed = int(time.process_time()) + limits.cpu_seconds + 1
    if hard == resource.RLIM_INFINITY or allowed < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
