"""Each of the 42 checks against returns that break it and returns that do not, worked by hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.catalogue.checks import CHECKS, Check, checks
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import Params
from stats.returns import Cell
from stats.returns.reading import parse
from stats.validate import refuse, validate, without_values
from stats.validate.check_evaluation import Interval, is_broken
from stats.validate.finding_texts import message

TOWN, NEIGHBOUR, COUNTY = "990118111000", "990118112000", "990118000000"
Answers = Mapping[str, str]

with (Path(__file__).parent / "data" / "checks.csv").open(encoding="utf-8", newline="") as file:
    DEFINITIONS = {row["id"]: row for row in csv.DictReader(file)}


def make_params(**overrides: Any) -> Params:
    """A county of two towns; each test changes only what it is about."""
    given: dict[str, Any] = {
        "county": {"code": COUNTY, "name": "青禾县"},
        "year": 2021,
        "units": [
            {"code": TOWN, "name": "双塘镇", "type": "镇"},
            {"code": NEIGHBOUR, "name": "河口镇", "type": "镇"},
        ],
        "workspace": Path("."),
    }
    return Params.model_validate({**given, **overrides})


def make_cell(variable: str, raw: str, **overrides: Any) -> Cell:
    """One answer as it was written, on the row of the autumn of 2021 or of the year."""
    reading = parse(raw, variables()[variable])
    row: dict[str, Any] = {
        "unit": TOWN,
        "year": 2021,
        "period": "autumn" if variables()[variable].seasonal else "year",
        "variable": variable,
        "raw": raw,
        "status": reading.status,
        "value": reading.value,
        "lower": reading.lower,
        "upper": reading.upper,
        "note": "",
        "file": "2021/双塘镇.csv",
        "sheet": "",
        "cell": f"{variable}!2",
    }
    return Cell(**{**row, **overrides})


def make_cells(answers: Answers, **overrides: Any) -> list[Cell]:
    """The answers of one row."""
    return [make_cell(variable, raw, **overrides) for variable, raw in answers.items()]


def two_years(now: Answers, then: Answers, **overrides: Any) -> list[Cell]:
    """The answers of 2021 and of 2020."""
    return make_cells(now, **overrides) + make_cells(then, year=2020, **overrides)


def found(cells: Iterable[Cell], check: str, **params: Any) -> list[Finding]:
    """The findings of one check."""
    return [finding for finding in validate(cells, make_params(**params)) if finding.rule == check]


# Check, answers that break it, answers that just do not. Last year's answers stand after "上年".
CASES: list[tuple[str, Answers, Answers]] = [
    (
        "V01",
        {"rec_enlisted_graduates": "6", "rec_enlisted_college": "5"},
        {"rec_enlisted_graduates": "5", "rec_enlisted_college": "5"},
    ),
    ("V02", {"rec_enlisted_college": "25", "rec_enlisted": "20"}, {"rec_enlisted_college": "20", "rec_enlisted": "20"}),
    ("V03", {"rec_enlisted": "21", "rec_both_passed": "20"}, {"rec_enlisted": "20", "rec_both_passed": "20"}),
    ("V04", {"rec_both_passed": "31", "rec_exam_passed": "30"}, {"rec_both_passed": "30", "rec_exam_passed": "30"}),
    ("V05", {"rec_exam_passed": "41", "rec_exam_attended": "40"}, {"rec_exam_passed": "0", "rec_exam_attended": "0"}),
    ("V06", {"rec_exam_attended": "51", "rec_applied": "50"}, {"rec_exam_attended": "50", "rec_applied": "50"}),
    ("V07", {"rec_applied_college": "1", "rec_applied": "0"}, {"rec_applied_college": "0", "rec_applied": "0"}),
    ("V08", {"rec_returned": "3", "rec_enlisted": "2"}, {"rec_returned": "2", "rec_enlisted": "2"}),
    ("V09", {"rec_registered": "403", "rec_register_due": "402"}, {"rec_registered": "402", "rec_register_due": "402"}),
    ("V10", {"rec_followup_done": "12", "rec_enlisted": "11"}, {"rec_followup_done": "11", "rec_enlisted": "11"}),
    (
        "V11",
        {"sys_council_quarters": "4", "sys_council_meetings": "3"},
        {"sys_council_quarters": "3", "sys_council_meetings": "3"},
    ),
    (
        "V12",
        {"sys_council_meetings": "2", "sys_council_quarters": "0"},
        {"sys_council_meetings": "0", "sys_council_quarters": "0"},
    ),
    (
        "V13",
        {"sys_issues_resolved": "9", "sys_issues_raised": "8"},
        {"sys_issues_resolved": "8", "sys_issues_raised": "8"},
    ),
    ("V14", {"mil_reorg_done": "25", "mil_reorg_due": "24"}, {"mil_reorg_done": "24", "mil_reorg_due": "24"}),
    ("V15", {"mil_reorg_due": "9", "bas_villages": "19"}, {"mil_reorg_due": "9", "bas_villages": "18"}),
    (
        "V16",
        {"bld_star5": "2", "bld_star4": "3", "bld_star3": "4", "bld_company_total": "8"},
        {"bld_star5": "2", "bld_star4": "3", "bld_star3": "4", "bld_company_total": "9"},
    ),
    (
        "V17",
        {"bld_star5_applied": "5", "bld_company_total": "4"},
        {"bld_star5_applied": "4", "bld_company_total": "4"},
    ),
    ("V18", {"cad_on_post": "4", "cad_authorized": "3"}, {"cad_on_post": "3", "cad_authorized": "3"}),
    ("V19", {"cad_certified": "4", "cad_on_post": "3"}, {"cad_certified": "3", "cad_on_post": "3"}),
    ("V20", {"cad_trained": "4", "cad_on_post": "3"}, {"cad_trained": "3", "cad_on_post": "3"}),
    (
        "V21",
        {"cad_minister_preferred": "2", "cad_minister_on_post": "1"},
        {"cad_minister_preferred": "1", "cad_minister_on_post": "1"},
    ),
    (
        "V22",
        {"cad_minister_committee": "2", "cad_minister_on_post": "1"},
        {"cad_minister_committee": "1", "cad_minister_on_post": "1"},
    ),
    ("V23", {"cad_officer_admin": "3", "cad_officer_total": "2"}, {"cad_officer_admin": "2", "cad_officer_total": "2"}),
    (
        "V24",
        {"cad_minister_on_post": "1", "cad_officer_total": "3", "cad_on_post": "3"},
        {"cad_minister_on_post": "1", "cad_officer_total": "2", "cad_on_post": "3"},
    ),
    ("V25", {"edu_schools_covered": "8", "bas_schools": "7"}, {"edu_schools_covered": "7", "bas_schools": "7"}),
    ("V26", {"edu_events": "5", "edu_person_times": "0"}, {"edu_events": "5", "edu_person_times": "1"}),
    (
        "V27",
        {"edu_memorial_participants": "61", "edu_person_times": "60"},
        {"edu_memorial_participants": "60", "edu_person_times": "60"},
    ),
    (
        "V28",
        {"sup_households_visited": "247", "sup_households_due": "246"},
        {"sup_households_visited": "246", "sup_households_due": "246"},
    ),
    (
        "V29",
        {"sup_allowance_paid": "59", "sup_allowance_due": "58"},
        {"sup_allowance_paid": "58", "sup_allowance_due": "58"},
    ),
    ("V30", {"sup_merit_delivered": "8", "sup_merit_due": "7"}, {"sup_merit_delivered": "7", "sup_merit_due": "7"}),
    ("V31", {"sup_cases_solved": "13", "sup_cases_raised": "12"}, {"sup_cases_solved": "12", "sup_cases_raised": "12"}),
    (
        "V32",
        {"fnd_county": "10", "fnd_pafd": "5", "fnd_town": "3.2", "fnd_other": "0", "fnd_total": "18.26"},
        {"fnd_county": "10", "fnd_pafd": "5", "fnd_town": "3.2", "fnd_other": "0", "fnd_total": "18.25"},
    ),
    (
        "V33",
        {"fnd_building": "5", "fnd_emergency": "3", "fnd_edu": "2.06", "fnd_total": "10"},
        {"fnd_building": "5", "fnd_emergency": "3", "fnd_edu": "2.05", "fnd_total": "10"},
    ),
    ("V34", {"fnd_spent": "15.01", "fnd_budget": "10"}, {"fnd_spent": "15", "fnd_budget": "10"}),
    (
        "V35",
        {"emg_persons": "0", "emg_health_person_times": "3", "emg_disaster_person_times": "0"},
        {"emg_persons": "0", "emg_health_person_times": "0", "emg_disaster_person_times": "0"},
    ),
    (
        "V36",
        {"emg_persons": "11", "emg_health_person_times": "6", "emg_disaster_person_times": "4"},
        {"emg_persons": "10", "emg_health_person_times": "6", "emg_disaster_person_times": "4"},
    ),
    (
        "V37",
        {"sup_allowance_standard": "20399", "上年": "20400"},
        {"sup_allowance_standard": "20400", "上年": "20400"},
    ),
    ("V38", {"fnd_total": "42.89", "上年": "42.9"}, {"fnd_total": "42.9", "上年": "42.9"}),
    ("V39", {"bas_population": "36001", "上年": "30000"}, {"bas_population": "36000", "上年": "30000"}),
    ("V40", {"fnd_total": "500", "上年": "10"}, {"fnd_total": "499.99", "上年": "10"}),
    ("V41", {"fnd_building": "10.06", "fnd_total": "10"}, {"fnd_building": "10.05", "fnd_total": "10"}),
    ("V42", {"sup_allowance_standard": "499"}, {"sup_allowance_standard": "500"}),
]
BY_ID = pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])


def cells_of(answers: Answers) -> list[Cell]:
    """The cells of a case; a season question has a spring of 0 beside its autumn, or the same lack of a number."""
    now = {name: raw for name, raw in answers.items() if name != "上年"}
    cells = make_cells(now)
    spring = {name: "0" if raw.isdecimal() else raw for name, raw in now.items() if variables()[name].seasonal}
    cells += make_cells(spring, period="spring")
    if "上年" in answers:
        cells += make_cells(dict.fromkeys(now, answers["上年"]), year=2020)
    return cells


def test_every_check_has_a_case() -> None:
    assert [case[0] for case in CASES] == [check.id for check in CHECKS]


@BY_ID
def test_a_broken_check_names_unit_values_and_what_to_do(case: tuple[str, Answers, Answers]) -> None:
    check, breaking, _ = case
    (finding,) = found(cells_of(breaking), check)
    assert finding.severity is checks()[check].severity
    assert (finding.unit, finding.unit_name, finding.year) == (TOWN, "双塘镇", 2021)
    assert set(finding.variables) == set(breaking) - {"上年"}
    assert len(finding.values) == len(breaking)
    for name, raw in breaking.items():
        label = "上年" if name == "上年" else f"「{variables()[name].full_name}」"
        assert f"{label}{raw}" in finding.message
    assert finding.message.startswith(checks()[check].message)
    assert (finding.file, finding.cell) == ("2021/双塘镇.csv", f"{finding.variables[0]}!2")
    assert finding.remedy


@BY_ID
def test_a_check_that_just_holds_is_silent(case: tuple[str, Answers, Answers]) -> None:
    check, _, passing = case
    assert found(cells_of(passing), check) == []


@BY_ID
@pytest.mark.parametrize("raw", ["", "xx", "—", "5+3"], ids=["missing", "redacted", "not applicable", "refused"])
def test_a_check_without_all_its_numbers_is_silent(case: tuple[str, Answers, Answers], raw: str) -> None:
    check, breaking, _ = case
    for name in breaking:
        assert found(cells_of({**breaking, name: raw}), check) == []


def deciding(check: str, cells: list[Cell]) -> list[Cell]:
    """The cells the case turns on: not the spring, where the check looks at each season by itself."""
    return [cell for cell in cells if not (cell.period == "spring" and checks()[check].scope == "row")]


@BY_ID
def test_a_check_whose_question_was_not_asked_is_silent(case: tuple[str, Answers, Answers]) -> None:
    check, breaking, _ = case
    cells = cells_of(breaking)
    for cell in deciding(check, cells):
        assert found([other for other in cells if other is not cell], check) == []


@BY_ID
def test_an_approximate_answer_can_at_most_warn(case: tuple[str, Answers, Answers]) -> None:
    check, breaking, _ = case
    cells = cells_of(breaking)
    for cell in deciding(check, cells):
        end = str(int(cell.value) + 1) if variables()[cell.variable].kind == "int" else cell.value
        vague = replace(cell, status=Status.APPROX, upper=end)
        findings = found([vague if other is cell else other for other in cells], check)
        assert [finding.severity for finding in findings] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("check", "breaking", "passing"),
    [
        ("V39", {"bas_population": "23999", "上年": "30000"}, {"bas_population": "24000", "上年": "30000"}),
        ("V40", {"fnd_total": "0.2", "上年": "10"}, {"fnd_total": "0.21", "上年": "10"}),
        ("V40", {"fnd_total": "0", "上年": "10"}, {"fnd_total": "10", "上年": "0"}),
        ("V42", {"sup_allowance_standard": "2.04"}, {"sup_allowance_standard": "0"}),
    ],
)
def test_a_check_with_two_sides_looks_at_the_other_too(check: str, breaking: Answers, passing: Answers) -> None:
    assert len(found(cells_of(breaking), check)) == 1
    assert found(cells_of(passing), check) == []


def test_a_sum_of_sources_above_the_total_is_broken_too() -> None:
    answers = {"fnd_county": "10", "fnd_pafd": "5", "fnd_town": "3.2", "fnd_other": "0.11", "fnd_total": "18.25"}
    assert len(found(make_cells(answers), "V32")) == 1


def test_tenths_are_added_exactly() -> None:
    answers = {"fnd_building": "0.1", "fnd_emergency": "0.2", "fnd_edu": "0", "fnd_total": "0.25"}
    assert found(make_cells(answers), "V33") == []


@pytest.mark.parametrize(
    ("college", "enlisted", "count"),
    [
        ("60余名", "59", 1),  # 60 to 69 are all above 59
        ("60余名", "60", 0),  # could be 60
        ("70", "60余名", 1),  # at most 69
        ("69", "60余名", 0),
        ("3名以上", "2", 1),
        ("3名以上", "3", 0),
        ("30", "近20名", 1),
        ("约50名", "20", 0),  # how far from 50 is not said
    ],
)
def test_an_approximation_breaks_a_check_only_for_certain(college: str, enlisted: str, count: int) -> None:
    findings = found(make_cells({"rec_enlisted_college": college, "rec_enlisted": enlisted}), "V02")
    assert len(findings) == count
    assert all(finding.severity is Severity.WARNING and "概数" in finding.message for finding in findings)


@pytest.mark.parametrize(("last_year", "count"), [("1000", 1), ("999.99", 0)])
def test_an_approximate_amount_stays_below_its_upper_end(last_year: str, count: int) -> None:
    cells = two_years({"sup_allowance_standard": "900余元"}, {"sup_allowance_standard": last_year})
    assert len(found(cells, "V37")) == count


def test_the_message_is_plain_and_complete() -> None:
    (finding,) = found(make_cells({"rec_enlisted_college": "25", "rec_enlisted": "20"}), "V02")
    assert finding.message == (
        "大学生数不应大于征集新兵数：秋季「征集新兵中的大学生人数」25名大于「征集新兵人数」20名，"
        "见2021/双塘镇.csv的rec_enlisted_college!2、rec_enlisted!2"
    )
    assert finding.values == ("25名", "20名")
    assert finding.remedy == "请对照原始资料核对所涉各项，更正后重新上报；更正前这些数不参与计算"


def test_a_message_about_a_sum_shows_the_sum() -> None:
    cells = make_cells({"bld_star5": "2", "bld_star4": "3", "bld_star3": "4", "bld_company_total": "8"})
    (finding,) = found(cells, "V16")
    assert "「三星级民兵营（连）部数」4个（合计9个）大于「民兵营（连）部总数」8个" in finding.message


def test_a_message_about_an_approximation_gives_its_bounds_and_not_its_text() -> None:
    cells = make_cells({"rec_enlisted_college": "60余名", "rec_enlisted": "12人（含女兵1人）"})
    (finding,) = found(cells, "V02")
    assert "「征集新兵中的大学生人数」60至69名大于「征集新兵人数」12名" in finding.message
    assert "女兵" not in finding.message


def test_a_message_names_both_files_of_a_comparison_with_last_year() -> None:
    cells = [
        make_cell("fnd_total", "40", cell="K2", sheet="全年"),
        make_cell("fnd_total", "50", year=2020, file="2020/old.xlsx", cell="L9"),
    ]
    (finding,) = found(cells, "V38")
    assert finding.message.endswith(
        "本年「武装工作经费投入合计」40万元低于上年50万元，见2021/双塘镇.csv「全年」的K2；2020/old.xlsx的L9"
    )
    assert finding.values == ("40万元", "上年50万元")


def test_numbers_can_be_left_out_of_a_finding() -> None:
    (finding,) = found(make_cells({"rec_enlisted_college": "25", "rec_enlisted": "20"}), "V02")
    plain = without_values(finding)
    assert (plain.message, plain.values) == ("大学生数不应大于征集新兵数", ())
    assert plain.variables == finding.variables


def test_each_season_is_checked_by_itself() -> None:
    cells = make_cells({"rec_enlisted_college": "9", "rec_enlisted": "20"}, period="spring")
    cells += make_cells({"rec_enlisted_college": "9", "rec_enlisted": "8"}, period="autumn")
    assert [finding.period for finding in found(cells, "V02")] == ["autumn"]


def test_before_2020_the_year_row_is_checked_for_season_questions() -> None:
    cells = make_cells({"rec_enlisted_college": "9", "rec_enlisted": "8"}, year=2019, period="year")
    assert [(finding.year, finding.period) for finding in found(cells, "V02")] == [(2019, "year")]


def test_a_whole_year_check_adds_up_the_seasons() -> None:
    cells = [
        make_cell("rec_followup_done", "12"),
        make_cell("rec_enlisted", "6", period="spring"),
        make_cell("rec_enlisted", "5", period="autumn"),
    ]
    (finding,) = found(cells, "V10")
    assert "「新兵回访人数」12名大于「征集新兵人数」11名" in finding.message


def test_a_season_that_does_not_apply_is_no_gap_in_the_year() -> None:
    cells = make_cells({"rec_followup_done": "12", "rec_enlisted": "11"}, year=2020)
    cells += [make_cell("rec_enlisted", "—", year=2020, period="spring")]
    assert len(found(cells, "V10")) == 1


def test_the_county_row_is_checked_too() -> None:
    cells = make_cells({"fnd_building": "11", "fnd_total": "10"}, unit=COUNTY)
    (finding,) = found(cells, "V41")
    assert (finding.unit, finding.unit_name) == (COUNTY, "青禾县")


def test_a_broken_unit_leaves_its_neighbour_alone() -> None:
    cells = make_cells({"fnd_building": "11", "fnd_total": "10"})
    cells += make_cells({"fnd_building": "9", "fnd_total": "10"}, unit=NEIGHBOUR)
    assert [finding.unit for finding in validate(cells, make_params())] == [TOWN]


def test_findings_come_in_order_of_unit_year_and_check_whatever_the_order_of_cells() -> None:
    cells = two_years({"fnd_building": "30", "fnd_total": "20"}, {"fnd_building": "30", "fnd_total": "25"})
    cells += make_cells({"fnd_building": "11", "fnd_total": "10"}, unit=NEIGHBOUR)
    findings = validate(reversed(cells), make_params())
    assert findings == validate(cells, make_params())
    assert [(finding.unit, finding.year, finding.rule) for finding in findings] == [
        (TOWN, 2020, "V41"),
        (TOWN, 2021, "V38"),
        (TOWN, 2021, "V41"),
        (NEIGHBOUR, 2021, "V41"),
    ]


def test_a_first_return_has_no_last_year_to_check_against() -> None:
    assert found(make_cells({"fnd_total": "40"}), "V38") == []


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({"year": 2021, "reason": "区划调整"}, 0),
        ({"year": 2021, "units": [TOWN], "reason": "区划调整"}, 0),
        ({"year": 2021, "indicators": ["FND-01"], "reason": "口径调整"}, 0),
        ({"year": 2021, "indicators": ["FND-03"], "reason": "口径调整"}, 1),
        ({"year": 2021, "units": [NEIGHBOUR], "reason": "区划调整"}, 1),
        ({"year": 2020, "reason": "区划调整"}, 1),
    ],
)
def test_a_declared_break_parts_the_years(settings: dict[str, Any], count: int) -> None:
    cells = two_years({"fnd_total": "40"}, {"fnd_total": "50"})
    assert len(found(cells, "V38", breaks=[settings])) == count


def test_a_refused_answer_keeps_its_text_and_place_but_has_no_number() -> None:
    cells = make_cells({"rec_enlisted_college": "25", "rec_enlisted": "20", "rec_returned": "0"})
    college, enlisted, returned = refuse(cells, validate(cells, make_params()))
    for cell, raw in ((college, "25"), (enlisted, "20")):
        assert (cell.status, cell.raw, cell.value, cell.lower, cell.upper) == (Status.ERROR, raw, "", "", "")
        assert cell.note == "未采用：与其他数不符（V02）"
        assert cell.file == "2021/双塘镇.csv"
    assert returned == cells[2]


def test_a_warning_refuses_nothing() -> None:
    cells = make_cells({"cad_on_post": "4", "cad_authorized": "3"})
    assert refuse(cells, validate(cells, make_params())) == tuple(cells)


def test_only_the_season_that_contradicts_itself_is_refused() -> None:
    cells = make_cells({"rec_enlisted_college": "9", "rec_enlisted": "20"}, period="spring")
    cells += make_cells({"rec_enlisted_college": "9", "rec_enlisted": "8"}, period="autumn")
    refused = refuse(cells, validate(cells, make_params()))
    assert {cell.period for cell in refused if cell.status is Status.ERROR} == {"autumn"}


def test_a_finding_about_the_year_refuses_every_season_of_the_answer() -> None:
    cells = [make_cell("rec_enlisted", "6", period="spring"), make_cell("rec_enlisted", "5", period="autumn")]
    finding = Finding("X", Severity.ERROR, "", "", unit=TOWN, year=2021, period="year", variables=("rec_enlisted",))
    assert [cell.status for cell in refuse(cells, [finding])] == [Status.ERROR, Status.ERROR]


def test_a_note_is_kept_beside_the_reason_of_the_refusal() -> None:
    cells = make_cells({"fnd_building": "11", "fnd_total": "10"}, note="全角数字")
    assert refuse(cells, validate(cells, make_params()))[0].note == "全角数字；未采用：与其他数不符（V41）"


def test_the_catalogue_says_the_same_as_the_definitions_about_scope_and_severity() -> None:
    scopes = {"row": "row", "year": "year", "prev": "last_year"}
    severities = {"error": Severity.ERROR, "warn": Severity.WARNING}
    declared = {check.id: (check.scope, check.severity) for check in CHECKS}
    assert declared == {name: (scopes[row["scope"]], severities[row["severity"]]) for name, row in DEFINITIONS.items()}


def holds(check: Check, now: Mapping[str, int], then: Mapping[str, int]) -> bool:
    """The check's definition as the source table writes it, for one set of whole numbers."""
    condition = re.sub(r"\d+\.\d+", r"Fraction('\g<0>')", DEFINITIONS[check.id]["condition"])
    condition = re.sub(r"prev\((\w+)\)", r"then['\1']", condition)
    return bool(eval(condition, {"Fraction": Fraction, "then": then, "abs": abs}, dict(now)))


BOUNDS = st.tuples(
    st.one_of(st.integers(0, 12), st.sampled_from([24, 49, 50, 51, 480, 498, 499, 500])), st.integers(0, 2)
)


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
@settings(max_examples=60)
@given(data=st.data())
def test_a_rule_is_broken_exactly_where_no_number_within_the_bounds_keeps_it(check: Check, data: st.DataObject) -> None:
    names = [(year, name) for year in ("now", "then") for name in check.rule.variables]
    names = [key for key in names if key[0] == "now" or check.scope == "last_year"]
    ranges = {key: range(low, low + width + 1) for key in names for low, width in [data.draw(BOUNDS)]}
    intervals: dict[str, dict[str, Interval]] = {"now": {}, "then": {}}
    for (year, name), numbers in ranges.items():
        intervals[year][name] = Interval(numbers[0], numbers[-1])
    kept = False
    for choice in product(*ranges.values()):
        values = dict(zip(ranges, choice, strict=True))
        now = {name: value for (year, name), value in values.items() if year == "now"}
        then = {name: value for (year, name), value in values.items() if year == "then"}
        kept = kept or holds(check, now, then)
    assert is_broken(check.rule, intervals["now"], intervals["then"]) == (not kept)


@pytest.mark.parametrize(("where", "ends"), [("", ""), ("a.csv的B2", "，见a.csv的B2")])
def test_a_message_names_a_place_only_where_there_is_one(where: str, ends: str) -> None:
    assert (
        message("应当相等", period="year", clause="2名与3名", where=where, approximate=False)
        == f"应当相等：2名与3名{ends}"
    )
