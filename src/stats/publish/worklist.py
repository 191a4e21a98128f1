"""退回核对表: one sheet for each unit with what it is asked to look at, and a column for its answer. Judges nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from stats.findings import Finding, Severity
from stats.forms.archive import packed_anew
from stats.params import Unit
from stats.present import findings_told
from stats.present.closing import BANNER

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from stats.quality import QualityReport

WORKLIST = "附件4-退回核对表.xlsx"
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
_WITHOUT_VALUES = "本表按会议本规则不含填报的数值，请对照原报表所列位置；县内留用的全本含数值。"


def worklist(report: QualityReport) -> bytes:
    """The workbook: a sheet of contents, then one for each unit due, the county's own last.

    Only refusals, errors and unanswered hints are listed. Without the edition that shows all, no text or number
    of an answer is in it. Every text is a text cell, and the bytes are the same for the same findings.
    """
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _title(report), "created": datetime(report.year, 12, 31)})
    looks = {name: book.add_format({"font_name": "宋体", "font_size": 10, **look}) for name, look in _LOOKS.items()}
    asked = [(unit, _asked(report, unit)) for unit in report.units]
    names = [_sheet_name(place, unit) for place, (unit, _) in enumerate(asked, start=1)]
    _contents(book.add_worksheet("目录"), report, list(zip(names, asked, strict=True)), looks)
    for name, (unit, given) in zip(names, asked, strict=True):
        _unit_sheet(book.add_worksheet(name), report, unit, given, looks)
    book.close()
    return packed_anew(memory.getvalue())


def _title(report: QualityReport) -> str:
    return f"{report.unit.name}{report.year}年度报表退回核对表"


def _sheet_name(place: int, unit: Unit) -> str:
    """The place and the name, cut to what Excel takes, which counts in units of UTF-16."""
    name = f"{place:02d}{_NOT_IN_NAMES.sub('', unit.name)}"
    return name.encode("utf-16-le")[: 2 * LONGEST_SHEET_NAME].decode("utf-16-le", "ignore")


def _asked(report: QualityReport, unit: Unit) -> tuple[Finding, ...]:
    stopping = (Severity.FATAL, Severity.ERROR)
    order = list(Severity)
    given = [f for f in report.findings_of(unit.code) if f.severity in stopping or f.is_open]
    return tuple(sorted(given, key=lambda finding: order.index(finding.severity)))


def _top(sheet: Worksheet, report: QualityReport, title: str, hints: Sequence[str], looks: dict[str, Format]) -> int:
    """Write the lines above a table and return the row after them."""
    lines = [(title, "title")]
    marks = "　".join(mark for mark in (BANNER if report.params.demonstration else "", report.params.marking) if mark)
    lines += [(marks, "mark")] if marks else []
    lines += [(hint, "hint") for hint in hints]
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


def _contents(
    sheet: Worksheet,
    report: QualityReport,
    sheets: Sequence[tuple[str, tuple[Unit, tuple[Finding, ...]]]],
    looks: dict[str, Format],
) -> None:
    row = _top(sheet, report, _title(report), _hints(report), looks)
    _table(
        sheet,
        row,
        ("工作表", "单位", "统计用区划代码", "待核对（条）"),
        (24, 24, 20, 14),
        [(name, unit.name, unit.code, str(len(given))) for name, (unit, given) in sheets],
        looks,
    )


def _hints(report: QualityReport) -> tuple[str, ...]:
    return _GUIDE if report.params.edition == "full" else (*_GUIDE, _WITHOUT_VALUES)


def _unit_sheet(
    sheet: Worksheet, report: QualityReport, unit: Unit, given: tuple[Finding, ...], looks: dict[str, Format]
) -> None:
    title = f"{unit.name}（{unit.code}）{report.year}年度报表待核对的问题"
    hints = _hints(report) if given else ("没有需要核对的问题。",)
    row = _top(sheet, report, title, hints, looks)
    if given:
        cells = [_cells(report, place, finding) for place, finding in enumerate(given, start=1)]
        _table(sheet, row, _HEADS, _WIDTHS, cells, looks)


def _cells(report: QualityReport, place: int, finding: Finding) -> tuple[str, ...]:
    edition = report.params.edition
    return (
        str(place),
        finding.severity.label,
        finding.rule,
        findings_told.labels(finding),
        findings_told.place(finding),
        findings_told.problem(finding, edition),
        findings_told.remedy(finding, edition),
        "",
    )


def _table(
    sheet: Worksheet,
    row: int,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
    looks: dict[str, Format],
) -> None:
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row, column, head, looks["head"])
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 0)
    for down, cells in enumerate(rows, start=row + 1):
        for column, text in enumerate(cells):
            sheet.write_string(down, column, text, looks["text"])
