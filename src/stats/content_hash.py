"""What a document shows, as one SHA-256 over its blocks. Draws no chart, runs no notebook, writes nothing.

A notebook of the usual shape loads one report and shows one block a cell. Its cells are therefore the declaration of
what counts: made here without their drawings, the same blocks have the same hash, whatever else changed in the
returns, and a hash cannot stay the same where a block does not.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from stats import present
from stats.present.blocks import Block
from stats.present.drawn import undrawn
from stats.quality import QualityReport
from stats.report import Report, Session

Kind = Literal["town", "county", "quality", "whole"]

Shows = Report | QualityReport | Session

_GIVEN: dict[Kind, list[str]] = {"town": ["unit"], "county": [], "quality": [], "whole": []}
_RUN_PARAMETERS = {"year": "year", "edition": "edition", "workspace": "workspace"}


@dataclass(frozen=True, slots=True)
class Call:
    """One cell: the function of ``present`` and what it is given besides the report."""

    name: str
    arguments: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a notebook shows: the report it loads and the calls of its cells, in order."""

    kind: Kind
    calls: tuple[Call, ...]


def shown(cells: Iterable[str]) -> Shown | None:
    """What these code cells show (all but the one with the parameters); None where they do anything else as well.

    >>> load = "own = report.county(year=year, edition=edition, workspace=workspace)"
    >>> shown(["from stats import present, report", load, "present.units_table(own, 1)"])
    Shown(kind='county', calls=(Call(name='units_table', arguments=(1,)),))
    >>> shown(["print(1)"]) is None
    True
    """
    try:
        statements = [statement for cell in cells for statement in ast.parse(cell).body]
    except SyntaxError:
        return None
    rest = [statement for statement in statements if not _imports_the_library(statement)]
    loaded = _loaded(rest[0]) if rest else None
    if loaded is None:
        return None
    variable, kind = loaded
    calls = [_call(statement, variable) for statement in rest[1:]]
    known = tuple(call for call in calls if call is not None)
    return Shown(kind, known) if len(known) == len(calls) else None


def of_document(run: Session, what: Shown, unit: str = "") -> str:
    """The SHA-256 of what a notebook shows of a run; ``unit`` is the town's code where it loads a town."""
    made: dict[Kind, Callable[[], Shows]] = {
        "town": lambda: run.town(unit),
        "county": run.county,
        "quality": run.quality,
        "whole": lambda: run,
    }
    return of_report(made[what.kind](), what.calls)


def of_report(report: Shows, calls: Iterable[Call]) -> str:
    """The SHA-256 of the blocks these calls make of a report, the same on any machine and in any process."""
    total = hashlib.sha256()
    for call in calls:
        # The texts of frozen values of texts and numbers: quoted, so that no two blocks write alike.
        total.update(f"{call!r}\n{_block(report, call)}\n".encode())
    return total.hexdigest()


def _block(report: Shows, call: Call) -> str:
    """A block as text. A block that cannot be made fails its document later, in its own process and with its name."""
    make: Callable[..., Block] = getattr(present, call.name)
    try:
        with undrawn():
            return repr(make(report, *call.arguments))
    except Exception as error:
        return f"{type(error).__name__} raised"


def _imports_the_library(statement: ast.stmt) -> bool:
    """``from stats import present, report``, in any order and number."""
    return (
        isinstance(statement, ast.ImportFrom)
        and statement.module == "stats"
        and not statement.level
        and all(alias.name in ("present", "report") and alias.asname is None for alias in statement.names)
    )


def _loaded(statement: ast.stmt) -> tuple[str, Kind] | None:
    """The variable and the report of ``town = report.town(unit, year=year, edition=edition, workspace=workspace)``."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target, call = statement.targets[0], statement.value
    if not isinstance(target, ast.Name) or target.id in ("present", "report") or not isinstance(call, ast.Call):
        return None
    asked = _function_of(call, "report")
    given = [argument.id if isinstance(argument, ast.Name) else "" for argument in call.args]
    named = {word.arg: word.value.id if isinstance(word.value, ast.Name) else "" for word in call.keywords}
    kinds = [kind for kind, positional in _GIVEN.items() if (kind, positional) == (asked, given)]
    return (target.id, kinds[0]) if kinds and named == _RUN_PARAMETERS else None


def _call(statement: ast.stmt, variable: str) -> Call | None:
    """The call of ``present.units_table(county, 1)``; None for any other statement."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords or not call.args:
        return None
    name, (first, *others) = _function_of(call, "present"), call.args
    values = tuple(other.value for other in others if isinstance(other, ast.Constant))
    plain = tuple(value for value in values if isinstance(value, str | int))
    is_known = inspect.isfunction(getattr(present, name, None)) and not name.startswith("_")
    is_about_the_report = isinstance(first, ast.Name) and first.id == variable
    return Call(name, plain) if is_known and is_about_the_report and len(plain) == len(others) else None


def _function_of(call: ast.Call, module: str) -> str:
    """``town`` of ``report.town(...)``; empty where the call is none of this module's functions."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr=function) if name == module:
            return function
    return ""
