"""What a check compares: one answer, or the whole year's sum of a season question. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce

from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, variables
from stats.returns import Cell
from stats.validate.intervals import Interval, Number, exactly, number

# The answers of one row of a return, by variable.
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Operand:
    """One quantity of a check: the numbers it may be, and the answers it was read from."""

    variable: Variable
    interval: Interval
    approximate: bool
    cells: tuple[Cell, ...]


def from_cell(variable: Variable, cell: Cell | None) -> Operand | None:
    """The operand of one answer; None where there is no number to compare.

    Where an approximation has an unknown end, the question's own range ends it.
    """
    if cell is None or not cell.status.has_value:
        return None
    if cell.status is Status.OK:
        return Operand(variable, _exact(cell.value), False, (cell,))
    return Operand(variable, _between(variable, cell), True, (cell,))


def of_whole_year(variable: Variable, year: int, rows: Mapping[str, Row]) -> Operand | None:
    """The operand of a whole year, given the unit's rows by period: a season question is summed over its seasons.

    None where any season that applies has no number, since a part is not the whole.
    """
    if not variable.seasonal:
        return from_cell(variable, rows.get("year", {}).get(variable.name))
    cells = [rows.get(period, {}).get(variable.name) for period in periods_due(year)]
    applying = [cell for cell in cells if cell is None or cell.status is not Status.NOT_APPLICABLE]
    parts = [from_cell(variable, cell) for cell in applying]
    known = [part for part in parts if part is not None]
    return reduce(_sum, known) if known and len(known) == len(parts) else None


def rows_by_unit(cells: Iterable[Cell]) -> dict[tuple[str, int], dict[str, dict[str, Cell]]]:
    """The answers to number questions by unit and year, then period, then variable."""
    wanted = {variable.name for variable in variables().values() if variable.is_number}
    rows: dict[tuple[str, int], dict[str, dict[str, Cell]]] = {}
    for cell in cells:
        if cell.variable in wanted:
            rows.setdefault((cell.unit, cell.year), {}).setdefault(cell.period, {})[cell.variable] = cell
    return rows


def _sum(left: Operand, right: Operand) -> Operand:
    return Operand(
        left.variable,
        left.interval.plus(right.interval),
        left.approximate or right.approximate,
        left.cells + right.cells,
    )


@lru_cache(maxsize=65536)
def _exact(text: str) -> Interval:
    return exactly(number(text))


def _between(variable: Variable, cell: Cell) -> Interval:
    low = number(cell.lower) if cell.lower else _limit(variable.minimum)
    if not cell.upper:
        return Interval(low, _limit(variable.maximum))
    high = number(cell.upper)
    if variable.kind == "int":
        return Interval(low, max(low, high - 1))
    return Interval(low, max(low, high), high_open=high > low)


def _limit(value: object) -> Number:
    return number(str(value))
