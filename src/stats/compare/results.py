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
from stats.compare.all_comparisons import Compared, Setting, compare_one, county_target
from stats.compare.comparisons import (
    NOT_COMPARED,
    VALUE_PLACES,
    comparison_at,
    decimal_at,
    multiple_of,
    trend_of,
    with_reference,
)
from stats.compare.differences import PERCENT_DECIMALS
from stats.compare.precision import gap
from stats.figures import Comparison, Figure, Rank, Target
from stats.indicators import CountyFigures
from stats.measures import CODES, Exact, Flags, Integers, Quantity, rounded
from stats.params import Params, TargetValue


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
        groups=params.group_of,
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

    def ranked(self, year: int, indicator: str) -> dict[str, dict[str, Decimal]]:
        """The printed figures of the towns that have a place among others: group → unit → figure.

        All towns of the county are the group "".
        """
        one, row = self.compared[indicator], self.answers.years.index(year)
        found: dict[str, dict[str, Decimal]] = {}
        for column in map(int, np.flatnonzero(one.places.place[row])):
            unit = self.answers.units[column]
            found.setdefault(self._group(one, unit), {})[unit] = self._printed(one, (row, column))
        return found

    def printed(self, year: int, indicator: str) -> dict[str, Decimal]:
        """The printed figures of all towns whose figure is exact, by unit."""
        one, row = self.compared[indicator], self.answers.years.index(year)
        exact = one.units.status[row] == CODES.index(Status.OK)
        return {
            self.answers.units[column]: self._printed(one, (row, column))
            for column in map(int, np.flatnonzero(exact & self.answers.towns))
        }

    def _group(self, one: Compared, unit: str) -> str:
        return self.setting.groups.get(unit, "") if one.units.indicator.falls_with_size else ""

    def _printed(self, one: Compared, place: tuple[int, int]) -> Decimal:
        return one.precise.get(place, decimal_at(one.units.rounded, place, one.units.indicator.decimals))

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
            last_year=self._as_printed_then(one, place, of_county=False),
            county=self._against_county(one, place) if town else NOT_COMPARED,
            city=comparison_at(self.setting.rounding, one.city, place),
            target=self._target(one, year, status, place, of_county=False),
            rank=self._rank(one, status, place),
            precise=one.precise.get(place),
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
            city=comparison_at(self.setting.rounding, one.county_city, place),
            peers=self._peers(one, year, place),
            target=self._target(one, year, status, place, of_county=True),
            rank=Rank(reason="not_ranked"),
            units=int(county.units[place]),
            due=int(county.due[place]),
            multiple=self._multiple(indicator, county.value, place) if has_sides else None,
            share_met=self._share_met(one, place),
            median=self._median(one, status, place),
            precise=one.county_precise.get(place),
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
            "rounded": decimal_at(rounds, place, indicator.decimals),
        }

    def _twelve(self, value: Exact, place: tuple[int, int]) -> Decimal:
        return value.rounded_at(place, VALUE_PLACES, self.setting.rounding)

    def _multiple(self, indicator: Indicator, value: Exact, place: tuple[int, int]) -> Decimal | None:
        return multiple_of(value.at(*place), self.setting.rounding) if indicator.kind == "growth" else None

    def _against_county(self, one: Compared, place: tuple[int, int]) -> Comparison:
        at = place[0], int(self.answers.groups.of_column[place[1]])
        units, due = (int(part[at]) for part in (one.county.units, one.county.due))
        comparison = comparison_at(self.setting.rounding, one.against_county, place, units=units, due=due)
        is_median = one.units.indicator.aggregation == "sum_and_median"
        return comparison if is_median else with_reference(comparison, one.county_precise.get(at))

    def _as_printed_then(self, one: Compared, place: tuple[int, int], *, of_county: bool) -> Comparison:
        """The comparison with last year, whose figure stands as it was printed a year ago."""
        differences = one.county_last_year.differences if of_county else one.last_year
        comparison = comparison_at(self.setting.rounding, differences, place)
        then = (one.county_precise if of_county else one.precise).get((place[0] - 1, place[1]))
        is_level = one.units.indicator.year_on_year == "level"
        return comparison if is_level else with_reference(comparison, then)

    def _county_last_year(self, one: Compared, place: tuple[int, int]) -> Comparison:
        comparison, last_year = self._as_printed_then(one, place, of_county=True), one.county_last_year
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
            trend=trend_of(difference, low, high),
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
        distance = None
        if judged.met[place]:
            state = "met"
        elif judged.unmet[place]:
            state = "unmet"
            distance = self._gap(one, target, status, place, of_county=of_county)
        else:
            without = (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR)
            state = "not_applicable" if status in without else "unknown"
        return Target(state, target.operator, target.value, distance, target.basis)  # type: ignore[arg-type]

    def _gap(
        self, one: Compared, target: TargetValue, status: Status, place: tuple[int, int], *, of_county: bool
    ) -> Decimal | None:
        """The distance from an unmet target with as many digits as the figure; None for an approximation."""
        if status is not Status.OK:
            return None
        value, precise = (one.county.value, one.county_precise) if of_county else (one.units.value, one.precise)
        decimals = one.units.indicator.decimals
        if place in precise:
            decimals = -int(precise[place].as_tuple().exponent)
        return gap(value.at(*place), target, decimals=decimals, rounding=self.setting.rounding)

    def _rank(self, one: Compared, status: Status, place: tuple[int, int]) -> Rank:
        indicator, unit = one.units.indicator, self.answers.units[place[1]]
        if one.places.place[place]:
            at, of, sharing = (int(part[place]) for part in (one.places.place, one.places.of, one.places.sharing))
            return Rank(at, of, sharing > 1, sharing=sharing, group=self._group(one, unit))
        if indicator.direction == "neutral":
            return Rank(reason="neutral")
        if not indicator.ranked or not self.answers.towns[place[1]]:
            return Rank(reason="not_ranked")
        if not status.has_value:
            return Rank(reason="no_value")
        return Rank(reason=self._why_unranked(one, status, place))

    def _why_unranked(self, one: Compared, status: Status, place: tuple[int, int]) -> str:
        if status is Status.APPROX:
            return "approx"
        if one.units.small_base[place]:
            return "small_base"
        return "size" if one.units.indicator.falls_with_size else "above_best"

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
