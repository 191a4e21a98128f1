"""退回核对表: a workbook for each unit with what it is asked to look at, and room for its answer. Judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from stats.disclosure import texts as disclosed
from stats.findings import Finding, Severity
from stats.forms.archive import packed_anew
from stats.params import Unit
from stats.present.front_and_back_matter import BANNER

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from stats.quality import QualityReport

LONGEST_SHEET_NAME = 31

_HEADS = ("序号", "级别", "规则", "项目", "位置", "问题", "处理办法", "单位答复（更正后的数或原因）")
_WIDTHS = (5, 6, 11, 20, 24, 38, 26, 26)
_A4 = 9
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "mark": {"bold": True, "font_color": "#C00000"},
    "hint": {"font_color": "#404040"},
    "head": {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#E7E6E6"},
    "text": {"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"},
}
_GUIDE = (
    "请逐条核对：有误的写出更正后的数，属实的写明原因；只写工作情况，不写个人姓名、证件号码和电话。",
    "答复后交县里；更正由县里登记后采用，原报表不改动。",
)


def worklists(report: QualityReport) -> Iterator[tuple[Unit, bytes]]:
    """A workbook for each unit that has anything to look at, the county itself last: the unit's own and no other's.

    Only refusals, errors and unanswered hints are listed, with the values as the unit has reported them: none of these
    is for anybody else. Every text is a text cell, and the bytes are the same for the same findings.
    """
    for unit in report.units:
        if given := _asked(report, unit):
            yield unit, _workbook(report, unit, given)


def _workbook(report: QualityReport, unit: Unit, given: tuple[Finding, ...]) -> bytes:
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"{unit.name}（{unit.code}）{report.year}年度报表待核对的问题"
    book.set_properties({"title": title, "created": datetime(report.year, 12, 31)})
    looks = {name: book.add_format({"font_name": "宋体", "font_size": 10, **look}) for name, look in _LOOKS.items()}
    sheet = book.add_worksheet(_sheet_name(unit))
    row = _top(sheet, report, title, looks)
    _table(sheet, row, [_cells(place, finding) for place, finding in enumerate(given, start=1)], looks)
    book.close()
    return packed_anew(memory.getvalue())


def _sheet_name(unit: Unit) -> str:
    """The name, cut to what Excel takes, which counts in units of UTF-16."""
    name = _NOT_IN_NAMES.sub("", unit.name) or unit.code
    return name.encode("utf-16-le")[: 2 * LONGEST_SHEET_NAME].decode("utf-16-le", "ignore")


def _asked(report: QualityReport, unit: Unit) -> tuple[Finding, ...]:
    stopping = (Severity.FATAL, Severity.ERROR)
    order = list(Severity)
    given = [f for f in report.findings_of(unit.code) if f.severity in stopping or f.is_open]
    return tuple(sorted(given, key=lambda finding: order.index(finding.severity)))


def _top(sheet: Worksheet, report: QualityReport, title: str, looks: dict[str, Format]) -> int:
    """Write the lines above a table and return the row after them."""
    lines = [(title, "title")]
    marks = "　".join(mark for mark in (BANNER if report.params.demonstration else "", report.params.marking) if mark)
    lines += [(marks, "mark")] if marks else []
    lines += [(hint, "hint") for hint in _GUIDE]
    for row, (text, look) in enumerate(lines):
        sheet.write_string(row, 0, text, looks[look])
    _print_setup(sheet, marks, title)
    return len(lines)


def _print_setup(sheet: Worksheet, marks: str, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    # In a header an ampersand starts a code, and 255 characters are the most it may have.
    sheet.set_header(f"&L{marks.replace('&', '&&')}&R{title.replace('&', '&&')[:120]}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _cells(place: int, finding: Finding) -> tuple[str, ...]:
    return (
        str(place),
        finding.severity.label,
        finding.rule,
        disclosed.labels(finding),
        disclosed.place(finding),
        disclosed.problem(finding, "full"),
        disclosed.remedy(finding, "full"),
        "",
    )


def _table(sheet: Worksheet, row: int, rows: Sequence[Sequence[str]], looks: dict[str, Format]) -> None:
    for column, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row, column, head, looks["head"])
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 0)
    for down, cells in enumerate(rows, start=row + 1):
        for column, text in enumerate(cells):
            sheet.write_string(down, column, text, looks["text"])
