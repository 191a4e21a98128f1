"""Text to plain text: width, invisible characters; and the address of a cell as people say it. Decides no meaning."""

from __future__ import annotations

import re
import unicodedata

# Only characters that show nothing at all; direction marks are not among them, since they reorder digits.
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x180E))


def plain(raw: str) -> str:
    """NFKC without invisible characters and outer space; ``…`` must be looked for before, NFKC turns it into dots.

    >>> plain(" １２\\u200b３４ ")
    '1234'
    """
    if raw.isascii():
        return raw.strip()
    return unicodedata.normalize("NFKC", raw.translate(_INVISIBLE)).strip()


_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def in_words(address: str) -> str:
    """Column and row, so that the address never runs into the name of the file before it; else as it is.

    >>> in_words("AT3"), in_words("")
    ('第AT列第3行', '')
    """
    return _ADDRESS.sub(r"第\1列第\2行", address)
