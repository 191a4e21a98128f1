"""County figures, comparisons and ranks of four towns, worked by hand: by the library and by the oracle alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest

from oracle import Oracle
from stats.answers import Answers
from stats.benchmarks import Benchmark
from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import questions
from stats.compare import compute
from stats.figures import Figure
from stats.params import Break, County, Params, TargetValue, Unit
from stats.returns.cells import Cell
from stats.returns.reading import parse

COUNTY = "990118000000"
A, B, C, D = (f"9901181{number:02}000" for number in range(1, 5))
YEARS = (2018, 2019)
Returns = Mapping[str, Mapping[str, str]]


class Figures(Protocol):
    """What both computations answer."""

    def figure(self, unit: str, year: int, indicator: str, /) -> Figure | None: ...

    def own(self, year: int, indicator: str, /) -> Figure | None: ...


def make_params(targets: Mapping[str, str], breaks: tuple[Break, ...]) -> Params:
    aims = {c: TargetValue.model_validate({"op": ">=", "value": aim, "basis": "param"}) for c, aim in targets.items()}
    return Params(
        county=County(code=COUNTY, name="甲县"),
        year=YEARS[1],
        units=tuple(Unit(code=code, name=f"第{code[7:9]}镇", type="镇") for code in (A, B, C, D)),
        targets={YEARS[1]: aims},
        breaks=breaks,
        workspace=Path("no-such-workspace"),
    )


def cells(year: int, returns: Returns) -> Iterator[Cell]:
    """Whole returns: what is written, blanks elsewhere; until 2019 the seasons stand in the year's row."""
    assert periods_due(year) == ("year",)
    for unit, written in returns.items():
        for variable in questions():
            if variable.asked_of(county=unit == COUNTY):
                raw = written.get(variable.name, "")
                read = parse(raw, variable)
                bounds = read.value, read.lower, read.upper
                yield Cell(unit, year, "year", variable.name, raw, read.status, *bounds, "", "", "", "")


def inputs(now: Returns, last: Returns) -> tuple[list[Cell], dict[int, frozenset[str]]]:
    received = {2018: frozenset(last), 2019: frozenset(now)}
    return [*cells(2018, last), *cells(2019, now)], received


def by_library(params: Params, now: Returns, last: Returns, benchmarks: tuple[Benchmark, ...]) -> Figures:
    rows, received = inputs(now, last)
    return compute(Answers.from_cells(rows, params, YEARS, received), params, benchmarks)


def by_oracle(params: Params, now: Returns, last: Returns, benchmarks: tuple[Benchmark, ...]) -> Figures:
    rows, received = inputs(now, last)
    return Oracle(rows, params, YEARS, received, benchmarks)


@pytest.fixture(params=[by_library, by_oracle], ids=["library", "oracle"])
def figures(request: pytest.FixtureRequest) -> Callable[..., Figures]:
    """Computes the figures of returns: this year's (2019), then by name last year's, targets, breaks, benchmarks."""

    def computed(now: Returns, last: Returns | None = None, **more: Any) -> Figures:
        params = make_params(more.get("targets", {}), more.get("breaks", ()))
        found: Figures = request.param(params, now, last or {}, more.get("benchmarks", ()))
        return found

    return computed


def found(figures: Figures, unit: str, code: str) -> Figure:
    figure = figures.figure(unit, 2019, code)
    assert figure is not None
    return figure


def whole(figures: Figures, code: str) -> Figure:
    return found(figures, COUNTY, code)


def test_the_county_ratio_is_sum_over_sum_with_its_coverage(figures: Callable[..., Figures]) -> None:
    # 3/4 and 1/16: (3 + 1) ÷ (4 + 16) = 20 %, not the mean 40.6 %; C is masked, D did not report.
    county = whole(
        figures(
            {
                A: {"sys_issues_raised": "4", "sys_issues_resolved": "3"},
                B: {"sys_issues_raised": "16", "sys_issues_resolved": "1"},
                C: {"sys_issues_raised": "xx", "sys_issues_resolved": "1"},
            }
        ),
        "SYS-02",
    )
    assert (county.status, county.rounded, county.units, county.due) == (Status.OK, Decimal("20.0"), 2, 4)
    assert (county.numerator, county.denominator) == (Decimal(4), Decimal(20))


def test_a_zero_denominator_counts_in_the_sum_and_what_does_not_apply_leaves_the_count(
    figures: Callable[..., Figures],
) -> None:
    # 2/4 and 0/0: 2 ÷ 4 = 50 % of two units; C and D answered 不适用 and leave N.
    schools = {A: ("4", "2"), B: ("0", "0"), C: ("—", "—"), D: ("—", "—")}
    computed = figures({u: {"bas_schools": due, "edu_schools_covered": done} for u, (due, done) in schools.items()})
    county = whole(computed, "EDU-03")
    assert (county.rounded, county.units, county.due) == (Decimal("50.0"), 2, 2)
    assert found(computed, B, "EDU-03").status is Status.ZERO_DENOMINATOR


def test_compliance_is_the_share_of_units_among_those_that_answered(figures: Callable[..., Figures]) -> None:
    # 4 quarters met, 3 unmet, blank unknown, D not reported: 1 of 2.
    quarters = {A: {"sys_council_quarters": "4"}, B: {"sys_council_quarters": "3"}, C: {}}
    county = whole(figures(quarters), "SYS-01")
    assert (county.rounded, county.numerator, county.denominator) == (Decimal("50.0"), Decimal(1), Decimal(2))
    assert (county.units, county.due) == (2, 4)


def test_a_compliance_target_below_full_decides_which_units_count(figures: Callable[..., Figures]) -> None:
    # 50 % is enough: 2, 3 and 4 quarters meet it, 1 does not: 3 of 4 = 75 %, judged against 100.
    quarters = {unit: {"sys_council_quarters": str(n)} for n, unit in enumerate((A, B, C, D), start=1)}
    county = whole(figures(quarters, targets={"SYS-01": "50"}), "SYS-01")
    assert (county.rounded, county.target.state, county.target.gap) == (Decimal("75.0"), "unmet", Decimal("25.0"))


def test_full_compliance_of_some_units_is_not_yet_full_compliance(figures: Callable[..., Figures]) -> None:
    three = {unit: {"sys_council_quarters": "4"} for unit in (A, B, C)}
    assert whole(figures(three, targets={"SYS-01": "100"}), "SYS-01").target.state == "unknown"
    assert whole(figures({**three, D: three[A]}, targets={"SYS-01": "100"}), "SYS-01").target.state == "met"


def test_rates_without_counts_give_the_median_and_the_share_at_target(figures: Callable[..., Figures]) -> None:
    # 90, 94, 97.3, 100 → (94 + 97.3) ÷ 2 = 95.65 → 95.6 (even); two of four reach 95.
    rates = dict(zip((A, B, C, D), ("97.3", "90", "100", "94"), strict=True))
    computed = figures({u: {"mil_train_rate": rate} for u, rate in rates.items()}, targets={"MIL-04": "95"})
    county = whole(computed, "MIL-04")
    assert (county.value, county.rounded, county.share_met) == (Decimal("95.65"), Decimal("95.6"), Decimal("50.0"))
    # 97.3 − 95.65 = 1.65 → 1.6 (even), from the unrounded median.
    assert found(computed, A, "MIL-04").county.difference == Decimal("1.6")


def test_growth_is_that_of_the_matched_units(figures: Callable[..., Figures]) -> None:
    # A 10 → 15, B 0 → 5; C has no last year, D none this year: (20 − 10) ÷ 10 = 100 %.
    funds = {A: {"fnd_total": "15"}, B: {"fnd_total": "5"}, C: {"fnd_total": "70"}}
    before = {A: {"fnd_total": "10"}, B: {"fnd_total": "0"}, D: {"fnd_total": "40"}}
    computed = figures(funds, before)
    county = whole(computed, "FND-02")
    assert (county.rounded, county.numerator, county.denominator) == (Decimal("100.0"), Decimal(10), Decimal(10))
    assert found(computed, B, "FND-02").status is Status.ZERO_DENOMINATOR
    assert found(computed, C, "FND-02").status is Status.NO_PREVIOUS
    assert (county.units, county.due, county.multiple) == (2, 5, Decimal("2.0"))


def test_county_money_is_towns_and_county_row_compared_over_the_same_units(figures: Callable[..., Figures]) -> None:
    now = {A: {"fnd_total": "10.25"}, B: {"fnd_total": "4.5"}, COUNTY: {"fnd_total": "100"}}
    before = {A: {"fnd_total": "8"}, C: {"fnd_total": "60"}, COUNTY: {"fnd_total": "90"}}
    computed = figures(now, before)
    county = whole(computed, "FND-01")
    # 10.25 + 4.5 + 100; the two units of both years went from 98 to 110.25: +12.25, 12.5 %.
    assert (county.rounded, county.units, county.due, county.matched) == (Decimal("114.75"), 3, 5, 2)
    assert (county.last_year.reference, county.last_year.difference) == (Decimal("98.00"), Decimal("12.25"))
    assert county.last_year.percent == Decimal("12.5")
    own = computed.own(2019, "FND-01")
    assert own is not None
    assert (own.rounded, own.last_year.percent) == (Decimal("100.00"), Decimal("11.1"))
    # 10.25 ÷ 114.75 = 8.93…%
    assert found(computed, A, "FND-01").county.percent == Decimal("8.9")


def test_a_declared_break_leaves_no_year_on_year_comparison(figures: Callable[..., Figures]) -> None:
    events, before = ({A: {"edu_events": n}, B: {"edu_events": "6"}} for n in ("9", "3"))
    broken = (Break(year=2019, indicators=("EDU-01",), units=(A,), reason="区划调整"),)
    computed = figures(events, before, breaks=broken)
    assert found(computed, A, "EDU-01").last_year.status is Status.SERIES_BREAK
    assert found(computed, B, "EDU-01").last_year.trend == "flat"
    assert (whole(computed, "EDU-01").matched, whole(computed, "EDU-01").last_year.reference) == (1, Decimal(6))


def test_equal_printed_values_share_a_place_and_approximations_have_none(figures: Callable[..., Figures]) -> None:
    # 66.66… and 66.7 are both printed 66.7, between 100 and 50: places 1 2 2 4.
    homes = {A: ("30", "20"), B: ("10", "10"), C: ("1000", "667"), D: ("20", "10")}
    returns = {u: {"sup_households_due": due, "sup_households_visited": done} for u, (due, done) in homes.items()}
    computed = figures(returns)
    ranks = [found(computed, unit, "SUP-02").rank for unit in (A, B, C, D)]
    assert [rank.place for rank in ranks] == [2, 1, 2, 4]
    assert [(rank.of, rank.tied) for rank in ranks] == [(4, True), (4, False), (4, True), (4, False)]
    computed = figures({**returns, B: {"sup_households_due": "10余户", "sup_households_visited": "10"}})
    assert found(computed, B, "SUP-02").rank.reason == "approx"
    assert [found(computed, unit, "SUP-02").rank.place for unit in (A, C, D)] == [1, 1, 3]
    computed = figures({**returns, B: {"sup_households_due": "9", "sup_households_visited": "9"}})
    assert found(computed, B, "SUP-02").rank.reason == "small_base"


def test_an_approximation_meets_a_target_only_from_its_lower_end(figures: Callable[..., Figures]) -> None:
    # 10余 of 20: 50 % to 95 %; 10余 of 10: full, whatever it is; 20余 of 100: at most 29 %.
    answers = {A: ("20", "10余户"), B: ("10", "10余户"), C: ("100", "20余户")}
    returns = {u: {"sup_households_due": due, "sup_households_visited": done} for u, (due, done) in answers.items()}
    computed = figures(returns, targets={"SUP-02": "90"})
    assert [found(computed, unit, "SUP-02").target.state for unit in (A, B, C)] == ["unknown", "met", "unmet"]
    assert [found(computed, unit, "SUP-02").high for unit in (A, B, C)] == [95, 100, 29]


def test_the_city_is_compared_unrounded_and_rounded_once(figures: Callable[..., Figures]) -> None:
    # 2/3 = 66.66…; the city has 66.62: difference 0.04666… → 0.0, no change although 66.7 − 66.6 = 0.1.
    city = (Benchmark(2019, "REC-03", "city", "全市", Decimal("66.62"), "公报"),)
    computed = figures({A: {"rec_enlisted": "12", "rec_enlisted_college": "8"}}, benchmarks=city)
    compared = found(computed, A, "REC-03").city
    assert (compared.reference, compared.difference, compared.trend) == (Decimal("66.6"), Decimal("0.0"), "flat")
    assert found(computed, A, "REC-04").city.status is Status.NOT_PROVIDED


def test_an_allowance_that_differs_between_towns_gives_median_and_extremes(figures: Callable[..., Figures]) -> None:
    # 10 %, 20 %, 0 % and nothing for D; the level of A rose by 1000 from 10000.
    before = {unit: {"sup_allowance_standard": "10000"} for unit in (A, B, C)}
    levels = {A: "11000", B: "12000", C: "10000"}
    computed = figures({u: {"sup_allowance_standard": level} for u, level in levels.items()}, before)
    county = whole(computed, "SUP-03")
    assert (county.rounded, county.low, county.high, county.units) == (Decimal("10.0"), Decimal(0), Decimal(20), 3)
    level = found(computed, A, "SUP-03").last_year
    assert (level.reference, level.difference, level.trend) == (Decimal(10000), Decimal(1000), "up")
