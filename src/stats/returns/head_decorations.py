"""What form and survey services put around a head: numbers, stars, (必填). Knows no question."""

from __future__ import annotations

import re

from stats.returns.text_normalisation import compact

_BEFORE = re.compile(
    r"(?:[*＊★※●•·#]+|第?[(（\[【]?(?:Q|q)?[0-9]{1,3}(?:[.．、:：)）\]】]|题|-)+(?:[0-9]{1,3}[.．、:：]?)?"
    r"|(?:Q|q)[0-9]{1,3}[_\s]*|[(（]?[一二三四五六七八九十]{1,4}[、.．)）])+"
)
_WORDS = "(?:必填|选填|非必填|必答|可选|单选|多选|填空|文本|单行文本|数字|数值|整数)[项题]?|required|optional"
_BEHIND = re.compile(rf"(?:[*＊★:：]+|[(（\[【](?:{_WORDS})[)）\]】]|_(?:{_WORDS}))+", re.IGNORECASE)


def undecorated(head: str) -> str:
    """A head without what a service put around it.

    >>> [undecorated(head) for head in ("1、单位名称", "*单位名称", "单位名称（必填）", "Q3. 单位名称：")]
    ['单位名称', '单位名称', '单位名称', '单位名称']
    """
    text = compact(head)
    before = _BEFORE.match(text)
    text = text[before.end() :] if before else text
    behind = re.search(rf"(?:{_BEHIND.pattern})$", text, re.IGNORECASE)
    return text[: behind.start()] if behind else text


def decoration(head: str) -> str:
    """Where a head is decorated and with what, in words.

    >>> decoration("1、单位名称"), decoration("单位名称（必填）")
    ('前有“1、”', '后有“(必填)”')
    """
    text, bare = compact(head), undecorated(head)
    before, _, behind = text.partition(bare)
    return "、".join(f"{side}有“{part}”" for side, part in (("前", before), ("后", behind)) if part)
