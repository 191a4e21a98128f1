"""The one decision about a cell: what a person sees in it, why it is to be asked about, or why it may not be used.

A cell is taken without a word only if it is plain: a text, or a number in a format that shows the digits stored, seen,
with nothing over it, and no formula or one whose result is computed here from the cells of its sheet. Everything else
gets a mark.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from stats.returns.cell_styles import INVISIBLE, CellStyle, CellStyles
from stats.returns.colours import is_same, rgb
from stats.returns.formulas import Calculator, ExternalError, NotComputedError, Result, agrees, is_external
from stats.returns.grid import STORED_AS_NUMBER, Mark
from stats.returns.number_format import ZERO
from stats.returns.quantities import text_of
from stats.returns.sheet_scan import Address, CellSeen, Formula
from stats.texts.privacy import shown

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
# A spreadsheet shows and keeps 15 significant digits; the binary number behind them may have more.
_SIGNIFICANT = 15
_ARTEFACT = "去除浮点尾差"
_PERCENT = "单元格为百分比格式，按显示的百分数读取"
COMPUTED = "公式，结果与表内各格相符"
# From 12 digits on, a spreadsheet shows a number as 1.20118E+11 and saves it so to CSV: a code must be text.
_AS_LARGE_AS_A_CODE = 10**11
_PIXELS, _POINT_PIXELS, _EDGE = 7.0, 4.0, 4.0

NO_NUMBER = "不是一个数"
PLAINLY = "请将单元格格式改为“常规”，核对后重填"
SEEN = "请将字和底色改为看得见的颜色，核对后重填；不应上报的请删去"
VOID = "作废的请删去内容，有效的请取消删除线或斜线"
CHECKED = "请核对；无误的请改为直接填写的数"
NARROW = "所在的列太窄，数显示不全"
_REMEDIES = {ZERO: "没有发生请填0并使其显示，没有数据请删去内容", NARROW: "请加宽列后核对"}


@dataclass(slots=True)
class Verdicts:
    """Decides about the cells of one sheet, from what the scan saw, the styles, and the values."""

    styles: CellStyles
    calculator: Calculator
    widths: Mapping[int, float]
    since_1904: bool = False
    hides_zeros: bool = False
    is_calculated_by_hand: bool = False

    def plain(self, value: Value) -> tuple[str, Mark | None]:
        """The text of a cell of which nothing is of note but its value."""
        if isinstance(value, str):
            return value, None
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE", None
        if isinstance(value, (int, float)):
            text, is_artefact = number_text(value)
            if self.hides_zeros and not value:
                return text, _asked(ZERO)
            if is_artefact:
                return text, Mark(note=_ARTEFACT)
            return text, Mark(note=STORED_AS_NUMBER) if value >= _AS_LARGE_AS_A_CODE else None
        return _day(value.isoformat() if not isinstance(value, datetime.timedelta) else str(value))

    def of(self, value: Value, number: int, seen: CellSeen | None, place: Address) -> tuple[str, Mark | None]:
        """The text of a cell and its mark; ``number`` is that of its style."""
        style = self.styles.styles[number]
        text, mark = self.plain(value)
        if seen is None and mark is None and self._shows_all(style, value, text, place[1]):
            return text, None
        runs = seen.runs.hidden_by(style, self.styles) if seen else ""
        if problem := style.problem or runs:
            return text, Mark(problem=problem, remedy=VOID if "不知是否作废" in problem else SEEN)
        if seen and (refused := self._formula_problem(seen, value, place)):
            return "", refused
        if seen and seen.error:
            return seen.error, None
        if isinstance(value, str):
            mark = self._of_text(value, style, place) or mark
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            text, mark = self._of_number(value, text, mark or Mark(), style, place)
        if mark and mark.problem:
            return text, mark
        questions = [style.question, self._formula_question(value, place) if seen and seen.formula else ""]
        return text, _joined(mark or Mark(), questions, is_computed=seen is not None and seen.formula is not None)

    def _shows_all(self, style: CellStyle, value: Value, text: str, column: int) -> bool:
        """Whether it is a positive number in one of the usual formats, with a place for each digit; most cells are."""
        places = style.format.fixed_places
        if style.problem or style.question or places is None or column in self.widths or not isinstance(value, float):
            return False
        return value > 0 and len(text.partition(".")[2]) <= places

    def _of_text(self, value: str, style: CellStyle, place: Address) -> Mark | None:
        if not style.has_plain_format and (problem := style.format.of_text()):
            return Mark(problem=problem, remedy=PLAINLY)
        is_number = value[:1].isdigit() and not (style.is_wrapped or style.is_shrunk)
        return _asked(NARROW) if is_number and self._is_too_long(value, style, place[1]) else None

    def _of_number(
        self, value: int | float, text: str, mark: Mark, style: CellStyle, place: Address
    ) -> tuple[str, Mark | None]:
        if style.format.is_date:
            return _day(day_of(value, since_1904=self.since_1904))
        if style.has_plain_format:
            whole, _, parts = text.partition(".")
            shown_text = f"{whole}.{parts[:2]}" if parts else whole
            is_cut = not style.is_shrunk and self._is_too_long(shown_text, style, place[1])
            return text, _asked(NARROW, mark) if is_cut else mark
        face = style.format.of_number(text, Decimal(text)) if _is_decimal(text) else None
        if face is None or face.problem:
            return text, Mark(problem=face.problem if face else NO_NUMBER, remedy=PLAINLY)
        if face.colour and is_same(rgb(face.colour), style.ground):
            return text, Mark(problem=INVISIBLE, remedy=SEEN)
        if face.text.endswith("%") and not text.endswith("%"):
            mark = Mark(note="；".join(filter(None, (mark.note, _PERCENT))), question=mark.question, remedy=mark.remedy)
        if face.question:
            mark = _asked(face.question, mark)
        is_cut = not style.is_shrunk and self._is_too_long(text, style, place[1])
        return face.text, _asked(NARROW, mark) if is_cut else mark

    def _is_too_long(self, text: str, style: CellStyle, column: int) -> bool:
        width = self.widths.get(column)
        if width is None:
            return False
        pixels = sum(_POINT_PIXELS if character in ".,-" else _PIXELS for character in text) * style.size / 11
        return pixels > width * _PIXELS - _EDGE

    def _formula_problem(self, seen: CellSeen, value: Value, place: Address) -> Mark | None:
        """Why the result of a formula cannot be used; None for a result, or no formula."""
        if seen.formula is None:
            return None
        if self._is_external(seen.formula, value, place):
            return Mark(problem="是引用其他文件的公式", remedy="请将公式改为数值（选择性粘贴）后重新提交")
        if seen.error:
            return Mark(problem=f"是公式，结果为错误值 {shown(seen.error)}", remedy="请改正公式或直接填写结果")
        if not seen.has_value:
            return Mark(problem="是没有计算结果的公式", remedy="请用办公软件打开文件，保存后重新提交")
        return None

    def _is_external(self, formula: Formula, value: Value, place: Address) -> bool:
        return is_external(formula.text, self.calculator.external) or self._result(value, place) is ExternalError

    def _result(self, value: Value, place: Address) -> Result | type[NotComputedError]:
        """What the formula behind a number gives; a text is no result of the few that are computed."""
        if isinstance(value, str):
            return NotComputedError
        try:
            return self.calculator.result(place)
        except NotComputedError as error:
            return type(error)

    def _formula_question(self, value: Value, place: Address) -> str:
        """What is to be asked about a formula's result; empty where it is computed and the same."""
        result, saved = self._result(value, place), decimal_of(value)
        if not isinstance(result, Result):
            return "是公式，取保存时的结果，未能核算" + self._by_hand()
        if saved is None or not agrees(saved, result.value):
            now = text_of(Decimal(result.value.numerator) / Decimal(result.value.denominator))
            return f"是公式，保存的结果不是现有各格算得的 {now[:20]}{self._by_hand()}"
        if result.left_out:
            return "是公式，求和时略去了以文本存放的数"
        return "是公式，所引用的格都是空的，0可能是没有数据" if result.is_of_blanks and not saved else ""

    def _by_hand(self) -> str:
        return "（本文件设为手动计算，请按 F9 重算后保存）" if self.is_calculated_by_hand else ""


def number_text(value: int | float) -> tuple[str, bool]:
    """The decimal a spreadsheet shows for a stored number, and whether digits beyond the 15th were left out.

    >>> number_text(0.1 + 0.2), number_text(12.0), number_text(1e3)
    (('0.3', True), ('12', False), ('1000', False))
    """
    written = repr(value)
    if len(written) <= _SIGNIFICANT and written.replace(".", "", 1).isdigit():
        return written.removesuffix(".0"), False
    full = Decimal(written)
    if not full.is_finite():
        return str(value), False
    if len(full.as_tuple().digits) <= _SIGNIFICANT or isinstance(value, int) or full == full.to_integral_value():
        return text_of(full), False
    return text_of(Decimal(format(value, f".{_SIGNIFICANT}g"))), True


def decimal_of(value: Value) -> Decimal | None:
    """The number that a cell holds; None for a text, a truth value, a day."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = Decimal(number_text(value)[0])
    return number if number.is_finite() else None


def day_of(serial: int | float, *, since_1904: bool) -> str:
    """The day that a stored number shows under a date format; the number itself where there is none.

    >>> day_of(44197, since_1904=False)
    '2021-01-01'
    """
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30)
    try:
        day = start + datetime.timedelta(days=float(serial))
    except (OverflowError, ValueError):
        return number_text(serial)[0]
    return day.date().isoformat() if day.time() == datetime.time() else day.isoformat(" ", "minutes")


def _day(text: str) -> tuple[str, Mark]:
    problem = f"是日期或时间（{text}），不是数"
    return text, Mark(problem=problem, remedy="请将单元格格式改为“常规”或“文本”，重新填写")


def _is_decimal(text: str) -> bool:
    return text.lstrip("-")[:1].isdigit()


def _asked(question: str, mark: Mark | None = None) -> Mark:
    """The mark with one more question."""
    before = mark or Mark()
    questions = "；".join(filter(None, (before.question, question)))
    remedy = "；".join(dict.fromkeys(filter(None, (before.remedy, _REMEDIES.get(question, CHECKED)))))
    return Mark(note=before.note, question=questions, remedy=remedy)


def _joined(mark: Mark, questions: list[str], *, is_computed: bool) -> Mark | None:
    for question in filter(None, questions):
        mark = _asked(question, mark)
    if is_computed and not mark.question:
        mark = Mark(note="；".join(filter(None, (mark.note, COMPUTED))))
    return mark if mark != Mark() else None
