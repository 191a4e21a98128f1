"""What tables show of each unit's figures and answers: a number, a mark that hides one, nothing. Knows no county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from stats.catalogue.indicators import indicators
from stats.disclosure_check.printed import Mark
from stats.disclosure_check.seen import Seen

Answer = Literal["given", "none", "nothing", "unknown"]
"""A number, shown or hidden; nothing was due (—); no answer; nothing stands anywhere."""
_GIVEN: frozenset[Mark] = frozenset({"number", "about", "hidden"})
_TOLD: frozenset[Mark] = frozenset({"number", "about"})


class Presence:
    """What one or several sets show of the units' figures and answers, beside one another."""

    def __init__(self, seen: Iterable[Seen], county: str) -> None:
        self._marks: defaultdict[tuple[str, int, str], set[Mark]] = defaultdict(set)
        self._changes: defaultdict[tuple[str, int, str], set[Mark]] = defaultdict(set)
        for each in seen:
            if each.unit != county and each.period == "year" and each.aspect in ("value", "change"):
                marks = self._marks if each.aspect == "value" else self._changes
                marks[each.unit, each.year, each.of.name].add(each.printed.mark)
        self._comparing = {(unit, year) for (unit, year, _), marks in self._changes.items() if marks & _TOLD}
        self._answering = {(unit, year) for unit, year, name in self._marks if name not in indicators()}

    def of(self, unit: str, year: int, name: str) -> Answer:
        """Whether a unit has a figure or answer.

        A mark that hides a figure hides as well that it could not be made: then its operands tell. A table of a unit's
        answers leaves out those that are hidden.
        """
        found, entry = _read(self._marks.get((unit, year, name))), indicators().get(name)
        if entry is None:
            return found
        years = (year, year - 1) if entry.kind == "growth" else (year,)
        operands = [(of_year, self.of(unit, of_year, question)) for of_year in years for question in entry.variables]
        if any(answer == "nothing" for _, answer in operands):
            return "nothing"
        is_number = "number" in self._marks.get((unit, year, name), set())
        untold = any(answer == "unknown" and (unit, of_year) not in self._answering for of_year, answer in operands)
        return "unknown" if found == "given" and untold and not is_number else found

    def compared(self, unit: str, year: int, code: str) -> Answer:
        """Whether a unit's figure is compared with last year's, so that it is behind the county's change.

        Where a change is none (—), last year's may have been 0, which parts nothing: that is not known.
        """
        now, before = self.of(unit, year, code), self.of(unit, year - 1, code)
        # A unit whose boundary changed is compared in nothing; a mark that hides a change hides that as well.
        is_compared = (unit, year) in self._comparing
        if indicators()[code].kind == "growth":
            untold = now == "given" and not is_compared and not self._marks[unit, year, code] & _TOLD
            return "unknown" if now == "none" or untold else now
        if "nothing" in (now, before):
            return "nothing"
        change = _read(self._changes.get((unit, year, code)))
        if change == "nothing" or "none" in (now, before):
            return change if change == "nothing" else "unknown"
        return "given" if is_compared and (now, before, change) == ("given", "given", "given") else "unknown"


def _read(marks: set[Mark] | None) -> Answer:
    if marks is None:
        return "unknown"
    if marks & _GIVEN:
        return "given"
    return "none" if "none" in marks else "nothing"
