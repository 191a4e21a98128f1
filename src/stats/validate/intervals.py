"""Exact numbers known only within bounds. Knows no answers and no checks."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

Number = int | Fraction


def number(text: str) -> Number:
    """The exact number a plain decimal text stands for.

    >>> number("12"), number("0.05")
    (12, Fraction(1, 20))
    """
    return int(text) if text.isdecimal() else Fraction(text)


class Interval(NamedTuple):
    """All numbers from ``low`` to ``high``; an open end is not one of them.

    >>> nearly = Interval(60, 70, high_open=True)
    >>> nearly.is_below(70), nearly.is_below(69), nearly.minus(exactly(60)).is_at_least(0)
    (True, False, True)
    """

    low: Number
    high: Number
    low_open: bool = False
    high_open: bool = False

    def plus(self, other: Interval) -> Interval:
        """Every sum of a number of each."""
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def minus(self, other: Interval) -> Interval:
        """Every difference of a number of each."""
        return Interval(
            self.low - other.high,
            self.high - other.low,
            self.low_open or other.high_open,
            self.high_open or other.low_open,
        )

    def times(self, factor: Number) -> Interval:
        """Every number times a factor that is not negative."""
        if factor == 1:
            return self
        return Interval(self.low * factor, self.high * factor, self.low_open, self.high_open)

    def is_above(self, limit: Number) -> bool:
        """Whether every number of the interval is above the limit."""
        return self.low > limit or (self.low_open and self.low == limit)

    def is_below(self, limit: Number) -> bool:
        """Whether every number of the interval is below the limit."""
        return self.high < limit or (self.high_open and self.high == limit)

    def is_at_least(self, limit: Number) -> bool:
        """Whether no number of the interval is below the limit."""
        return self.low >= limit

    def is_at_most(self, limit: Number) -> bool:
        """Whether no number of the interval is above the limit."""
        return self.high <= limit


def exactly(value: Number) -> Interval:
    """The interval of one number."""
    return Interval(value, value)
