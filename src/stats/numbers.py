"""The one place a number becomes text. Rounds and computes nothing: every value arrives finished."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from stats.catalogue import marks
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Answer, Comparison, Figure, Rank, Target

Standing = Literal["met", "unmet", "hidden", "unknown", "not_applicable", "none"]

MINUS = "−"
MANY_PERCENT = Decimal(1000)
_OPERATORS = {">=": "≥", "<=": "≤", "": ""}
_QUANTITIES = ("count", "amount", "average", "per_10k")
_STATES = {"met": "达标", "unmet": "未达标", "hidden": "不公布"}
UNKNOWN = "无法判定"
_OF_UNITS = ("share_yes", "share_compliant", "degree_and_share")
ABOUT = "大体相当"
UNCERTAIN = "不能确定"
UNBOUNDED = 10
"""From so many times the nearer end on the other end of an interval bounds nothing a reader could use."""


def number(value: Decimal) -> str:
    """A finished number: its own decimals, no thousands separator, a true minus sign.

    >>> number(Decimal("-3.40")), number(Decimal("1200"))
    ('−3.40', '1200')
    """
    return f"{value if value else value.copy_abs():f}".replace("-", MINUS)


def signed(value: Decimal) -> str:
    """A difference with its sign; a difference of nothing has none.

    >>> signed(Decimal("1.2")), signed(Decimal("-3.4")), signed(Decimal("0.0"))
    ('+1.2', '−3.4', '0.0')
    """
    return f"+{number(value)}" if value > 0 else number(value)


def is_county(figure: Figure) -> bool:
    """Whether the figure is a whole county's: county codes end in six zeros."""
    return figure.unit.endswith("000000")


def says_yes_or_no(figure: Figure, indicator: Indicator) -> bool:
    """Whether the figure is printed as 是 or 否: a yes-or-no indicator of one unit that is wholly met or not at all."""
    return indicator.is_yes_or_no and not is_county(figure) and _is_yes_or_no(figure.rounded)


def printed_unit(figure: Figure, indicator: Indicator) -> str:
    """The cell of the 单位 column."""
    is_answer = not figure.status.has_value or says_yes_or_no(figure, indicator)
    return "是/否" if indicator.is_yes_or_no and not is_county(figure) and is_answer else indicator.unit


def display(figure: Figure, indicator: Indicator) -> str:
    """The figure as tables, chart labels and ``indicators.csv`` print it, without its unit.

    Fixed decimals, 约 before an approximation, ※ after a number on a small base, … below the smallest unit,
    是 or 否 for a unit's yes-or-no indicator, the mark of the status where there is no number (empty: no data);
    last the mark of a figure that rests on a corrected answer.
    """
    if figure.rounded is None or not figure.status.has_value:
        return figure.status.mark
    return _without_correction(figure, indicator) + (marks.CORRECTED.sign if figure.corrected else "")


def _without_correction(figure: Figure, indicator: Indicator) -> str:
    if _is_below_unit(figure, indicator):
        return marks.BELOW_UNIT.sign
    if says_yes_or_no(figure, indicator):
        return "是" if figure.rounded else "否"
    return _number_of(figure) + (marks.SMALL_BASE.sign if figure.small_base else "")


def with_unit(figure: Figure, indicator: Indicator) -> str:
    """The figure as a sentence says it: the same number with its unit (``85.0%``, ``12名``, ``约6.7次/人``)."""
    if figure.rounded is None or not figure.status.has_value:
        return figure.status.mark
    if _is_below_unit(figure, indicator):
        return f"不足{number(_smallest(figure.rounded))}{indicator.unit}"
    if says_yes_or_no(figure, indicator):
        return _without_correction(figure, indicator)
    return _number_of(figure) + indicator.unit


def answer(given: Answer, unit: str = "") -> str:
    """A released answer with its unit, or the mark of its status; a choice is printed as it is."""
    if not given.status.has_value:
        return given.status.mark
    return f"{marks.APPROXIMATE.sign if given.status is Status.APPROX else ''}{given.text}{unit}"


def answer_in_table(given: Answer | None, unit: str = "") -> str:
    """The same for the cell of a table, which marks a corrected answer; empty where the edition holds none."""
    if given is None:
        return ""
    return answer(given, unit) + (marks.CORRECTED.sign if given.corrected and given.status.has_value else "")


def answer_mark(status: Status) -> str:
    """The mark a sentence may carry in place of a number; the dash of a table is no word."""
    return status.mark if status is Status.HIDDEN else ""


def last_year(figure: Figure, indicator: Indicator) -> str:
    """Last year's value, printed as this year's is; a growth rate has none, its level has."""
    given = figure.last_year
    if indicator.kind == "growth":
        return marks.NOT_APPLICABLE.sign
    if given.reference is None:
        return given.reference_status.mark
    if indicator.is_yes_or_no and not is_county(figure) and _is_yes_or_no(given.reference):
        return "是" if given.reference else "否"
    return reference(given)


def reference(given: Comparison) -> str:
    """What a figure is compared with, or the mark of why there is nothing."""
    if given.reference is None or not given.reference_status.has_value:
        return given.reference_status.mark
    return f"{marks.APPROXIMATE.sign if given.reference_status is Status.APPROX else ''}{number(given.reference)}"


def change(figure: Figure, indicator: Indicator) -> str:
    """The cell of the 同比 column: a difference (``+1.2``), a percentage (``+12.5%``), a change of state, or a mark.

    Where either side is an approximation it is the interval of the difference (``−2434～−2335``), or 大体相当 where
    its ends point different ways. 〔可比〕 follows what is taken over the units of both years only.
    """
    given = figure.last_year
    if indicator.kind == "growth":
        return marks.NOT_APPLICABLE.sign
    if given.difference is None or not given.status.has_value:
        return given.status.mark if figure.status.has_value else figure.status.mark
    text = _changed(figure, indicator)
    return text + (marks.MATCHED.sign if text and given.is_partial else "")


def _changed(figure: Figure, indicator: Indicator) -> str:
    given = figure.last_year
    if indicator.is_yes_or_no and not is_county(figure):
        return {"up": "否→是", "down": "是→否"}.get(given.trend, "持平")
    if given.status is Status.APPROX or indicator.year_on_year != "percent" or given.percent is None:
        return difference(given)
    return percent(given)


def difference(given: Comparison, about: str = ABOUT) -> str:
    """A difference with its sign; of approximations the interval it lies in; empty where there is none.

    ``about`` is said where the ends of the interval point different ways. Where nothing bounds the far end (约1113),
    only the near one is told.

    >>> about = Comparison(Status.APPROX, Status.OK, low=Decimal(-2434), high=Decimal(-2335), trend="down")
    >>> difference(about)
    '−2434～−2335'
    """
    if not given.status.has_value:
        return ""
    if given.trend == "about":
        return about
    if given.status is not Status.APPROX:
        return "" if given.difference is None else signed(given.difference)
    return "" if given.low is None or given.high is None else _interval(given.low, given.high)


def _interval(low: Decimal, high: Decimal) -> str:
    if low == high:
        return signed(low)
    near, far = sorted((low, high), key=lambda end: end.copy_abs())
    if far.copy_abs() > UNBOUNDED * near.copy_abs():
        return f"{signed(near)}{'以上' if far > 0 else '以下'}"
    return f"{signed(low)}～{signed(high)}"


def growth(figure: Figure) -> str:
    """The cell of the 同比 column of what a growth figure measures: the growth itself; empty where it is not exact."""
    if figure.rounded is None or figure.status is not Status.OK:
        return figure.status.mark
    if figure.rounded >= MANY_PERCENT and figure.multiple is not None:
        return f"{number(figure.multiple)}倍"
    return f"{signed(figure.rounded)}%"


def level_unit(indicator: Indicator) -> str:
    """The unit of the answer a growth indicator is about, in which its level is compared."""
    return variables()[indicator.variables[0]].unit


def percent(given: Comparison) -> str:
    """A relative change with its sign; from tenfold growth on it is told as a multiple where there is one."""
    if given.percent is None:
        return ""
    if given.percent >= MANY_PERCENT and given.multiple is not None:
        return f"{number(given.multiple)}倍"
    return f"{signed(given.percent)}%"


def versus_county(figure: Figure, indicator: Indicator, whole: Figure | None = None) -> str:
    """The cell of the 全县 column; of a yes-or-no indicator how many of how many units say yes (``15/17``).

    ``whole`` is the county's figure, which counts them.
    """
    if not indicator.is_yes_or_no or is_county(figure):
        return reference(figure.county)
    return figure.county.reference_status.mark if whole is None else share_of_units(whole)


def share_of_units(whole: Figure) -> str:
    """How many of how many units say yes (``15/17``), or the mark of why that is not told."""
    if not whole.status.has_value or whole.numerator is None or whole.denominator is None:
        return whole.status.mark
    about = marks.APPROXIMATE.sign if whole.status is Status.APPROX else ""
    return f"{about}{number(whole.numerator)}/{number(whole.denominator)}"


def city(figure: Figure) -> str:
    """The cell of the 全市 column: empty wherever the city gave no figure."""
    return reference(figure.city) if figure.city.reference is not None else ""


def place(rank: Rank) -> str:
    """The cell of the 位次 column: ``3/17``, with 并列 where it is shared; empty where there is no place."""
    return "" if rank.place is None else f"{rank.place}/{rank.of}{'并列' if rank.tied else ''}"


def bare_place(rank: Rank) -> str:
    """The place alone, as under a value: ``3``, with = where it is shared; empty where there is none."""
    return "" if rank.place is None else f"{rank.place}{'=' if rank.tied else ''}"


def target(given: Target, indicator: Indicator, *, one_unit: bool = True) -> str:
    """The cell of the 目标 column: ``≥90``, or 是 for a unit's yes-or-no indicator; empty where none is set."""
    if given.value is None:
        return ""
    if one_unit and indicator.is_yes_or_no and _is_yes_or_no(given.value):
        return "是"
    return f"{_OPERATORS[given.operator]}{number(given.value)}"


def target_with_unit(given: Target, indicator: Indicator) -> str:
    """The target as a sentence says it: ``≥90%``."""
    return "" if given.value is None else f"{_OPERATORS[given.operator]}{number(given.value)}{indicator.unit}"


def state(figure: Figure) -> str:
    """The cell of the 状态 column: whether the target is met, as far as that is told, else why there is no value."""
    judged = standing(figure)
    if judged in _STATES:
        return _STATES[judged]
    if not figure.status.has_value:
        return "" if figure.status is Status.HIDDEN else figure.status.label
    return UNKNOWN if judged == "unknown" else ""


def standing(figure: Figure) -> Standing:
    """How a figure stands to its target; "hidden" where it is hidden and its state is not told without it.

    >>> standing(Figure(2021, "990101101000", "SYS-02", Status.HIDDEN))
    'none'
    """
    state = figure.target.state
    return "hidden" if figure.status is Status.HIDDEN and state == "unknown" else state


SIGNS = {"met": "√", "unmet": "×", "hidden": "隐", "unknown": "？"}


def sign(figure: Figure) -> str:
    """The cell of the 判定 column: √ met, × missed, 隐 not told, ？ not to be decided; empty where nothing is asked."""
    return SIGNS.get(standing(figure), "")


def judgement(figure: Figure, indicator: Indicator) -> str:
    """The same of the county, with how many of how many units meet it where units do or do not: ``未达标（14/17）``."""
    judged = state(figure)
    counts = judged in _STATES.values() and figure.decided and indicator.aggregation in _OF_UNITS
    return f"{judged}（{figure.met}/{figure.decided}）" if counts else judged


def plain(text: str) -> str:
    """A printed number for machines: an ASCII minus sign."""
    return text.replace(MINUS, "-")


def printed(figure: Figure) -> Decimal | None:
    """The number that is printed: the rounded one, or as many digits more as show that it misses its target."""
    return figure.rounded if figure.precise is None else figure.precise


def _number_of(figure: Figure) -> str:
    about = marks.APPROXIMATE.sign if figure.status is Status.APPROX else ""
    value = printed(figure)
    return "" if value is None else f"{about}{number(value)}"


def _is_yes_or_no(value: Decimal | None) -> bool:
    return value is not None and (not value or value == 100)


def _smallest(rounded: Decimal) -> Decimal:
    """The smallest number above zero that can be written with these decimals."""
    return Decimal((0, (1,), int(rounded.as_tuple().exponent)))


def _is_below_unit(figure: Figure, indicator: Indicator) -> bool:
    """Whether a quantity is there that these decimals cannot show (a share or a growth of 0.04% is just 0.0%)."""
    if figure.rounded is None or figure.rounded or figure.value is None or indicator.kind not in _QUANTITIES:
        return False
    if figure.value > 0:
        return True
    is_open = figure.status is Status.APPROX and not figure.value
    return is_open and figure.high is not None and 0 < figure.high <= _smallest(figure.rounded)
