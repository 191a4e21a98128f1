"""Why a text is not an answer, and what was probably meant. Never yields a number to compute with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from stats.catalogue.variables import Variable
from stats.returns.cells import Reading, refused
from stats.returns.notations import MORE_THAN, NO_MORE_THAN, NOT_OVER
from stats.returns.quantities import is_money
from stats.returns.suggestions import (
    LETTERS,
    likely_bare,
    likely_chinese,
    likely_digits,
    likely_joined,
    likely_multiple,
    likely_repaired,
)

__all__ = ["diagnose", "likely_digits", "likely_joined"]

_N = r"[0-9]+(?:\.[0-9]+)?"
_CHINESE = r"[零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟]+"


def _calculation(text: str, variable: Variable) -> Reading | None:
    if text.startswith(("=", "@")) or re.search(r"[0-9)][+*/÷=][0-9(]", text):
        return refused("是算式，不代为计算", "请填写计算结果（一个数）")
    return None


def _date(text: str, variable: Variable) -> Reading | None:
    if re.search(
        r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}月[0-9]{0,2}[日号]?|[0-9]{1,2}:[0-9]{2}"
        r"|[0-9]{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
        text,
        re.IGNORECASE,
    ):
        return refused("是日期或时间，不是数", "请填写一个数；如系软件自动改成日期，请将单元格设为文本后重填")
    return None


def _special(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(r"[-+]?(?:inf|infinity|nan|∞)|null|none|true|false|#+|[-—–―_/\\]{2,}", text, re.IGNORECASE):
        return refused("不是数，像软件中的特殊值或符号", "请填写一个数；没有数据请留空，不适用请填—")
    if re.fullmatch(r"0[xXbBoO][0-9A-Fa-f]+", text):
        return refused("是计算机记数法，不是普通数字", "请用普通数字重填")
    if re.fullmatch(rf"{_N}[eEdD][-+]?[0-9]+", text):
        return refused("是科学记数", "请核对后按普通数字填写")
    return None


def _money_sign(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(
        rf"(?:[¥$€£]|RMB|CNY|人民币)(?P<number>{_N})(?P<unit>万?元?)整?|{_N}[¥$€£]", text, re.IGNORECASE
    )
    if not match:
        return None
    if not is_money(variable):
        return refused("带有金额符号，本项不是金额", f"请按本项的单位“{variable.unit}”填写一个数")
    return refused("带有金额符号，单位不明确", f"请换算为{variable.unit}后只填数字，或写明“元”“万元”")


def _negative(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(rf"[-−–—]{_N}.*|\({_N}\)", text):
        return refused("为负数，本项不能小于0", "请核对数字")
    return None


def _range(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(rf"[约近]?{_N}\D{{0,3}}(?:[-−–—~]|至|到){{1,2}}{_N}\D{{0,3}}", text):
        return refused("是一个范围或日期，不是一个数", "请填写准确数")
    return None


def _bound(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(rf"(?:{'|'.join(NO_MORE_THAN)})=?{_N}\D{{0,3}}|{_N}\D{{0,3}}(?:{'|'.join(NOT_OVER)})", text):
        return refused("只说了不超过多少，没有说是多少", "请填写准确数")
    if re.fullmatch(rf"(?:{'|'.join(MORE_THAN)}){_N}\D{{0,3}}|{_N}\+\D{{0,3}}", text):
        return refused("只说了超过多少，没有说是多少", "请填写准确数；只知道下限的请写“至少”")
    return None


def _letters(text: str, variable: Variable) -> Reading | None:
    repaired = text.translate(LETTERS)
    if repaired != text and re.fullmatch(_N, repaired) and (re.search("[0-9]", text) or len(text) == 1):
        return refused("数字中混有字母", likely_repaired(repaired))
    return None


def _multiple(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(rf"(?P<number>{_N})(?P<by>千万|百万|千|百|万|亿|[kKwW])(?P<rest>\D{{0,3}})", text)
    if not match:
        return None
    if is_money(variable):
        return refused("金额单位不明确", f"请写明“{match['number']}{match['by']}元”或换算为{variable.unit}后填写")
    if "元" in match["rest"]:
        return refused("是金额，本项不是金额", f"请按本项的单位“{variable.unit}”填写一个数")
    return refused(f"带有“{match['by']}”", likely_multiple(match["number"], match["by"]))


def _chinese(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(rf"(?P<head>百分之)?(?P<number>{_CHINESE})(?P<rest>[^0-9]{{0,4}})", text)
    if not match:
        return None
    if match["head"] and variable.kind != "percent":
        return refused("是百分数，本项不是百分数", f"请按本项的单位“{variable.unit}”填写一个数")
    return refused("用中文数字填写", likely_chinese(match["number"], match["rest"]))


def _foreign_unit(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>[%‰℃]|[^\W0-9]{1,4})", text)
    if not match:
        return None
    expected = f"本项单位为“{variable.unit}”" if variable.unit else "本项不带单位"
    remedy = f"请换算为{variable.unit or '规定单位'}后只填数字"
    if match["unit"] == "‰" and variable.kind == "percent":
        remedy = f"请换算为%后只填数字（{match['number']}‰即{likely_multiple(match['number'].replace(',', ''), '‰')}）"
    return refused(f"数字后的单位或文字与本项不符，{expected}", remedy)


def _separators(text: str, variable: Variable) -> Reading | None:
    if re.fullmatch(r"[0-9][0-9,'_]*(?:\.[0-9]+)?", text) and re.search("[,'_]", text):
        return refused("分隔符位置不对，可能缺位或填了两个数", likely_repaired(re.sub("[^0-9.]", "", text)))
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}", text):
        meant = text.replace(".", "").replace(",", ".")
        return refused("小数点与千分位逗号颠倒", likely_repaired(meant))
    return None


def _point(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(r"(?P<whole>[0-9]+)(?:[。·‚˙•]|\.{2,}|[.。]{2,})(?P<part>[0-9]+)", text)
    if match:
        return refused(
            "小数点写法不规范，可能是一个小数，也可能是两个数", likely_repaired(f"{match['whole']}.{match['part']}")
        )
    return None


def _spelling(text: str, variable: Variable) -> Reading | None:
    match = re.fullmatch(r"\+?(?P<number>[0-9]*(?:\.[0-9]*)?)", text)
    if match and re.search("[0-9]", text):
        return refused("数字写法不规范", likely_repaired(match["number"]))
    return None


def _punctuated(text: str, variable: Variable) -> Reading | None:
    """A number with stray marks around it, which may be doubt (12?) or a slip (12。)."""
    bare = likely_bare(text)
    if bare is None:
        return None
    doubt = "，问号表示不确定" if "?" in text else ""
    return refused(f"数字前后有多余的符号{doubt}", likely_repaired(bare))


def _several(text: str, variable: Variable) -> Reading | None:
    if len(re.findall(_N, text)) > 1:
        return refused("一格中有不止一个数", "请只填一个数，其余写入备注")
    return None


_DIAGNOSES: tuple[Callable[[str, Variable], Reading | None], ...] = (
    _date,
    _special,
    _calculation,
    _money_sign,
    _negative,
    _range,
    _bound,
    _letters,
    _multiple,
    _chinese,
    _separators,
    _point,
    _spelling,
    _punctuated,
    _foreign_unit,
    _several,
)


def diagnose(text: str, variable: Variable) -> Reading:
    """The refusal of a text that is none of the known ways to write a number."""
    found: Iterable[Reading | None] = (diagnosis(text, variable) for diagnosis in _DIAGNOSES)
    return next((reading for reading in found if reading), refused("不是数", "请填写一个数；没有数据请留空"))
