"""One comparison out of the vectors: its ends, its direction, its reference as printed. Compares nothing anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from stats.catalogue.status import Status
from stats.compare.differences import PERCENT_DECIMALS, Differences
from stats.figures import Comparison, Trend
from stats.measures import CODES, Integers, Rounding, decimal, rounded

VALUE_PLACES = 12
NOT_COMPARED = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)
_NO_BOUNDS = (None, None, None, None)
_TRENDS: Mapping[int, Trend] = {-1: "down", 0: "flat", 1: "up"}


def decimal_at(vector: Integers, place: tuple[int, int], decimals: int) -> Decimal:
    """One element that counts units of the last of these places."""
    return decimal(int(vector[place]), decimals)


def with_reference(comparison: Comparison, printed: Decimal | None) -> Comparison:
    """The same with its reference as it is printed, where that has further digits."""
    if printed is None or comparison.reference is None:
        return comparison
    return replace(comparison, reference=printed)


def trend_of(difference: Decimal | None, low: Decimal | None = None, high: Decimal | None = None) -> Trend:
    """Which way a rounded difference points; of an interval, only where both ends point the same way."""
    if difference is None:
        return "none"
    signs = {
        (end > 0) - (end < 0) for end in (difference if low is None else low, difference if high is None else high)
    }
    return _TRENDS[signs.pop()] if len(signs) == 1 else "about"


def comparison_at(
    rounding: Rounding, of: Differences | None, place: tuple[int, int], *, units: int = 0, due: int = 0
) -> Comparison:
    """One comparison out of the vectors; the reference stands wherever it has a value."""
    if of is None:
        return NOT_COMPARED
    status, reference_status = CODES[of.status[place]], CODES[of.reference_status[place]]
    reference = decimal_at(of.reference, place, of.reference_decimals) if reference_status.has_value else None
    if not status.has_value:
        return Comparison(status, reference_status, reference=reference, units=units, due=due)
    has_percent = of.has_percent is not None and bool(of.has_percent[place])
    difference = None if of.difference is None else decimal_at(of.difference, place, of.difference_decimals)
    exact = multiple = None
    if of.exact is not None and (of.percent is None or has_percent):
        exact = of.exact.rounded_at(place, VALUE_PLACES, rounding)
        multiple = multiple_of(of.exact.at(*place), rounding) if has_percent and difference is not None else None
    bounds = _bounds(rounding, of, place, has_percent=has_percent) if status is Status.APPROX else _NO_BOUNDS
    return Comparison(
        status,
        reference_status,
        reference=reference,
        difference=difference,
        exact=exact,
        percent=decimal_at(of.percent, place, PERCENT_DECIMALS) if of.percent is not None and has_percent else None,
        multiple=multiple,
        trend=trend_of(difference, *bounds[:2]),
        units=units,
        due=due,
        low=bounds[0],
        high=bounds[1],
        percent_low=bounds[2],
        percent_high=bounds[3],
    )


def _bounds(
    rounding: Rounding, of: Differences, place: tuple[int, int], *, has_percent: bool
) -> tuple[Decimal | None, ...]:
    """The ends of a difference and of its percentage, each rounded once; None where there are none."""
    pairs = (
        (of.ends(place), of.difference_decimals),
        (of.percent_ends(place) if has_percent else None, PERCENT_DECIMALS),
    )
    return tuple(
        None if ends is None else rounded(ends[side].numerator, ends[side].denominator, decimals, rounding)
        for ends, decimals in pairs
        for side in (0, 1)
    )


def multiple_of(percent: Fraction, rounding: Rounding) -> Decimal:
    """How many times the reference, from the change in percent."""
    times = percent / 100 + 1
    return rounded(times.numerator, times.denominator, PERCENT_DECIMALS, rounding)
