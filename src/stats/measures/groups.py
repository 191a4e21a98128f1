"""Sums, medians and ranks within groups of neighbouring columns. Decides nothing about who takes part."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stats.measures.exact import Exact, Flags, Integers

Indexes = NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """Columns 0…n-1 cut into consecutive groups; ``starts`` holds each group's first column."""

    starts: Indexes
    size: int

    @cached_property
    def of_column(self) -> Indexes:
        """The group of every column."""
        lengths = np.diff(np.append(self.starts, self.size))
        return np.repeat(np.arange(len(self.starts)), lengths)

    def sums(self, vector: Integers, used: Flags) -> Integers:
        """Per row and group the sum of the used elements, exact at any size."""
        masked = np.where(used, vector, 0)
        if masked.dtype != object and int(np.abs(masked).max(initial=0)) * self.size >= 2**62:
            masked = masked.astype(object)
        return np.asarray(np.add.reduceat(masked, self.starts, axis=1))

    def counts(self, flags: Flags) -> Indexes:
        """Per row and group the number of true elements."""
        return np.asarray(np.add.reduceat(flags.astype(np.int64), self.starts, axis=1))

    def largest(self, vector: Integers) -> Integers:
        """Per row and group the largest element."""
        return np.asarray(np.maximum.reduceat(vector, self.starts, axis=1))

    def spread(self, per_group: Integers) -> Integers:
        """Per-group values repeated for every column of the group."""
        return np.asarray(per_group[..., self.of_column])


def medians(values: Exact, used: Flags, groups: Groups) -> tuple[Exact, Exact, Exact]:
    """Per row and group the exact median (mean of the middle two), smallest and largest used value; 0 where none."""
    shape = (used.shape[0], len(groups.starts))
    found = [np.zeros(shape, dtype=object) for _ in range(6)]
    bounds = np.append(groups.starts, groups.size)
    common = int(values.denominator) if values.denominator.ndim == 0 else None
    for row in range(shape[0]):
        for group in range(shape[1]):
            columns = np.flatnonzero(used[row, bounds[group] : bounds[group + 1]]) + bounds[group]
            found[1][row, group] = found[3][row, group] = found[5][row, group] = 1
            if not len(columns):
                continue
            numerators = values.numerator[row, columns].tolist()
            if common is None:
                denominators = values.denominator[row, columns].tolist()
                ordered = sorted(map(Fraction, numerators, denominators))
            else:
                ordered = sorted(Fraction(number, common) for number in numerators)
            middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
            for place, number in enumerate((middle, ordered[0], ordered[-1])):
                found[2 * place][row, group] = number.numerator
                found[2 * place + 1][row, group] = number.denominator
    return Exact(found[0], found[1]), Exact(found[2], found[3]), Exact(found[4], found[5])


def competition_ranks(
    values: Integers, eligible: Flags, groups: Groups, *, descending: bool
) -> tuple[Indexes, Indexes, Indexes]:
    """Standard competition ranking (1 2 2 4) of one row within each group.

    Returns the place of every column (0 where not eligible), the number ranked in its group, and how many columns
    have this place.

    >>> place, of, sharing = competition_ranks(np.array([9, 7, 7, 5]), np.array([True] * 4),
    ...                                        Groups(np.array([0]), 4), descending=True)
    >>> place.tolist(), of.tolist(), sharing.tolist()
    ([1, 2, 2, 4], [4, 4, 4, 4], [1, 2, 2, 1])
    """
    place, of, sharing = (np.zeros(groups.size, dtype=np.int64) for _ in range(3))
    columns = np.flatnonzero(eligible)
    if not len(columns):
        return place, of, sharing
    group = groups.of_column[columns]
    key = -values[columns] if descending else values[columns]
    order = np.lexsort((key, group))
    columns, group, key = columns[order], group[order], key[order]
    new_group = np.append(True, group[1:] != group[:-1])
    new_value = new_group | np.append(True, key[1:] != key[:-1])
    position = np.arange(len(columns))
    group_start = np.maximum.accumulate(np.where(new_group, position, 0))
    value_start = np.maximum.accumulate(np.where(new_value, position, 0))
    place[columns] = value_start - group_start + 1
    of[columns] = np.bincount(group, minlength=len(groups.starts))[group]
    run = np.cumsum(new_value) - 1
    sharing[columns] = np.bincount(run)[run]
    return place, of, sharing
