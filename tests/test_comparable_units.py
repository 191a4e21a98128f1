"""同比 of a county over the units of both years (可比口径), and differences of approximations, worked by hand.

By the library and by the oracle alike: what only one unit's silence makes is no change.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from stats.benchmarks import Benchmark
from stats.catalogue.status import Status
from stats.figures import Comparison
from stats.params import Break
from towns_by_hand import COMPUTATIONS, A, B, C, D, Figures, computed_by, found, whole


@pytest.fixture(params=COMPUTATIONS, ids=["library", "oracle"])
def figures(request: pytest.FixtureRequest) -> Callable[..., Figures]:
    return computed_by(request.param)


def extent(comparison: Comparison) -> tuple[int, bool]:
    return comparison.matched, comparison.is_partial


def issues(**raised_and_resolved: tuple[str, str]) -> dict[str, dict[str, str]]:
    """Issues raised and resolved, by the town's letter."""
    towns = {"A": A, "B": B, "C": C, "D": D}
    return {
        towns[letter]: {"sys_issues_raised": raised, "sys_issues_resolved": resolved}
        for letter, (raised, resolved) in raised_and_resolved.items()
    }


def test_a_ratio_is_compared_over_the_units_of_both_years(figures: Callable[..., Figures]) -> None:
    # A 8/10 → 9/10, B 5/10 → 5/10; C answered last year only (0/20), D this year only (10/10).
    # This year 24/30 = 80 %, last year 13/40 = 32.5 %; of A and B 13/20 → 14/20: +5 points.
    now, last = (
        issues(A=("10", "9"), B=("10", "5"), D=("10", "10")),
        issues(A=("10", "8"), B=("10", "5"), C=("20", "0")),
    )
    county = whole(figures(now, last), "SYS-02")
    assert (county.rounded, county.last_year.reference) == (Decimal("80.0"), Decimal("32.5"))
    assert (county.last_year.difference, county.last_year.trend) == (Decimal("5.0"), "up")
    assert extent(county.last_year) == (2, True)


def test_a_town_is_compared_with_the_countys_rate_and_not_with_the_middle_town(figures: Callable[..., Figures]) -> None:
    # 9/10, 5/10 and 80/80: 94/100 = 94 % in the county, and 90 % in the middle.
    now = issues(A=("10", "9"), B=("10", "5"), D=("80", "80"))
    county = found(figures(now, now), A, "SYS-02").county
    assert (county.reference, county.difference) == (Decimal("94.0"), Decimal("-4.0"))


def test_a_unit_that_answered_in_one_year_only_is_no_change(figures: Callable[..., Figures]) -> None:
    now, last = issues(A=("10", "8"), B=("4", "4")), issues(A=("10", "8"), B=("4", "4"), C=("2", "0"))
    county = whole(figures(now, last), "SYS-02")
    # 12/14 = 85.7 % beside 12/16 = 75 %, and still nothing changed.
    assert (county.rounded, county.last_year.reference) == (Decimal("85.7"), Decimal("75.0"))
    assert (county.last_year.difference, county.last_year.trend) == (Decimal("0.0"), "flat")
    assert extent(county.last_year) == (2, True)


def test_the_units_of_both_years_may_be_all_of_them(figures: Callable[..., Figures]) -> None:
    county = whole(figures(issues(A=("10", "9"), B=("10", "5")), issues(A=("10", "8"), B=("10", "5"))), "SYS-02")
    assert (county.last_year.difference, *extent(county.last_year)) == (Decimal("5.0"), 2, False)


def test_a_share_of_units_falls_by_no_silence(figures: Callable[..., Figures]) -> None:
    # Last year 3 of 4, this year 2 of 3 since A, which was fine, is silent: of B, C, D 2 of 3 in both years.
    last = {unit: {"emg_in_local_system": answer} for unit, answer in ((A, "是"), (B, "是"), (C, "是"), (D, "否"))}
    now = {unit: answers for unit, answers in last.items() if unit != A}
    county = whole(figures(now, last), "EMG-05")
    assert (county.rounded, county.last_year.reference) == (Decimal("66.7"), Decimal("75.0"))
    assert (county.last_year.trend, *extent(county.last_year)) == ("flat", 3, True)


def test_a_degree_is_compared_over_the_units_of_both_years(figures: Callable[..., Figures]) -> None:
    # A 2 → 3 of 4 quarters; B had 4 last year and is silent. 2/4 → 3/4: +25 points, not 6/8 → 3/4.
    last = {A: {"sys_council_quarters": "2"}, B: {"sys_council_quarters": "4"}}
    county = whole(figures({A: {"sys_council_quarters": "3"}}, last), "SYS-01")
    assert (county.rounded, county.last_year.reference) == (Decimal("75.0"), Decimal("75.0"))
    assert (county.last_year.difference, *extent(county.last_year)) == (Decimal("25.0"), 1, True)


def test_a_median_is_compared_over_the_units_of_both_years(figures: Callable[..., Figures]) -> None:
    # 90, 94, 96 → 94 last year; A gone and D new: 95, 97, 80 → 95. Of B and C: (94 + 96) ÷ 2 → (95 + 97) ÷ 2: +1.
    last = {unit: {"mil_train_rate": rate} for unit, rate in ((A, "90"), (B, "94"), (C, "96"))}
    now = {unit: {"mil_train_rate": rate} for unit, rate in ((B, "95"), (C, "97"), (D, "80"))}
    county = whole(figures(now, last), "MIL-04")
    assert (county.rounded, county.last_year.reference) == (Decimal("95.0"), Decimal("94.0"))
    assert (county.last_year.difference, *extent(county.last_year)) == (Decimal("1.0"), 2, True)


def test_a_sum_per_head_is_compared_over_the_units_of_both_years(figures: Callable[..., Figures]) -> None:
    # A 100 → 150 of 10000 residents each year; B's population is missing this year. 100 → 150 per 10000: +50 %.
    last = {u: {"edu_person_times": "100", "bas_population": "10000"} for u in (A, B)}
    now = {A: {"edu_person_times": "150", "bas_population": "10000"}, B: {"edu_person_times": "900"}}
    county = whole(figures(now, last), "EDU-02").last_year
    assert (county.difference, county.percent, county.multiple) == (Decimal(50), Decimal("50.0"), Decimal("1.5"))
    assert extent(county) == (1, True)


def test_a_unit_with_a_break_is_left_out_of_the_comparison(figures: Callable[..., Figures]) -> None:
    # A's boundary changed: 5/10 → 10/10 is no progress. B 4/10 → 5/10: +10 points.
    now, last = issues(A=("10", "10"), B=("10", "5")), issues(A=("10", "5"), B=("10", "4"))
    broken = (Break(year=2019, units=(A,), reason="区划调整"),)
    county = whole(figures(now, last, breaks=broken), "SYS-02").last_year
    assert (county.difference, *extent(county)) == (Decimal("10.0"), 1, True)
    both = (Break(year=2019, units=(A, B), reason="区划调整"),)
    county = whole(figures(now, last, breaks=both), "SYS-02").last_year
    assert (county.status, county.difference, *extent(county)) == (Status.SERIES_BREAK, None, 0, False)
    assert county.reference == Decimal("45.0")


def test_without_a_unit_of_both_years_there_is_no_comparison(figures: Callable[..., Figures]) -> None:
    county = whole(figures(issues(A=("10", "9")), issues(B=("10", "5"))), "SYS-02").last_year
    assert (county.status, county.reference, county.difference) == (Status.TOO_FEW_UNITS, Decimal("50.0"), None)
    county = whole(figures(issues(A=("10", "9"))), "SYS-02").last_year
    assert (county.status, county.reference) == (Status.NO_PREVIOUS, None)


def test_a_growth_tells_of_how_many_units_it_is(figures: Callable[..., Figures]) -> None:
    # A and B gave both years; C gave none last year, D none this year.
    now = {unit: {"fnd_total": "15"} for unit in (A, B, C)}
    last = {unit: {"fnd_total": "10"} for unit in (A, B, D)}
    assert extent(whole(figures(now, last), "FND-02").last_year) == (2, True)
    same = {unit: last[unit] for unit in (A, B)}
    assert extent(whole(figures({u: now[u] for u in (A, B)}, same), "FND-02").last_year) == (2, False)


def person_times(number: str) -> dict[str, str]:
    return {"emg_rural_person_times": number}


def test_a_difference_whose_ends_disagree_points_nowhere(figures: Callable[..., Figures]) -> None:
    # 310多 is 310 to 319; last year 318: −8 to +1, −2.5 % to +0.3 % (rounded once: 1/318 = 0.314 %).
    last_year = found(figures({A: person_times("310多")}, {A: person_times("318")}), A, "EMG-04").last_year
    assert (last_year.difference, last_year.low, last_year.high) == (Decimal(-8), Decimal(-8), Decimal(1))
    assert (last_year.percent_low, last_year.percent_high) == (Decimal("-2.5"), Decimal("0.3"))
    assert last_year.trend == "about"


def test_a_difference_whose_ends_agree_points_there(figures: Callable[..., Figures]) -> None:
    # 310 to 319 against 300 to 309 is +1 to +19; against 320 it is −10 to −1.
    last_year = found(figures({A: person_times("310多")}, {A: person_times("300余")}), A, "EMG-04").last_year
    assert last_year.status is Status.APPROX
    # 300余 reaches up to 399, so that nothing is sure; 290余 up to 299.
    assert last_year.trend == "about"
    last_year = found(figures({A: person_times("310多")}, {A: person_times("290余")}), A, "EMG-04").last_year
    assert (last_year.low, last_year.high, last_year.trend) == (Decimal(11), Decimal(29), "up")
    last_year = found(figures({A: person_times("310多")}, {A: person_times("320")}), A, "EMG-04").last_year
    assert (last_year.low, last_year.high, last_year.trend) == (Decimal(-10), Decimal(-1), "down")


def test_an_end_that_rounds_to_nothing_leaves_the_direction_open(figures: Callable[..., Figures]) -> None:
    # 1000余 of 2000 is 50 % to 99.95 %; last year exactly half: 0 to 49.95 points.
    homes = {"sup_households_due": "2000", "sup_households_visited": "1000"}
    last_year = found(figures({A: homes | {"sup_households_visited": "1000余户"}}, {A: homes}), A, "SUP-02").last_year
    assert (last_year.low, last_year.high, last_year.trend) == (Decimal("0.0"), Decimal("50.0"), "about")


def test_exact_figures_have_no_interval(figures: Callable[..., Figures]) -> None:
    last_year = found(figures({A: person_times("310")}, {A: person_times("318")}), A, "EMG-04").last_year
    ends = (last_year.low, last_year.high, last_year.percent_low, last_year.percent_high)
    assert (last_year.trend, ends) == ("down", (None, None, None, None))


def test_a_last_year_that_may_have_been_zero_leaves_the_percentage_open(figures: Callable[..., Figures]) -> None:
    # 近50 says nothing of how few: 0 to 50, so that there is no highest percentage; the difference has both ends.
    last_year = found(figures({A: person_times("60")}, {A: person_times("近50")}), A, "EMG-04").last_year
    assert (last_year.low, last_year.high, last_year.trend) == (Decimal(10), Decimal(60), "up")
    assert (last_year.percent, last_year.percent_low, last_year.percent_high) == (Decimal("20.0"), None, None)


def test_the_county_and_the_city_are_compared_by_their_ends_too(figures: Callable[..., Figures]) -> None:
    # A 60余 of 100 is 60 to 69 %; B 50/100, C 70/100: the county is 180/300 = 60 % to 189/300 = 63 %.
    homes = {A: "60余户", B: "50", C: "70"}
    city = (Benchmark(2019, "SUP-02", "city", "全市", Decimal("65"), "公报"),)
    returns = {u: {"sup_households_due": "100", "sup_households_visited": done} for u, done in homes.items()}
    computed = figures(returns, benchmarks=city)
    first, second = (found(computed, unit, "SUP-02").county for unit in (A, B))
    assert (first.low, first.high, first.trend) == (Decimal("-3.0"), Decimal("9.0"), "about")
    assert (second.low, second.high, second.trend) == (Decimal("-13.0"), Decimal("-10.0"), "down")
    compared = found(computed, A, "SUP-02").city
    assert (compared.low, compared.high, compared.trend) == (Decimal("-5.0"), Decimal("4.0"), "about")
    assert (whole(computed, "SUP-02").city.high, whole(computed, "SUP-02").city.trend) == (Decimal("-2.0"), "down")


def test_the_share_of_a_total_moves_with_its_total(figures: Callable[..., Figures]) -> None:
    # A 10 to 19 beside B's 90: at least 10/100, at most 19/109 = 17.43 %, not 19/100.
    share = found(figures({A: person_times("10余"), B: person_times("90")}), A, "EMG-04").county
    assert (share.percent, share.percent_low, share.percent_high) == (Decimal("10.0"), Decimal("10.0"), Decimal("17.4"))
    # B's exact 90 beside them: 90/109 = 82.57 % to 90/100.
    share = found(figures({A: person_times("10余"), B: person_times("90")}), B, "EMG-04").county
    assert (share.percent_low, share.percent_high) == (Decimal("82.6"), Decimal("90.0"))


def test_a_countys_sum_is_compared_by_its_ends(figures: Callable[..., Figures]) -> None:
    # A 10 to 19, B 20 → 30 to 39 against 35: −5 to +4.
    now, last = {A: person_times("10余"), B: person_times("20")}, {A: person_times("15"), B: person_times("20")}
    county = whole(figures(now, last), "EMG-04").last_year
    assert (county.low, county.high, county.trend) == (Decimal(-5), Decimal(4), "about")


def test_an_approximation_of_one_year_only_leaves_the_comparison_exact(figures: Callable[..., Figures]) -> None:
    now, last = {A: person_times("10余"), B: person_times("30")}, {B: person_times("20")}
    county = whole(figures(now, last), "EMG-04")
    assert (county.status, county.last_year.status) == (Status.APPROX, Status.OK)
    assert (county.last_year.difference, county.last_year.low) == (Decimal(10), None)


def test_an_approximate_share_is_cut_at_full_for_units_and_county(figures: Callable[..., Figures]) -> None:
    # Due 90余 (90 to 99), paid 95: 95/90 would be 105.6 %. Both A and the county print 约100.0, never more.
    allowances = {A: ("90余", "95"), B: ("10", "10")}
    returns = {u: {"sup_allowance_due": due, "sup_allowance_paid": paid} for u, (due, paid) in allowances.items()}
    computed = figures(returns)
    town, county = found(computed, A, "SUP-04"), whole(computed, "SUP-04")
    for figure in (town, county):
        assert (figure.status, figure.rounded, figure.high) == (Status.APPROX, Decimal("100.0"), Decimal(100))
    # At its lowest 95/99 of A, (95 + 10) ÷ (99 + 10) of the county.
    assert (town.low, county.low) == (Decimal("95.959595959596"), Decimal("96.330275229358"))


def test_a_part_of_nothing_is_no_part_of_the_countys_ratio(figures: Callable[..., Figures]) -> None:
    # A has 3 of 0, which cannot be; B 5 of 10.
    computed = figures(issues(A=("0", "3"), B=("10", "5")))
    assert found(computed, A, "SYS-02").status is Status.ZERO_DENOMINATOR
    county = whole(computed, "SYS-02")
    assert (county.rounded, county.units, county.due) == (Decimal("50.0"), 1, 4)
