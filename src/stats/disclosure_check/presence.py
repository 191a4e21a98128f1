"""Which units stand behind a figure, by what the tables show of each: a value, a mark that hides one, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from stats.catalogue.indicators import indicators
from stats.disclosure_check.printed import Mark
from stats.disclosure_check.seen import Seen

Answer = Literal["given", "nothing", "unknown"]
_GIVEN: tuple[Mark, ...] = ("number", "about", "hidden")


class Presence:
    """What one or several sets show of the units' figures and answers, beside one another.

    A mark that nothing was due (—) counts as given: its numerator and denominator are 0 then.
    """

    def __init__(self, seen: Iterable[Seen], county: str) -> None:
        self._marks: defaultdict[tuple[str, int, str], set[Mark]] = defaultdict(set)
        self._changes: defaultdict[tuple[str, int, str], set[Mark]] = defaultdict(set)
        for each in seen:
            if each.unit != county and each.period == "year" and each.aspect in ("value", "change"):
                marks = self._marks if each.aspect == "value" else self._changes
                marks[each.unit, each.year, each.of.name].add(each.printed.mark)

    def of(self, unit: str, year: int, name: str) -> Answer:
        """Whether a unit has a figure, shown or hidden."""
        entry = indicators().get(name)
        if entry is not None and any(self.of(unit, year, question) == "nothing" for question in entry.variables):
            return "nothing"  # a mark that hides a figure hides as well that it could not be made
        marks = self._marks.get((unit, year, name))
        if marks is None:
            return "unknown"
        return "given" if marks & {*_GIVEN, "none"} else "nothing"

    def has_data(self, unit: str, year: int, name: str) -> bool:
        """Whether a number stands there or is hidden."""
        return bool(self._marks.get((unit, year, name), set()) & {*_GIVEN})

    def is_compared(self, unit: str, year: int, code: str) -> Answer:
        """Whether a unit's figure is compared with last year's, so that it is behind the county's change."""
        now, before = self.of(unit, year, code), self.of(unit, year - 1, code)
        if "nothing" in (now, before):
            return "nothing"
        changes = self._changes.get((unit, year, code))
        if changes is not None and not changes & {*_GIVEN, "none"}:
            return "nothing"
        return "given" if (now, before) == ("given", "given") and changes else "unknown"

    def is_hidden(self, unit: str, year: int, name: str) -> bool:
        """Whether a mark stands in the place of the number."""
        marks = self._marks.get((unit, year, name), set())
        return "hidden" in marks and "number" not in marks

    def is_shown(self, unit: str, year: int, name: str) -> bool:
        """Whether the number itself stands somewhere."""
        return "number" in self._marks.get((unit, year, name), set())

    def answers(self, unit: str, year: int, question: str) -> bool:
        """Whether a unit gave an answer to a question, by that or by any figure made from it."""
        names = [question, *(code for code, entry in indicators().items() if question in entry.variables)]
        return any(self.of(unit, year, name) == "given" for name in names)
