"""Places among units: who has one, in which group, and which places are worth telling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.catalogue.indicators import indicators
from stats.compare import is_leading, is_telling, is_trailing, ranked_among
from stats.figures import Rank
from towns_by_hand import COMPUTATIONS, A, B, C, D, Figures, computed_by, found, towns


@pytest.fixture(params=COMPUTATIONS, ids=["library", "oracle"])
def figures(request: pytest.FixtureRequest) -> Callable[..., Figures]:
    return computed_by(request.param)


def reading(answers: Sequence[str], population: str = "10000") -> dict[str, dict[str, str]]:
    """Person-times of education by town; with 10000 residents each they are the figure itself."""
    return {
        unit: {"edu_person_times": answer, "bas_population": population}
        for unit, answer in zip(towns(len(answers)), answers, strict=True)
    }


def test_more_than_all_that_is_due_has_no_place(figures: Callable[..., Figures]) -> None:
    # 4 of 3 posts are 133.3 %, to be explained; 3 of 3 are first, 2 of 3 second.
    posts = {A: ("3", "4"), B: ("3", "3"), C: ("3", "2")}
    computed = figures({u: {"cad_authorized": due, "cad_on_post": there} for u, (due, there) in posts.items()})
    assert found(computed, A, "BLD-04").rank == Rank(reason="above_best")
    assert found(computed, B, "BLD-04").rank == Rank(1, 2)
    assert found(computed, C, "BLD-04").rank == Rank(2, 2)


def test_a_budget_spent_to_the_last_printed_digit_is_first(figures: Callable[..., Figures]) -> None:
    # 100.04 % is printed 100.0 and ties with 100 %; 100.06 % is printed 100.1: overspent.
    money = {A: "100.04", B: "100", C: "100.06", D: "99"}
    computed = figures({unit: {"fnd_budget": "100", "fnd_spent": spent} for unit, spent in money.items()})
    ranks = {unit: found(computed, unit, "FND-03").rank for unit in money}
    assert [ranks[unit].place for unit in (A, B, D)] == [1, 1, 3]
    assert (ranks[A].sharing, ranks[D].sharing) == (2, 1)
    assert ranks[C].reason == "above_best"


def test_what_falls_with_size_is_ranked_in_no_whole_county(figures: Callable[..., Figures]) -> None:
    computed = figures(reading([str(number) for number in range(1, 13)]), number=12)
    for code in ("EDU-02", "FND-05"):
        rank = found(computed, A, code).rank
        assert (rank.place, rank.reason) == (None, "size" if code == "EDU-02" else "no_value")


def test_within_a_group_of_nine_there_are_places(figures: Callable[..., Figures]) -> None:
    # Of twelve towns the first nine are a group; the tenth has the highest figure, and no place.
    returns = reading(["10", "20", "20", "40", "50", "60", "70", "80", "90", "900", "5", "1"])
    computed = figures(returns, number=12, groups={"大镇": towns(9), "小镇": towns(12)[9:]})
    ranks = [found(computed, unit, "EDU-02").rank for unit in towns(12)]
    assert ranks[8] == Rank(1, 9, group="大镇")
    assert ranks[1] == ranks[2] == Rank(7, 9, tied=True, sharing=2, group="大镇")
    assert ranks[0] == Rank(9, 9, group="大镇")
    assert {(rank.place, rank.reason) for rank in ranks[9:]} == {(None, "size")}


def test_a_group_in_which_fewer_than_nine_can_be_ranked_has_no_places(figures: Callable[..., Figures]) -> None:
    answers = ["10", "20", "30", "40", "50", "60", "70", "80", "约90"]
    computed = figures(reading(answers), number=9, groups={"大镇": towns(9)})
    assert [found(computed, unit, "EDU-02").rank.reason for unit in towns(9)] == ["size"] * 8 + ["approx"]


def test_a_group_changes_no_other_indicator(figures: Callable[..., Figures]) -> None:
    issues = {u: {"sys_issues_raised": "10", "sys_issues_resolved": str(n)} for n, u in enumerate(towns(4), start=1)}
    computed = figures(issues, groups={"大镇": (A, B)})
    assert found(computed, A, "SYS-02").rank == Rank(4, 4)


def test_a_figure_printed_with_more_digits_is_ranked_behind_the_one_it_would_seem_equal_to(
    figures: Callable[..., Figures],
) -> None:
    # Registered of 10000: 9596 is 95.96 %, below the 96 that 9600 and 9602 (96.02, printed 96.0) reach.
    registered = {A: "9596", B: "9600", C: "9602", D: "9500"}
    returns = {u: {"rec_register_due": "10000", "rec_registered": done} for u, done in registered.items()}
    ranks = [found(figures(returns, targets={"REC-05": "96"}), unit, "REC-05").rank for unit in (A, B, C, D)]
    assert [rank.place for rank in ranks] == [3, 1, 1, 4]
    assert [rank.sharing for rank in ranks] == [1, 2, 2, 1]
    # Without that target all three are printed 96.0 and tie.
    ranks = [found(figures(returns), unit, "REC-05").rank for unit in (A, B, C, D)]
    assert [rank.place for rank in ranks] == [1, 1, 1, 4]


@pytest.mark.parametrize(
    ("rank", "told"),
    [
        (Rank(1, 8), False),  # too few
        (Rank(1, 9), True),
        (Rank(3, 9), True),  # the border of the first third
        (Rank(4, 9), False),
        (Rank(6, 9), False),
        (Rank(7, 9), True),  # the border of the last
        (Rank(9, 9), True),
        (Rank(1, 9, tied=True, sharing=3), True),  # exactly a third
        (Rank(1, 9, tied=True, sharing=4), False),
        (Rank(1, 17, tied=True, sharing=5), True),
        (Rank(1, 17, tied=True, sharing=6), False),
        (Rank(5, 17), True),
        (Rank(6, 17), False),
        (Rank(12, 17), False),
        (Rank(13, 17), True),
        (Rank(3, 10), True),  # as many at one end as at the other
        (Rank(7, 10), False),
        (Rank(8, 10), True),
        (Rank(reason="size"), False),
    ],
)
def test_a_place_is_told_of_nine_or_more_at_most_a_third_tied_in_an_outer_third(rank: Rank, told: bool) -> None:
    assert is_telling(rank) is told


@given(st.integers(9, 60))
def test_as_many_places_are_told_at_the_top_as_at_the_bottom(number: int) -> None:
    leading, trailing = (
        [tells(Rank(place, number)) for place in range(1, number + 1)] for tells in (is_leading, is_trailing)
    )
    assert leading == trailing[::-1]
    assert sum(leading) == number // 3


def test_places_among_some_units_are_those_of_printed_values() -> None:
    values = {"a": Decimal("95.96"), "b": Decimal("96.0"), "c": Decimal("96.0")}
    ranks = ranked_among(values, "higher")
    assert [(ranks[unit].place, ranks[unit].sharing, ranks[unit].tied) for unit in "abc"] == [
        (3, 1, False),
        (1, 2, True),
        (1, 2, True),
    ]
    assert ranked_among(values, "lower")["a"].place == 1
    assert set(ranked_among(values, "higher", "大镇").values()) == {Rank(reason="size")}


def test_only_shares_have_a_best_value_and_only_ranked_figures_fall_with_size() -> None:
    entries = indicators().values()
    assert all(entry.ranked and entry.unit == "%" and entry.direction == "higher" for entry in entries if entry.best_at)
    assert {entry.code for entry in entries if entry.best_at and entry.capped != "yes"} == {"BLD-04", "FND-03"}
    assert {entry.code for entry in entries if entry.falls_with_size} == {"EDU-02", "FND-05"}
