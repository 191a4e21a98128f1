"""Which characters a document can show: printable, and there in the typefaces that the package ships."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from stats.texts.printable import escaped, is_printable

TABLE = "drawable.txt"
# What nearly all texts are made of, so that the table need not be read for them.
_COMMON = re.compile(
    r"[\u0020-\u007e\u4e00-\u9fff\u3000-\u3002\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f“”‘’—…·]*"
)


@lru_cache(maxsize=1)
def drawable() -> frozenset[str]:
    """Every character that a document can show, from the table made of the typefaces (``make docs``)."""
    lines = files(__package__).joinpath(TABLE).read_text(encoding="ascii").split()
    ends = ([int(end, 16) for end in line.split("-")] for line in lines)
    return frozenset(chr(point) for each in ends for point in range(each[0], each[-1] + 1))


def undrawable(text: str) -> str:
    """The characters of a text that no document can show, each once, in order.

    >>> [f"U+{ord(character):04X}" for character in undrawable("双塘镇\\u202e\\U0001f600")]
    ['U+202E', 'U+1F600']
    """
    if _COMMON.fullmatch(text):
        return ""
    return "".join(character for character in dict.fromkeys(text) if character not in drawable())


def drawn(text: str) -> str:
    """A text as a document can show it: a character that it cannot show stands there by its number.

    >>> print(drawn("双塘镇\\u202e"))
    双塘镇\\u202e
    """
    if not undrawable(text):
        return text
    return "".join(character if character in drawable() else _by_number(character) for character in text)


def _by_number(character: str) -> str:
    if is_printable(character):
        return f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"
    return escaped(character)


def listed(characters: str) -> str:
    """Such characters in words, for a message.

    >>> listed("\\u202e\\U0001f600")
    'U+202E、U+1F600'
    """
    return "、".join(f"U+{ord(character):04X}" for character in characters[:5])


def table_of(points: frozenset[int]) -> str:
    """The table for typefaces that have these code points: one range in a line, in hexadecimal figures."""
    lines: list[list[int]] = []
    for point in sorted(point for point in points if is_printable(chr(point))):
        if lines and lines[-1][1] == point - 1:
            lines[-1][1] = point
        else:
            lines.append([point, point])
    return "".join(f"{first:X}-{last:X}\n" if first < last else f"{first:X}\n" for first, last in lines)
