"""Where a town stands among the units of its county, as marks on a line. Takes printed figures, computes none."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present.blocks import Strip

if TYPE_CHECKING:
    from stats.report import Report

_KINDS = ("ratio", "rate_only", "per_10k", "average", "growth", "compliance")
_DIGITS = 3


def strip(report: Report, entry: Indicator, figure: Figure, row: int, column: int) -> Strip | None:
    """The marks of a figure for the cell in this row and column; None where there would be nothing to compare.

    Only shares, averages and growths have one: counts say little but how large a unit is. The line runs from the least
    to the greatest of the figures marked on it.
    """
    if entry.is_yes_or_no or entry.kind not in _KINDS:
        return None
    others = report.unit_values.get(entry.code, ())
    own = numbers.printed(figure) if figure.status.has_value else None
    county = figure.county.reference if figure.county.reference_status.has_value else None
    marked = [value for value in (*others, own, county, figure.target.value) if value is not None]
    low, high = min(marked, default=Decimal(0)), max(marked, default=Decimal(0))
    if low == high or (own is None and not others):
        return None

    def at(value: Decimal | None) -> float | None:
        return None if value is None else round(float((value - low) / (high - low)), _DIGITS)

    return Strip(
        row,
        column,
        own=at(own),
        county=at(county),
        target=at(figure.target.value),
        others=tuple(share for value in others if (share := at(value)) is not None),
        hollow=figure.status is Status.APPROX or figure.small_base,
    )
