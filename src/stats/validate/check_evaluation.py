"""Whether a check is broken, decided on the exact ends of the answers it is about. Reads cells; words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import NamedTuple, assert_never

from stats.catalogue.check_shapes import (
    AtLeastShare,
    AtMost,
    Condition,
    Implies,
    NearLastYear,
    NotBelowLastYear,
    Rule,
    SumsTo,
    WithinFactor,
)
from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, variables
from stats.returns import Cell


def is_broken(rule: Rule, now: Numbers, then: Numbers) -> bool:
    """Whether the rule is broken whatever the numbers are within their bounds.

    ``now`` holds this year's numbers by variable, ``then`` last year's (needed by the rules that look back).
    """
    match rule:
        case AtMost():
            excess = total(now, rule.parts).minus(total(now, rule.wholes).times(rule.times))
            return excess.is_above(rule.slack)
        case AtLeastShare():
            return now[rule.part].minus(now[rule.whole].times(rule.share)).is_below(0)
        case SumsTo():
            difference = total(now, rule.parts).minus(now[rule.whole])
            return difference.is_above(rule.slack) or difference.is_below(-rule.slack)
        case Implies():
            return _holds(rule.condition, now) and _fails(rule.consequence, now)
        case NotBelowLastYear():
            return now[rule.variable].minus(then[rule.variable]).is_below(0)
        case NearLastYear():
            return _is_far(now[rule.variable], then[rule.variable], rule)
        case WithinFactor():
            return _is_off_by_factor(now[rule.variable], then[rule.variable], rule.factor)
        case _:
            assert_never(rule)


def total(numbers: Numbers, names: Iterable[str]) -> Interval:
    """The sum of these variables."""
    return reduce(Interval.plus, (numbers[name] for name in names))


def _is_far(now: Interval, then: Interval, rule: NearLastYear) -> bool:
    above = now.minus(then.times(1 + rule.share)).is_above(0)
    return above or now.minus(then.times(1 - rule.share)).is_below(0)


def _is_off_by_factor(now: Interval, then: Interval, factor: int) -> bool:
    grown = now.minus(then.times(factor)).is_at_least(0)
    shrunk = now.times(factor).minus(then).is_at_most(0)
    return then.is_above(0) and (grown or shrunk)


def _holds(condition: Condition, numbers: Numbers) -> bool:
    """Whether the condition holds for every number within the bounds."""
    value = total(numbers, condition.addends)
    if condition.relation == ">":
        return value.is_above(condition.number)
    if condition.relation == ">=":
        return value.is_at_least(condition.number)
    return value.is_at_least(condition.number) and value.is_at_most(condition.number)


def _fails(condition: Condition, numbers: Numbers) -> bool:
    """Whether the condition fails for every number within the bounds."""
    value = total(numbers, condition.addends)
    if condition.relation == ">":
        return value.is_at_most(condition.number)
    if condition.relation == ">=":
        return value.is_below(condition.number)
    return value.is_above(condition.number) or value.is_below(condition.number)


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


Number = int | Fraction


def number(text: str) -> Number:
    """The exact number a plain decimal text stands for.

    >>> number("12"), number("0.05")
    (12, Fraction(1, 20))
    """
    return int(text) if text.isdecimal() else Fraction(text)


class Interval(NamedTuple):
    """All numbers from ``low`` to ``high``; an open end is not one of them.

    >>> nearly = Interval(60, 70, high_open=True)
    >>> nearly.is_below(70), nearly.is_below(69), nearly.minus(exactly(60)).is_at_least(0)
    (True, False, True)
    """

    low: Number
    high: Number
    low_open: bool = False
    high_open: bool = False

    def plus(self, other: Interval) -> Interval:
        """Every sum of a number of each."""
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def minus(self, other: Interval) -> Interval:
        """Every difference of a number of each."""
        return Interval(
            self.low - other.high,
            self.high - other.low,
            self.low_open or other.high_open,
            self.high_open or other.low_open,
        )

    def times(self, factor: Number) -> Interval:
        """Every number times a factor that is not negative."""
        if factor == 1:
            return self
        return Interval(self.low * factor, self.high * factor, self.low_open, self.high_open)

    def is_above(self, limit: Number) -> bool:
        """Whether every number of the interval is above the limit."""
        return self.low > limit or (self.low_open and self.low == limit)

    def is_below(self, limit: Number) -> bool:
        """Whether every number of the interval is below the limit."""
        return self.high < limit or (self.high_open and self.high == limit)

    def is_at_least(self, limit: Number) -> bool:
        """Whether no number of the interval is below the limit."""
        return self.low >= limit

    def is_at_most(self, limit: Number) -> bool:
        """Whether no number of the interval is above the limit."""
        return self.high <= limit


Numbers = Mapping[str, Interval]


def exactly(value: Number) -> Interval:
    """The interval of one number."""
    return Interval(value, value)
