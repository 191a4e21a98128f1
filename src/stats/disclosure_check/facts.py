"""From what a set shows to what it says of counts: shown ones, hidden ones, and facts on sums. Proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from stats.catalogue.indicators import indicators
from stats.disclosure.audit import Count, Fact, Terms
from stats.disclosure.audit.statement import total
from stats.disclosure.counts import protected_indicators
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.names import is_one_answer, protected_questions
from stats.disclosure_check.presence import Behind, Presence, UnitsBehind
from stats.disclosure_check.seen import Seen, Target
from stats.disclosure_check.shares import Known, change_facts, state_facts, value_facts


@dataclass
class Said:
    """What one set, or one record, says: counts by value, counts it hides, facts; and what does not fit together."""

    name: str
    shown: dict[Count, int] = field(default_factory=dict)
    hidden: dict[Count, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    places: dict[Count, str] = field(default_factory=dict)
    found: list[Leak] = field(default_factory=list)


class SetFacts:
    """Reads one set's documents together; ``everywhere`` is what all sets show, for units this one says nothing of.

    ``former`` are those of the towns that reported the year before and are no more: they have a part in its sums only.
    ``asked`` are the protected questions that the edition holds.
    """

    def __init__(
        self,
        name: str,
        year: int,
        county: str,
        towns: Sequence[str],
        everywhere: Presence,
        former: frozenset[str] = frozenset(),
        asked: Iterable[str] = (),
    ) -> None:
        self._asked = tuple(asked)
        self._gone = dict.fromkeys(former, year)
        self._year, self._county, self._towns, self._everywhere = year, county, tuple(towns), everywhere
        self.said = Said(name)

    def read(self, seen: Sequence[Seen], targets: Iterable[Target]) -> Said:
        """Everything the set says."""
        self._units = UnitsBehind(self._towns, Presence(seen, self._county), self._everywhere, self._gone)
        self._targets = {(each.year, each.code): each for each in targets}
        self._single_counts(seen)
        said_once = _once(seen)
        numbers = [each for each in said_once if each.printed.mark == "number"]
        for each in numbers:
            if each.unit == self._county and each.aspect == "value":
                self.said.facts += self._county_sum(each)
        for each in numbers:
            if each.of.is_indicator and each.of.is_protected:
                self.said.facts += self._change(each) if each.aspect == "change" else self._value(each)
        for each in said_once:
            if each.aspect in ("met", "unmet"):
                self.said.facts += self._state(each)
        return self.said

    # One count.

    def _single_counts(self, seen: Iterable[Seen]) -> None:
        for each in seen:
            count = self._count_of(each)
            if count is None or each.unit == self._county or each.aspect != "value":
                continue
            value = each.printed.value
            if each.printed.mark == "number" and value is not None and value == value.to_integral_value():
                self._shown(count, int(value), each)
            elif each.printed.mark == "hidden":
                self.said.hidden.setdefault(count, _where(each))
        self._hidden_behind_figures(seen)
        self._left_out(seen)

    def _left_out(self, seen: Iterable[Seen]) -> None:
        """A table of a town's answers leaves out those that are hidden."""
        shown = {(each.unit, each.of.name) for each in seen if each.year == self._year and each.period == "year"}
        answering = {each.unit: each for each in seen if not each.of.is_indicator and each.year == self._year}
        for unit, each in answering.items():
            for name in self._asked if unit != self._county else ():
                count = Count(unit, self._year, name, "year")
                if (unit, name) not in shown and count not in self.said.shown:
                    self.said.hidden.setdefault(count, _where(each))

    def _hidden_behind_figures(self, seen: Iterable[Seen]) -> None:
        """Of a hidden figure those questions are hidden that stand nowhere."""
        for each in seen:
            if each.of.is_indicator and each.printed.mark == "hidden" and each.aspect == "value":
                for question in protected_questions(indicators()[each.of.name]):
                    count = Count(each.unit, each.year, question, "year")
                    if each.unit != self._county and count not in self.said.shown:
                        self.said.hidden.setdefault(count, _where(each))

    def _count_of(self, each: Seen) -> Count | None:
        """The one count a figure or answer is; None for one made from several."""
        if not each.of.is_indicator:
            return Count(each.unit, each.year, each.of.name, each.period)
        entry = indicators()[each.of.name]
        return Count(each.unit, each.year, entry.numerator[0].variable, "year") if is_one_answer(entry) else None

    def _shown(self, count: Count, value: int, each: Seen) -> None:
        self.said.places.setdefault(count, _where(each))
        if self.said.shown.setdefault(count, value) != value:
            follows = f"同一个数两处不同：{self.said.shown[count]} 和 {value}，不能核对"
            self.said.found.append(Leak("unread", each.place.file, each.place.spot, follows))

    # Figures.

    def _value(self, each: Seen) -> Iterator[Fact]:
        """What a figure says that is not one count or a plain sum."""
        entry, code = indicators()[each.of.name], each.of.name
        if not each.of.is_protected or is_one_answer(entry):
            return
        behind = Behind((each.unit,))
        if each.unit == self._county:
            find = self._units.change if entry.kind == "growth" else self._units.figure
            behind = self._checked(each, find(code, each.year, each.units))
        units, known = (*behind.given, *behind.unknown), self._known_over(behind)
        yield from _tagged(value_facts(code, units, each.year, each.printed, _where(each), known), behind, code)

    def _state(self, each: Seen) -> Iterator[Fact]:
        target = self._targets.get((each.year, each.of.name))
        if target is None or each.unit == self._county:
            return
        yield from state_facts(
            each.of.name,
            each.unit,
            each.year,
            is_met=each.aspect == "met",
            operator=target.operator,
            target=Fraction(target.value),
            where=_where(each),
        )

    def _change(self, each: Seen) -> Iterator[Fact]:
        code, behind = each.of.name, Behind((each.unit,))
        if each.unit == self._county:
            behind = self._checked(each, self._units.change(code, each.year, each.units))
        units, known = (*behind.given, *behind.unknown), self._known_over(behind)
        facts = change_facts(code, units, each.year, each.printed, _where(each), known)
        yield from _tagged(facts, behind, f"{code} 同比")

    def _known_over(self, behind: Behind) -> Known:
        """What is known of sums over these units: nothing where it is not known which they are."""
        return (lambda _: None) if behind.unknown else self._sum_known

    def _sum_known(self, terms: Terms) -> int | None:
        """A sum that is told, or follows from a told one and shown counts."""
        if all(count in self.said.shown for count, _ in terms):
            return total(terms, self.said.shown)
        for told in self._exact.get((terms[0][0].variable, terms[0][0].year), ()):
            apart = dict(told.terms).keys() - dict(terms).keys()
            if dict(terms).keys() <= dict(told.terms).keys() and all(count in self.said.shown for count in apart):
                return (told.low or 0) - sum(self.said.shown[count] for count in apart)
        return None

    @cached_property
    def _exact(self) -> Mapping[tuple[str, int], list[Fact]]:
        found: dict[tuple[str, int], list[Fact]] = {}
        for fact in self.said.facts:
            questions = {(count.variable, count.year) for count, times in fact.terms}
            if fact.low == fact.high and len(questions) == 1 and all(times == 1 for _, times in fact.terms):
                found.setdefault(next(iter(questions)), []).append(fact)
        return found

    # The county's figures.

    def _county_sum(self, each: Seen) -> Iterator[Fact]:
        """What a count of the whole county says."""
        value = each.printed.value
        if value is None or value != value.to_integral_value():
            return
        if not each.of.is_indicator:
            question, behind = each.of.name, self._of_question(each)
        elif each.of.is_protected and is_one_answer(indicators()[each.of.name]):
            question = indicators()[each.of.name].numerator[0].variable
            behind = self._checked(each, self._units.figure(each.of.name, each.year, each.units))
        else:
            return
        units = (*behind.given, *behind.unknown)
        terms = tuple((Count(unit, each.year, question, "year"), 1) for unit in units)
        if terms:
            yield from _tagged([Fact(terms, int(value), int(value), _where(each))], behind, each.of.name)

    def _of_question(self, each: Seen) -> Behind:
        """The units behind a question's sum; none where other figures may rest on it as well."""
        made = [entry for entry in protected_indicators() if each.of.name in entry.variables]
        if not made or (not each.of.is_protected and each.units is None):
            return Behind(())
        if each.of.matched:  # the row of last year stands in a table of this year
            growth = next((entry for entry in made if entry.kind == "growth"), made[0])
            return self._units.change(growth.code, max(each.year, self._year), each.units)
        behind = self._units.question(made, each.year, each.units)
        return self._checked(each, behind) if each.of.is_protected or behind.fits else Behind(())

    def _checked(self, each: Seen, behind: Behind) -> Behind:
        """The units; none, after saying so, where they cannot be as many as is said."""
        if behind.fits:
            return behind
        self._misfit(each, [behind.most])
        return Behind(())

    def _misfit(self, each: Seen, counted: Iterable[int]) -> None:
        listed = "、".join(dict.fromkeys(map(str, counted)))
        follows = f"写明按 {each.units} 个单位计算，各单位表中有数据的为 {listed} 个，不知是哪些单位之和"
        self.said.found.append(Leak("units", each.place.file, each.place.spot, follows))


def _once(seen: Iterable[Seen]) -> list[Seen]:
    """The same thing said of the same figure once, where it is said first."""
    found: dict[tuple[object, ...], Seen] = {}
    for each in seen:
        found.setdefault((each.unit, each.year, each.of, each.period, each.aspect, each.printed, each.units), each)
    return list(found.values())


def _tagged(facts: Iterable[Fact], behind: Behind, tag: str) -> Iterator[Fact]:
    """Facts whose counts of units that may or may not be behind them are told apart from the units' own counts."""
    for fact in facts:
        terms = tuple(
            (count._replace(issue=tag) if count.unit in behind.unknown else count, k) for count, k in fact.terms
        )
        yield Fact(terms, fact.low, fact.high, fact.where)


def _where(each: Seen) -> str:
    return f"{each.place.file} {each.place.spot}"
