"""One notebook run through papermill on a stock kernel: private sockets, a wall-clock limit; publishes nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import papermill
import psutil
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from stats.batch.failure import DocumentError

START_SECONDS = 60
_ENGINE = "stats-document"


class DocumentEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, which also hands over the notebook as it stands when the run breaks off."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        options.pop("keep").append(nb_man.nb)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


papermill_engines.register(_ENGINE, DocumentEngine)


def execute(
    notebook: NotebookNode, parameters: Mapping[str, str | int], *, folder: Path, seconds: float
) -> NotebookNode:
    """The executed notebook, its kernel started in ``folder`` and ended after at most ``seconds`` of wall clock.

    DocumentError (with the half-run notebook) for an error in a cell (N-CELL), a dead kernel (K-DEAD), one that
    never started (K-START) or one out of time (K-TIMEOUT).
    """
    kept: list[NotebookNode] = []
    others = children()
    limit = _TimeLimit(seconds, others)
    try:
        with _private_surroundings(others) as config, limit:
            executed: NotebookNode = papermill.execute_notebook(
                notebook,
                None,
                dict(parameters),
                engine_name=_ENGINE,
                request_save_on_cell_execute=False,
                progress_bar=False,
                start_timeout=START_SECONDS,
                cwd=folder,
                config=config,
                coalesce_streams=True,
                keep=kept,
            )
            return executed
    except PapermillExecutionError as error:
        raise _cell_failed(error, kept) from error
    except DeadKernelError as error:
        raise _kernel_died(limit, kept) from error
    except RuntimeError as error:
        raise _kernel_failed(limit, error, kept) from error


class _TimeLimit:
    """Ends the processes under this one, but for ``others``, when the time is up: a cell may hang for ever."""

    def __init__(self, seconds: float, others: frozenset[psutil.Process]) -> None:
        self.seconds = seconds
        self.others = others
        self.passed = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def _end(self) -> None:
        self.passed = True
        end_children(self.others)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


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


@contextmanager
def _private_surroundings(others: frozenset[psutil.Process]) -> Iterator[Config]:
    """A folder only this user can enter (mode 0700) for the kernel's sockets and profile, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stats-"))
    before = dict(os.environ)
    os.environ.update(
        IPYTHONDIR=str(folder / "ipython"),
        JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
        JUPYTER_PREFER_ENV_PATH="1",
        PYTHONHASHSEED="0",
    )
    config = Config()
    config.KernelManager.connection_file = str(folder / "kernel.json")
    config.KernelManager.transport = "ipc" if os.name == "posix" else "tcp"
    try:
        yield config
    finally:
        end_children(others)
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


def _half_run(kept: list[NotebookNode]) -> NotebookNode | None:
    return kept[0] if kept else None


def _cell_failed(error: PapermillExecutionError, kept: list[NotebookNode]) -> DocumentError:
    lines = [line.strip() for line in str(error.evalue).splitlines() if line.strip()]
    problem = lines[0] if lines else error.ename
    remedy = next((line.removeprefix("处理办法：") for line in lines[1:] if line.startswith("处理办法：")), "")
    return DocumentError(
        "run",
        "N-CELL",
        f"笔记本第 {error.cell_index + 1} 个单元格出错（{error.ename}）：{problem}",
        remedy or "请打开 .build/failed 中的同名笔记本查看出错的位置",
        _half_run(kept),
    )


def _kernel_died(limit: _TimeLimit, kept: list[NotebookNode]) -> DocumentError:
    if limit.passed:
        return DocumentError(
            "run",
            "K-TIMEOUT",
            f"运行超过 {limit.seconds:g} 秒，已中止",
            "请单独重做该单位；仍超时，请查看 .build/failed 中的同名笔记本停在哪里",
            _half_run(kept),
        )
    return DocumentError("run", "K-DEAD", "内核进程意外退出", "请检查内存是否不足，再单独重做该单位", _half_run(kept))


def _kernel_failed(limit: _TimeLimit, error: RuntimeError, kept: list[NotebookNode]) -> DocumentError:
    if limit.passed:
        return _kernel_died(limit, kept)
    return DocumentError(
        "run", "K-START", f"内核没有启动：{error}", "请重新安装运行环境（make report 会自动安装）", _half_run(kept)
    )
