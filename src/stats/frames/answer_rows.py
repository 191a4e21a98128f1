"""Answers as rows of a table, released ones and those as they were written. Shows what the edition shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields

from stats.catalogue.variables import variables
from stats.figures import Answer
from stats.frames.figure_rows import Row, Source
from stats.params import Unit
from stats.report import CountyReport, Report, Session
from stats.returns import Cell

WHOLE_YEAR = "year"
_NAMES = ("unit_code", "unit_name", "period", "variable", "variable_name", "domain", "unit_of_measure")
ANSWER_COLUMNS: Mapping[str, str] = {
    "year": "int64",
    **dict.fromkeys((*_NAMES, "status", "value"), "str"),
    "number": "float64",
    "corrected": "bool",
}
_CELL = [field.name for field in fields(Cell) if field.name not in ("unit", "year", "period", "variable")]
CELL_COLUMNS: Mapping[str, str] = {"year": "int64", **dict.fromkeys((*_NAMES, *_CELL), "str")}


def answer_rows(source: Source) -> Iterator[Row]:
    """The released answers: unit by unit, the earlier year first, questions in the order of the form."""
    if isinstance(source, Session):
        for unit in (source.params.county_unit, *source.params.units):
            for year in source.years:
                yield from _of_year(unit, year, source.answers(unit.code, year), source.seasons(unit.code, year))
        return
    yield from _of_report(source)
    if isinstance(source, CountyReport):
        for unit in source.units:
            yield from _of_year(unit, source.year, source.town_answers[unit.code], {})


def _of_report(report: Report) -> Iterator[Row]:
    yield from _of_year(report.unit, report.year - 1, report.last_answers, report.last_seasons)
    yield from _of_year(report.unit, report.year, report.answers, report.seasons)


def _of_year(
    unit: Unit, year: int, whole: Mapping[str, Answer], seasons: Mapping[str, Mapping[str, Answer]]
) -> Iterator[Row]:
    for name, answer in whole.items():
        for period, given in {WHOLE_YEAR: answer, **seasons.get(name, {})}.items():
            is_number = variables()[name].is_number and given.status.has_value
            yield {
                "year": year,
                **_names(unit.code, unit.name, period, name),
                "status": given.status.value,
                "value": given.text,
                "number": float(given.text) if is_number else math.nan,
                "corrected": given.corrected,
            }


def cell_rows(session: Session) -> Iterator[Row]:
    """Every answer as it was written; none outside the full edition, which alone may repeat them all."""
    params = session.params
    if params.edition != "full":
        return
    names = {unit.code: unit.name for unit in (*params.units, params.county_unit)}
    for cell in session.examined.cells:
        asked = _names(cell.unit, names.get(cell.unit, ""), cell.period, cell.variable)
        yield {**asdict(cell), **asked, "status": cell.status.value}


def _names(code: str, name: str, period: str, variable: str) -> Row:
    asked = variables()[variable]
    return {
        "unit_code": code,
        "unit_name": name,
        "period": period,
        "variable": variable,
        "variable_name": asked.full_name,
        "domain": asked.domain,
        "unit_of_measure": asked.unit,
    }
