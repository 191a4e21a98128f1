"""Finds the header of a table and which column answers which question. Reads no answer."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from stats.catalogue.variables import Variable, variables
from stats.findings import Finding
from stats.returns.grid import Grid, address
from stats.returns.normalising import compact, simplified
from stats.returns.rules import RefusalError, found
from stats.texts.privacy import HIDDEN, is_private_label, shown

IDENTIFYING = ("unit_code", "unit_name", "unit_type", "stat_year", "period")
REMARK = "remark"
_SEARCHED_ROWS = 30
_UNIT_IN_BRACKETS = re.compile(r"(?P<label>.+)\((?P<unit>[^()]{1,6})\)")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (row from 0) and the column of each variable (and of the remark) found in it."""

    row: int
    columns: dict[str, int]


@cache
def _known() -> dict[str, str]:
    """Variable by its name and by its label, both as they are compared."""
    known = {REMARK: REMARK, "备注": REMARK}
    for variable in variables().values():
        known[compact(variable.name).lower()] = variable.name
        known[compact(variable.label)] = variable.name
    return known


def variable_of(given: str) -> str | None:
    """The variable a column head names, by name or label, whatever its spaces and width; None if unknown."""
    return _known().get(compact(given)) or _known().get(compact(given).lower()) or _named_with_unit(given)[0]


def _named_with_unit(given: str) -> tuple[str | None, str]:
    """The variable and unit of a head like ``走访次数（次）``."""
    match = _UNIT_IN_BRACKETS.fullmatch(simplified(compact(given)))
    name = _known().get(match["label"]) if match else _known().get(simplified(compact(given)))
    return name, match["unit"] if match and name else ""


def find_header(grid: Grid) -> tuple[Header, list[Finding]] | None:
    """The header of a sheet and the findings on it; None where no row looks like one.

    Raises RefusalError where the header cannot be used: a column that identifies the rows is missing, a column stands
    twice, a unit of measure was changed, or there are two levels of heads.
    """
    best = max(range(min(len(grid.rows), _SEARCHED_ROWS)), key=lambda row: _matches(grid.rows[row]), default=None)
    if best is None or _matches(grid.rows[best]) < 2:
        return None
    findings = _above(grid, best)
    _refuse_merged(grid, best)
    columns: dict[str, int] = {}
    for column, given in enumerate(grid.rows[best]):
        findings += _place(grid, best, column, given, columns)
    if missing := [variables()[name].label for name in IDENTIFYING if name not in columns]:
        raise _refused(grid, best, f"缺少“{'”“'.join(missing)}”列", "请按表样补上这些列")
    return Header(best, columns), findings


def _matches(row: list[str]) -> int:
    return sum(1 for given in row if given and len(given) < 60 and variable_of(given))


def _refused(grid: Grid, row: int, problem: str, remedy: str) -> RefusalError:
    where = {"file": grid.file, "sheet": grid.sheet, "cell": address(row, 0)}
    return RefusalError(found("R-HEADER", where, problem=problem, remedy=remedy))


def _above(grid: Grid, header: int) -> list[Finding]:
    """Title rows are noted; group heads over the header would be a second level of heads."""
    findings = []
    for row in range(header):
        filled = [column for column, text in enumerate(grid.rows[row]) if text.strip()]
        if len(filled) > 2 or (len(filled) == 2 and filled[0] != 0):
            raise _refused(grid, row, f"第 {header + 1} 行的列名之上还有一层列名", "请只保留一行列名，删去上层的分组名")
        if filled:
            where = {"file": grid.file, "sheet": grid.sheet, "cell": address(row, filled[0])}
            findings.append(found("R-TITLE-ROW", where))
    return findings


def _place(grid: Grid, row: int, column: int, given: str, columns: dict[str, int]) -> list[Finding]:
    """Puts one head into ``columns``; a finding where it is unknown."""
    where = {"file": grid.file, "sheet": grid.sheet, "cell": address(row, column)}
    name = variable_of(given) if given.strip() else None
    if name is None:
        return _unknown(grid, row, column, given, where)
    if name in columns:
        first, second = address(row, columns[name]), address(row, column)
        raise RefusalError(found("R-COLUMN-TWICE", where, label=_label(name), first=first, second=second))
    unit = _named_with_unit(given)[1]
    if unit and name in variables() and unit != variables()[name].unit:
        expected = variables()[name].unit or "无单位"
        raise RefusalError(found("R-COLUMN-UNIT", where, given=shown(given), unit=expected))
    columns[name] = column
    return []


def _label(name: str) -> str:
    return variables()[name].label if name in variables() else "备注"


def _unknown(grid: Grid, row: int, column: int, given: str, where: dict[str, str]) -> list[Finding]:
    below = (line[column] for line in grid.rows[row + 1 :] if column < len(line))
    if not given.strip() and not any(text.strip() for text in below):
        return []
    close = difflib.get_close_matches(compact(given).lower(), _known(), n=1)
    likely = f"，是否应为“{_label(_known()[close[0]])}”" if close else ""
    safe = HIDDEN if not close and is_private_label(given) else shown(given)
    return [found("R-COLUMN", where, given=safe or "（无列名）", likely=likely)]


def _refuse_merged(grid: Grid, header: int) -> None:
    """A merge over the header hides heads, or makes two levels of them; those among the data are judged by row."""
    for merged in grid.merged:
        if header in merged.rows:
            problem = f"表头有合并单元格（{merged.name}），合并处只有第一格有列名"
            raise _refused(grid, merged.first_row, problem, "请取消合并，每列写一个列名")


def missing_labels(asked: list[Variable], header: Header) -> str:
    """The labels of the questions a table has no column for, for a message."""
    labels = [variable.label for variable in asked if variable.name not in header.columns]
    return "、".join(labels[:12]) + (f"等 {len(labels)} 项" if len(labels) > 12 else "")
