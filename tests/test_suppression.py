"""What is hidden for being small, for leaving a small rest, and for standing in a column with too few others."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.catalogue.indicators import indicators
from stats.disclosure import EDITIONS
from stats.disclosure.audit import Count
from stats.disclosure.counts import Reported, families, parts_and_wholes, protected_variables
from stats.disclosure.suppression import Hidden, is_sparse, suppress

YEAR = 2021
Columns = Mapping[str, Mapping[str, int]]


def make_reported(year: Columns, **seasons: Columns) -> Reported:
    """Towns' counts by question and town, over the year and by season."""
    values = {
        Count(unit, YEAR, name, period): count
        for period, columns in {"year": year, **seasons}.items()
        for name, column in columns.items()
        for unit, count in column.items()
    }
    towns = tuple(sorted({count.unit for count in values}))
    return Reported((YEAR,), towns, values, protected_variables())


def hidden_units(column: dict[str, int], threshold: int = 3, name: str = "rec_enlisted") -> set[str]:
    return {unit for unit, _ in suppress(make_reported({name: column}), YEAR, threshold).counts}


FULL = {"a": 9, "b": 8, "c": 7, "d": 11, "e": 6}


def test_counts_below_the_threshold_are_hidden_and_zero_is_not() -> None:
    assert hidden_units({**FULL, "a": 1, "f": 2, "g": 0, "h": 3}) == {"a", "f"}


def test_the_public_threshold_hides_three_and_four_as_well() -> None:
    assert hidden_units({**FULL, "f": 4, "g": 3, "h": 5}, threshold=5) == {"f", "g"}


def test_a_part_that_leaves_a_small_rest_of_its_whole_is_hidden_and_the_whole_is_not() -> None:
    year = {"rec_enlisted": {**FULL, "a": 20}, "rec_enlisted_college": {**dict.fromkeys(FULL, 3), "a": 18}}
    assert suppress(make_reported(year), YEAR, 3).counts == {("a", "rec_enlisted_college")}


def test_a_rest_of_three_is_not_small_and_a_rest_of_none_neither() -> None:
    year = {"rec_enlisted": {**FULL, "a": 20, "b": 20}, "rec_enlisted_college": {**dict.fromkeys(FULL, 3), "b": 20}}
    year["rec_enlisted_college"]["a"] = 17
    assert not suppress(make_reported(year), YEAR, 3).counts


def test_nineteen_college_students_of_twenty_recruits_are_hidden() -> None:
    year = {"rec_enlisted": {**FULL, "a": 20}, "rec_enlisted_college": {**dict.fromkeys(FULL, 3), "a": 19}}
    assert ("a", "rec_enlisted_college") in suppress(make_reported(year), YEAR, 3).counts


def test_the_whole_funnel_of_recruitment_is_protected() -> None:
    year = {"rec_applied": {**FULL, "a": 2}, "rec_exam_passed": {**FULL, "b": 1}}
    assert {("a", "rec_applied"), ("b", "rec_exam_passed")} <= suppress(make_reported(year), YEAR, 3).counts


def test_posts_and_their_filling_are_facts_about_offices_and_not_protected() -> None:
    posts = {"cad_authorized", "cad_on_post", "cad_minister_on_post", "cad_officer_total", "cad_officer_admin"}
    assert posts.isdisjoint(protected_variables())


def test_the_certified_of_two_posts_are_hidden_whatever_they_are() -> None:
    """The posts are shown, so that hiding only 1 would say that the others are 0 or 2."""
    year = {
        "cad_on_post": dict.fromkeys("abcdef", 2),
        "cad_certified": {"a": 2, "b": 1, "c": 0, "d": 2, "e": 2, "f": 2},
    }
    assert {unit for unit, name in suppress(make_reported(year), YEAR, 3).counts if name == "cad_certified"} == set(
        "abcdef"
    )


def test_a_count_small_in_one_season_is_hidden_in_all_seasons_but_not_over_the_year() -> None:
    spring, autumn = {**dict.fromkeys(FULL, 4), "a": 2}, dict.fromkeys(FULL, 7)
    year = {unit: spring[unit] + autumn[unit] for unit in FULL}
    reported = make_reported({"rec_enlisted": year}, spring={"rec_enlisted": spring}, autumn={"rec_enlisted": autumn})
    hidden = suppress(reported, YEAR, 3)
    assert hidden.seasons == {("a", "rec_enlisted")}
    assert not hidden.counts


def test_a_count_hidden_over_the_year_is_hidden_by_season() -> None:
    spring = {"rec_enlisted": {**dict.fromkeys(FULL, 5), "a": 0}}
    hidden = suppress(make_reported({"rec_enlisted": {**FULL, "a": 2}}, spring=spring), YEAR, 3)
    assert ("a", "rec_enlisted") in hidden.counts & hidden.seasons


def test_no_towns_count_of_a_column_with_four_counts_other_than_zero_is_shown() -> None:
    column = dict.fromkeys("abcdefgh", 0) | {"a": 9, "b": 8, "c": 7, "d": 9}
    hidden = suppress(make_reported({"rec_returned": column}), YEAR, 3)
    assert {unit for unit, _ in hidden.counts} == set(column)
    assert ("rec_returned", "year") in hidden.columns


@pytest.mark.parametrize(
    ("zeros", "others", "sparse"), [(0, 4, True), (0, 5, False), (10, 5, False), (11, 5, True), (0, 0, False)]
)
def test_a_column_is_sparse_with_fewer_than_five_counts_or_more_than_two_thirds_zeros(
    zeros: int, others: int, sparse: bool
) -> None:
    column = {str(n): 0 for n in range(zeros)} | {f"x{n}": 4 for n in range(others)}
    assert is_sparse(column) is sparse


def test_the_full_edition_hides_nothing() -> None:
    assert suppress(make_reported({"rec_enlisted": {"a": 1}}), YEAR, EDITIONS["full"].threshold) == Hidden()


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 9), min_size=1), st.sampled_from([3, 5]))
def test_every_small_count_is_hidden(column: dict[str, int], threshold: int) -> None:
    assert {unit for unit, count in column.items() if 1 <= count < threshold} <= hidden_units(column, threshold)


def test_parts_and_wholes_are_those_of_the_hard_checks() -> None:
    assert ("rec_both_passed", "rec_exam_passed") in parts_and_wholes()
    assert ("cad_certified", "cad_on_post") in parts_and_wholes()
    assert ("rec_followup_done", "rec_enlisted") not in parts_and_wholes()  # a hint only


def test_each_protected_question_belongs_to_one_family() -> None:
    assert sorted(name for family in families() for name in family) == sorted(protected_variables())


@pytest.mark.parametrize("code", [code for code, i in indicators().items() if i.publish != "open"])
def test_the_public_edition_holds_only_open_indicators(code: str) -> None:
    assert not EDITIONS["public"].shows_indicator(indicators()[code], of_county=True)


@pytest.mark.parametrize("code", ["REC-05", "BLD-04"])
def test_the_public_edition_shows_conscription_and_persons_of_no_town(code: str) -> None:
    assert not EDITIONS["public"].shows_indicator(indicators()[code], of_county=False)
