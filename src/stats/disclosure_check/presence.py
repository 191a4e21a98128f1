"""What is shown of each unit's figures and answers, and which units stand behind a county figure. Knows no count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.disclosure_check.names import is_one_answer
from stats.disclosure_check.seen import Mark, Seen

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
                if each.of.is_indicator and is_one_answer(entry := indicators()[each.of.name]):
                    marks[each.unit, each.year, entry.variables[0]].add(each.printed.mark)
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


class Behind(NamedTuple):
    """The units that are behind a figure, those that may be, and whether they can be as many as is said."""

    given: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    fits: bool = True

    @property
    def most(self) -> int:
        """How many units there are at most."""
        return len(self.given) + len(self.unknown)


class UnitsBehind:
    """Looks in one set first, and for units of which that shows nothing in all sets together.

    ``gone`` says by unit from which year on it is no more.
    """

    def __init__(
        self, towns: Sequence[str], own: Presence, everywhere: Presence, gone: Mapping[str, int] | None = None
    ) -> None:
        self._towns, self._own, self._everywhere = tuple(towns), own, everywhere
        self._gone = dict(gone or {})

    def figure(self, code: str, year: int, said: int | None) -> Behind:
        """The units with a figure; one of which nothing was due adds nothing to a sum, and may be counted or not."""
        return _fitted({unit: self._of(unit, year, code) for unit in self._towns}, said)

    def change(self, code: str, year: int, said: int | None) -> Behind:
        """The units whose figures of both years are compared."""
        return _fitted({unit: self._compared(unit, year, code) for unit in self._towns}, said)

    def question(self, made: Iterable[Indicator], year: int, said: int | None) -> Behind:
        """The units behind a sum that several figures rest on; none where these have other units and any is meant."""
        candidates = [self.figure(entry.code, year, said) for entry in made]
        fitting = list(dict.fromkeys(behind for behind in candidates if behind.fits))
        if fitting:
            return fitting[0] if len(fitting) == 1 else Behind(())
        return max(candidates, key=lambda behind: behind.most, default=Behind((), fits=False))

    def _of(self, unit: str, year: int, name: str) -> Answer:
        if year >= self._gone.get(unit, year + 1):
            return "nothing"
        found = self._own.of(unit, year, name)
        return self._everywhere.of(unit, year, name) if found == "unknown" else found

    def _compared(self, unit: str, year: int, code: str) -> Answer:
        if year >= self._gone.get(unit, year + 1):
            return "nothing"
        found = self._own.compared(unit, year, code)
        return self._everywhere.compared(unit, year, code) if found == "unknown" else found


def _fitted(answers: dict[str, Answer], said: int | None) -> Behind:
    given = tuple(unit for unit, answer in answers.items() if answer == "given")
    unknown = tuple(unit for unit, answer in answers.items() if answer == "unknown")
    none = sum(answer == "none" for answer in answers.values())
    if said is None:
        return Behind(given, unknown)
    if said == len(given):
        return Behind(given)
    if not none and said == len(given) + len(unknown):
        return Behind((*given, *unknown))
    return Behind(given, unknown, fits=len(given) <= said <= len(given) + none + len(unknown))
