"""What a broken rule says to the town: labels, numbers with units of measure, and where they stand. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import assert_never

from stats.catalogue.check_shapes import (
    AtLeastShare,
    AtMost,
    Implies,
    NearLastYear,
    NotBelowLastYear,
    Rule,
    SumsTo,
    WithinFactor,
)
from stats.catalogue.seasons import SEASON_NAMES
from stats.returns import Cell
from stats.validate.check_evaluation import Number, Operand, number

Operands = Mapping[str, Operand]

_FAILURES = {">": "不大于", ">=": "小于", "==": "不等于"}
_APPROXIMATE = "所列数中有概数，在其范围内无论取何值均不满足，因此只作提示"


def detail(rule: Rule, now: Operands, then: Operands) -> str:
    """The numbers that break the rule, in a clause without a full stop."""
    match rule:
        case AtMost():
            wholes = _listed(now, rule.wholes, most=True)
            return f"{_listed(now, rule.parts)}大于{_multiple(rule.times)}{wholes}"
        case AtLeastShare():
            return f"{_one(now[rule.part])}不足{_one(now[rule.whole])}的{plain(rule.share)}倍"
        case SumsTo():
            return f"{_listed(now, rule.parts)}不等于{_one(now[rule.whole])}"
        case Implies():
            return _implication(rule, now)
        case NotBelowLastYear():
            return f"本年{_one(now[rule.variable])}低于上年{quantity(then[rule.variable])}"
        case NearLastYear():
            share = f"上年{quantity(then[rule.variable])}相差超过{plain(rule.share * 100)}%"
            return f"本年{_one(now[rule.variable])}与{share}"
        case WithinFactor():
            return f"本年{_one(now[rule.variable])}与上年{quantity(then[rule.variable])}相差{rule.factor}倍以上"
        case _:
            assert_never(rule)


def quantity(operand: Operand) -> str:
    """The number with its unit of measure; an approximation by the bounds that are known.

    The raw text is never used, since a remark inside it may be about one person.
    """
    low, high = plain(operand.interval.low), plain(operand.interval.high)
    unit = operand.variable.unit
    if not operand.approximate:
        return f"{low}{unit}"
    from_below, from_above = (all(getattr(cell, end) for cell in operand.cells) for end in ("lower", "upper"))
    if from_below and from_above:
        return f"{low}至{'不足' if operand.interval.high_open else ''}{high}{unit}"
    if from_below:
        return f"不少于{low}{unit}"
    if from_above:
        return f"不超过{high}{unit}"
    return f"约{plain(sum((number(cell.value or '0') for cell in operand.cells), start=0))}{unit}"


def plain(value: Number) -> str:
    """A number as plain decimal text, without trailing zeros.

    >>> plain(Fraction(701, 20)), plain(1000)
    ('35.05', '1000')
    """
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def places(cells: Iterable[Cell]) -> str:
    """Where the answers stand: file, sheet, then every cell.

    A file is named once for all its cells.
    """
    named = [(f"{cell.file}「{cell.sheet}」" if cell.sheet else cell.file, cell.cell) for cell in cells if cell.file]
    groups = [(file, "、".join(cell for _, cell in group)) for file, group in groupby(named, key=lambda pair: pair[0])]
    return "；".join(f"{file}的{addresses}" for file, addresses in groups)


def message(text: str, *, period: str, clause: str, where: str, approximate: bool) -> str:
    """The whole message: the check's own sentence, the numbers, and where they stand."""
    sentence = f"{text}：{SEASON_NAMES.get(period, '')}{clause}"
    if approximate:
        sentence += f"（{_APPROXIMATE}）"
    return f"{sentence}，见{where}" if where else sentence


def _implication(rule: Implies, now: Operands) -> str:
    condition, consequence = rule.condition, rule.consequence
    failure = f"{_FAILURES[consequence.relation]}{consequence.number}"
    if condition.addends == consequence.addends:
        return f"{_listed(now, condition.addends)}，{failure}"
    return f"{_listed(now, condition.addends)}，而{_listed(now, consequence.addends)}，{failure}"


def _one(operand: Operand) -> str:
    return f"「{operand.variable.full_name}」{quantity(operand)}"


def _listed(operands: Operands, names: tuple[str, ...], *, most: bool = False) -> str:
    """The quantities, and where there are several their sum: its lower end, or its upper end where ``most``."""
    addends = [operands[name] for name in names]
    listed = "、".join(_one(operand) for operand in addends)
    if len(addends) == 1:
        return listed
    ends = (operand.interval.high if most else operand.interval.low for operand in addends)
    bound = ("不超过" if most else "不少于") if any(operand.approximate for operand in addends) else ""
    return f"{listed}（合计{bound}{plain(sum(ends, start=0))}{addends[0].variable.unit}）"


def _multiple(times: Fraction) -> str:
    return "" if times == 1 else f"{plain(times)}倍的"
