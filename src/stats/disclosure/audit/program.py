"""Worlds that agree with a statement, found by an integer program (HiGHS) and checked in whole numbers.

Knows only facts about sums; what is protected and what is hidden it is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

from stats.disclosure.audit.statement import Count, Fact, Statement, Terms, total

Numbers = NDArray[np.float64]


class Program:
    """The counts a statement leaves open, and the facts that bind them."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._facts = [part for part in (_open_part(fact, statement.shown) for fact in statement.facts) if part.terms]
        self._groups = _groups(self._facts)
        self._facts_of: defaultdict[Count, list[Fact]] = defaultdict(list)
        for fact in self._facts:
            self._facts_of[self._groups[fact.terms[0][0]]].append(fact)
        self._parts: dict[frozenset[Count], _Part] = {}

    def group(self, terms: Terms) -> frozenset[Count]:
        """Which of the independent groups of open counts a sum touches."""
        return frozenset(self._groups.get(c, c) for c, _ in terms if c not in self.statement.shown)

    def world(self, wanted: Fact, favour: Iterable[Terms] = ()) -> Mapping[Count, int] | None:
        """Values of the open counts near ``wanted`` that agree with every fact and with it; None if there are none.

        Of several such worlds one in which the sums ``favour`` are large. The answer is checked against every fact
        in whole numbers, so a world that is given exists.
        """
        asked = _open_part(wanted, self.statement.shown)
        if not asked.terms:
            return {} if asked.holds({}) else None
        return self._part(self.group(asked.terms)).solve(asked, [_open_terms(t, self.statement.shown) for t in favour])

    def extreme(self, terms: Terms, *, most: bool) -> int | None:
        """The largest (or smallest) value a sum may have; None where the statement contradicts itself."""
        asked = _open_part(Fact(terms), self.statement.shown)
        constant = total(tuple((c, k) for c, k in terms if c in self.statement.shown), self.statement.shown)
        if not asked.terms:
            return constant
        towards = tuple((count, k if most else -k) for count, k in asked.terms)
        found = self._part(self.group(asked.terms)).solve(asked, [towards])
        return None if found is None else constant + total(asked.terms, found)

    def values(self, terms: Terms, most: int = 12) -> tuple[int, ...]:
        """The values a sum may have, the first ``most`` of them."""
        low, high = self.extreme(terms, most=False), self.extreme(terms, most=True)
        if low is None or high is None:
            return ()
        candidates = range(low, min(high, low + 4 * most) + 1)
        found = [v for v in candidates if self.world(Fact(terms, v, v)) is not None]
        return tuple(found[:most])

    def _part(self, groups: frozenset[Count]) -> _Part:
        if groups not in self._parts:
            facts = tuple(fact for root in sorted(groups) for fact in self._facts_of[root])
            counts = {count for fact in facts for count, _ in fact.terms} | {g for g in groups if g not in self._groups}
            self._parts[groups] = _Part(tuple(sorted(counts)), facts, self.statement.largest)
        return self._parts[groups]


@dataclass
class _Part:
    """Groups of open counts that belong together, as one integer program."""

    counts: tuple[Count, ...]
    facts: tuple[Fact, ...]
    largest: Mapping[Count, int]

    @cached_property
    def _columns(self) -> Mapping[Count, int]:
        return {count: column for column, count in enumerate(self.counts)}

    @cached_property
    def _relaxed(self) -> highspy.Highs:
        return _solver(self._model())

    @cached_property
    def _whole(self) -> highspy.Highs:
        model = self._model()
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.counts)
        return _solver(model)

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.counts), len(self.facts)
        model.col_cost_ = np.zeros(len(self.counts))
        model.col_lower_ = np.zeros(len(self.counts))
        model.col_upper_ = np.array([self.largest[count] for count in self.counts], dtype=float)
        model.row_lower_ = np.array([_lower(fact) for fact in self.facts])
        model.row_upper_ = np.array([_upper(fact) for fact in self.facts])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lengths = [len(fact.terms) for fact in self.facts]
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        model.a_matrix_.index_ = np.array([self._columns[c] for f in self.facts for c, _ in f.terms], dtype=np.int32)
        model.a_matrix_.value_ = np.array([k for f in self.facts for _, k in f.terms], dtype=float)
        return model

    def solve(self, asked: Fact, favour: Iterable[Terms]) -> Mapping[Count, int] | None:
        """A world in which the asked fact holds, with the favoured sums as large as can be; None if there is none.

        The program without whole numbers comes first: where that has no solution there is none, and its solution is
        mostly whole by itself.
        """
        costs = np.zeros(len(self.counts))
        for terms in favour:
            for count, k in terms:
                if count in self._columns:
                    costs[self._columns[count]] -= k
        found = self._run(self._relaxed, asked, costs)
        if found is not None and not np.allclose(found, np.rint(found), rtol=0, atol=1e-6):
            found = self._run(self._whole, asked, costs)
        if found is None:
            return None
        return self._checked({c: round(v) for c, v in zip(self.counts, found, strict=True)}, asked)

    def _run(self, solver: highspy.Highs, asked: Fact, costs: Numbers) -> Numbers | None:
        columns = np.array([self._columns[count] for count, _ in asked.terms], dtype=np.int32)
        values = np.array([k for _, k in asked.terms], dtype=float)
        solver.addRow(_lower(asked), _upper(asked), len(columns), columns, values)
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        solver.run()
        status = solver.getModelStatus()
        found = np.array(solver.getSolution().col_value)
        solver.deleteRows(1, np.array([len(self.facts)], dtype=np.int32))
        solver.clearSolver()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"the integer program ended as {solver.modelStatusToString(status)}")
        return found

    def _checked(self, world: Mapping[Count, int], asked: Fact) -> Mapping[Count, int]:
        """The world, after looking at every fact in whole numbers: the solver's own arithmetic proves nothing."""
        inside = all(0 <= value <= self.largest[count] for count, value in world.items())
        if not inside or not all(fact.holds(world) for fact in (*self.facts, asked)):
            raise ArithmeticError("the integer program gave a world that does not agree with the statement")
        return world


def _solver(model: highspy.HighsLp) -> highspy.Highs:
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    return solver


def _lower(fact: Fact) -> float:
    return -highspy.kHighsInf if fact.low is None else float(fact.low)


def _upper(fact: Fact) -> float:
    return highspy.kHighsInf if fact.high is None else float(fact.high)


def _open_terms(terms: Terms, shown: Mapping[Count, int]) -> Terms:
    return tuple((count, k) for count, k in terms if count not in shown)


def _open_part(fact: Fact, shown: Mapping[Count, int]) -> Fact:
    """The fact about the counts that are not shown, with what is shown moved to the bounds."""
    known, merged = 0, dict[Count, int]()
    for count, k in fact.terms:
        value = shown.get(count)
        if value is None:
            merged[count] = merged.get(count, 0) + k
        else:
            known += k * value
    low = None if fact.low is None else fact.low - known
    high = None if fact.high is None else fact.high - known
    return Fact(tuple((count, k) for count, k in merged.items() if k), low, high, fact.where)


def _groups(facts: Iterable[Fact]) -> dict[Count, Count]:
    """Each open count with the representative of those it is bound to by facts, directly or over others."""
    above: dict[Count, Count] = {}

    def root(count: Count) -> Count:
        while above[count] != count:
            above[count] = above[above[count]]
            count = above[count]
        return count

    for fact in facts:
        first = fact.terms[0][0]
        above.setdefault(first, first)
        ours = root(first)
        for count, _ in fact.terms[1:]:
            theirs = root(count) if count in above else count
            above[theirs] = ours
    return {count: root(count) for count in above}
