"""Which cells and rows of a summary table are totals, notes, numbers of columns or measures. Knows no question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from stats.catalogue.variables import questions
from stats.returns.text_normalisation import compact, simplified

TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "全县", "全县合计", "全县总计", "全县小计", "累计", "计", "全县累计"}
)
_NOTE = re.compile(
    r"(?:[(（]?\s*)(?:注|备注|说明|填表|填报|制表|报送|审核|复核|负责|联系|电话|资料来源|数据来源|来源|统计|截止|截至|日期"
    r"|时间|密级|表号|制定|批准|有效期|计量单位|金额单位|货币单位|单位)[^:]{0,8}:"
)
_DATE = re.compile(r"(?:[0-9]{4}|[〇○零一二三四五六七八九]{4})[年./-][0-9〇一二三四五六七八九十]{1,3}[月./-].{0,6}")
_NUMBER = re.compile(r"[0-9]{1,3}|[甲乙丙丁戊]|栏次|栏目|\(?[0-9]{1,3}\)?")
_SCALES = {"": 0, "十": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
_MEASURE = re.compile(r"(?P<scale>十万|百万|千万|[十百佰千仟万亿])?(?P<base>.+)")
_PERSONS = frozenset({"人", "名"})
MONEY = "元"


def is_blank(cells: Sequence[str]) -> bool:
    return not any(text.strip() for text in cells)


def is_total(text: str) -> bool:
    """Whether a row or a column of this name holds totals.

    >>> is_total("合　计"), is_total("全县合计"), is_total("合计镇")
    (True, True, False)
    """
    return compact(text) in TOTALS


def is_note(text: str) -> bool:
    """Whether a text over or under a table is a note on it and no head.

    >>> [is_note(text) for text in ("填报单位：县人武部", "2024年12月31日", "金额单位：千元", "其中:大学生", "单位")]
    [True, True, True, False, False]
    """
    plain = compact(text)
    return bool(_NOTE.match(plain) or _DATE.fullmatch(plain))


def is_numbering(cells: Sequence[str]) -> bool:
    """Whether a row only numbers the columns (甲 乙 1 2 3), as printed tables do under their heads."""
    filled = [compact(text) for text in cells if text.strip()]
    numbers = [int(text.strip("()")) for text in filled if text.strip("()").isdecimal()]
    is_run = all(later == earlier + 1 for earlier, later in pairwise(numbers))
    return len(numbers) > 1 and is_run and all(_NUMBER.fullmatch(text) for text in filled)


def measures() -> frozenset[str]:
    """Every unit of measure of a question."""
    return frozenset(v.unit for v in questions() if v.unit)


def measure_of(text: str) -> str:
    """The unit of measure a text names, as it is compared; empty where it names none.

    >>> measure_of("万 元"), measure_of("人民币仟元"), measure_of("县人武部")
    ('万元', '千元', '')
    """
    plain = simplified(compact(text)).removeprefix("人民币").replace("仟", "千").replace("佰", "百").replace("圆", "元")
    base = _parts(plain)[1]
    known = {_parts(unit)[1] for unit in measures()} | measures()
    return plain if plain in measures() or base in known else ""


def _parts(unit: str) -> tuple[str, str]:
    match = _MEASURE.fullmatch(unit)
    return (match["scale"] or "", match["base"]) if match else ("", unit)


def factor(given: str, wanted: str) -> Decimal | None:
    """By what a number in one unit is multiplied to be one in another; None where they measure different things.

    >>> factor("元", "万元"), factor("千元", "万元"), factor("万人", "人") == 10_000, factor("户", "人")
    (Decimal('0.0001'), Decimal('0.1'), True, None)
    """
    if given == wanted or {given, wanted} <= _PERSONS:
        return Decimal(1)
    (scale, base), (wanted_scale, wanted_base) = _parts(given), _parts(wanted)
    if base != wanted_base and not {base, wanted_base} <= _PERSONS:
        return None
    return Decimal(1).scaleb(_SCALES[scale] - _SCALES[wanted_scale])
