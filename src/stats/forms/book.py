"""One unit's form as the bytes of a workbook, the same wherever and whenever it is written. Touches no disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.workbook import Workbook

from stats.forms.archive import packed_anew
from stats.forms.cell_formats import ERROR, LOOKS, WARNING
from stats.forms.guide import TITLE, guide
from stats.forms.sheet import DataSheet
from stats.params import Params, Unit
from stats.returns.form_layout import DATA_SHEET, GUIDE_SHEET, VERSION_PROPERTY, form_version

MARK = "演示数据（虚构）"
_GUIDE_WIDTHS = (26, 66)


def form(params: Params, unit: Unit, last_year: Mapping[str, str]) -> bytes:
    """The blank form of a unit (or the county itself) for the year of the parameters.

    ``last_year`` holds by variable what the unit answered the year before.
    """
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _describe(book, params)
    looks = {name: book.add_format(look) for name, look in LOOKS.items()}
    sheet = DataSheet(book.add_worksheet(DATA_SHEET), looks, params, unit, last_year)
    sheet.write(title(params), MARK if params.demonstration else "")
    sheet.colour(book.add_format(ERROR), book.add_format(WARNING))
    _write_guide(book, params.year, county=sheet.county)
    book.close()
    return packed_anew(memory.getvalue())


def title(params: Params) -> str:
    """The title of the form."""
    return f"{params.county.name}{params.year}年度武装工作统计表"


def _describe(book: Workbook, params: Params) -> None:
    about = {"title": title(params), "created": datetime(params.year, 12, 31)}
    if params.demonstration:
        about["comments"] = MARK
    book.set_properties(about)
    book.set_custom_property(VERSION_PROPERTY, form_version(params.year), "text")


def _write_guide(book: Workbook, year: int, *, county: bool) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    title_look, look = (book.add_format(LOOKS[name]) for name in ("guide_title", "guide"))
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, TITLE, title_look)
    for row, line in enumerate(guide(year, county=county), start=2):
        if len(line) == 1:
            sheet.merge_range(row, 0, row, 1, "", look)
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, look)
        sheet.set_row(row, 34 if len(line) == 1 else 20)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect()
