"""Whether protected quantities stay open: each may be as large as is not protected, and has two values at least.

Takes what is published and what is to be guarded; imports nothing of the rule that hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from stats.disclosure.audit.program import Program
from stats.disclosure.audit.statement import Count, Fact, Statement, Terms
from stats.disclosure.audit.worlds import Worlds

Danger = Literal["small", "pinned"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A quantity that must stay open: readers must have to allow for ``reach``, and for two values at least.

    ``value`` is what it truly is, None where only the published files are at hand.
    """

    terms: Terms
    reach: int
    value: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A guarded quantity that does not stay open: provably below its reach, or pinned to one value."""

    guarded: Guarded
    danger: Danger


def exposed(
    statement: Statement,
    guarded: Iterable[Guarded],
    *,
    small: bool = True,
    worlds: Worlds | None = None,
    news: Iterable[Fact] | None = None,
) -> tuple[Exposed, ...]:
    """The quantities that do not stay open, given the statement; ``small`` off asks for two values only.

    ``news`` are the facts that came to a statement proved before: quantities they do not bear on, directly or over
    others, are as open as they were and are not looked at again.

    Method: for each quantity a world that agrees with every published fact and in which it reaches its bound (or
    differs from its true value) is looked for by an integer program; worlds found for one serve for others.
    """
    program = Program(statement)
    search = _Search(program, Worlds({}) if worlds is None else worlds)
    wanted = list(guarded)
    if news is not None:
        touched = frozenset[Count]().union(*(program.group(fact.terms) for fact in news))
        groups = {quantity.terms: program.group(quantity.terms) for quantity in wanted}
        # what is shown on all sides has no group, and is no more open than it looks
        wanted = [q for q in wanted if not groups[q.terms] or not touched.isdisjoint(groups[q.terms])]
    below = list(search.unreachable(wanted)) if small else []
    rest = [quantity for quantity in wanted if quantity not in below]
    return (
        *(Exposed(quantity, "small") for quantity in below),
        *(Exposed(quantity, "pinned") for quantity in search.pinned(rest, reached=small)),
    )


class _Search:
    """Looks for worlds, first among those found before."""

    def __init__(self, program: Program, worlds: Worlds) -> None:
        self._program = program
        self._worlds = worlds

    def unreachable(self, wanted: list[Guarded]) -> Iterator[Guarded]:
        for nth, quantity in enumerate(wanted):
            is_there = quantity.value is not None and quantity.value >= quantity.reach
            fact = Fact(quantity.terms, low=quantity.reach)
            if not is_there and not self._has(fact) and not self._find(fact, [q.terms for q in wanted[nth:]]):
                yield quantity

    def pinned(self, wanted: list[Guarded], *, reached: bool) -> Iterator[Guarded]:
        """The quantities without a second value; one that reaches above its true value has two already."""
        for quantity in wanted:
            value = quantity.value
            if value is None:
                low, high = (self._program.extreme(quantity.terms, most=most) for most in (False, True))
                if low == high:
                    yield quantity
            elif not (reached and value < quantity.reach):
                facts = (Fact(quantity.terms, low=value + 1), Fact(quantity.terms, high=value - 1))
                if not any(map(self._has, facts)) and not any(map(self._find, facts)):
                    yield quantity

    def _has(self, fact: Fact) -> bool:
        return self._worlds.has(fact, self._program.statement)

    def _find(self, fact: Fact, favour: Iterable[Terms] = ()) -> bool:
        found = self._program.world(fact, favour)
        if found is not None:
            self._worlds.add(found, self._program.statement)
        return found is not None
