"""Whether a rule is broken, exactly. Words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import assert_never

from stats.catalogue.check_shapes import (
    AtLeastShare,
    AtMost,
    Condition,
    Implies,
    NearLastYear,
    NotBelowLastYear,
    Rule,
    SumsTo,
    WithinFactor,
)
from stats.validate.intervals import Interval

Numbers = Mapping[str, Interval]


def is_broken(rule: Rule, now: Numbers, then: Numbers) -> bool:
    """Whether the rule is broken whatever the numbers are within their bounds.

    ``now`` holds this year's numbers by variable, ``then`` last year's (needed by the rules that look back).
    """
    match rule:
        case AtMost():
            excess = total(now, rule.parts).minus(total(now, rule.wholes).times(rule.times))
            return excess.is_above(rule.slack)
        case AtLeastShare():
            return now[rule.part].minus(now[rule.whole].times(rule.share)).is_below(0)
        case SumsTo():
            difference = total(now, rule.parts).minus(now[rule.whole])
            return difference.is_above(rule.slack) or difference.is_below(-rule.slack)
        case Implies():
            return _holds(rule.condition, now) and _fails(rule.consequence, now)
        case NotBelowLastYear():
            return now[rule.variable].minus(then[rule.variable]).is_below(0)
        case NearLastYear():
            return _is_far(now[rule.variable], then[rule.variable], rule)
        case WithinFactor():
            return _is_off_by_factor(now[rule.variable], then[rule.variable], rule.factor)
        case _:
            assert_never(rule)


def total(numbers: Numbers, names: Iterable[str]) -> Interval:
    """The sum of these variables."""
    return reduce(Interval.plus, (numbers[name] for name in names))


def _is_far(now: Interval, then: Interval, rule: NearLastYear) -> bool:
    above = now.minus(then.times(1 + rule.share)).is_above(0)
    return above or now.minus(then.times(1 - rule.share)).is_below(0)


def _is_off_by_factor(now: Interval, then: Interval, factor: int) -> bool:
    grown = now.minus(then.times(factor)).is_at_least(0)
    shrunk = now.times(factor).minus(then).is_at_most(0)
    return then.is_above(0) and (grown or shrunk)


def _holds(condition: Condition, numbers: Numbers) -> bool:
    """Whether the condition holds for every number within the bounds."""
    value = total(numbers, condition.addends)
    if condition.relation == ">":
        return value.is_above(condition.number)
    if condition.relation == ">=":
        return value.is_at_least(condition.number)
    return value.is_at_least(condition.number) and value.is_at_most(condition.number)


def _fails(condition: Condition, numbers: Numbers) -> bool:
    """Whether the condition fails for every number within the bounds."""
    value = total(numbers, condition.addends)
    if condition.relation == ">":
        return value.is_at_most(condition.number)
    if condition.relation == ">=":
        return value.is_below(condition.number)
    return value.is_above(condition.number) or value.is_below(condition.number)
