"""Numbers in fractions, for the oracle: rounding, bounds, and what an answer contributes to a sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from stats.catalogue.indicator import Term
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable
from stats.returns.cells import Cell

Rounding = Literal["gb8170", "half_up"]

FROM_BEST_TO_WORST = (
    Status.OK,
    Status.APPROX,
    Status.NOT_APPLICABLE,
    Status.MISSING,
    Status.REDACTED,
    Status.ERROR,
    Status.NOT_REPORTED,
)


def worst(*statuses: Status) -> Status:
    """The worst of the statuses of answers."""
    return max(statuses, key=FROM_BEST_TO_WORST.index)


def rounded(number: Fraction, places: int, rounding: Rounding) -> Decimal:
    """The number with exactly this many decimals: ties to the even digit, or away from zero."""
    shifted = number * 10**places
    if rounding == "gb8170":
        whole = round(shifted)
    else:
        whole = floor(abs(shifted) + Fraction(1, 2)) * (1 if shifted >= 0 else -1)
    digits = tuple(int(digit) for digit in str(abs(whole)))
    return Decimal((1 if whole < 0 else 0, digits, -places))


def middle(numbers: Iterable[Fraction]) -> Fraction:
    """The median: the middle one, or the mean of the middle two."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@dataclass(frozen=True)
class Amount:
    """A number between two bounds, or the reason why there is none; ``choice`` is a yes, a no or another word."""

    status: Status
    value: Fraction = Fraction(0)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    choice: str = ""


def exactly(number: Fraction | int) -> Amount:
    """An amount without doubt."""
    value = Fraction(number)
    return Amount(Status.OK, value, value, value)


def total(amounts: Sequence[Amount]) -> Amount:
    """The sum: values and bounds add up, the status is the worst."""
    return Amount(
        worst(*(amount.status for amount in amounts)),
        sum((amount.value for amount in amounts), Fraction(0)),
        sum((amount.low for amount in amounts), Fraction(0)),
        sum((amount.high for amount in amounts), Fraction(0)),
    )


def read(cell: Cell, variable: Variable) -> Amount:
    """What one cell says."""
    if not cell.status.has_value:
        return Amount(cell.status)
    if not variable.is_number:
        return Amount(cell.status, choice=cell.value)
    if cell.status is Status.OK:
        return exactly(Fraction(cell.value))
    value = Fraction(cell.value or cell.lower or cell.upper)
    low = Fraction(cell.lower) if cell.lower else Fraction(variable.minimum or 0)
    if cell.upper:
        high = Fraction(cell.upper) - (1 if variable.kind == "int" else 0)
    else:
        high = value if variable.maximum is None else Fraction(variable.maximum)
    return Amount(Status.APPROX, value, min(low, value), max(high, value))


def of_all_seasons(parts: Sequence[Amount], variable: Variable) -> Amount:
    """The year's answer from the answers of its seasons."""
    held = [part for part in parts if part.status is not Status.NOT_APPLICABLE]
    if not held:
        return Amount(Status.NOT_APPLICABLE)
    if variable.season_combine == "sum":
        return total(held)
    if any(part.choice == "否" for part in held):
        return Amount(Status.OK, choice="否")
    status = worst(*(part.status for part in held))
    return Amount(status, choice="是" if status.has_value else "")


def contribution(term: Term, answer: Amount) -> Amount:
    """What an answer adds to a numerator or denominator."""
    if not answer.status.has_value or term.test == "amount":
        return answer
    if term.test == "yes":
        return exactly(1 if answer.choice == "是" else 0)
    if term.test == "is":
        return exactly(1 if answer.choice == term.choice else 0)
    if answer.low >= term.threshold:
        return exactly(1)
    if answer.high < term.threshold:
        return exactly(0)
    reached = Fraction(1 if answer.value >= term.threshold else 0)
    return Amount(Status.APPROX, reached, Fraction(0), Fraction(1))
