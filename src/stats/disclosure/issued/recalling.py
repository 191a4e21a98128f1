"""Records as what readers know beside the present set: which counts are still the same, which were others then.

Hides nothing and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from stats.disclosure.audit import Count, Fact
from stats.disclosure.counts import Reported, largest, parts_and_wholes
from stats.disclosure.issued.record import Record, damaged, digest
from stats.disclosure.suppression import Hidden


@dataclass(frozen=True)
class Issued:
    """What went out before, in terms of the present counts and of those that have changed or are gone since.

    The latter carry the record's name as ``issue``; ``values`` are their true values, ``shown`` those that stood in
    the record. ``openly`` are the present counts that an earlier issue shows, ``thresholds`` the smallest threshold at
    which a count was protected by then; ``before`` is what went out hidden, by year. ``kept`` are the counts that are
    the same, by the record's name.
    """

    shown: Mapping[Count, int] = field(default_factory=dict)
    values: Mapping[Count, int] = field(default_factory=dict)
    openly: frozenset[Count] = frozenset()
    facts: tuple[Fact, ...] = ()
    thresholds: Mapping[Count, int] = field(default_factory=dict)
    before: Mapping[int, Hidden] = field(default_factory=dict)
    kept: frozenset[Count] = frozenset()

    @cached_property
    def largest(self) -> dict[Count, int]:
        """The largest value a count that is another one now, and was hidden, may have had."""
        return {count: largest(count.variable) for count in self.values if count not in self.shown}

    def facts_of(self, years: Collection[int]) -> tuple[Fact, ...]:
        """The facts that speak of present counts of these years only, or of none at all."""
        chosen = frozenset(years)
        if chosen not in self._by_years:
            fits = (fact for fact in self.facts if {c.year for c, _ in fact.terms if not c.issue} <= chosen)
            self._by_years[chosen] = tuple(fits)
        return self._by_years[chosen]

    @cached_property
    def _by_years(self) -> dict[frozenset[int], tuple[Fact, ...]]:
        return {}

    def counterpart(self, count: Count, name: str) -> Count | None:
        """The count of another question at the time of the issue that a count speaks of, as of a part its whole."""
        then = count._replace(variable=name)
        if then in self.values:
            return then
        return then._replace(issue="") if then in self.kept else None


def recalled(records: Sequence[Record], reported: Reported, key: Callable[[], bytes]) -> Issued:
    """What the records say of the questions that are reported. ParamsError for a record that contradicts itself."""
    if not records:
        return Issued()
    parts = [_Recalled(record, reported, key()) for record in records]
    before: dict[int, Hidden] = {}
    thresholds: dict[Count, int] = {}
    for part in parts:
        for year, hidden in part.before():
            before[year] = before.get(year, Hidden()).joined(hidden)
        for count in part.counts.values():
            thresholds[count] = min(part.record.threshold, thresholds.get(count, part.record.threshold))
    return Issued(
        shown={count: value for part in parts for count, value in part.shown()},
        values={count: value for part in parts for count, value in part.values.items()},
        openly=frozenset(part.counts[count] for part in parts for count in part.record.shown if count in part.same),
        facts=tuple(fact for part in parts for fact in part.facts()),
        thresholds=thresholds,
        before=before,
        kept=frozenset(count._replace(issue=part.record.name) for part in parts for count in part.same),
    )


class _Recalled:
    """One record beside the present counts."""

    def __init__(self, record: Record, reported: Reported, key: bytes) -> None:
        names = {*reported.questions, *(whole for part, whole in parts_and_wholes() if part in reported.questions)}
        self.record, self._reported = record, reported
        self._own = {count for count in record.digests if count.variable in names}
        self.same = frozenset(filter(self._is_same(key), self._own))
        self.counts = {c: c if c in self.same else c._replace(issue=record.name) for c in self._own}
        self.values = {self.counts[c]: self._value(c, key) for c in self._own if c not in self.same}

    def _is_same(self, key: bytes) -> Callable[[Count], bool]:
        values, digests = self._reported.values, self.record.digests
        return lambda count: count in values and digests[count] == digest(count, values[count], key)

    def _value(self, count: Count, key: bytes) -> int:
        """The value a count had then: the one of which the digest is."""
        said = self.record.digests[count]
        candidates: Iterable[int] = range(largest(count.variable) + 1)
        if count in self.record.shown:
            candidates = (self.record.shown[count],)
        found = next((value for value in candidates if digest(count, value, key) == said), None)
        if found is None:
            raise damaged(f"data/issued/{self.record.name}.json")
        return found

    def shown(self) -> Iterator[tuple[Count, int]]:
        shown = self.record.shown
        return ((self.counts[c], shown[c]) for c in self._own if c in shown and c not in self.same)

    def facts(self) -> Iterator[Fact]:
        for fact in self.record.facts:
            if all(count in self.counts for count, _ in fact.terms):
                terms = tuple((self.counts[count], times) for count, times in fact.terms)
                yield Fact(terms, fact.low, fact.high, f"{self.record.name} {fact.where}")
        yield from self._known_facts()

    def _known_facts(self) -> Iterator[Fact]:
        """What held in every return that was used then, of the counts that are others now."""
        years = tuple(sorted({count.year for count in self._own}))
        towns = tuple(sorted({count.unit for count in self._own}))
        then = Reported(years, towns, dict.fromkeys(self._own, 0), self._reported.questions)
        for year in years:
            for fact in then.known_facts(year):
                terms = tuple((self.counts[count], times) for count, times in fact.terms)
                if any(count.issue for count, _ in terms):
                    yield Fact(terms, fact.low, fact.high, f"{self.record.name} {fact.where}")

    def before(self) -> Iterator[tuple[int, Hidden]]:
        """What was hidden of each year, as far as the counts are the same.

        Which figures and changes of the county were not told, and whose state was, stands only while nothing of that
        year has changed: it need not be so with other counts.
        """
        codes = {entry.code for entry in self._reported.indicators}
        for year in sorted({count.year for count in self._own}):
            own = {count for count in self._own if count.year == year}
            hidden = [count for count in own & self.same if count in self.record.hidden]
            counts = frozenset((c.unit, c.variable) for c in hidden if c.period == "year")
            seasons = frozenset((c.unit, c.variable) for c in hidden if c.period != "year") | counts
            made = Hidden(counts=counts, seasons=seasons)
            withheld = self.record.withheld.get(year)
            if withheld is not None and own == self._of_year(year) and own <= self.same:
                told = frozenset(pair for pair in withheld.states_told if pair[1] in codes)
                made = made.joined(
                    Hidden(figures=withheld.figures & codes, changes=withheld.changes & codes, states_told=told)
                )
            yield year, made

    def _of_year(self, year: int) -> set[Count]:
        return {count for count in self._reported.values if count.year == year}
