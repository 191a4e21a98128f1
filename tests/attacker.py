"""Attacks on protected counts: what can be pinned to one value, or proved small, from everything that is printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from attack_model import Bound, Knowledge, Leak, Program, Target, Tied, solver, targets, ties
from attack_reading import Fact, Reading, hidden
from attack_terms import WHOLE, Cell, Ratio

QUICK = 0.1
"""Deterministic seconds for granting many wishes at once, before one is asked for in earnest."""

Wish = Callable[[Program, Target], cp_model.IntVar]


@dataclass(frozen=True)
class Result:
    """How many protected quantities were attacked, and which were found out."""

    attacked: int
    leaks: tuple[Leak, ...]

    def of_kind(self, *kinds: str) -> tuple[Leak, ...]:
        """The leaks of these kinds."""
        return tuple(leak for leak in self.leaks if leak.kind in kinds)


def attack(readings: Sequence[Reading], k: int) -> Result:
    """Tries every protected quantity with all that these editions say together, the latest one last.

    "pinned": one value is left; "below k": every value left is below k; "rule": to a reader who also knows how hidden
    counts are chosen, though not why a single one is hidden, one value is left.
    """
    issues = [_Issue.of(reading, nth, readings) for nth, reading in enumerate(readings)]
    knowledge = Knowledge(
        {cell: value for issue in issues for cell, value in issue.truth.items()},
        tuple(dict.fromkeys(fact for issue in issues for fact in issue.facts)),
        tuple(dict.fromkeys(tie for issue in issues for tie in issue.tied)),
    )
    unprinted = frozenset(cell for issue in issues for cell in issue.hidden) - set(knowledge.known)
    wanted = list(dict.fromkeys(target for issue in issues for target in issue.targets(k)))
    leaks: list[Leak] = []
    for part in parts(knowledge, wanted):
        leaks += _attack_part(knowledge, part, k, unprinted)
    return Result(len(wanted), tuple(leaks))


@dataclass(frozen=True)
class _Issue:
    """What went out once. A count that is another one in a later issue is an unknown of its own."""

    reading: Reading
    names: Mapping[Cell, Cell]

    @classmethod
    def of(cls, reading: Reading, nth: int, readings: Sequence[Reading]) -> _Issue:
        truth, later = reading.world.truth, [other.world.truth for other in readings[nth + 1 :]]
        changed = [cell for cell, value in truth.items() if any(each.get(cell, value) != value for each in later)]
        return cls(reading, {cell: cell._replace(unit=f"{cell.unit} {nth}") for cell in changed})

    def _now(self, cells: Iterable[Cell]) -> tuple[Cell, ...]:
        return tuple(self.names.get(cell, cell) for cell in cells)

    @property
    def truth(self) -> Mapping[Cell, int]:
        return {self.names.get(cell, cell): value for cell, value in self.reading.world.truth.items()}

    @property
    def hidden(self) -> tuple[Cell, ...]:
        return self._now(hidden(self.reading))

    @property
    def facts(self) -> Iterable[Fact]:
        if not self.names:
            return self.reading.facts
        return (
            fact._replace(ratio=self._ratio(fact.ratio), other=None if fact.other is None else self._ratio(fact.other))
            for fact in self.reading.facts
        )

    def _ratio(self, ratio: Ratio) -> Ratio:
        return Ratio(self._now(ratio.above), self._now(ratio.below), ratio.factor)

    @property
    def tied(self) -> Iterable[Tied]:
        found = ties(self.reading.world.truth)
        return (Tied(self._now([tie.whole])[0], self._now(tie.parts), tie.equal) for tie in found)

    def targets(self, k: int) -> Iterable[Target]:
        for target in targets(self.reading.world.truth, k):
            yield target._replace(weights=tuple((self.names.get(cell, cell), sign) for cell, sign in target.weights))


@dataclass(frozen=True)
class Part:
    """Cells that have to do with each other, the bounds on them and the targets among them."""

    cells: frozenset[Cell]
    bounds: tuple[Bound, ...]
    targets: tuple[Target, ...]


def parts(knowledge: Knowledge, wanted: Iterable[Target]) -> list[Part]:
    """The parts the unknown cells fall into; targets whose cells are all known make a part of their own."""
    leader: dict[Cell, Cell] = {}

    def find(cell: Cell) -> Cell:
        while leader.setdefault(cell, cell) != cell:
            leader[cell] = cell = leader[leader[cell]]
        return cell

    groups = [(_cells_of(knowledge, bound), bound) for bound in knowledge.bounds]
    aims = [([c for c, _ in target.weights if c not in knowledge.known], target) for target in wanted]
    for cells, _ in (*groups, *aims):
        for cell in cells[1:]:
            leader[find(cell)] = find(cells[0])
    found: defaultdict[Cell | None, tuple[set[Cell], list[Bound], list[Target]]] = defaultdict(lambda: (set(), [], []))
    for cells, bound in groups:
        found[find(cells[0])][0].update(cells)
        found[find(cells[0])][1].append(bound)
    for cells, target in aims:
        found[find(cells[0]) if cells else None][0].update(cells)
        found[find(cells[0]) if cells else None][2].append(target)
    made = (Part(frozenset(cells), tuple(bounds), tuple(aim)) for cells, bounds, aim in found.values())
    return [part for part in made if part.targets]


def _cells_of(knowledge: Knowledge, bound: Bound) -> list[Cell]:
    multiplied = [cell for _, one, other in bound.products for cell in (*one, *other) if cell not in knowledge.known]
    return [*bound.linear.weights, *multiplied]


def _attack_part(knowledge: Knowledge, part: Part, k: int, unprinted: frozenset[Cell]) -> list[Leak]:
    if not part.cells:
        return [Leak(target, "pinned") for target in part.targets]
    strict = [target for target in part.targets if not target.excused]
    small = reached(Program(knowledge, part.bounds), strict, lambda program, target: _at_least(program, target, k))
    leaks = [Leak(target, "below k") for target in small]
    doubtful = [target for target in part.targets if target.excused or target in small]
    leaks += [Leak(target, "pinned") for target in reached(Program(knowledge, part.bounds), doubtful, _another)]
    aware = Program(knowledge, part.bounds)
    give_reasons(aware, knowledge, part.cells & unprinted, k)
    return leaks + [Leak(target, "rule") for target in reached(aware, part.targets, _another)]


def _at_least(program: Program, target: Target, k: int) -> cp_model.IntVar:
    is_large = program.model.new_bool_var("")
    program.model.add(program.expression(target.weights) >= k).only_enforce_if(is_large)
    return is_large


def _another(program: Program, target: Target) -> cp_model.IntVar:
    """Whether it has another value than the true one."""
    more, less, either = (program.model.new_bool_var("") for _ in range(3))
    expression = program.expression(target.weights)
    program.model.add(expression >= target.value + 1).only_enforce_if(more)
    program.model.add(expression <= target.value - 1).only_enforce_if(less)
    program.model.add_bool_or(more, less, either.negated())
    return either


def reached(program: Program, wanted: Iterable[Target], wish: Wish) -> list[Target]:
    """The targets for which no world grants the wish: each round grants as many of those left as it can."""
    left = {target: wish(program, target) for target in wanted}
    while left:
        program.model.clear_objective()
        program.model.maximize(sum(left.values()))
        trying = solver(QUICK)
        status = trying.solve(program.model)
        granted = []
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            granted = [target for target, flag in left.items() if trying.value(flag)]
        if not granted and status != cp_model.OPTIMAL:
            granted = _any(program, left)
        if not granted:
            return list(left)
        for target in granted:
            del left[target]
    return []


def _any(program: Program, left: Mapping[Target, cp_model.IntVar]) -> list[Target]:
    """Some of the targets that can be granted, decided without looking for the most."""
    model = program.model.clone()
    model.clear_objective()
    model.add_bool_or(list(left.values()))
    trying = solver()
    status = trying.solve(model)
    if status == cp_model.INFEASIBLE:
        return []
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise AssertionError(f"not decided: {trying.status_name(status)}")
    return [target for target, flag in left.items() if trying.value(flag)]


def give_reasons(program: Program, knowledge: Knowledge, unprinted: frozenset[Cell], k: int) -> None:
    """A hidden count is small, leaves a small rest of its whole, or stands in for another that has to do with it.

    Where a column shows no unit at all, that may be because it is sparse, which says nothing of a single count.
    """
    printed = {(cell.year, cell.count, cell.period) for cell in knowledge.known}
    if not any((cell.year, cell.count, cell.period) in printed for cell in unprinted):
        return
    reasons = [reason for cell in sorted(unprinted) for reason in _reasons(program, knowledge, cell, k)]
    program.model.add_bool_or(reasons)


def _reasons(program: Program, knowledge: Knowledge, cell: Cell, k: int) -> Iterable[cp_model.IntVar]:
    whole = cell._replace(count=WHOLE.get(cell.count, ""))
    weights = [[(cell, 1)], *([[(whole, 1), (cell, -1)]] if whole in knowledge.truth else [])]
    for each in weights:
        is_small = program.model.new_bool_var("")
        program.model.add_linear_constraint(program.expression(each), 1, k - 1).only_enforce_if(is_small)
        yield is_small
