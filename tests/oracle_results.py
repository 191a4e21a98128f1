"""The unrounded figures of units and of the whole county, for the oracle, in fractions and one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from oracle_amounts import Amount, contribution, exactly, middle, of_all_seasons, read, total, worst
from stats.catalogue.indicator import Indicator, Term
from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.params import Params
from stats.returns.cells import Cell


@dataclass(frozen=True)
class Result:
    """A figure before rounding; ``above`` and ``below`` are its two amounts (of a growth: now and before)."""

    status: Status
    value: Fraction = Fraction(0)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    above: Amount | None = None
    below: Amount | None = None
    small_base: bool = False
    exceeds_whole: bool = False
    units: int = 0
    due: int = 0
    share_met: Fraction | None = None
    median: Fraction | None = None


def has_constant_denominator(entry: Indicator) -> bool:
    """Whether the denominator is a number of the definition and no answer."""
    return isinstance(entry.denominator, int) and entry.kind != "growth"


def quotient(entry: Indicator, above: Amount, below: Amount) -> Result:
    """Value and bounds of a proportion (numerator over denominator) or of a growth (now over before)."""
    least, most = above.low / below.high, above.high / max(below.low, _smallest(entry))
    value, numerator = above.value / below.value, above.value
    if entry.kind == "growth":
        value, least, most, numerator = value - 1, least - 1, most - 1, above.value - below.value
    return Result(
        status=worst(above.status, below.status),
        value=entry.times * value,
        low=entry.times * least,
        high=entry.times * most,
        numerator=numerator,
        denominator=below.value,
        above=above,
        below=below,
        small_base=not has_constant_denominator(entry) and below.value < entry.minimum_base,
        exceeds_whole=entry.capped == "warn" and above.value > below.value,
    )


def _smallest(entry: Indicator) -> Fraction:
    # The smallest denominator above zero: one for counts, a millionth for money.
    terms = entry.numerator if entry.kind == "growth" else entry.denominator
    if isinstance(terms, int) or all(variables()[term.variable].kind != "decimal" for term in terms):
        return Fraction(1)
    return Fraction(1, 10**6)


def judged(result: Result, operator: str, target: Fraction) -> Literal["met", "unmet", "unknown"]:
    """Whether a result meets a target; an approximation only where no value it may have says otherwise."""
    if not result.status.has_value:
        return "unknown"
    low, high = (result.value, result.value) if result.status is Status.OK else (result.low, result.high)
    if operator == ">=":
        return "met" if low >= target else "unmet" if high < target else "unknown"
    return "met" if high <= target else "unmet" if low > target else "unknown"


def _met_and_decided(parts: Iterable[Result], operator: str, target: Fraction) -> tuple[int, int]:
    states = [judged(part, operator, target) for part in parts]
    return states.count("met"), states.count("met") + states.count("unmet")


class Results:
    """All unrounded figures of one county, computed when asked for and remembered."""

    def __init__(
        self, cells: Iterable[Cell], params: Params, years: Sequence[int], received: Mapping[int, frozenset[str]]
    ) -> None:
        self.cells = {(cell.unit, cell.year, cell.period, cell.variable): cell for cell in cells}
        self.params, self.years, self.received = params, tuple(years), received
        self.county_code = params.county.code
        self._since = {unit.code: unit.since or 0 for unit in params.units} | {self.county_code: 0}
        self._of_units: dict[tuple[str, int, str], Result | None] = {}
        self._of_county: dict[tuple[int, str], Result | None] = {}

    def is_due(self, unit: str, year: int) -> bool:
        """Whether the unit owes a return for a year in hand."""
        return year in self.years and self._since[unit] <= year

    def answer(self, unit: str, year: int, name: str) -> Amount:
        """The whole-year answer of a unit that was due."""
        variable = variables()[name]
        if unit not in self.received.get(year, frozenset()):
            return Amount(Status.NOT_REPORTED)
        periods = periods_due(year) if variable.seasonal else ("year",)
        parts = [read(self.cells[unit, year, period, name], variable) for period in periods]
        return of_all_seasons(parts, variable) if variable.seasonal else parts[0]

    def sum_of(self, unit: str, year: int, terms: tuple[Term, ...] | int) -> Amount:
        """A numerator or denominator of one unit."""
        if isinstance(terms, int):
            return exactly(terms)
        return total([contribution(term, self.answer(unit, year, term.variable)) for term in terms])

    def considered(self, year: int, entry: Indicator) -> list[str]:
        """The units an indicator is computed for in a year: towns, the county row, or both."""
        towns = [unit.code for unit in self.params.units if entry.level != "county" and self.is_due(unit.code, year)]
        return towns + [self.county_code for _ in range(1) if entry.level != "town" and year in self.years]

    def broken(self, unit: str, year: int, entry: Indicator) -> bool:
        """Whether a break stands before this year's figure; the county heeds only those that name no unit."""
        return any(
            item.year == year
            and (not item.indicators or entry.code in item.indicators)
            and (not item.units or unit in item.units)
            for item in self.params.breaks
        )

    def target(self, year: int, entry: Indicator) -> tuple[str, Fraction] | None:
        """Operator and value of the year's target."""
        target = self.params.targets.get(year, {}).get(entry.code)
        return (target.operator, Fraction(target.value)) if target else None

    def of_unit(self, unit: str, year: int, entry: Indicator) -> Result | None:
        """The figure of a town or of the county row; None where none is asked for."""
        key = unit, year, entry.code
        if key not in self._of_units:
            compute = self._growth if entry.kind == "growth" else self._proportion
            self._of_units[key] = compute(unit, year, entry) if unit in self.considered(year, entry) else None
        return self._of_units[key]

    def _proportion(self, unit: str, year: int, entry: Indicator) -> Result:
        above, below = self.sum_of(unit, year, entry.numerator), self.sum_of(unit, year, entry.denominator)
        status = worst(above.status, below.status)
        if not status.has_value:
            return Result(status)
        if below.value == 0:
            return Result(Status.ZERO_DENOMINATOR, above=above, below=below)
        if above.value < 0:
            return Result(Status.NEGATIVE)
        # Of exact amounts the bounds are the value itself.
        if entry.kind == "ratio" and entry.capped == "yes" and above.low > below.high:
            return Result(Status.EXCEEDS_WHOLE)
        result = quotient(entry, above, below)
        approximate_ratio = entry.kind == "ratio" and status is Status.APPROX
        if entry.capped == "yes" and (entry.kind == "compliance" or approximate_ratio):
            most = Fraction(entry.times)
            result = replace(
                result, value=min(result.value, most), low=min(result.low, most), high=min(result.high, most)
            )
        return result

    def _growth(self, unit: str, year: int, entry: Indicator) -> Result:
        if self.broken(unit, year, entry):
            return Result(Status.SERIES_BREAK)
        now = self.sum_of(unit, year, entry.numerator)
        if not now.status.has_value:
            return Result(now.status)
        before = self.sum_of(unit, year - 1, entry.numerator) if self.is_due(unit, year - 1) else None
        if before is None or before.status is Status.NOT_REPORTED:
            return Result(Status.NO_PREVIOUS)
        if not before.status.has_value:
            return Result(before.status)
        if before.value == 0:
            return Result(Status.ZERO_DENOMINATOR, above=now, below=before)
        return quotient(entry, now, before)

    def of_county(self, year: int, entry: Indicator) -> Result | None:
        """The figure of the whole county; None outside the years in hand."""
        key = year, entry.code
        if key not in self._of_county:
            self._of_county[key] = self._whole(year, entry) if year in self.years else None
        return self._of_county[key]

    def parts(self, year: int, entry: Indicator) -> dict[str, Result]:
        """The figures a county figure is made of, by unit."""
        found = {unit: self.of_unit(unit, year, entry) for unit in self.considered(year, entry)}
        return {unit: result for unit, result in found.items() if result}

    def _whole(self, year: int, entry: Indicator) -> Result:
        parts = self.parts(year, entry)
        if entry.aggregation == "county_own":
            own = parts[self.county_code]
            return replace(own, units=1 if own.status.has_value else 0, due=1)
        if entry.aggregation in ("sum", "sum_and_median", "sum_ratio"):
            result = _summed(entry, [part for part in parts.values() if part.above])
        elif entry.aggregation in ("share_compliant", "share_yes"):
            result = self._share(year, entry, list(parts.values()))
        else:
            result = self._median(year, entry, list(parts.values()))
        statuses = [part.status for part in parts.values()]
        due = len(statuses) - statuses.count(Status.NOT_APPLICABLE)
        return replace(result, due=due) if result else Result(_why_none(statuses), due=due)

    def _share(self, year: int, entry: Indicator, parts: Sequence[Result]) -> Result | None:
        target = self.target(year, entry) if entry.aggregation == "share_compliant" else None
        met, decided = _met_and_decided(parts, *(target or (">=", Fraction(100))))
        if not decided:
            return None
        share = Fraction(100 * met, decided)
        return Result(Status.OK, share, share, share, Fraction(met), Fraction(decided), units=decided)

    def _median(self, year: int, entry: Indicator, parts: Sequence[Result]) -> Result | None:
        used = [part for part in parts if part.status.has_value]
        if not used:
            return None
        values = [part.value for part in used]
        low, high = middle(part.low for part in used), middle(part.high for part in used)
        share_met = None
        if entry.aggregation == "uniform_or_median":
            low, high = min(values), max(values)
        elif target := self.target(year, entry):
            met, decided = _met_and_decided(parts, *target)
            share_met = Fraction(100 * met, decided) if decided else None
        status = worst(*(part.status for part in used))
        return Result(status, middle(values), low, high, units=len(used), share_met=share_met)


def _summed(entry: Indicator, used: Sequence[Result]) -> Result | None:
    if not used:
        return None
    above = total([part.above for part in used if part.above])
    below = total([part.below for part in used if part.below])
    if isinstance(entry.denominator, int) and has_constant_denominator(entry):
        below = exactly(entry.denominator)
    if below.value == 0:
        return Result(Status.ZERO_DENOMINATOR, units=len(used))
    median = middle(part.value for part in used) if entry.aggregation == "sum_and_median" else None
    return replace(quotient(entry, above, below), units=len(used), median=median, small_base=False, exceeds_whole=False)


def _why_none(statuses: Sequence[Status]) -> Status:
    if all(status is Status.NOT_APPLICABLE for status in statuses):
        return Status.NOT_APPLICABLE
    return next((reason for reason in (Status.NO_PREVIOUS, Status.SERIES_BREAK) if reason in statuses), Status.MISSING)
