"""One notebook run through papermill in a process of its own, with a wall-clock limit; publishes nothing."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from stats.build.documents import notebook_failure, through_papermill
from stats.build.documents.job import Engine
from stats.build.processes.control_groups import killed_for_memory
from stats.cells.child import EndedError, OutOfTimeError
from stats.cells.engine import NAME, WarmEngine
from stats.cells.outputs import OutputLimitError, OutputLimits
from stats.errors import StatsError

START_SECONDS = 60
# The document shows no times; what threads put out late is a part of it.
_STOCK = {"stock": True, "record_timing": False, "late_outputs": True}

papermill_engines.register(NAME, WarmEngine)


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, str | int],
    *,
    folder: Path,
    seconds: float,
    engine: Engine = "warm",
    memory: int | None = None,
    limits: OutputLimits | None = None,
) -> NotebookNode:
    """The executed notebook, its cells run in ``folder`` and ended after at most ``seconds`` of wall clock.

    They run in a process forked from this one; for ``engine="stock"``, in a kernel that Jupyter starts. ``memory``
    [bytes] is what that process may allocate. DocumentError (with the half-run notebook) for an error in a cell
    (N-CELL), too much output (N-OUTPUT), a dead process (K-DEAD), one out of memory (K-OOM), one that never started
    (K-START) or one out of time (K-TIMEOUT).
    """
    kept: list[NotebookNode] = []
    stock = _StockKernel(seconds) if engine == "stock" else None
    kills_before = killed_for_memory()
    try:
        with stock or nullcontext({"seconds": seconds}) as own:
            return through_papermill.run(
                notebook,
                parameters,
                engine_name=NAME,
                folder=folder,
                start_timeout=START_SECONDS,
                coalesce_streams=True,
                memory=memory,
                output_limits=limits or OutputLimits(),
                keep=kept,
                **own,
            )
    except PapermillExecutionError as error:
        raise notebook_failure.in_cell(error, kept) from error
    except OutputLimitError as error:
        raise notebook_failure.too_much(error, kept) from error
    except OutOfTimeError as error:
        raise notebook_failure.out_of_time(seconds, kept) from error
    except (DeadKernelError, EndedError, RuntimeError, StatsError, NoSuchKernel) as error:
        if stock is not None and stock.has_passed:
            raise notebook_failure.out_of_time(seconds, kept) from error
        if isinstance(error, DeadKernelError | EndedError):
            raise notebook_failure.ended(getattr(error, "status", None), kills_before, kept) from error
        raise notebook_failure.not_started(error, kept) from error


class _StockKernel:
    """What a stock kernel needs around it: a clock that ends it, and a folder for its sockets and profile.

    When the time is up, and when the block is left, everything that this process has started since is ended.
    """

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._timer = threading.Timer(seconds, self._out_of_time)
        self._timer.daemon = True
        self._surroundings = _private_surroundings()

    def __enter__(self) -> Mapping[str, Any]:
        """The options of the engine."""
        config = self._surroundings.__enter__()
        self._others = children()
        self._timer.start()
        return {**_STOCK, "config": config}

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        end_children(self._others)
        self._surroundings.__exit__(None, None, None)

    def _out_of_time(self) -> None:
        self.has_passed = True
        end_children(self._others)


def children() -> frozenset[psutil.Process]:
    """Every process below this one, grandchildren included."""
    return frozenset(psutil.Process().children(recursive=True))


def end_children(others: frozenset[psutil.Process] = frozenset()) -> None:
    """Kill every process below this one but for ``others``."""
    ended = children() - others
    for child in ended:
        with suppress(psutil.NoSuchProcess):  # it ended by itself
            child.kill()
    psutil.wait_procs(list(ended), timeout=5)


def _short_folder() -> Path:
    """A new folder (mode 0700) among the temporary files, so called that a socket below it has a path it may have."""
    while True:
        folder = Path(tempfile.gettempdir()).absolute() / secrets.token_hex(2)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder


@contextmanager
def _private_surroundings() -> Iterator[Config]:
    """A folder only this user can enter (mode 0700) for the kernel's sockets and profile, removed afterwards."""
    folder = _short_folder()
    own = {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONHASHSEED": "0",
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    config = Config()
    config.KernelManager.connection_file = str(folder / "k.json")  # the sockets have its name, and theirs is short
    config.KernelManager.transport = "ipc" if os.name == "posix" else "tcp"
    try:
        yield config
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)
