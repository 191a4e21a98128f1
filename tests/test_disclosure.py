"""Hidden counts stay hidden: by themselves, by their shares, by totals, by seasons, by last year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.catalogue.indicators import indicators
from stats.disclosure import EDITIONS, hide

COLUMN = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 8), min_size=1, max_size=6)


def hidden_units(column: dict[str, int], threshold: int = 3) -> set[str]:
    return {unit for unit, _ in hide({"rec_returned": column}, [], threshold).counts}


def possibilities(column: dict[str, int], hidden: set[str], largest: int | None = None) -> dict[str, set[int]]:
    """Every value a hidden count may have, given the total, and that hidden counts are from 1 to ``largest``.

    They may be 0 only where the total is too small for all of them to be 1 or more.
    """
    together, others = sum(column[unit] for unit in hidden), len(hidden) - 1
    least, most = int(together >= len(hidden)), largest or together
    possible = {v for v in range(least, most + 1) if others * least <= together - v <= others * most}
    return dict.fromkeys(hidden, possible)


def test_counts_below_the_threshold_are_hidden_and_zero_is_not() -> None:
    assert hidden_units({"a": 1, "b": 2, "c": 0, "d": 9}) == {"a", "b"}


def test_a_single_small_count_takes_the_next_smallest_with_it() -> None:
    assert hidden_units({"a": 1, "b": 7, "c": 5, "d": 9}) == {"a", "c"}


def test_two_ones_take_another_with_them_since_their_sum_would_tell_both() -> None:
    assert hidden_units({"a": 1, "b": 1, "c": 5, "d": 9}) == {"a", "b", "c"}


def test_the_total_is_hidden_where_no_other_count_can_stand_in() -> None:
    hidden = hide({"rec_returned": {"a": 1, "b": 1, "c": 1}}, [], 3)
    assert hidden.totals == {"rec_returned"}


def test_a_zero_stands_in_where_all_others_are_ones() -> None:
    hidden = hide({"cad_minister_on_post": {"a": 1, "b": 1, "c": 1, "d": 0}}, [], 3)
    assert {unit for unit, _ in hidden.counts} == {"a", "b", "c", "d"}
    assert not hidden.totals


def test_a_part_that_leaves_a_small_rest_is_hidden() -> None:
    year = {
        "rec_enlisted": {"a": 20, "b": 30, "c": 40},
        "rec_enlisted_college": {"a": 18, "b": 20, "c": 20},
    }
    assert ("a", "rec_enlisted_college") in hide(year, [], 3).counts
    assert ("a", "rec_enlisted") not in hide(year, [], 3).counts


def test_a_county_total_that_leaves_a_small_rest_is_hidden() -> None:
    year = {"cad_officer_total": {"a": 10, "b": 10}, "cad_officer_admin": {"a": 10, "b": 8}}
    assert hide(year, [], 3).totals == {"cad_officer_admin"}


def test_a_count_small_in_one_season_is_hidden_in_all_seasons_but_not_over_the_year() -> None:
    year = {"rec_enlisted": {"a": 9, "b": 12, "c": 14}}
    spring = {"rec_enlisted": {"a": 2, "b": 6, "c": 7}}
    autumn = {"rec_enlisted": {"a": 7, "b": 6, "c": 7}}
    hidden = hide(year, [spring, autumn], 3)
    assert hidden.seasons == {("a", "rec_enlisted")}
    assert not hidden.counts


def test_a_count_hidden_over_the_year_is_hidden_by_season() -> None:
    year = {"rec_enlisted": {"a": 2, "b": 12, "c": 14}}
    spring = {"rec_enlisted": {"a": 0, "b": 6, "c": 7}}
    hidden = hide(year, [spring], 3)
    assert hidden.counts <= hidden.seasons


def test_the_full_edition_hides_nothing() -> None:
    assert not hide({"rec_returned": {"a": 1}}, [], EDITIONS["full"].threshold).counts


@given(COLUMN, st.sampled_from([3, 5]))
def test_no_hidden_count_follows_from_the_county_total(column: dict[str, int], threshold: int) -> None:
    result = hide({"rec_returned": column}, [], threshold)
    hidden = {unit for unit, _ in result.counts}
    assert all(unit in hidden for unit, count in column.items() if 1 <= count < threshold)
    if hidden and not result.totals:
        assert all(len(values) > 1 for values in possibilities(column, hidden).values())


@given(COLUMN, st.sampled_from([3, 5]))
def test_a_reader_who_takes_all_hidden_counts_for_small_cannot_tell_them_either(
    column: dict[str, int], threshold: int
) -> None:
    result = hide({"rec_returned": column}, [], threshold)
    hidden = {unit for unit, _ in result.counts}
    if hidden and not result.totals and all(column[unit] < threshold for unit in hidden):
        small = possibilities(column, hidden, largest=threshold - 1)
        assert all(len(values) > 1 for values in small.values())


@pytest.mark.parametrize("code", [code for code, i in indicators().items() if i.publish != "open"])
def test_the_public_edition_holds_only_open_indicators(code: str) -> None:
    assert not EDITIONS["public"].shows_indicator(indicators()[code], of_county=True)


@pytest.mark.parametrize("code", ["REC-05", "BLD-04"])
def test_the_public_edition_shows_conscription_and_persons_of_no_town(code: str) -> None:
    assert not EDITIONS["public"].shows_indicator(indicators()[code], of_county=False)
