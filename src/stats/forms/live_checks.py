"""The checks of the catalogue as spreadsheet formulas and as words beside a row. Writes and evaluates nothing.

Formulas use only IF, IFERROR, AND, OR, NOT, ABS, INT, ROUND and VALUE, which Excel, WPS and LibreOffice understand
alike. VALUE also reads a number typed into a text cell, and fails on 120余, — or an empty text, so that such an answer
raises no warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from stats.catalogue.checks import CHECKS, Check
from stats.catalogue.variables import Variable, variables
from stats.returns.form_layout import PERIODS, answered_in
from stats.validate.finding_texts import plain

# Spreadsheets compute in binary: what remains beyond this many places is no difference.
_PLACES = 6
_RELATIONS = {">": "大于", ">=": "不少于", "==": "为"}
_SIGNS = {">": ">", ">=": ">=", "==": "="}

# The text of a number for a formula, by variable: this year's and last year's.
Operand = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """One check on one form: the variable it stands beside, a formula that is true if it is broken, and its words."""

    id: str
    beside: str
    is_broken: str
    words: str

    @property
    def formula(self) -> str:
        """An expression that gives the words where the check is broken, and otherwise nothing."""
        return f'IFERROR(IF({self.is_broken},"{self.words}。",""),"")'


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the answers of a form stand: addresses by variable and period, and of last year's answer by variable."""

    year: int
    answers: dict[tuple[str, str], str]
    last_year: dict[str, str]

    def has(self, names: Iterable[str]) -> bool:
        """Whether every one of these questions is on the form."""
        return all(name in self.last_year for name in names)

    def in_period(self, period: str) -> Operand:
        """The numbers of one period."""
        return lambda name: number_at(self.answers[name, period])

    def whole_year(self, name: str) -> str:
        """The number of the whole year; season answers added up."""
        due = answered_in(variables()[name], self.year)
        return _sum(number_at(self.answers[name, period]) for period in due)

    def year_before(self, name: str) -> str:
        """Last year's number."""
        return number_at(self.last_year[name])


def number_at(address: str) -> str:
    """The number at an address, an error where there is none.

    The empty text is added because VALUE takes a blank cell itself for zero.
    """
    return f'VALUE({address}&"")'


def live_checks(sheet: Sheet, *, with_last_year: bool) -> tuple[LiveCheck, ...]:
    """The checks whose questions are all on the form, one for each period they look at, in order of the catalogue."""
    return tuple(
        live
        for check in CHECKS
        if sheet.has(check.rule.variables) and (with_last_year or check.scope != "last_year")
        for live in _of_check(check, sheet)
    )


def range_checks(sheet: Sheet) -> tuple[LiveCheck, ...]:
    """For each number question and period: whether the number is within its range, and whole where it counts."""
    return tuple(
        LiveCheck("", name, outside(variables()[name], address), f"提示：{_season(name, period)}{allowed}")
        for (name, period), address in sheet.answers.items()
        if variables()[name].is_number and (allowed := f"应为{range_words(variables()[name])}")
    )


def outside(variable: Variable, address: str) -> str:
    """A formula that is true where a number stands at the address that the question does not accept."""
    number = number_at(address)
    conditions = [f"{number}<{plain_limit(variable.minimum)}", f"{number}>{plain_limit(variable.maximum)}"]
    if variable.kind == "int":
        conditions.append(f"{number}<>INT({number})")
    return f"OR({','.join(conditions)})"


def range_words(variable: Variable) -> str:
    """The range of a number question in words.

    >>> range_words(variables()["sys_council_quarters"])
    '0—4的整数'
    """
    numbers = "整数" if variable.kind == "int" else "数"
    return f"{plain_limit(variable.minimum)}—{plain_limit(variable.maximum)}的{numbers}"


def plain_limit(limit: object) -> str:
    """A bound of a question's range as text; the catalogue gives every number question both."""
    return str(limit)


def _of_check(check: Check, sheet: Sheet) -> Iterable[LiveCheck]:
    beside = _beside(check.rule)
    label, words = f"{check.severity.label}：", f"{_words(check.rule, beside)}（{check.id}）"
    if check.scope != "row":
        yield LiveCheck(check.id, beside, _is_broken(check.rule, sheet.whole_year, sheet.year_before), label + words)
        return
    for period in PERIODS:
        if all((name, period) in sheet.answers for name in check.rule.variables):
            broken = _is_broken(check.rule, sheet.in_period(period), sheet.year_before)
            yield LiveCheck(check.id, beside, broken, label + _season(beside, period) + words)


def _season(name: str, period: str) -> str:
    return PERIODS[period] if variables()[name].seasonal and period != "year" else ""


def _sum(numbers: Iterable[str]) -> str:
    addends = list(numbers)
    return addends[0] if len(addends) == 1 else f"({'+'.join(addends)})"


def _is_broken(rule: Rule, now: Operand, then: Operand) -> str:
    match rule:
        case AtMost():
            times = "" if rule.times == 1 else f"{plain(rule.times)}*"
            excess = f"{_sum(map(now, rule.parts))}-{times}{_sum(map(now, rule.wholes))}"
            return f"{_rounded(excess)}>{plain(rule.slack)}"
        case AtLeastShare():
            return f"{_rounded(f'{now(rule.part)}-{plain(rule.share)}*{now(rule.whole)}')}<0"
        case SumsTo():
            return f"ABS({_rounded(f'{_sum(map(now, rule.parts))}-{now(rule.whole)}')})>{plain(rule.slack)}"
        case Implies():
            return f"AND({_holds(rule.condition, now)},NOT({_holds(rule.consequence, now)}))"
        case NotBelowLastYear():
            return f"{_rounded(f'{now(rule.variable)}-{then(rule.variable)}')}<0"
        case NearLastYear():
            difference = f"{now(rule.variable)}-{then(rule.variable)}"
            return f"ABS({_rounded(difference)})>{_rounded(f'{plain(rule.share)}*{then(rule.variable)}')}"
        case WithinFactor():
            this, last = now(rule.variable), then(rule.variable)
            apart = f"OR({this}>={rule.factor}*{last},{rule.factor}*{this}<={last})"
            return f"AND({last}>0,{apart})"
        case _:
            assert_never(rule)


def _rounded(difference: str) -> str:
    return f"ROUND({difference},{_PLACES})"


def _holds(condition: Condition, now: Operand) -> str:
    return f"{_sum(map(now, condition.addends))}{_SIGNS[condition.relation]}{condition.number}"


def _beside(rule: Rule) -> str:
    """The variable next to which the words stand: the one that should give way."""
    match rule:
        case AtMost():
            return rule.parts[0]
        case AtLeastShare():
            return rule.part
        case SumsTo():
            return rule.whole
        case Implies():
            return rule.consequence.addends[0]
        case NotBelowLastYear() | NearLastYear() | WithinFactor():
            return rule.variable
        case _:
            assert_never(rule)


def _words(rule: Rule, beside: str) -> str:
    match rule:
        case AtMost():
            multiple = "" if rule.times == 1 else f"的{plain(rule.times)}倍"
            return f"{_with_others(rule.parts, beside)}应不大于{_labels(rule.wholes)}{multiple}"
        case AtLeastShare():
            return f"应不少于{_labels((rule.whole,))}的{plain(rule.share)}倍"
        case SumsTo():
            return f"应等于{_labels(rule.parts)}（允许差{plain(rule.slack)}）"
        case Implies():
            return _implication(rule, beside)
        case NotBelowLastYear():
            return "低于上年，请核对"
        case NearLastYear():
            return f"与上年相差超过{plain(rule.share * 100)}%，请核对"
        case WithinFactor():
            return f"与上年相差{rule.factor}倍以上，请核对计量单位"
        case _:
            assert_never(rule)


def _implication(rule: Implies, beside: str) -> str:
    condition, consequence = rule.condition, rule.consequence
    subject = "" if condition.addends == consequence.addends else _labels(condition.addends)
    when = f"{subject}{_RELATIONS[condition.relation]}{condition.number}时"
    then = f"应{_RELATIONS[consequence.relation]}{consequence.number}"
    return f"{when}，{_with_others(consequence.addends, beside)}{then}"


def _with_others(names: tuple[str, ...], beside: str) -> str:
    others = tuple(name for name in names if name != beside)
    return f"与{_labels(others, summed=False)}之和" if others else ""


def _labels(names: tuple[str, ...], *, summed: bool = True) -> str:
    quoted = "".join(f"“{variables()[name].label.removeprefix('其中:')}”" for name in names)
    return f"{quoted}之和" if summed and len(names) > 1 else quoted
