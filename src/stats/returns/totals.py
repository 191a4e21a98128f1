"""Rows of totals against the rows above them: one that differs says that a row is wrong or missing. Keeps none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, variables
from stats.returns.finding_texts import RefusalError, found
from stats.returns.names import parse_period
from stats.returns.quantities import text_of
from stats.returns.reading import parse
from stats.returns.row import Row
from stats.returns.text_normalisation import compact

_COUNTY = "县级本级"
_FEWEST = 2
# Standards and lengths: what a table gives for all units is no sum of them.
_NOT_ADDED = frozenset({"sup_allowance_standard", "edu_camp_days"})


def check_totals(rows: Sequence[Row], totals: Sequence[Row]) -> None:
    """RefusalError where a total is none of the sums it may mean.

    A total may be of all rows, of the towns only, of one period, or of the rows since the total before it. A column
    with an answer that is no exact number cannot be checked.
    """
    start = -1
    for total in totals:
        groups = [group for group in _groups(rows, total, start) if group]
        for variable, stated in _stated(total):
            _check(total, variable, stated, groups)
        start = total.number


def _stated(total: Row) -> Iterator[tuple[Variable, Decimal]]:
    """The totals that are exact numbers; rates are not added up."""
    for name in total.header.columns:
        variable = variables().get(name)
        if variable and _is_added(variable):
            unlimited = replace(variable, maximum=None)
            number = _number(total, unlimited)
            if number is not None:
                yield unlimited, number


def _is_added(variable: Variable) -> bool:
    return variable.kind in ("int", "decimal") and variable.tier != "id" and variable.name not in _NOT_ADDED


def is_total_of(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row under the county's own code holds the sums of towns' rows of its period: a row of totals.

    Two sums at least, none of them 0, of questions that the county itself is not asked; and no other number there.
    """
    stated = {v: number for v, number in _stated(row) if number and not v.asked_of(county=True)}
    if len(stated) < _FEWEST:
        return False
    period = parse_period(row.text("period"))
    groups = ([town for town in group if not _is_county(town)] for group in _groups(rows, row, -1))
    towns = [[town for town in group if parse_period(town.text("period")) == period] for group in groups]
    return any(
        all(
            number == sum((_number(town, v) or Decimal(0) for town in group), Decimal(0))
            for v, number in stated.items()
        )
        for group in towns
    )


def town_answers(row: Row) -> int:
    """How many numbers other than 0 a row gives for questions that only towns are asked."""
    return sum(1 for variable, number in _stated(row) if number and not variable.asked_of(county=True))


def _is_county(row: Row) -> bool:
    return compact(row.text("unit_type")) == _COUNTY or row.text("unit_code").strip().endswith("000000")


def _groups(rows: Sequence[Row], total: Row, start: int) -> Iterator[list[Row]]:
    """The rows a total may be of, those of the whole table first."""
    period = parse_period(total.text("period"))
    above = [row for row in rows if row.number < total.number]
    below = [row for row in rows if row.number > total.number]
    since = [row for row in above if row.number > start]
    table = [row for row in rows if row.header is total.header]
    for span in (list(rows), table, above, since, below, [row for row in below if row.header is total.header]):
        for chosen in (span, [row for row in span if not _is_county(row)]):
            yield chosen
            if period:
                yield [row for row in chosen if parse_period(row.text("period")) == period]


def _check(total: Row, variable: Variable, stated: Decimal, groups: list[list[Row]]) -> None:
    numbers = {row.number: _number(row, variable) for row in groups[0] if row.text(variable.name).strip()}
    if not numbers or None in numbers.values():
        return
    known = {number: value for number, value in numbers.items() if value is not None}
    sums = [sum((known.get(row.number, Decimal(0)) for row in group), Decimal(0)) for group in groups]
    if stated not in sums:
        where = {**total.where(variable.name), "variables": (variable.name,)}
        words = {"total": text_of(stated), "sum": text_of(sums[0]), "difference": text_of(abs(stated - sums[0]))}
        raise RefusalError(found("R-TOTAL-DIFFERS", where, label=variable.label, **words))


def _number(row: Row, variable: Variable) -> Decimal | None:
    """The exact number in a cell; None for anything else."""
    reading = parse(row.text(variable.name), variable)
    return Decimal(reading.value) if reading.status is Status.OK else None
