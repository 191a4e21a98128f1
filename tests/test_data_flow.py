"""The order of the library's modules and their shape, as tests that say what to do instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import house
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "stats"
LIBRARY = sorted(SOURCE.rglob("*.py"))
CLUSTER = sorted((ROOT / "src" / "stats_cluster").rglob("*.py"))
MODULES = [*LIBRARY, *CLUSTER]
LONGEST_MODULE = 400
PACKAGES = ("stats.", "stats_cluster.")

ORDER = [
    "errors",
    "files",
    "import_path",
    "forking",
    "lean_imports",
    "texts",
    "kernel_choice",
    "findings",
    "receipt",
    "terminal",
    "formats",
    "inputs",
    "catalogue",
    "params",
    "documents",
    "figures",
    "numbers",
    "returns",
    "importing",
    "benchmarks",
    "own_words",
    "measures",
    "answers",
    "validate",
    "indicators",
    "compare",
    "disclosure",
    "disclosure_check",
    "examining",
    "quality",
    "report",
    "frames",
    "forms",
    "charts",
    "present",
    "content_hash",
    "publish",
    "cells",
    "build",
    "cli",
    "__main__",
]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def stage(module: str) -> str:
    """The stage a dotted module belongs to: ``stats.returns.cells`` → ``returns``, ``stats`` → ````."""
    return module.partition(".")[2].partition(".")[0]


def imported_stages(path: Path) -> Iterator[tuple[int, str]]:
    package = path.relative_to(SOURCE.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, stage(alias.name)) for alias in node.names if alias.name.startswith("stats."))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module == "stats":
                yield from ((node.lineno, alias.name) for alias in node.names if (SOURCE / alias.name).exists())
                yield from ((node.lineno, alias.name) for alias in node.names if (SOURCE / f"{alias.name}.py").exists())
            elif module.startswith("stats."):
                yield node.lineno, stage(module)


def test_every_module_belongs_to_a_stage_of_the_order() -> None:
    stages = {path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in LIBRARY} - {"__init__"}
    assert stages <= set(ORDER), f"add {sorted(stages - set(ORDER))} to ORDER where its data is ready, or merge it"


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_a_module_imports_only_from_stages_before_it(path: Path) -> None:
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    place = ORDER.index(own)
    later = [(line, other) for line, other in imported_stages(path) if other and ORDER.index(other) > place]
    assert not later, "\n".join(
        f"{name_of(path)}:{line} imports stats.{other}, which comes after {own}; "
        f"move what both need to {own} or earlier, or hand it in as an argument"
        for line, other in later
    )


def test_only_one_module_knows_of_the_package_that_builds_on_a_cluster() -> None:
    found = [name_of(path) for path in LIBRARY if "stats_cluster" in path.read_text(encoding="utf-8")]
    assert found == ["src/stats/build/cluster.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_on_its_first_line_what_it_does(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first, *rest = docstring.split("\n")
    assert re.search(r"[.。]$", first), f"{name_of(path)}: begin with one line saying what it does and may not do"
    assert not rest or not rest[0], f"{name_of(path)}: leave a blank line after the docstring's first line"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_holds_one_idea(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE, f"{name_of(path)} has {lines} lines: ask which two ideas live in it and split them"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_checks_at_run_time_without_assert_and_swallows_nothing(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), (
            f"{name_of(path)}:{node.lineno}: python -O drops asserts; raise an error of stats.errors instead"
        )
        if isinstance(node, ast.ExceptHandler):
            silent = all(isinstance(line, ast.Pass) for line in node.body)
            bare = node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "BaseException")
            reraised = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            assert not silent, f"{name_of(path)}:{node.lineno}: say what happened, or use contextlib.suppress with why"
            assert reraised or not bare, f"{name_of(path)}:{node.lineno}: catch the exceptions you can handle, by name"


def test_no_modules_import_each_other_in_a_circle() -> None:
    found = house.circles_of_ours()
    assert not found, f"{found}: move what both need below both, or hand it in as an argument"


def test_a_circle_of_three_modules_is_seen() -> None:
    assert house.circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [("a", "b", "c")]


# Where we call what a package does not promise, and why; the ceiling of its range in pyproject.toml guards it.
PRIVATE = {
    "stats.cells.shell InteractiveShell._showtraceback": "IPython's place for a shell to say where tracebacks go",
    "stats.publish.exporters Exporter._preprocess": "nbconvert's one place where every preprocessor has been turned on",
}


def test_no_private_name_of_another_package_is_used_beyond_those_with_a_reason() -> None:
    texts = {name: path.read_text(encoding="utf-8") for name, path in house.PATH_OF.items()}
    found = {f"{name} {what}" for name, text in texts.items() for _, what in house.private_names(text)}
    assert found == set(PRIVATE)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import nbformat as n\nn.v4._read()", ["n.v4._read"]),
        ("from nbclient._x import y", ["nbclient._x.y"]),
        ("from IPython.core.interactiveshell import InteractiveShell as S\nclass T(S):\n def _showtraceback(s): 1",
         ["S._showtraceback"]),
        ("import os\nos._exit(0)\nself._own = stats._own", []),
    ],
)  # fmt: skip
def test_a_private_name_of_another_package_is_seen(source: str, names: list[str]) -> None:
    assert [what for _, what in house.private_names(source)] == names
