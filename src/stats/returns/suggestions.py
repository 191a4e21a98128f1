"""What a refused text probably meant, as words for a person to confirm. Decides nothing, is never computed with."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from stats.returns.notations import number_of
from stats.returns.quantities import text_of

LETTERS = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "i": "1", "|": "1"}
    | {"Z": "2", "S": "5", "B": "8"}
)
_CONFIRM = "请核对后重填"
_MULTIPLES = {"百": 2, "千": 3, "k": 3, "K": 3, "万": 4, "w": 4, "W": 4, "百万": 6, "千万": 7, "亿": 8, "‰": -1}
_DIGITS_ONLY = re.compile("[一二两三四五六七八九]{2}")
_ROUGH_ENDING = re.compile("[一二两三四五六七八九]{2}$|[一二两三四五六七八九]{2}[十百千万亿]")
_PART = re.compile("[成半分折倍余多来几]|左右")
_MOST_DIGITS = 10
_MARKS = "。，、.,;；:：!！?？'’‘\"“”`´~()[]【】<>《》 "


def likely_repaired(number: str) -> str:
    """The number of digits as they stand, without zeros in front, or a plain request where it is too long.

    >>> likely_repaired("012"), likely_repaired(".5")
    ('疑为12，请核对后重填', '疑为0.5，请核对后重填')
    """
    whole, _, part = number.partition(".")
    meant = (whole.lstrip("0") or "0") + (f".{part}" if part else "")
    return f"疑为{meant}，{_CONFIRM}" if len(whole) + len(part) <= _MOST_DIGITS else "请核对后重填一个数"


def likely_multiple(number: str, by: str) -> str:
    """A number times 千, 万 and the like; permille as percent.

    >>> likely_multiple("1.2", "万"), likely_multiple("5", "‰")
    ('疑为12000，请核对后重填', '0.5%')
    """
    meant = text_of(Decimal(number).scaleb(_MULTIPLES[by]))
    if by == "‰":
        return f"{meant}%"
    return f"疑为{meant}，{_CONFIRM}" if len(meant) <= _MOST_DIGITS else "请核对后重填一个数"


def likely_chinese(numeral: str, rest: str) -> str:
    """A Chinese numeral in figures; none where it is rough (十二三, 一半, 二十来人 and the like).

    >>> likely_chinese("三十七", ""), likely_chinese("三四", "十个")
    ('疑为37，请核对后用阿拉伯数字重填', '请核对后用阿拉伯数字填写准确数')
    """
    number = number_of(numeral)
    is_rough = _DIGITS_ONLY.fullmatch(numeral) or (_ROUGH_ENDING.search(numeral) and re.search("[十百千万亿]", numeral))
    if (
        number is None
        or is_rough
        or number >= 10**_MOST_DIGITS
        or (rest and _PART.search(rest) and rest[0] not in "余多")
    ):
        return "请核对后用阿拉伯数字填写准确数"
    return f"疑为{number}，请核对后用阿拉伯数字重填"


def likely_digits(raw: str) -> str:
    """Circled and other shaped digits, and those of other scripts, in plain ones; empty for no whole numbers.

    >>> likely_digits("①②③"), likely_digits("٣٢"), likely_digits("½")
    ('疑为123，请核对后重填', '疑为32，请核对后重填', '')
    """
    if raw.strip().isdecimal():
        return likely_repaired("".join(str(unicodedata.decimal(character)) for character in raw.strip()))
    shapes = [unicodedata.decomposition(character).partition(" ")[0] for character in raw.strip()]
    if any(shape in ("", "<super>", "<sub>", "<wide>") for shape in shapes):
        return ""  # beside plain digits, or as a note sign, a shaped digit need not belong to the number
    values = [unicodedata.numeric(character, None) for character in raw.strip()]
    if not values or any(value is None or value != int(value) or value > 99 for value in values):
        return ""
    return likely_repaired("".join(str(int(value or 0)) for value in values))


def likely_joined(text: str) -> str:
    """Digits in groups of three behind spaces, as one number; empty for other spaces.

    >>> likely_joined("12 345"), likely_joined("12 15")
    ('请只填一个数；如是一个数，疑为12345', '')
    """
    is_grouped = re.fullmatch(r"[0-9]{1,3}(?:\s[0-9]{3})+(?:\.[0-9]+)?", text)
    return f"请只填一个数；如是一个数，疑为{''.join(text.split())}" if is_grouped else ""


def likely_bare(text: str) -> str | None:
    """The number between stray marks; None where there is more than that.

    >>> likely_bare("12?"), likely_bare("12名。"), likely_bare("12名")
    ('12', '12', None)
    """
    bare = text.strip(_MARKS)
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)[名人次个户件所场份项天条位]{0,2}", bare)
    return match[1] if match and bare != text else None
