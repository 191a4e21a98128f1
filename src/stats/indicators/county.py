"""One indicator for each whole county and year, by the indicator's own rule. Averages no ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.answers import Answers
from stats.catalogue.status import Status
from stats.indicators.targets import Judged
from stats.indicators.units import UnitFigures
from stats.measures import Codes, Exact, Flags, Integers, Quantity, Rounding, code, medians
from stats.measures.groups import Indexes


@dataclass(frozen=True, slots=True)
class CountyFigures:
    """Vectors over years and counties; ``units`` of ``due`` units stand behind each figure.

    ``median`` is that of the units' values where the rule speaks of one (else the value itself). ``met`` and
    ``decided`` count the units at target and those whose state is known.
    """

    status: Codes
    numerator: Exact
    denominator: Exact
    has_sides: bool
    value: Exact
    low: Exact
    high: Exact
    rounded: Integers
    median: Exact
    units: Indexes
    due: Indexes
    met: Indexes
    decided: Indexes


def county_figures(figures: UnitFigures, judged: Judged, answers: Answers, rounding: Rounding) -> CountyFigures:
    """The county's figure: sums, ratios of sums, shares of units or medians, never an average of ratios.

    ``judged`` says which units meet the threshold that a share of units counts.
    """
    rule = figures.indicator.aggregation
    if rule in ("sum", "sum_and_median", "sum_ratio"):
        return _sums(figures, judged, answers, rounding)
    if rule in ("share_compliant", "share_yes"):
        return _shares(figures, judged, answers, rounding)
    if rule == "county_own":
        return _own(figures, judged, answers, rounding)
    return _medians(figures, judged, answers, rounding)


def _considered(figures: UnitFigures, answers: Answers) -> tuple[Indexes, Codes]:
    """How many units the indicator applies to, and the status of a county where none of them can be used."""
    level = figures.indicator.level
    asked = answers.due & (True if level == "both" else answers.towns == (level == "town"))
    applies = asked & (figures.status != code(Status.NOT_APPLICABLE))
    due = answers.groups.counts(applies)
    unusable = np.where(due == 0, code(Status.NOT_APPLICABLE), code(Status.MISSING))
    for reason in (Status.SERIES_BREAK, Status.NO_PREVIOUS):
        found = answers.groups.counts(applies & (figures.status == code(reason))) > 0
        unusable = np.where(found, code(reason), unusable)
    return due, unusable.astype(np.int8)


def _any_approximate(figures: UnitFigures, used: Flags, answers: Answers) -> Flags:
    sides = np.maximum(figures.numerator.status, figures.denominator.status)
    return answers.groups.counts(used & (sides == code(Status.APPROX))) > 0


def _status(usable: Flags, approximate: Flags, unusable: Codes) -> Codes:
    known = np.where(approximate, code(Status.APPROX), code(Status.OK))
    return np.where(usable, known, unusable).astype(np.int8)


def _sums(figures: UnitFigures, judged: Judged, answers: Answers, rounding: Rounding) -> CountyFigures:
    indicator, groups, used = figures.indicator, answers.groups, figures.summed
    due, unusable = _considered(figures, answers)
    units = groups.counts(used)
    above = _summed(figures.numerator, used, answers)
    if isinstance(indicator.denominator, int) and indicator.kind != "growth":
        below = Quantity.constant(indicator.denominator, units.shape)
    else:
        below = _summed(figures.denominator, used, answers)
    status = _status(units > 0, _any_approximate(figures, used, answers), unusable)
    status = np.where((units > 0) & (below.value == 0), code(Status.ZERO_DENOMINATOR), status).astype(np.int8)
    value = above.exact().over(below.exact()).times(indicator.times)
    if indicator.kind == "growth":
        low, high = _growth_bounds(figures, used, answers)
    else:
        low = above.exact("low").over(below.exact("high")).times(indicator.times)
        high = above.exact("high").over(below.positive_low()).times(indicator.times)
    middle = medians(figures.value, used, groups)[0] if indicator.aggregation == "sum_and_median" else value
    return CountyFigures(
        status=status,
        numerator=above.exact(),
        denominator=below.exact(),
        has_sides=True,
        value=value,
        low=low,
        high=high,
        rounded=value.rounded(indicator.decimals, rounding),
        median=middle,
        units=units,
        due=due,
        met=groups.counts(judged.met),
        decided=groups.counts(judged.met | judged.unmet),
    )


def _summed(quantity: Quantity, used: Flags, answers: Answers) -> Quantity:
    value, low, high = (answers.groups.sums(part, used) for part in (quantity.value, quantity.low, quantity.high))
    return Quantity(value, low, high, np.zeros(value.shape, dtype=np.int8), quantity.places)


def _growth_bounds(figures: UnitFigures, used: Flags, answers: Answers) -> tuple[Exact, Exact]:
    """The sums of this year's bounds against the sums of last year's opposite bounds."""
    change, then = figures.numerator, figures.denominator
    # low(now) = low(change) + high(then), since low(change) = low(now) - high(then); likewise the other end
    now = Quantity(change.value + then.value, change.low + then.high, change.high + then.low, then.status, then.places)
    above, below = _summed(now, used, answers), _summed(then, used, answers)
    one = Exact.of(np.full(above.value.shape, 1, dtype=np.int64))
    times = figures.indicator.times
    return (
        (above.exact("low").over(below.exact("high")) - one).times(times),
        (above.exact("high").over(below.positive_low()) - one).times(times),
    )


def _shares(figures: UnitFigures, judged: Judged, answers: Answers, rounding: Rounding) -> CountyFigures:
    groups = answers.groups
    due, unusable = _considered(figures, answers)
    met, decided = groups.counts(judged.met), groups.counts(judged.met | judged.unmet)
    value = Exact.of(met * 100).over(Exact.of(decided))
    return CountyFigures(
        status=_status(decided > 0, np.zeros(due.shape, dtype=np.bool_), unusable),
        numerator=Exact.of(met),
        denominator=Exact.of(decided),
        has_sides=True,
        value=value,
        low=value,
        high=value,
        rounded=value.rounded(figures.indicator.decimals, rounding),
        median=value,
        units=decided,
        due=due,
        met=met,
        decided=decided,
    )


def _own(figures: UnitFigures, judged: Judged, answers: Answers, rounding: Rounding) -> CountyFigures:
    """The figure of the county's own row, the last of its group."""
    last = np.append(answers.groups.starts[1:], answers.groups.size) - 1
    known = figures.known[:, last].astype(np.int64)

    def own(part: Exact) -> Exact:
        below = part.denominator if part.denominator.ndim == 0 else part.denominator[:, last]
        return Exact(part.numerator[:, last], below)

    return CountyFigures(
        status=figures.status[:, last],
        numerator=own(figures.numerator.exact()),
        denominator=own(figures.denominator.exact()),
        has_sides=True,
        value=own(figures.value),
        low=own(figures.low),
        high=own(figures.high),
        rounded=figures.rounded[:, last],
        median=own(figures.value),
        units=known,
        due=np.ones_like(known),
        met=judged.met[:, last].astype(np.int64),
        decided=(judged.met | judged.unmet)[:, last].astype(np.int64),
    )


def _medians(figures: UnitFigures, judged: Judged, answers: Answers, rounding: Rounding) -> CountyFigures:
    groups, used = answers.groups, figures.known
    due, unusable = _considered(figures, answers)
    units = groups.counts(used)
    middle, smallest, largest = medians(figures.value, used, groups)
    if figures.indicator.aggregation == "median_and_share_compliant":
        smallest, largest = (medians(part, used, groups)[0] for part in (figures.low, figures.high))
    return CountyFigures(
        status=_status(units > 0, _any_approximate(figures, used, answers), unusable),
        numerator=middle,
        denominator=middle,
        has_sides=False,
        value=middle,
        low=smallest,
        high=largest,
        rounded=middle.rounded(figures.indicator.decimals, rounding),
        median=middle,
        units=units,
        due=due,
        met=groups.counts(judged.met),
        decided=groups.counts(judged.met | judged.unmet),
    )
