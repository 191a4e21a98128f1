"""Which small counts are hidden, and which others with them so that none follows from a total. Shows nothing.

What a reader of the edition is taken to know: every shown answer, every county total over the year, that a
season's counts add up to the year's, and that a hidden count is not 0 unless the total leaves no other way
(a true 0 is shown as 0, but may stand in for others where nothing else can).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from stats.catalogue.indicators import indicators
from stats.catalogue.variables import variables
from stats.disclosure.editions import is_small_cell

Counts = Mapping[str, Mapping[str, int]]  # variable → unit → count; without the units that gave no number


@dataclass(frozen=True, slots=True)
class Hidden:
    """The hidden counts of one year: (unit, variable) pairs, the same by season, and hidden county totals."""

    counts: frozenset[tuple[str, str]] = frozenset()
    seasons: frozenset[tuple[str, str]] = frozenset()
    totals: frozenset[str] = frozenset()


def hide(year: Counts, seasons: Iterable[Counts], threshold: int) -> Hidden:
    """What must be hidden of one year's small-cell answers of all towns.

    ``year`` holds the whole-year counts, ``seasons`` one table for each season that was held. Counts from 1
    to ``threshold - 1`` are hidden, so are parts (and totals of parts) that leave such a rest of their whole, then
    further counts until no hidden one follows from the county's total; where no other count can stand in,
    the total itself is hidden. A count hidden in one season is hidden in all, for they add up to the year.

    >>> sorted(hide({"rec_returned": {"a": 1, "b": 4, "c": 0, "d": 6}}, [], 3).counts)
    [('a', 'rec_returned'), ('b', 'rec_returned')]
    """
    if threshold <= 1:
        return Hidden()
    seasons = list(seasons)
    counts: set[tuple[str, str]] = set()
    totals = {part for part, rest in _rests_of_totals(year) if 1 <= rest < threshold}
    first = _small(year, threshold)
    for variable, column in year.items():
        chosen, total_hidden = _protected(column, {unit for unit, name in first if name == variable}, threshold)
        counts |= {(unit, variable) for unit in chosen}
        totals |= {variable} if total_hidden else set()
    in_season = set().union(*(_small(season, threshold) for season in seasons)) if seasons else set()
    return Hidden(frozenset(counts), frozenset(counts | in_season), frozenset(totals))


@cache
def small_cell_variables() -> tuple[str, ...]:
    """The questions whose small numbers could point at persons."""
    return tuple(name for name, variable in variables().items() if is_small_cell(variable))


def _parts_and_wholes() -> list[tuple[str, str]]:
    """The (part, whole) pairs of counts that a published share connects."""
    protected = set(small_cell_variables())
    pairs = []
    for indicator in indicators().values():
        above, below = indicator.numerator, indicator.denominator
        if indicator.kind == "ratio" and isinstance(below, tuple) and len(above) == len(below) == 1:
            part, whole = above[0].variable, below[0].variable
            if {part, whole} <= protected:
                pairs.append((part, whole))
    return pairs


def _small(table: Counts, threshold: int) -> set[tuple[str, str]]:
    """The counts that are small themselves or leave a small remainder of their whole."""
    found = {(unit, name) for name, column in table.items() for unit, count in column.items() if 1 <= count < threshold}
    for part, whole in _parts_and_wholes():
        for unit, count in table.get(part, {}).items():
            rest = table.get(whole, {}).get(unit, count) - count
            if count and 1 <= rest < threshold:
                found.add((unit, part))
    return found


def _rests_of_totals(year: Counts) -> list[tuple[str, int]]:
    """What each part leaves of its whole over the county, by the part's name."""
    rests = []
    for part, whole in _parts_and_wholes():
        parts, wholes = year.get(part, {}), year.get(whole, {})
        rests.append((part, sum(wholes[unit] - parts[unit] for unit in parts if unit in wholes)))
    return rests


def _protected(column: Mapping[str, int], first: set[str], threshold: int) -> tuple[set[str], bool]:
    """The units to hide in one column with a known total, and whether the total must be hidden too."""
    chosen = set(first)
    total_hidden = 1 <= sum(column.values()) < threshold
    # the smallest other counts first, zeros only where there is nothing else
    candidates = sorted((not count, count, unit) for unit, count in column.items() if unit not in chosen)
    while chosen and not total_hidden and _follows(column, chosen, threshold):
        if not candidates:
            return chosen, True
        chosen.add(candidates.pop(0)[2])
    return chosen, total_hidden


def _follows(column: Mapping[str, int], chosen: set[str], threshold: int) -> bool:
    """Whether the sum of the hidden counts, known from the total, leaves only one possibility.

    So it is for a single count, for ones only, and, to a reader who takes all of them for small, for counts
    that are all the largest small number.
    """
    together = sum(column[unit] for unit in chosen)
    return len(chosen) == 1 or together == len(chosen) or together == len(chosen) * (threshold - 1)
