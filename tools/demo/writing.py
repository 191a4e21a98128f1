"""The ways town staff write a number that is not simply that number. Decides nothing about where."""

from __future__ import annotations

import re
from decimal import Decimal

NUMERALS = "零一两三四五六七八九十"  # before a measure word two is 两
FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


def full_width(text: str) -> str:
    """Digits as a Chinese input method types them.

    >>> full_width("96.5%")
    '９６．５％'
    """
    return text.translate(FULL_WIDTH)


def thousands(text: str) -> str:
    """A whole number with commas.

    >>> thousands("12345")
    '12,345'
    """
    return f"{int(text):,}"


def numeral(text: str) -> str:
    """A whole number up to ten as a Chinese numeral before a measure word; larger ones stay as they are.

    >>> numeral("3"), numeral("12")
    ('三', '12')
    """
    return NUMERALS[int(text)] if int(text) < len(NUMERALS) else text


def rounded_down(text: str) -> str:
    """A whole number with only its first digits left, as one writes before 余 or 多: two of three, one of two.

    >>> rounded_down("127"), rounded_down("65"), rounded_down("8432")
    ('120', '60', '8400')
    """
    kept = _digits_kept(text)
    return text[:kept] + "0" * (len(text) - kept)


def _digits_kept(text: str) -> int:
    return 1 if len(text) < 3 else 2


def rounded_up(text: str) -> str:
    """The next number above with only its first digits, as one writes after 近.

    >>> rounded_up("183"), rounded_up("65")
    ('190', '70')
    """
    kept = _digits_kept(text)
    return f"{int(text[:kept]) + 1}" + "0" * (len(text) - kept)


def plain_decimal(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros.

    >>> plain_decimal(Decimal("18.00")), plain_decimal(Decimal("20"))
    ('18', '20')
    """
    return format(number.normalize(), "f")


def scaled(text: str, factor: str) -> str:
    """The number in another unit of money.

    >>> scaled("18000", "0.0001"), scaled("3.5", "10000")
    ('1.8', '35000')
    """
    return plain_decimal(Decimal(text) * Decimal(factor))


def has_number(text: str) -> bool:
    """Whether it is a plain number and not a mark like — or 是."""
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None
