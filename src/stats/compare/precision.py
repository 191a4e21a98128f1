"""Figures that rounding would put on the wrong side of their target: with as many digits as show the right one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from stats.indicators import Judged
from stats.measures import Exact, Flags, Integers, Rounding, product, rounded
from stats.params import TargetValue

Precise = Mapping[tuple[int, int], Decimal]


def precise_figures(
    value: Exact,
    rounds: Integers,
    judged: Judged,
    targets: Sequence[TargetValue | None],
    *,
    decimals: int,
    rounding: Rounding,
) -> Precise:
    """By place the values that, rounded to ``decimals`` places (``rounds``), would contradict what was judged of them.

    The vectors have one row a year, as ``targets`` has one entry.
    """
    found = {}
    for row, target in enumerate(targets):
        if target is None:
            continue
        seems_met = _reaches(rounds[row], decimals, target)
        wrong = (judged.met[row] & ~seems_met) | (judged.unmet[row] & seems_met)
        for column in map(int, np.flatnonzero(wrong)):
            meets = bool(judged.met[row, column])
            found[row, column] = precise(value.at(row, column), target, meets, decimals=decimals, rounding=rounding)
    return found


def _reaches(rounds: Integers, decimals: int, target: TargetValue) -> Flags:
    places = max(0, -int(target.value.as_tuple().exponent))
    printed = product(rounds, np.asarray(10**places))
    bound = int(target.value.scaleb(places)) * 10**decimals
    return np.asarray(printed >= bound if target.operator == ">=" else printed <= bound, dtype=np.bool_)


def precise(value: Fraction, target: TargetValue, meets: bool, *, decimals: int, rounding: Rounding) -> Decimal:
    """The value rounded once, with the fewest further digits that are on the side of the target where the value is.

    >>> target = TargetValue(operator=">=", value="96", basis="param")
    >>> precise(Fraction(2399, 25), target, False, decimals=1, rounding="gb8170")
    Decimal('95.96')
    """
    while True:
        decimals += 1
        printed = rounded(value.numerator, value.denominator, decimals, rounding)
        reaches = printed >= target.value if target.operator == ">=" else printed <= target.value
        if reaches == meets:
            return printed


def gap(value: Fraction, target: TargetValue, *, decimals: int, rounding: Rounding) -> Decimal:
    """The distance from an unmet target, rounded once; with further digits where it would seem to be none."""
    distance = abs(Fraction(target.value) - value)
    while True:
        printed = rounded(distance.numerator, distance.denominator, decimals, rounding)
        if printed:
            return printed
        decimals += 1


def keys(rounds: Integers, row: int, precise_of: Precise, decimals: int) -> Integers:
    """One year's figures as printed, as integers in the same order and equal only where they are printed equal."""
    of_row = {column: number for (at, column), number in precise_of.items() if at == row}
    if not of_row:
        return rounds
    places = max(-int(number.as_tuple().exponent) for number in of_row.values())
    printed = rounds.astype(object) * 10 ** (places - decimals)
    for column, number in of_row.items():
        printed[column] = int(number.scaleb(places))
    return np.asarray(np.unique(printed, return_inverse=True)[1])
