"""Figures against a reference: one subtraction of unrounded values, one rounding. Knows no reference by name."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from stats.catalogue.status import Status
from stats.measures import Codes, Exact, Flags, Integers, Rounding, code

PERCENT_DECIMALS = 1

CellIndex = tuple[int, ...]
Ends = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Bounded:
    """A vector of numbers with the bounds between which each may lie; of exact ones all three are the same."""

    value: Exact
    low: Exact
    high: Exact

    @classmethod
    def exactly(cls, value: Exact) -> Bounded:
        """Numbers without doubt."""
        return cls(value, value, value)

    def ends(self, place: CellIndex) -> Ends:
        """The lowest and the highest one element may be."""
        return self.low.at(*place), self.high.at(*place)


@dataclass(frozen=True, slots=True)
class Differences:
    """Vectors of comparisons of ``now`` with ``then``; ``difference`` and ``percent`` count units of their last place.

    ``difference`` is None where the comparison is only a share, ``percent`` where it is only a difference;
    ``exact`` is the unrounded number the comparison is about. ``has_percent`` is false where the reference is 0.
    ``reference`` is what is printed beside the figure, not always what was subtracted.
    """

    status: Codes
    reference_status: Codes
    reference: Integers
    reference_decimals: int
    difference: Integers | None
    difference_decimals: int
    exact: Exact | None
    percent: Integers | None = None
    has_percent: Flags | None = None
    now: Bounded | None = None
    then: Bounded | None = None

    @property
    def known(self) -> Flags:
        """Where there is a comparison."""
        return np.asarray(self.status <= code(Status.APPROX), dtype=np.bool_)

    def ends(self, place: CellIndex) -> Ends | None:
        """The lowest and the highest difference; None where the comparison is only a share."""
        if self.difference is None or self.now is None or self.then is None:
            return None
        (least, most), (least_then, most_then) = self.now.ends(place), self.then.ends(place)
        return least - most_then, most - least_then

    def percent_ends(self, place: CellIndex) -> Ends | None:
        """The lowest and the highest percentage; None where there is none, or no highest one for a reference near 0."""
        if self.percent is None or self.now is None or self.then is None:
            return None
        (least, most), (least_then, most_then) = self.now.ends(place), self.then.ends(place)
        if self.difference is None:
            return _part(least, most_then - most), _part(most, least_then - least)
        if least_then <= 0:
            return None
        return 100 * (least / most_then - 1), 100 * (most / least_then - 1)


def _part(part: Fraction, rest: Fraction) -> Fraction:
    """A part in percent of itself and the rest: it stands in the whole too, so that both move together."""
    return 100 * part / (part + rest) if part + rest else Fraction(0)


def known(status: Codes) -> Flags:
    """Where a status has a value."""
    return np.asarray(status <= code(Status.APPROX), dtype=np.bool_)


def subtract(
    now: Bounded,
    then: Bounded,
    *,
    reference: Integers,
    status: Codes,
    reference_status: Codes,
    decimals: int,
    rounding: Rounding,
) -> Differences:
    """The absolute difference from a reference, which is printed as ``reference``."""
    exact = now.value - then.value
    return Differences(
        status=status,
        reference_status=reference_status,
        reference=reference,
        reference_decimals=decimals,
        difference=exact.rounded(decimals, rounding),
        difference_decimals=decimals,
        exact=exact,
        now=now,
        then=then,
    )


def relate(
    now: Bounded,
    then: Bounded,
    *,
    reference: Integers,
    status: Codes,
    reference_status: Codes,
    decimals: int,
    rounding: Rounding,
) -> Differences:
    """The absolute difference and the relative one in percent, which does not exist where the reference is 0."""
    change = now.value - then.value
    relative = change.over(then.value).times(100)
    return Differences(
        status=status,
        reference_status=reference_status,
        reference=reference,
        reference_decimals=decimals,
        difference=change.rounded(decimals, rounding),
        difference_decimals=decimals,
        exact=relative,
        percent=relative.rounded(PERCENT_DECIMALS, rounding),
        has_percent=np.asarray(then.value.numerator != 0, dtype=np.bool_),
        now=now,
        then=then,
    )


def first_reason(*reasons: tuple[Flags, Codes | np.int8], otherwise: Codes) -> Codes:
    """The first reason whose condition holds, element by element, else the given statuses."""
    status = otherwise
    for condition, reason in reversed(reasons):
        status = np.where(condition, reason, status).astype(np.int8)
    return status
