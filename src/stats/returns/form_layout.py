"""Where everything stands on a collection form: shared by the writer and the reader of forms. Touches no file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from stats.catalogue.domains import DOMAINS
from stats.catalogue.seasons import PERIOD_NAMES, not_applicable, periods_due
from stats.catalogue.variables import Variable, questions

DATA_SHEET = "统计表"
GUIDE_SHEET = "填报说明"
VERSION_PROPERTY = "表式版本"

# Label on the form -> what it identifies; the value stands in the next cell to the right.
IDENTIFICATION = {
    "统计用区划代码": "unit_code",
    "单位名称": "unit_name",
    "单位类型": "unit_type",
    "统计年度": "stat_year",
    "表式版本": "form_version",
}

VARIABLE = "变量"
LABEL = "项目"
UNIT = "计量单位"
PERIODS = PERIOD_NAMES
LAST_YEAR = "上年"
CHECKS = "核对"
REMARK = "备注"

# Rows counted from 0. Row 0 holds the title, row 1 the mark of a demonstration, then the identification.
IDENTIFICATION_ROW = 2
LABEL_COLUMN, VALUE_COLUMN = 1, 2
HEADER_ROW = IDENTIFICATION_ROW + len(IDENTIFICATION) + 1

_BASIC = {"BAS": "基础信息"}
_VERSION_DIGITS = 6


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row below the header (row from 0): a question, or a heading of a domain where there is none.

    ``words`` says in a heading for which periods the questions below it are answered.
    """

    row: int
    domain: str
    question: Variable | None = None
    words: str = ""

    @property
    def heading(self) -> str:
        """The name of the domain, and for which periods its questions are, where not all are for the same."""
        return {**_BASIC, **DOMAINS}[self.domain] + self.words


def answered_in(variable: Variable, year: int) -> tuple[str, ...]:
    """The periods for which the question is due in this year."""
    return periods_due(year) if variable.seasonal else ("year",)


@cache
def form_periods(year: int, *, county: bool) -> tuple[str, ...]:
    """The periods that have a column: those with a question due, and those in which the season was not held.

    >>> form_periods(2021, county=False), form_periods(2021, county=True), form_periods(2019, county=False)
    (('year', 'spring', 'autumn'), ('year',), ('year',))
    """
    asked = [variable for variable in questions() if variable.asked_of(county=county)]
    wanted = {period for variable in asked for period in answered_in(variable, year)}
    if any(variable.seasonal for variable in asked):
        wanted |= set(not_applicable(year))
    return tuple(period for period in PERIODS if period in wanted)


@cache
def header(year: int, *, county: bool) -> tuple[str, ...]:
    """The column heads in order; the first column holds the variable's name, which is the key of the row."""
    periods = (PERIODS[period] for period in form_periods(year, county=county))
    return (VARIABLE, LABEL, UNIT, *periods, LAST_YEAR, CHECKS, REMARK)


@cache
def columns(year: int, *, county: bool) -> dict[str, int]:
    """The column (from 0) of each head.

    >>> columns(2021, county=False)["秋季"]
    5
    """
    return {head: column for column, head in enumerate(header(year, county=county))}


@cache
def form_rows(year: int, *, county: bool) -> tuple[FormRow, ...]:
    """The rows below the header: the heading of a domain, then its questions, in the order of the catalogue."""
    return tuple(_rows(year, county))


def _rows(year: int, county: bool) -> Iterator[FormRow]:
    row = HEADER_ROW
    for domain in (*_BASIC, *DOMAINS):
        asked = [v for v in questions() if v.domain == domain and v.asked_of(county=county)]
        runs = [(periods, list(run)) for periods, run in groupby(asked, key=lambda v: answered_in(v, year))]
        for periods, run in runs:
            row += 1
            yield FormRow(row, domain, words=_period_words(periods) if len(runs) > 1 else "")
            for question in run:
                row += 1
                yield FormRow(row, domain, question)


def _period_words(periods: tuple[str, ...]) -> str:
    if periods == ("year",):
        return "（全年数，填在“全年”一列）"
    return f"（分季数，填在{'、'.join(f'“{PERIODS[period]}”' for period in periods)}列，“全年”不填）"


@cache
def form_version(year: int) -> str:
    """The year with a short mark of its questions: it changes whenever a question or its season changes.

    >>> form_version(2021).startswith("2021-")
    True
    """
    content = repr([_identity(variable, year) for variable in questions()])
    return f"{year}-{hashlib.sha256(content.encode()).hexdigest()[:_VERSION_DIGITS]}"


def _identity(variable: Variable, year: int) -> tuple[object, ...]:
    """All of a question that decides what an answer to it means or may be."""
    bounds = (str(variable.minimum), str(variable.maximum), variable.choices, variable.required)
    asked = (variable.level, answered_in(variable, year))
    return (variable.name, variable.label, variable.domain, variable.unit, variable.kind, *bounds, *asked)
