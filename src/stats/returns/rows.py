"""Tells data rows from titles, totals, footnotes and blank rows, and reads what identifies a row. Joins nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from stats.catalogue.variables import variables
from stats.findings import Finding
from stats.returns.finding_texts import RefusalError, found, refuse_file
from stats.returns.form_layout import PERIODS
from stats.returns.grid import Grid
from stats.returns.headers import REMARK, Header, variable_of
from stats.returns.hidden_cells import hidden_data, refuse_merged
from stats.returns.measures_beside import is_measure_row
from stats.returns.names import parse_code
from stats.returns.notations import NO_DATA_WORDS, NONE_WORDS
from stats.returns.row import Row
from stats.returns.text_normalisation import compact
from stats.returns.totals import check_totals, is_total_of
from stats.texts.privacy import shown

_TOTAL = re.compile(
    "全县|全市|全区|总体|(?:.{0,12})(?:合计|总计|小计|共计|累计|汇总|总和)(?:数|值)?|总数|[∑Σ]|total|sum|(?:.{0,6})(?P<mean>平均|均值)(?:数|值)?",
    re.IGNORECASE,
)
_HEAD = re.compile(r"(?=.*[\u4e00-\u9fffA-Za-z])[^0-9].{1,30}|[0-9]{1,3}[、.．)）].{2,30}")
_FEW = 3
_MOST_OF_COUNTY = 20  # more rows than these are no county's totals, and each costs a look at all others
_NOTE_STARTS = re.compile(r"注|备注|说明|填表|填报|制表|审核|复核|负责人|单位负责|联系|电话|资料来源|数据来源|来源")


def data_rows(grid: Grid, headers: Sequence[Header]) -> tuple[list[Row], list[Finding]]:
    """The rows below the headers that say something about a unit, and notes on those that do not.

    Raises RefusalError where there is no data at all, where cells of the data are merged, where a row looks like heads
    that nobody knows, or where a row of totals is not the sum of the rows.
    """
    rows: list[Row] = []
    totals: list[Row] = []
    findings: list[Finding] = []
    blanks = 0
    for row in _filled(grid, headers):
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
    of_county = [row for row in rows if _is_of_county(row)][:_MOST_OF_COUNTY]
    hidden_totals = [row for row in of_county if is_total_of(row, rows)]
    findings += [found("R-TOTAL-ROW", row.where()) for row in hidden_totals]
    rows = [row for row in rows if row not in hidden_totals]
    if not rows:
        raise refuse_file(grid.file, "只有表头，没有数据行", "请填写数据后重新提交", grid.sheet)
    refuse_cut(rows[-1], rows)
    numbers = [row.number for row in rows]
    columns = {column for header in headers for column in header.columns.values()}
    refuse_merged(grid, numbers, columns)
    check_totals(rows, [row for row in totals if not _is_mean(row)])
    return rows, [*findings, *hidden_data(grid, numbers, columns)]


def _filled(grid: Grid, headers: Sequence[Header]) -> Iterator[Row]:
    """The rows below each header, to the last row that is not blank."""
    last = len(grid.rows)
    while last > 0 and not any(text.strip() for text in grid.rows[last - 1]):
        last -= 1
    for header in headers:
        yield from (Row(grid, header, number) for number in range(header.row + 1, min(header.end, last)))


def _other_kind(row: Row) -> str:
    """The rule of a row that holds no unit's data; empty for a data row."""
    filled = [text for text in row.grid.rows[row.number] if text.strip()]
    if not filled:
        return "R-BLANK-ROWS"
    code = parse_code(row.text("unit_code"))
    names = [row.text(name) for name in ("unit_name", "unit_type")]
    if any(map(_is_total, names)) and (not code or _is_of_county(row)):
        return "R-TOTAL-ROW"
    if code:
        return ""
    if _is_total(row.text("unit_code")) or _is_total(filled[0]):
        return "R-TOTAL-ROW"
    if _repeats_header(row) or is_measure_row(row):
        return "R-TITLE-ROW"
    is_short = 2 * len(filled) < len(row.header.columns)  # a full row that looks like a note is no note
    is_words = len(filled) <= _FEW and not any(re.search("[0-9]{3}", text) for text in filled)
    if len(filled) == 1 or (is_short and (is_words or _NOTE_STARTS.match(compact(filled[0])))):
        return "R-NOTE-ROW"
    _refuse_unknown_heads(row, filled)
    return ""


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(compact(text)))


def _is_mean(row: Row) -> bool:
    matches = (_TOTAL.fullmatch(compact(text)) for text in row.grid.rows[row.number])
    return any(match and match["mean"] for match in matches)


def _is_of_county(row: Row) -> bool:
    return (parse_code(row.text("unit_code")) or "").endswith("000000")


def _refuse_unknown_heads(row: Row, filled: Sequence[str]) -> None:
    """RefusalError for a row of words where codes and numbers should stand: heads of another table, spelled anew.

    What stands below would be read under the heads above, in columns that need not be the same.
    """
    words = [text for text in filled if _HEAD.fullmatch(compact(text)) and compact(text) not in _answers()]
    if len(words) < _FEW or 2 * len(words) <= len(filled):
        return
    where = {"file": row.grid.file, "sheet": row.grid.sheet, "cell": row.address("unit_code")}
    listed = "”“".join(shown(text) for text in words[:_FEW])
    problem = f"第 {row.number + 1} 行像是另一张表的列名（“{listed}”等），与表样不同"
    raise RefusalError(found("R-HEADER", where, problem=problem, remedy="请每个文件只放一张表，列名按表样书写"))


@cache
def _answers() -> frozenset[str]:
    """The words that are answers or identify a row."""
    choices = {choice for variable in variables().values() for choice in variable.choices}
    return frozenset(choices | NO_DATA_WORDS | NONE_WORDS | {*PERIODS.values(), "镇", "乡", "街道", "县级本级", "其他"})


def _repeats_header(row: Row) -> bool:
    """Whether every identifying cell names its own column again (labels under names)."""
    names = [name for name in row.header.columns if name in variables() and variables()[name].tier == "id"]
    return all(variable_of(row.text(name)) == name for name in names)


def has_exact_width(row: Row) -> bool:
    """Whether the row has as many cells as the header, where the container demands it."""
    return not row.grid.exact_width or len(row.grid.rows[row.number]) == len(row.grid.rows[row.header.row])


_REMEDY = "请对照原件核对最后一行，用办公软件打开后另存为 CSV UTF-8 或 XLSX（保存后末尾有换行）"


def refuse_cut(last: Row, rows: Sequence[Row]) -> None:
    """RefusalError where the file has no line end and its last answer may have lost digits, or all of them.

    Whole are a value in quotes, a word that is an answer, a remark, and an empty cell where no row of the period has
    an answer. ``last`` is the last of the ``rows``.
    """
    grid, width = last.grid, len(last.grid.rows[last.header.row])
    if grid.ends_cleanly or not grid.exact_width or last.number != len(grid.rows) - 1:
        return
    if len(grid.rows[last.number]) < width:
        raise _refused(last, "文件在一行中间断开，不完整")
    column = len(grid.rows[last.number]) - 1
    name = next((name for name, at in last.header.columns.items() if at == column), REMARK)
    text = last.text(name).strip()
    if name == REMARK or (text and text in variables()[name].choices):
        return
    alike = [row for row in rows if row.header is last.header and row.text("period") == last.text("period")]
    if any(row.text(name).strip() for row in alike):
        raise _refused(last, f"文件末尾没有换行，最后一格“{text}”可能被截断")


def _refused(last: Row, problem: str) -> RefusalError:
    return refuse_file(last.grid.file, problem, _REMEDY, last.grid.sheet)
