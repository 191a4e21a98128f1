"""Facts turned into an integer program: which values of the protected counts agree with everything that is printed.

Known numbers are put in first, so that what is left falls into parts that have nothing to do with each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from attack_reading import Fact
from attack_terms import OPEN, SEASONAL, WHOLE, Cell, most, seasons

EFFORT = 20.0
"""Deterministic seconds for one question; one that stays open is an error, never an answer."""

Weights = Mapping[Cell, int]


class Linear(NamedTuple):
    """Σ weight × cell + constant over cells that are not known."""

    weights: Weights
    constant: int


class Bound(NamedTuple):
    """``linear`` ≤ 0, or with ``product`` (each × each) added; ``said`` tells where it comes from."""

    linear: Linear
    products: tuple[tuple[int, tuple[Cell, ...], tuple[Cell, ...]], ...]
    said: str


class Target(NamedTuple):
    """A protected quantity: a count or a rest, of a unit or all; ``excused``: an open whole keeps it below k."""

    name: str
    weights: tuple[tuple[Cell, int], ...]
    value: int
    excused: bool


class Leak(NamedTuple):
    """A protected quantity that is found out."""

    target: Target
    kind: str


class Tied(NamedTuple):
    """What holds in every return that is used: Σ parts ≤ whole, or equal to it where the parts are its seasons."""

    whole: Cell
    parts: tuple[Cell, ...]
    equal: bool


def ties(truth: Mapping[Cell, int]) -> Iterator[Tied]:
    """The public checks and seasons that bind the counts of these answers."""
    for cell in truth:
        whole, names = cell._replace(count=WHOLE.get(cell.count, "")), seasons(cell.year)
        if whole in truth:
            yield Tied(whole, (cell,), equal=False)
        if cell.period == "year" and cell.count in SEASONAL and names != ("year",):
            yield Tied(cell, tuple(cell._replace(period=name) for name in names), equal=True)


@dataclass
class Knowledge:
    """What a reader knows for certain: facts, what ties counts to each other, which counts are printed."""

    truth: Mapping[Cell, int]
    facts: Sequence[Fact]
    tied: Sequence[Tied]
    known: dict[Cell, int] = field(default_factory=dict)
    bounds: list[Bound] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = {cell: value for cell, value in self.truth.items() if cell.count in OPEN}
        self._learn()
        made = dict.fromkeys(self._key(bound) for bound in self._all_bounds())
        self.bounds = [Bound(Linear(dict(w), c), products, said) for w, c, products, said in made if w or products]

    @staticmethod
    def _key(bound: Bound) -> tuple[Any, ...]:
        return tuple(bound.linear.weights.items()), bound.linear.constant, bound.products, bound.said.partition(" ")[0]

    def _learn(self) -> None:
        """Single counts that are printed, and what seasons leave of a year."""
        for fact in self.facts:
            if fact.other is None and fact.low == fact.high and not fact.ratio.below and len(fact.ratio.above) == 1:
                self.known[fact.ratio.above[0]] = self.truth[fact.ratio.above[0]]
        for tie in self.tied:
            unknown = [cell for cell in (tie.whole, *tie.parts) if cell not in self.known]
            if tie.equal and len(unknown) == 1:
                self.known[unknown[0]] = self.truth[unknown[0]]

    def _all_bounds(self) -> Iterator[Bound]:
        for tie in self.tied:
            weights = {tie.whole: -1, **dict.fromkeys(tie.parts, 1)}
            yield from self._equal(weights, "seasons") if tie.equal else (self._bound(weights, 0, "part"),)
        for fact in self.facts:
            yield from self._printed(fact)

    def _equal(self, weights: Weights, said: str, constant: int = 0) -> Iterator[Bound]:
        yield self._bound(weights, constant, said)
        yield self._bound({cell: -weight for cell, weight in weights.items()}, -constant, said)

    def _bound(self, weights: Weights, constant: int, said: str) -> Bound:
        return Bound(self.linear(weights, constant), (), said)

    def linear(self, weights: Weights, constant: int = 0) -> Linear:
        """With known numbers put in."""
        rest = {cell: weight for cell, weight in weights.items() if weight and cell not in self.known}
        known = sum(weight * self.known[cell] for cell, weight in weights.items() if cell in self.known)
        return Linear(rest, constant + known)

    def _printed(self, fact: Fact) -> Iterator[Bound]:
        for side, bound in ((1, fact.low), (-1, fact.high)):
            if bound is not None:
                yield self._side(fact, side, bound)
        for ratio in (fact.ratio, fact.other):
            if ratio is not None and ratio.below:
                yield self._bound(dict.fromkeys(ratio.below, -1), 1, "something to divide by")

    def _side(self, fact: Fact, side: int, bound: Fraction) -> Bound:
        """``side`` × (bound × denominators − numerators) ≤ 0 (< 0: ≤ −1), all as integers."""
        terms = [(bound, fact.ratio.below, ()), (-fact.ratio.factor, fact.ratio.above, ())]
        if fact.other is not None and fact.divides:
            # a/b ≥ bound · c/d  ⇔  bound · c · b − a · d ≤ 0
            terms = [
                (bound * fact.other.factor, fact.other.above, fact.ratio.below),
                (-fact.ratio.factor, fact.ratio.above, fact.other.below),
            ]
        elif fact.other is not None:
            terms = [
                (bound, fact.ratio.below, fact.other.below),
                (-fact.ratio.factor, fact.ratio.above, fact.other.below),
                (fact.other.factor, fact.other.above, fact.ratio.below),
            ]
        scale = lcm(*(factor.denominator for factor, _, _ in terms))
        scaled = [(int(side * factor * scale), one, other) for factor, one, other in terms]
        return self._collected(scaled, 1 if fact.strict else 0, fact.said)

    def _collected(
        self, terms: Iterable[tuple[int, Sequence[Cell], Sequence[Cell]]], constant: int, said: str
    ) -> Bound:
        weights: defaultdict[Cell, int] = defaultdict(int)
        products = []
        for factor, one, other in terms:
            first, second = (self.linear(dict.fromkeys(cells, 1), 0 if cells else 1) for cells in (one, other))
            if not first.weights or not second.weights:
                moving, fixed = (first, second.constant) if first.weights else (second, first.constant)
                for cell, weight in moving.weights.items():
                    weights[cell] += factor * fixed * weight
                constant += factor * fixed * moving.constant
            else:
                products.append((factor, tuple(one), tuple(other)))
        made = self.linear(weights, constant)
        return Bound(made, tuple(products), said)


def targets(truth: Mapping[Cell, int], k: int) -> Iterator[Target]:
    """Every protected quantity of the given answers: counts and rests from 1 to k − 1, of units and of the county."""
    columns: defaultdict[tuple[int, str, str], list[Cell]] = defaultdict(list)
    for cell in truth:
        if cell.count not in OPEN:
            columns[cell.year, cell.count, cell.period].append(cell)
            yield from _quantity(truth, [cell], k, f"{cell.unit} {cell.year} {cell.count} {cell.period}")
    for (year, count, period), cells in columns.items():
        yield from _quantity(truth, cells, k, f"county {year} {count} {period}")


def _quantity(truth: Mapping[Cell, int], cells: Sequence[Cell], k: int, name: str) -> Iterator[Target]:
    value = sum(truth[cell] for cell in cells)
    wholes = {cell: whole for cell in cells if (whole := cell._replace(count=WHOLE.get(cell.count, ""))) in truth}
    is_open = bool(wholes) and cells[0]._replace(count=WHOLE[cells[0].count]).count in OPEN
    has_no_room = is_open and sum(truth[whole] for whole in wholes.values()) < k
    if 0 < value < k:
        yield Target(name, tuple((cell, 1) for cell in cells), value, has_no_room and len(wholes) == len(cells))
    rest = sum(truth[whole] - truth[cell] for cell, whole in wholes.items())
    if 0 < rest < k:
        sides = (*((whole, 1) for whole in wholes.values()), *((cell, -1) for cell in wholes))
        yield Target(f"rest of {name}", sides, rest, has_no_room)


class Program:
    """The integer program over cells that are not known, under some of the bounds."""

    def __init__(self, knowledge: Knowledge, bounds: Iterable[Bound]) -> None:
        self._knowledge = knowledge
        self.model = cp_model.CpModel()
        self.variables: dict[Cell, cp_model.IntVar] = {}
        self._sums: dict[tuple[Cell, ...], cp_model.IntVar] = {}
        for bound in bounds:
            self._post(bound)

    def variable(self, cell: Cell) -> cp_model.IntVar:
        """The cell's unknown."""
        if cell not in self.variables:
            self.variables[cell] = self.model.new_int_var(0, most(cell.count), str(cell))
            # A place to start from, which changes no answer: the true values agree with all that is said.
            self.model.add_hint(self.variables[cell], self._knowledge.truth[cell])
        return self.variables[cell]

    def expression(self, weights: Iterable[tuple[Cell, int]]) -> cp_model.LinearExpr:
        """Σ weight × cell with known numbers put in."""
        return self._sum(self._knowledge.linear(dict(weights)))

    def _sum(self, linear: Linear) -> cp_model.LinearExpr:
        cells = list(linear.weights)
        return (
            cp_model.LinearExpr.weighted_sum([self.variable(c) for c in cells], [linear.weights[c] for c in cells])
            + linear.constant
        )

    def _post(self, bound: Bound) -> None:
        expression = self._sum(bound.linear)
        for factor, one, other in bound.products:
            first, second = self._total(one), self._total(other)
            product = self.model.new_int_var(0, len(one) * len(other) * 5000 * 20000, "")
            self.model.add_multiplication_equality(product, [first, second])
            expression += factor * product
        self.model.add(expression <= 0)

    def _total(self, cells: tuple[Cell, ...]) -> cp_model.IntVar:
        if cells not in self._sums:
            limit = sum(most(cell.count) for cell in cells)
            made = self.model.new_int_var(0, limit, "")
            self.model.add(made == self._sum(self._knowledge.linear(dict.fromkeys(cells, 1))))
            self._sums[cells] = made
        return self._sums[cells]


def solver(effort: float = EFFORT) -> cp_model.CpSolver:
    """One thread and the same answer on every machine; for little effort without linear relaxations."""
    made = cp_model.CpSolver()
    made.parameters.linearization_level = int(effort == EFFORT)
    made.parameters.num_search_workers = 1
    made.parameters.max_deterministic_time = effort
    made.parameters.random_seed = 1
    return made
