"""Every known class of bad input ends as required: used, refused or missing, said so, and no other number moves."""

from __future__ import annotations

import io
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bad_inputs import CLEAN, Case, cases, clean_rows, content
from conftest import COUNTY, NEIGHBOUR, TOWN, as_csv, make_rows, make_workspace, put
from stats.catalogue.status import Status
from stats.findings import Finding, Severity
from stats.forms import form
from stats.params import load
from stats.returns import Cell, absent, read
from stats.returns.form_layout import DATA_SHEET, PERIODS, columns, form_rows
from stats.texts.privacy import shown
from stats.validate import refuse, validate

Key = tuple[str, str, str]
ALL = frozenset({COUNTY[0], TOWN[0], NEIGHBOUR[0]})
STATUS = {
    "CELL": Status.ERROR,
    "MISSING": Status.MISSING,
    "REDACTED": Status.REDACTED,
    "NA": Status.NOT_APPLICABLE,
    "APPROX": Status.APPROX,
}
SEVERITY = {
    "NOTE": Severity.NOTE, "APPROX": Severity.NOTE, "IGNORE": Severity.NOTE, "WARN": Severity.WARNING,
    "MISSING": Severity.WARNING, "REDACTED": Severity.WARNING, "ABSENT": Severity.WARNING, "CELL": Severity.ERROR,
    "CHECK": Severity.ERROR, "UNIT": Severity.FATAL, "FILE": Severity.FATAL, "SHEET": Severity.FATAL,
}  # fmt: skip


class Outcome:
    """What came of one file that lies beside the county's own return."""

    def __init__(self, folder: Path, name: str, data: bytes) -> None:
        workspace = make_workspace(folder)
        put(workspace, "县本级.csv", as_csv(make_rows(unit=COUNTY)))
        put(workspace, name, data)
        params = load(workspace)
        returns = read(params, [2021])
        self.received = returns.received[2021]
        missing = absent(params, returns.received, returns.findings)
        self.findings = (*returns.findings, *missing, *validate(returns.cells, params))
        self.read = {(cell.unit, cell.variable, cell.period): cell for cell in returns.cells}
        self.cells = {(c.unit, c.variable, c.period): c for c in refuse(returns.cells, self.findings)}

    @property
    def values(self) -> dict[Key, str]:
        """The answers that are computed with."""
        return {key: cell.value for key, cell in self.cells.items() if cell.status.has_value}

    def cell(self, case: Case) -> Cell:
        return self.cells[TOWN[0], case.question, "year"]

    def finding(self, case: Case) -> Finding:
        """The one that is required; a check's and a foreign encoding's have no fixed rule."""
        found = [f for f in self.findings if f.severity is SEVERITY[case.outcome] and case.rule in ("", f.rule)]
        assert found, [(f.rule, f.message) for f in self.findings]
        return next((f for f in found if case.word in f.message + f.remedy), found[0])


@cache
def clean() -> dict[Key, str]:
    """The answers of the same table, undamaged."""
    with TemporaryDirectory() as folder:
        outcome = Outcome(Path(folder), "报表.csv", as_csv(clean_rows()).encode())
    assert outcome.findings == ()
    return outcome.values


def totals(values: dict[Key, str]) -> dict[tuple[str, str], Decimal]:
    """The county's sum of each question and period."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (_, variable, period), value in values.items():
        sums[variable, period] += Decimal(value) if value[0].isdigit() else value == "是"
    return sums


def of_units(*units: tuple[str, str]) -> set[Key]:
    return {key for key in clean() if key[0] in [unit[0] for unit in units]}


def expected_losses(case: Case, outcome: Outcome) -> set[Key]:
    """The answers that may not be computed with, each covered by a finding."""
    if case.outcome in ("FILE", "IGNORE"):
        return of_units(TOWN, NEIGHBOUR)
    if case.outcome in ("UNIT", "ABSENT"):
        return of_units(TOWN)
    if case.outcome == "CHECK":
        named = {(f.unit, name) for f in outcome.findings if f.severity is Severity.ERROR for name in f.variables}
        return {key for key in clean() if key[:2] in named}
    if case.damage == "without_column":
        return {key for key in clean() if key[1] == case.question and key[0] != COUNTY[0]}
    return {(TOWN[0], case.question, "year")} if case.outcome in ("CELL", "MISSING", "REDACTED", "NA") else set()


ALL_CASES = cases()


@cache
def outcome_of(case: Case) -> Outcome:
    """Each file is read once for all tests."""
    with TemporaryDirectory() as folder:
        return Outcome(Path(folder), case.file, content(case))


@pytest.mark.parametrize("case", ALL_CASES, ids=[f"{case.number} {case.wrong}" for case in ALL_CASES])
def test_bad_input_ends_as_required_and_no_other_number_moves(case: Case) -> None:
    outcome = outcome_of(case)
    before, after = clean(), outcome.values
    lost = expected_losses(case, outcome)
    assert set(before) - set(after) == lost
    assert set(after) <= set(before)
    moved = {key for key in after if after[key] != before[key]}
    asked = (TOWN[0], case.question, "year")
    assert moved == ({asked} if asked in after and case.value and case.value != before[asked] else set())
    if case.question and case.outcome in STATUS:
        assert outcome.cell(case).status is STATUS[case.outcome]
    if case.value:
        assert after[asked] == case.value
    untouched = {key[1:] for key in before} - {key[1:] for key in lost | moved}
    assert all(totals(after)[key] == totals(before)[key] for key in untouched)


@pytest.mark.parametrize("case", ALL_CASES, ids=[f"{case.number} {case.wrong}" for case in ALL_CASES])
def test_bad_input_is_named_with_its_place_and_what_to_do(case: Case) -> None:
    outcome = outcome_of(case)
    if case.outcome in ("ACCEPT", "NA"):
        assert [f.rule for f in outcome.findings] == []
        return
    found = outcome.finding(case)
    assert case.word in found.message + found.remedy
    assert found.remedy
    assert case.outcome == "ABSENT" or found.file == f"2021/{case.file}" or case.outcome == "CHECK"
    if case.outcome in ("CELL", "REDACTED", "APPROX") or (case.outcome == "MISSING" and not case.declared):
        cell = outcome.cell(case)
        assert (found.cell, found.sheet, found.variables) == (cell.cell, cell.sheet, (case.question,))
        assert (found.unit, found.unit_name) == TOWN
        told = (found.message, *found.values)
        assert (
            case.damage != "cell" or found.rule in ("R-PRIVATE", "R-BLANK") or any(shown(case.text) in t for t in told)
        )


@pytest.mark.parametrize("case", ALL_CASES, ids=[case.number for case in ALL_CASES])
def test_bad_input_leaves_the_others_received(case: Case) -> None:
    received = outcome_of(case).received
    without = {
        "FILE": {TOWN[0], NEIGHBOUR[0]},
        "IGNORE": {TOWN[0], NEIGHBOUR[0]},
        "UNIT": {TOWN[0]},
        "ABSENT": {TOWN[0]},
    }
    assert received == ALL - without.get(case.outcome, set())


def test_the_table_holds_every_class_once() -> None:
    numbers = [case.number for case in ALL_CASES]
    assert len(numbers) == len(set(numbers)) == 193
    assert all(case.declared or case.outcome != "NA" for case in ALL_CASES)


DAMAGE = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 100), st.text(max_size=12) | st.sampled_from(["", "1e9", "王建国", "12,3"])
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(damage=DAMAGE)
def test_random_damage_to_one_unit_leaves_every_answer_of_the_others(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int, str]]
) -> None:
    rows = clean_rows()
    for row, column, text in damage:
        name = list(rows[row])[column % len(rows[row])]
        if name not in ("unit_code", "unit_name", "unit_type", "stat_year", "period"):
            rows[row][name] = text.replace("\0", "").replace("\ud800", "")
    outcome = Outcome(tmp_path_factory.mktemp("damaged"), "报表.csv", as_csv(rows).encode("utf-8", "replace"))
    others = of_units(COUNTY, NEIGHBOUR)
    assert {key: value for key, value in outcome.values.items() if key in others} == {
        key: clean()[key] for key in others
    }


def filled_form(folder: Path, case: Case) -> bytes:
    """The town's form, filled in with clean answers and one as in the case."""
    params = load(make_workspace(folder))
    book = load_workbook(io.BytesIO(form(params, params.unit(TOWN[0]), {})))
    sheet, places = book[DATA_SHEET], columns(2021, county=False)
    for row, period in zip(make_rows(**CLEAN), ("year", "spring", "autumn"), strict=True):
        for line in form_rows(2021, county=False):
            if line.question and row[line.question.name]:
                sheet.cell(line.row + 1, places[PERIODS[period]] + 1).value = row[line.question.name]
                if (line.question.name, period) == (case.question, "year"):
                    sheet.cell(line.row + 1, places[PERIODS[period]] + 1).value = case.text or None
                    sheet.cell(line.row + 1, places[PERIODS[period]] + 1).data_type = "s" if case.text else "n"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def town_alone(values: dict[Key, str]) -> dict[Key, str]:
    return {key: value for key, value in values.items() if key[0] == TOWN[0]}


IN_FORMS = [case for case in ALL_CASES if case.damage == "cell" and case.outcome != "CHECK" and "\n" not in case.text]


@pytest.mark.parametrize("case", IN_FORMS, ids=[f"{case.number} {case.wrong}" for case in IN_FORMS])
def test_bad_answer_ends_the_same_in_a_form(tmp_path: Path, case: Case) -> None:
    outcome = Outcome(tmp_path, "表.xlsx", filled_form(tmp_path, case))
    asked = (TOWN[0], case.question, "year")
    before, after = town_alone(clean()), town_alone(outcome.values)
    assert after == {**{k: v for k, v in before.items() if k != asked}, **({asked: case.value} if case.value else {})}
    if case.outcome in STATUS:
        assert outcome.cell(case).status is STATUS[case.outcome]
    if case.rule:
        found = outcome.finding(case)
        assert case.word in found.message + found.remedy
        assert (found.file, found.sheet, found.cell) == ("2021/表.xlsx", DATA_SHEET, outcome.cell(case).cell)
