"""The likeliest cause of a candidate: a slip of the unit of measure, a swap, a jump. Words nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from stats.catalogue.variables import questions
from stats.returns import Cell
from stats.validate.outliers.candidates import Candidate
from stats.validate.outliers.peers import deviation
from stats.validate.outliers.settings import (
    LEFT_OUT,
    NO_JUMP,
    NOISE,
    SLIPS,
    SLIPS_WITHOUT_LAST_YEAR,
    SWAP_FIT,
    SWAP_GAIN,
)


class UnitError(NamedTuple):
    """The cell that is probably wrong, by which power of ten, whether it is too large, and how well the rest fits."""

    fit: float
    factor: int
    too_large: bool
    cell: Cell


def slip(odd: Candidate) -> UnitError | None:
    """The slip that explains an unlikely answer best; None where none does.

    The corrected answer has to be near what was expected and nearer to the other towns' standing than the answer
    as given: otherwise it is rather last year's answer that was wrong. Of several seasons only one is corrected.
    """
    if not odd.is_unlikely or odd.now.value <= 0:
        return None
    return min(_slips(odd), key=lambda found: found.fit, default=None)


def _slips(odd: Candidate) -> Iterator[UnitError]:
    too_large = odd.now.value > odd.expected
    for factor, room in SLIPS.items() if odd.last else ((f, SLIPS[f]) for f in SLIPS_WITHOUT_LAST_YEAR):
        for cell in odd.now.cells:
            part = float(cell.value)
            corrected = odd.now.value - part + (part / factor if too_large else part * factor)
            if part > 0 and deviation(corrected, odd.expected) <= room.value and _is_nearer(odd, corrected):
                yield UnitError(deviation(corrected, odd.expected), factor, too_large, cell)


def _is_nearer(odd: Candidate, corrected: float) -> bool:
    before, after = odd.distance(odd.now.value), odd.distance(corrected)
    return before is None or after is None or after < before


@cache
def neighbours() -> tuple[tuple[str, str], ...]:
    """Every two numbers that stand one below the other on a form, on a town's or on the county's.

    >>> ("sup_allowance_due", "sup_allowance_paid") in neighbours()
    True
    """
    return tuple(dict.fromkeys(pair for county in (False, True) for pair in _pairs(county=county)))


def transpositions(odd: Mapping[str, Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """The pairs among one unit's odd answers of one year that are probably swapped; none is in two pairs."""
    taken: set[str] = set()
    for first, second in neighbours():
        both_odd = first in odd and second in odd and taken.isdisjoint((first, second))
        if both_odd and _is_swapped(odd[first], odd[second]):
            taken |= {first, second}
            yield odd[first], odd[second]


def _pairs(*, county: bool) -> Iterator[tuple[str, str]]:
    asked = [question for question in questions() if question.asked_of(county=county)]
    for above, below in pairwise(asked):
        alike = above.domain == below.domain and above.seasonal == below.seasonal
        if alike and above.is_number and below.is_number:
            yield above.name, below.name


def _is_swapped(one: Candidate, other: Candidate) -> bool:
    if one.last is None or other.last is None or min(one.now.value, other.now.value) <= 0:
        return False
    crossed = deviation(one.now.value, other.expected), deviation(other.now.value, one.expected)
    gain = one.deviation * other.deviation / (crossed[0] * crossed[1])
    return max(crossed) <= SWAP_FIT.value and gain >= SWAP_GAIN.value


def is_jump(odd: Candidate) -> bool:
    """Whether the answer's change against last year is beyond chance, the towns' band and its own swings.

    An answer of 0 is one where last year's was large. Without last year's answer there is no jump.
    """
    if odd.last is None or odd.variable.name in NO_JUMP:
        return False
    if odd.now.value == 0:
        return odd.last.value >= LEFT_OUT.value
    return odd.is_unlikely and (odd.variable.kind != "int" or _is_beyond_noise(odd.now.value, odd.expected))


def _is_beyond_noise(count: float, expected: float) -> bool:
    difference = count - expected
    return difference * difference > NOISE.value * NOISE.value * max(count, expected)
