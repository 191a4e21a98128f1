"""This year against last year (同比), for units and for whole counties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.answers import Answers
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.compare.differences import Bounded, Differences, first_reason, known, relate, subtract
from stats.indicators import CountyFigures, Judged, UnitFigures, answered, pooled, usable
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
    indicator: Indicator,
    now: Bounded,
    then: Bounded,
    *,
    reference: Integers,
    status: Codes,
    before: Codes,
    rounding: Rounding,
) -> Differences:
    compare = relate if indicator.year_on_year == "percent" else subtract
    return compare(
        now,
        then,
        reference=reference,
        status=status,
        reference_status=before,
        decimals=indicator.decimals,
        rounding=rounding,
    )


def _county_before(indicator: Indicator, status: Codes) -> Codes:
    """Last year's statuses of counties: without any unit's answer there is no previous figure."""
    before = _status_before(status)
    nobody = (before == code(Status.MISSING)) & (indicator.aggregation != "county_own")
    return np.where(nobody, code(Status.NO_PREVIOUS), before).astype(np.int8)


def _only_shown(indicator: Indicator, rounded: Integers, before: Codes) -> Differences:
    """Last year's figure beside this year's, where the catalogue compares them no further."""
    return Differences(
        status=np.full_like(before, code(Status.NOT_COMPARED)),
        reference_status=before,
        reference=_shifted(rounded, 0),
        reference_decimals=indicator.decimals,
        difference=None,
        difference_decimals=indicator.decimals,
        exact=None,
    )


def units_last_year(figures: UnitFigures, rounding: Rounding) -> Differences:
    """Every unit against itself a year earlier."""
    indicator = figures.indicator
    if indicator.year_on_year == "none":
        return _only_shown(indicator, figures.rounded, _status_before(figures.status))
    if indicator.year_on_year == "level":
        return _level(figures, rounding)
    before = _status_before(figures.status)
    status = first_reason(
        (~figures.comparable, code(Status.SERIES_BREAK)),
        (~figures.known, figures.status),
        (~known(before), before),
        otherwise=np.maximum(figures.status, before),
    )
    return _compared(
        indicator,
        Bounded(figures.value, figures.low, figures.high),
        Bounded(*(_year_before(part) for part in (figures.value, figures.low, figures.high))),
        reference=_shifted(figures.rounded, 0),
        status=status,
        before=before,
        rounding=rounding,
    )


def _level(figures: UnitFigures, rounding: Rounding) -> Differences:
    """A growth indicator's level: how much the measured quantity itself moved, in its own unit."""
    then, change = figures.denominator.exact(), figures.numerator
    nothing = Exact.of(np.zeros_like(change.value))
    return Differences(
        status=figures.status,
        reference_status=figures.status,
        reference=then.rounded(0, rounding),
        reference_decimals=0,
        difference=change.exact().rounded(0, rounding),
        difference_decimals=0,
        exact=change.exact(),
        now=Bounded(change.exact(), change.exact("low"), change.exact("high")),
        then=Bounded.exactly(nothing),
    )


@dataclass(frozen=True, slots=True)
class CountyLastYear:
    """A county's figures against those of the year before, over the ``matched`` units usable in both years.

    ``is_partial`` holds where these are not all units of both figures. ``differences`` is None for an indicator that
    compares the level of each unit only.
    """

    differences: Differences | None
    matched: Integers
    is_partial: Flags


def county_last_year(
    figures: UnitFigures,
    county: CountyFigures,
    counted: Judged,
    answers: Answers,
    comparable: Flags,
    rounding: Rounding,
) -> CountyLastYear:
    """Every county against itself a year earlier (可比口径).

    Both years are computed over the units usable in both and comparable, so that a unit which answered in one year
    only is no change; shown beside it is last year's figure over its own units. ``comparable`` has the shape (years,
    counties).
    """
    indicator = figures.indicator
    if indicator.year_on_year == "level":
        nothing = np.zeros_like(county.units)
        return CountyLastYear(None, nothing, nothing > 0)
    if indicator.year_on_year == "none":
        return _growth(figures, county, answers)
    used = usable(figures, counted)
    known_twice = used & _shifted(used, 0)
    both = known_twice & figures.comparable
    broken = answers.groups.counts(known_twice & ~figures.comparable) > 0
    now = pooled(figures, counted, both, answers)
    # the same units a year earlier: each row of the choice goes to the year before it
    then = pooled(figures, counted, np.concatenate([both[1:], np.zeros_like(both[:1])]), answers)
    before = _county_before(indicator, county.status)
    about = now.approximate | _shifted(then.approximate, 0)
    no_base = now.no_base | _shifted(then.no_base, 0)
    status = first_reason(
        (~comparable, code(Status.SERIES_BREAK)),
        (~known(county.status), county.status),
        (~known(before), before),
        (broken & (now.units == 0), code(Status.SERIES_BREAK)),
        (now.units == 0, code(Status.TOO_FEW_UNITS)),
        (no_base, code(Status.ZERO_DENOMINATOR)),
        otherwise=np.where(about, code(Status.APPROX), code(Status.OK)).astype(np.int8),
    )
    differences = _compared(
        indicator,
        Bounded(now.value, now.low, now.high),
        Bounded(*(_year_before(part) for part in (then.value, then.low, then.high))),
        reference=_shifted(county.rounded, 0),
        status=status,
        before=before,
        rounding=rounding,
    )
    matched = np.where(known(status), now.units, 0)
    whole = (matched == county.units) & (matched == _shifted(county.units, 0))
    return CountyLastYear(differences, matched, known(status) & ~whole)


def _growth(figures: UnitFigures, county: CountyFigures, answers: Answers) -> CountyLastYear:
    """A growth is over matched units by itself; they are partial where the measured quantity is known of more."""
    now = answered(figures.indicator, answers)
    either = answers.groups.counts(now | _shifted(now, 0))
    matched = np.where(known(county.status), county.units, 0)
    shown = _only_shown(figures.indicator, county.rounded, _county_before(figures.indicator, county.status))
    return CountyLastYear(shown, matched, known(county.status) & (matched < either))
