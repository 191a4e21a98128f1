"""Outliers: silence on the clean demonstration county, and how many planted errors are found at the right cell.

The plants are drawn from a seed and put into the clean county several at a time, each in a town of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import demo
from demo import CellKey
from demo.county import COUNTY_CODE, YEARS
from make_report import make_params, make_report
from stats import params, present
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, variables
from stats.findings import Finding, Severity
from stats.params import Params
from stats.returns import Cell
from stats.validate import outliers, without_values
from stats.validate.outliers.causes import neighbours
from stats.validate.outliers.peers import band, deviation
from stats.validate.outliers.settings import SENTENCES, SLOW

Answers = Mapping[CellKey, str]

TOWN = "990118101000"
AT_ONCE = 9


@cache
def county() -> Params:
    """The demonstration county's parameters."""
    units = [{"code": unit, "name": f"镇{unit[6:9]}", "type": "镇"} for unit in towns()]
    given = {"code": COUNTY_CODE, "name": "云汀县"}
    return Params.model_validate({"county": given, "year": YEARS[-1], "units": units, "workspace": Path(".")})


@cache
def towns() -> tuple[str, ...]:
    return tuple(sorted({place.unit for place in demo.answers()} - {COUNTY_CODE}))


def make_cell(place: CellKey, text: str) -> Cell:
    """The cell of a clean answer; its address names the place."""
    status = Status.NOT_APPLICABLE if text == "—" else Status.OK
    value = "" if text == "—" else text
    where = (f"{place.year}/云汀县.csv", "", address(place))
    return Cell(*place, text, status, value, value, value, "", *where)


def address(place: CellKey) -> str:
    return f"{place.variable}/{place.period}/{place.unit}"


@cache
def clean(seed: int = 2021) -> Mapping[CellKey, Cell]:
    """The cells of the clean county."""
    return {place: make_cell(place, text) for place, text in demo.answers(seed).items()}


def found(changed: Answers | None = None, *, seed: int = 2021, **overrides: Any) -> tuple[Finding, ...]:
    """The outliers of the clean county with some answers changed."""
    cells = {**clean(seed), **{place: make_cell(place, text) for place, text in (changed or {}).items()}}
    return outliers(cells.values(), county().model_copy(update=overrides))


def number(place: CellKey) -> Decimal | None:
    """The clean number at a place; None where there is none."""
    text = demo.answers().get(place, "—")
    return Decimal(text) if variables()[place.variable].is_number and text != "—" else None


def year_place(unit: str, year: int, variable: str) -> CellKey:
    return CellKey(unit, year, "year", variable)


def written(value: Decimal, variable: Variable) -> str | None:
    """The number as it would be written; None where it is out of the question's range or no longer a number of its."""
    whole = value.to_integral_value() if variable.kind == "int" else value
    low, high = variable.minimum or Decimal(0), variable.maximum or Decimal(10**9)
    return format(whole.normalize(), "f") if low <= whole <= high and whole > 0 else None


# Planting -------------------------------------------------------------------------------------------------------------

Plant = Mapping[CellKey, str]
Maker = Callable[[CellKey, Random], Plant | None]


def plants(maker: Maker, number_of: int, seed: int) -> list[Plant]:
    """So many plants at places drawn from all town answers with a year before them."""
    chance = Random(seed)
    places = sorted(p for p in demo.answers() if p.year > YEARS[0] and p.unit != COUNTY_CODE and number(p) is not None)
    made = (maker(place, chance) for place in chance.sample(places, len(places)))
    planted = [plant for plant in made if plant][:number_of]
    assert len(planted) == number_of
    return planted


def batches(planted: list[Plant]) -> Iterator[list[Plant]]:
    """The plants in groups, each with at most one plant per town."""
    waiting = list(planted)
    while waiting:
        batch: dict[str, Plant] = {}
        for plant in waiting:
            unit = next(iter(plant)).unit
            if unit not in batch and len(batch) < AT_ONCE:
                batch[unit] = plant
        waiting = [plant for plant in waiting if not any(plant is taken for taken in batch.values())]
        yield list(batch.values())


def rate(rule: str, planted: list[Plant]) -> float:
    """The share of plants for which a finding of the rule names unit, year, questions and one planted cell."""
    hits = 0
    for batch in batches(planted):
        findings = [f for f in found({p: text for plant in batch for p, text in plant.items()}) if f.rule == rule]
        hits += sum(any(names(finding, plant) for finding in findings) for plant in batch)
    return hits / len(planted)


def names(finding: Finding, plant: Plant) -> bool:
    first = next(iter(plant))
    right = (finding.unit, finding.year) == (first.unit, first.year)
    return right and finding.cell in map(address, plant) and {p.variable for p in plant} >= set(finding.variables)


def slip_by(factor: int, *, too_large: bool, least: int, kinds: tuple[str, ...]) -> Maker:
    def make(place: CellKey, chance: Random) -> Plant | None:
        value, asked = number(place), variables()[place.variable]
        if value is None or value < least or asked.kind not in kinds:
            return None
        text = written(value * factor if too_large else value / factor, asked)
        return {place: text} if text else None

    return make


def jump(place: CellKey, chance: Random) -> Plant | None:
    """A whole-year answer of 50 or more (1 万元 or more) that is four to eight times as large as it should be."""
    value, asked = number(place), variables()[place.variable]
    if value is None or asked.seasonal or asked.kind == "percent" or asked.name == "bas_population":
        return None
    if value < (50 if asked.kind == "int" else 1):
        return None
    text = written(value * chance.choice((4, 5, 7, 8)), asked)
    return {place: text} if text else None


def swap(place: CellKey, chance: Random) -> Plant | None:
    """Two neighbours of which one is at least four times the other and at least 20."""
    below = dict(neighbours()).get(place.variable)
    value, other = number(place), number(place._replace(variable=below)) if below else None
    if below is None or not value or not other or variables()[place.variable].seasonal or max(value, other) < 20:
        return None
    if max(value, other) < 4 * min(value, other):
        return None
    texts = written(other, variables()[place.variable]), written(value, variables()[below])
    return {place: texts[0], place._replace(variable=below): texts[1]} if texts[0] and texts[1] else None


def repeat(unit: str, year: int, domain: str) -> Plant:
    """A town's numbers of a domain as they were the year before; the two years have the same periods."""
    return {
        place: demo.answers()[place._replace(year=year - 1)]
        for place in demo.answers()
        if (place.unit, place.year, variables()[place.variable].domain) == (unit, year, domain)
        and variables()[place.variable].is_number
        and place._replace(year=year - 1) in demo.answers()
    }


# False alarms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2021, 2022, 2026])
def test_a_clean_county_has_at_most_one_false_alarm_in_200_answers(seed: int) -> None:
    assert 200 * len(found(seed=seed)) <= len(demo.answers(seed))


def test_the_returns_of_the_demonstration_county_call_for_no_finding_beside_its_declared_untidiness(
    tmp_path: Path,
) -> None:
    from stats import returns

    demo.write(tmp_path)
    run = params.load(tmp_path)
    assert outliers(returns.read(run, YEARS).cells, run) == ()


# Power ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("too_large", [True, False])
@pytest.mark.parametrize("factor", [100, 10_000])
def test_nine_of_ten_money_slips_by_100_and_10000_are_found(factor: int, too_large: bool) -> None:
    planted = plants(slip_by(factor, too_large=too_large, least=1, kinds=("decimal",)), 60, seed=factor)
    assert rate("O-UNIT", planted) >= 0.9


@pytest.mark.parametrize("too_large", [True, False])
def test_nine_of_ten_count_slips_by_100_are_found(too_large: bool) -> None:
    planted = plants(slip_by(100, too_large=too_large, least=20, kinds=("int",)), 60, seed=1)
    assert rate("O-UNIT", planted) >= 0.9


@pytest.mark.parametrize("too_large", [True, False])
def test_seven_of_ten_count_slips_by_10_are_found_from_50_on(too_large: bool) -> None:
    planted = plants(slip_by(10, too_large=too_large, least=50, kinds=("int",)), 60, seed=2)
    assert rate("O-UNIT", planted) >= 0.7


def test_six_of_ten_swapped_neighbours_of_different_size_are_found() -> None:
    assert rate("O-SWAP", plants(swap, 60, seed=3)) >= 0.6


def test_eight_of_ten_jumps_are_found_one_way_or_another() -> None:
    planted = plants(jump, 60, seed=4)
    assert rate("O-JUMP", planted) + rate("O-UNIT", planted) >= 0.8


# In BLD nearly every number is slow-moving; in SYS, and in one town's MIL, too few digits are not.
@pytest.mark.parametrize("domain", ["REC", "EMG", "EDU", "SUP", "FND"])
def test_every_repeated_domain_is_found(domain: str) -> None:
    chance = Random(domain)
    years = (2018, 2019) if domain == "REC" else YEARS[1:]
    assert rate("O-REPEAT", [repeat(unit, chance.choice(years), domain) for unit in towns()]) == 1


def test_a_finding_near_planted_errors_names_no_other_unit_or_question() -> None:
    for batch in batches(plants(slip_by(100, too_large=True, least=20, kinds=("int", "decimal")), 40, seed=5)):
        changed = {p: text for plant in batch for p, text in plant.items()}
        for finding in found(changed):
            assert any((p.unit, p.year) == (finding.unit, finding.year) for p in changed), finding.message


# What a finding says --------------------------------------------------------------------------------------------------


def only(changed: Answers, **overrides: Any) -> Finding:
    """The one finding these changes call for."""
    findings = found(changed, **overrides)
    assert len(findings) == 1, [finding.message for finding in findings]
    return findings[0]


EVENTS = year_place(TOWN, 2021, "edu_person_times")


def test_a_slip_says_both_values_what_is_usual_where_and_what_to_do() -> None:
    now, last = demo.answers()[EVENTS], demo.answers()[EVENTS._replace(year=2020)]
    finding = only({EVENTS: now + "00"})
    assert (finding.rule, finding.severity) == ("O-UNIT", Severity.WARNING)
    assert (finding.unit, finding.unit_name, finding.year, finding.period) == (TOWN, "镇101", 2021, "year")
    assert (finding.file, finding.cell) == ("2021/云汀县.csv", address(EVENTS))
    assert finding.values == (f"{now}00人次", f"上年{last}人次")
    assert (
        f"「国防教育受教育人次」本年{now}00人次，上年{last}人次，疑似大了100倍（该项应以人次填报）" in finding.message
    )
    assert "全县各单位本年多为上年的" in finding.message
    assert "每万人" in finding.message
    assert f"见2021/云汀县.csv的{address(EVENTS)}；2020/云汀县.csv的" in finding.message
    assert "更正后重新上报" in finding.remedy
    assert "在备注中说明原因" in finding.remedy


def test_yuan_written_for_ten_thousand_yuan_is_named_as_a_slip_of_the_unit() -> None:
    total = year_place(TOWN, 2021, "fnd_total")
    text = format((Decimal(demo.answers()[total]) * 10_000).normalize(), "f")
    finding = only({total: text})
    assert (finding.rule, finding.variables) == ("O-UNIT", ("fnd_total",))
    assert "大了10000倍（该项应以万元填报）" in finding.message


def test_a_slip_in_one_season_names_the_cell_of_that_season() -> None:
    spring = CellKey(TOWN, 2021, "spring", "rec_applied")
    finding = only({spring: demo.answers()[spring] + "00"})
    assert (finding.rule, finding.period, finding.cell) == ("O-UNIT", "spring", address(spring))
    assert f"春季填{demo.answers()[spring]}00人" in finding.message


def test_a_slip_last_year_is_found_there_and_not_again_this_year() -> None:
    wrong = EVENTS._replace(year=2020)
    finding = only({wrong: demo.answers()[wrong] + "00"})
    assert (finding.rule, finding.year, finding.cell) == ("O-UNIT", 2020, address(wrong))


def test_a_slip_in_the_first_year_is_found_by_the_other_towns_alone() -> None:
    wrong = year_place(TOWN, 2017, "sup_households_due")
    finding = only({wrong: demo.answers()[wrong] + "00"})
    assert (finding.rule, finding.year) == ("O-UNIT", 2017)
    assert "无可比的上年数" in finding.message


def test_swapped_neighbours_are_one_finding_that_names_both_cells() -> None:
    due, below = (year_place(TOWN, 2021, name) for name in ("edu_events", "edu_person_times"))
    finding = only({due: demo.answers()[below], below: demo.answers()[due]})
    assert (finding.rule, finding.variables) == ("O-SWAP", ("edu_events", "edu_person_times"))
    assert "两数对调后各与上年相近" in finding.message
    assert address(due) in finding.message
    assert address(below) in finding.message


def test_a_jump_says_how_far_it_went() -> None:
    visits = year_place(TOWN, 2021, "rec_home_visits")
    last = demo.answers()[visits._replace(year=2020)]
    finding = only({visits: str(4 * int(last))})
    assert finding.rule == "O-JUMP"
    assert "为上年的4倍" in finding.message


def test_a_large_answer_that_becomes_0_is_a_jump_where_the_others_do_not() -> None:
    visits = year_place(TOWN, 2021, "rec_home_visits")
    finding = only({visits: "0"})
    assert (finding.rule, finding.values[0]) == ("O-JUMP", "0户次")
    assert "多数单位本年并未变为零" in finding.message
    everywhere = {year_place(unit, 2021, "rec_home_visits"): "0" for unit in towns()}
    assert found(everywhere) == ()


def test_a_change_all_towns_share_is_no_jump() -> None:
    places = [year_place(unit, 2021, "rec_home_visits") for unit in towns()]
    assert found({place: str(6 * int(demo.answers()[place])) for place in places}) == ()


def test_the_countys_own_row_is_compared_with_its_own_last_year() -> None:
    total = year_place(COUNTY_CODE, 2021, "fnd_spent")
    finding = only({total: format((Decimal(demo.answers()[total]) * 10_000).normalize(), "f")})
    assert (finding.rule, finding.unit_name) == ("O-UNIT", "云汀县")
    assert "全县各单位" not in finding.message


def test_small_counts_may_change_by_any_factor() -> None:
    contests = year_place(TOWN, 2021, "sys_study_sessions")
    assert found({contests: "19"}) == ()


# Limits at their edge: six towns, of which five answer as last year. --------------------------------------------------


def rules_of(*years: Mapping[str, int], peers: int = 5) -> list[tuple[str, int]]:
    """The rule and year of what is found in a town with these answers from 2021 backwards, its peers never moving."""
    cells = []
    for back, on_form in enumerate(years):
        for place in [TOWN, *towns()[1 : peers + 1]]:
            answers = on_form if place == TOWN else dict.fromkeys(on_form, 1000)
            cells += [make_cell(year_place(place, 2021 - back, name), str(text)) for name, text in answers.items()]
    return [(finding.rule, finding.year) for finding in outliers(cells, county())]


@pytest.mark.parametrize(
    ("visits", "beyond", "peers"),
    [
        ((2500, 1000), 2501, 5),  # two and a half times
        ((1000, 2500), 999, 5),
        ((36, 12), 37, 5),  # 24 more than 12 are four roots of 36
        ((3000, 1000), 3001, 3),  # three times, without five peers
        ((6000, 2000, 1000), 6001, 5),  # half as much again as the doubling before
    ],
)
def test_a_jump_begins_just_beyond_its_limits(visits: tuple[int, ...], beyond: int, peers: int) -> None:
    years = [{"rec_home_visits": number} for number in visits]
    assert rules_of(*years, peers=peers) == []
    assert rules_of({"rec_home_visits": beyond}, *years[1:], peers=peers) == [("O-JUMP", 2021)]


@pytest.mark.parametrize(
    ("now", "last", "rule"), [(0, 49, None), (0, 50, "O-JUMP"), (19, 1, None), (20, 1, "O-UNIT"), (21, 1, "O-JUMP")]
)
def test_small_answers_are_judged_from_their_limits_on(now: int, last: int, rule: str | None) -> None:
    found_rules = rules_of({"rec_home_visits": now}, {"rec_home_visits": last})
    assert found_rules == ([(rule, 2021)] if rule else [])


@pytest.mark.parametrize(
    ("last", "now", "is_swap"),
    [
        ((1000, 2000), (2000, 1000), True),  # four times better the other way round
        ((1000, 1999), (1999, 1000), False),
        ((1000, 10_000), (17_000, 1000), True),  # 1.7 times the other's last year
        ((1000, 10_000), (17_001, 1000), False),
    ],
)
def test_neighbours_are_swapped_from_their_limits_on(
    last: tuple[int, int], now: tuple[int, int], is_swap: bool
) -> None:
    names = ("edu_events", "edu_person_times")
    found_rules = rules_of(*(dict(zip(names, given, strict=True)) for given in (now, last)))
    assert (("O-SWAP", 2021) in found_rules) == is_swap


def test_a_repeated_domain_lists_every_answer() -> None:
    finding = only(repeat(TOWN, 2021, "FND"))
    assert finding.rule == "O-REPEAT"
    assert "经费保障" in finding.message
    assert len(finding.variables) == len(finding.values) == 10
    assert set(finding.variables).isdisjoint(SLOW)


def test_one_answer_that_differs_makes_a_domain_no_repeat() -> None:
    spent = year_place(TOWN, 2021, "fnd_spent")
    assert found({**repeat(TOWN, 2021, "FND"), spent: demo.answers()[spent]}) == ()


# What is not judged ---------------------------------------------------------------------------------------------------


def test_a_declared_break_suppresses_the_comparison_with_last_year_and_repeats() -> None:
    visits = year_place(TOWN, 2021, "rec_home_visits")
    changed = {visits: str(4 * int(demo.answers()[visits])), **repeat(TOWN, 2021, "FND")}
    assert {finding.rule for finding in found(changed)} == {"O-JUMP", "O-REPEAT"}
    broken = {"year": 2021, "units": (TOWN,), "indicators": (), "reason": "区划调整"}
    assert found(changed, breaks=(params.Break.model_validate(broken),)) == ()


def test_a_break_of_one_indicator_suppresses_only_the_answers_it_is_made_of() -> None:
    indicator = {"year": 2021, "units": (), "indicators": ("FND-01",), "reason": "口径调整"}
    broken = (params.Break.model_validate(indicator),)
    jumped = {year_place(TOWN, 2021, name): "900" for name in ("fnd_total", "fnd_budget")}
    assert {f.variables for f in found(jumped)} == {("fnd_total",), ("fnd_budget",)}
    assert {f.variables for f in found(jumped, breaks=broken)} == {("fnd_budget",)}


@pytest.mark.parametrize("status", [Status.APPROX, Status.REDACTED, Status.MISSING, Status.ERROR])
def test_only_exact_answers_are_judged(status: Status) -> None:
    value = demo.answers()[EVENTS] + "00" if status is Status.APPROX else ""
    changed = [replace(c, status=status, value=value) if c.cell == address(EVENTS) else c for c in clean().values()]
    assert outliers(changed, county()) == ()


def test_a_season_that_is_not_known_leaves_the_year_unjudged() -> None:
    spring, autumn = (CellKey(TOWN, 2021, period, "rec_applied") for period in ("spring", "autumn"))
    cells = [make_cell(p, t) for p, t in {**demo.answers(), autumn: demo.answers()[autumn] + "00"}.items()]
    assert outliers([c for c in cells if c.cell != address(spring)], county()) == ()


def test_the_order_of_the_cells_changes_nothing() -> None:
    changed = {EVENTS: demo.answers()[EVENTS] + "00", **repeat(towns()[3], 2021, "FND")}
    cells = [make_cell(place, text) for place, text in {**demo.answers(), **changed}.items()]
    mixed = list(cells)
    Random(6).shuffle(mixed)
    assert outliers(mixed, county()) == outliers(cells, county())


def test_without_its_values_a_finding_says_only_what_was_looked_at() -> None:
    plain = without_values(only({EVENTS: demo.answers()[EVENTS] + "00"}))
    assert (plain.message, plain.values) == (SENTENCES["O-UNIT"], ())


@pytest.mark.parametrize(("edition", "told"), [("full", True), ("meeting", False), ("public", False)])
def test_an_outlier_among_small_counts_is_told_in_the_full_edition_only(edition: str, told: bool) -> None:
    paid = year_place(TOWN, 2021, "sup_allowance_paid")
    finding = only({paid: demo.answers()[paid] + "00"})
    report = make_report(params=make_params(edition=edition), findings=(finding,))
    assert ("已足额发放优待金户数" in present.quality(report).to_text()) == told


def test_an_outlier_among_other_answers_is_told_without_its_numbers_in_the_meeting_edition() -> None:
    finding = only({EVENTS: demo.answers()[EVENTS] + "00"})
    text = present.quality(make_report(params=make_params(edition="meeting"), findings=(finding,))).to_text()
    assert "疑似计量单位或小数点位置有误，请核对（涉及“国防教育受教育人次”）" in text
    assert demo.answers()[EVENTS] not in text


# The band -------------------------------------------------------------------------------------------------------------


def test_the_band_is_the_median_and_the_median_deviation() -> None:
    # By hand: median 4; factors from it 4, 2, 1, 2, 25, ordered 1, 2, 2, 4, 25: median 2, to the fifth power 32.
    middle = band([100.0, 1.0, 8.0, 2.0, 4.0])
    assert middle is not None
    assert (middle.centre, middle.spread, middle.limit) == (4, 2, 32)
    assert band([1.0, 2.0, 3.0, 4.0]) is None


@given(st.lists(st.floats(min_value=0.01, max_value=1e6), min_size=5, max_size=40), st.floats(1e7, 1e12))
def test_one_wild_number_never_moves_the_middle_out_of_the_others(numbers: list[float], wild: float) -> None:
    middle = band([*numbers, wild])
    assert middle is not None
    assert min(numbers) <= middle.centre <= max(numbers)
    assert deviation(wild, middle.centre) >= 1
