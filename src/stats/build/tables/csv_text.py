"""A CSV file that spreadsheets open as it is meant: UTF-8 with BOM, and no text that could run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?", re.ASCII)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """The text with ``'`` before it where a spreadsheet would take it for a formula; a number stays a number.

    >>> guarded("=1+1"), guarded("-5"), guarded("双塘镇")
    ("'=1+1", '-5', '双塘镇')
    """
    if text.lstrip(" \u3000").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The rows as CSV bytes: header first, CR LF line ends, every cell guarded.

    Excel takes a CSV file for the system's code page unless it starts with a byte order mark, so it has one.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        texts = {name: "" if row[name] is None else str(row[name]) for name in columns}
        writer.writerow({name: guarded(text) for name, text in texts.items()})
    return text.getvalue().encode("utf-8-sig")
