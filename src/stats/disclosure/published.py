"""What an edition publishes about protected counts, as facts: shown counts, county sums, changes, states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from stats.catalogue.indicator import Indicator, Term
from stats.catalogue.status import Status
from stats.compare import Results
from stats.disclosure.audit import Count, Fact, Statement, Terms
from stats.disclosure.counts import (
    WHOLE_YEAR,
    Reported,
    largest,
    parts_and_wholes,
    protected_variables,
)
from stats.disclosure.issued import Issued
from stats.disclosure.suppression import Hidden


@dataclass(frozen=True)
class Published:
    """The facts behind every figure on protected counts that an edition may show.

    Sums are taken to be known to the last unit wherever a share of them is printed, which is more than readers get:
    differences, places and medians then tell nothing further. ``results`` gives the units behind each figure.
    ``recall`` says what went out before, of the questions that are reported.
    """

    results: Results
    reported: Reported
    recall: Callable[[Reported], Issued] = lambda _: Issued()
    _sums_known: dict[tuple[str, int], tuple[Fact, ...]] = field(default_factory=dict)
    _matched_known: dict[tuple[str, int], tuple[Fact, ...]] = field(default_factory=dict)
    _states_known: dict[tuple[str, int, str], tuple[Fact, ...]] = field(default_factory=dict)

    def of(self, family: tuple[str, ...]) -> Published:
        """The same for one family of questions."""
        return Published(self.results, self.reported.of(family), self.recall)

    @cached_property
    def issued(self) -> Issued:
        """What went out before."""
        return self.recall(self.reported)

    def shows(self, count: Count, hidden: Hidden) -> bool:
        """Whether a count is open to readers: shown now, or shown by an earlier issue and the same since."""
        return not self._hides(hidden, count) or count in self.issued.openly

    def statement(self, hidden: Mapping[int, Hidden]) -> Statement:
        """All that is published of the years given, with what is known anyway and what went out before."""
        shown, limits = dict(self.issued.shown), dict(self.issued.largest)
        for count, value in self.reported.values.items():
            if count.year in hidden:
                if self.shows(count, hidden[count.year]):
                    shown[count] = value
                else:
                    limits[count] = largest(count.variable)
        facts = [fact for year in hidden for fact in self.facts(year, hidden)]
        return Statement(shown, limits, (*facts, *self.issued.facts_of(hidden)))

    def facts(self, year: int, hidden: Mapping[int, Hidden]) -> tuple[Fact, ...]:
        """What one year's edition adds: what holds in every return, and what is told of the year."""
        return (*self._known(year), *self.printed_facts(year, hidden))

    def printed_facts(self, year: int, hidden: Mapping[int, Hidden]) -> tuple[Fact, ...]:
        """The county's sums, and the states told."""
        growth = {entry.code for entry in self.reported.indicators if entry.kind == "growth"}
        told = (pair for pair in hidden[year].states_told if pair[1] not in growth or year - 1 in hidden)
        return (*self.county_facts(year, hidden), *self.state_facts(year, told))

    @staticmethod
    def _hides(hidden: Hidden, count: Count) -> bool:
        return count.variable in protected_variables() and hidden.hides(count.unit, count.variable, count.period)

    def _known(self, year: int) -> tuple[Fact, ...]:
        return self._known_by_year[year]

    @cached_property
    def _known_by_year(self) -> Mapping[int, tuple[Fact, ...]]:
        return {year: tuple(self.reported.known_facts(year)) for year in self.reported.years}

    def county_facts(self, year: int, hidden: Mapping[int, Hidden]) -> Iterator[Fact]:
        """The sums behind the county's figures and behind their changes from last year, as far as years are told of."""
        for entry in self.reported.indicators:
            if entry.code not in hidden[year].figures and (entry.kind != "growth" or year - 1 in hidden):
                yield from self._sums_of(entry.code, year)
            if entry.code not in hidden[year].changes and year - 1 in hidden:
                yield from self._matched_of(entry.code, year)

    def sums(self, code: str, year: int) -> tuple[Fact, ...]:
        """The sums behind one county figure."""
        return tuple(self._sums(next(entry for entry in self.reported.indicators if entry.code == code), year))

    def open_rest(self, code: str, year: int) -> list[int]:
        """What the part of a county figure leaves of its whole, where that is no protected count; else nothing."""
        entry = next(entry for entry in self.reported.indicators if entry.code == code)
        below = entry.denominator
        pair = (entry.numerator[0].variable, below[0].variable if isinstance(below, tuple) else "")
        if pair not in parts_and_wholes() or pair[1] in protected_variables():
            return []
        part, whole = (self.reported.column(year, name) for name in pair)
        return [sum(whole[unit] - part[unit] for unit in self._used(entry, year) if unit in part and unit in whole)]

    def _sums_of(self, code: str, year: int) -> tuple[Fact, ...]:
        if (code, year) not in self._sums_known:
            self._sums_known[code, year] = self.sums(code, year)
        return self._sums_known[code, year]

    def _matched_of(self, code: str, year: int) -> tuple[Fact, ...]:
        if (code, year) not in self._matched_known:
            entry = next(entry for entry in self.reported.indicators if entry.code == code)
            self._matched_known[code, year] = tuple(self._matched_sums(entry, year))
        return self._matched_known[code, year]

    def _sums(self, entry: Indicator, year: int) -> Iterator[Fact]:
        used = self._used(entry, year)
        years = (year, year - 1) if entry.kind == "growth" else (year,)
        for side, terms in _sides(entry):
            for of_year in years:
                yield from self._sum(terms, used, of_year, f"{entry.code} {year} 全县{side}")

    def _matched_sums(self, entry: Indicator, year: int) -> Iterator[Fact]:
        """New only where the units compared are not those of both years' figures."""
        matched = self.matched(entry, year)
        if not matched:
            return
        for of_year in (year, year - 1):
            if matched != self._used(entry, of_year):
                for side, terms in _sides(entry):
                    yield from self._sum(terms, matched, of_year, f"{entry.code} {year} 同比{side}")

    def _sum(self, terms: tuple[Term, ...], units: Iterable[str], year: int, where: str) -> Iterator[Fact]:
        counts = tuple((Count(u, year, t.variable, WHOLE_YEAR), 1) for t in terms for u in units)
        if counts and all(count in self.reported.values for count, _ in counts):
            value = sum(self.reported.values[count] for count, _ in counts)
            yield Fact(counts, value, value, where)

    def _used(self, entry: Indicator, year: int) -> tuple[str, ...]:
        """The units behind a county figure, in order."""
        answers = self.results.answers
        if year not in answers.years:
            return ()
        row = answers.years.index(year)
        columns = np.flatnonzero(self.results.compared[entry.code].units.summed[row] & answers.towns)
        return tuple(answers.units[column] for column in map(int, columns))

    def matched(self, entry: Indicator, year: int) -> tuple[str, ...]:
        """The units behind the county's change from last year: used in both years, with nothing that parts them."""
        if entry.year_on_year in ("none", "level"):
            return ()
        before, code, params = set(self._used(entry, year - 1)), entry.code, self.results.params
        return tuple(
            unit
            for unit in self._used(entry, year)
            if unit in before and params.comparable(year=year, unit=unit, indicator=code)
        )

    def state_facts(self, year: int, told: Iterable[tuple[str, str]]) -> Iterator[Fact]:
        """What a told state says of a hidden figure: that it reaches the target, or that it does not."""
        for unit, code in sorted(told):
            yield from self.state_fact(unit, year, code)

    def state_fact(self, unit: str, year: int, code: str) -> tuple[Fact, ...]:
        """The same for one figure; nothing where there is no target or no state."""
        place = (unit, year, code)
        if place not in self._states_known:
            self._states_known[place] = tuple(self._state_fact(*place))
        return self._states_known[place]

    def _state_fact(self, unit: str, year: int, code: str) -> Iterator[Fact]:
        target = self.results.setting.targets.get(year, {}).get(code)
        figure = self.results.figure(unit, year, code)
        entry = next(entry for entry in self.reported.indicators if entry.code == code)
        if target is None or figure is None or figure.target.state not in ("met", "unmet"):
            return
        if figure.status is not Status.OK:  # an approximate figure's state does not follow from one number
            return
        is_at_least = (target.operator == ">=") == (figure.target.state == "met")
        strict = figure.target.state == "unmet"
        sides = self._figure_sides(entry, unit, year)
        if all(count in self.reported.values for count, _ in (*sides[0], *sides[1])):
            yield from _bound(sides, entry.times, Fraction(target.value), is_at_least, strict)
            if sides[1]:  # a state is told only where there is something to divide by
                yield Fact(sides[1], low=1, where="达标情况")

    @staticmethod
    def _figure_sides(entry: Indicator, unit: str, year: int) -> tuple[Terms, Terms]:
        """Numerator and denominator of one unit's figure, counts that are published anyway included."""

        def counts(terms: tuple[Term, ...], of_year: int) -> Terms:
            return tuple((Count(unit, of_year, term.variable, WHOLE_YEAR), 1) for term in terms)

        above = counts(entry.numerator, year)
        if entry.kind == "growth":
            below = counts(entry.numerator, year - 1)
            return (*above, *((count, -k) for count, k in below)), below
        return above, counts(entry.denominator, year) if isinstance(entry.denominator, tuple) else ()


def _sides(entry: Indicator) -> list[tuple[str, tuple[Term, ...]]]:
    """Numerator and denominator as far as they are protected counts."""
    sides = [("分子", entry.numerator)]
    if isinstance(entry.denominator, tuple):
        sides.append(("分母", entry.denominator))
    protected = set(protected_variables())
    return [(name, terms) for name, terms in sides if any(term.variable in protected for term in terms)]


def _bound(sides: tuple[Terms, Terms], times: int, target: Fraction, is_at_least: bool, strict: bool) -> Iterator[Fact]:
    """``times * above / below`` at least (or at most) the target, strictly where it is missed."""
    above, below = sides
    scale = target.denominator
    terms = (*((c, k * times * scale) for c, k in above), *((c, -k * target.numerator) for c, k in below))
    edge = (1 if strict else 0) if is_at_least else (-1 if strict else 0)
    yield Fact(terms, low=edge if is_at_least else None, high=None if is_at_least else edge, where="达标情况")
