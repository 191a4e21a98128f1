"""Robust middle and spread of positive numbers on a ratio scale. Knows no answers.

Only division, multiplication and comparison of numbers occur, no logarithm: these are rounded the same on every
machine, and so are the findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stats.validate.outliers.settings import PEERS_LEAST, SPREADS


class Band(NamedTuple):
    """The median, the median factor by which numbers deviate from it (at least 1), and the quartiles."""

    centre: float
    spread: float
    low: float
    high: float

    @property
    def limit(self) -> float:
        """The deviation beyond which a number is unlikely: the spread to the power of SPREADS."""
        limit = 1.0
        for _ in range(SPREADS):
            limit *= self.spread
        return limit


def band(numbers: Sequence[float]) -> Band | None:
    """The band of positive numbers; None where there are too few.

    The lower of two middle numbers is the median, so that it is always one of them.

    >>> band([1.0, 2.0, 4.0, 8.0, 100.0])
    Band(centre=4.0, spread=2.0, low=2.0, high=8.0)
    """
    if len(numbers) < PEERS_LEAST.value:
        return None
    ordered = sorted(numbers)
    last = len(ordered) - 1
    centre = ordered[last // 2]
    deviations = sorted(number / centre if number > centre else centre / number for number in ordered)
    return Band(centre, deviations[last // 2], ordered[last // 4], ordered[last - last // 4])


def deviation(number: float, expected: float) -> float:
    """By which factor, at least 1, two positive numbers differ.

    >>> deviation(2, 8), deviation(8, 2)
    (4.0, 4.0)
    """
    return number / expected if number > expected else expected / number
