"""What readers know, as linear facts about whole numbers. Solves nothing and knows no rule that hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Count(NamedTuple):
    """One reported count; ``issue`` tells apart what a unit answered at the time of an earlier issue and changed."""

    unit: str
    year: int
    variable: str
    period: str
    issue: str = ""


Terms = tuple[tuple[Count, int], ...]
"""A sum of counts, each with its coefficient."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sum of counts lies between two bounds, both included (None: open), and where that is to be read."""

    terms: Terms
    low: int | None = None
    high: int | None = None
    where: str = ""

    def holds(self, world: Mapping[Count, int]) -> bool:
        """Whether it is so in this world."""
        value = total(self.terms, world)
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def total(terms: Terms, world: Mapping[Count, int]) -> int:
    """The value of a sum.

    >>> a = Count("990118100000", 2021, "rec_enlisted", "year")
    >>> total(((a, 2),), {a: 3})
    6
    """
    return sum(coefficient * world[count] for count, coefficient in terms)


@dataclass(frozen=True)
class Statement:
    """All that readers know: counts as printed, the largest value each may have at all, and facts about sums.

    A count that is neither shown nor bounded in ``largest`` stands in no fact.
    """

    shown: Mapping[Count, int] = field(default_factory=dict)
    largest: Mapping[Count, int] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()

    def also(self, facts: Iterable[Fact]) -> Statement:
        """The same with further facts."""
        return Statement(self.shown, self.largest, (*self.facts, *facts))


def share_facts(
    above: Terms, below: Terms, *, times: int, printed: Decimal, where: str, base: int = 0
) -> tuple[Fact, ...]:
    """What a share printed with its decimals tells: ``times * above / (below + base)`` rounds to ``printed``.

    Both ends of the rounding interval are taken as possible, whichever way a tie is rounded.

    >>> a = Count("990118100000", 2021, "rec_enlisted_college", "year")
    >>> [f.holds({a: 6}) for f in share_facts(((a, 1),), (), times=100, printed=Decimal("85.7"), where="", base=7)]
    [True, True]
    """
    half = Fraction(1, 2) * Fraction(10) ** int(printed.as_tuple().exponent)
    return (
        _at_least(above, below, base, times=times, share=Fraction(printed) - half, where=where),
        _negated(_at_least(above, below, base, times=times, share=Fraction(printed) + half, where=where)),
    )


def _at_least(above: Terms, below: Terms, base: int, *, times: int, share: Fraction, where: str) -> Fact:
    """``times * above - share * (below + base) >= 0`` in whole numbers."""
    scale = share.denominator
    terms: dict[Count, int] = {}
    for count, coefficient in above:
        terms[count] = terms.get(count, 0) + coefficient * times * scale
    for count, coefficient in below:
        terms[count] = terms.get(count, 0) - coefficient * share.numerator
    return Fact(tuple(terms.items()), low=share.numerator * base, where=where)


def _negated(fact: Fact) -> Fact:
    """At most in place of at least."""
    return Fact(fact.terms, high=fact.low, where=fact.where)
