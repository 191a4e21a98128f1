"""Worlds that were found to agree with a statement, kept since they often agree with the next one. Looks for none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stats.disclosure.audit.statement import Count, Fact, Statement


class Worlds:
    """Worlds as rows of a table over all counts; what a world does not speak of is as in the truth.

    ``truth`` is what was reported, which agrees with every statement; without it no world is kept.
    """

    def __init__(self, truth: Mapping[Count, int]) -> None:
        self._columns = {count: column for column, count in enumerate(truth)}
        self._truth = np.array(list(truth.values()), dtype=np.int64)
        self._rows = np.empty((64, len(truth)), dtype=np.int64)
        self._used = 0
        self._statement: _Compiled | None = None

    def add(self, world: Mapping[Count, int], statement: Statement) -> None:
        """Keep a world that agrees with this statement."""
        if not len(self._truth):
            return
        if self._used == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        row = self._truth.copy()
        row[[self._columns[count] for count in world]] = list(world.values())
        self._rows[self._used] = row
        self._of_now(statement).agreeing[self._used] = True
        self._used += 1

    def has(self, fact: Fact, statement: Statement) -> bool:
        """Whether a world that is kept agrees with the statement and with this fact too."""
        if not self._used:
            return False
        columns = [self._columns[count] for count, _ in fact.terms]
        values = self._rows[: self._used, columns] @ np.array([k for _, k in fact.terms], dtype=np.int64)
        fits = np.ones(self._used, dtype=np.bool_)
        fits &= True if fact.low is None else values >= fact.low
        fits &= True if fact.high is None else values <= fact.high
        compiled = self._of_now(statement)
        return any(compiled.agrees(int(nth), self._rows[nth]) for nth in np.flatnonzero(fits)[::-1])

    def _of_now(self, statement: Statement) -> _Compiled:
        if self._statement is None or self._statement.statement is not statement:
            self._statement = _Compiled(statement, self._columns)
        return self._statement


class _Compiled:
    """A statement as arrays, to look at many worlds."""

    def __init__(self, statement: Statement, columns: Mapping[Count, int]) -> None:
        self.statement = statement
        self.agreeing: dict[int, bool] = {}
        self._columns = columns

    def agrees(self, nth: int, row: NDArray[Any]) -> bool:
        if nth not in self.agreeing:
            where, values = self._shown
            self.agreeing[nth] = bool((row[where] == values).all()) and self._facts_hold(row)
        return self.agreeing[nth]

    @cached_property
    def _shown(self) -> tuple[list[int], NDArray[Any]]:
        shown = self.statement.shown
        return [self._columns[count] for count in shown], np.array(list(shown.values()), dtype=np.int64)

    @cached_property
    def _facts(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        facts = self.statement.facts
        unbound = 2**62
        return (
            np.array([self._columns[count] for fact in facts for count, _ in fact.terms], dtype=np.int64),
            np.array([k for fact in facts for _, k in fact.terms], dtype=np.int64),
            np.cumsum([0, *(len(fact.terms) for fact in facts[:-1])]),
            np.array([-unbound if fact.low is None else fact.low for fact in facts], dtype=np.int64),
            np.array([unbound if fact.high is None else fact.high for fact in facts], dtype=np.int64),
        )

    def _facts_hold(self, row: NDArray[Any]) -> bool:
        if not self.statement.facts:
            return True
        columns, coefficients, starts, low, high = self._facts
        sums = np.add.reduceat(row[columns] * coefficients, starts)
        return bool(((sums >= low) & (sums <= high)).all())
