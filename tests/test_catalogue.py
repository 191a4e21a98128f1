"""The catalogue as a whole: nothing named is missing, nothing excluded is asked, every entry is complete."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from stats.catalogue.checks import CHECKS
from stats.catalogue.domains import DOMAINS
from stats.catalogue.exclusions import EXCLUSIONS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators, of_domain
from stats.catalogue.marks import HIDDEN, LEGEND, MARKS, NOT_APPLICABLE, REDACTED, data_protection
from stats.catalogue.seasons import not_applicable, periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import questions, variables
from stats.findings import Severity
from stats.params.plain_yaml import parse

HERE = Path(__file__).parent
PROJECT = HERE.parent
EXAMPLES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (HERE / "examples" / "indicators.yaml").read_text(encoding="utf-8")
)
with (HERE / "data" / "traceability.csv").open(encoding="utf-8", newline="") as file:
    TRACES = list(csv.DictReader(file))

NAME = re.compile(r"[A-Z]{3}-\d{2}|[a-z]{3}_[a-z0-9_]+")
KINDS = {"EXCL": "not_collected", "NARR": "narrative", "DOC": "document"}
EXAMPLE_LISTS = [pytest.param(e, id=e.get("name", e["indicator"])) for e in EXAMPLES["examples"] + EXAMPLES["edges"]]


def test_checks_are_numbered_without_a_gap_and_questions_are_all_but_what_identifies_a_row() -> None:
    assert [check.id for check in CHECKS] == [f"V{number:02}" for number, _ in enumerate(CHECKS, start=1)]
    assert {variable.name for variable in questions()} == {v.name for v in variables().values() if v.tier != "id"}


def test_what_looks_at_last_year_is_only_a_warning() -> None:
    against_last_year = [check for check in CHECKS if check.scope == "last_year"]
    assert against_last_year
    assert {check.severity for check in against_last_year} == {Severity.WARNING}


@pytest.mark.parametrize("number", [10, 15, 17, 18, 24, 26, 27, 34, 35, 36])
def test_what_may_be_so_after_all_is_only_a_warning(number: int) -> None:
    assert CHECKS[number - 1].severity is Severity.WARNING


def test_what_contradicts_itself_withholds_the_document() -> None:
    hard = {check.id for check in CHECKS if check.severity is Severity.ERROR}
    assert {f"V{number:02}" for number in (*range(1, 10), *range(11, 15), 16, *range(19, 24), 25)} <= hard


@pytest.mark.parametrize("trace", TRACES, ids=[trace["matter"] for trace in TRACES])
def test_what_the_sources_name_is_asked_or_excluded_on_purpose(trace: dict[str, str]) -> None:
    named = NAME.findall(trace["covered_by"])
    assert set(named) <= set(indicators()) | set(variables())
    kind = KINDS.get(trace["covered_by"].split()[0])
    if kind is None:
        assert named
    else:
        assert (trace["matter"], kind) in [(each.matter, each.kind) for each in EXCLUSIONS]


def test_no_matter_of_the_sources_is_traced_twice() -> None:
    assert TRACES
    assert len({trace["matter"] for trace in TRACES}) == len(TRACES)


@pytest.mark.parametrize("exclusion", EXCLUSIONS, ids=[each.matter for each in EXCLUSIONS])
def test_no_question_or_indicator_touches_an_excluded_matter(exclusion: Any) -> None:
    assert exclusion.reason
    assert exclusion.words or exclusion.kind != "not_collected"
    printed = [variable.label for variable in variables().values()] + [entry.name for entry in indicators().values()]
    touched = [text for text in printed for word in exclusion.words if word in text]
    assert touched == []


def test_no_question_asks_for_a_name_a_weapon_or_a_quota() -> None:
    forbidden = {"name", "phone", "address", "weapon", "equipment", "store", "quota", "score", "readiness", "riot"}
    asked = {part for variable in questions() for part in variable.name.split("_")}
    assert asked & forbidden == set()


def test_every_variable_is_complete() -> None:
    labels = [variable.label for variable in variables().values()]
    assert len(set(labels)) == len(labels)
    for variable in variables().values():
        assert variable.label
        assert variable.label_en
        assert variable.source
        assert variable.domain in ("BAS", *DOMAINS)
        assert variable.seasonal == (variable.season_combine != "")
        if variable.is_number:
            assert variable.unit
            assert variable.minimum is not None
            assert variable.maximum is not None
            assert variable.minimum < variable.maximum
        if variable.kind in ("bool", "enum"):
            assert variable.choices


@pytest.mark.parametrize("entry", indicators().values(), ids=list(indicators()))
def test_every_indicator_is_complete_and_computable_at_its_level(entry: Indicator) -> None:
    assert entry.name
    assert entry.name_en
    assert entry.unit
    assert entry.source
    assert entry.domain in DOMAINS
    assert entry in of_domain(entry.domain)
    answering = [variables()[name] for name in entry.variables]
    if entry.level in ("town", "both"):
        assert all(variable.asked_of(county=False) for variable in answering)
    if entry.level in ("county", "both"):
        assert all(variable.asked_of(county=True) for variable in answering)


@pytest.mark.parametrize("entry", indicators().values(), ids=list(indicators()))
def test_every_term_fits_the_question_it_reads(entry: Indicator) -> None:
    terms = entry.numerator + (entry.denominator if isinstance(entry.denominator, tuple) else ())
    for term in terms:
        variable = variables()[term.variable]
        if term.test in ("amount", "at_least"):
            assert variable.is_number
        if term.test == "yes":
            assert "是" in variable.choices
        if term.test == "is":
            assert term.choice in variable.choices


def test_indicators_stand_in_the_order_of_the_domains() -> None:
    domains = list(dict.fromkeys(entry.domain for entry in indicators().values()))
    assert domains == list(DOMAINS)
    assert list(indicators()) == sorted(indicators(), key=lambda code: (domains.index(code[:3]), code))


def test_a_neutral_indicator_is_never_ranked() -> None:
    assert [code for code, entry in indicators().items() if entry.ranked and entry.direction == "neutral"] == []


def test_a_growth_indicator_names_the_measured_quantity_alone() -> None:
    growth = {code: entry for code, entry in indicators().items() if entry.kind == "growth"}
    assert growth
    assert all(entry.denominator == 1 for entry in growth.values())


def test_funds_per_resident_converts_ten_thousands_to_yuan() -> None:
    assert indicators()["FND-05"].times == 10000


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_every_check_compares_numbers_it_can_find_in_its_scope(check: Any) -> None:
    compared = [variables()[name] for name in check.rule.variables]
    assert all(variable.is_number for variable in compared)
    if check.scope == "row":
        assert len({variable.seasonal for variable in compared}) == 1
    assert check.message
    assert check.remedy


@pytest.mark.parametrize(
    ("year", "due", "not_due"),
    [
        (2017, ("year",), ()),
        (2019, ("year",), ()),
        (2020, ("autumn",), ("spring",)),
        (2021, ("spring", "autumn"), ()),
        (2030, ("spring", "autumn"), ()),
    ],
)
def test_season_questions_are_due_on_the_seasons_that_were_held(
    year: int, due: tuple[str, ...], not_due: tuple[str, ...]
) -> None:
    assert periods_due(year) == due
    assert not_applicable(year) == not_due


@pytest.mark.parametrize("year", range(2017, 2022))
def test_targets_of_each_year_name_indicators_and_their_source(year: int) -> None:
    file = f"params/targets/{year}.yaml"
    targets = parse((PROJECT / file).read_text(encoding="utf-8"), file).data
    assert isinstance(targets, dict)
    for code, target in targets.items():
        assert code in indicators()
        assert set(target) == {"op", "value", "basis", "source"}
        assert target["op"] == ("<=" if indicators()[code].direction == "lower" else ">=")
        assert target["source"]


def test_the_target_for_college_recruits_rises_every_year() -> None:
    values = []
    for year in range(2017, 2022):
        file = f"params/targets/{year}.yaml"
        data = parse((PROJECT / file).read_text(encoding="utf-8"), file).data
        assert isinstance(data, dict)
        values.append(data["REC-03"]["value"])
    assert values == ["60", "65", "70", "75", "80"]


def test_the_legend_explains_every_mark_a_table_prints() -> None:
    printed = {status.mark for status in Status} - {""}
    assert printed == {HIDDEN.sign, NOT_APPLICABLE.sign, REDACTED.sign}
    assert all(mark.legend in LEGEND for mark in MARKS)
    assert {mark.sign for mark in MARKS} == {"", "…", "—", "约", "※", "[隐]", "[遮]", "[更]", "〔可比〕"}


def test_the_data_protection_statement_says_what_the_edition_hides() -> None:
    assert "为1至2的" in data_protection(hidden_below=3)
    assert "为1至4的" in data_protection(hidden_below=5)
    assert "未作隐去" in data_protection(hidden_below=None)


def test_every_indicator_has_one_worked_example() -> None:
    assert [example["indicator"] for example in EXAMPLES["examples"]] == list(indicators())


@pytest.mark.parametrize("example", EXAMPLE_LISTS)
def test_an_example_answers_exactly_the_questions_of_its_indicator(example: dict[str, Any]) -> None:
    entry = indicators()[example["indicator"]]
    given = {**example["answers"], **example.get("last_year", {})}
    assert set(given) <= set(entry.variables)
    assert example["steps"]
    if "value" in example:
        assert set(example["answers"]) == set(entry.variables)
    for name, answer in given.items():
        assert isinstance(answer, dict) == variables()[name].seasonal
    assert ("last_year" in example) == (entry.kind == "growth" and example.get("status") != "no_previous")
    assert (example.get("unit") == "county") == (entry.level == "county")


@pytest.mark.parametrize("example", [case for case in EXAMPLE_LISTS if "value" in case.values[0]])
def test_an_example_is_consistent_as_fractions(example: dict[str, Any]) -> None:
    entry = indicators()[example["indicator"]]
    numerator, denominator = Fraction(example["numerator"]), Fraction(example["denominator"])
    value = entry.times * numerator / denominator
    if entry.kind == "compliance":
        value = min(value, Fraction(entry.times))
    assert value == Fraction(example["value"])


@pytest.mark.parametrize("example", [case for case in EXAMPLE_LISTS if "value" in case.values[0]])
def test_an_example_prints_the_decimals_of_its_indicator(example: dict[str, Any]) -> None:
    entry = indicators()[example["indicator"]]
    if entry.is_yes_or_no:
        assert example["display"] == ("是" if Fraction(example["value"]) == 100 else "否")
        return
    shown = example["display"].removeprefix("约")
    assert len(shown.partition(".")[2]) == entry.decimals
    assert abs(Fraction(shown) - Fraction(example["value"])) <= Fraction(1, 2 * 10**entry.decimals)
