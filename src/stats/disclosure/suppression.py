"""Which counts are hidden for being small, and whole columns with too few of them to hide among. Proves nothing."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache

from stats.disclosure.counts import (
    WHOLE_YEAR,
    Reported,
    parts_and_wholes,
    protected_variables,
    small,
)

FEWEST_NOT_ZERO = 5
"""Towns' counts of a question go out only where at least so many towns have a count other than 0 …"""
MOST_ZEROS = (2, 3)
"""… and at most this share of them has 0."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an edition hides of one year.

    ``counts`` are (unit, question) over the year, ``seasons`` the same by season; ``columns`` are the questions of
    which no town's count goes out, (question, period); ``figures`` and ``changes`` are the indicators whose county
    figure, or its change from last year, is not published; ``states_told`` are the (unit, indicator) whose state is
    told although the figure is hidden.
    """

    counts: frozenset[tuple[str, str]] = frozenset()
    seasons: frozenset[tuple[str, str]] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()
    figures: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    states_told: frozenset[tuple[str, str]] = frozenset()

    def hides(self, unit: str, variable: str, period: str) -> bool:
        """Whether a town's count is hidden."""
        return (unit, variable) in (self.counts if period == WHOLE_YEAR else self.seasons)

    def joined(self, other: Hidden) -> Hidden:
        """What this or the other hides."""
        return Hidden(*(getattr(self, item.name) | getattr(other, item.name) for item in fields(self)))


class Choice:
    """The order in which counts are taken to hide others among, decided by a key that is never published.

    The key is asked for only where there is something to choose.

    >>> Choice(lambda: b"1").order(2021, "rec_enlisted", "990118100000") != Choice(lambda: b"2").order(
    ...     2021, "rec_enlisted", "990118100000")
    True
    """

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = cache(key)

    def order(self, year: int, variable: str, unit: str) -> bytes:
        """What a count is sorted by."""
        return hmac.new(self._key(), f"{year}|{variable}|{unit}".encode(), hashlib.sha256).digest()


def suppress(reported: Reported, year: int, threshold: int) -> Hidden:
    """The counts of a year that are small, leave a small rest of their whole, or stand in a sparse column.

    A count hidden over the year is hidden by season. A part whose openly published whole is itself below the
    threshold is hidden whatever it is, since a small whole leaves it no room. Source: primary suppression of
    threshold rules, Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
    """
    if threshold <= 1:
        return Hidden()
    by_period: dict[str, set[tuple[str, str]]] = {}
    columns = set()
    for period in reported.periods(year):
        found = set(_small(reported, year, period, threshold))
        for variable in reported.questions:
            column = reported.column(year, variable, period)
            if is_sparse(column):
                columns.add((variable, period))
                found |= {(unit, variable) for unit in column}
        by_period[period] = found
    counts = by_period.pop(WHOLE_YEAR)
    return Hidden(
        counts=frozenset(counts), seasons=frozenset(counts.union(*by_period.values())), columns=frozenset(columns)
    )


def is_sparse(column: Mapping[str, int]) -> bool:
    """Whether too few towns have a count other than 0 for one of them to be hidden among the others.

    >>> is_sparse({"a": 4, "b": 0, "c": 0}), is_sparse(dict.fromkeys("abcde", 3))
    (True, False)
    """
    zeros = sum(count == 0 for count in column.values())
    above, below = MOST_ZEROS
    return bool(column) and (len(column) - zeros < FEWEST_NOT_ZERO or zeros * below > len(column) * above)


def _small(reported: Reported, year: int, period: str, threshold: int) -> Iterator[tuple[str, str]]:
    for variable in reported.questions:
        column = reported.column(year, variable, period)
        yield from ((unit, variable) for unit, count in column.items() if small(count, threshold))
    for part, whole in parts_and_wholes():
        wholes, is_open = reported.column(year, whole, period), whole not in protected_variables()
        for unit, count in reported.column(year, part, period).items():
            rest = wholes.get(unit, count) - count
            leaves_small_rest = small(rest, threshold) and (count > 0 or is_open)
            if leaves_small_rest or (is_open and small(wholes.get(unit, 0), threshold)):
                yield unit, part
