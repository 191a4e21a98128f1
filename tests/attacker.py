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

_SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)

Values = Mapping[Cell, int]
"""Values of the unknown counts that agree with all that is printed."""

Wish = Callable[[Program, Target], cp_model.IntVar]


@dataclass(frozen=True)
class Result:
    """How many protected quantities were attacked, which were found out, and what texts say that they must not."""

    attacked: int
    leaks: tuple[Leak, ...]
    exposed: tuple[str, ...] = ()

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
    wanted = _merged(target for issue in issues for target in issue.targets(k))
    leaks: list[Leak] = []
    for part in parts(knowledge, wanted):
        leaks += _attack_part(knowledge, part, k, unprinted)
    return Result(len(wanted), tuple(leaks), tuple(text for reading in readings for text in reading.exposed))


def _merged(found: Iterable[Target]) -> list[Target]:
    """Each quantity once; an open whole of any issue that keeps it small is there for all to read."""
    by_weights: dict[tuple[tuple[Cell, int], ...], Target] = {}
    for target in found:
        known = by_weights.get(target.weights, target)
        by_weights[target.weights] = known._replace(excused=known.excused or target.excused)
    return list(by_weights.values())


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
    worlds: list[Values] = []
    strict = [target for target in part.targets if not target.excused]
    found = Program(knowledge, part.bounds)
    small = reached(found, strict, lambda program, target: _at_least(program, target, k), worlds)
    leaks = [Leak(target, "below k") for target in small]
    others = [target for target in part.targets if not _differs(knowledge, target, worlds)]
    leaks += [Leak(target, "pinned") for target in reached(Program(knowledge, part.bounds), others, _another, worlds)]
    hidden_here = part.cells & unprinted
    if _tells_reasons(knowledge, hidden_here):
        worlds = [world for world in worlds if any(_is_reason(knowledge, world, cell, k) for cell in hidden_here)]
    left = [target for target in part.targets if not _differs(knowledge, target, worlds)]
    aware = Program(knowledge, part.bounds)
    give_reasons(aware, knowledge, hidden_here, k)
    return leaks + [Leak(target, "rule") for target in reached(aware, left, _another, worlds)]


def _differs(knowledge: Knowledge, target: Target, worlds: Iterable[Values]) -> bool:
    """Whether a world already found has another value of the target than the true one."""
    return any(_sum(knowledge, world, target.weights) != target.value for world in worlds)


def _sum(knowledge: Knowledge, world: Values, weights: Iterable[tuple[Cell, int]]) -> int:
    return sum(sign * (world[cell] if cell in world else knowledge.truth[cell]) for cell, sign in weights)


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


def reached(program: Program, wanted: Iterable[Target], wish: Wish, worlds: list[Values]) -> list[Target]:
    """The targets for which no world grants the wish: each round grants as many of those left as it can.

    Every world that grants some is added to ``worlds``.
    """
    left = {target: wish(program, target) for target in wanted}
    effort = QUICK
    while left:
        granted = _most(program, left, worlds, effort)
        if not granted:
            effort *= 3
            granted = _any(program, left, worlds)
        if not granted:
            return list(left)
        for target in granted:
            del left[target]
    return []


def _most(
    program: Program, left: Mapping[Target, cp_model.IntVar], worlds: list[Values], effort: float
) -> list[Target]:
    """Many of the targets that can be granted at once; none where that takes more than a moment."""
    program.model.clear_objective()
    program.model.maximize(sum(left.values()))
    trying = solver(effort)
    return _granted(program, trying, left, worlds) if trying.solve(program.model) in _SOLVED else []


def _any(program: Program, left: Mapping[Target, cp_model.IntVar], worlds: list[Values]) -> list[Target]:
    """Some of the targets that can be granted, decided without looking for the most."""
    model = program.model.clone()
    model.clear_objective()
    model.add_bool_or(list(left.values()))
    trying = solver()
    status = trying.solve(model)
    if status not in (cp_model.INFEASIBLE, *_SOLVED):
        raise AssertionError(f"not decided: {status}")
    return _granted(program, trying, left, worlds) if status in _SOLVED else []


def _granted(
    program: Program, tried: cp_model.CpSolver, left: Mapping[Target, cp_model.IntVar], worlds: list[Values]
) -> list[Target]:
    """The wishes that the solver's world grants."""
    granted = [target for target, flag in left.items() if tried.value(flag)]
    if granted:
        worlds.append({cell: tried.value(variable) for cell, variable in program.variables.items()})
    return granted


def _tells_reasons(knowledge: Knowledge, unprinted: Iterable[Cell]) -> bool:
    """Whether a count is hidden in a column of which others are printed: an empty column may be a sparse one."""
    printed = {(cell.year, cell.count, cell.period) for cell in knowledge.known}
    return any((cell.year, cell.count, cell.period) in printed for cell in unprinted)


def _is_reason(knowledge: Knowledge, world: Values, cell: Cell, k: int) -> bool:
    return any(0 < _sum(knowledge, world, weights) < k for weights in _quantities(knowledge, cell))


def _quantities(knowledge: Knowledge, cell: Cell) -> list[list[tuple[Cell, int]]]:
    """A count and what it leaves of its whole."""
    whole = cell._replace(count=WHOLE.get(cell.count, ""))
    return [[(cell, 1)], *([[(whole, 1), (cell, -1)]] if whole in knowledge.truth else [])]


def give_reasons(program: Program, knowledge: Knowledge, unprinted: frozenset[Cell], k: int) -> None:
    """A hidden count is small, leaves a small rest of its whole, or stands in for another that has to do with it.

    Where a column shows no unit at all, that may be because it is sparse, which says nothing of a single count.
    """
    if not _tells_reasons(knowledge, unprinted):
        return
    reasons = []
    for weights in (weights for cell in sorted(unprinted) for weights in _quantities(knowledge, cell)):
        reasons.append(program.model.new_bool_var(""))
        expression = program.expression(weights)
        program.model.add_linear_constraint(expression, 1, k - 1).only_enforce_if(reasons[-1])
    program.model.add_bool_or(reasons)
