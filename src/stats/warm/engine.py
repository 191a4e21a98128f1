"""papermill's engine on a forked kernel, or on the stock one where no fork server is known. Decides nothing else."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from stats.kernel_choice import OWN, refuse_other_languages
from stats.warm import fork_server
from stats.warm.client import KERNELS, WarmNotebookClient

NAME = "stats-warm"


class WarmPapermillClient(WarmNotebookClient, PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client (timings, log, saving) on a forked kernel."""


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


class WarmEngine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook as papermill's own engine does, with the same options."""

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """This installation's Python unless another kernel is asked for; ParamsError for another language."""
        refuse_other_languages(nb.metadata, os.path.basename(nb.metadata.get("papermill", {}).get("input_path") or ""))
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
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        **kwargs: Any,
    ) -> Any:
        """Execute; ``fork_server`` names the server, else the environment does; empty for the stock kernel.

        ``km`` may be a ``KernelProcess`` of the caller, who then ends it.
        """
        server = kwargs.pop("fork_server", None)
        if server is None:
            server = "" if kwargs.get("km") else address(kernel_name)
        options = merge_kwargs(
            remove_args(["timeout", "startup_timeout", "input_path"], **kwargs),
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            fork_server=server,
        )
        return WarmPapermillClient(nb_man, **options).execute()


def address(kernel_name: str = NATIVE_KERNEL_NAME) -> str:
    """The fork server for kernels of this name, empty where there is none."""
    if not fork_server.available() or kernel_name not in KERNELS:
        return ""
    return os.environ.get(fork_server.SERVER, "")
