"""One notebook through papermill without writing it to text and reading it back; starts no kernel itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.execute import raise_for_execution_errors
from papermill.parameterize import parameterize_notebook
from papermill.utils import chdir


def run(
    notebook: NotebookNode, parameters: Mapping[str, str | int], *, engine_name: str, folder: Path, **options: Any
) -> NotebookNode:
    """The executed notebook, as ``papermill.execute_notebook`` returns it; ``notebook`` is left as it is.

    papermill's function serialises its argument, parses that again, and serialises the result for a file that is not
    wanted: twice as long as running the cells of a notebook whose libraries are loaded. The parts that do the work
    (parameters, engine, errors) are its own.
    """
    prepared = _without_outputs(notebook)
    injected = parameterize_notebook(prepared, dict(parameters), engine_name=engine_name)
    kernel_name = papermill_engines.nb_kernel_name(engine_name=engine_name, nb=injected)
    with chdir(str(folder)):
        executed: NotebookNode = papermill_engines.execute_notebook_with_engine(
            engine_name, injected, kernel_name=kernel_name, progress_bar=False, **options
        )
    raise_for_execution_errors(executed, None)
    return executed


def _without_outputs(notebook: NotebookNode) -> NotebookNode:
    """A copy of the notebook before any run, with the places where papermill keeps its notes."""
    cells = [{name: part for name, part in cell.items() if name != "outputs"} for cell in notebook.cells]
    prepared: NotebookNode = nbformat.from_dict({**notebook, "cells": cells})  # type: ignore[no-untyped-call]
    prepared.metadata["papermill"] = {
        "default_parameters": {},
        "parameters": {},
        "environment_variables": {},
        "version": papermill.__version__,
    }
    for cell in prepared.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata["papermill"] = {}
        if cell.cell_type == "code":
            cell["outputs"] = []
    return prepared
