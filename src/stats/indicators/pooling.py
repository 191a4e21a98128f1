"""One indicator over any choice of each county's units, by the indicator's own rule. Averages no ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.answers import Answers
from stats.catalogue.status import Status
from stats.indicators.targets import Judged
from stats.indicators.units import UnitFigures, cut
from stats.measures import Exact, Flags, Quantity, code, medians
from stats.measures.groups import Indexes

SUMS = ("sum", "sum_and_median", "sum_ratio")
SHARES = ("share_compliant", "share_yes")


@dataclass(frozen=True, slots=True)
class Pooled:
    """The figure of the chosen units as vectors over years and counties, with the bounds it lies between.

    ``units`` counts the chosen units; where it is 0, or where ``no_base`` says that their denominators add up to 0,
    the numbers mean nothing. ``approximate`` is true where any of the units is approximate.
    """

    numerator: Exact
    denominator: Exact
    value: Exact
    low: Exact
    high: Exact
    units: Indexes
    approximate: Flags
    no_base: Flags


def usable(figures: UnitFigures, counted: Judged) -> Flags:
    """The units that a county's figure rests on: those with both sides, a state or a value, as the rule asks."""
    rule = figures.indicator.aggregation
    if rule in SUMS:
        return figures.summed
    return counted.met | counted.unmet if rule in SHARES else figures.known


def pooled(figures: UnitFigures, counted: Judged, used: Flags, answers: Answers) -> Pooled:
    """The units that ``used`` chooses, taken together: a sum, a ratio of sums, a share of units or a median.

    ``used`` (years by units) chooses among the usable ones; ``counted`` says which units a share of units counts.
    """
    rule = figures.indicator.aggregation
    if rule in SUMS or rule == "degree_and_share":
        return _sums(figures, used, answers)
    if rule in SHARES:
        return _share(counted, used, answers)
    return _own(figures, used, answers) if rule == "county_own" else _median(figures, used, answers)


def _any_approximate(figures: UnitFigures, used: Flags, answers: Answers) -> Flags:
    sides = np.maximum(figures.numerator.status, figures.denominator.status)
    return answers.groups.counts(used & (sides == code(Status.APPROX))) > 0


def _sums(figures: UnitFigures, used: Flags, answers: Answers) -> Pooled:
    indicator, units = figures.indicator, answers.groups.counts(used)
    approximate = _any_approximate(figures, used, answers)
    degree = indicator.aggregation == "degree_and_share"
    # what a unit did beyond its full mark makes up for nothing another unit left undone
    above = _summed(_full_at_most(figures) if degree else figures.numerator, used, answers)
    if isinstance(indicator.denominator, int) and indicator.kind != "growth" and not degree:
        below = Quantity.constant(indicator.denominator, units.shape)
    else:
        below = _summed(figures.denominator, used, answers)
    value = above.exact().over(below.exact()).times(indicator.times)
    low, high = value, value
    if approximate.any():
        low, high = _growth_bounds(figures, used, answers) if indicator.kind == "growth" else _bounds(above, below)
        low, high = low.times(indicator.times), high.times(indicator.times)
    if indicator.kind == "ratio" and indicator.capped == "yes":
        value, low, high = (cut(part, indicator.times, approximate) for part in (value, low, high))
    return Pooled(
        above.exact(), below.exact(), value, low, high, units, approximate, np.asarray(below.value == 0, dtype=np.bool_)
    )


def _full_at_most(figures: UnitFigures) -> Quantity:
    above, below = figures.numerator, figures.denominator
    full = below.value * 10 ** (above.places - below.places)
    value, low, high = (np.minimum(part, full) for part in (above.value, above.low, above.high))
    return Quantity(value, low, high, above.status, above.places)


def _bounds(above: Quantity, below: Quantity) -> tuple[Exact, Exact]:
    return above.exact("low").over(below.exact("high")), above.exact("high").over(below.positive_low())


def _summed(quantity: Quantity, used: Flags, answers: Answers) -> Quantity:
    value, low, high = (answers.groups.sums(part, used) for part in (quantity.value, quantity.low, quantity.high))
    return Quantity(value, low, high, np.zeros(value.shape, dtype=np.int8), quantity.places)


def _growth_bounds(figures: UnitFigures, used: Flags, answers: Answers) -> tuple[Exact, Exact]:
    """The sums of this year's bounds against the sums of last year's opposite bounds."""
    change, then = figures.numerator, figures.denominator
    # low(now) = low(change) + high(then), since low(change) = low(now) - high(then); likewise the other end
    now = Quantity(change.value + then.value, change.low + then.high, change.high + then.low, then.status, then.places)
    low, high = _bounds(_summed(now, used, answers), _summed(then, used, answers))
    one = Exact.of(np.full(answers.groups.counts(used).shape, 1, dtype=np.int64))
    return low - one, high - one


def _share(counted: Judged, used: Flags, answers: Answers) -> Pooled:
    met, units = answers.groups.counts(counted.met & used), answers.groups.counts(used)
    value, nothing = Exact.of(met * 100).over(Exact.of(units)), np.zeros(units.shape, dtype=np.bool_)
    return Pooled(Exact.of(met), Exact.of(units), value, value, value, units, nothing, nothing)


def _own(figures: UnitFigures, used: Flags, answers: Answers) -> Pooled:
    """The figure of the county's own row, the last of its group."""
    last = np.append(answers.groups.starts[1:], answers.groups.size) - 1

    def own(part: Exact) -> Exact:
        below = part.denominator if part.denominator.ndim == 0 else part.denominator[:, last]
        return Exact(part.numerator[:, last], below)

    units = used[:, last].astype(np.int64)
    return Pooled(
        numerator=own(figures.numerator.exact()),
        denominator=own(figures.denominator.exact()),
        value=own(figures.value),
        low=own(figures.low),
        high=own(figures.high),
        units=units,
        approximate=figures.status[:, last] == code(Status.APPROX),
        no_base=np.zeros(units.shape, dtype=np.bool_),
    )


def _median(figures: UnitFigures, used: Flags, answers: Answers) -> Pooled:
    """The median, between the medians of the units' bounds; of a standard for all, between its extremes."""
    groups, approximate = answers.groups, _any_approximate(figures, used, answers)
    middle, low, high = medians(figures.value, used, groups)
    if figures.indicator.aggregation == "median_and_share_compliant":
        low, high = middle, middle
        if approximate.any():
            low, high = (medians(part, used, groups)[0] for part in (figures.low, figures.high))
    nothing = np.zeros(approximate.shape, dtype=np.bool_)
    return Pooled(middle, middle, middle, low, high, groups.counts(used), approximate, nothing)
