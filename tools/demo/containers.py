"""A table of texts as the bytes of a file, the same on every machine. Knows nothing of returns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO

import xlsxwriter

from demo.county import MARK
from demo.writing import has_number
from stats.forms.archive import packed_anew

WRITTEN_ON = datetime(2022, 1, 10, 9, 0, 0)


def csv_bytes(lines: Iterable[Sequence[str]], *, encoding: str) -> bytes:
    """Lines as a spreadsheet program saves them on Windows: comma, CR LF, in the given encoding."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode(encoding)


def xlsx_bytes(lines: Iterable[Sequence[str]], *, text_columns: frozenset[int]) -> bytes:
    """Lines as one sheet; plain numbers become numbers, except in the columns that are text."""
    memory = BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"title": MARK, "created": WRITTEN_ON})
    sheet = book.add_worksheet(MARK)
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            if column not in text_columns and has_number(text):
                sheet.write_number(row, column, float(text))
            elif text:
                sheet.write_string(row, column, text)
    book.close()
    return packed_anew(memory.getvalue())
