"""The habits of the notebooks, as tests that say what to do instead."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from stats.build.documents.notebooks import slow_imports
from stats.present.blocks import MIME

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 3


def name_of(path: Path) -> str:
    return path.name


def code_cells(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == "code"]


def is_parameters(cell: dict[str, Any]) -> bool:
    return "parameters" in cell["metadata"].get("tags", [])


def test_there_are_notebooks_for_towns_and_for_the_county() -> None:
    assert {"town.ipynb", "county.ipynb"} <= {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_the_first_code_cell_and_no_other_holds_the_parameters(path: Path) -> None:
    tagged = [is_parameters(cell) for cell in code_cells(path)]
    assert tagged[0], f"{name_of(path)}: tag the first code cell `parameters`"
    assert tagged.count(True) == 1, f"{name_of(path)}: keep all parameters in one cell"


LOGIC = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.If,
    ast.Try,
    ast.With,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_cell_holds_no_logic(path: Path) -> None:
    for number, cell in enumerate(code_cells(path)):
        found = sorted({type(node).__name__ for node in ast.walk(ast.parse(cell["source"])) if isinstance(node, LOGIC)})
        assert not found, f"{name_of(path)}, code cell {number}: {found}; put it into src/stats and call it by name"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_imports_from_the_library_only(path: Path) -> None:
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell["source"])):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign = [name for name in names if name.partition(".")[0] != "stats"]
            assert not foreign, f"{name_of(path)} imports {foreign}: let a function of the library do that work"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_names_no_file(path: Path) -> None:
    for cell in code_cells(path):
        texts = [node.value for node in ast.walk(ast.parse(cell["source"])) if isinstance(node, ast.Constant)]
        paths = [text for text in texts if isinstance(text, str) and re.search(r"[/\\]|\.\w{2,5}$", text)]
        assert not paths, f"{name_of(path)} names {paths}: the library finds files from the workspace parameter"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_cell_is_short(path: Path) -> None:
    for number, cell in enumerate(code_cells(path)):
        lines = [line for line in cell["source"].splitlines() if line.strip()]
        assert is_parameters(cell) or len(lines) <= LONGEST_CELL, (
            f"{name_of(path)}, code cell {number} has {len(lines)} lines: one call and what it shows is enough"
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_is_stored_with_its_outputs_and_without_errors(path: Path) -> None:
    outputs = [output for cell in code_cells(path) for output in cell["outputs"]]
    assert outputs, f"{name_of(path)} has no outputs: run `make notebooks`"
    assert not [o for o in outputs if o["output_type"] in ("error", "stream")], f"{name_of(path)}: run it clean"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_what_a_cell_draws_with_is_imported_before_its_process_is_forked(path: Path) -> None:
    for cell in code_cells(path):
        shown = json.dumps([output.get("data", {}).get(MIME) for output in cell["outputs"]])
        alone = v4.new_notebook(cells=[v4.new_code_cell(cell["source"])])
        assert ('"svg": "<svg' in shown) == ("stats.charts" in slow_imports([alone])), cell["source"]
