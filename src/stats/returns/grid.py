"""A table as delivered: texts by row and column, with what the container knows of single cells. Interprets nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

MOST_ROWS = 250_000
MOST_COLUMNS = 400
MOST_CELLS = 16_000_000
_LETTERS = 26
STORED_AS_NUMBER = "以数值存储"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a container says of one cell besides its text: a note, what is to be asked, or why it is refused."""

    note: str = ""
    question: str = ""
    problem: str = ""
    remedy: str = ""

    def __or__(self, other: Mark) -> Mark:
        """Both marks in one; the first problem counts."""
        return Mark(
            note="；".join(filter(None, (self.note, other.note))),
            question="；".join(filter(None, (self.question, other.question))),
            problem=self.problem or other.problem,
            remedy=self.remedy if self.problem else "；".join(dict.fromkeys(filter(None, (self.remedy, other.remedy)))),
        )


_NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Range:
    """A block of cells, both ends included, counted from 0.

    >>> Range(0, 1, 2, 3).name, 2 in Range(0, 1, 2, 3).rows
    ('B1:D3', True)
    """

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def name(self) -> str:
        """The A1 address of the block."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"

    @property
    def rows(self) -> range:
        """The rows it covers."""
        return range(self.first_row, self.last_row + 1)

    @property
    def columns(self) -> range:
        """The columns it covers."""
        return range(self.first_column, self.last_column + 1)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of texts from one sheet; ``marks`` by (row, column), both from 0.

    ``exact_width`` says that every row must have as many cells as the header (CSV); ``ends_cleanly`` that the
    last row ended with a line end; ``merged`` holds the merged ranges; ``hidden_rows`` and ``hidden_columns`` are not
    seen by who looks at the sheet, ``filtered`` says that a filter hides the rows; ``over`` is what is to be asked
    about the cells of a range.
    """

    file: str
    sheet: str
    rows: list[list[str]]
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    exact_width: bool = False
    ends_cleanly: bool = True
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    over: tuple[tuple[Range, Mark], ...] = ()

    def mark(self, row: int, column: int) -> Mark:
        """What the container says of a cell, empty where it says nothing."""
        mark = self.marks.get((row, column), _NO_MARK)
        for cells, other in self.over:
            if row in cells.rows and column in cells.columns:
                mark |= other
        return mark


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letter(0), column_letter(26), column_letter(701), column_letter(702)
    ('A', 'AA', 'ZZ', 'AAA')
    """
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1 address of a cell counted from 0.

    >>> address(0, 27)
    'AB1'
    """
    return f"{column_letter(column)}{row + 1}"


def place_of(name: str) -> tuple[int, int]:
    """Row and column, both from 0, of an A1 address; ValueError for anything else.

    >>> place_of("AB1"), place_of("$C$12")
    ((0, 27), (11, 2))
    """
    plain = name.replace("$", "")
    letters = plain.rstrip("0123456789")
    column = column_number(letters)
    row = int(plain[len(letters) :]) - 1
    if row < 0:
        raise ValueError(name)
    return row, column


@lru_cache(maxsize=32768)
def column_number(letters: str) -> int:
    """The column (from 0) that letters name; ValueError where they name none.

    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha() and letters.isupper()):
        raise ValueError(letters)
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1
