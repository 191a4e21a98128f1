"""Which units stand behind a figure of the county, as far as the documents tell. Knows no count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stats.catalogue.indicator import Indicator
from stats.disclosure_check.presence import Answer, Presence


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
