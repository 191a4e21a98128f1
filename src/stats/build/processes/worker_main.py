"""What a worker process does: documents one after the other until its pipe closes. Starts no process itself."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from stats import forking, import_path
from stats.lean_imports import papermill
from stats.terminal import guard

# Numbers of threads that a document can do nothing with, and that a process must not have when it is forked.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


# Set in the environment of a spawned worker to its own process id and its parent's.
MARK = "STATS_WORKER"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is around the workers of one run: folders for temporary files (closed to other users) and for logs.

    ``slow`` names the modules that its notebooks import and that take long.
    """

    private: Path
    logs: Path
    slow: tuple[str, ...] = ()


def prepare(setting: Setting) -> None:
    """Import and set up, before anything is forked, all that every worker and every notebook needs."""
    _surround(setting)
    load_libraries(setting.slow)
    from stats.cells import running

    running.prepare(setting.private)


def read_and_prepare(read: Callable[[], object], setting: Setting) -> None:
    """The same in a process that has not read anything yet, and may."""
    read()
    prepare(setting)


def load_libraries(slow: Iterable[str] = ()) -> None:
    """Import what makes documents and what is ``slow``, and read fonts and templates. Starts no thread."""
    papermill()  # before others import it in the slow way
    from stats import publish

    publish.prepare()
    for module in slow:
        with suppress(ImportError):  # the notebook that wants it says so itself
            importlib.import_module(module)


def serve_spawned(setting: Setting, pipe: Connection) -> None:
    """The life of a worker in a process of its own, whose mark everything it starts carries."""
    _surround(setting)
    os.environ[MARK] = f"{os.getppid()} {os.getpid()}"
    _detach(setting.logs)
    if sys.platform == "linux":
        forking.adopt_orphans()  # so that what a notebook starts and lets go of is found when its kernel ends
    threading.Thread(target=_die_with_parent, args=(setting.private,), daemon=True).start()
    _serve(pipe)


def serve_forked(setting: Setting, pipe: Connection) -> None:
    """The life of a worker that was forked from a process that is prepared."""
    _log_to(setting.logs)
    _serve(pipe)


def _serve(pipe: Connection) -> None:
    papermill()  # before others import it in the slow way
    from stats.build.documents.produce import produce  # brings papermill, which the parent does without

    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(produce(job))


def _surround(setting: Setting) -> None:
    """Leave the folder the run was started in: its modules, its settings of the drawing library, its caches."""
    import_path.leave_out_current_folder()
    private = str(setting.private)
    os.chdir(private)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), private))
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    os.environ["MPLCONFIGDIR"] = plotting_folder(setting.private)
    tempfile.tempdir = None  # so that the folder just set counts, whatever was asked for before


def plotting_folder(private: Path) -> str:
    """Where the drawing library keeps its settings and caches: nowhere that came with data or stays after the run.

    The list of fonts, which takes a while to make, is this user's own where there is one.
    """
    folder = private / "matplotlib"
    folder.mkdir(exist_ok=True)
    with suppress(OSError):
        for path in _drawing_cache_of_the_user().glob("fontlist-*.json"):
            shutil.copyfile(path, folder / path.name)
    return str(folder)


def _drawing_cache_of_the_user() -> Path:
    """Where matplotlib keeps it for this user, see ``matplotlib.get_cachedir``."""
    if given := os.environ.get("MPLCONFIGDIR"):
        return Path(given)
    if sys.platform.startswith(("linux", "freebsd")):
        return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "matplotlib"
    return Path(os.path.expanduser("~/.matplotlib"))


def _detach(logs: Path) -> None:
    """Leave the terminal: its Ctrl-C goes to the parent only, and what libraries print goes to the log."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(os, "setsid"):
        os.setsid()
    _log_to(logs)


def _log_to(logs: Path) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    target = os.open(logs / f"worker-{os.getpid()}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(target, stream)
    os.close(target)
    guard()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, force=True)


def _die_with_parent(private: Path) -> None:
    """However the parent ends, nothing of this worker outlives it, nor of the temporary files of the run."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    from stats.build.documents.notebook_process import end_children

    end_children()
    shutil.rmtree(private, ignore_errors=True)
    os._exit(1)
