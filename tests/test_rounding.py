"""Rounding by GB/T 8170 and by 四舍五入: known examples, and the oracle's rounding of the same numbers."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle_amounts
from stats.measures import Exact, rounded

EXACTLY = Context(prec=1000)

# As text: number, decimals, by GB/T 8170 (ties to even), by 四舍五入 (ties away from zero).
KNOWN = [
    ("2.675", 2, "2.68", "2.68"),
    ("2.665", 2, "2.66", "2.67"),
    ("0.125", 2, "0.12", "0.13"),
    ("0.135", 2, "0.14", "0.14"),
    ("1.005", 2, "1.00", "1.01"),
    ("2.5", 0, "2", "3"),
    ("3.5", 0, "4", "4"),
    ("-2.5", 0, "-2", "-3"),
    ("-3.5", 0, "-4", "-4"),
    ("0.5", 0, "0", "1"),
    ("-0.5", 0, "0", "-1"),
    ("-0.4", 0, "0", "0"),
    ("-0.04", 1, "0.0", "0.0"),
    # The examples of GB/T 8170 3.2 and 3.3: the last digit kept, and one rounding from the number as measured.
    ("12.1498", 0, "12", "12"),
    ("12.1498", 1, "12.1", "12.1"),
    ("10.5002", 0, "11", "11"),
    ("1.050", 1, "1.0", "1.1"),
    ("0.35", 1, "0.4", "0.4"),
    ("15.4546", 0, "15", "15"),
    ("6.25", 1, "6.2", "6.3"),
    ("99.95", 1, "100.0", "100.0"),
    ("99.949999999999999999", 1, "99.9", "99.9"),
    ("62.450000000000000001", 1, "62.5", "62.5"),
    ("7", 2, "7.00", "7.00"),
    ("0", 1, "0.0", "0.0"),
]
# Numbers a binary float would get wrong, or that have no end.
QUOTIENTS = [
    (1, 3, 1, "0.3", "0.3"),
    (200, 3, 1, "66.7", "66.7"),
    (-200, 3, 1, "-66.7", "-66.7"),
    (100, 16, 1, "6.2", "6.3"),
    (100, 160, 2, "0.62", "0.63"),
    (300, 160, 2, "1.88", "1.88"),
    (2675, 1000, 2, "2.68", "2.68"),
    (10**30 + 5, 10**31, 1, "0.1", "0.1"),
    (3 * 10**40 + 1, 2 * 10**40, 0, "2", "2"),
    (5 * 10**40 + 1, 2 * 10**40, 0, "3", "3"),
    (5 * 10**40 - 1, 2 * 10**40, 0, "2", "2"),
    # More digits than the decimal module keeps unless told to (28).
    (10**22 + 7, 1, 7, "10000000000000000000007.0000000", "10000000000000000000007.0000000"),
    (10**29 + 3, 2, 0, "50000000000000000000000000002", "50000000000000000000000000002"),
]
NUMERATORS = st.integers(-(10**24), 10**24)
# Powers of 2 and 5 make ties likely.
DENOMINATORS = st.one_of(st.integers(1, 10**12), st.sampled_from([2, 4, 8, 16, 20, 40, 80, 125, 200, 2000, 32768]))
RULES: tuple[Literal["gb8170", "half_up"], ...] = ("gb8170", "half_up")


@pytest.mark.parametrize(("number", "decimals", "by_gb8170", "by_half_up"), KNOWN)
def test_known_decimals_are_rounded_as_the_standard_says(
    number: str, decimals: int, by_gb8170: str, by_half_up: str
) -> None:
    numerator, denominator = Decimal(number).as_integer_ratio()
    assert f"{rounded(numerator, denominator, decimals, 'gb8170'):f}" == by_gb8170
    assert f"{rounded(numerator, denominator, decimals, 'half_up'):f}" == by_half_up


@pytest.mark.parametrize(("numerator", "denominator", "decimals", "by_gb8170", "by_half_up"), QUOTIENTS)
def test_quotients_are_rounded_from_their_exact_value(
    numerator: int, denominator: int, decimals: int, by_gb8170: str, by_half_up: str
) -> None:
    assert f"{rounded(numerator, denominator, decimals, 'gb8170'):f}" == by_gb8170
    assert f"{rounded(numerator, denominator, decimals, 'half_up'):f}" == by_half_up


def test_rounding_twice_would_give_another_digit() -> None:
    # 15.4546 → 15.455 → 15.46 → 15.5 → 16 is the standard's example of what not to do.
    assert rounded(154546, 10000, 0, "gb8170") == 15
    assert rounded(155, 10, 0, "gb8170") == 16


@pytest.mark.parametrize(("number", "decimals", "by_gb8170", "by_half_up"), KNOWN)
def test_the_oracle_rounds_known_decimals_alike(number: str, decimals: int, by_gb8170: str, by_half_up: str) -> None:
    assert f"{oracle_amounts.rounded(Fraction(number), decimals, 'gb8170'):f}" == by_gb8170
    assert f"{oracle_amounts.rounded(Fraction(number), decimals, 'half_up'):f}" == by_half_up


@given(NUMERATORS, DENOMINATORS, st.integers(0, 12))
def test_library_and_oracle_round_any_quotient_alike(numerator: int, denominator: int, decimals: int) -> None:
    for rule in RULES:
        expected = oracle_amounts.rounded(Fraction(numerator, denominator), decimals, rule)
        assert f"{rounded(numerator, denominator, decimals, rule):f}" == f"{expected:f}"


@given(st.lists(NUMERATORS, min_size=1, max_size=5), DENOMINATORS, st.integers(0, 12))
def test_a_vector_is_rounded_as_each_of_its_numbers(numerators: list[int], denominator: int, decimals: int) -> None:
    vector = Exact(np.array(numerators, dtype=object), np.asarray(denominator, dtype=object))
    for rule in RULES:
        each = [rounded(numerator, denominator, decimals, rule) for numerator in numerators]
        assert vector.rounded(decimals, rule).tolist() == [int(one.scaleb(decimals, EXACTLY)) for one in each]


@given(NUMERATORS, DENOMINATORS, st.integers(0, 6))
def test_the_rounded_number_is_nearest_and_on_a_tie_even(numerator: int, denominator: int, decimals: int) -> None:
    number, step = Fraction(numerator, denominator), Fraction(1, 10**decimals)
    near = Fraction(rounded(numerator, denominator, decimals, "gb8170"))
    away = Fraction(rounded(numerator, denominator, decimals, "half_up"))
    assert abs(near - number) <= step / 2
    assert abs(away - number) <= step / 2
    if abs(near - number) == step / 2:
        assert (near / step) % 2 == 0
        assert abs(away) > abs(number)
