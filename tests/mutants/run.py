"""Changes the core's code in one small place at a time and runs its quick tests: what survives is a missing test.

    python tests/mutants/run.py [AREA ...] [--every N] [--jobs N]

Not part of `make test`. A change that alters nothing anybody could see stands in ``accepted.csv`` with its reason.
"""

from __future__ import annotations

import argparse
import ast
import copy
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = Path(__file__).with_name("accepted.csv")
NEEDED = ("src", "tests", "notebooks", "params", "data", "benchmarks", "docs", "tools", "pyproject.toml", "README.md")

# What is changed, and the tests that must notice: the quick ones, since a fault should not wait for a long run.
AREAS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "measures": (("src/stats/measures",), ("test_measures", "test_rounding", "test_examples", "test_county_by_hand")),
    "compare": (
        ("src/stats/compare",),
        ("test_comparable_units", "test_ranking", "test_precision", "test_examples", "test_county_by_hand"),
    ),
    "disclosure": (
        ("src/stats/disclosure",),
        ("test_counts", "test_suppression", "test_audit", "test_issued", "test_disclosure_key", "test_corrections"),
    ),
    "validate": (("src/stats/validate",), ("test_validate", "test_outliers", "test_shifts", "test_explanations")),
    "run": (("src/stats/build/run.py",), ("test_batch", "test_internal_files", "test_handed_out", "test_freshness")),
}
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed statement of a module."""

    area: str
    path: str
    line: int
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by, however the lines around it move."""
        return self.path, self.before, self.after


def mutants(area: str, path: Path) -> Iterator[Mutant]:
    """Every small change of one module."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        for place, _ in _changes(statement):
            changed = copy.deepcopy(tree)
            twin = _twin(changed, tree, statement)
            before = _head(twin)
            next(change for at, change in _changes(twin) if at == place)()
            after = _head(twin)
            if after != before:
                name = path.relative_to(ROOT).as_posix()
                yield Mutant(area, name, statement.lineno, before, after, ast.unparse(changed))


def _twin(changed: ast.AST, tree: ast.AST, wanted: ast.AST) -> ast.stmt:
    pairs = zip(ast.walk(changed), ast.walk(tree), strict=True)
    found = next(twin for twin, node in pairs if node is wanted)
    assert isinstance(found, ast.stmt)
    return found


def _head(statement: ast.stmt) -> str:
    """The statement in one line, without the statements inside it."""
    bare = copy.deepcopy(statement)
    for name in ("body", "orelse", "finalbody", "handlers", "decorator_list"):
        if getattr(bare, name, None):
            setattr(bare, name, [ast.Pass()] if name == "body" else [])
    return " ".join(ast.unparse(ast.fix_missing_locations(bare)).split())


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, not of those inside it; no annotation, no text."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        yield node
        fields = (value for name, value in ast.iter_fields(node) if name not in ("annotation", "returns"))
        children = [each for value in fields for each in (value if isinstance(value, list) else [value])]
        waiting += [each for each in children if isinstance(each, ast.AST) and not isinstance(each, ast.stmt)]


def _changes(statement: ast.stmt) -> Iterator[tuple[int, object]]:
    """Numbered changes of a statement, each a function that makes it."""
    for place, node in enumerate(_own(statement)):
        number = place * 10
        if isinstance(node, ast.Compare):
            for at, operator in enumerate(node.ops):
                if type(operator) in SWAPPED:
                    yield number + at, lambda node=node, at=at: node.ops.__setitem__(at, SWAPPED[type(node.ops[at])]())
        elif isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in SWAPPED and not _is_text(node):
            yield number, lambda node=node: setattr(node, "op", SWAPPED[type(node.op)]())
        elif isinstance(node, ast.Constant) and type(node.value) is bool:
            yield number, lambda node=node: setattr(node, "value", not node.value)
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield number, lambda node=node: setattr(node, "value", node.value + 1)
        elif isinstance(node, ast.comprehension) and node.ifs:
            yield number, lambda node=node: setattr(node, "ifs", [])
        elif isinstance(node, (ast.If, ast.IfExp)):
            yield number, lambda node=node: setattr(node, "test", ast.Constant(True))
            yield number + 1, lambda node=node: setattr(node, "test", ast.Constant(False))


def _is_text(node: ast.AST) -> bool:
    return any(isinstance(each, ast.JoinedStr) or isinstance(getattr(each, "value", 0), str) for each in ast.walk(node))


class Copies:
    """Copies of the project, one for each test run at a time."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            place = folder / str(number)
            place.mkdir()
            for name in NEEDED:
                source = ROOT / name
                skip = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, place / name, ignore=skip) if source.is_dir() else shutil.copy(source, place)
            self._free.put(place)

    def survives(self, mutant: Mutant | None, tests: Iterable[str], seconds: float) -> bool:
        """Whether all tests pass with the change (or without any, for None)."""
        place = self._free.get()
        target = place / mutant.path if mutant else None
        try:
            before = target.read_bytes() if target else b""
            if mutant and target:
                target.write_text(mutant.source, encoding="utf-8")
            return _passes(place, tests, seconds)
        finally:
            if target:
                target.write_bytes(before)
            self._free.put(place)


def _passes(place: Path, tests: Iterable[str], seconds: float) -> bool:
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", *tests]
    surroundings = {**os.environ, "PYTHONPATH": str(place / "src"), "HYPOTHESIS_STORAGE_DIRECTORY": str(place / "h")}
    try:
        run = subprocess.run(command, cwd=place, env=surroundings, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def accepted() -> dict[tuple[str, str, str], str]:
    """The reasons for changes that may survive."""
    with ACCEPTED.open(encoding="utf-8", newline="") as file:
        return {(row["path"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def main() -> int:
    """Print what survives without a reason; 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", help=f"of {', '.join(AREAS)}; all of them")
    parser.add_argument("--every", type=int, default=1, help="try only each N-th change")
    parser.add_argument("--first", type=int, default=0, help="which of the N to begin with")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(given.jobs) as pool:
        copies = Copies(Path(folder), given.jobs)
        for area in given.areas or AREAS:
            wanted = [mutant for mutant in _of(area) if mutant.key not in accepted()][given.first :: given.every]
            survive = partial(copies.survives, tests=_tests(area), seconds=_patience(area, copies))
            found = [
                mutant for mutant, alive in zip(wanted, pool.map(survive, wanted), strict=True) if _told(mutant, alive)
            ]
            survivors += len(found)
            print(f"{area}: {len(wanted)} changes tried, {len(found)} not noticed", flush=True)
    return int(survivors > 0)


def _of(area: str) -> list[Mutant]:
    paths = (path for each in AREAS[area][0] for path in _modules(ROOT / each))
    return [mutant for path in paths for mutant in mutants(area, path)]


def _tests(area: str) -> list[str]:
    """The doctests of what is changed, and the files of tests."""
    sources, names = AREAS[area]
    return [*sources, *(f"tests/{name}.py" for name in names)]


def _patience(area: str, copies: Copies) -> float:
    """How many seconds an area's tests may take with a change; RuntimeError where they fail without one."""
    begun = time.monotonic()
    if not copies.survives(None, _tests(area), 3600):
        raise RuntimeError(f"{area}: its tests fail without any change")
    return 60 + 5 * (time.monotonic() - begun)


def _told(mutant: Mutant, alive: bool) -> bool:
    if alive:
        print(f"{mutant.path}:{mutant.line}\n  - {mutant.before}\n  + {mutant.after}", flush=True)
    return alive


def _modules(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


if __name__ == "__main__":
    sys.exit(main())
