"""The clauses on targets: met, unmet with gap and last year's state, hidden, undecided. Judges nothing."""

from __future__ import annotations

from decimal import Decimal

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Figure, Target
from stats.numbers import Standing, standing
from stats.present.sentences.subject import Subject
from stats.present.sentences.values import magnitude, quoted

FULL = Decimal(100)
_ZERO = Decimal(0)
_AT_MOSTFULL = ("yes", "warn")


def state(figure: Figure) -> Standing:
    """The same, and of a yes-or-no or compliance indicator without a target whether all is done."""
    entry = indicators()[figure.indicator]
    if figure.status is Status.HIDDEN:
        return standing(figure) if figure.target.state in ("met", "unmet") else "hidden"
    if figure.status in (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR):
        return "not_applicable"
    if not figure.status.has_value:
        return "unknown"
    if figure.target.state != "none":
        return standing(figure)
    if entry.kind not in ("yesno", "compliance"):
        return "none"
    if figure.status is not Status.OK:
        return "unknown"
    return "met" if figure.rounded == FULL else "unmet"


def is_full(figure: Figure) -> bool:
    """Whether all is done, whatever the target asks."""
    return figure.status.has_value and figure.rounded == FULL and (figure.value is None or figure.value >= FULL)


def is_over(figure: Figure) -> bool:
    """Whether a share lies above its whole: posts beyond the authorised, spending beyond the budget."""
    return figure.status.has_value and (figure.exceeds_whole or (figure.rounded is not None and figure.rounded > FULL))


def aim(given: Target, entry: Indicator) -> str:
    """The target in words: 不低于90%, 不高于1%, 100%, 不低于上年; empty where there is none."""
    if given.value is None:
        return ""
    if entry.kind == "growth" and given.operator == ">=" and given.value == _ZERO:
        return "不低于上年"
    number = f"{numbers.number(given.value)}{entry.unit}"
    if given.operator == ">=" and given.value == FULL and entry.capped in _AT_MOSTFULL:
        return number
    return f"{'不高于' if given.operator == '<=' else '不低于'}{number}"


def target(of: Subject, figure: Figure) -> str:
    """The clause against the year's target; empty where none is set or it does not apply."""
    entry, given = indicators()[figure.indicator], figure.target
    stated = standing(figure)
    words = aim(given, entry)
    if stated == "met":
        return f"达到目标要求（{words}）"
    if stated == "unmet":
        return "，".join(part for part in (f"未达到目标要求（{words}）", gap(figure), last_state(of, figure)) if part)
    if stated != "unknown" or not figure.status.has_value:
        return ""
    return f"因{'缺数或概数' if of.is_county else '填报为概数'}，不能判定是否达到目标要求（{words}）"


def gap(figure: Figure) -> str:
    """How much is missing to the target; empty where it is not known, too small to print, or the value itself."""
    entry, missing = indicators()[figure.indicator], figure.target.gap
    if not missing or (entry.kind == "growth" and not figure.target.value):
        return ""
    return f"差{magnitude(missing)}{'个百分点' if entry.unit == '%' else entry.unit.partition('/')[0]}"


def last_state(of: Subject, figure: Figure) -> str:
    """Last year's state of a target missed this year; of the department's grade in words that are no grade."""
    before = of.last(figure.indicator)
    if before is None or before.status in (Status.NOT_REPORTED, Status.NO_PREVIOUS, Status.REFUSED):
        return "上年无数据"
    if figure.last_year.status is Status.SERIES_BREAK:
        return "因口径或区划调整，不与上年比较"
    if not before.status.has_value and before.status is not Status.HIDDEN:
        return "上年不适用" if state(before) == "not_applicable" else "上年无数据"
    told = _LAST[state(before)]
    return told.replace("达标", "达优") if figure.indicator == "BLD-03" else told


_LAST = {
    "met": "上年已达标",
    "unmet": "上年也未达标",
    "hidden": "上年情况不公布",
    "unknown": "上年不能判定",
    "not_applicable": "上年不适用",
    "none": "上年未设目标",
}


def told_state(of: Subject, figure: Figure, words: tuple[str, str] | None) -> str:
    """A hidden figure's state in words without its number; empty where the edition does not tell the state.

    ``words`` say that all is done and that not all is; they fit a target of 100 % only.
    """
    stated, entry = standing(figure), indicators()[figure.indicator]
    if stated not in ("met", "unmet"):
        return ""
    asks_all = figure.target.operator == ">=" and figure.target.value == FULL
    if words is None or not asks_all:
        verb = "达到" if stated == "met" else "未达到"
        words = (f"{quoted(entry)}{verb}目标要求（{aim(figure.target, entry)}）",) * 2
    if stated == "met":
        return words[0]
    return f"{words[1]}，{last_state(of, figure)}"
