"""Vectors of exact rationals: integer numerators over positive integer denominators. Never uses a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]
Flags = NDArray[np.bool_]
Rounding = Literal["gb8170", "half_up"]

# A 64-bit product or sum is used only while its bound stays below this; beyond it Python's integers take over.
_SAFE = 2**62


def _bound(vector: Integers) -> int:
    """The largest absolute value."""
    return max(abs(int(vector.max())), abs(int(vector.min()))) if vector.size else 0


def _narrowed(vector: Integers) -> Integers:
    """The same integers in 64 bits where they fit, since Python's integers are slow."""
    if vector.dtype != object or not vector.size:
        return vector
    if max(abs(vector.max()), abs(vector.min())) < _SAFE:
        return vector.astype(np.int64)
    return vector


def product(left: Integers, right: Integers) -> Integers:
    """The element-wise product of two integer vectors, exact at any size.

    >>> product(np.array([2**40]), np.array([2**40])).tolist() == [2**80]
    True
    """
    if _bound(left) * _bound(right) >= _SAFE:
        return np.asarray(left.astype(object) * right.astype(object))
    return np.asarray(left * right)


def total(left: Integers, right: Integers) -> Integers:
    """The element-wise sum of two integer vectors, exact at any size."""
    if _bound(left) + _bound(right) >= _SAFE:
        return np.asarray(left.astype(object) + right.astype(object))
    return np.asarray(left + right)


@dataclass(frozen=True, slots=True)
class Exact:
    """A vector of rationals; the denominators are positive and may be one number for the whole vector."""

    numerator: Integers
    denominator: Integers

    @classmethod
    def of(cls, numerator: Integers, denominator: int = 1) -> Exact:
        """Integers over one common denominator."""
        return cls(numerator, np.asarray(denominator))

    def __add__(self, other: Exact) -> Exact:
        if self.denominator.ndim == other.denominator.ndim == 0 and self.denominator == other.denominator:
            return Exact(total(self.numerator, other.numerator), self.denominator)
        return Exact(
            total(product(self.numerator, other.denominator), product(other.numerator, self.denominator)),
            product(self.denominator, other.denominator),
        )

    def __neg__(self) -> Exact:
        return Exact(-self.numerator, self.denominator)

    def __sub__(self, other: Exact) -> Exact:
        return self + -other

    def times(self, factor: int) -> Exact:
        """Every element times one integer."""
        return Exact(product(self.numerator, np.asarray(factor)), self.denominator)

    def over(self, other: Exact) -> Exact:
        """Element by element divided by a non-negative vector; 0 where the divisor is 0 (a status must say so)."""
        zero = other.numerator == 0
        divisor = np.where(zero, 1, other.numerator)
        numerator = product(self.numerator, other.denominator)
        return Exact(np.where(zero, 0, numerator), np.where(zero, 1, product(self.denominator, divisor)))

    def at_least(self, other: Exact) -> Flags:
        """Where self >= other."""
        left, right = product(self.numerator, other.denominator), product(other.numerator, self.denominator)
        return np.asarray(left >= right, dtype=np.bool_)

    def equals(self, other: Exact) -> Flags:
        """Where both are the same number."""
        left, right = product(self.numerator, other.denominator), product(other.numerator, self.denominator)
        return np.asarray(left == right, dtype=np.bool_)

    def where(self, condition: Flags, other: Exact) -> Exact:
        """Self where the condition holds, else the other."""
        return Exact(
            np.where(condition, self.numerator, other.numerator),
            np.where(condition, self.denominator, other.denominator),
        )

    def at(self, *index: int) -> Fraction:
        """One element."""
        denominator = self.denominator if self.denominator.ndim == 0 else self.denominator[index]
        return Fraction(int(self.numerator[index]), int(denominator))

    def rounded_at(self, place: tuple[int, ...], decimals: int, rule: Rounding) -> Decimal:
        """One element rounded once to ``decimals`` places, as :func:`rounded` does it.

        >>> Exact.of(np.array([2675, 125]), 1000).rounded_at((1,), 2, "gb8170")
        Decimal('0.12')
        """
        denominator = self.denominator if self.denominator.ndim == 0 else self.denominator[place]
        return rounded(int(self.numerator[place]), int(denominator), decimals, rule)

    def row(self, index: int) -> Exact:
        """One slice along the first axis."""
        denominator = self.denominator if self.denominator.ndim == 0 else self.denominator[index]
        return Exact(self.numerator[index], denominator)

    def rounded(self, decimals: int, rule: Rounding) -> Integers:
        """Each element rounded once to ``decimals`` places, as an integer count of the last place.

        Rule ``gb8170`` is GB/T 8170—2008 (四舍六入五成双: ties to even), ``half_up`` is 四舍五入 (ties away
        from zero), both on the exact rational.

        >>> Exact.of(np.array([2675, 125]), 1000).rounded(2, "gb8170").tolist()
        [268, 12]
        >>> Exact.of(np.array([-25, 25]), 10).rounded(0, "half_up").tolist()
        [-3, 3]
        """
        scaled = product(np.abs(self.numerator), np.asarray(10**decimals))
        denominator = np.broadcast_to(self.denominator, scaled.shape)
        quotient, rest = scaled // denominator, scaled % denominator
        # 2*rest against the denominator, written so that it cannot overflow
        excess = rest - (denominator - rest)
        tie_up = (quotient % 2 == 1) if rule == "gb8170" else np.ones(scaled.shape, dtype=np.bool_)
        magnitude = quotient + ((excess > 0) | ((excess == 0) & tie_up))
        return _narrowed(np.where(self.numerator < 0, -magnitude, magnitude))


def rounded(numerator: int, denominator: int, decimals: int, rule: Rounding = "gb8170") -> Decimal:
    """One rational rounded once to ``decimals`` places, trailing zeros kept.

    >>> rounded(2675, 1000, 2), rounded(125, 1000, 2), rounded(5, 2, 0, "half_up")
    (Decimal('2.68'), Decimal('0.12'), Decimal('3'))
    """
    negative = (numerator < 0) != (denominator < 0)
    divisor = abs(denominator)
    # as Exact.rounded, on two integers: a vector of one element would cost a hundred times as much
    quotient, rest = divmod(abs(numerator) * 10**decimals, divisor)
    tie_up = quotient % 2 == 1 if rule == "gb8170" else True
    magnitude = quotient + (2 * rest > divisor or (2 * rest == divisor and tie_up))
    return decimal(-magnitude if negative else magnitude, decimals)


def decimal(count: int, decimals: int) -> Decimal:
    """A count of the last of ``decimals`` places as a decimal with exactly these places, at any size.

    >>> decimal(-1230, 2)
    Decimal('-12.30')
    """
    return Decimal(f"{count}E-{decimals}")
