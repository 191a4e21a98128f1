"""The address of a cell as people say it. Knows no file."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def in_words(address: str) -> str:
    """Column and row, so that the address never runs into the name of the file before it; else as it is.

    >>> in_words("AT3"), in_words("")
    ('第AT列第3行', '')
    """
    return _ADDRESS.sub(r"第\1列第\2行", address)
