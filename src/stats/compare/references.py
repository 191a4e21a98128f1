"""A unit against its county, and any figure against the city: differences, shares, medians. Ranks nothing."""

from __future__ import annotations

import numpy as np

from stats.answers import Answers
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.compare.differences import PERCENT_DECIMALS, Bounded, Differences, first_reason, known, subtract
from stats.indicators import CountyFigures, UnitFigures
from stats.measures import Codes, Exact, Flags, Rounding, code

# Below this many units a county mean says more about a neighbour than about the county.
FEWEST_COMPARABLE_UNITS = 3


def _spread(value: Exact, answers: Answers) -> Exact:
    below = value.denominator
    return Exact(answers.groups.spread(value.numerator), below if below.ndim == 0 else answers.groups.spread(below))


def units_against_county(
    figures: UnitFigures, county: CountyFigures, answers: Answers, rounding: Rounding
) -> Differences:
    """Every unit against the figure (or median) of its county, or as a share of its county's sum."""
    indicator = figures.indicator
    kind = indicator.versus_county
    reference_status = answers.groups.spread(county.status)
    units = answers.groups.spread(county.units)
    absolute = kind not in ("share", "units")
    status = first_reason(
        (np.full(answers.shape, kind == "none"), code(Status.NOT_COMPARED)),
        (~figures.known, figures.status),
        (~known(reference_status), reference_status),
        ((units < FEWEST_COMPARABLE_UNITS) & absolute, code(Status.TOO_FEW_UNITS)),
        otherwise=np.maximum(figures.status, reference_status),
    )
    if kind == "share":
        return _share(figures, county, answers, status, reference_status, rounding)
    level = county.median if kind.startswith("median") else (county.value, county.low, county.high)
    compared = subtract(
        Bounded(figures.value, figures.low, figures.high),
        Bounded(*(_spread(part, answers) for part in level)),
        reference=answers.groups.spread(level[0].rounded(indicator.decimals, rounding)),
        status=status,
        reference_status=reference_status,
        decimals=indicator.decimals,
        rounding=rounding,
    )
    if kind in ("units", "none"):
        return Differences(
            status, reference_status, compared.reference, indicator.decimals, None, indicator.decimals, None
        )
    return compared


def _share(
    figures: UnitFigures,
    county: CountyFigures,
    answers: Answers,
    status: Codes,
    reference_status: Codes,
    rounding: Rounding,
) -> Differences:
    decimals = figures.indicator.decimals
    whole = Bounded(*(_spread(part, answers) for part in (county.value, county.low, county.high)))
    nothing = np.asarray(whole.value.numerator == 0, dtype=np.bool_)
    share = figures.value.over(whole.value).times(100)
    return Differences(
        status=first_reason((nothing & known(status), code(Status.ZERO_DENOMINATOR)), otherwise=status),
        reference_status=reference_status,
        reference=answers.groups.spread(county.rounded),
        reference_decimals=decimals,
        difference=None,
        difference_decimals=decimals,
        exact=share,
        percent=share.rounded(PERCENT_DECIMALS, rounding),
        has_percent=~nothing,
        now=Bounded(figures.value, figures.low, figures.high),
        then=whole,
    )


def against_city(
    indicator: Indicator, given: Bounded, status: Codes, city: Exact, provided: Flags, rounding: Rounding
) -> Differences:
    """Figures (years by columns) against the city's of the same year, where it is provided."""
    absent = Status.NOT_PROVIDED if indicator.versus_city else Status.NOT_COMPARED
    is_given = np.broadcast_to(provided, status.shape)
    everywhere = Exact(*(np.broadcast_to(part, status.shape) for part in (city.numerator, city.denominator)))
    return subtract(
        given,
        Bounded.exactly(everywhere),
        reference=np.broadcast_to(city.rounded(indicator.decimals, rounding), status.shape),
        status=first_reason((~is_given, code(absent)), (~known(status), status), otherwise=status),
        reference_status=np.where(is_given, code(Status.OK), code(absent)).astype(np.int8),
        decimals=indicator.decimals,
        rounding=rounding,
    )
