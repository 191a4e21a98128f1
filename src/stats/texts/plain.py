"""Text as typed to text that can be compared: width, spaces, invisible characters. Decides no meaning."""

from __future__ import annotations

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
