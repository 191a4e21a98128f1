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
    median: tuple[Fraction, Fraction, Fraction] | None = None
    met: int = 0
    decided: int = 0


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
            result = _at_most(result, Fraction(entry.times))
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

    def usable(self, unit: str, year: int, entry: Indicator) -> bool:
        """Whether a county's figure of a year rests on this unit too."""
        part = self.of_unit(unit, year, entry)
        if part is None:
            return False
        if entry.aggregation in ("sum", "sum_and_median", "sum_ratio"):
            # 3 of 0 is no part of any whole.
            return part.above is not None and (part.status.has_value or entry.capped != "yes" or part.above.low <= 0)
        if entry.aggregation in ("share_compliant", "share_yes"):
            return judged(part, *self._counted_against(year, entry)) != "unknown"
        return part.status.has_value

    def answered_in_either(self, year: int, entry: Indicator) -> int:
        """How many units gave the quantity that a growth measures this year or the year before."""
        return len(
            {
                unit
                for one in (year, year - 1)
                for unit in self.considered(one, entry)
                if self.sum_of(unit, one, entry.numerator).status.has_value
            }
        )

    def _whole(self, year: int, entry: Indicator) -> Result:
        parts = self.parts(year, entry)
        found = self.over([unit for unit in parts if self.usable(unit, year, entry)], year, entry)
        met, decided = self._at_target(year, entry, list(parts.values()))
        if entry.aggregation == "county_own":
            own = parts[self.county_code]
            return replace(own, units=1 if own.status.has_value else 0, due=1, met=met, decided=decided)
        statuses = [part.status for part in parts.values()]
        due = len(statuses) - statuses.count(Status.NOT_APPLICABLE)
        share_met = Fraction(100 * met, decided) if decided else None
        if entry.aggregation != "median_and_share_compliant":
            share_met = None
        return replace(found or Result(_why_none(statuses)), due=due, met=met, decided=decided, share_met=share_met)

    def over(self, units: Sequence[str], year: int, entry: Indicator) -> Result | None:
        """The figure of these units together, all of them usable in the year; None for no units."""
        parts = [part for unit in units if (part := self.of_unit(unit, year, entry))]
        if not parts:
            return None
        if entry.aggregation == "county_own":
            return parts[0]
        if entry.aggregation in ("sum", "sum_and_median", "sum_ratio"):
            return _summed(entry, parts)
        if entry.aggregation == "degree_and_share":
            return _degree(entry, parts)
        if entry.aggregation in ("share_compliant", "share_yes"):
            return self._share(year, entry, parts)
        return _median(entry, parts)

    def _counted_against(self, year: int, entry: Indicator) -> tuple[str, Fraction]:
        """What counts a unit among those at target: the year's target, else full mark; of yes-or-no always that."""
        target = self.target(year, entry) if entry.aggregation != "share_yes" else None
        return target or (">=", Fraction(100))

    def _at_target(self, year: int, entry: Indicator, parts: Sequence[Result]) -> tuple[int, int]:
        if entry.aggregation in ("share_compliant", "share_yes", "degree_and_share"):
            return _met_and_decided(parts, *self._counted_against(year, entry))
        target = self.target(year, entry)
        return _met_and_decided(parts, *target) if target else (0, 0)

    def _share(self, year: int, entry: Indicator, parts: Sequence[Result]) -> Result:
        met, decided = _met_and_decided(parts, *self._counted_against(year, entry))
        share = Fraction(100 * met, decided)
        return Result(Status.OK, share, share, share, Fraction(met), Fraction(decided), units=decided)


def _median(entry: Indicator, used: Sequence[Result]) -> Result:
    values = [part.value for part in used]
    low, high = middle(part.low for part in used), middle(part.high for part in used)
    if entry.aggregation == "uniform_or_median":
        low, high = min(values), max(values)
    return Result(worst(*(part.status for part in used)), middle(values), low, high, units=len(used))


def _summed(entry: Indicator, used: Sequence[Result]) -> Result:
    above = total([part.above for part in used if part.above])
    below = total([part.below for part in used if part.below])
    if isinstance(entry.denominator, int) and has_constant_denominator(entry):
        below = exactly(entry.denominator)
    if below.value == 0:
        return Result(Status.ZERO_DENOMINATOR, units=len(used))
    median = None
    if entry.aggregation == "sum_and_median":
        value, low, high = zip(*((part.value, part.low, part.high) for part in used), strict=True)
        median = middle(value), middle(low), middle(high)
    result = replace(quotient(entry, above, below), small_base=False, exceeds_whole=False)
    if entry.kind == "ratio" and entry.capped == "yes":
        result = _at_most(result, Fraction(entry.times))
    return replace(result, units=len(used), median=median)


def _degree(entry: Indicator, used: Sequence[Result]) -> Result:
    # 8 days of 7 are 7 of 7: nobody makes up for another.
    full = Fraction(entry.denominator) if isinstance(entry.denominator, int) else Fraction(0)
    done = [_capped(part.above, full) for part in used if part.above]
    below = exactly(full * len(used))
    return replace(quotient(entry, total(done), below), units=len(used))


def _capped(amount: Amount, most: Fraction) -> Amount:
    return replace(amount, value=min(amount.value, most), low=min(amount.low, most), high=min(amount.high, most))


def _at_most(result: Result, most: Fraction) -> Result:
    return replace(result, value=min(result.value, most), low=min(result.low, most), high=min(result.high, most))


def _why_none(statuses: Sequence[Status]) -> Status:
    if all(status is Status.NOT_APPLICABLE for status in statuses):
        return Status.NOT_APPLICABLE
    return next((reason for reason in (Status.NO_PREVIOUS, Status.SERIES_BREAK) if reason in statuses), Status.MISSING)
