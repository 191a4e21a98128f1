"""A block of answers that stands a row too low or too high is said as such, and no other block is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NUMBERS, TOWN, as_csv, make_rows, make_workspace, put
from stats.findings import Finding, Severity
from stats.params import load
from stats.returns import read
from stats.validate import refuse, validate
from stats.validate.shifts import RULE, runs

FUNDS = next(run for run in runs() if "fnd_total" in run)
CADRES = next(run for run in runs() if "cad_authorized" in run)
RECRUITS = next(run for run in runs() if "rec_applied" in run)


def lowered(names: Sequence[str], answers: Mapping[str, str], *, by: int = 1) -> dict[str, str]:
    """The answers of these questions moved one row down (or up): the place left behind is empty, one answer is lost."""
    pairs = pairwise(names) if by == 1 else ((below, above) for above, below in pairwise(names))
    moved = {place: answers[origin] for origin, place in pairs}
    return {**answers, **moved, (names[0] if by == 1 else names[-1]): ""}


def findings_of(folder: Path, **answers: str) -> tuple[tuple[Finding, ...], set[str]]:
    """The findings on a town's shifts, and the questions whose numbers are computed with all the same."""
    put(make_workspace(folder), "a.csv", as_csv(make_rows(**answers)))
    params = load(folder)
    cells = read(params, [2021]).cells
    found = validate(cells, params)
    used = {cell.variable for cell in refuse(cells, found) if cell.unit == TOWN[0] and cell.status.has_value}
    return tuple(finding for finding in found if finding.rule == RULE), used


def test_funds_that_stand_a_row_too_low_are_said_as_such_and_not_used(tmp_path: Path) -> None:
    (found,), used = findings_of(tmp_path, **lowered(FUNDS, NUMBERS))
    assert found.severity is Severity.ERROR
    assert "疑似整段低了一行，移回后为「武装工作经费投入合计」86万元、「县级财政投入」40万元" in found.message
    assert "「武装工作经费投入合计」至「国防教育投入」" in found.message
    assert used.isdisjoint(FUNDS)


def test_block_pasted_over_the_last_rows_is_found_too(tmp_path: Path) -> None:
    (found,), used = findings_of(tmp_path, **lowered(FUNDS[:6], NUMBERS))
    assert found.variables[:6] == FUNDS[:6]
    assert used.isdisjoint(FUNDS[:6])


def test_whole_that_was_typed_again_above_the_block_does_not_hide_it(tmp_path: Path) -> None:
    answers = {**lowered(FUNDS, NUMBERS), "fnd_total": "3"}
    (found,), _ = findings_of(tmp_path, **answers)
    assert "整段低了一行" in found.message


def test_parts_below_a_whole_in_its_own_place_are_found(tmp_path: Path) -> None:
    (found,), _ = findings_of(tmp_path, **lowered(FUNDS[1:], NUMBERS))
    assert found.variables == FUNDS[1:]


def test_recruits_that_stand_a_row_too_low_are_said_as_such(tmp_path: Path) -> None:
    (found, *_), used = findings_of(tmp_path, **lowered(RECRUITS, NUMBERS))
    assert "整段低了一行" in found.message
    assert used.isdisjoint(RECRUITS[:8])


def test_cadres_that_stand_a_row_too_high_are_said_as_such(tmp_path: Path) -> None:
    answers = {**NUMBERS, "cad_on_post": "4", "cad_certified": "3", "cad_trained": "2"}
    (found,), used = findings_of(tmp_path, **lowered(CADRES, answers, by=-1))
    assert "整段高了一行" in found.message
    assert used.isdisjoint(found.variables)
    assert {"cad_minister_committee", "cad_officer_total"} <= set(found.variables)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"fnd_total": ""},
        {"fnd_total": "", "fnd_county": ""},
        {"fnd_edu": ""},
        {"fnd_total": "68"},  # digits swapped: V32 says so, no shift explains it
        {"rec_exam_passed": "55"},
        {"rec_applied": ""},
        {"rec_applied": "", "rec_exam_passed": "55"},
        {"sup_visit_funds": ""},
        dict.fromkeys(FUNDS, "0"),
        dict.fromkeys(FUNDS, ""),
    ],
)
def test_other_mistakes_and_gaps_are_no_shift(tmp_path: Path, answers: dict[str, str]) -> None:
    assert findings_of(tmp_path, **answers)[0] == ()


amounts = st.lists(st.integers(1, 99_999), min_size=4, max_size=4)


@given(parts=amounts, rest=st.lists(st.integers(0, 9_999), min_size=5, max_size=5))
def test_whatever_the_funds_are_a_block_a_row_too_low_is_never_used(
    tmp_path_factory: pytest.TempPathFactory, parts: list[int], rest: list[int]
) -> None:
    total = sum(parts)
    texts = [str(Decimal(number) / 100) for number in (total, *parts, *(min(each, total // 4) for each in rest))]
    answers = lowered(FUNDS, dict(zip(FUNDS, texts, strict=True)))
    found, used = findings_of(tmp_path_factory.mktemp("shift"), **answers)
    assert [finding.rule for finding in found] == [RULE]
    assert used.isdisjoint(FUNDS)
