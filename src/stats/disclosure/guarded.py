"""The quantities that must stay open: small hidden counts, small rests of wholes, small sums. Hides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stats.catalogue.variables import variables
from stats.disclosure.audit import Count, Guarded, Terms
from stats.disclosure.counts import WHOLE_YEAR, parts_and_wholes, protected_variables, small
from stats.disclosure.published import Published
from stats.disclosure.suppression import Hidden


@dataclass(frozen=True)
class Quantities:
    """What is to be guarded of what an edition with this threshold publishes.

    What an earlier issue shows openly cannot be protected any more, and what it protected at a smaller threshold is
    protected at that one.
    """

    published: Published
    threshold: int

    def of(self, hidden: Mapping[int, Hidden]) -> Iterator[Guarded]:
        """Every small hidden count, every small rest of a whole, and small sums and rests of the county.

        Where an open whole is 0 its part is 0 for all to see, which tells of nobody.
        """
        return (quantity for quantity in self._all(hidden) if quantity.reach > 0)

    def _all(self, hidden: Mapping[int, Hidden]) -> Iterator[Guarded]:
        for year, of_year in hidden.items():
            for period in self.published.reported.periods(year):
                for variable in self.published.reported.questions:
                    yield from self._of_column(Count("", year, variable, period), of_year)
                yield from self._rests(year, period)
            for part, whole in parts_and_wholes():
                yield from self._rest_of_county(year, part, whole)
        yield from self._changed_since(hidden)
        yield from self._rests_then(hidden)

    def is_small(self, quantity: Guarded) -> bool:
        """Whether the true value is small enough to be protected."""
        return quantity.value is not None and small(quantity.value, self.threshold_of(quantity.terms))

    def threshold_of(self, terms: Terms) -> int:
        """The threshold at which a sum is protected."""
        thresholds = self.published.issued.thresholds
        return min([self.threshold, *(thresholds.get(count, self.threshold) for count, _ in terms)])

    def _of_column(self, place: Count, hidden: Hidden) -> Iterator[Guarded]:
        column = self.published.reported.column(place.year, place.variable, place.period)
        for unit, value in column.items():
            count = place._replace(unit=unit)
            threshold = self.threshold_of(((count, 1),))
            if value < threshold and not self.published.shows(count, hidden):
                yield Guarded(((count, 1),), min(threshold, self._room(count, hidden)), value, named(count))
        terms = tuple((place._replace(unit=unit), 1) for unit in column)
        total = sum(column.values())
        if place.period == WHOLE_YEAR and small(total, self.threshold_of(terms)) and not self._has_gone_out(terms):
            room = sum(self._room(count, hidden) for count, _ in terms)
            reach = min(self.threshold_of(terms), room)
            yield Guarded(terms, reach, total, f"{place.year}年全县“{variables()[place.variable].label}”")

    def _has_gone_out(self, terms: Terms) -> bool:
        return all(count in self.published.issued.openly for count, _ in terms)

    def _room(self, count: Count, hidden: Hidden) -> int:
        """The largest value that shown wholes leave a count: a bound everyone may read is no betrayal."""
        values = self.published.reported.values
        rooms = [variables()[count.variable].maximum or self.threshold]
        for above in _wholes(count):
            if above in values:
                is_shown = self.published.shows(above, hidden)
                rooms.append(values[above] if is_shown else self._room(above, hidden))
        return int(min(rooms))

    def _rests(self, year: int, period: str) -> Iterator[Guarded]:
        values = self.published.reported.values
        for part, whole in parts_and_wholes():
            for unit, count in self.published.reported.column(year, part, period).items():
                pair = Count(unit, year, whole, period), Count(unit, year, part, period)
                terms = ((pair[0], 1), (pair[1], -1))
                rest, threshold = values.get(pair[0], count) - count, self.threshold_of(terms)
                if small(rest, threshold) and not self._has_gone_out(terms):
                    room = values[pair[0]] if whole not in protected_variables() else threshold
                    yield Guarded(
                        terms, min(threshold, room), rest, f"{named(pair[0])}与“{variables()[part].label}”之差"
                    )

    def _rest_of_county(self, year: int, part: str, whole: str) -> Iterator[Guarded]:
        """What all towns' parts together leave of their wholes, where that is small."""
        parts, wholes = (self.published.reported.column(year, name) for name in (part, whole))
        both = [unit for unit in parts if unit in wholes]
        sides = ((whole, 1), (part, -1))
        terms = tuple((Count(unit, year, name, WHOLE_YEAR), sign) for name, sign in sides for unit in both)
        rest, threshold = sum(wholes[unit] - parts[unit] for unit in both), self.threshold_of(terms)
        if small(rest, threshold) and not self._has_gone_out(terms):
            room = threshold if whole in protected_variables() else sum(wholes[unit] for unit in both)
            name = f"{year}年全县“{variables()[whole].label}”与“{variables()[part].label}”之差"
            yield Guarded(terms, min(threshold, room), rest, name)

    def _changed_since(self, hidden: Mapping[int, Hidden]) -> Iterator[Guarded]:
        """Small counts that went out hidden and are others now: what follows of them is told of somebody too."""
        issued = self.published.issued
        for count, value in issued.values.items():
            threshold = self.threshold_of(((count, 1),))
            if count.year in hidden and count not in issued.shown and value < threshold:
                reach = min(threshold, self._room_then(count, hidden[count.year]))
                yield Guarded(((count, 1),), reach, value, f"{named(count)}（{count.issue} 印发时）")

    def _rests_then(self, hidden: Mapping[int, Hidden]) -> Iterator[Guarded]:
        """Small rests of wholes of which a side is another count now."""
        for above, below in self._pairs_then():
            terms = ((above, 1), (below, -1))
            rest, threshold = self._value_then(above) - self._value_then(below), self.threshold_of(terms)
            has_gone_out = all(count in self.published.issued.shown for count in (above, below) if count.issue)
            is_over = has_gone_out and all(
                count in self.published.issued.openly for count, _ in terms if not count.issue
            )
            if above.year in hidden and small(rest, threshold) and not is_over:
                reach = threshold if above.variable in protected_variables() else self._value_then(above)
                name = (
                    f"{named(above)}与“{variables()[below.variable].label}”之差（{above.issue or below.issue} 印发时）"
                )
                yield Guarded(terms, min(threshold, reach), rest, name)

    def _pairs_then(self) -> Iterator[tuple[Count, Count]]:
        """Wholes and parts as they went out, of which one at least has changed since."""
        issued = self.published.issued
        for count in issued.values:
            for part, whole in parts_and_wholes():
                if count.variable == part and (above := issued.counterpart(count, whole)) is not None:
                    yield above, count
                elif count.variable == whole:
                    below = issued.counterpart(count, part)
                    if below is not None and not below.issue:
                        yield count, below

    def _value_then(self, count: Count) -> int:
        values = self.published.issued.values if count.issue else self.published.reported.values
        return values[count]

    def _room_then(self, count: Count, hidden: Hidden) -> int:
        issued = self.published.issued
        rooms = [variables()[count.variable].maximum or self.threshold]
        for part, whole in parts_and_wholes():
            above = issued.counterpart(count, whole) if part == count.variable else None
            if above is None:
                continue
            if not above.issue:
                is_shown = self.published.shows(above, hidden)
                rooms.append(self.published.reported.values[above] if is_shown else self._room(above, hidden))
            else:
                rooms.append(issued.shown[above] if above in issued.shown else self._room_then(above, hidden))
        return int(min(rooms))


def _wholes(count: Count) -> Iterator[Count]:
    return (count._replace(variable=whole) for part, whole in parts_and_wholes() if part == count.variable)


def named(count: Count) -> str:
    """A count as messages to analysts name it."""
    return f"{count.unit} {count.year}年“{variables()[count.variable].label}”"
