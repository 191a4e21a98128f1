"""What the words of documents stand for: indicators, questions, and which of them are protected. Reads no figure."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import SHORT_NAMES, STAGES
from stats.catalogue.variables import variables
from stats.disclosure.counts import parts_and_wholes, protected_variables

_BRACKETS = str.maketrans("（）：，", "():,")
_QUOTES = re.compile(r"[“”‘’\"'\s]")
_COUNTED = re.compile(r"\([0-9]+/[0-9]+\)$")
_SUFFIX = re.compile(r"\((已上报单位合计|全县合计|两年均有数据的单位合计|县级本级|全县|县级)\)$")
# How sentences name an indicator or question where they do not use its name.
_LEADS = {
    "全年征集新兵": "REC-02",
    "征集新兵": "REC-02",
    "新兵中大学生占": "REC-03",
    "新兵中大学毕业生占": "REC-04",
    "大学生报名人数": "REC-10",
    "专武干部资格认证": "BLD-05",
    "优待金": "SUP-04",
    "立功喜报": "SUP-05",
    "军人家庭诉求": "SUP-06",
    "新兵回访": "rec_followup_done",
    "大学应届毕业生目测初检": "rec_prescreen_rounds",
    "专武干部参加培训": "cad_trained",
    "武装部部长任党委（党工委）委员": "cad_minister_committee",
}
PROTECTED_WORDS = re.compile(
    r"新兵|入伍|大学生|毕业生|报名应征|上站|体检|双合格|退兵|回访|资格认证|两优|优待金|喜报|诉求|参加培训的专武|党工委\)委员"
)


class Meaning(NamedTuple):
    """An indicator by its code, or a question by its name; ``matched`` of a sum over the units of both years."""

    name: str
    is_indicator: bool
    matched: bool = False
    is_own_row: bool = False

    @property
    def is_protected(self) -> bool:
        """Whether it is made from a protected count."""
        if self.is_indicator:
            return not set(protected_variables()).isdisjoint(indicators()[self.name].variables)
        return self.name in protected_variables()

    @property
    def matters(self) -> bool:
        """Whether a proof needs it: protected, or an open count that a protected figure rests on."""
        return self.is_protected or self.name in _open_counts()


@cache
def _open_counts() -> frozenset[str]:
    made = {name for entry in indicators().values() if protected_questions(entry) for name in entry.variables}
    return frozenset(made.union(*parts_and_wholes()) - set(protected_variables()))


def key(text: str) -> str:
    """A name without what differs from place to place: kinds of brackets, quotes, breaks.

    >>> key("武装部部长“两\\n优”比例（%）")
    '武装部部长两优比例(%)'
    """
    return _QUOTES.sub("", text.translate(_BRACKETS))


@cache
def _named() -> dict[str, Meaning]:
    questions = {key(v.full_name): Meaning(name, False) for name, v in variables().items()}
    return questions | {key(entry.name): Meaning(code, True) for code, entry in indicators().items()}


def meaning(label: str) -> Meaning | None:
    """What the label of a row or the head of a column stands for; None for anything else.

    >>> meaning("征集新兵数（已上报单位合计）"), meaning("双合格率（%）").name, meaning("合计")
    (Meaning(name='REC-02', is_indicator=True, matched=False, is_own_row=False), 'REC-07', None)
    """
    text = _COUNTED.sub("", key(label))
    suffix = _SUFFIX.search(text)
    bare = text[: suffix.start()] if suffix else text
    found = _named().get(bare) or _named().get(re.sub(r"\([^()]*\)$", "", bare))
    if found is None or suffix is None:
        return found
    return found._replace(matched=suffix[1].startswith("两年"), is_own_row=suffix[1].startswith("县级"))


def headed(head: str) -> Meaning | None:
    """What the head of a narrow column stands for: a short name, with the unit of measure in a last line.

    >>> headed("大学\\n毕业").name, headed("每万\\n人征\\n名/万人").name, headed("×数")
    ('REC-04', 'REC-09', None)
    """
    lines = head.split("\n")
    for end in range(len(lines), 0, -1):
        code = _by_short_name().get("".join(lines[:end]))
        if code is not None and "".join(lines[end:]) in ("", indicators()[code].unit):
            return Meaning(code, is_indicator=True)
    return meaning(head)


@cache
def _by_short_name() -> dict[str, str]:
    return {name: code for code, name in SHORT_NAMES.items()}


@cache
def stages() -> dict[str, Meaning]:
    """What a chart's words for a stage of recruitment stand for."""
    return {words: Meaning(name, is_indicator=False) for name, words in STAGES.items()}


@cache
def _phrases() -> re.Pattern[str]:
    words = {*_named(), *(key(lead) for lead in _LEADS)}
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def subjects(text: str) -> list[tuple[int, int, Meaning]]:
    """Where a sentence (as :func:`key` gives it) names an indicator or question: begin, end, which."""
    leads = {key(lead): Meaning(name, name in indicators()) for lead, name in _LEADS.items()}
    return [(m.start(), m.end(), _named().get(m[0]) or leads[m[0]]) for m in _phrases().finditer(text)]


def is_one_answer(entry: Indicator) -> bool:
    """Whether an indicator is the answer to one question, or the sum of it."""
    return entry.times == 1 and entry.denominator == 1 and len(entry.numerator) == 1 and entry.kind != "growth"


def protected_questions(entry: Indicator) -> tuple[str, ...]:
    """The protected questions an indicator is made from."""
    return tuple(name for name in entry.variables if name in protected_variables())
