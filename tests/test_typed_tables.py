"""Tables as people type and paste them: no number is used that the table does not say, no total counts twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from conftest import make_workspace, put
from stats.params import load
from stats.returns import Returns, read
from typed_tables import QUESTIONS, Typed, typed_table

SEEDS = range(400)
GROUP = 40


def returns_of(folder: Path, typed: Typed) -> Returns:
    workspace = make_workspace(folder)
    put(workspace, typed.name, typed.content())
    return read(load(workspace), [2021])


def used(returns: Returns) -> dict[tuple[str, str], Decimal]:
    """The numbers computed with, of the questions the tables answer."""
    return {
        (cell.unit, cell.variable): Decimal(cell.value)
        for cell in returns.cells
        if cell.variable in QUESTIONS and cell.status.has_value
    }


def right(typed: Typed) -> dict[tuple[str, str], Decimal]:
    return {place: Decimal(text) for place, text in typed.values.items() if text}


@pytest.mark.parametrize("first", range(0, len(SEEDS), GROUP))
def test_no_number_is_used_that_the_table_does_not_say(first: int, tmp_path: Path) -> None:
    for seed in SEEDS[first : first + GROUP]:
        typed = typed_table(seed)
        returns = returns_of(tmp_path / str(seed), typed)
        got, wanted = used(returns), right(typed)
        told = (seed, typed.made, [finding.message for finding in returns.findings])
        assert {place: value for place, value in got.items() if wanted.get(place) != value} == {}, told
        assert not {name for _, name in got} & typed.wrong, told
        if typed.right == "read":
            assert got == wanted, told
        if typed.right == "refused":
            assert got == {}, told
            assert any(finding.severity == "fatal" for finding in returns.findings), told
        if len(got) < len(wanted):
            assert any(finding.severity in ("fatal", "warning") for finding in returns.findings), told


def test_the_generator_makes_every_kind_and_every_outcome() -> None:
    tables = [typed_table(seed) for seed in SEEDS]
    assert {name for typed in tables for name in typed.made} == {
        "_titled", "_noted", "_own_measure", "_other_measure", "_measure_row", "_scaled_counts", "_totalled", "_cut",
        "_guarded", "_separated", "_encoded", "_strange_heads",
    }  # fmt: skip
    outcomes = [typed.right for typed in tables]
    assert min(outcomes.count(outcome) for outcome in ("read", "refused", "either")) > 30
