"""Counts the house: lines, modules, packages, circles, private names of others, modules one printed number crosses.

    .venv/bin/python benchmarks/house.py

Prints a table. Needs no more than a run does; tests hold what must stay at none.
"""

from __future__ import annotations

import ast
import importlib
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))
OURS = frozenset(path.name for path in SOURCE.iterdir() if path.is_dir())
TOWN, YEAR = "990118101000", 2021

_NO_CODE = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


# Lines ----------------------------------------------------------------------------------------------------------------


def code_lines(source: str) -> int:
    """The lines that hold code: no blank one, no comment, no docstring.

    >>> code_lines('def one():\\n    "Says one."\\n\\n    return 1  # one\\n')
    2
    """
    told = {line for node in ast.walk(ast.parse(source)) for line in _docstring(node)}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    held = {
        line
        for token in tokens
        if token.type not in _NO_CODE and token.string.strip()
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(held - told)


def _docstring(node: ast.AST) -> Iterable[int]:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
        return range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    return ()


def folders() -> Iterator[tuple[str, int, int, int]]:
    """Each folder of the library with its modules, lines and lines of code."""
    by_folder: dict[str, list[str]] = {}
    for path in MODULES:
        parts = path.relative_to(SOURCE).parts
        name = "/".join(parts[:2]) if len(parts) > 2 else parts[0]
        by_folder.setdefault(name, []).append(path.read_text(encoding="utf-8"))
    for name, texts in sorted(by_folder.items()):
        yield name, len(texts), sum(text.count("\n") for text in texts), sum(map(code_lines, texts))


# Imports --------------------------------------------------------------------------------------------------------------


def dotted(path: Path) -> str:
    """A module's name."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


PATH_OF = {dotted(path): path for path in MODULES}


def imported_modules(path: Path) -> Iterator[str]:
    """The modules of ours that this one imports when it is imported itself, dotted."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in PATH_OF)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OURS:
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in PATH_OF else str(node.module) for name in named)


def circles(imports: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """A group of modules that import each other, sorted; none where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return [tuple(sorted(set(error.args[1])))]
    return []


def circles_of_ours() -> list[tuple[str, ...]]:
    """The same of this library."""
    return circles({name: set(imported_modules(path)) - {name} for name, path in PATH_OF.items()})


def private_names(source: str) -> Iterator[tuple[int, str]]:
    """Where a module uses what another package keeps to itself: the line, and the name.

    That is a name with one underscore before it: read of an imported module or class, imported, or written over in a
    class that is derived from one. The standard library's are not counted.

    >>> list(private_names("from nbformat import _struct, v4\\nv4._read()\\n"))
    [(1, 'nbformat._struct'), (2, 'v4._read')]
    """
    tree, foreign = ast.parse(source), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and _is_foreign(node.module or ""):
            for alias in node.names:
                foreign[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                if _hides(node, alias):
                    yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _is_foreign(alias.name):
                    foreign[alias.asname or alias.name.partition(".")[0]] = alias.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and _root(node) in foreign:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            yield from _written_over(node, foreign)


def _hides(node: ast.ImportFrom, alias: ast.alias) -> bool:
    return any(map(_is_private, (*str(node.module).split("."), alias.name)))


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _is_foreign(module: str) -> bool:
    top = module.partition(".")[0]
    return top not in OURS and top not in sys.stdlib_module_names


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _written_over(node: ast.ClassDef, foreign: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for base in (ast.unparse(each) for each in node.bases):
        owner = _class(foreign.get(base, ""))
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and _is_private(part.name) and hasattr(owner, part.name):
                yield part.lineno, f"{base}.{part.name}"


def _class(name: str) -> Any:
    module, _, own = name.rpartition(".")
    return getattr(importlib.import_module(module), own, None) if module else None


# What a run installs, what a number crosses ---------------------------------------------------------------------------


def packages() -> int:
    """How many packages the lock file of a run names for this Python and system."""
    from packaging.requirements import Requirement

    entries = re.findall(
        r"^[A-Za-z0-9][^\\\n]*", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )
    return sum(each.marker is None or each.marker.evaluate() for each in map(Requirement, entries))


def crossed() -> tuple[int, int]:
    """How many modules run, and how many of them call how many others, from a town's return to a table as HTML."""
    from stats import present, report

    files = {str(path): dotted(path) for path in MODULES}
    steps: Counter[tuple[str, str]] = Counter()

    def seen(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and (to := files.get(frame.f_code.co_filename)):
            caller = frame.f_back
            while caller is not None and caller.f_code.co_filename not in files:
                caller = caller.f_back
            if caller is not None and files[caller.f_code.co_filename] != to:
                steps[files[caller.f_code.co_filename], to] += 1

    sys.setprofile(seen)
    try:
        town = report.town(TOWN, year=YEAR, edition="meeting", workspace=str(ROOT))
        present.indicator_table(town)._repr_mimebundle_()
    finally:
        sys.setprofile(None)
    return len({module for step in steps for module in step}), len(steps)


def main() -> None:
    """Print the table."""
    rows = list(folders())
    print("| folder | modules | lines | of code |\n|---|---:|---:|---:|")
    for name, modules, lines, code in (*rows, ("all", *(sum(row[at] for row in rows) for at in (1, 2, 3)))):
        print(f"| {name} | {modules} | {lines:,} | {code:,} |")
    private = [(name, place) for name, path in PATH_OF.items() for place in private_names(path.read_text("utf-8"))]
    print("\n| | |\n|---|---:|")
    print(f"| packages a run installs | {packages()} |")
    print(f"| circles of modules | {len(circles_of_ours())} |")
    print(f"| private names of other packages | {len(private)} |")
    modules, steps = crossed()
    print(f"| modules from a return to a table as HTML | {modules} |")
    print(f"| … pairs of them of which one calls the other | {steps} |\n")
    for name, (line, what) in private:
        print(f"{name}:{line} {what}")


if __name__ == "__main__":
    main()
