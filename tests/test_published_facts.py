"""What an edition says of protected counts, as facts: those of a year speak of no year that is not told of."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stats import report
from stats.disclosure import Hidden
from stats.disclosure.audit import Fact
from stats.disclosure.published import Published

ROOT = Path(__file__).parents[1]
TOWN = "990118001000"


@cache
def published() -> Published:
    released = report.load(ROOT, edition="meeting").released
    return Published(released.results, released.reported)


def told(*years: int) -> tuple[Fact, ...]:
    """What is told of 2018 where so many years are told of: the growth of a town's applicants reached its target."""
    hidden = {year: Hidden(states_told=frozenset({(TOWN, "REC-10")} if year == 2018 else ())) for year in years}
    return published().printed_facts(2018, hidden)


def years_of(facts: tuple[Fact, ...]) -> set[int]:
    return {count.year for fact in facts for count, _ in fact.terms}


def test_the_state_of_a_growth_speaks_of_the_year_before() -> None:
    assert 2017 in years_of(tuple(fact for fact in told(2017, 2018) if fact.where == "达标情况"))


def test_where_the_year_before_is_not_told_of_nothing_speaks_of_it() -> None:
    """Else the proof asks for counts that are in no part of it, and the build ends in an error."""
    facts = told(2018, 2019)
    assert facts
    assert years_of(facts) == {2018}
