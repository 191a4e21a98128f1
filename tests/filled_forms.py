"""Filled forms for tests: the blank form of a unit, filled in from the rows of the one builder of returns."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from conftest import TOWN, Row, make_rows, make_workspace
from stats import forms
from stats.params import Params, load
from stats.returns import form_layout as layout


def numeric(text: str) -> Any:
    """A stored number where the text is one."""
    if not text.replace(".", "", 1).isdigit():
        return text or None
    return float(text) if "." in text else int(text)


def blank_form(folder: Path, unit: tuple[str, str] = TOWN, year: int = 2021) -> bytes:
    """The blank form of a unit of the tests' county."""
    params: Params = load(make_workspace(folder, year), year=year)
    known = {member.code: member for member in (*params.units, params.county_unit)}
    return forms.form(params, known[unit[0]], {})


def filled(
    blank: bytes, rows: list[Row], *, year: int = 2021, edit: Callable[[Any], None] = lambda sheet: None
) -> bytes:
    """The form with these answers typed in; ``edit`` changes the sheet before it is saved."""
    book = load_workbook(io.BytesIO(blank))
    sheet = book[layout.DATA_SHEET]
    county = rows[0]["unit_type"] == "县级本级"
    columns = layout.columns(year, county=county)
    for row in layout.form_rows(year, county=county):
        if row.question is None:
            continue
        for answers in rows:
            if text := answers[row.question.name]:
                column = columns[layout.PERIODS[answers["period"]]]
                sheet.cell(row.row + 1, column + 1).value = numeric(text)
    edit(sheet)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def filled_form(folder: Path, *, edit: Callable[[Any], None] = lambda sheet: None, **answers: str) -> bytes:
    """The town's form of 2021 with valid answers, changed only in these."""
    return filled(blank_form(folder), make_rows(**answers), edit=edit)


def cell_of(variable: str, head: str, *, year: int = 2021, county: bool = False) -> tuple[int, int]:
    """Row and column, from 1, of a question's cell under a head."""
    row = next(r.row for r in layout.form_rows(year, county=county) if r.question and r.question.name == variable)
    return row + 1, layout.columns(year, county=county)[head] + 1
