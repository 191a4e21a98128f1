"""Chinese numerals as integers. Used to suggest, and for one-character numbers before a unit (三次)."""

from __future__ import annotations

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
