"""Notebooks as JupyterLab, VS Code, Colab, conda and nbstripout save them: everything but the document differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

Edit = Callable[[NotebookNode], Any]


def _run(node: NotebookNode) -> None:
    for place, cell in enumerate(node.cells):
        cell.metadata["execution"] = {"iopub.status.busy": "2026-01-10T08:00:00Z"}
        if cell.cell_type == "code":
            cell.execution_count = place + 7
            cell.outputs = [new_output("stream", text="12\n")]


def _folded(node: NotebookNode) -> None:
    for cell in node.cells:
        cell.metadata.update(
            collapsed=True, scrolled=False, editable=True, slideshow={"slide_type": ""}, jupyter={"source_hidden": True}
        )


def _renamed_cells(node: NotebookNode) -> None:
    for place, cell in enumerate(node.cells):
        cell.id = f"c0ffee{place:02d}"


def _other_parameters(node: NotebookNode) -> None:
    cell = next(cell for cell in node.cells if "parameters" in cell.metadata.get("tags", []))
    cell.source = '# 试算\nunit: str = "990118101000"\nyear = 2020\nedition = "full"\nworkspace = ""'


def _older_format(node: NotebookNode) -> None:
    node.nbformat_minor = 4
    for cell in node.cells:
        cell.pop("id", None)


def _windows_lines(node: NotebookNode) -> None:
    for cell in node.cells:
        cell.source = cell.source.replace("\n", "\r\n")


# What changes neither what runs nor what is shown.
HARMLESS: dict[str, Edit] = {
    "run and saved": _run,
    "folded": _folded,
    "cells renamed": _renamed_cells,
    "another unit tried": _other_parameters,
    "an older format": _older_format,
    "lines of Windows": _windows_lines,
    "kernel shown by another name": lambda node: node.metadata.kernelspec.update(display_name="Python 3 (ipykernel)"),
    "language told at length": lambda node: node.metadata.update(
        language_info={"name": "python", "version": "3.12.1", "codemirror_mode": {"name": "ipython", "version": 3}}
    ),
    "other tags": lambda node: [cell.metadata.setdefault("tags", []).append("todo") for cell in node.cells],
    "widgets": lambda node: node.metadata.update(
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2, "version_minor": 0}}
    ),
    "authors and contents": lambda node: node.metadata.update(authors=[{"name": "x"}], toc={"base_numbering": 1}),
    "VS Code": lambda node: (node.metadata.pop("kernelspec"), node.metadata.update(vscode={"x": 1})),
    "conda": lambda node: node.metadata.kernelspec.update(
        name="conda-env-stats-py", display_name="Python [conda env:stats] *"
    ),
    "nbstripout": lambda node: node.metadata.clear(),
    "Colab": lambda node: (node.metadata.update(colab={"provenance": []}), node.metadata.pop("kernelspec")),
}

# Kernels that are not this installation's Python, each with what is refused or said.
OTHER_LANGUAGES: dict[str, dict[str, Any]] = {
    "R": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}, "language_info": {"name": "R"}},
    "R without a language": {"kernelspec": {"name": "ir", "display_name": "R"}},
    "R in one place": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "R"},
    },
    "Julia": {"kernelspec": {"name": "julia-1.10", "display_name": "Julia 1.10", "language": "julia"}},
    "C#": {"kernelspec": {"name": ".net-csharp", "display_name": ".NET (C#)", "language": "C#"}},
    "bash": {"language_info": {"name": "bash"}},
    "Sage": {"kernelspec": {"name": "sagemath", "display_name": "SageMath 10", "language": "sage"}},
}
