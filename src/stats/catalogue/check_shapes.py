"""The shapes a cross-field check can have, as values. Evaluates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Relation = Literal[">", ">=", "=="]


@dataclass(frozen=True, slots=True)
class AtMost:
    """The sum of ``parts`` is at most ``times`` the sum of ``wholes``, give or take ``slack``."""

    parts: tuple[str, ...]
    wholes: tuple[str, ...]
    times: Fraction = Fraction(1)
    slack: Fraction = Fraction(0)

    @property
    def variables(self) -> tuple[str, ...]:
        return self.parts + self.wholes


@dataclass(frozen=True, slots=True)
class AtLeastShare:
    """``part`` is at least ``share`` of ``whole``."""

    part: str
    whole: str
    share: Fraction

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.part, self.whole)


@dataclass(frozen=True, slots=True)
class SumsTo:
    """The sum of ``parts`` is ``whole``, give or take ``slack``."""

    parts: tuple[str, ...]
    whole: str
    slack: Fraction

    @property
    def variables(self) -> tuple[str, ...]:
        return (*self.parts, self.whole)


@dataclass(frozen=True, slots=True)
class Condition:
    """The sum of these answers stands in this relation to a number."""

    addends: tuple[str, ...]
    relation: Relation
    number: int


@dataclass(frozen=True, slots=True)
class Implies:
    """Where ``condition`` holds, ``consequence`` holds too."""

    condition: Condition
    consequence: Condition

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.condition.addends + self.consequence.addends))


@dataclass(frozen=True, slots=True)
class NotBelowLastYear:
    """The answer is not below last year's."""

    variable: str

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class NearLastYear:
    """The answer differs from last year's by at most ``share`` of last year's."""

    variable: str
    share: Fraction

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class WithinFactor:
    """The answer is less than ``factor`` times last year's and more than its ``factor``-th part; last year not 0."""

    variable: str
    factor: int

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


Rule = AtMost | AtLeastShare | SumsTo | Implies | NotBelowLastYear | NearLastYear | WithinFactor


def at_most(part: str, whole: str, *, times: str = "1", slack: str = "0") -> AtMost:
    """``part`` is at most ``whole``.

    >>> at_most("fnd_spent", "fnd_budget", times="1.5").times
    Fraction(3, 2)
    """
    return AtMost((part,), (whole,), Fraction(times), Fraction(slack))


def sum_at_most(*parts: str, whole: str, slack: str = "0") -> AtMost:
    """The parts together are at most ``whole``."""
    return AtMost(parts, (whole,), slack=Fraction(slack))


def at_most_sum(part: str, *wholes: str) -> AtMost:
    """``part`` is at most the sum of ``wholes``."""
    return AtMost((part,), wholes)


def at_least_share(part: str, whole: str, *, share: str) -> AtLeastShare:
    """``part`` is at least this share of ``whole``."""
    return AtLeastShare(part, whole, Fraction(share))


def sums_to(*parts: str, whole: str, slack: str) -> SumsTo:
    """The parts together are ``whole``, rounding aside."""
    return SumsTo(parts, whole, Fraction(slack))


def above(number: int, *addends: str) -> Condition:
    """The sum of these answers is above the number."""
    return Condition(addends, ">", number)


def at_least(number: int, *addends: str) -> Condition:
    """The sum of these answers is at least the number."""
    return Condition(addends, ">=", number)


def equals(number: int, *addends: str) -> Condition:
    """The sum of these answers is the number."""
    return Condition(addends, "==", number)


def implies(condition: Condition, consequence: Condition) -> Implies:
    """Where the one holds, the other holds too."""
    return Implies(condition, consequence)


def not_below_last_year(variable: str) -> NotBelowLastYear:
    """The answer is not below last year's."""
    return NotBelowLastYear(variable)


def near_last_year(variable: str, *, share: str) -> NearLastYear:
    """The answer is within this share of last year's."""
    return NearLastYear(variable, Fraction(share))


def within_factor(variable: str, *, factor: int) -> WithinFactor:
    """The answer and last year's are less than this factor apart."""
    return WithinFactor(variable, factor)
