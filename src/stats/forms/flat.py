"""The year's blank flat table (一览表): codes and names filled in, answers to be written. Touches no disk."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from stats.catalogue.variables import Variable, questions, variables
from stats.forms.archive import packed_anew
from stats.forms.cell_formats import LOOKS
from stats.params import Params, Unit
from stats.returns.form_layout import PERIODS, answered_in, form_periods
from stats.returns.headers import IDENTIFYING

SHEET = "一览表"
_IDENTITY_WIDTH, _WIDTH = 14, 11


def flat_form(params: Params) -> bytes:
    """The table as a workbook: a row for each unit due and period, all cells text, grey where nothing is asked."""
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": f"{params.county.name}{params.year}年一览表", "created": datetime(params.year, 12, 31)}
    )
    looks = {name: book.add_format(LOOKS[name]) for name in ("head", "question", "number", "closed")}
    sheet = book.add_worksheet(SHEET)
    asked = questions()
    _write_heads(sheet, looks, asked)
    row = 0
    for unit in (*params.due(params.year), params.county_unit):
        for period in form_periods(params.year, county=unit.type == "县级本级"):
            if period == "year" or any(_is_open(v, unit, period, params.year) for v in asked):
                row += 1
                _write_row(sheet, looks, row, (unit, period, params.year), asked)
    book.close()
    return packed_anew(memory.getvalue())


def _write_heads(sheet: Any, looks: dict[str, Any], asked: tuple[Variable, ...]) -> None:
    heads = [variables()[name].label for name in IDENTIFYING]
    heads += [f"{v.label}（{v.unit}）" if v.unit else v.label for v in asked]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, looks["head"])
    sheet.set_row(0, 60)
    sheet.set_column(0, len(IDENTIFYING) - 1, _IDENTITY_WIDTH)
    sheet.set_column(len(IDENTIFYING), len(heads) - 1, _WIDTH)
    sheet.freeze_panes(1, 2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _write_row(
    sheet: Any, looks: dict[str, Any], row: int, whose: tuple[Unit, str, int], asked: tuple[Variable, ...]
) -> None:
    unit, period, year = whose
    for column, text in enumerate((unit.code, unit.name, unit.type, str(year), PERIODS[period])):
        sheet.write_string(row, column, text, looks["question"])
    for column, variable in enumerate(asked, start=len(IDENTIFYING)):
        look = "number" if _is_open(variable, unit, period, year) else "closed"
        sheet.write_blank(row, column, None, looks[look])


def _is_open(variable: Variable, unit: Unit, period: str, year: int) -> bool:
    return variable.asked_of(county=unit.type == "县级本级") and period in answered_in(variable, year)
