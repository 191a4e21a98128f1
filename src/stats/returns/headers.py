"""Finds the headers of a sheet's tables and which column answers which question. Reads no answer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from stats.catalogue.variables import Variable, variables
from stats.findings import Finding
from stats.returns.finding_texts import RefusalError, found
from stats.returns.grid import Grid, address
from stats.returns.measure_words import is_measure, without_lead
from stats.returns.names import parse_code
from stats.returns.text_normalisation import compact, simplified
from stats.texts.privacy import HIDDEN, is_private_label, shown

_BEFORE = re.compile(
    r"(?:[*＊★※●•·#]+|第?[(（\[【]?(?:Q|q)?[0-9]{1,3}(?:[.．、:：)）\]】]|题|-)+(?:[0-9]{1,3}[.．、:：]?)?"
    r"|(?:Q|q)[0-9]{1,3}[_\s]*|[(（]?[一二三四五六七八九十]{1,4}[、.．)）])+"
)
_WORDS = "(?:必填|选填|非必填|必答|可选|单选|多选|填空|文本|单行文本|数字|数值|整数)[项题]?|required|optional"
_BEHIND = re.compile(rf"(?:[*＊★:：]+|[(（\[【](?:{_WORDS})[)）\]】]|_(?:{_WORDS}))+", re.IGNORECASE)


def undecorated(head: str) -> str:
    """A head without what a service put around it.

    >>> [undecorated(head) for head in ("1、单位名称", "*单位名称", "单位名称（必填）", "Q3. 单位名称：")]
    ['单位名称', '单位名称', '单位名称', '单位名称']
    """
    text = compact(head)
    before = _BEFORE.match(text)
    text = text[before.end() :] if before else text
    behind = re.search(rf"(?:{_BEHIND.pattern})$", text, re.IGNORECASE)
    return text[: behind.start()] if behind else text


def decoration(head: str) -> str:
    """Where a head is decorated and with what, in words.

    >>> decoration("1、单位名称"), decoration("单位名称（必填）")
    ('前有“1、”', '后有“(必填)”')
    """
    text, bare = compact(head), undecorated(head)
    before, _, behind = text.partition(bare)
    return "、".join(f"{side}有“{part}”" for side, part in (("前", before), ("后", behind)) if part)


IDENTIFYING = ("unit_code", "unit_name", "unit_type", "stat_year", "period")
REMARK = "remark"
_SEARCHED_ROWS = 30
_LONGEST_HEAD = 60
_UNIT_IN_BRACKETS = re.compile(r"(?P<label>.+?)[,/_:]?[(\[【〔](?P<unit>[^()\[\]【】〔〕]{1,12})[)\]】〕]")
_UNIT_BEHIND_MARK = re.compile(r"(?P<label>.+)[,/_:](?P<unit>[^,/_:]{1,12})")


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's header stands, where the table ends, and the column of each variable (and of the remark).

    ``row`` and ``end`` count from 0; the rows of the table are those from behind ``row`` up to before ``end``.
    """

    row: int
    columns: dict[str, int]
    end: int = 0


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
    """The variable and unit of a head like ``走访次数（次）``, ``走访次数（单位：次）`` or ``走访次数/次``."""
    text = simplified(compact(given))
    if name := _known().get(text) or _known().get(text.lower()):
        return name, ""
    for pattern in (_UNIT_IN_BRACKETS, _UNIT_BEHIND_MARK):
        match = pattern.fullmatch(text)
        name = match and (_known().get(match["label"]) or _known().get(match["label"].lower()))
        if match and name and (pattern is _UNIT_IN_BRACKETS or is_measure(without_lead(match["unit"]))):
            return name, without_lead(match["unit"])
    return None, ""


def find_headers(grid: Grid) -> tuple[list[Header], list[Finding]] | None:
    """The headers of a sheet, one for each table below another, with the findings on them; None where there is none.

    Every further row of heads begins a table of its own, whatever the order of its columns. Raises RefusalError
    where a header cannot be used: a column that identifies the rows is missing, a column stands twice, a unit of
    measure was changed, or there are two levels of heads.
    """
    first = _first_header(grid)
    if first is None:
        return None
    findings = _above(grid, first)
    headers: list[Header] = []
    for row in (first, *_further(grid, first)):
        header, found_here = _header(grid, row, headers[-1].columns if headers else {})
        if not headers or not _repeats(grid, headers[-1], header):
            findings += found_here
            headers.append(header)
    ends = [*(header.row for header in headers[1:]), len(grid.rows)]
    return [replace(header, end=end) for header, end in zip(headers, ends, strict=True)], findings


def has_heads(grid: Grid) -> bool:
    """Whether a row of a sheet looks like heads of our questions, even ones that cannot be used."""
    return _first_header(grid) is not None


def _first_header(grid: Grid) -> int | None:
    """The first row that identifies its rows, or else the one with the most heads among the first."""
    matches = {row: _named(grid.rows[row]) for row in range(min(len(grid.rows), _SEARCHED_ROWS))}
    whole = (row for row, names in matches.items() if names.issuperset(IDENTIFYING))
    best = next(whole, max(matches, key=lambda row: len(matches[row]), default=None))
    return None if best is None or len(matches[best]) < 2 else best


def _named(row: list[str]) -> set[str]:
    return {name for text in row if text and len(text) < _LONGEST_HEAD and (name := variable_of(text))}


def _further(grid: Grid, first: int) -> Iterator[int]:
    """The rows below the first header that are heads again: two cells at least name a question, none is a code."""
    for row in range(first + 1, len(grid.rows)):
        cells = grid.rows[row]
        if not any(len(text) >= 12 and parse_code(text) for text in cells) and len(_named(cells)) > 1:
            yield row


def _header(grid: Grid, row: int, before: dict[str, int]) -> tuple[Header, list[Finding]]:
    _refuse_merged(grid, row)
    columns: dict[str, int] = {}
    findings: list[Finding] = []
    for column, given in enumerate(grid.rows[row]):
        findings += _place(grid, row, column, given, columns)
    missing = [variables()[name].label for name in IDENTIFYING if name not in columns]
    if missing:
        problem, remedy = f"第 {row + 1} 行缺少“{'”“'.join(missing)}”列", "请按表样补上这些列"
        if before:
            problem, remedy = (
                f"第 {row + 1} 行又是列名，但{problem.partition('行')[2]}",
                "请每个文件只放一张表，或补齐列名",
            )
        raise _refused(grid, row, problem, decoration_remedy(grid.rows[row]) or remedy)
    return Header(row, columns), findings


def _repeats(grid: Grid, before: Header, header: Header) -> bool:
    """Whether the heads are those of the table above again, in the same columns (labels under names, a new page).

    RefusalError where two rows of heads lie upon each other and say different things of one column.
    """
    if header.row == before.row + 1 and not header.columns.items() <= before.columns.items():
        problem = f"第 {before.row + 1} 行和第 {header.row + 1} 行都是列名，同一列的意思不同"
        raise _refused(grid, header.row, problem, "请只保留一行列名")
    return header.row == before.row + 1 or header.columns == before.columns


def decoration_remedy(row: list[str]) -> str:
    """What to take away from heads that form and survey services decorated; empty where that would not help."""
    decorated = [text for text in row if variable_of(text) is None and variable_of(undecorated(text))]
    return (
        f"列名{decoration(decorated[0])}，如“{shown(decorated[0])}”；请改为“{undecorated(decorated[0])}”，其他列同样改"
        if decorated
        else ""
    )


def _refused(grid: Grid, row: int, problem: str, remedy: str) -> RefusalError:
    where = {"file": grid.file, "sheet": grid.sheet, "cell": address(row, 0)}
    return RefusalError(found("R-HEADER", where, problem=problem, remedy=remedy))


def refuse_headless(grid: Grid) -> RefusalError:
    """The refusal of a table in which no row has the form's heads, with what they nearly are."""
    rows = grid.rows[:_SEARCHED_ROWS]
    remedy = next(filter(None, map(decoration_remedy, rows)), "")
    where = {"file": grid.file, "sheet": grid.sheet}
    remedy = remedy or "第一行应为列名（变量名或中文名称）；编码或分隔符不对时请另存为 XLSX"
    return RefusalError(found("R-HEADER", where, problem="没有一行含有表样的列名", remedy=remedy))


def _above(grid: Grid, header: int) -> list[Finding]:
    """Title rows are noted; group heads over the header would be a second level of heads."""
    findings = []
    for row in range(header):
        filled = [column for column, text in enumerate(grid.rows[row]) if text.strip()]
        is_titled = all(re.search("[:：]", grid.rows[row][column]) for column in filled)
        if not is_titled and (len(filled) > 2 or (len(filled) == 2 and filled[0] != 0)):
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
    if problem := grid.mark(row, column).problem:
        raise _refused(grid, row, f"{address(row, column)} 的列名{problem}", "请改正列名，核对该列各数")
    if name in columns:
        first, second = address(row, columns[name]), address(row, column)
        raise RefusalError(found("R-COLUMN-TWICE", where, label=_label(name), first=first, second=second))
    unit = _named_with_unit(given)[1]
    if unit and name in variables() and unit != compact(variables()[name].unit):
        raise _foreign_unit(where, given, unit, variables()[name])
    columns[name] = column
    return []


def _foreign_unit(where: dict[str, str], given: str, unit: str, variable: Variable) -> RefusalError:
    """The refusal of a head whose addition is another unit of measure, or none at all (必填)."""
    if is_measure(unit):
        expected = variable.unit or "无单位"
        return RefusalError(found("R-COLUMN-UNIT", where, given=shown(given), unit=expected))
    problem = f"列名“{shown(given)}”中的“{shown(unit)}”不是计量单位"
    return RefusalError(
        found("R-HEADER", where, problem=problem, remedy=f"请将列名改为“{variable.label}”，其他列同样改")
    )


def _label(name: str) -> str:
    return variables()[name].label if name in variables() else "备注"


def _unknown(grid: Grid, row: int, column: int, given: str, where: dict[str, str]) -> list[Finding]:
    below = (line[column] for line in grid.rows[row + 1 :] if column < len(line))
    if not given.strip() and not any(text.strip() for text in below):
        return []
    meant = variable_of(undecorated(given))
    close = difflib.get_close_matches(compact(given).lower(), _known(), n=1) if meant is None else []
    meant = meant or (_known()[close[0]] if close else None)
    likely = f"，是否应为“{_label(meant)}”" if meant else ""
    safe = HIDDEN if not meant and is_private_label(given) else shown(given)
    return [found("R-COLUMN", where, given=safe or "（无列名）", likely=likely)]


def _refuse_merged(grid: Grid, header: int) -> None:
    """A merge over the header hides heads, or makes two levels of them; those among the data are judged by row."""
    width = len(grid.rows[header])
    for merged in grid.merged:
        if header in merged.rows and merged.first_column < width:
            problem = f"表头有合并单元格（{merged.name}），合并处只有第一格有列名"
            raise _refused(grid, merged.first_row, problem, "请取消合并，每列写一个列名")


def missing_labels(asked: list[Variable], header: Header) -> str:
    """The labels of the questions a table has no column for, for a message."""
    labels = [variable.label for variable in asked if variable.name not in header.columns]
    return "、".join(labels[:12]) + (f"等 {len(labels)} 项" if len(labels) > 12 else "")
