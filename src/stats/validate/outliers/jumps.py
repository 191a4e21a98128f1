"""O-JUMP: answers that left the band of their own history and of the other towns' this year. Words nothing."""

from __future__ import annotations

from stats.validate.outliers.candidates import Odd
from stats.validate.outliers.settings import LEFT_OUT, NO_JUMP, NOISE


def is_jump(odd: Odd) -> bool:
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
