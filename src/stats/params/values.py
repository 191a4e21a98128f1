"""The scalar values parameters are made of, each from its one accepted way of writing. Knows no keys."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from stats.catalogue.indicators import indicators, nearest
from stats.errors import ParamsError
from stats.inputs.tables import decimal
from stats.texts.drawable import listed, undrawable
from stats.texts.free_text import LONGEST_NAME, LONGEST_ROLE
from stats.texts.privacy import quoted

FIRST_YEAR, LAST_YEAR = 2013, 2100
MARKINGS = ("", "内部", "内部事项 注意保管")

_MASKED = re.compile(r"[xX*＊×□]{2,}|某")
_UNFIT_FOR_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]|^\.|\.$')


def unit_code(value: str | int) -> str:
    """A statistical division code as text of 12 digits; papermill and YAML may pass it as a number.

    Raises ParamsError for anything else, a code turned by a spreadsheet into 1.20118E+11 above all.

    >>> unit_code(120118111000)
    '120118111000'
    """
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[1-9][0-9]{11}", text, re.ASCII):
        raise ParamsError(f"单位代码“{quoted(text)}”不是 12 位数字", _code_remedy(text))
    return text


def _code_remedy(text: str) -> str:
    if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+|[0-9]+\.0+", text):
        return "代码已被电子表格改成科学记数，末几位可能丢失；请按文本格式重新填写 12 位代码"
    return "请按名册填写 12 位统计用区划代码（不加空格、不用科学记数）"


def _code(value: Any) -> str:
    try:
        return unit_code(value)
    except ParamsError as error:
        raise ValueError(f"{error.problem}（{error.remedy}）") from error


def _year(value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{4}", text, re.ASCII):
        raise ValueError(f"年度“{quoted(text)}”不是四位数字")
    if not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ValueError(f"年度 {text} 不在 {FIRST_YEAR}—{LAST_YEAR} 之间")
    return int(text)


def _decimal(value: Any) -> Decimal:
    return decimal("" if isinstance(value, bool) else str(value).strip())


def indicator_code(value: Any) -> str:
    """The code of an indicator of the catalogue; ValueError names the one that was probably meant.

    >>> indicator_code("REC-05")
    'REC-05'
    """
    text = str(value).strip()
    if text not in indicators():
        near = nearest(text)
        raise ValueError(f"指标代码“{quoted(text)}”不存在，{f'是否应为 {near}' if near else '请核对指标代码'}")
    return text


def _name(value: Any) -> str:
    text = " ".join(str(value).split())
    if missing := undrawable(text):
        raise ValueError(f"名称“{quoted(text)}”含有看不见的字符、表情符号或字体没有的字（{listed(missing)}）")
    if not 0 < len(text) <= LONGEST_NAME or _UNFIT_FOR_FILE_NAMES.search(text):
        raise ValueError(f"名称“{quoted(text)}”为空、过长或含有文件名不能用的字符")
    if _MASKED.search(text):
        raise ValueError(f"名称“{text}”是遮蔽写法，应写真实名称")
    return text


def _marking(value: Any) -> str:
    text = " ".join(str(value).split())
    if any(word in text for word in ("秘密", "机密", "绝密")):
        raise ValueError(f"标注“{quoted(text)}”不能用：本工具不定密，也不得用于涉密数据")
    if text not in MARKINGS:
        raise ValueError(f"标注“{quoted(text)}”不能用，只能留空或写：内部、内部事项 注意保管")
    return text


def _line(value: Any) -> str:
    text = " ".join(str(value).split())
    if len(text) > LONGEST_ROLE:
        raise ValueError(f"“{quoted(text)}”超过 {LONGEST_ROLE} 字，封面放不下")
    return text


Code = Annotated[str, BeforeValidator(_code)]
Year = Annotated[int, BeforeValidator(_year)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
IndicatorCode = Annotated[str, BeforeValidator(indicator_code)]
Name = Annotated[str, BeforeValidator(_name)]
Marking = Annotated[str, BeforeValidator(_marking)]
Line = Annotated[str, BeforeValidator(_line)]
