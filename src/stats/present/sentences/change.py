"""The clause on last year: how far a figure moved, and which way. Computes nothing, guesses no direction."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure
from stats.measures import Rounding, rounded
from stats.present.sentences.values import between, difference_unit, magnitude

Way = Literal["up", "down", "flat", "about", "none"]

_ABOUT = "与上年大体相当"
_FLAT = "与上年持平"
_BREAK = "因口径或区划调整，不与上年比较"
_NO_LAST_YEAR = {
    Status.SERIES_BREAK: _BREAK,
    Status.NO_PREVIOUS: "上年未上报，不与上年比较",
    Status.NOT_REPORTED: "上年未上报，不与上年比较",
    Status.PREVIOUS_REFUSED: "上年报表被拒收，不与上年比较",
    Status.REFUSED: "上年报表被拒收，不与上年比较",
    Status.MISSING: "上年未填报，不与上年比较",
    Status.REDACTED: "上年未填具体数，不与上年比较",
    Status.ERROR: "上年填报有误，不与上年比较",
    Status.NEGATIVE: "上年填报有误，不与上年比较",
    Status.EXCEEDS_WHOLE: "上年填报有误，不与上年比较",
    Status.NOT_APPLICABLE: "上年不适用，不与上年比较",
    Status.ZERO_DENOMINATOR: "上年不适用，不与上年比较",
}


def last_year(figure: Figure, *, first_return: bool = False) -> str:
    """The clause on last year; empty where there is nothing to say.

    A first return has nothing before it, which the document says once; what an edition hides it does not mention.
    A unit's yes or no is told by its own words, a growth indicator is itself the comparison (:func:`growth`).
    """
    entry, given = indicators()[figure.indicator], figure.last_year
    if not figure.status.has_value or figure.small_base or entry.kind == "growth":
        return ""
    if not given.status.has_value:
        return "" if first_return else _NO_LAST_YEAR.get(given.status, "")
    if given.difference is None or (entry.is_yes_or_no and not numbers.is_county(figure)):
        return ""
    return _moved(figure, entry, given)


def way(figure: Figure) -> Way:
    """Which way a figure moved since last year; "about" where it cannot be told, "none" where it is not compared."""
    if not figure.status.has_value:
        return "none"
    if indicators()[figure.indicator].kind == "growth":
        return _growth_way(figure)
    return direction(figure.last_year)


def direction(given: Comparison) -> Way:
    """Which way a difference points: only where both ends of its interval agree."""
    if not given.status.has_value or given.difference is None:
        return "none"
    if given.status is not Status.APPROX:
        return given.trend
    if given.low is None or given.high is None:
        return "about"
    return _agreed(given.low, given.high)


def _agreed(low: Decimal, high: Decimal) -> Way:
    if low > 0:
        return "up"
    if high < 0:
        return "down"
    return "flat" if low == high else "about"


def distance(given: Comparison, unit: str) -> str:
    """How far apart: one number, or the interval it lies in; its nearer end where nothing bounds the other.

    >>> about = Comparison(Status.APPROX, Status.OK, low=Decimal(-2434), high=Decimal(-2335), trend="down")
    >>> distance(about, "人次")
    '2335～2434人次'
    """
    if given.status is Status.APPROX and given.low is not None and given.high is not None:
        return interval(given.low, given.high, unit)
    return "" if given.difference is None else f"{magnitude(given.difference)}{unit}"


def interval(low: Decimal, high: Decimal, unit: str) -> str:
    """Both ends of a difference without signs, the nearer first; 55人次以上 where the other is far off."""
    near, far = sorted((low.copy_abs(), high.copy_abs()))
    if far > numbers.UNBOUNDED * near:
        return f"{magnitude(near)}{unit}以上"
    ends = (f"{magnitude(end)}{'%' if unit == '%' else ''}" for end in (near, far))
    return between(*ends) + ("" if unit == "%" else unit)


def _moved(figure: Figure, entry: Indicator, given: Comparison) -> str:
    where = direction(given)
    if where == "about":
        return _ABOUT
    if entry.unit == "%":
        return _FLAT if where == "flat" else f"比上年{_points_word(entry, where)}{distance(given, '个百分点')}"
    return _counted(figure, entry, given, where)


def _points_word(entry: Indicator, where: Way) -> str:
    if where == "down":
        return "下降"
    return "提高" if entry.direction == "higher" else "上升"


def _counted(figure: Figure, entry: Indicator, given: Comparison, where: Way) -> str:
    """The change of a count or an amount, with zeros told apart."""
    unit = difference_unit(entry)
    if given.reference_status is Status.OK and _was_nothing(entry, given):
        if not figure.value:
            return "与上年均为零"
        return "上年为零" + (f"，本年新增{distance(given, unit)}" if given.difference else "")
    if where == "flat":
        return _FLAT
    if not figure.value and figure.status is Status.OK and given.reference is not None and not given.is_partial:
        return f"上年为{numbers.reference(given)}{unit}，本年未发生"
    moved = f"比上年{'增加' if where == 'up' else '减少'}{distance(given, unit)}"
    return moved + _relative(given, where)


def _was_nothing(entry: Indicator, given: Comparison) -> bool:
    """Whether last year's figure is exactly nothing, not only printed as it."""
    return (
        given.reference is not None
        and not given.reference
        and (entry.year_on_year != "percent" or given.percent is None)
    )


def _relative(given: Comparison, where: Way) -> str:
    """How much that is of last year's figure; from tenfold growth on it is told as a multiple."""
    if given.percent is None:
        return ""
    if given.status is not Status.APPROX:
        if given.percent >= numbers.MANY_PERCENT and given.multiple is not None:
            return f"，为上年的{numbers.number(given.multiple)}倍"
        return f"，{'增长' if where == 'up' else '下降'}{magnitude(given.percent)}%"
    if given.percent_low is None or given.percent_high is None or given.percent_high >= numbers.MANY_PERCENT:
        return ""
    return f"，{'增长' if where == 'up' else '下降'}{interval(given.percent_low, given.percent_high, '%')}"


def _growth_way(figure: Figure) -> Way:
    if figure.rounded is None:
        return "none"
    if figure.status is Status.APPROX:
        ends = (figure.low, figure.high)
        return "about" if None in ends else _agreed(*ends)  # type: ignore[arg-type]
    return "up" if figure.rounded > 0 else "down" if figure.rounded < 0 else "flat"


def growth(figure: Figure, rounding: Rounding, words: tuple[str, str] = ("增长", "下降")) -> str:
    """A growth indicator as the clause on last year; empty for a hidden one. Its value is never compared again."""
    if figure.status is Status.HIDDEN:
        return ""
    if figure.status is Status.ZERO_DENOMINATOR:
        return "上年为零，不计算增减幅度"
    if figure.rounded is None or not figure.status.has_value:
        return _NO_LAST_YEAR.get(figure.status, "本年数据不全，不与上年比较").replace("上年未填报", "数据未填报")
    where = _growth_way(figure)
    if where in ("about", "flat"):
        return _ABOUT if where == "about" else _FLAT
    if figure.status is Status.OK and figure.rounded >= numbers.MANY_PERCENT and figure.multiple is not None:
        return f"为上年的{numbers.number(figure.multiple)}倍"
    return f"比上年{words[0] if where == 'up' else words[1]}{_growth_ends(figure, rounding)}"


def _growth_ends(figure: Figure, rounding: Rounding) -> str:
    if figure.status is not Status.APPROX or figure.low is None or figure.high is None:
        return "" if figure.rounded is None else f"{magnitude(figure.rounded)}%"
    decimals = indicators()[figure.indicator].decimals
    low, high = (_rounded(end, decimals, rounding) for end in (figure.low, figure.high))
    return interval(low, high, "%")


def _rounded(number: Decimal, decimals: int, rounding: Rounding) -> Decimal:
    return rounded(*number.as_integer_ratio(), decimals, rounding)
