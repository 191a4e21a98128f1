"""Small tables made by hand (CSV), and the one way of writing a number. Strict: nothing is passed over or guessed."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stats.inputs.opening import UnfitError
from stats.texts.plain import plain
from stats.texts.privacy import quoted

MOST_LINES = 100_000
LONGEST_CELL = 1_000
_QUOTES = "请检查引号是否成对；用办公软件打开后另存为“CSV UTF-8”即可"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key, and the words it may be headed by instead; it may be left out unless ``required``."""

    key: str
    labels: tuple[str, ...] = ()
    required: bool = True

    @property
    def shown(self) -> str:
        """The head as messages name it: in Chinese where there is a Chinese one."""
        return self.labels[0] if self.labels else self.key


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: its number in the file (from 1), and its texts by key, without those left blank."""

    number: int
    texts: Mapping[str, str]


def read_table(text: str, columns: Sequence[Column]) -> list[Line]:
    """The lines of a table; UnfitError, with the number of the line, for what is not written as it should be."""
    lines = _cells(text)
    if not lines:
        raise UnfitError("是空的", f"第一行应为列名：{_listed(columns)}")
    keys = _heads(lines[0][1], columns)
    return [_line(number, cells, keys) for number, cells in lines[1:]]


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The cells of every line that has any, without outer space."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise UnfitError(f"第 {reader.line_num} 行有一格超过 {LONGEST_CELL} 字", _QUOTES)
            if any(cells):
                lines.append((reader.line_num, cells))
            if len(lines) > MOST_LINES:
                raise UnfitError(f"超过 {MOST_LINES} 行", "请删去多余的行")
    except csv.Error as error:
        raise UnfitError(f"第 {reader.line_num} 行附近不是完整的 CSV", _QUOTES) from error
    return lines


def _heads(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    known = {_compact(word): column.key for column in columns for word in (column.key, *column.labels)}
    keys = [known.get(_compact(cell), "") for cell in _without_blank_end(cells)]
    for cell, key in zip(cells, keys, strict=False):
        if not key:
            raise _unknown_head(cell, columns)
        if keys.count(key) > 1:
            raise UnfitError(f"第 1 行的列名“{quoted(cell)}”出现两次", "请删去重复的一列")
    missing = [column.shown for column in columns if column.required and column.key not in keys]
    if missing:
        raise UnfitError(f"第 1 行缺少列名“{'”“'.join(missing)}”", f"列名应为：{_listed(columns)}")
    return keys


def _unknown_head(cell: str, columns: Sequence[Column]) -> UnfitError:
    for mark, name in (("\t", "制表符"), (";", "分号"), ("，", "中文逗号"), ("；", "中文分号")):
        if mark in cell:
            return UnfitError(f"以{name}分隔", "请改用英文逗号分隔：用办公软件打开后另存为“CSV UTF-8”")
    words = [word for column in columns for word in (column.key, *column.labels)]
    near = difflib.get_close_matches(cell, words, n=1)
    hint = f"是否应为“{near[0]}”；" if near else ""
    return UnfitError(f"第 1 行有不认识的列名“{quoted(cell)}”", f"{hint}列名应为：{_listed(columns)}")


def _line(number: int, cells: Sequence[str], keys: Sequence[str]) -> Line:
    given = len(_without_blank_end(cells))
    if given > len(keys) or len(cells) < len(keys):
        problem = f"第 {number} 行有 {given} 列，应为 {len(keys)} 列"
        raise UnfitError(problem, "请检查该行的逗号：每行列数与表头相同，空着的格也要留逗号")
    return Line(number, {key: cell for key, cell in zip(keys, cells, strict=False) if cell})


def _without_blank_end(cells: Sequence[str]) -> Sequence[str]:
    """The cells without the blank ones at the end, which spreadsheets add to every line of a file."""
    length = len(cells)
    while length and not cells[length - 1]:
        length -= 1
    return cells[:length]


def _compact(text: str) -> str:
    return "".join(plain(text).split()).casefold()


def _listed(columns: Sequence[Column]) -> str:
    return "、".join(column.shown for column in columns if column.required)


_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,6})?", re.ASCII)


def decimal(text: str) -> Decimal:
    """The number that is written; ValueError for any other way of writing, and for one too long to be a figure.

    >>> decimal("62.50")
    Decimal('62.50')
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"“{quoted(text)}”不是普通写法的数（如 90 或 2.5）")
    return Decimal(text)
