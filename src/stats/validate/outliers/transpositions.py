"""O-SWAP: two neighbours on the form whose answers each fit the other's last year far better. Words nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from stats.catalogue.variables import questions
from stats.validate.outliers.bands import deviation
from stats.validate.outliers.candidates import Odd
from stats.validate.outliers.settings import SWAP_FIT, SWAP_GAIN


@cache
def neighbours() -> tuple[tuple[str, str], ...]:
    """Every two numbers that stand one below the other on a form, on a town's or on the county's.

    >>> ("sup_allowance_due", "sup_allowance_paid") in neighbours()
    True
    """
    return tuple(dict.fromkeys(pair for county in (False, True) for pair in _pairs(county=county)))


def swaps(odd: Mapping[str, Odd]) -> Iterator[tuple[Odd, Odd]]:
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


def _is_swapped(one: Odd, other: Odd) -> bool:
    if one.last is None or other.last is None or min(one.now.value, other.now.value) <= 0:
        return False
    crossed = deviation(one.now.value, other.expected), deviation(other.now.value, one.expected)
    gain = one.deviation * other.deviation / (crossed[0] * crossed[1])
    return max(crossed) <= SWAP_FIT.value and gain >= SWAP_GAIN.value
