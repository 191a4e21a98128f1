"""O-UNIT: answers that fit once divided or multiplied by 10, 100 or 10,000. Words nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stats.returns import Cell
from stats.validate.outliers.bands import deviation
from stats.validate.outliers.candidates import Odd
from stats.validate.outliers.settings import SLIPS, SLIPS_WITHOUT_LAST_YEAR


class Slip(NamedTuple):
    """The cell that is probably wrong, by which power of ten, whether it is too large, and how well the rest fits."""

    fit: float
    factor: int
    too_large: bool
    cell: Cell


def slip(odd: Odd) -> Slip | None:
    """The slip that explains an unlikely answer best; None where none does.

    The corrected answer has to be near what was expected and nearer to the other towns' standing than the answer
    as given: otherwise it is rather last year's answer that was wrong. Of several seasons only one is corrected.
    """
    if not odd.is_unlikely or odd.now.value <= 0:
        return None
    return min(_slips(odd), key=lambda found: found.fit, default=None)


def _slips(odd: Odd) -> Iterator[Slip]:
    too_large = odd.now.value > odd.expected
    for factor, room in SLIPS.items() if odd.last else ((f, SLIPS[f]) for f in SLIPS_WITHOUT_LAST_YEAR):
        for cell in odd.now.cells:
            part = float(cell.value)
            corrected = odd.now.value - part + (part / factor if too_large else part * factor)
            if part > 0 and deviation(corrected, odd.expected) <= room.value and _is_nearer(odd, corrected):
                yield Slip(deviation(corrected, odd.expected), factor, too_large, cell)


def _is_nearer(odd: Odd, corrected: float) -> bool:
    before, after = odd.distance(odd.now.value), odd.distance(corrected)
    return before is None or after is None or after < before
