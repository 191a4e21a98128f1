"""Forks, and what a forked process does about itself: signals, death with its parent, what it inherited."""

from __future__ import annotations

import atexit
import ctypes
import logging
import os
import signal
import socket
import sys
import warnings
import weakref
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

_PDEATHSIG = 1
_CHILD_SUBREAPER = 36


def is_possible() -> bool:
    """Whether this system can fork at all (not Windows)."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and hasattr(socket, "send_fds")


def forked(play: Callable[[], object], *, let_go: Callable[[], object] = lambda: None) -> int:
    """The number of a new process, in a session of its own, that calls ``play()`` and ends; it dies with this one.

    Before it plays it calls ``let_go()``, handles signals as one just started, and adopts its orphans. It ends with 1
    if ``play`` fails, with its code if it leaves by SystemExit.
    """
    flush()
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of numeric libraries, which mind forks
            pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.setsid()
                let_go()
                reset_signals()
                die_with(parent, signal.SIGKILL)
                adopt_orphans()
                code = _played(play)
            finally:
                os._exit(code)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def _played(play: Callable[[], object]) -> int:
    try:
        play()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except Exception:
        logging.getLogger(__name__).exception("a forked process failed")
        return 1
    finally:
        run_exits()
        flush()
    return 0


def die_with(parent: int, signal_number: int) -> None:
    """Have the kernel send ``signal_number`` when ``parent`` dies, also when it already has (Linux; else nothing)."""
    _prctl(_PDEATHSIG, signal_number)
    if os.getppid() != parent and signal_number:
        os.kill(os.getpid(), signal_number)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies (Linux; elsewhere nothing)."""
    _prctl(_CHILD_SUBREAPER, 1)


def children() -> frozenset[int]:
    """The processes this one is the parent of, ended ones that nobody waited for included."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        return frozenset(int(pid) for pid in listed.read_text(encoding="ascii").split())
    except OSError:  # not Linux, or a kernel built without this list
        import psutil  # takes a while, and on Linux is not needed

        return frozenset(child.pid for child in psutil.Process().children())


def reset_signals() -> None:
    """Handle every signal as a Python process does that was just started."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        handler = signal.getsignal(number)
        if handler is not None and handler is not signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def forget_inherited_exits() -> None:
    """Leave to the process that began them what is to be done at its end: above all removing its temporary folders."""
    atexit._clear()
    registry: Any = weakref.finalize
    registry._registry.clear()
    registry._registered_with_atexit = False
    multiprocessing = sys.modules.get("multiprocessing.util")
    if multiprocessing is not None:
        multiprocessing._finalizer_registry.clear()


def run_exits() -> None:
    """Do what was left to be done at the end since the inherited part was forgotten."""
    atexit._run_exitfuncs()


def without_input() -> None:
    """Read nothing from the terminal."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def flush() -> None:
    """Write out what is buffered, so that a fork does not write it twice."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    if _library().prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
