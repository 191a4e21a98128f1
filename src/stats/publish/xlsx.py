"""Document → one workbook: what is said on the first sheet, then a sheet for each table. Nothing in it is hidden."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import xlsxwriter

from stats.forms.archive import packed_anew
from stats.numbers import MINUS
from stats.present.blocks import Heading, Note, Paragraph, Table
from stats.publish.document import Document

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ABOUT = "说明"
_A4 = 9
_WIDTH = 10.0
_NUMBER = re.compile(rf"[{MINUS}+]?[0-9]+(?:\.([0-9]+))?")
_YEAR = re.compile(r"[0-9]{4}年")
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "text": {"num_format": "@"},
    "wrapped": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "right": {"num_format": "@", "align": "right"},
}


class _Looks(dict[str, Any]):
    """Formats of cells, each made when it is first asked for; ``number+ 2`` has two decimals and shows its sign."""

    def __init__(self, book: Workbook) -> None:
        self.book = book

    def __missing__(self, name: str) -> Format:
        kind, _, decimals = name.partition(" ")
        places = f"0.{'0' * int(decimals)}" if decimals not in ("", "0") else "0"
        sign = {"number": "", "number+": "+"}.get(kind)
        own = _LOOKS[name] if sign is None else {"num_format": f"{sign}{places};{MINUS}{places}"}
        made: Format = self.book.add_format({"font_name": "宋体", "font_size": 10, **own})
        self[name] = made
        return made


def make(document: Document) -> bytes:
    """The workbook, the same bytes for the same document. Codes are texts, printed numbers are numbers."""
    memory, cover = BytesIO(), document.cover
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": cover.title, "created": datetime(cover.year or 2000, 12, 31)})
    looks = _Looks(book)
    mark = "　".join(filter(None, (cover.banner, cover.marking, cover.edition)))
    _about(_sheet(book, ABOUT, mark), document, looks)
    for table in _tables(document):
        sheet = _sheet(book, table.title, mark)
        _fill(sheet, table, looks)
        _chart(book, sheet, table)
    book.close()
    return packed_anew(memory.getvalue())


def fault(content: bytes, document: Document) -> str:
    """What is lacking: a sheet; empty for a whole workbook."""
    try:
        names = ZipFile(BytesIO(content)).namelist()
    except BadZipFile:
        return "电子表没有写完"
    found = sum(name.startswith("xl/worksheets/sheet") for name in names)
    wanted = len(_tables(document)) + 1
    return f"电子表中的工作表少于 {wanted} 张" if found < wanted else ""


def _tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def _sheet(book: Workbook, name: str, mark: str) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&R{mark.replace('&', '&&')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")
    return sheet


def _about(sheet: Worksheet, document: Document, looks: _Looks) -> None:
    """The cover, what is said, and what is on the other sheets."""
    cover = document.cover
    sheet.set_column(0, 0, 90)
    said = [block.text for block in document.blocks if isinstance(block, Heading | Paragraph | Note)]
    lines = [f"{head}：{text}" for head, text in cover.lines]
    listed = f"工作表：{'、'.join(table.title for table in _tables(document))}"
    sheet.write_string(0, 0, cover.title, looks["title"])
    for row, text in enumerate(filter(None, (cover.attachment, cover.banner, *lines, *said, listed)), start=1):
        sheet.write_string(row, 0, text, looks["wrapped"])


def _fill(sheet: Worksheet, table: Table, looks: _Looks) -> None:
    for nth, column in enumerate(table.columns):
        sheet.set_column(nth, nth, _WIDTH * column.width)
        sheet.write_string(0, nth, column.head, looks["head"])
    for row, cells in enumerate(table.rows, start=1):
        for nth, (column, text) in enumerate(zip(table.columns, cells, strict=True)):
            number = _NUMBER.fullmatch(text) if column.align == "right" else None
            if number:
                look = looks[f"number{'+' if text[0] == '+' else ''} {len(number[1] or '')}"]
                sheet.write_number(row, nth, float(text.replace(MINUS, "-")), look)
            elif text:
                sheet.write_string(row, nth, text, looks["text" if column.align == "left" else "right"])
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _chart(book: Workbook, sheet: Worksheet, table: Table) -> None:
    """Of a table over years its first row as a line."""
    years = [nth for nth, column in enumerate(table.columns) if _YEAR.fullmatch(column.head)]
    if len(years) < 2:
        return
    chart = book.add_chart({"type": "line"})
    name = " ".join(table.rows[0][1:3])
    cells = [[table.title, row, years[0], row, years[-1]] for row in (0, 1)]
    chart.add_series({"name": name, "categories": cells[0], "values": cells[1], "marker": {"type": "circle"}})
    chart.set_title({"name": name, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    sheet.insert_chart(1, len(table.columns) + 1, chart, {"description": f"{name}历年情况，各数见第2行"})
