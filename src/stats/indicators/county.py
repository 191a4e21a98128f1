"""One indicator for each whole county and year, with its status and how many units stand behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.answers import Answers
from stats.catalogue.status import Status
from stats.indicators.pooling import Pooled, pooled, usable
from stats.indicators.targets import Judged
from stats.indicators.units import UnitFigures
from stats.measures import Codes, Exact, Flags, Integers, Rounding, code, medians
from stats.measures.groups import Indexes


@dataclass(frozen=True, slots=True)
class CountyFigures:
    """Vectors over years and counties; ``units`` of ``due`` units stand behind each figure.

    ``median`` is that of the units' values, then of their lower and of their upper bounds, where the rule speaks of
    one, else the figure itself. ``met`` and ``decided`` count the units at target and those whose state is known.
    """

    status: Codes
    numerator: Exact
    denominator: Exact
    has_sides: bool
    value: Exact
    low: Exact
    high: Exact
    rounded: Integers
    median: tuple[Exact, Exact, Exact]
    units: Indexes
    due: Indexes
    met: Indexes
    decided: Indexes


def county_figures(figures: UnitFigures, counted: Judged, answers: Answers, rounding: Rounding) -> CountyFigures:
    """The county's figure: a sum, a ratio of sums, a degree, a share of units or a median, never an average of ratios.

    ``counted`` says which units are at target, or at full mark where that is what a share of units counts.
    """
    groups, rule = answers.groups, figures.indicator.aggregation
    used = usable(figures, counted)
    whole = pooled(figures, counted, used, answers)
    due, unusable = _considered(figures, answers)
    met, decided = groups.counts(counted.met), groups.counts(counted.met | counted.unmet)
    return CountyFigures(
        status=_own_status(figures, answers) if rule == "county_own" else _status(whole, unusable),
        numerator=whole.numerator,
        denominator=whole.denominator,
        has_sides=rule not in ("median_and_share_compliant", "uniform_or_median"),
        value=whole.value,
        low=whole.low,
        high=whole.high,
        rounded=whole.value.rounded(figures.indicator.decimals, rounding),
        median=_median(figures, used, whole, answers),
        units=whole.units,
        due=np.ones_like(due) if rule == "county_own" else due,
        met=met,
        decided=decided,
    )


def _median(figures: UnitFigures, used: Flags, whole: Pooled, answers: Answers) -> tuple[Exact, Exact, Exact]:
    if figures.indicator.aggregation != "sum_and_median":
        return whole.value, whole.low, whole.high
    value = medians(figures.value, used, answers.groups)[0]
    if not whole.approximate.any():
        return value, value, value
    low, high = (medians(part, used, answers.groups)[0] for part in (figures.low, figures.high))
    return value, low, high


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


def _own_status(figures: UnitFigures, answers: Answers) -> Codes:
    last: Flags = np.append(answers.groups.starts[1:], answers.groups.size) - 1
    return figures.status[:, last]


def _status(whole: Pooled, unusable: Codes) -> Codes:
    known = np.where(whole.approximate, code(Status.APPROX), code(Status.OK))
    known = np.where(whole.no_base, code(Status.ZERO_DENOMINATOR), known)
    return np.where(whole.units > 0, known, unusable).astype(np.int8)
