"""papermill's engine: the cells in a forked process, or on a stock kernel where that is asked for. Runs none itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger

from stats import forking
from stats.cells.forked import ForkedRun, Options
from stats.cells.outputs import joined
from stats.cells.stock import StockClient
from stats.kernel_choice import OWN, refuse_other_languages

NAME = "stats-warm"
KERNELS = ("", "python", NATIVE_KERNEL_NAME)  # any other one is a process of its own
_FORKED = frozenset(each.name for each in fields(Options))


class Progress(NotebookExecutionManager):  # type: ignore[misc]
    """papermill's notes on the run, whose own parser of times takes longer than a short cell."""

    def cell_complete(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        notes = cell.metadata.papermill
        started = notes.get("start_time")
        if self.log_output or not started:
            super().cell_complete(cell, cell_index, **kwargs)
            return
        ended = self.now()
        notes["end_time"] = ended.isoformat()
        notes["duration"] = (ended - datetime.fromisoformat(started)).total_seconds()
        if notes["status"] != self.FAILED:
            notes["status"] = self.COMPLETED
        self.save()
        if self.pbar:
            self.pbar.update(1)


class WarmEngine(Engine):  # type: ignore[misc]
    """Runs a notebook as papermill's own engine does, with the same options."""

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """This installation's Python unless another kernel is asked for; ParamsError for another language."""
        path = nb.metadata.get("papermill", {}).get("input_path")  # a notebook itself, where papermill was given one
        refuse_other_languages(nb.metadata, os.path.basename(path) if isinstance(path, str) else "")
        return name or OWN["name"]

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        return language or OWN["language"]

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **kwargs: Any,
    ) -> Any:
        progress = Progress(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        progress.notebook_start()
        try:
            cls.execute_managed_notebook(progress, kernel_name, log_output=log_output, **kwargs)
        finally:
            progress.cleanup_pbar()
            progress.notebook_complete()
        return progress.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        *,
        stock: bool = False,
        keep: Sequence[NotebookNode] = (),
        **options: Any,
    ) -> Any:
        """Execute with papermill's options; on a stock kernel if it is asked for, or a kernel of another name is.

        A list ``keep`` is given the notebook as it stands, whatever becomes of the run.
        """
        if isinstance(keep, list):
            keep.append(nb_man.nb)
        timeout = execution_timeout or options.pop("timeout", None)
        if stock or kernel_name not in KERNELS or options.get("km") or not forking.is_possible():
            _on_stock_kernel(nb_man, kernel_name, startup_timeout=start_timeout, timeout=timeout, **options)
        else:
            known = {name: value for name, value in options.items() if name in _FORKED}
            ForkedRun(nb_man, Options(execution_timeout=timeout, **known)).execute()
        return nb_man.nb


def _on_stock_kernel(notes: Any, kernel_name: str, *, coalesce_streams: bool = False, **options: Any) -> None:
    """nbclient's own way to join what is printed takes a time that grows with the square of the longest line."""
    for needless in ("input_path", "startup_timeout" if options["startup_timeout"] is None else "", "seconds"):
        options.pop(needless, None)
    try:
        StockClient(notes, kernel_name=kernel_name, log=logger, **options).execute()
    finally:
        for cell in notes.nb.cells if coalesce_streams else ():
            if cell.get("outputs"):
                cell.outputs = joined(cell.outputs)
