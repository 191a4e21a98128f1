"""This year against last year (同比), for units and for whole counties."""

from __future__ import annotations

import numpy as np

from stats.answers import Answers
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.compare.differences import Differences, first_reason, known, relate, subtract
from stats.indicators import CountyFigures, UnitFigures
from stats.measures import Codes, Exact, Flags, Integers, Rounding, code


def _shifted(vector: Integers, fill: int) -> Integers:
    return np.concatenate([np.full_like(vector[:1], fill), vector[:-1]])


def _year_before(value: Exact) -> Exact:
    if value.denominator.ndim == 0:
        return Exact(_shifted(value.numerator, 0), value.denominator)
    return Exact(_shifted(value.numerator, 0), _shifted(value.denominator, 1))


def _status_before(status: Codes) -> Codes:
    """Last year's statuses; where nothing was reported there is no previous figure."""
    before = _shifted(status, int(code(Status.NOT_REPORTED)))
    return np.where(before == code(Status.NOT_REPORTED), code(Status.NO_PREVIOUS), before).astype(np.int8)


def _compared(
    indicator: Indicator, value: Exact, before: Exact, status: Codes, status_before: Codes, rounding: Rounding
) -> Differences:
    compare = relate if indicator.year_on_year == "percent" else subtract
    return compare(
        value,
        before,
        status=status,
        reference_status=status_before,
        decimals=indicator.decimals,
        rounding=rounding,
    )


def _only_shown(indicator: Indicator, before: Exact, status_before: Codes, rounding: Rounding) -> Differences:
    """Last year's figure beside this year's, where the catalogue compares them no further."""
    return Differences(
        status=np.full_like(status_before, code(Status.NOT_COMPARED)),
        reference_status=status_before,
        reference=before.rounded(indicator.decimals, rounding),
        reference_decimals=indicator.decimals,
        difference=None,
        difference_decimals=indicator.decimals,
        exact=None,
    )


def units_last_year(figures: UnitFigures, rounding: Rounding) -> Differences:
    """Every unit against itself a year earlier."""
    indicator = figures.indicator
    if indicator.year_on_year == "none":
        return _only_shown(indicator, _year_before(figures.value), _status_before(figures.status), rounding)
    if indicator.year_on_year == "level":
        return _level(figures, rounding)
    before = _status_before(figures.status)
    status = first_reason(
        (~figures.comparable, code(Status.SERIES_BREAK)),
        (~figures.known, figures.status),
        (~known(before), before),
        otherwise=np.maximum(figures.status, before),
    )
    return _compared(indicator, figures.value, _year_before(figures.value), status, before, rounding)


def _level(figures: UnitFigures, rounding: Rounding) -> Differences:
    """A growth indicator's level: how much the measured quantity itself moved, in its own unit."""
    then = figures.denominator.exact()
    change = figures.numerator.exact()
    return Differences(
        status=figures.status,
        reference_status=figures.status,
        reference=then.rounded(0, rounding),
        reference_decimals=0,
        difference=change.rounded(0, rounding),
        difference_decimals=0,
        exact=change,
    )


def county_last_year(
    figures: UnitFigures, county: CountyFigures, answers: Answers, comparable: Flags, rounding: Rounding
) -> tuple[Differences | None, Integers]:
    """Every county against itself a year earlier, and the number of units behind it.

    Sums are compared over the units known in both years, so that a missing return is no decline; all other
    figures with the county's figure of the year before. ``comparable`` has the shape (years, counties).
    """
    indicator, none = figures.indicator, np.zeros_like(county.units)
    if indicator.year_on_year == "none":
        return _only_shown(indicator, _year_before(county.value), _status_before(county.status), rounding), none
    if indicator.year_on_year == "level":
        return None, none
    if indicator.aggregation in ("sum", "sum_and_median"):
        return _matched(figures, county, answers, comparable, rounding)
    before = _status_before(county.status)
    reasons = (
        (~comparable, code(Status.SERIES_BREAK)),
        (~known(county.status), county.status),
        (~known(before), before),
    )
    status = first_reason(*reasons, otherwise=np.maximum(county.status, before))
    return _compared(indicator, county.value, _year_before(county.value), status, before, rounding), none


def _matched(
    figures: UnitFigures, county: CountyFigures, answers: Answers, comparable: Flags, rounding: Rounding
) -> tuple[Differences, Integers]:
    both = figures.known & known(_status_before(figures.status)) & figures.comparable
    matched = answers.groups.counts(both)
    numerator = figures.numerator.exact()
    now, then = (
        Exact(answers.groups.sums(part.numerator, both), part.denominator).times(figures.indicator.times)
        for part in (numerator, _year_before(numerator))
    )
    now_about = answers.groups.counts(both & (figures.status == code(Status.APPROX))) > 0
    then_about = answers.groups.counts(both & (_status_before(figures.status) == code(Status.APPROX))) > 0
    status = first_reason(
        (~comparable, code(Status.SERIES_BREAK)),
        (~known(county.status), county.status),
        (matched == 0, code(Status.NO_PREVIOUS)),
        otherwise=np.where(now_about | then_about, code(Status.APPROX), code(Status.OK)).astype(np.int8),
    )
    before = np.where(then_about, code(Status.APPROX), code(Status.OK))
    before = np.where(matched == 0, code(Status.NO_PREVIOUS), before).astype(np.int8)
    return _compared(figures.indicator, now, then, status, before, rounding), matched
