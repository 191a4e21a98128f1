"""Hides more until the proof holds: suppress, state what would be published, prove, and again. Shows nothing.

Year by year, the earliest first: what an edition of a year shows has gone out when the next year's is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from stats.catalogue.indicator import Indicator
from stats.disclosure.audit import Count, Exposed, Fact, Guarded, Terms, Worlds, exposed
from stats.disclosure.counts import (
    WHOLE_YEAR,
    Reported,
    families,
    parts_and_wholes,
    protected_variables,
    small,
    usual_parts,
)
from stats.disclosure.guarded import Quantities
from stats.disclosure.published import Published
from stats.disclosure.suppression import Choice, Hidden, suppress
from stats.errors import DisclosureError

YEARS_BOUND = 3
"""A year is bound to the one before by changes, and that one to the one before it; no fact reaches further."""


def protect(published: Published, threshold: int, choice: Choice) -> dict[int, Hidden]:
    """What is hidden of every year of a run, so that nothing protected follows from all that is published.

    What went out before is among it. DisclosureError names what cannot be protected.
    """
    years = published.reported.years
    hidden = dict.fromkeys(years, Hidden())
    for family in families() if threshold > 1 else ():
        of_family = _protect_family(published.of(family), threshold, choice)
        hidden = {year: hidden[year].joined(of_family[year]) for year in years}
    return {year: _with_usual_parts(each, published.reported, year) for year, each in hidden.items()}


def _with_usual_parts(hidden: Hidden, reported: Reported, year: int) -> Hidden:
    """With the parts hidden that seldom exceed a hidden whole: where one stood, readers would take it for the least."""
    parts = {
        (unit, part)
        for part, whole in usual_parts()
        for unit in reported.column(year, part)
        if (unit, whole) in hidden.counts
    }
    return replace(hidden, counts=hidden.counts | parts, seasons=hidden.seasons | parts)


def _protect_family(published: Published, threshold: int, choice: Choice) -> dict[int, Hidden]:
    """The same for one family of questions, whose facts are bound to those of no other.

    What went out hidden is hidden again while it is the same, so that to issue a set changes nothing in it.
    """
    hidden: dict[int, Hidden] = {}
    worlds, by_rule = (Worlds({**published.reported.values, **published.issued.values}) for _ in range(2))
    for year in published.reported.years:
        earlier = dict(list(hidden.items())[-YEARS_BOUND + 1 :])
        step = _Year(published, year, threshold, choice, earlier, worlds, by_rule)
        first = _first(published, year, threshold, hidden)
        hidden[year] = step.protected(first.joined(published.issued.before.get(year, Hidden())))
    return hidden


def _first(published: Published, year: int, threshold: int, earlier: Mapping[int, Hidden]) -> Hidden:
    """The small counts, and the county figures that are small themselves or compare with one that is hidden."""
    first = suppress(published.reported, year, threshold)
    figures = {
        entry.code
        for entry in published.reported.indicators
        if _is_small(published, entry.code, year, threshold)
        or any(
            (name, WHOLE_YEAR) in first.columns and _total(published, year, name) < threshold
            for name in entry.variables
        )
    }
    hidden_before = earlier[year - 1].figures if year - 1 in earlier else frozenset()
    return replace(first, figures=frozenset(figures), changes=frozenset(figures | hidden_before))


def _total(published: Published, year: int, variable: str) -> int:
    return sum(published.reported.column(year, variable).values())


def _is_small(published: Published, code: str, year: int, threshold: int) -> bool:
    """Whether a side of a county figure, or what its part leaves of its whole, is small."""
    sums = [fact.low for fact in published.sums(code, year)]
    known = [value for value in sums if value is not None]
    rests = [abs(known[1] - known[0])] if len(known) == 2 else published.open_rest(code, year)
    return any(small(value, threshold) for value in (*known, *rests))


@dataclass
class _Year:
    """One year's step: what was decided for the years before stands."""

    published: Published
    year: int
    threshold: int
    choice: Choice
    earlier: Mapping[int, Hidden]
    worlds: Worlds
    worlds_by_rule: Worlds
    lost: set[Terms] = field(default_factory=set)
    """What earlier issues give away by themselves, whatever is hidden now."""

    def protected(self, hidden: Hidden) -> Hidden:
        """The year with as much hidden as the proof asks for, and every state told that it allows."""
        for weak in tuple(self._exposed(hidden)):
            hidden = self._mended(hidden, weak)
        left = tuple(self._exposed(hidden))
        while left:
            for weak in left:
                hidden = self._mended(hidden, weak)
            left = tuple(self._exposed(hidden))
        return self._with_states(hidden)

    def _exposed(self, hidden: Hidden, only: Sequence[Guarded] | None = None) -> Iterator[Exposed]:
        """What does not stay open, to a reader who computes and to one who knows the rule as well."""
        all_years = {**self.earlier, self.year: hidden}
        statement = self.published.statement(all_years)
        news = (*self.published.facts(self.year, all_years), *self.published.issued.facts_of(all_years))
        wanted = self._quantities.of(all_years) if only is None else only
        guarded = [quantity for quantity in wanted if quantity.terms not in self.lost]
        kept = only is None or len(only) > 1  # for one quantity a look through all worlds costs more than a new one
        yield from exposed(statement, guarded, worlds=self.worlds if kept else None, news=news)
        by_rule = [quantity for quantity in guarded if self._quantities.is_small(quantity)]
        knowing = statement.also(fact for year, of_year in all_years.items() for fact in self._classes(year, of_year))
        known_worlds = self.worlds_by_rule if kept else None
        news = (*news, *self._classes(self.year, hidden))
        yield from exposed(knowing, by_rule, small=False, worlds=known_worlds, news=news)

    @cached_property
    def _quantities(self) -> Quantities:
        return Quantities(self.published, self.threshold)

    def _classes(self, year: int, hidden: Hidden) -> Iterator[Fact]:
        """What a reader who knows the rule may take for known: why each hidden count is hidden.

        A count is small, or what it leaves of its whole is, or it stands in for another; nothing is known in columns
        of which no count goes out, nor of a part that is hidden whatever it is. Of seasons that are hidden together one
        reason is enough: a reader does not know in how many of them there is one, and every world that has this one is
        among those he must allow for.
        """
        explained: set[tuple[str, str]] = set()
        for count, value in self.published.reported.values.items():
            if count.year == year and self._tells_why(count, value, hidden):
                if count.period != WHOLE_YEAR and (count.unit, count.variable) in explained:
                    continue
                explained.add((count.unit, count.variable))
                yield self._class(count, value)

    def _tells_why(self, count: Count, value: int, hidden: Hidden) -> bool:
        """Whether hiding this count tells a reader who knows the rule which kind of count it is.

        By season that is so only of a small count or rest in a year that is shown: all seasons are hidden together.
        """
        name, period = count.variable, count.period
        if name not in self.published.reported.questions or not hidden.hides(count.unit, name, period):
            return False
        if {(name, period), (name, WHOLE_YEAR)} & hidden.columns or self._is_narrow(count):
            return False
        if period == WHOLE_YEAR:
            return True
        quantities = (value, *(rest for _, rest in self._rests(count, value)))
        is_small = any(small(each, self.threshold) for each in quantities)
        return is_small and not hidden.hides(count.unit, name, WHOLE_YEAR)

    def _rests(self, count: Count, value: int) -> Iterator[tuple[Count, int]]:
        """Each known whole of a count, with what the count leaves of it."""
        wholes = (count._replace(variable=whole) for part, whole in parts_and_wholes() if part == count.variable)
        values = self.published.reported.values
        return ((whole, values[whole] - value) for whole in wholes if whole in values)

    def _class(self, count: Count, value: int) -> Fact:
        own = ((count, 1),)
        if small(value, self.threshold):
            return Fact(own, 1, self.threshold - 1, "隐去规则")
        for whole, rest in self._rests(count, value):
            if small(rest, self.threshold):
                return Fact(((whole, 1), (count, -1)), 1, self.threshold - 1, "隐去规则")
        return Fact(own, self.threshold if value else 0, None if value else 0, "隐去规则")

    def _is_narrow(self, count: Count) -> bool:
        """Whether an open whole is so small that the part is hidden whatever it is, so that hiding tells nothing."""
        wholes = [whole for part, whole in parts_and_wholes() if part == count.variable]
        open_wholes = [count._replace(variable=w) for w in wholes if w not in protected_variables()]
        return any(small(self.published.reported.values.get(whole, 0), self.threshold) for whole in open_wholes)

    def _mended(self, hidden: Hidden, weak: Exposed) -> Hidden:
        """The year with the least hidden besides that leaves this quantity open.

        Tried in turn: one more count of the same question, all of a town's counts that belong together, the county's
        changes, its figures, each alone and then together.
        """
        taken: list[_Step] = []
        if self._is_open(hidden, weak):
            return hidden
        for steps in self._remedies(hidden, weak.guarded):
            alone = next((step for step in steps if self._is_open(step(hidden), weak)), None)
            if alone:
                return alone(hidden)
            for step in steps:
                taken.append(step)
                if self._is_open(_all(taken, hidden), weak):
                    return self._without_needless(taken, hidden, weak)
        if self._is_given_away(weak.guarded):
            self.lost.add(weak.guarded.terms)
            return hidden
        raise DisclosureError(
            f"{weak.guarded.name}不能保护：隐去其余各数后仍可由已公布的数推出",
            "请核对此前已印发的版本，或将本年度资料改按县内留用本（full）使用",
        )

    def _is_open(self, hidden: Hidden, weak: Exposed) -> bool:
        return next(self._exposed(hidden, [weak.guarded]), None) is None

    def _is_given_away(self, quantity: Guarded) -> bool:
        """Whether a quantity follows from what went out before by itself, so that it cannot be protected any more."""
        if not self.published.issued.thresholds:
            return False
        reported = self.published.reported
        all_counts = frozenset((unit, name) for unit in reported.towns for name in reported.questions)
        codes = frozenset(entry.code for entry in reported.indicators)
        nothing = Hidden(counts=all_counts, seasons=all_counts, figures=codes, changes=codes)
        years = dict.fromkeys((*self.earlier, self.year), nothing)
        return bool(exposed(self.published.statement(years), [quantity]))

    def _without_needless(self, taken: list[_Step], hidden: Hidden, weak: Exposed) -> Hidden:
        """The steps that are needed together, the first ones given back first."""
        for step in tuple(taken):
            fewer = [other for other in taken if other is not step]
            if self._is_open(_all(fewer, hidden), weak):
                taken = fewer
        return _all(taken, hidden)

    def _remedies(self, hidden: Hidden, quantity: Guarded) -> Iterator[list[_Step]]:
        places = dict.fromkeys((c.variable, c.period) for c, _ in quantity.terms if c.year == self.year)
        own = {count.unit for count, _ in quantity.terms}
        variable = quantity.terms[-1][0].variable
        towns = sorted(self.published.reported.towns, key=lambda unit: self.choice.order(self.year, variable, unit))
        others = [unit for unit in towns if unit not in own]
        for name, period in places:
            column = self.published.reported.column(self.year, name, period)
            can_hide = [u for u in others if u in column and self._can_hide(Count(u, self.year, name, period), hidden)]
            shown, zeros = ([u for u in can_hide if (column[u] == 0) is zero] for zero in (False, True))
            yield [_HideCounts(frozenset({(unit, name)}), period) for unit in (*shown, *zeros)]
        related = self.published.reported.questions if places else ()  # what an earlier year shows has gone out
        bundle = [frozenset((unit, name) for name in related if self._has(unit, name)) for unit in (*own, *others)]
        yield [_HideCounts(pairs, WHOLE_YEAR) for pairs in bundle if pairs]
        codes = [entry.code for entry in self.published.reported.indicators]
        yield [_HideChange(code) for code in codes if code not in hidden.changes]
        yield [_HideFigure(code) for code in reversed(codes) if code not in hidden.figures]

    def _can_hide(self, count: Count, hidden: Hidden) -> bool:
        """Whether hiding a count takes anything from readers: what an earlier issue shows they have."""
        shows = not hidden.hides(count.unit, count.variable, count.period)
        return shows and count not in self.published.issued.openly

    def _has(self, unit: str, variable: str) -> bool:
        return unit in self.published.reported.column(self.year, variable)

    def _with_states(self, hidden: Hidden) -> Hidden:
        """The states of hidden figures are told, but for those whose telling would expose a quantity.

        Those told by an earlier issue are known, and are told again.
        """
        entries, known = self.published.reported.indicators, hidden.states_told
        told = {(unit, entry.code) for entry in entries for unit in self._units_with_state(entry, hidden)}
        weak: tuple[Exposed, ...] | None = None
        while told:
            trial = replace(hidden, states_told=known | told)
            # what stayed open with more told is open still
            weak = tuple(self._exposed(trial, None if weak is None else [each.guarded for each in weak]))
            if not weak:
                return trial
            told -= self._exposing(told, weak) or told
        return hidden

    def _exposing(self, told: Iterable[tuple[str, str]], weak: Iterable[Exposed]) -> set[tuple[str, str]]:
        """The states told of the towns concerned, of indicators made from the questions concerned if there are any."""
        names = {(count.unit, count.variable) for found in weak for count, _ in found.guarded.terms}
        variables_of = {entry.code: entry.variables for entry in self.published.reported.indicators}
        direct = {(unit, code) for unit, code in told if any((unit, name) in names for name in variables_of[code])}
        return direct or {(unit, code) for unit, code in told if any(unit == town for town, _ in names)}

    def _units_with_state(self, entry: Indicator, hidden: Hidden) -> Iterator[str]:
        """The towns whose figure is hidden, but may be said to meet its target or not."""
        if any((name, WHOLE_YEAR) in hidden.columns for name in entry.variables):
            return
        for unit in self.published.reported.towns:
            hides = any(hidden.hides(unit, name, WHOLE_YEAR) for name in entry.variables)
            if hides and any(self.published.state_fact(unit, self.year, entry.code)):
                yield unit


@dataclass(frozen=True, slots=True)
class _HideCounts:
    pairs: frozenset[tuple[str, str]]
    period: str

    def __call__(self, hidden: Hidden) -> Hidden:
        whole_year = self.pairs if self.period == WHOLE_YEAR else frozenset()
        return replace(hidden, counts=hidden.counts | whole_year, seasons=hidden.seasons | self.pairs)


@dataclass(frozen=True, slots=True)
class _HideChange:
    code: str

    def __call__(self, hidden: Hidden) -> Hidden:
        return replace(hidden, changes=hidden.changes | {self.code})


@dataclass(frozen=True, slots=True)
class _HideFigure:
    code: str

    def __call__(self, hidden: Hidden) -> Hidden:
        return replace(hidden, figures=hidden.figures | {self.code}, changes=hidden.changes | {self.code})


_Step = _HideCounts | _HideChange | _HideFigure


def _all(steps: Iterable[_Step], hidden: Hidden) -> Hidden:
    for step in steps:
        hidden = step(hidden)
    return hidden
