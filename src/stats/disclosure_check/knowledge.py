"""What readers of several sets and records know together. One count that was another value then is told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stats.disclosure.audit import Count, Fact, Program, Statement
from stats.disclosure.counts import families, largest, parts_and_wholes
from stats.disclosure_check.facts import Said
from stats.disclosure_check.structure import structure_facts


@dataclass
class Together:
    """All that is said by several, and which counts are hidden, with where."""

    shown: dict[Count, int] = field(default_factory=dict)
    hidden: dict[Count, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    places: dict[Count, str] = field(default_factory=dict)

    @property
    def hidden_counts(self) -> list[Count]:
        """The counts that are hidden somewhere and shown nowhere."""
        return [count for count in self.hidden if count not in self.shown]

    def statement(self, *, usual: bool = False) -> Statement:
        """As a statement, with what holds in every return, and in ``usual`` ones of what is not shown."""
        counts = {*self.shown, *self.hidden, *(count for fact in self.facts for count, _ in fact.terms)}
        bounds = {count: largest(count.variable) for count in sorted(counts) if count not in self.shown}
        return Statement(self.shown, bounds, (*self.facts, *structure_facts(counts, bounds if usual else ())))

    def also(self, said: Said, changed: Iterable[Count]) -> Together:
        """With what one more says, of which these counts were others then."""
        apart = frozenset(changed)

        def then(count: Count) -> Count:
            return count._replace(issue=said.name) if count in apart else count

        facts = [
            Fact(tuple((then(count), k) for count, k in fact.terms), fact.low, fact.high, fact.where)
            for fact in said.facts
        ]
        return Together(
            {**self.shown, **{then(count): value for count, value in said.shown.items()}},
            {**{then(count): where for count, where in said.hidden.items()}, **self.hidden},
            [*self.facts, *facts],
            {**{then(count): where for count, where in said.places.items()}, **self.places},
        )


def together(said: Sequence[Said]) -> Together:
    """All that is said, the first one's words taken first.

    A count that a later one shows with another value, or whose family of questions cannot be as both say, is another
    count there: it has been corrected since, or came late.
    """
    known = Together()
    for each in said:
        changed = {count for count, value in each.shown.items() if known.shown.get(count, value) != value}
        for family in _contradicting(known.also(each, changed).statement()):
            changed |= {count for count in _counts(each) if count.variable in family}
        known = known.also(each, changed)
    return known


def _counts(said: Said) -> set[Count]:
    return {*said.shown, *said.hidden, *(count for fact in said.facts for count, _ in fact.terms)}


def _contradicting(statement: Statement) -> list[frozenset[str]]:
    """The families of questions of which no world agrees with all that is said."""
    program, found = Program(statement), []
    for family in families():
        names = frozenset((*family, *(whole for part, whole in parts_and_wholes() if part in family)))
        if not _has_world(program, [count for count in statement.largest if count.variable in names]):
            found.append(names)
    return found


def _has_world(program: Program, counts: Iterable[Count]) -> bool:
    return all(program.world(Fact(((count, 1),))) is not None for count in _one_of_each_group(program, counts))


def _one_of_each_group(program: Program, counts: Iterable[Count]) -> list[Count]:
    groups = {program.group(((count, 1),)): count for count in counts}
    return list(groups.values())


def one_world(statement: Statement) -> Mapping[Count, int] | None:
    """Any values that agree with all that is said, whether they are true or not; None if there are none."""
    program, world = Program(statement), dict(statement.shown)
    for count in _one_of_each_group(program, statement.largest):
        found = program.world(Fact(((count, 1),)))
        if found is None:
            return None
        world |= found
    return world
