"""Makes a forked process look like one just started: environment, paths, seeds, matplotlib. Runs no cell."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import random
import sys
import threading
import warnings
from collections.abc import Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import psutil

from stats import import_path

_INLINE = "module://matplotlib_inline.backend_inline"
_FIRST_THREAD = 5  # a stock kernel has started four without a name


def script_folder() -> str:
    """What Python put on ``sys.path`` for the script that this process began with; empty where that is not there."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    folder = os.path.dirname(os.path.realpath(main)) if main else ""
    return folder if folder in sys.path[:1] else ""


def set_colours() -> None:
    """What a kernel sets for the commands that cells start: colours as in a terminal, no pages."""
    os.environ.update(
        TERM="xterm-color", CLICOLOR="1", FORCE_COLOR="1", CLICOLOR_FORCE="1", PAGER="cat", GIT_PAGER="cat"
    )


def renew(*, folder: str, environment: Mapping[str, str], home: str) -> None:
    """Leave nothing of the process forked from that a process of its own would not have."""
    _set_environment(environment)
    os.chdir(folder)
    named = environment.get("PYTHONPATH", "").split(os.pathsep)
    own = [entry for entry in sys.path if entry != home]
    sys.path[:] = import_path.outside(folder, [*(entry for entry in named if entry not in own), *own])
    sys.argv[:] = [""]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    setattr(sys, "__stdin__", sys.stdin)  # noqa: B010
    threading.excepthook, sys.unraisablehook = threading.__excepthook__, sys.__unraisablehook__
    _renew_logging()
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # a change of filters: what was said once is said again
    _renew_seeds()
    _renew_counters()


def set_inline_backend() -> None:
    """What a kernel does before its first cell, for a matplotlib that is already imported."""
    os.environ.setdefault("MPLBACKEND", _INLINE)
    matplotlib: Any = sys.modules.get("matplotlib")
    if matplotlib is None:
        return
    if matplotlib.rcParams._get("backend") != os.environ["MPLBACKEND"]:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot._backend_mod = None  # chosen again, as for the first figure of a process
    backend: Any = sys.modules.get("matplotlib_inline.backend_inline")
    if backend is not None:
        backend._enable_matplotlib_integration()


def limit_memory(size: int | None) -> None:
    """Let this process map at most ``size`` bytes more than it has. OSError if the system does not keep to it."""
    if size is None:
        return
    import resource  # not on Windows

    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + size, used + size))
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != used + size:
        raise OSError(f"the memory limit reads back as {limit}, not {used + size}")


def limit_memory_of(pid: int, size: int) -> None:
    """The same for another process of the user, where the system can (Linux); it may have ended by then."""
    if not hasattr(psutil.Process, "rlimit"):
        return
    with contextlib.suppress(psutil.NoSuchProcess):  # whoever waits for it hears of its end
        process = psutil.Process(pid)
        limit = process.memory_info().vms + size
        process.rlimit(psutil.RLIMIT_AS, (limit, limit))
        if process.rlimit(psutil.RLIMIT_AS)[0] != limit:
            raise OSError(f"the memory limit of process {pid} does not read back as {limit}")


@contextlib.contextmanager
def kept_environment() -> Any:
    """Undo what the block does to the environment."""
    before = dict(os.environ)
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(environment: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def _renew_logging() -> None:
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    logging.disable(logging.NOTSET)


def _renew_seeds() -> None:
    """Random numbers of a process of its own: the state of the process forked from would repeat in every one."""
    random.seed()
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and "numpy.random" in sys.modules:
        numpy.random.seed()


def _renew_counters() -> None:
    """Names of threads, which appear in what is printed when one fails, as in a kernel that has its own few."""
    counters: tuple[tuple[Any, int], ...] = ((threading, _FIRST_THREAD), (futures.ThreadPoolExecutor, 0))
    for owner, first in counters:
        if hasattr(owner, "_counter"):
            owner._counter = itertools.count(first).__next__
