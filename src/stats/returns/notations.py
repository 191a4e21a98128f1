"""The ways people write something other than a plain number, as words and patterns. Decides no status."""

from __future__ import annotations

import re

from stats.texts.plain import plain

NOT_APPLICABLE = frozenset({"-", "--", "—", "——", "–", "―", "/", "不适用"})
NO_DATA_WORDS = frozenset(
    {"未统计", "未上报", "未报", "缺报", "缺", "缺失", "未填", "未填报"}
    | {"不详", "暂无数据", "无数据", "待报", "待补", "待定"}
)
SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
    | {"#GETTING_DATA", "N/A", "NA"}
)
NONE_WORDS = frozenset({"无", "没有", "无此项"})
NOTHING_DONE = re.compile(r"(?:没有|无|未|没)(?:人|人员|开展|召开|开|组织|发生|进行|安排|举行|活动)")
COUNT_WORDS = {("四个一", "项"): 4, ("两优", "项"): 2}

ELLIPSIS = re.compile(r"\s*…+\s*")
COLUMN_TOO_NARROW = re.compile(r"#{2,}")
HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]+")
MASK = re.compile(r"(?<![A-Za-z])[xX]+(?![A-Za-z])|[*×□某]")
_NO_NUMERAL = r"[^\W0-9a-zA-Z一二两三四五六七八九十百千万亿]"
VAGUE = re.compile(
    rf"(?:多|几|数|好几){_NO_NUMERAL}{{1,2}}|(?:若干|一批|大量|许多|很多|少量|部分|一些|大批){_NO_NUMERAL}{{0,8}}"
)
TREND = re.compile(r"(?:逐年|连年|持续|稳步)(?:增加|递增|增长|提高|上升|减少|递减|下降|降低)")
DONE = re.compile(r"(?:圆满|全面|超额|如期|按时|顺利)完成")
# Only these verbs: a phrase with 未, 应, 计划 or 不足 in it does not say that something took place.
FREQUENCY = re.compile(
    r"每个?(?P<span>月|季度|季|半年|年)"
    r"(?P<least>至少|不少于)?(?:召开|开展|组织|举行|进行|安排|到人武部办公|办公|谈|调研|学习|慰问|走访|…|\.\.\.){0,3}"
    r"(?P<count>[一两二三四五六七八九十]|[0-9]{1,2})次(?:话|会|会议|活动|以上)?"
)
TIMES_A_YEAR = {"月": 12, "季度": 4, "季": 4, "半年": 2, "年": 1}
ORDINAL_YEARS = re.compile(r"连续第?(?P<count>[一二三四五六七八九十]|[0-9]{1,2})年")

LESS_KNOWN = {"近": "near", "将近": "near", "约": "about", "大约": "about", "大概": "about"}
AT_LEAST = frozenset({"不少于", "至少", ">=", "≥"})
MORE = "余多"
AROUND = ("左右", "以上")
NO_MORE_THAN = ("不足", "不到", "不超过", "不满", "少于", "小于", "低于", "至多", "最多", "<", "≤")
MORE_THAN = ("超过", "多于", "大于", "高于", ">")
NOT_OVER = ("以下", "以内")
_BOUNDS = (*NO_MORE_THAN, *MORE_THAN, *NOT_OVER)
_INEXACT = (*LESS_KNOWN, *AT_LEAST, *MORE, *AROUND, *_BOUNDS, "+", "~", "±", "?", "几", "上下")
PERSON_UNITS = ("人", "名", "位")
TOTALLING = frozenset({"共", "共计", "累计", "总计", "合计", "全年", "计", "前后", "先后"})
QUOTES = (("“", "”"), ('"', '"'), ("「", "」"), ("『", "』"), ("‘", "’"))


def without_quotes(text: str) -> str:
    """The text inside one pair of quotation marks, or the text itself."""
    for left, right in QUOTES:
        if len(text) > 2 and text.startswith(left) and text.endswith(right):
            return text[1:-1]
    return text


def is_inexact_word(text: str) -> bool:
    """Whether a word beside a number makes it an approximation or a bound, typed or written by a format.

    >>> is_inexact_word("不少于"), is_inexact_word("＋"), is_inexact_word("人")
    (True, True, False)
    """
    words = plain(text)
    return bool(words) and any(word in words for word in _INEXACT)


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}

ONE_CHARACTER = "一二两三四五六七八九十"


def number_of(text: str) -> int | None:
    """The number a Chinese numeral writes, or None if it is not one.

    >>> number_of("三十七"), number_of("一万二千三百四十五"), number_of("二〇二一"), number_of("三次")
    (37, 12345, 2021, None)
    """
    text = text.translate(_FORMAL).replace("廿", "二十").replace("卅", "三十")
    if not text or any(c not in _DIGITS and c not in _PLACES and c not in _GROUPS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    return _placed(text)


def _placed(text: str) -> int:
    total = group = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _PLACES:
            group += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            total += (group + digit) * _GROUPS[character]
            group = digit = 0
    return total + group + digit
