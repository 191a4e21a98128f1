"""Text in cells and heads to text that can be compared: spaces, traditional characters. Decides no meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from stats.texts.plain import plain
from stats.texts.printable import unprintable

_FULL_WIDTH_DIGITS = frozenset("０１２３４５６７８９")
_LONGEST_PHRASE = 14
_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ\s']{1,12}\)", re.IGNORECASE)


def compact(raw: str) -> str:
    """Plain text without any space, for headers and names.

    >>> compact("党（工） 委")
    '党(工)委'
    """
    return "".join(plain(raw).split())


def has_odd_digits(raw: str) -> bool:
    """Whether a character other than 0-9 and its full-width form would be taken for a digit (``①``, ``²``, ``½``)."""
    return not raw.isascii() and any(map(_is_odd_digit, raw))


@lru_cache(maxsize=4096)
def _is_odd_digit(character: str) -> bool:
    if character.isascii() or character in _FULL_WIDTH_DIGITS or character == "〇":
        return False
    if unicodedata.category(character).startswith("N"):
        return True
    return any(c in "0123456789" for c in unicodedata.normalize("NFKC", character))


def is_unreadable(text: str) -> bool:
    """Whether there are control or direction characters, private characters or the mark of a failed decoding."""
    return bool(unprintable(text))


def without_pinyin(text: str) -> str:
    """Names without the pinyin in brackets after a character; brackets with Chinese inside stay.

    >>> without_pinyin("區(qū)會(huì)議（街）")
    '區會議(街)'
    """
    return _PINYIN.sub("", plain(text))


@cache
def _known() -> dict[str, str]:
    """Traditional characters and phrases, and what each is simplified; made by ``tools/traditional.py``."""
    text = files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines())


@lru_cache(maxsize=65536)
def simplified(text: str) -> str:
    """Traditional characters as simplified ones, the longest known phrase at each place as a whole.

    >>> simplified("團泊鎮"), simplified("乾坤"), simplified("乾燥")
    ('团泊镇', '乾坤', '干燥')
    """
    if text.isascii():
        return text
    parts, at = [], 0
    while at < len(text):
        pieces = (text[at : at + length] for length in range(_LONGEST_PHRASE, 0, -1))
        piece = next((piece for piece in pieces if piece in _known()), text[at])
        parts.append(_known().get(piece, piece))
        at += len(piece)
    return "".join(parts)
