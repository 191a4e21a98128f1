"""The protected counts of a run as reported, and what everyone may know about them beforehand. Hides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from stats.catalogue.check_shapes import AtMost
from stats.catalogue.checks import checks
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import variables
from stats.compare import Results
from stats.disclosure.audit import Count, Fact
from stats.disclosure.editions import is_small_cell
from stats.findings import Severity
from stats.measures import Quantity

WHOLE_YEAR = "year"


@cache
def protected_variables() -> tuple[str, ...]:
    """The questions whose small numbers could point at persons or families."""
    return tuple(name for name, variable in variables().items() if is_small_cell(variable))


@cache
def parts_and_wholes() -> tuple[tuple[str, str], ...]:
    """The (part, whole) pairs of a protected part: the hard checks refuse a part that exceeds its whole.

    >>> ("rec_enlisted_college", "rec_enlisted") in parts_and_wholes()
    True
    """
    return _pairs(Severity.ERROR)


@cache
def usual_parts() -> tuple[tuple[str, str], ...]:
    """The same pairs of checks that only ask: the part seldom exceeds its whole, and readers count on that.

    >>> usual_parts()
    (('rec_followup_done', 'rec_enlisted'),)
    """
    return _pairs(Severity.WARNING)


def _pairs(severity: Severity) -> tuple[tuple[str, str], ...]:
    rules = [check.rule for check in checks().values() if check.severity is severity]
    pairs = [
        (rule.parts[0], rule.wholes[0])
        for rule in rules
        if isinstance(rule, AtMost) and len(rule.parts) == len(rule.wholes) == rule.times == 1 and not rule.slack
    ]
    return tuple(pair for pair in pairs if pair[0] in protected_variables())


@cache
def protected_indicators() -> tuple[Indicator, ...]:
    """The indicators that are made from a protected count."""
    protected = set(protected_variables())
    return tuple(entry for entry in indicators().values() if protected.intersection(entry.variables))


@cache
def families() -> tuple[tuple[str, ...], ...]:
    """The protected questions that parts and wholes bind together, each family in the order of the form.

    >>> families()[-1]
    ('sup_cases_raised', 'sup_cases_solved')
    """
    left, found = list(protected_variables()), []
    while left:
        family = {left[0]}
        while more := {name for pair in parts_and_wholes() if family.intersection(pair) for name in pair} - family:
            family |= more
        found.append(tuple(name for name in protected_variables() if name in family))
        left = [name for name in left if name not in family]
    return tuple(found)


@dataclass(frozen=True)
class Reported:
    """What the towns reported: every protected count over the year and by season, and the open wholes of parts.

    ``questions`` are the protected ones among them.
    """

    years: tuple[int, ...]
    towns: tuple[str, ...]
    values: Mapping[Count, int]
    questions: tuple[str, ...] = ()

    def of(self, family: tuple[str, ...]) -> Reported:
        """The same for the questions of one family and the open wholes of its parts; nothing binds it to others."""
        names = {*family, *(whole for part, whole in parts_and_wholes() if part in family)}
        values = {count: value for count, value in self.values.items() if count.variable in names}
        return Reported(self.years, self.towns, values, family)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators made from these questions."""
        return tuple(entry for entry in protected_indicators() if set(self.questions).intersection(entry.variables))

    def column(self, year: int, variable: str, period: str = WHOLE_YEAR) -> dict[str, int]:
        """The counts of one question by unit, of the units that gave a number."""
        return self._columns.get((year, variable, period), {})

    def periods(self, year: int) -> tuple[str, ...]:
        """The whole year and the seasons asked about apart from it."""
        return (WHOLE_YEAR, *(period for period in periods_due(year) if period != WHOLE_YEAR))

    @cached_property
    def _columns(self) -> Mapping[tuple[int, str, str], dict[str, int]]:
        found: dict[tuple[int, str, str], dict[str, int]] = {}
        for count, value in self.values.items():
            found.setdefault((count.year, count.variable, count.period), {})[count.unit] = value
        return found

    def known_facts(self, year: int) -> Iterator[Fact]:
        """What holds in every return that is used: no part above its whole, and seasons that add up to the year."""
        for variable in self.questions:
            yield from self._season_facts(year, variable)
        for part, whole in parts_and_wholes():
            for period in self.periods(year):
                for unit in self.column(year, part, period).keys() & self.column(year, whole, period).keys():
                    pair = (Count(unit, year, whole, period), 1), (Count(unit, year, part, period), -1)
                    yield Fact(pair, low=0, where="填报核对规则")

    def _season_facts(self, year: int, variable: str) -> Iterator[Fact]:
        seasons = [period for period in self.periods(year) if period != WHOLE_YEAR]
        for unit in self.column(year, variable) if variables()[variable].seasonal and seasons else ():
            terms = tuple((Count(unit, year, variable, period), 1) for period in seasons)
            if all(count in self.values for count, _ in terms):
                yield Fact((*terms, (Count(unit, year, variable, WHOLE_YEAR), -1)), 0, 0, "分季合计")


def reported(results: Results) -> Reported:
    """The counts of all towns and years of a run, an approximate one by the number that is used for it."""
    answers, protected = results.answers, protected_variables()
    open_wholes = sorted({whole for _, whole in parts_and_wholes()} - set(protected))
    whole_year = [(name, WHOLE_YEAR, answers.numbers[name]) for name in (*protected, *open_wholes)]
    seasons = [(n, p, part) for (n, p), part in answers.seasons.items() if n in protected and p != WHOLE_YEAR]
    towns = [int(column) for column in np.flatnonzero(answers.towns)]
    values = {
        Count(answers.units[column], year, name, period): int(part.value[row, column])
        for name, period, part in (*whole_year, *seasons)
        if isinstance(part, Quantity)
        for row, year in enumerate(answers.years)
        if period == WHOLE_YEAR or period in periods_due(year)
        for column in towns
        if part.known[row, column]
    }
    return Reported(answers.years, tuple(answers.units[column] for column in towns), values, protected)


def small(value: int, threshold: int) -> bool:
    """Whether a count is protected: from 1 to below the threshold."""
    return 1 <= value < threshold


def largest(variable: str) -> int:
    """The largest number the form accepts."""
    limit = variables()[variable].maximum
    return 100_000 if limit is None else int(limit)
