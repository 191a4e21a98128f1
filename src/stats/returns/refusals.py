"""Why a text is not an answer, and what was probably meant. Never yields a number to compute with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from stats.catalogue.variables import Variable
from stats.returns.cells import Reading, refused
from stats.returns.numerals import number_of
from stats.returns.quantities import is_money, text_of

_N = r"[0-9]+(?:\.[0-9]+)?"
_LETTERS = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "i": "1", "|": "1"})
_CHINESE = r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+"
_MULTIPLES = {"千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}


def _calculation(text: str, variable: Variable) -> Reading | None:
    if text.startswith(("=", "@")) or re.search(r"[0-9)][+*/÷=][0-9(]", text):
        return refused("是算式，不代为计算", "请填写计算结果（一个数）")
    return None


def _date(text: str, variable: Variable) -> Reading | None:
    if re.search(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}月[0-9]{0,2}日?|[0-9]{1,2}:[0-9]{2}", text):
        return refused("是日期或时间，不是数", "请填写一个数；如系软件自动改成日期，请将单元格设为文本后重填")
    return None


def _negative(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(rf"[-−–—]{_N}.*|\({_N}\)", text):
        return refused("为负数，本项不能小于0", "请核对数字")
    return None


def _range(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(rf"{_N}\D{{0,3}}(?:[-−–—~]|至|到){{1,2}}{_N}\D{{0,3}}", text):
        return refused("是一个范围或日期，不是一个数", "请填写准确数")
    return None


def _letters(text: str, variable: Variable) -> Reading | None:
    repaired = text.translate(_LETTERS)
    if re.search("[0-9]", text) and repaired != text and re.fullmatch(_N, repaired):
        return refused("数字中混有字母", f"疑为{repaired}，请核对后重填")
    return None


def _multiple(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(rf"(?P<number>{_N})(?P<by>千|百万|千万|万|亿)(?P<rest>\D{{0,3}})", text)
    if not match:
        return None
    if is_money(variable):
        return refused("金额单位不明确", f"请写明“{match['number']}{match['by']}元”或换算为{variable.unit}后填写")
    meant = text_of(Decimal(match["number"]).scaleb(_MULTIPLES[match["by"]]))
    return refused(f"带有“{match['by']}”", f"疑为{meant}，请核对后重填")


def _chinese(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(rf"(?P<number>{_CHINESE})(?P<rest>[^0-9]{{0,4}})", text)
    number = number_of(match["number"]) if match else None
    if match and number is not None:
        return refused("用中文数字填写", f"疑为{number}，请核对后用阿拉伯数字重填")
    return None


def _foreign_unit(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(r"(?P<number>[0-9,]+(?:\.[0-9]+)?)(?P<unit>[%‰]|[^\W0-9]{1,4})", text)
    if not match:
        return None
    expected = f"本项单位为“{variable.unit}”" if variable.unit else "本项不带单位"
    return refused(f"数字后的单位或文字与本项不符，{expected}", f"请换算为{variable.unit or '规定单位'}后只填数字")


def _separators(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(r"[0-9][0-9,']*(?:\.[0-9]+)?", text) and re.search("[,']", text):
        return refused("分隔符位置不对，可能缺位或填了两个数", f"疑为{re.sub('[^0-9.]', '', text)}，请核对后重填")
    return None


def _spelling(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(r"\+?0*(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?", text)
    if match and (match["whole"] or match["part"]):
        meant = (match["whole"] or "0") + (f".{match['part']}" if match["part"] else "")
        return refused("数字写法不规范", f"疑为{meant}，请核对后重填")
    return None


def _several(text: str, variable: Variable) -> Reading | None:
    if len(re.findall(_N, text)) > 1:
        return refused("一格中有不止一个数", "请只填一个数，其余写入备注")
    return None


_DIAGNOSES: tuple[Callable[[str, Variable], Reading | None], ...] = (
    _date,
    _calculation,
    _negative,
    _range,
    _letters,
    _multiple,
    _chinese,
    _separators,
    _spelling,
    _foreign_unit,
    _several,
)


def diagnose(text: str, variable: Variable) -> Reading:
    """The refusal of a text that is none of the known ways to write a number."""
    found: Iterable[Reading | None] = (diagnosis(text, variable) for diagnosis in _DIAGNOSES)
    return next((reading for reading in found if reading), refused("不是数", "请填写一个数；没有数据请留空"))
