"""A notebook reduced to what decides what it runs and shows: kind, source and tags of its cells. Runs none.

JupyterLab writes much more whenever a notebook is opened, run and saved: outputs, counts, names of kernels, ids, what
is folded. Nothing of that makes a document stale, takes a confirmation back or reaches a published notebook.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stats.kernel_choice import OWN
from stats.lean_imports import nbformat

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS, INJECTED = "parameters", "injected-parameters"
_PLAIN = (ast.Constant, ast.UnaryOp, ast.USub, ast.List, ast.Tuple, ast.Load)
_TAGS = frozenset({PARAMETERS, INJECTED, "hide", "hide-input", "raises-exception", "skip-execution"})


def digest(notebook: Mapping[str, Any]) -> str:
    """The SHA-256 of what decides: a notebook as read by nbformat, or its file's JSON.

    A parameters cell that only gives values counts by its being there: a run gives each of them another.

    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> bare = new_notebook(cells=[new_code_cell("1 + 1")])
    >>> done = new_notebook(cells=[new_code_cell("1 + 1", outputs=[new_output("stream", text="2")], execution_count=1)])
    >>> digest(bare) == digest(done), digest(bare) == digest(new_notebook(cells=[new_code_cell("1 + 2")]))
    (True, False)
    """
    cells = [[cell["cell_type"], _deciding_source(cell), tags(cell)] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode("ascii")).hexdigest()


def reduced(notebook: NotebookNode) -> NotebookNode:
    """The notebook without outputs, with nothing in it that :func:`digest` does not stand for but parameters' values.

    The kernel is this installation's, ids go by place.
    """
    cells = [_reduced_cell(cell, place) for place, cell in enumerate(notebook.cells)]
    metadata = {"kernelspec": dict(OWN), "language_info": {"name": OWN["language"]}}
    node: NotebookNode = nbformat().from_dict(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )
    return node


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell that decide something, in order."""
    return sorted(_TAGS.intersection(cell["metadata"].get("tags", ())))


def _reduced_cell(cell: NotebookNode, place: int) -> dict[str, Any]:
    metadata = {"tags": tags(cell)} if tags(cell) else {}
    kept = {"cell_type": cell.cell_type, "id": f"cell-{place:03d}", "metadata": metadata, "source": _source(cell)}
    return {**kept, "outputs": [], "execution_count": None} if cell.cell_type == "code" else kept


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"]).replace("\r\n", "\n")


def _deciding_source(cell: Mapping[str, Any]) -> str:
    source = _source(cell)
    return "" if PARAMETERS in tags(cell) and _only_gives_values(source) else source


def _only_gives_values(source: str) -> bool:
    try:
        return all(map(_gives_a_value, ast.parse(source).body))
    except (SyntaxError, ValueError):
        return False


def _gives_a_value(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_plain(value)
        case ast.AnnAssign(target=ast.Name(), annotation=ast.Name(), value=ast.expr() as value):
            return _is_plain(value)
    return False


def _is_plain(value: ast.expr) -> bool:
    return all(isinstance(part, _PLAIN) for part in ast.walk(value))
