"""Cells to vectors: every question's whole-year answers over years and units. Refuses and repairs nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions
from stats.measures import Codes, Flags, Groups, Quantity, code
from stats.params import Params
from stats.returns import Cell

# Amounts and rates are kept to at least this many places, so that what is computed from one answer never
# depends on how finely another unit happened to write its own.
FINEST_PLACES = 6


Placed = tuple[int, int, Cell]


@dataclass(frozen=True, slots=True)
class Choices:
    """Answers to a question with choices: the place of the choice in the variable's list (-1: none) and the status."""

    chosen: NDArray[np.int8]
    status: Codes


@dataclass(frozen=True)
class Answers:
    """All whole-year answers as vectors of shape (years, units); towns of one county stand together, its own row last.

    ``due`` says which unit owed a return in which year, ``towns`` which columns are towns (the others are the
    counties' own rows), ``groups`` which columns make a county. ``seasons`` holds what is asked by season, by question
    and period.
    """

    years: tuple[int, ...]
    units: tuple[str, ...]
    towns: Flags
    due: Flags
    groups: Groups
    numbers: Mapping[str, Quantity]
    choices: Mapping[str, Choices]
    seasons: Mapping[tuple[str, str], Quantity | Choices] = field(default_factory=dict)

    def place(self, unit: str, year: int) -> tuple[int, int]:
        """Where a unit's answer of a year stands in the vectors: its row and its column."""
        return self._rows[year], self._columns[unit]

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        return {year: row for row, year in enumerate(self.years)}

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {unit: column for column, unit in enumerate(self.units)}

    @property
    def shape(self) -> tuple[int, int]:
        """Years by units."""
        return len(self.years), len(self.units)

    @classmethod
    def from_cells(
        cls, cells: Iterable[Cell], params: Params, years: Sequence[int], received: Mapping[int, frozenset[str]]
    ) -> Answers:
        """The answers of one county's roster over these years, the county's own row last.

        A unit that owed a return and sent none is NOT_REPORTED in every question; season answers are added up
        over the seasons that apply. Cells of other units or years are left out.
        """
        units = (*(unit.code for unit in params.units), params.county.code)
        due_by_year = [{unit.code for unit in params.due(year)} | {params.county.code} for year in years]
        frame = _Frame(tuple(years), units, params.county.code, received)
        by_variable: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            by_variable[cell.variable].append(cell)
        parts = {v.name: frame.parts(v, by_variable[v.name]) for v in questions()}
        return cls(
            years=tuple(years),
            units=units,
            towns=np.array([unit != params.county.code for unit in units]),
            due=np.array([[unit in due for unit in units] for due in due_by_year]),
            groups=Groups(np.array([0]), len(units)),
            numbers={v.name: _sum_of_seasons([*parts[v.name].values()]) for v in questions() if v.is_number},
            choices={v.name: _all_of_seasons([*parts[v.name].values()], v) for v in questions() if not v.is_number},
            seasons={(v.name, p): part for v in questions() if v.seasonal for p, part in parts[v.name].items()},
        )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where an answer goes: the row of its year and the column of its unit."""

    years: tuple[int, ...]
    units: tuple[str, ...]
    county: str
    received: Mapping[int, frozenset[str]]

    def _periods(self, variable: Variable, cells: list[Cell]) -> dict[str, tuple[Codes, list[Placed]]]:
        """Per period the statuses before any cell is read, and the cells with their places."""
        rows = {year: row for row, year in enumerate(self.years)}
        columns = {unit: column for column, unit in enumerate(self.units)}
        names = ("year", "spring", "autumn") if variable.seasonal else ("year",)
        periods: dict[str, tuple[Codes, list[Placed]]] = {n: (self._unanswered(variable, n), []) for n in names}
        for cell in cells:
            if cell.year in rows and cell.unit in columns and cell.period in periods:
                status, placed = periods[cell.period]
                place = rows[cell.year], columns[cell.unit]
                status[place] = code(cell.status)
                placed.append((*place, cell))
        return periods

    def _unanswered(self, variable: Variable, period: str) -> Codes:
        status = np.full((len(self.years), len(self.units)), code(Status.NOT_REPORTED), dtype=np.int8)
        for row, year in enumerate(self.years):
            applies = period in periods_due(year) if variable.seasonal else period == "year"
            for column, unit in enumerate(self.units):
                if unit in self.received.get(year, frozenset()):
                    asked = applies and variable.asked_of(county=unit == self.county)
                    status[row, column] = code(Status.MISSING if asked else Status.NOT_APPLICABLE)
        return status

    def parts(self, variable: Variable, cells: list[Cell]) -> dict[str, Any]:
        """The answers to one question by period, as :class:`Quantity` or :class:`Choices`."""
        periods = self._periods(variable, cells)
        if not variable.is_number:
            return {period: self._choices(variable, *given) for period, given in periods.items()}
        written = max((_places(text) for c in cells for text in (c.value, c.lower, c.upper)), default=0)
        places = max(written, 0 if variable.kind == "int" else FINEST_PLACES)
        return {period: self._quantity(variable, *given, places) for period, given in periods.items()}

    def _quantity(self, variable: Variable, status: Codes, placed: list[Placed], places: int) -> Quantity:
        """A number question's answers, with the bounds an approximation leaves."""
        numbers = np.zeros((3, *status.shape), dtype=np.int64)
        for row, column, cell in placed:
            if cell.status.has_value:
                numbers[:, row, column] = bounds(cell, variable, places)
        return Quantity(numbers[0], numbers[1], numbers[2], status, places)

    def _choices(self, variable: Variable, status: Codes, placed: list[Placed]) -> Choices:
        chosen = np.full(status.shape, -1, dtype=np.int8)
        for row, column, cell in placed:
            if cell.status.has_value:
                chosen[row, column] = variable.choices.index(cell.value)
        return Choices(chosen, status)


def _places(text: str) -> int:
    return len(text.partition(".")[2])


def _scaled(text: str, places: int) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole + fraction.ljust(places, "0"))


def bounds(cell: Cell, variable: Variable, places: int) -> tuple[int, int, int]:
    """The number used, the lowest and the highest it may be, in units of 10^-places.

    The upper end written for an approximation is exclusive, so a whole number stays one below it. Where an end
    is not known, it is the variable's own.
    """
    value = _scaled(cell.value or cell.lower or cell.upper, places)
    if cell.status is Status.OK:
        return value, value, value
    smallest, largest = (str(limit or 0) for limit in (variable.minimum, variable.maximum))
    low = _scaled(cell.lower or smallest, places)
    high = _scaled(cell.upper or largest, places)
    if cell.upper and variable.kind == "int":
        high -= 10**places
    return value, min(low, value), max(high, value)


def _worst_that_applies(statuses: list[Codes]) -> Codes:
    """The worst status of the parts that apply; NOT_APPLICABLE where none does."""
    left_out = code(Status.NOT_APPLICABLE)
    stacked = np.stack(statuses)
    applies = stacked != left_out
    worst = np.where(applies, stacked, 0).max(axis=0)
    return np.where(applies.any(axis=0), worst, left_out).astype(np.int8)


def _sum_of_seasons(parts: list[Quantity]) -> Quantity:
    return Quantity(
        sum(part.value for part in parts[1:]) + parts[0].value,
        sum(part.low for part in parts[1:]) + parts[0].low,
        sum(part.high for part in parts[1:]) + parts[0].high,
        _worst_that_applies([part.status for part in parts]),
        parts[0].places,
    )


def _all_of_seasons(parts: list[Choices], variable: Variable) -> Choices:
    """Over seasons 是 needs 是 in each, 否 needs one 否."""
    if len(parts) == 1:
        return parts[0]
    yes, no = variable.choices.index("是"), variable.choices.index("否")
    status = _worst_that_applies([part.status for part in parts])
    refused = np.any([(part.chosen == no) & (part.status == code(Status.OK)) for part in parts], axis=0)
    chosen = np.where(refused, no, np.where(status <= code(Status.APPROX), yes, -1))
    return Choices(chosen.astype(np.int8), np.where(refused, code(Status.OK), status).astype(np.int8))
