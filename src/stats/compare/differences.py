"""Figures against a reference: one subtraction of unrounded values, one rounding. Knows no reference by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.catalogue.status import Status
from stats.measures import Codes, Exact, Flags, Integers, Rounding, code

PERCENT_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Differences:
    """Vectors of comparisons; ``difference`` and ``percent`` count units of their last printed place.

    ``difference`` is None where the comparison is only a share, ``percent`` where it is only a difference;
    ``exact`` is the unrounded number the comparison is about. ``has_percent`` is false where the reference is 0.
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

    @property
    def known(self) -> Flags:
        """Where there is a comparison."""
        return np.asarray(self.status <= code(Status.APPROX), dtype=np.bool_)


def known(status: Codes) -> Flags:
    """Where a status has a value."""
    return np.asarray(status <= code(Status.APPROX), dtype=np.bool_)


def subtract(
    value: Exact, reference: Exact, *, status: Codes, reference_status: Codes, decimals: int, rounding: Rounding
) -> Differences:
    """The absolute difference from a reference."""
    exact = value - reference
    return Differences(
        status=status,
        reference_status=reference_status,
        reference=reference.rounded(decimals, rounding),
        reference_decimals=decimals,
        difference=exact.rounded(decimals, rounding),
        difference_decimals=decimals,
        exact=exact,
    )


def relate(
    value: Exact, reference: Exact, *, status: Codes, reference_status: Codes, decimals: int, rounding: Rounding
) -> Differences:
    """The absolute difference and the relative one in percent, which does not exist where the reference is 0."""
    absolute = subtract(
        value, reference, status=status, reference_status=reference_status, decimals=decimals, rounding=rounding
    )
    relative = (value - reference).over(reference).times(100)
    return Differences(
        status=status,
        reference_status=reference_status,
        reference=absolute.reference,
        reference_decimals=decimals,
        difference=absolute.difference,
        difference_decimals=decimals,
        exact=relative,
        percent=relative.rounded(PERCENT_DECIMALS, rounding),
        has_percent=np.asarray(reference.numerator != 0, dtype=np.bool_),
    )


def first_reason(*reasons: tuple[Flags, Codes | np.int8], otherwise: Codes) -> Codes:
    """The first reason whose condition holds, element by element, else the given statuses."""
    status = otherwise
    for condition, reason in reversed(reasons):
        status = np.where(condition, reason, status).astype(np.int8)
    return status
