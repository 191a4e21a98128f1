"""Vectors of measured quantities: what was answered, between which bounds, and why there may be no number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stats.catalogue.status import Status
from stats.measures.exact import Exact, Flags, Integers, product, total

# Worst last, as far as NOT_REPORTED: a sum has the worst status of its parts.
CODES: tuple[Status, ...] = (
    Status.OK,
    Status.APPROX,
    Status.NOT_APPLICABLE,
    Status.MISSING,
    Status.REDACTED,
    Status.ERROR,
    Status.NOT_REPORTED,
    Status.ZERO_DENOMINATOR,
    Status.NEGATIVE,
    Status.EXCEEDS_WHOLE,
    Status.NO_PREVIOUS,
    Status.SERIES_BREAK,
    Status.NOT_PROVIDED,
    Status.TOO_FEW_UNITS,
    Status.NOT_COMPARED,
    Status.HIDDEN,
    Status.REFUSED,
    Status.PREVIOUS_REFUSED,
    Status.UNFIT,
)
_CODE = {status: np.int8(index) for index, status in enumerate(CODES)}

Codes = NDArray[np.int8]


def code(status: Status) -> np.int8:
    """The number that stands for a status in vectors."""
    return _CODE[status]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Integer counts of 10^-places units: the value used, its lower and upper bound, and the status codes.

    Where the status has no value the three numbers are 0 and mean nothing.
    """

    value: Integers
    low: Integers
    high: Integers
    status: Codes
    places: int = 0

    @property
    def known(self) -> Flags:
        """Where there is a number, exact or approximate."""
        return np.asarray(self.status <= code(Status.APPROX), dtype=np.bool_)

    def _scaled(self, places: int) -> Quantity:
        factor = np.asarray(10 ** (places - self.places))
        return Quantity(
            product(self.value, factor), product(self.low, factor), product(self.high, factor), self.status, places
        )

    def __add__(self, other: Quantity) -> Quantity:
        places = max(self.places, other.places)
        left, right = self._scaled(places), other._scaled(places)
        return Quantity(
            total(left.value, right.value),
            total(left.low, right.low),
            total(left.high, right.high),
            np.maximum(left.status, right.status),
            places,
        )

    def exact(self, part: str = "value") -> Exact:
        """The value, or the bound "low" or "high", as rationals."""
        numbers: Integers = getattr(self, part)
        return Exact.of(numbers, 10**self.places)

    def positive_low(self) -> Exact:
        """The lower bound as a divisor: at least one unit of the last place, since a divisor is not 0."""
        return Exact.of(np.maximum(self.low, 1), 10**self.places)

    def previous(self) -> Quantity:
        """The same units a year earlier (axis 0 is the year); before the first year nothing was reported."""

        def shifted(vector: Integers) -> Integers:
            return np.concatenate([np.zeros_like(vector[:1]), vector[:-1]])

        status = np.concatenate([np.full_like(self.status[:1], code(Status.NOT_REPORTED)), self.status[:-1]])
        return Quantity(shifted(self.value), shifted(self.low), shifted(self.high), status, self.places)

    @classmethod
    def constant(cls, number: int, shape: tuple[int, ...]) -> Quantity:
        """The same exact integer everywhere."""
        vector = np.full(shape, number, dtype=np.int64)
        return cls(vector, vector, vector, np.zeros(shape, dtype=np.int8))
