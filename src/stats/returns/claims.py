"""Statements in a remark that a computed figure can confirm or contradict. Judges none of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_TREND = re.compile(r"(?:逐年|连年|持续|稳步)(?P<way>增加|递增|增长|提高|上升|减少|递减|下降|降低)")
_DONE = re.compile(r"(?:圆满|全面|超额|如期|按时|顺利)完成")
_UP = frozenset({"增加", "递增", "增长", "提高", "上升"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: a trend (``逐年增加``) with its direction, or that something was done (``圆满完成``)."""

    words: str
    kind: Literal["trend", "done"]
    direction: Literal["up", "down", ""] = ""


def claims_in(remark: str) -> tuple[Claim, ...]:
    """The claims in a text, in order of kind.

    >>> claims_in("经费逐年增加，圆满完成任务")
    (Claim(words='逐年增加', kind='trend', direction='up'), Claim(words='圆满完成', kind='done', direction=''))
    """
    trends = [Claim(m[0], "trend", "up" if m["way"] in _UP else "down") for m in _TREND.finditer(remark)]
    return (*trends, *(Claim(m[0], "done") for m in _DONE.finditer(remark)))
