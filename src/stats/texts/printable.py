"""Which characters may be printed and shown, by one rule for every version of Python; shows the others by number."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import ucd_3_2_0

# Each version of Python knows more characters than the one before. What may be printed is to be the same for all, so it
# is asked of the oldest table, which every version carries; what Chinese needs of later ones is named here.
_LATER_HAN = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9\U00020000-\U0002a6df\U0002a700-\U0002b739\U0002b740-\U0002b81d"
    "\U0002b820-\U0002cea1\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U0002f800-\U0002fa1d\U00030000-\U000323af]"
)
# Controls, formats (bidi marks and what shows nothing), surrogates, private use, unassigned, line and paragraph ends.
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# The mark of a failed decoding; and the two that the oldest table takes for a hyphen and a space and no later one does.
_NEITHER = frozenset("\ufffd\u00ad\u200b")


@lru_cache(maxsize=65536)
def is_printable(character: str) -> bool:
    """Whether a character shows itself and nothing else: no control, bidi mark, surrogate, private or unknown one.

    >>> [is_printable(character) for character in "镇𠙶—\\n\\u202e\\ue000\\ufffd"]
    [True, True, True, False, False, False, False]
    """
    if character in _NEITHER:
        return False
    return ucd_3_2_0.category(character) not in _UNPRINTABLE or _LATER_HAN.match(character) is not None


def unprintable(text: str) -> str:
    """The characters of a text that may not be printed, each once, in order."""
    if text.isascii() and text.isprintable():
        return ""
    return "".join(dict.fromkeys(character for character in text if not is_printable(character)))


def escaped(text: str) -> str:
    """A text as one line that a terminal or a log may be given: what is not printable stands there by its number.

    >>> print(escaped("双塘镇\\x1b[31m\\u202e\\n"))
    双塘镇\\x1b[31m\\u202e\\n
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if is_printable(c) else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text)
