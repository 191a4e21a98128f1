"""Tells data rows from titles, totals, footnotes and blank rows, and reads what identifies a row. Joins nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stats.catalogue.variables import variables
from stats.findings import Finding
from stats.returns.grid import Grid
from stats.returns.headers import Header, variable_of
from stats.returns.names import parse_code
from stats.returns.normalising import compact
from stats.returns.row import Row
from stats.returns.rules import found, refuse_file
from stats.returns.totals import check_totals
from stats.returns.unseen import hidden_data, refuse_merged

_TOTALS = frozenset({"合计", "总计", "小计", "共计", "全县", "全县合计", "全县总计", "全县小计", "累计"})
_NOTE_STARTS = re.compile(r"注|备注|说明|填表|填报|制表|审核|复核|负责人|单位负责|联系|电话|资料来源|数据来源|来源")


def data_rows(grid: Grid, header: Header) -> tuple[list[Row], list[Finding]]:
    """The rows that say something about a unit, and notes on those that do not.

    Raises RefusalError where the table has no data at all, where cells of the data are merged, or where a row of
    totals is not the sum of the rows.
    """
    rows: list[Row] = []
    totals: list[Row] = []
    findings: list[Finding] = []
    blanks = 0
    for number in _filled_span(grid, header):
        row = Row(grid, header, number)
        rule = _other_kind(row)
        if rule == "R-BLANK-ROWS":
            blanks += 1
        elif rule:
            findings.append(found(rule, row.where()))
            totals += [row] if rule == "R-TOTAL-ROW" else []
        else:
            rows.append(row)
    if blanks:
        findings.append(found("R-BLANK-ROWS", {"file": grid.file, "sheet": grid.sheet}, count=blanks))
    if not rows:
        raise refuse_file(grid.file, "只有表头，没有数据行", "请填写数据后重新提交", grid.sheet)
    _refuse_truncated(rows[-1])
    refuse_merged(grid, [row.number for row in rows])
    check_totals(rows, totals)
    return rows, [*findings, *hidden_data(grid, [row.number for row in rows], header.columns.values())]


def _filled_span(grid: Grid, header: Header) -> Iterator[int]:
    """Row numbers from below the header to the last row that is not blank."""
    last = len(grid.rows) - 1
    while last > header.row and not any(text.strip() for text in grid.rows[last]):
        last -= 1
    return iter(range(header.row + 1, last + 1))


def _other_kind(row: Row) -> str:
    """The rule of a row that holds no unit's data; empty for a data row."""
    filled = [text for text in row.grid.rows[row.number] if text.strip()]
    if not filled:
        return "R-BLANK-ROWS"
    code = parse_code(row.text("unit_code"))
    if code and not (code.endswith("000000") and compact(row.text("unit_name")) in _TOTALS):
        return ""
    if {compact(row.text(name)) for name in ("unit_code", "unit_name", "unit_type")} & _TOTALS or compact(
        filled[0]
    ) in _TOTALS:
        return "R-TOTAL-ROW"
    is_short = 2 * len(filled) < len(row.header.columns)  # a full row that looks like a note is no note
    if len(filled) == 1 or (is_short and _NOTE_STARTS.match(compact(filled[0]))):
        return "R-NOTE-ROW"
    return "R-TITLE-ROW" if _repeats_header(row) else ""


def _repeats_header(row: Row) -> bool:
    """Whether every identifying cell names its own column again (labels under names)."""
    names = [name for name in row.header.columns if name in variables() and variables()[name].tier == "id"]
    return all(variable_of(row.text(name)) == name for name in names)


def _refuse_truncated(last: Row) -> None:
    grid = last.grid
    short = len(grid.rows[last.number]) < len(grid.rows[last.header.row])
    if grid.exact_width and short and not grid.ends_cleanly and last.number == len(grid.rows) - 1:
        raise refuse_file(grid.file, "文件在一行中间断开，不完整", "请从原件重新复制或另存", grid.sheet)


def has_exact_width(row: Row) -> bool:
    """Whether the row has as many cells as the header, where the container demands it."""
    return not row.grid.exact_width or len(row.grid.rows[row.number]) == len(row.grid.rows[row.header.row])
