"""What the heads over a column mean: one question, one period, one measure, or nothing. Guesses nothing.

Every word of a head must be known: a domain, a season, the year, a measure, and exactly one question. One that is not
(上年, 其中女, 完成率) may change what the numbers mean, so the column is not taken; the likely question is offered.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from stats.catalogue.domains import DOMAINS
from stats.catalogue.variables import Variable, questions, variables
from stats.importing.marks import TOTALS, measure_of
from stats.returns.form_layout import PERIODS, answered_in
from stats.returns.headers import IDENTIFYING, undecorated, variable_of
from stats.returns.names import parse_period
from stats.returns.text_normalisation import compact, simplified

_PART = "其中:"
_BRACKETS = re.compile(r"\((?P<inside>[^()]*)\)$")
_AFTER_COMMA = re.compile(r"[,/](?P<inside>[^,/()]+)$")
_SEASON = re.compile(r"(?P<season>春季|秋季|全年)(?:征兵)?")
# What a table of this kind calls a domain; nothing else is taken for one.
_DOMAIN_WORDS = {
    "BAS": ("基础信息", "基本情况", "基本信息", "基础", "基本", "概况", "辖区", "单位"),
    "SYS": ("党管武装", "党管武装制度", "制度"),
    "REC": ("征兵", "兵役征集", "兵役", "征集", "兵员"),
    "MIL": ("民兵", "民兵组织", "民兵整组", "民兵训练", "民兵整组与训练", "民兵整组和训练", "民兵组织和训练"),
    "EMG": ("应急", "应急与支援", "应急应战", "应急行动", "支援地方", "急难险重任务"),
    "BLD": ("基层", "规范化", "专武干部", "专武干部队伍", "基层规范化", "基层武装部", "武装部"),
    "EDU": ("全民国防教育",),
    "SUP": ("双拥", "优抚", "拥军优属", "拥军优抚", "双拥共建"),
    "FND": ("经费", "武装经费", "经费投入", "经费使用"),
}
_ENDINGS = ("情况", "工作", "类", "方面", "部分", "指标", "数据", "统计", "领域", "开展", "落实", "建设", "保障")
_IGNORED = frozenset(
    {
        "序号",
        "编号",
        "单位",
        "单位名称",
        "乡镇",
        "镇街",
        "镇(街)",
        "镇(街道)",
        "乡镇(街道)",
        "备注",
        "名称",
        "No.",
        "区划",
    }
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is, by its heads: a question and a period, or why not; ``likely`` is what might be meant.

    ``measure`` is the unit the heads state (empty: none). ``is_sum`` marks a column of sums over the seasons, which is
    compared with them and not taken, ``is_other`` one that holds no answers (numbers of lines, names, codes).
    """

    variable: str = ""
    period: str = ""
    measure: str = ""
    why: str = ""
    likely: str = ""
    is_sum: bool = False
    is_other: bool = False


@cache
def questions_by_head() -> dict[str, str]:
    """Every way in which a head names a question, as compared: its name, its label, its full name."""
    return {simplified(compact(text)).lower(): v.name for v in questions() for text in (v.name, v.label, v.full_name)}


def question(text: str) -> str:
    """The question a text names; empty where it names none."""
    return questions_by_head().get(simplified(compact(text)).lower(), "")


@cache
def whole_of(name: str) -> str:
    """The question of which one headed 其中 is a part: the last one before it that is none."""
    whole = ""
    for variable in questions():
        if variable.name == name:
            return whole
        if not variable.label.startswith(_PART):
            whole = variable.name
    return ""


def is_part(name: str) -> bool:
    return variables()[name].label.startswith(_PART)


def meaning(path: Sequence[str], year: int, before: str) -> Meaning:
    """What a column with these heads (from top to bottom) is; ``before`` is the question of the columns left of it."""
    if not path:
        return Meaning(why="没有列名")
    words = [word for head in _joined(path) for word in _words(head, year)]
    if unknown := [word.text for word in words if word.kind == "unknown"]:
        return _not_known(path, unknown)
    named = list(dict.fromkeys(word.text for word in words if word.kind == "question"))
    periods = {word.text for word in words if word.kind == "period"}
    units = {word.text for word in words if word.kind == "measure"}
    if len(named) == 2 and is_part(named[1]) and whole_of(named[1]) == named[0]:
        named, before = named[1:], named[0]
    if len(named) != 1:
        is_other = not named and not periods and all(_holds_no_answers(head) for head in path)
        return Meaning(
            why="表头提到几个项目" if named else "不是表上的项目", likely=_nearest(path[-1]), is_other=is_other
        )
    if len(units) > 1 or len(periods) > 1:
        return Meaning(why="表头写着两种单位" if len(units) > 1 else "表头写着两个报告期")
    summed = any(word.kind == "total" for word in words)
    found = _of_period(variables()[named[0]], "".join(periods), year, summed=summed)
    return replace(_fitting(found, words, before), measure="".join(units))


def _joined(path: Sequence[str]) -> Iterator[str]:
    """The heads, a 其中 of its own put before the head below it."""
    above = ""
    for head in path:
        if compact(head).rstrip(":") + ":" == _PART and head != path[-1]:
            above = _PART
        else:
            yield above + head
            above = ""


def _fitting(found: Meaning, words: Sequence[_Word], before: str) -> Meaning:
    """A part stands beside its whole or is called by its full name; any other use of 其中 is another part."""
    variable = found.variable
    is_full = any(word.kind == "question" and word.is_full for word in words)
    if variable and is_part(variable) and whole_of(variable) != before and not is_full:
        whole = variables()[whole_of(variable)].label
        return Meaning(why=f"左边不是“{whole}”，不知是其中的什么", likely=variables()[variable].full_name)
    return found


def _of_period(variable: Variable, period: str, year: int, *, summed: bool) -> Meaning:
    due = answered_in(variable, year)
    if (period or "year") in due:
        return Meaning(variable.name, period or "year")
    if variable.seasonal and (period == "year" or (summed and not period)) and len(due) > 1:
        return Meaning(variable.name, is_sum=True, why="各季合计，只用来核对")
    names = "、".join(PERIODS[each] for each in due)
    return Meaning(why=f"本项 {year} 年按{names}填报", likely=variable.label)


@dataclass(frozen=True, slots=True)
class _Word:
    """One part of a head: a question, period, measure, total, domain or year; ``unknown`` for whatever else."""

    kind: str
    text: str
    is_full: bool = False


def _words(head: str, year: int) -> Iterator[_Word]:
    """The parts of a head; the only words let pass are known ones."""
    text = undecorated(simplified(compact(head)))
    if (whole := _word(text, year)) is not None:
        yield whole
        return
    for pattern in (_BRACKETS, _AFTER_COMMA):
        match = pattern.search(text)
        inside = _aside(match["inside"], year) if match else None
        if match and inside is not None:
            yield inside
            yield from _words(text[: match.start()], year)
            return
    if (match := _SEASON.match(text)) or (match := re.search(_SEASON.pattern + "$", text)):
        rest = (text[: match.start()] + text[match.end() :]).strip("-—_:/")
        if rest:
            yield _Word("period", parse_period(match["season"]) or "")
            yield from _words(rest, year)
            return
    yield _Word("unknown", head)


def _word(text: str, year: int) -> _Word | None:
    if name := question(text):
        is_full = compact(variables()[name].full_name) == text
        return _Word("question", name, is_full)
    season = _SEASON.fullmatch(text)
    if period := parse_period(season["season"] if season else text):
        return _Word("period", period)
    if text in TOTALS:
        return _Word("total", text)
    if measure := measure_of(text.removeprefix("计量").removeprefix("单位:")):
        return _Word("measure", measure)
    if set(re.split("[/、或]", text.removeprefix("填"))) <= _choices() or text == "是否":
        return _Word("choices", text)
    if _is_domain(text) or text in (f"{year}年", f"{year}年度", str(year)) or _holds_no_answers(text):
        return _Word("domain", text)
    return None


def _aside(text: str, year: int) -> _Word | None:
    """What stands in brackets or behind a stroke: a measure or a period; None for words of the name itself."""
    word = _word(text, year)
    return word if word is not None and word.kind in ("measure", "period", "choices") else None


@cache
def _choices() -> frozenset[str]:
    return frozenset(choice for v in questions() for choice in v.choices)


@cache
def _domains() -> frozenset[str]:
    named = [*DOMAINS.values(), *(word for words in _DOMAIN_WORDS.values() for word in words)]
    return frozenset(named)


def _is_domain(text: str) -> bool:
    if text in _domains():
        return True
    ending = next((ending for ending in _ENDINGS if text.endswith(ending)), "")
    return bool(ending) and _is_domain(text.removesuffix(ending))


def _holds_no_answers(head: str) -> bool:
    text = simplified(compact(head))
    return text in _IGNORED or variable_of(text) in (*IDENTIFYING, "remark")


def _not_known(path: Sequence[str], unknown: Sequence[str]) -> Meaning:
    likely = next((near for head in reversed(path) if (near := _nearest(head))), "")
    return Meaning(why=f"不认识“{'”“'.join(unknown[:2])}”", likely=likely)


def _nearest(head: str) -> str:
    text = _BRACKETS.sub("", simplified(compact(head))).lower()
    close = difflib.get_close_matches(text, questions_by_head(), n=1, cutoff=0.5)
    return label_of(questions_by_head()[close[0]]) if close else ""


def label_of(name: str) -> str:
    """What a question is called where it stands alone: its label, or its full name where the label begins with 其中."""
    variable = variables()[name]
    return variable.full_name if is_part(name) else variable.label
