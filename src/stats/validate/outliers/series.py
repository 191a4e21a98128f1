"""Whole-year answers that are exactly known, by question, year and unit. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.params import Params
from stats.returns import Cell

POPULATION = "bas_population"


class Level(NamedTuple):
    """A whole-year answer and the cells it is read from: one, or one for each season."""

    value: float
    cells: tuple[Cell, ...]


ByUnit = Mapping[str, Level]
# A unit with its answer of this year and of the last.
Compared = tuple[str, Level, Level]


@dataclass(frozen=True)
class Levels:
    """Every exactly known whole-year answer, and which of them may be compared with last year's."""

    params: Params
    by_place: Mapping[tuple[str, int], ByUnit]
    heads: Mapping[str, float]

    @classmethod
    def of(cls, cells: Iterable[Cell], params: Params) -> Levels:
        """The answers among the cells; a season question is summed where every season that applies is known."""
        by_place = _by_place(cells)
        return cls(params, by_place, _heads(by_place))

    @property
    def years(self) -> tuple[int, ...]:
        """All years with answers, the earliest first."""
        return tuple(sorted({year for _, year in self.by_place}))

    def of_year(self, variable: str, year: int) -> ByUnit:
        """The answers to one question in one year, by unit."""
        return self.by_place.get((variable, year), {})

    def not_comparable(self, variable: str, year: int) -> frozenset[str]:
        """The units whose answer of this year stands behind a declared break."""
        if not any(item.year == year for item in self.params.breaks):
            return frozenset()
        units = (*(unit.code for unit in self.params.units), self.params.county.code)
        return frozenset(unit for unit in units if not self._is_comparable(variable, year, unit))

    def _is_comparable(self, variable: str, year: int, unit: str) -> bool:
        shown = ("", *_indicators_with(variable))
        return all(self.params.comparable(year=year, unit=unit, indicator=code) for code in shown)


def _by_place(cells: Iterable[Cell]) -> dict[tuple[str, int], dict[str, Level]]:
    """The levels by question and year, then unit, in one pass; season answers are gathered first."""
    asked = {name: v.seasonal for name, v in variables().items() if v.is_number and v.tier != "id"}
    found: dict[tuple[str, int], dict[str, Level]] = {}
    seasons: dict[tuple[str, int], dict[str, list[Cell]]] = {}
    for cell in cells:
        seasonal = asked.get(cell.variable)
        if seasonal:
            seasons.setdefault((cell.variable, cell.year), {}).setdefault(cell.unit, []).append(cell)
        elif seasonal is False and cell.status is Status.OK and cell.period == "year":
            found.setdefault((cell.variable, cell.year), {})[cell.unit] = Level(float(cell.value), (cell,))
    for (name, year), row in seasons.items():
        levels = {unit: _sum_of_seasons(given, periods_due(year)) for unit, given in row.items()}
        found[name, year] = {unit: level for unit, level in levels.items() if level is not None}
    return found


def _sum_of_seasons(cells: list[Cell], periods: tuple[str, ...]) -> Level | None:
    """The sum over the periods due; None unless each one is exact or not applicable."""
    due = sorted((cell for cell in cells if cell.period in periods), key=lambda cell: periods.index(cell.period))
    known = tuple(cell for cell in due if cell.status is Status.OK)
    left_out = sum(cell.status is Status.NOT_APPLICABLE for cell in due)
    if not known or len(known) + left_out != len(periods):
        return None
    return Level(sum(float(cell.value) for cell in known), known)


def _heads(by_place: Mapping[tuple[str, int], ByUnit]) -> dict[str, float]:
    """The population of each unit in its middle year, so that one wrong year does not change what is per head."""
    known: dict[str, list[float]] = {}
    for (name, _), levels in by_place.items():
        for unit, level in levels.items() if name == POPULATION else ():
            known.setdefault(unit, []).append(level.value)
    middle = {unit: sorted(values)[(len(values) - 1) // 2] for unit, values in known.items()}
    return {unit: value for unit, value in middle.items() if value > 0}


@cache
def _indicators_with(variable: str) -> tuple[str, ...]:
    return tuple(code for code, indicator in indicators().items() if variable in indicator.variables)
