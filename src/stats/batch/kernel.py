"""One notebook run through papermill on a kernel of its own, with a wall-clock limit; publishes nothing."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psutil
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from stats.batch import kernel_failure, through_papermill
from stats.batch.memory import killed_for_memory
from stats.errors import StatsError
from stats.warm import engine as warm_engine
from stats.warm.connection import KernelProcess
from stats.warm.outputs import OutputLimitError, OutputLimits

START_SECONDS = 60
_ENGINE = "stats-document"

Engine = Literal["warm", "stock"]


class DocumentEngine(warm_engine.WarmEngine):
    """The warm engine, which also hands over the notebook as it stands when the run breaks off."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:  # type: ignore[override]
        options.pop("keep").append(nb_man.nb)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


papermill_engines.register(_ENGINE, DocumentEngine)


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
    """The executed notebook, its kernel started in ``folder`` and ended after at most ``seconds`` of wall clock.

    A warm kernel is forked by the server that the environment names (STATS_WARM_SERVER); without one, or for
    ``engine="stock"``, Jupyter starts its own. ``memory`` [bytes] is what the kernel may allocate. DocumentError
    (with the half-run notebook) for an error in a cell (N-CELL), too much output (N-OUTPUT), a dead kernel (K-DEAD),
    one out of memory (K-OOM), one that never started (K-START) or one out of time (K-TIMEOUT).
    """
    kept: list[NotebookNode] = []
    server = warm_engine.address() if engine == "warm" else ""
    run = _Run(seconds, KernelProcess(server, memory=memory) if server else None)
    try:
        with _private_surroundings() as config, run:
            return through_papermill.run(
                notebook,
                parameters,
                engine_name=_ENGINE,
                folder=folder,
                start_timeout=START_SECONDS,
                config=config,
                coalesce_streams=True,
                record_timing=False,  # the document shows no times
                km=run.process,
                fork_server="",
                memory=memory,
                late_outputs=True,
                output_limits=limits or OutputLimits(),
                keep=kept,
            )
    except PapermillExecutionError as error:
        raise kernel_failure.in_cell(error, kept) from error
    except OutputLimitError as error:
        raise kernel_failure.too_much(error, kept) from error
    except DeadKernelError as error:
        raise kernel_failure.ended(error, run.passed_after, run.kills_before, kept) from error
    except (RuntimeError, StatsError, NoSuchKernel) as error:
        if run.passed_after is not None:
            raise kernel_failure.out_of_time(run.passed_after, kept) from error
        raise kernel_failure.not_started(error, kept) from error


@dataclass
class _Run:
    """The kernel's process and the clock: when the time is up, it is ended, as a cell may hang for ever."""

    seconds: float
    process: KernelProcess | None
    others: frozenset[psutil.Process] = frozenset()
    passed_after: float | None = None
    kills_before: int | None = field(default_factory=killed_for_memory)

    def __enter__(self) -> None:
        self.others = frozenset() if self.process else children()
        self._timer = threading.Timer(self.seconds, self._out_of_time)
        self._timer.daemon = True
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self.end()

    def end(self) -> None:
        """Nothing of this kernel runs afterwards."""
        if self.process is not None:
            self.process.shutdown_kernel(now=self.passed_after is not None)
        else:
            end_children(self.others)

    def _out_of_time(self) -> None:
        self.passed_after = self.seconds
        if self.process is not None:
            self.process.kill()
        else:
            end_children(self.others)


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
