"""A table as delivered: texts by row and column, with what the container knows of single cells. Interprets nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from openpyxl.utils import get_column_letter

MOST_ROWS = 250_000
MOST_COLUMNS = 400
STORED_AS_NUMBER = "以数值存储"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a container says of one cell besides its text: a note, or a problem for which it is refused."""

    note: str = ""
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of texts from one sheet; ``marks`` by (row, column), both from 0.

    ``exact_width`` says that every row must have as many cells as the header (CSV); ``ends_cleanly`` that the
    last row ended with a line end; ``merged`` holds the merged ranges as (first row, last row).
    """

    file: str
    sheet: str
    rows: list[list[str]]
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    exact_width: bool = False
    ends_cleanly: bool = True
    merged: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    return str(get_column_letter(column + 1))


def address(row: int, column: int) -> str:
    """The A1 address of a cell counted from 0.

    >>> address(0, 27)
    'AB1'
    """
    return f"{column_letter(column)}{row + 1}"
