"""Sums over a county's units: what is added, what counts as answered, and which sums an edition holds."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_county import small_county
from stats import numbers, report
from stats.answers import Answers
from stats.catalogue.status import Status
from stats.catalogue.variables import questions, variables
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.figures import Total
from stats.indicators.totals import total
from stats.report import Session
from towns_by_hand import COUNTY, YEARS, A, B, C, D, Returns, inputs, make_params

FAMILIES = "emg_helped_households"


def sum_of(name: str, returns: Returns) -> Total:
    """The sum of one question over four towns and the county's own row in 2019."""
    cells, received = inputs(returns, {})
    answers = Answers.from_cells(cells, make_params({}, ()), YEARS, received)
    return total(answers, 2019, variables()[name])


def answered(name: str, *texts: str, own: str | None = None) -> Returns:
    """What the first towns answered; a town that is not named did not report."""
    given = {unit: {name: text} for unit, text in zip((A, B, C, D), texts, strict=False)}
    return given if own is None else {**given, COUNTY: {name: own}}


def test_a_sum_is_over_the_units_with_an_answer_and_tells_how_many_were_asked() -> None:
    # 12 + 30; C left it blank, D did not report
    assert sum_of(FAMILIES, answered(FAMILIES, "12", "30", "")) == Total(Decimal(42), Status.OK, 2, 4)


def test_an_approximation_counts_with_its_lower_bound_and_makes_the_sum_one() -> None:
    made = sum_of(FAMILIES, answered(FAMILIES, "12", "30余"))
    assert (made.value, made.status, made.units) == (Decimal(42), Status.APPROX, 2)


def test_a_sum_of_nothing_is_missing_and_not_zero() -> None:
    assert sum_of(FAMILIES, answered(FAMILIES, "", "xx")).status is Status.MISSING
    assert sum_of(FAMILIES, answered(FAMILIES, "0", "")) == Total(Decimal(0), Status.OK, 1, 4)


def test_of_yes_and_no_the_units_that_say_yes_are_counted() -> None:
    made = sum_of("sys_on_agenda", answered("sys_on_agenda", "是", "否", "", "是"))
    assert made == Total(Decimal(2), Status.OK, 3, 4)


def test_the_county_s_own_row_is_asked_where_the_question_is_put_to_it() -> None:
    # 34.5 + 10 + 250.25 of four towns and the county
    made = sum_of("fnd_total", answered("fnd_total", "34.5", "10", own="250.25"))
    assert made == Total(Decimal("294.75"), Status.OK, 3, 5)
    assert sum_of(FAMILIES, answered(FAMILIES, "1", own="")).due == 4


def test_a_rate_has_no_sum() -> None:
    with pytest.raises(ValueError, match="mil_muster_rate"):
        sum_of("mil_muster_rate", answered("mil_muster_rate", "96.5"))


@given(st.lists(st.none() | st.decimals(0, 10**6, places=2, allow_nan=False), min_size=1, max_size=4))
def test_a_sum_is_that_of_the_numbers_written(amounts: list[Decimal | None]) -> None:
    made = sum_of("fnd_edu", answered("fnd_edu", *("" if amount is None else f"{amount:f}" for amount in amounts)))
    known = [amount for amount in amounts if amount is not None]
    assert (made.value, made.units) == (sum(known, Decimal(0)), len(known))


# --- what an edition holds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = small_county().write(tmp_path_factory.mktemp("totals"))
    return cache(lambda edition: report.load.__wrapped__(folder, year=2021, edition=edition))


@pytest.mark.parametrize("edition", EDITIONS)
def test_protected_counts_are_never_summed_and_only_questions_the_edition_shows_are(run: object, edition: str) -> None:
    session: Session = run(edition)  # type: ignore[operator]
    summed = {q.name for q in questions() if session.released.total(2021, q) is not None}
    shown = {q.name for q in questions() if EDITIONS[edition].shows_answer(q)}
    assert summed
    assert summed <= shown - {q.name for q in questions() if is_small_cell(q)}
    assert set(session.county().totals) == summed


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_values_marked_beside_a_town_are_those_the_documents_of_the_towns_print(run: object, edition: str) -> None:
    session: Session = run(edition)  # type: ignore[operator]
    towns = session.county().towns
    for code in {code for figures in towns.values() for code in figures}:
        figures = {unit: figures[code] for unit, figures in towns.items()}
        told = {unit: numbers.printed(figure) for unit, figure in figures.items() if figure.status is Status.OK}
        assert session.released.printed(2021, code) == told, code
