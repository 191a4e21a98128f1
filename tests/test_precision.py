"""A judgement never contradicts its own numbers: further digits where rounding would, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.compare.precision import gap, precise
from stats.figures import Figure
from stats.params import TargetValue
from towns_by_hand import COMPUTATIONS, A, B, C, Figures, computed_by, found, whole


@pytest.fixture(params=COMPUTATIONS, ids=["library", "oracle"])
def figures(request: pytest.FixtureRequest) -> Callable[..., Figures]:
    return computed_by(request.param)


def registered(number: str, due: str = "10000") -> dict[str, str]:
    return {"rec_register_due": due, "rec_registered": number}


def told(figure: Figure) -> tuple[str, Decimal | None, Decimal | None, Decimal | None]:
    return figure.target.state, figure.rounded, figure.precise, figure.target.gap


def test_a_missed_target_is_not_printed_as_reached(figures: Callable[..., Figures]) -> None:
    # 95.96 rounds to 96.0.
    figure = found(figures({A: registered("9596")}, targets={"REC-05": "96"}), A, "REC-05")
    assert told(figure) == ("unmet", Decimal("96.0"), Decimal("95.96"), Decimal("0.04"))


def test_as_many_digits_as_show_it_and_no_more(figures: Callable[..., Figures]) -> None:
    # 95.998 rounds to 96.0 and 96.00.
    figure = found(figures({A: registered("47999", "50000")}, targets={"REC-05": "96"}), A, "REC-05")
    assert told(figure) == ("unmet", Decimal("96.0"), Decimal("95.998"), Decimal("0.002"))


def test_a_target_that_rounding_does_not_touch_needs_no_further_digits(figures: Callable[..., Figures]) -> None:
    figure = found(figures({A: registered("9590")}, targets={"REC-05": "96"}), A, "REC-05")
    assert told(figure) == ("unmet", Decimal("95.9"), None, Decimal("0.1"))
    figure = found(figures({A: registered("9602")}, targets={"REC-05": "96"}), A, "REC-05")
    assert told(figure) == ("met", Decimal("96.0"), None, None)


def test_a_limit_from_above_is_shown_too(figures: Callable[..., Figures]) -> None:
    # 10 of 996 returned are 1.00401… % where at most 1 may be.
    returned = {"rec_enlisted": "996", "rec_returned": "10"}
    figure = found(figures({A: returned}, targets={"REC-08": "<=1"}), A, "REC-08")
    assert told(figure) == ("unmet", Decimal("1.00"), Decimal("1.004"), Decimal("0.004"))


def test_a_reached_target_of_finer_digits_is_not_printed_as_missed(figures: Callable[..., Figures]) -> None:
    figure = found(figures({A: registered("9604")}, targets={"REC-05": "96.04"}), A, "REC-05")
    assert told(figure) == ("met", Decimal("96.0"), Decimal("96.04"), None)


def test_an_approximation_that_cannot_reach_its_target_is_not_printed_as_if_it_did(
    figures: Callable[..., Figures],
) -> None:
    # 47990余 of 50000 is 95.98 to 95.998 %, all of it below 96.
    figure = found(figures({A: registered("47990余", "50000")}, targets={"REC-05": "96"}), A, "REC-05")
    assert told(figure) == ("unmet", Decimal("96.0"), Decimal("95.98"), None)


def test_the_countys_figure_is_shown_on_its_side_of_the_target(figures: Callable[..., Figures]) -> None:
    # (9700 + 9492 + 9596) ÷ 30000 = 95.96 %.
    returns = {A: registered("9700"), B: registered("9492"), C: registered("9596")}
    computed = figures(returns, targets={"REC-05": "96"})
    assert told(whole(computed, "REC-05")) == ("unmet", Decimal("96.0"), Decimal("95.96"), Decimal("0.04"))
    # What a town is compared with is printed as the county's own figure is.
    assert found(computed, A, "REC-05").county.reference == Decimal("95.96")
    assert found(computed, A, "REC-05").county.difference == Decimal("1.0")


def test_last_year_stands_as_it_was_printed_last_year(figures: Callable[..., Figures]) -> None:
    now, last = {A: registered("9700")}, {A: registered("9596")}
    computed = figures(now, last, targets={"REC-05": "96"})
    for figure in (found(computed, A, "REC-05"), whole(computed, "REC-05")):
        assert (figure.last_year.reference, figure.last_year.difference) == (Decimal("95.96"), Decimal("1.0"))


def test_a_fall_too_small_to_print_still_misses_growth(figures: Callable[..., Figures]) -> None:
    # 9997 after 10000: −0.03 %, printed 0.0, where at least 0 is asked for.
    now, last = {A: {"fnd_total": "9997"}}, {A: {"fnd_total": "10000"}}
    figure = found(figures(now, last, targets={"FND-02": "0"}), A, "FND-02")
    assert told(figure) == ("unmet", Decimal("0.0"), Decimal("-0.03"), Decimal("0.03"))


def test_a_gap_is_never_printed_as_none(figures: Callable[..., Figures]) -> None:
    # 95.05 is printed 95.0 (even), the target is 95.1: 0.05 would round to 0.0.
    figure = found(figures({A: registered("9505")}, targets={"REC-05": "95.1"}), A, "REC-05")
    assert told(figure) == ("unmet", Decimal("95.0"), None, Decimal("0.05"))


def test_a_gap_has_as_many_digits_as_its_figure(figures: Callable[..., Figures]) -> None:
    # 95.95 is rounded up to 96.0 by 四舍五入, and so would its gap of 0.05 be to 0.1.
    returns, targets = {A: registered("9595")}, {"REC-05": "96"}
    figure = found(figures(returns, targets=targets, rounding="half_up"), A, "REC-05")
    assert told(figure) == ("unmet", Decimal("96.0"), Decimal("95.95"), Decimal("0.05"))


TARGETS = st.decimals(0, 100, places=2)
OPERATORS: tuple[Literal[">=", "<="], ...] = (">=", "<=")


@given(st.fractions(0, 100, max_denominator=10**6), TARGETS, st.sampled_from(OPERATORS))
def test_a_printed_figure_is_always_on_its_side_of_the_target(
    value: Fraction, bound: Decimal, operator: Literal[">=", "<="]
) -> None:
    target = TargetValue(operator=operator, value=bound, basis="param")
    goal = Fraction(bound)
    meets = value >= goal if operator == ">=" else value <= goal
    printed = precise(value, target, meets, decimals=1, rounding="gb8170")
    assert (printed >= goal if operator == ">=" else printed <= goal) == meets
    if not meets:
        distance = gap(value, target, decimals=1, rounding="gb8170")
        assert distance > 0
        assert abs(Fraction(distance) - abs(goal - value)) <= Fraction(1, 20)
