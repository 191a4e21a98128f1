"""The floor under the batch: the cells of a town's notebooks and all exports, in one warm process, nothing forked.

Run by ``batch.py`` in a process of its own: ``python benchmarks/floor.py WORKSPACE UNIT ...`` makes the documents of
these towns one after the other and prints the CPU seconds of each but the first two, which warm up.
"""

from __future__ import annotations

import ast
import copy
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, v4

from stats import params, publish, report
from stats.build.documents.notebooks import template
from stats.build.documents.strip_volatile import strip_volatile, to_bytes
from stats.documents import DOCUMENTS
from stats.formats import FORMATS

WARMING_UP = 2


def executed(notebook: NotebookNode, given: dict[str, Any], shell: InteractiveShell) -> NotebookNode:
    """A copy with the outputs its cells have when run one after the other in this process."""
    node, names = copy.deepcopy(notebook), dict[str, Any]()
    for cell in node.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in given.items())
        if cell.cell_type == "code":
            shown = run(cell.source, names)
            if shown is not None:
                data, metadata = shell.display_formatter.format(shown)
                cell.outputs = [v4.new_output("execute_result", data, metadata=metadata, execution_count=1)]
    return node


def run(source: str, names: dict[str, Any]) -> Any:
    """Execute a cell; the value of its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def one(workspace: Path, unit: str, source: NotebookNode, shell: InteractiveShell, folder: Path) -> None:
    """One document of a town, from the cells to its files on the disk."""
    here = params.load(workspace)
    given = {"unit": unit, "year": here.year, "edition": here.edition, "workspace": str(workspace)}
    notebook = strip_volatile(executed(source, given, shell), hidden=[str(workspace)])
    document = publish.document(notebook)
    contents = {"ipynb": to_bytes(notebook)}
    for each in FORMATS:
        contents[each.suffix] = each.writer().make(document)
        if fault := each.writer().fault(contents[each.suffix], document):
            raise SystemExit(fault)
    for suffix, content in contents.items():
        (folder / f"{unit}.{suffix}").write_bytes(content)


def main() -> None:
    workspace, units = Path(sys.argv[1]), sys.argv[2:]
    shell = InteractiveShell.instance()
    sources = [template(workspace, entry.notebook).node for entry in DOCUMENTS if entry.of == "town"]
    here = params.load(workspace)
    report.load(workspace, year=here.year, edition=here.edition)
    with tempfile.TemporaryDirectory() as folder:
        for place, unit in enumerate(units):
            started = time.process_time()
            for source in sources:
                one(workspace, unit, source, shell, Path(folder))
            if place >= WARMING_UP:
                print(f"{time.process_time() - started:.4f}")


if __name__ == "__main__":
    main()
