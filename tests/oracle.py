"""An independent computation of every figure with all its comparisons: what the library is checked against.

Written from the rules alone, in fractions, one unit at a time. Takes the declarations of the catalogue and the
shape of a figure from the project, and shares no computation with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from oracle_amounts import Amount, rounded, worst
from oracle_results import Result, Results, judged
from stats.benchmarks import Benchmark
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure, Rank, Target, Trend
from stats.params import Params
from stats.returns.cells import Cell

NOT_COMPARED = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)
PLACES = 12
# Posts and budgets may be exceeded: all of the due is best. Per head and per 10,000 residents small units lead.
MAY_EXCEED = ("BLD-04", "FND-03")
FALL_WITH_SIZE = ("EDU-02", "FND-05")
Side = tuple[Fraction, Fraction, Fraction]


def side(result: Result) -> Side:
    """A result and the bounds it lies between."""
    return result.value, result.low, result.high


def of_amount(amount: Amount) -> Side:
    """An amount and the bounds it lies between."""
    return amount.value, amount.low, amount.high


def trend_of(low: Decimal, high: Decimal) -> Trend:
    """Which way a difference between these printed ends points."""
    if low > 0:
        return "up"
    if high < 0:
        return "down"
    return "flat" if low == high == 0 else "about"


class Oracle:
    """All figures of one county."""

    def __init__(
        self,
        cells: Iterable[Cell],
        params: Params,
        years: Sequence[int],
        received: Mapping[int, frozenset[str]],
        benchmarks: Sequence[Benchmark] = (),
    ) -> None:
        self.params, self.benchmarks = params, benchmarks
        self.results = Results(cells, params, years, received)

    def figure(self, unit: str, year: int, code: str) -> Figure | None:
        """The figure of a town, or with the county's code of the whole county; None where there is none."""
        entry = indicators()[code]
        if unit == self.params.county.code:
            return self._county_figure(year, entry)
        return self._unit_figure(unit, year, entry)

    def own(self, year: int, code: str) -> Figure | None:
        """The county row's own figure; None where the indicator does not ask for it."""
        return self._unit_figure(self.params.county.code, year, indicators()[code])

    # The figure itself

    def _unit_figure(self, unit: str, year: int, entry: Indicator) -> Figure | None:
        result = self.results.of_unit(unit, year, entry)
        if result is None:
            return None
        return replace(
            self._plain(unit, year, entry, result),
            last_year=self._unit_last_year(unit, year, entry, result),
            county=NOT_COMPARED if unit == self.params.county.code else self._versus_county(year, entry, result),
            city=self._city(year, entry, result),
            target=self._target(year, entry, result, whole=False),
            rank=self._rank(unit, year, entry, result),
            precise=self._precise(year, entry, result, whole=False),
        )

    def _county_figure(self, year: int, entry: Indicator) -> Figure | None:
        result = self.results.of_county(year, entry)
        if result is None:
            return None
        return replace(
            self._plain(self.params.county.code, year, entry, result),
            last_year=self._county_last_year(year, entry, result),
            city=self._city(year, entry, result),
            peers=tuple(self._outside(entry, result, row) for row in self._rows(year, entry, "peer")),
            target=self._target(year, entry, result, whole=True),
            rank=Rank(reason="not_ranked"),
            precise=self._precise(year, entry, result, whole=True),
        )

    def _plain(self, unit: str, year: int, entry: Indicator, result: Result) -> Figure:
        figure = Figure(year, unit, entry.code, result.status, units=result.units, due=result.due)
        figure = replace(figure, met=result.met, decided=result.decided)
        if not result.status.has_value:
            return figure
        return replace(
            figure,
            value=self._round(result.value, PLACES),
            rounded=self._round(result.value, entry.decimals),
            numerator=None if result.numerator is None else self._round(result.numerator, PLACES),
            denominator=None if result.denominator is None else self._round(result.denominator, PLACES),
            low=self._round(result.low, PLACES),
            high=self._round(result.high, PLACES),
            small_base=result.small_base,
            exceeds_whole=result.exceeds_whole,
            multiple=self._multiple(entry, result),
            share_met=None if result.share_met is None else self._round(result.share_met, 1),
            median=None if result.median is None else self._round(result.median[0], entry.decimals),
        )

    def _multiple(self, entry: Indicator, result: Result) -> Decimal | None:
        if entry.kind != "growth" or result.above is None or result.below is None:
            return None
        return self._round(result.above.value / result.below.value, 1)

    def _printed(self, year: int, entry: Indicator, result: Result, *, whole: bool) -> Decimal:
        """What is printed: with the indicator's decimals, or with more where these would contradict what is judged."""
        return self._precise(year, entry, result, whole=whole) or self._round(result.value, entry.decimals)

    def _precise(self, year: int, entry: Indicator, result: Result, *, whole: bool) -> Decimal | None:
        target = self._target(year, entry, result, whole=whole)
        if target.value is None or target.state not in ("met", "unmet"):
            return None
        for places in range(entry.decimals, 40):
            printed = self._round(result.value, places)
            reaches = printed >= target.value if target.operator == ">=" else printed <= target.value
            if reaches == (target.state == "met"):
                return printed if places > entry.decimals else None
        raise AssertionError("no number of digits shows the side of the target")

    def _round(self, number: Fraction, places: int) -> Decimal:
        return rounded(number, places, self.params.rounding)

    def _difference(self, comparison: Comparison, now: Side, then: Side, places: int) -> Comparison:
        """The difference with its ends where it is not exact; it points somewhere only if both ends point there."""
        difference = now[0] - then[0]
        short = ends = self._round(difference, places), self._round(difference, places)
        if comparison.status is Status.APPROX:
            ends = self._round(now[1] - then[2], places), self._round(now[2] - then[1], places)
            comparison = replace(comparison, low=ends[0], high=ends[1])
        return replace(comparison, difference=short[0], exact=self._round(difference, PLACES), trend=trend_of(*ends))

    def _percent(self, comparison: Comparison, now: Side, then: Side) -> Comparison:
        if then[0] == 0:
            return replace(comparison, percent=None, exact=None)
        percent = 100 * (now[0] - then[0]) / then[0]
        if comparison.status is Status.APPROX and then[1] > 0:
            ends = (100 * (now[1] - then[2]) / then[2], 100 * (now[2] - then[1]) / then[1])
            low, high = (self._round(end, 1) for end in ends)
            comparison = replace(comparison, percent_low=low, percent_high=high)
        return replace(
            comparison,
            percent=self._round(percent, 1),
            exact=self._round(percent, PLACES),
            multiple=self._round(now[0] / then[0], 1),
        )

    # Last year

    def _unit_last_year(self, unit: str, year: int, entry: Indicator, result: Result) -> Comparison:
        if entry.year_on_year == "level":
            return self._level(unit, year, entry, result)
        last = self.results.of_unit(unit, year - 1, entry)
        return self._since_last_year(year, entry, result, last, broken=self.results.broken(unit, year, entry))

    def _level(self, unit: str, year: int, entry: Indicator, result: Result) -> Comparison:
        if self.results.broken(unit, year, entry):
            return Comparison(Status.SERIES_BREAK, result.status)
        comparison = Comparison(result.status, result.status)
        if not result.status.has_value or result.numerator is None or result.denominator is None:
            return comparison
        reference = self._round(result.denominator, 0)
        comparison = replace(comparison, reference=reference)
        if result.above is None or result.below is None:
            return comparison
        return self._difference(comparison, of_amount(result.above), of_amount(result.below), 0)

    def _since_last_year(
        self, year: int, entry: Indicator, result: Result, last: Result | None, *, broken: bool
    ) -> Comparison:
        # a return that did not come leaves no previous figure to show
        reported = last and last.status is not Status.NOT_REPORTED
        comparison = Comparison(Status.OK, last.status if last and reported else Status.NO_PREVIOUS)
        if last and last.status.has_value:
            comparison = replace(comparison, reference=self._printed(year - 1, entry, last, whole=False))
        status = self._status_since_last_year(entry, result, last, broken=broken)
        comparison = replace(comparison, status=status)
        if not status.has_value or last is None:
            return comparison
        comparison = self._difference(comparison, side(result), side(last), entry.decimals)
        return self._percent(comparison, side(result), side(last)) if entry.year_on_year == "percent" else comparison

    def _status_since_last_year(self, entry: Indicator, result: Result, last: Result | None, *, broken: bool) -> Status:
        if entry.year_on_year == "none":
            return Status.NOT_COMPARED
        if broken:
            return Status.SERIES_BREAK
        if not result.status.has_value:
            return result.status
        if last is None or last.status is Status.NOT_REPORTED:
            return Status.NO_PREVIOUS
        return worst(result.status, last.status) if last.status.has_value else last.status

    def _county_last_year(self, year: int, entry: Indicator, result: Result) -> Comparison:
        """Over the units usable in both years, beside last year's figure as it was printed then."""
        if entry.year_on_year == "level":
            return NOT_COMPARED
        last = self.results.of_county(year - 1, entry)
        # What no unit answered is no previous figure.
        absent = (Status.NOT_REPORTED, *([] if entry.aggregation == "county_own" else [Status.MISSING]))
        there = last and last.status not in absent
        comparison = Comparison(Status.OK, last.status if last and there else Status.NO_PREVIOUS)
        if last and last.status.has_value:
            comparison = replace(comparison, reference=self._printed(year - 1, entry, last, whole=True))
        if entry.year_on_year == "none":
            return self._shown_with_growth(year, entry, result, comparison)
        matched, all_twice = self._matched(year, entry)
        now, before = self.results.over(matched, year, entry), self.results.over(matched, year - 1, entry)
        status = self._status_of_matched(year, entry, result, comparison, bool(all_twice))
        if status is Status.OK and now and before:
            statuses = now.status, before.status
            status = Status.ZERO_DENOMINATOR if Status.ZERO_DENOMINATOR in statuses else worst(*statuses)
        comparison = replace(comparison, status=status)
        if not status.has_value or now is None or before is None or last is None:
            return comparison
        is_partial = not len(matched) == result.units == last.units
        comparison = replace(comparison, matched=len(matched), is_partial=is_partial)
        comparison = self._difference(comparison, side(now), side(before), entry.decimals)
        return self._percent(comparison, side(now), side(before)) if entry.year_on_year == "percent" else comparison

    def _shown_with_growth(self, year: int, entry: Indicator, result: Result, comparison: Comparison) -> Comparison:
        comparison = replace(comparison, status=Status.NOT_COMPARED)
        if not result.status.has_value:
            return comparison
        is_partial = result.units < self.results.answered_in_either(year, entry)
        return replace(comparison, matched=result.units, is_partial=is_partial)

    def _matched(self, year: int, entry: Indicator) -> tuple[list[str], list[str]]:
        """The units usable in both years and comparable; then those usable in both years."""
        twice = [
            unit
            for unit in self.results.parts(year, entry)
            if self.results.usable(unit, year, entry) and self.results.usable(unit, year - 1, entry)
        ]
        return [unit for unit in twice if not self.results.broken(unit, year, entry)], twice

    def _status_of_matched(
        self, year: int, entry: Indicator, result: Result, comparison: Comparison, any_twice: bool
    ) -> Status:
        """Why a county is not compared with last year; OK where it is."""
        if self.results.broken(self.params.county.code, year, entry):
            return Status.SERIES_BREAK
        if not result.status.has_value:
            return result.status
        if not comparison.reference_status.has_value:
            return comparison.reference_status
        if not self._matched(year, entry)[0]:
            return Status.SERIES_BREAK if any_twice else Status.TOO_FEW_UNITS
        return Status.OK

    # The county, the city, other counties

    def _versus_county(self, year: int, entry: Indicator, result: Result) -> Comparison:
        county = self.results.of_county(year, entry)
        if county is None:
            return NOT_COMPARED
        level, printed = side(county), None
        if county.status.has_value:
            printed = self._printed(year, entry, county, whole=True)
        if entry.versus_county in ("median_points", "median_difference") and county.median is not None:
            level, printed = county.median, self._round(county.median[0], entry.decimals)
        comparison = Comparison(
            self._status_versus_county(entry, result, county), county.status, units=county.units, due=county.due
        )
        if county.status.has_value:
            comparison = replace(comparison, reference=printed)
        if not comparison.status.has_value or entry.versus_county == "units":
            return comparison
        if entry.versus_county == "share":
            return self._share(comparison, side(result), level)
        return self._difference(comparison, side(result), level, entry.decimals)

    def _share(self, comparison: Comparison, part: Side, whole: Side) -> Comparison:
        share = 100 * part[0] / whole[0]
        comparison = replace(comparison, percent=self._round(share, 1), exact=self._round(share, PLACES))
        if comparison.status is not Status.APPROX:
            return comparison
        # The others of the whole may be at their most while this one is at its least, and the other way round.
        others_least, others_most = whole[1] - part[1], whole[2] - part[2]
        least = 100 * part[1] / (part[1] + others_most) if part[1] else Fraction(0)
        most = 100 * part[2] / (part[2] + others_least) if part[2] else Fraction(0)
        return replace(comparison, percent_low=self._round(least, 1), percent_high=self._round(most, 1))

    def _status_versus_county(self, entry: Indicator, result: Result, county: Result) -> Status:
        kind = entry.versus_county
        if kind == "none":
            return Status.NOT_COMPARED
        if not result.status.has_value:
            return result.status
        if not county.status.has_value:
            return county.status
        if county.units < 3 and kind not in ("share", "units"):
            return Status.TOO_FEW_UNITS
        if kind == "share" and county.value == 0:
            return Status.ZERO_DENOMINATOR
        return worst(result.status, county.status)

    def _rows(self, year: int, entry: Indicator, level: str) -> list[Benchmark]:
        return [row for row in self.benchmarks if (row.year, row.indicator, row.level) == (year, entry.code, level)]

    def _city(self, year: int, entry: Indicator, result: Result) -> Comparison:
        rows = self._rows(year, entry, "city")
        if rows:
            return replace(self._outside(entry, result, rows[0]), name="")
        status = Status.NOT_PROVIDED if entry.versus_city else Status.NOT_COMPARED
        return Comparison(status, status)

    def _outside(self, entry: Indicator, result: Result, row: Benchmark) -> Comparison:
        outside = Fraction(row.value)
        comparison = Comparison(result.status, Status.OK, self._round(outside, entry.decimals), name=row.name)
        if not result.status.has_value:
            return comparison
        return self._difference(comparison, side(result), (outside, outside, outside), entry.decimals)

    # Target and rank

    def _target(self, year: int, entry: Indicator, result: Result, *, whole: bool) -> Target:
        declared = self.params.targets.get(year, {}).get(entry.code)
        if declared is None:
            return Target("none")
        share = whole and entry.aggregation in ("share_compliant", "share_yes")
        target = Target("unknown", declared.operator, declared.value, basis=declared.basis)
        if share:
            target = replace(target, operator=">=", value=Decimal(100))
        if result.status in (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR):
            return replace(target, state="not_applicable")
        goal = Fraction(target.value or 0)
        state = judged(result, target.operator, goal)
        everyone = share or (target.operator == ">=" and goal == 100)
        if whole and state == "met" and result.units < result.due and everyone:
            state = "unknown"
        target = replace(target, state=state)
        if state == "unmet" and result.status is Status.OK:
            return replace(target, gap=self._gap(entry, result, target, goal))
        return target

    def _gap(self, entry: Indicator, result: Result, target: Target, goal: Fraction) -> Decimal:
        """The distance with the digits of the figure, or with those that show that there is one."""
        for places in range(entry.decimals, 40):
            printed, distance = self._round(result.value, places), self._round(abs(goal - result.value), places)
            is_short = printed < goal if target.operator == ">=" else printed > goal
            if is_short and distance:
                return distance
        raise AssertionError("no number of digits shows the distance")

    def _rank(self, unit: str, year: int, entry: Indicator, result: Result) -> Rank:
        if unit == self.params.county.code:
            return Rank(reason="neutral" if entry.direction == "neutral" else "not_ranked")
        if reason := self._why_unranked(entry, result):
            return Rank(reason=reason)
        group = self._group(unit, entry)
        if group is None:
            return Rank(reason="size")
        sign = -1 if entry.direction == "higher" else 1
        ranked = [
            part
            for code, part in self.results.parts(year, entry).items()
            if code != self.params.county.code
            and self._group(code, entry) == group
            and not self._why_unranked(entry, part)
        ]
        if group and len(ranked) < 9:
            return Rank(reason="size")
        places = [sign * self._printed(year, entry, part, whole=False) for part in ranked]
        mine = sign * self._printed(year, entry, result, whole=False)
        sharing = places.count(mine)
        return Rank(1 + sum(p < mine for p in places), len(places), sharing > 1, sharing=sharing, group=group)

    def _group(self, unit: str, entry: Indicator) -> str | None:
        """The group a unit is ranked in, "" for the whole county; None where it is in none."""
        if entry.code not in FALL_WITH_SIZE:
            return ""
        return next((name for name, codes in self.params.groups.items() if unit in codes), None)

    def _why_unranked(self, entry: Indicator, result: Result) -> str:
        if entry.direction == "neutral":
            return "neutral"
        if not entry.ranked:
            return "not_ranked"
        if not result.status.has_value:
            return "no_value"
        if result.status is Status.APPROX:
            return "approx"
        if result.small_base:
            return "small_base"
        is_share_of_what_is_due = entry.code in MAY_EXCEED or entry.capped == "yes"
        above = entry.unit == "%" and is_share_of_what_is_due and self._round(result.value, entry.decimals) > 100
        return "above_best" if above else ""
