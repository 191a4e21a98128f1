"""How a number, a choice or the lack of one is said. Rounds and computes nothing."""

from __future__ import annotations

from decimal import Decimal

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Answer, Figure
from stats.present.sentences.subject import Subject

_COMPUTED_KINDS = ("ratio", "per_10k", "growth", "average")
_MISTAKEN = (Status.ERROR, Status.NEGATIVE, Status.EXCEEDS_WHOLE)


def label(name: str) -> str:
    """A question's name where it stands alone in a sentence.

    >>> label("rec_enlisted_college"), label("mil_reorg_done")
    ('征集新兵中的大学生人数', '已完成整组的村（社区、单位）数')
    """
    return _full_width(variables()[name].full_name)


def quoted(entry: Indicator) -> str:
    """An indicator's name in quotes, so that a name with a comma in it is not read as two.

    >>> quoted(indicators()["SUP-01"]), quoted(indicators()["SYS-05"])
    ('“八一、春节走访部队落实”', '“过‘军事日’落实”')
    """
    return f"“{plain_name(entry).replace('“', '‘').replace('”', '’')}”"


def plain_name(entry: Indicator) -> str:
    """An indicator's name with the brackets of running text."""
    return _full_width(entry.name)


def _full_width(text: str) -> str:
    return text.replace("(", "（").replace(")", "）")


def value(of: Subject, figure: Figure) -> str:
    """A figure's number with its unit, and with the size of a small base."""
    return numbers.with_unit(figure, indicators()[figure.indicator]) + small_base(of, figure)


def small_base(of: Subject, figure: Figure) -> str:
    """How few a figure on a small base rests on; empty for any other. The number is said where the edition tells it."""
    if not figure.small_base:
        return ""
    named, given = _base(of, indicators()[figure.indicator])
    if given is None or given.status is not Status.OK or of.is_county:
        return "（基数较小）"
    when = "上年" if indicators()[figure.indicator].kind == "growth" else ""
    return f"（{when}仅{given.text}{variables()[named].unit}，基数较小）"


def _base(of: Subject, entry: Indicator) -> tuple[str, Answer | None]:
    """The question that is the base of a share, of a growth last year's answer to it; None where there is no one."""
    if entry.kind == "growth":
        named = entry.variables[0]
        return named, of.report.last_answers.get(named) if len(entry.variables) == 1 else None
    below = entry.denominator
    named = below[0].variable if isinstance(below, tuple) and len(below) == 1 else ""
    return named, of.answer(named)


def difference_unit(entry: Indicator) -> str:
    """The unit of a difference: of people per ten thousand, people.

    >>> difference_unit(indicators()["EDU-02"]), difference_unit(indicators()["FND-01"])
    ('人次', '万元')
    """
    return entry.unit.partition("/")[0]


def between(low: str, high: str) -> str:
    """A range, each end with its sign; one number where both ends are the same.

    >>> between("63%", "68%"), between("5", "5")
    ('63%～68%', '5')
    """
    return low if low == high else f"{low}～{high}"


def magnitude(number: Decimal) -> str:
    """A difference without its sign."""
    return numbers.number(number.copy_abs())


def known(given: Answer | None) -> bool:
    """Whether an answer has a number or a choice that may be said."""
    return given is not None and given.status.has_value


def counted(of: Subject, name: str, words: str, subject: str = "") -> str:
    """A clause on one answer: ``words`` with its number in place of {}, or the question and why there is none.

    Empty where the edition does not hold or not tell the answer.
    """
    given = of.answer(name)
    if given is None or given.status is Status.HIDDEN:
        return ""
    if not given.status.has_value:
        return f"{subject or label(name)}{reason(given.status)}"
    return words.replace("{}", numbers.answer(given, variables()[name].unit))


def reason(status: Status) -> str:
    """Why a question has no answer, as the end of a sentence."""
    if status is Status.REDACTED:
        return "未填具体数"
    return "填报有误，未采用" if status in _MISTAKEN else status.label


def absent(figure: Figure, subject: str, *, nothing_due: str = "") -> str:
    """Why there is no figure; ``nothing_due`` is said where its base is nothing, as where nobody had a request."""
    if figure.status is Status.ZERO_DENOMINATOR:
        return nothing_due or f"{subject}不适用"
    if figure.status is Status.NOT_APPLICABLE:
        return f"{subject}不适用"
    if figure.status is Status.NO_PREVIOUS:
        return f"{subject}无上年数据可比"
    if figure.status is Status.PREVIOUS_REFUSED:
        return f"{subject}因上年报表被拒收不可比"
    if figure.status is Status.SERIES_BREAK:
        return f"{subject}因口径或区划调整，不与上年比较"
    if indicators()[figure.indicator].kind in _COMPUTED_KINDS or numbers.is_county(figure):
        return f"{subject}因{_cause(figure.status)}不能计算"
    return f"{subject}{reason(figure.status)}"


def _cause(status: Status) -> str:
    if status is Status.REDACTED:
        return "未填具体数"
    return "填报有误" if status in _MISTAKEN else "数据未填报"
