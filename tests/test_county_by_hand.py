"""County figures, comparisons and ranks of four towns, worked by hand: by the library and by the oracle alike."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from stats.benchmarks import Benchmark
from stats.catalogue.status import Status
from stats.params import Break
from towns_by_hand import COMPUTATIONS, COUNTY, A, B, C, D, Figures, computed_by, found, whole


@pytest.fixture(params=COMPUTATIONS, ids=["library", "oracle"])
def figures(request: pytest.FixtureRequest) -> Callable[..., Figures]:
    return computed_by(request.param)


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
    # One military day is enough: 2 met, 0 unmet, blank unknown, D not reported: 1 of 2.
    days = {A: {"sys_military_days": "2"}, B: {"sys_military_days": "0"}, C: {}}
    county = whole(figures(days), "SYS-05")
    assert (county.rounded, county.numerator, county.denominator) == (Decimal("50.0"), Decimal(1), Decimal(2))
    assert (county.units, county.due, county.met, county.decided) == (2, 4, 1, 2)


def test_a_degree_is_pooled_and_told_beside_the_units_at_target(figures: Callable[..., Figures]) -> None:
    # 4, 3 and 1 of 4 quarters: (4 + 3 + 1) ÷ 12 = 66.66… %, and 1 of 3 units at full mark; D did not report.
    quarters = {unit: {"sys_council_quarters": n} for unit, n in ((A, "4"), (B, "3"), (C, "1"))}
    computed = figures(quarters, targets={"SYS-01": "100"})
    county = whole(computed, "SYS-01")
    assert (county.rounded, county.numerator, county.denominator) == (Decimal("66.7"), Decimal(8), Decimal(12))
    assert (county.met, county.decided, county.units, county.due) == (1, 3, 3, 4)
    assert (county.target.state, county.target.gap) == ("unmet", Decimal("33.3"))
    # 75 − 66.66… = 8.33…
    versus = found(computed, B, "SYS-01").county
    assert (versus.reference, versus.difference, versus.trend) == (Decimal("66.7"), Decimal("8.3"), "up")


def test_a_longer_course_makes_up_for_no_shorter_one(figures: Callable[..., Figures]) -> None:
    # 10 of 7 days count as 7: (7 + 3.5) ÷ 14 = 75 %, not 13.5 ÷ 14.
    days = {A: {"edu_camp_days": "10"}, B: {"edu_camp_days": "3.5"}}
    county = whole(figures(days), "EDU-05")
    assert (county.rounded, county.numerator, county.met, county.decided) == (Decimal("75.0"), Decimal("10.5"), 1, 2)


def test_a_target_below_full_decides_which_units_are_at_it(figures: Callable[..., Figures]) -> None:
    # 50 % is enough: 2, 3 and 4 quarters reach it, 1 does not. The degree 10 ÷ 16 = 62.5 % reaches it too.
    quarters = {unit: {"sys_council_quarters": str(n)} for n, unit in enumerate((A, B, C, D), start=1)}
    county = whole(figures(quarters, targets={"SYS-01": "50"}), "SYS-01")
    assert (county.rounded, county.target.state, county.met, county.decided) == (Decimal("62.5"), "met", 3, 4)


def test_every_county_figure_with_a_target_counts_the_units_at_it(figures: Callable[..., Figures]) -> None:
    # Visits 10/10, 19/20, an approximation that may reach 90 % or not, nothing from D: 2 of 2 that can be told.
    homes = {A: ("10", "10"), B: ("20", "19"), C: ("20", "10余户")}
    returns = {u: {"sup_households_due": due, "sup_households_visited": done} for u, (due, done) in homes.items()}
    county = whole(figures(returns, targets={"SUP-02": "90"}), "SUP-02")
    assert (county.met, county.decided, county.units) == (2, 2, 3)
    without = whole(figures(returns), "SUP-02")
    assert (without.met, without.decided) == (0, 0)


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
    # 10.25 + 4.5 + 100; the two units of both years went from 98 to 110.25: +12.25, 12.5 %; all of last year: 158.
    assert (county.rounded, county.units, county.due) == (Decimal("114.75"), 3, 5)
    assert (county.last_year.reference, county.last_year.difference) == (Decimal("158.00"), Decimal("12.25"))
    assert (county.last_year.percent, county.last_year.matched, county.last_year.is_partial) == (
        Decimal("12.5"),
        2,
        True,
    )
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
    county = whole(computed, "EDU-01").last_year
    # B held 6 in both years; last year's figure is still 3 + 6.
    assert (county.matched, county.is_partial, county.trend, county.reference) == (1, True, "flat", Decimal(9))


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
