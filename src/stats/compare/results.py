"""The vectors of a run read one figure at a time. Rounds nothing that was rounded before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from stats.answers import Answers
from stats.benchmarks import Benchmark
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.compare.differences import PERCENT_DECIMALS, Differences
from stats.compare.run import Compared, Setting, compare_one, county_target
from stats.figures import Comparison, Figure, Rank, Target, Trend
from stats.indicators import CountyFigures
from stats.measures import CODES, Exact, Flags, Integers, Quantity, Rounding, decimal, rounded
from stats.params import Params

VALUE_PLACES = 12
_NOT_COMPARED = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)
_NO_BOUNDS = (None, None, None, None)
_TRENDS: Mapping[int, Trend] = {-1: "down", 0: "flat", 1: "up"}


def compute(answers: Answers, params: Params, benchmarks: Iterable[Benchmark]) -> Results:
    """All figures and comparisons of one county's run."""

    def comparable(indicator: Indicator, units: tuple[str, ...]) -> Flags:
        years = answers.years
        return np.array(
            [[params.comparable(year=y, unit=unit, indicator=indicator.code) for unit in units] for y in years]
        )

    setting = Setting(
        rounding=params.rounding,
        targets=params.targets,
        benchmarks=tuple(benchmarks),
        comparable=lambda indicator: comparable(indicator, answers.units),
        county_comparable=lambda indicator: comparable(indicator, (params.county.code,)),
    )
    compared = {code: compare_one(indicator, answers, setting) for code, indicator in indicators().items()}
    return Results(answers, params, setting, compared)


@dataclass(frozen=True)
class Results:
    """All figures of one county's run.

    Whole-county figures go by the county's code; what the county itself answered is its ``own`` figure.
    """

    answers: Answers
    params: Params
    setting: Setting
    compared: Mapping[str, Compared]

    def figure(self, unit: str, year: int, indicator: str) -> Figure | None:
        """A town's figure or, by the county's code, the whole county's; None where the indicator is not about it."""
        if unit == self.params.county.code:
            return self._county(year, indicator)
        return self._unit(unit, year, indicator)

    def own(self, year: int, indicator: str) -> Figure | None:
        """The figure of the county's own row; None where the county does not answer for this indicator."""
        return self._unit(self.params.county.code, year, indicator)

    def ranked(self, year: int, indicator: str) -> dict[str, Decimal]:
        """The rounded figures of the towns that have a place among the others of their county."""
        one, row = self.compared[indicator], self.answers.years.index(year)
        decimals = one.units.indicator.decimals
        return {
            self.answers.units[column]: _decimal(one.units.rounded, (row, column), decimals)
            for column in map(int, np.flatnonzero(one.place[row]))
        }

    def _unit(self, unit: str, year: int, code: str) -> Figure | None:
        one, place = self.compared[code], self.answers.place(unit, year)
        indicator, town = one.units.indicator, bool(self.answers.towns[place[1]])
        if not self.answers.due[place] or indicator.level == ("county" if town else "town"):
            return None
        figures, status = one.units, CODES[one.units.status[place]]
        has_sides = status.has_value
        return Figure(
            year=year,
            unit=unit,
            indicator=code,
            status=status,
            **self._numbers(status, figures.value, figures.low, figures.high, figures.rounded, indicator, place),
            numerator=_side(figures.numerator, place) if has_sides else None,
            denominator=_side(figures.denominator, place) if has_sides else None,
            small_base=bool(figures.small_base[place]) and status.has_value,
            exceeds_whole=bool(figures.exceeds_whole[place]),
            multiple=self._multiple(indicator, figures.value, place) if has_sides else None,
            last_year=_comparison(self.setting.rounding, one.last_year, place),
            county=self._against_county(one, place) if town else _NOT_COMPARED,
            city=_comparison(self.setting.rounding, one.city, place),
            target=self._target(one, year, status, place, of_county=False),
            rank=_rank(one, status, place, town=town),
        )

    def _county(self, year: int, code: str) -> Figure:
        one, place = self.compared[code], (self.answers.years.index(year), 0)
        indicator, county = one.units.indicator, one.county
        status = CODES[county.status[place]]
        has_sides = status.has_value and county.has_sides
        return Figure(
            year=year,
            unit=self.params.county.code,
            indicator=code,
            status=status,
            **self._numbers(status, county.value, county.low, county.high, county.rounded, indicator, place),
            numerator=plain(county.numerator.at(*place)) if has_sides else None,
            denominator=plain(county.denominator.at(*place)) if has_sides else None,
            last_year=self._county_last_year(one, place),
            city=_comparison(self.setting.rounding, one.county_city, place),
            peers=self._peers(one, year, place),
            target=self._target(one, year, status, place, of_county=True),
            rank=Rank(reason="not_ranked"),
            units=int(county.units[place]),
            due=int(county.due[place]),
            multiple=self._multiple(indicator, county.value, place) if has_sides else None,
            share_met=self._share_met(one, place),
            median=self._median(one, status, place),
            met=int(county.met[place]),
            decided=int(county.decided[place]),
        )

    def _numbers(
        self,
        status: Status,
        value: Exact,
        low: Exact,
        high: Exact,
        rounds: Integers,
        indicator: Indicator,
        place: tuple[int, int],
    ) -> dict[str, Any]:
        if not status.has_value:
            return {}
        return {
            "value": self._twelve(value, place),
            "low": self._twelve(low, place),
            "high": self._twelve(high, place),
            "rounded": _decimal(rounds, place, indicator.decimals),
        }

    def _twelve(self, value: Exact, place: tuple[int, int]) -> Decimal:
        return value.rounded_at(place, VALUE_PLACES, self.setting.rounding)

    def _multiple(self, indicator: Indicator, value: Exact, place: tuple[int, int]) -> Decimal | None:
        return _multiple(value.at(*place), self.setting.rounding) if indicator.kind == "growth" else None

    def _against_county(self, one: Compared, place: tuple[int, int]) -> Comparison:
        group = int(self.answers.groups.of_column[place[1]])
        units, due = (int(part[place[0], group]) for part in (one.county.units, one.county.due))
        return _comparison(self.setting.rounding, one.against_county, place, units=units, due=due)

    def _county_last_year(self, one: Compared, place: tuple[int, int]) -> Comparison:
        last_year = one.county_last_year
        comparison = _comparison(self.setting.rounding, last_year.differences, place)
        return replace(comparison, matched=int(last_year.matched[place]), is_partial=bool(last_year.is_partial[place]))

    def _peers(self, one: Compared, year: int, place: tuple[int, int]) -> tuple[Comparison, ...]:
        indicator = one.units.indicator
        rows = [b for b in self.setting.benchmarks if (b.year, b.indicator, b.level) == (year, indicator.code, "peer")]
        return tuple(self._peer(row, one.county, place, indicator) for row in rows)

    def _peer(self, row: Benchmark, county: CountyFigures, place: tuple[int, int], indicator: Indicator) -> Comparison:
        status, outside = CODES[county.status[place]], Fraction(row.value)
        reference = self._round(outside, indicator.decimals)
        if not status.has_value:
            return Comparison(status, Status.OK, reference=reference, name=row.name)
        exact = county.value.at(*place) - outside
        difference = self._round(exact, indicator.decimals)
        low = high = None
        if status is Status.APPROX:
            low, high = (self._round(end.at(*place) - outside, indicator.decimals) for end in (county.low, county.high))
        return Comparison(
            status,
            Status.OK,
            reference=reference,
            difference=difference,
            exact=self._round(exact, VALUE_PLACES),
            trend=_trend(difference, low, high),
            name=row.name,
            low=low,
            high=high,
        )

    def _round(self, number: Fraction, decimals: int) -> Decimal:
        return rounded(number.numerator, number.denominator, decimals, self.setting.rounding)

    def _target(self, one: Compared, year: int, status: Status, place: tuple[int, int], *, of_county: bool) -> Target:
        indicator = one.units.indicator
        target = self.params.targets.get(year, {}).get(indicator.code)
        target = county_target(indicator, target) if of_county else target
        if target is None:
            return Target("none")
        judged = one.county_judged if of_county else one.judged
        gap = None
        if judged.met[place]:
            state = "met"
        elif judged.unmet[place]:
            state = "unmet"
            if status is Status.OK:
                value = (one.county.value if of_county else one.units.value).at(*place)
                gap = self._round(abs(Fraction(target.value) - value), indicator.decimals)
        else:
            without = (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR)
            state = "not_applicable" if status in without else "unknown"
        return Target(state, target.operator, target.value, gap, target.basis)  # type: ignore[arg-type]

    def _share_met(self, one: Compared, place: tuple[int, int]) -> Decimal | None:
        decided = int(one.county.decided[place])
        if one.units.indicator.aggregation != "median_and_share_compliant" or not decided:
            return None
        return rounded(100 * int(one.county.met[place]), decided, PERCENT_DECIMALS, self.setting.rounding)

    def _median(self, one: Compared, status: Status, place: tuple[int, int]) -> Decimal | None:
        indicator = one.units.indicator
        if indicator.aggregation != "sum_and_median" or not status.has_value:
            return None
        return self._round(one.county.median[0].at(*place), indicator.decimals)


def plain(number: Fraction) -> Decimal:
    """A fraction whose denominator divides a power of ten, as the decimal it is."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def _side(quantity: Quantity, place: tuple[int, int]) -> Decimal:
    return plain(Fraction(int(quantity.value[place]), 10**quantity.places))


def _decimal(vector: Integers, place: tuple[int, int], decimals: int) -> Decimal:
    return decimal(int(vector[place]), decimals)


def _trend(difference: Decimal | None, low: Decimal | None = None, high: Decimal | None = None) -> Trend:
    """Which way a rounded difference points; of an interval, only where both ends point the same way."""
    if difference is None:
        return "none"
    signs = {
        (end > 0) - (end < 0) for end in (difference if low is None else low, difference if high is None else high)
    }
    return _TRENDS[signs.pop()] if len(signs) == 1 else "about"


def _comparison(
    rounding: Rounding, of: Differences | None, place: tuple[int, int], *, units: int = 0, due: int = 0
) -> Comparison:
    """One comparison out of the vectors; the reference stands wherever it has a value."""
    if of is None:
        return _NOT_COMPARED
    status, reference_status = CODES[of.status[place]], CODES[of.reference_status[place]]
    reference = _decimal(of.reference, place, of.reference_decimals) if reference_status.has_value else None
    if not status.has_value:
        return Comparison(status, reference_status, reference=reference, units=units, due=due)
    has_percent = of.has_percent is not None and bool(of.has_percent[place])
    difference = None if of.difference is None else _decimal(of.difference, place, of.difference_decimals)
    exact = multiple = None
    if of.exact is not None and (of.percent is None or has_percent):
        exact = of.exact.rounded_at(place, VALUE_PLACES, rounding)
        multiple = _multiple(of.exact.at(*place), rounding) if has_percent and difference is not None else None
    bounds = _bounds(rounding, of, place, has_percent=has_percent) if status is Status.APPROX else _NO_BOUNDS
    return Comparison(
        status,
        reference_status,
        reference=reference,
        difference=difference,
        exact=exact,
        percent=_decimal(of.percent, place, PERCENT_DECIMALS) if of.percent is not None and has_percent else None,
        multiple=multiple,
        trend=_trend(difference, *bounds[:2]),
        units=units,
        due=due,
        low=bounds[0],
        high=bounds[1],
        percent_low=bounds[2],
        percent_high=bounds[3],
    )


def _bounds(
    rounding: Rounding, of: Differences, place: tuple[int, int], *, has_percent: bool
) -> tuple[Decimal | None, ...]:
    """The ends of a difference and of its percentage, each rounded once; None where there are none."""
    pairs = (
        (of.ends(place), of.difference_decimals),
        (of.percent_ends(place) if has_percent else None, PERCENT_DECIMALS),
    )
    return tuple(
        None if ends is None else rounded(ends[side].numerator, ends[side].denominator, decimals, rounding)
        for ends, decimals in pairs
        for side in (0, 1)
    )


def _multiple(percent: Fraction, rounding: Rounding) -> Decimal:
    """How many times the reference, from the change in percent."""
    times = percent / 100 + 1
    return rounded(times.numerator, times.denominator, PERCENT_DECIMALS, rounding)


def _rank(one: Compared, status: Status, place: tuple[int, int], *, town: bool) -> Rank:
    indicator = one.units.indicator
    if one.place[place]:
        return Rank(int(one.place[place]), int(one.of[place]), bool(one.tied[place]))
    if indicator.direction == "neutral":
        return Rank(reason="neutral")
    if not indicator.ranked or not town:
        return Rank(reason="not_ranked")
    if not status.has_value:
        return Rank(reason="no_value")
    return Rank(reason="approx" if status is Status.APPROX else "small_base")
