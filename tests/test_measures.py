"""Exact arithmetic: rounding, products beyond 64 bits, medians, ranks."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stats.measures import Exact, Groups, Quantity, competition_ranks, medians, product, rounded, total

INTEGERS = st.integers(-(10**30), 10**30)


def vector(*numbers: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(numbers, dtype=object)


def test_a_tie_goes_to_the_even_digit_by_gb8170() -> None:
    assert [rounded(n, 1000, 2) for n in (2675, 125, 2665, 135)] == [
        Decimal("2.68"),
        Decimal("0.12"),
        Decimal("2.66"),
        Decimal("0.14"),
    ]


def test_a_tie_goes_away_from_zero_by_half_up() -> None:
    assert rounded(-25, 10, 0, "half_up") == -3


def test_a_division_without_end_is_rounded_once() -> None:
    # 2/3 = 66.66…%, 0.045 exactly is a tie, 0.0450000001 is not
    assert rounded(200, 3, 1) == Decimal("66.7")
    assert rounded(45, 1000, 2) == Decimal("0.04")
    assert rounded(450000001, 10**10, 2) == Decimal("0.05")


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_rounding_agrees_with_the_decimal_module(count: int, decimals: int) -> None:
    number = Decimal(count).scaleb(-5)
    place = Decimal(1).scaleb(-decimals)
    assert rounded(count, 10**5, decimals) == number.quantize(place, ROUND_HALF_EVEN)
    assert rounded(count, 10**5, decimals, "half_up") == number.quantize(place, ROUND_HALF_UP)


@given(INTEGERS, INTEGERS)
def test_products_and_sums_are_exact_at_any_size(left: int, right: int) -> None:
    assert product(vector(left), vector(right))[0] == left * right
    assert total(vector(left), vector(right))[0] == left + right


def test_products_and_sums_of_64_bit_vectors_do_not_wrap_around() -> None:
    assert product(np.array([2**40]), np.array([2**40]))[0] == 2**80
    assert total(np.array([2**62]), np.array([2**62]))[0] == 2**63
    sums = Groups(np.array([0]), 4).sums(np.array([[2**61] * 4]), np.array([[True] * 4]))
    assert sums.tolist() == [[2**63]]


def test_numbers_over_different_denominators_are_added_as_fractions() -> None:
    assert (Exact.of(np.array([1]), 2) + Exact.of(np.array([1]), 3)).at(0) == Fraction(5, 6)


def test_rounded_numbers_are_64_bit_wherever_they_fit() -> None:
    assert Exact(vector(25), vector(10)).rounded(0, "half_up").dtype == np.int64
    assert Exact(vector(2**70), vector(1)).rounded(0, "half_up").tolist() == [2**70]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_differences_are_those_of_fractions(a: int, b: int, c: int, d: int) -> None:
    difference = Exact(vector(a), vector(b)) - Exact(vector(c), vector(d))
    assert difference.at(0) == Fraction(a, b) - Fraction(c, d)


def test_adding_quantities_keeps_the_finer_place_and_the_worse_status() -> None:
    coarse = Quantity(np.array([3]), np.array([3]), np.array([3]), np.array([0], dtype=np.int8), 0)
    fine = Quantity(np.array([25]), np.array([25]), np.array([29]), np.array([1], dtype=np.int8), 1)
    together = coarse + fine
    assert (together.exact().at(0), together.exact("high").at(0)) == (Fraction(55, 10), Fraction(59, 10))
    assert together.status[0] == 1


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    values = Exact.of(np.array([[1, 4, 9, 2]]))
    used = np.array([[True, True, True, True]])
    middle, smallest, largest = medians(values, used, Groups(np.array([0]), 4))
    assert (middle.at(0, 0), smallest.at(0, 0), largest.at(0, 0)) == (3, 1, 9)


def test_ranks_are_counted_within_each_group() -> None:
    place, of, sharing = competition_ranks(
        np.array([5, 5, 3, 8, 1]),
        np.array([True, True, True, True, False]),
        Groups(np.array([0, 3]), 5),
        descending=True,
    )
    assert place.tolist() == [1, 1, 3, 1, 0]
    assert of.tolist() == [3, 3, 3, 1, 0]
    assert sharing.tolist() == [2, 2, 1, 1, 0]
