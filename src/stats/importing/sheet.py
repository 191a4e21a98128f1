"""Where things stand on a summary sheet: rows of heads, the column of names, the rows below. Maps nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from stats.importing.marks import is_blank, is_note, is_numbering, is_total
from stats.returns.finding_texts import refuse_file
from stats.returns.grid import Grid, Range, address, column_letter
from stats.returns.names import normalised_name
from stats.returns.text_normalisation import compact

_LONGEST_HEAD = 80
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?")


@dataclass(frozen=True)
class SummarySheet:
    """A sheet on which units stand in rows; rows and columns are counted from 0.

    ``heads`` are its head rows from top to bottom, ``names`` the column of the units' names, ``first`` the first row
    below the heads that holds a unit or a total.
    """

    grid: Grid
    heads: tuple[int, ...]
    names: int
    first: int

    @cached_property
    def width(self) -> int:
        return max(map(len, self.grid.rows))

    def text(self, row: int, column: int) -> str:
        """What stands in a cell; in a merged one, what stands in the first of its cells."""
        return _text(self.grid, *self._merged_at.get((row, column), (row, column)))

    def raw(self, row: int, column: int) -> str:
        """What stands in the cell itself."""
        return _text(self.grid, row, column)

    def path(self, column: int) -> tuple[str, ...]:
        """The heads over a column from top to bottom, each once; a head is over all the columns it is merged over.

        Where a sheet merges nothing in a row of heads (CSV has no merges), a head is over the blank ones on its right.
        """
        return self._paths[column]

    @cached_property
    def _paths(self) -> tuple[tuple[str, ...], ...]:
        texts = ((" ".join(self._head(row, column).split()) for row in self.heads) for column in range(self.width))
        return tuple(tuple(dict.fromkeys(filter(None, heads))) for heads in texts)

    def _head(self, row: int, column: int) -> str:
        text = self.text(row, column)
        if text.strip() or row == self.heads[-1] or row in self._merging_rows or not self._below(row, column):
            return text
        left = (self.raw(row, place) for place in range(column, self.names, -1))
        return next((head for head in left if head.strip()), "")

    def _below(self, row: int, column: int) -> bool:
        return any(self.text(lower, column).strip() for lower in self.heads if lower > row)

    @cached_property
    def _merging_rows(self) -> frozenset[int]:
        return frozenset(
            row for merged in self.grid.merged if merged.last_column > merged.first_column for row in merged.rows
        )

    @cached_property
    def _merged_at(self) -> dict[tuple[int, int], tuple[int, int]]:
        return _merged_spots(self.grid.merged, self.heads)

    @property
    def columns(self) -> range:
        return range(self.width)

    @cached_property
    def filled_columns(self) -> tuple[int, ...]:
        """The columns with a head or with anything below the heads."""
        rows = range(self.first, len(self.grid.rows))
        return tuple(c for c in self.columns if self.path(c) or any(self.raw(row, c).strip() for row in rows))

    def lines(self) -> Iterator[str]:
        """The texts over and under the table and beside it that are no heads: titles, notes."""
        for row in range(len(self.grid.rows)):
            yield from (t for t in self.grid.rows[row] if t.strip() and (row < self.heads[0] or is_note(t)))

    @property
    def titles(self) -> Iterator[str]:
        """The texts over the heads."""
        return (text for row in range(self.heads[0]) for text in self.grid.rows[row] if text.strip())

    @property
    def rows_below(self) -> Iterator[int]:
        """The rows below the heads that are not blank."""
        for row in range(self.heads[-1] + 1, len(self.grid.rows)):
            cells = self.grid.rows[row]
            if not is_blank(cells) and not (row < self.first and is_numbering(cells)):
                yield row

    def where(self, row: int, column: int) -> str:
        """A cell in words."""
        return f"{self.shown}{address(row, column)}"

    @property
    def shown(self) -> str:
        return f"〔{self.grid.sheet}〕" if self.grid.sheet else ""


def summary_sheets(grids: Iterable[Grid], names: Collection[str]) -> tuple[SummarySheet, ...]:
    """The sheets on which units of these (normalised) names stand in rows under heads.

    RefusalError where there is none, or where a sheet that has units is none that can be read without guessing: two
    columns of names, units in a row, no heads, a second row of heads further down.
    """
    listed = tuple(grids)
    found = tuple(sheet for grid in listed if (sheet := _sheet(grid, names)) is not None)
    if not found:
        lying = next((grid for grid in listed if _lies_down(grid, names)), None)
        if lying is not None:
            problem = "单位名称排在一行里（横排）"
            raise refuse_file(lying.file, problem, "请复制到新表并转置（选择性粘贴—转置），每行一个单位", lying.sheet)
        file = listed[0].file if listed else ""
        raise refuse_file(file, "没有一列写着名册中的单位名称", "请核对是否汇总表；单位名称请按名册写全称")
    return found


def _sheet(grid: Grid, names: Collection[str]) -> SummarySheet | None:
    column = _name_column(grid, names)
    if column is None:
        return None
    rows = range(len(grid.rows))
    units = [row for row in rows if normalised_name(_text(grid, row, column)) in names]
    first = next(row for row in rows if row in units or (row < units[0] and is_total(_text(grid, row, column))))
    while first and _holds_numbers(grid, first - 1, column):
        first -= 1
    heads = _head_rows(grid, first)
    if not heads:
        raise refuse_file(grid.file, f"第 {first + 1} 行之上没有列名", "请补上表头后再导入", grid.sheet)
    sheet = SummarySheet(grid, heads, column, first)
    _refuse_second_heads(sheet)
    _refuse_rows_without_name(sheet)
    return sheet


def _holds_numbers(grid: Grid, row: int, names: int) -> bool:
    """Whether a row is one of a unit that is not known, or of the county, rather than one of heads."""
    others = [text for column, text in enumerate(grid.rows[row]) if column != names and text.strip()]
    numbers = sum(bool(_NUMBER.fullmatch(compact(text))) for text in others)
    return bool(_text(grid, row, names).strip()) and 0 < len(others) <= 2 * numbers and not is_numbering(grid.rows[row])


def _name_column(grid: Grid, names: Collection[str]) -> int | None:
    """The column in which most units are named; None where no column names two (or all) of them."""
    named: dict[int, set[str]] = {}
    for cells in grid.rows:
        for column, text in enumerate(cells):
            if text and len(text) < _LONGEST_HEAD and (name := normalised_name(text)) in names:
                named.setdefault(column, set()).add(name)
    enough = {column: found for column, found in named.items() if len(found) >= min(2, len(names))}
    if not enough:
        return None
    best = max(enough, key=lambda column: (len(enough[column]), -column))
    for column, found in enough.items():
        first, second = map(column_letter, sorted((best, column)))
        if found - enough[best]:
            problem = f"{first} 列和 {second} 列写着不同的单位（两栏并排）"
            raise refuse_file(grid.file, problem, "请复制到新表，把两栏接成一栏后再导入", grid.sheet)
        if 2 * len(found) > len(enough[best]) and _differ(grid, best, column, names):
            problem = f"{first} 列和 {second} 列都写着单位名称，不知以哪一列为准"
            raise refuse_file(grid.file, problem, "请在一份副本里删去不是填报单位的那一列后再导入", grid.sheet)
    return best


def _differ(grid: Grid, first: int, second: int, names: Collection[str]) -> bool:
    """Whether two columns name different units in one row."""
    pairs = (
        (normalised_name(_text(grid, row, first)), normalised_name(_text(grid, row, second)))
        for row in range(len(grid.rows))
    )
    return any(one != other and one in names and other in names for one, other in pairs)


def _lies_down(grid: Grid, names: Collection[str]) -> bool:
    return any(sum(normalised_name(text) in names for text in cells if text) > 1 for cells in grid.rows)


def _head_rows(grid: Grid, first: int) -> tuple[int, ...]:
    """The rows over the first unit that are heads: up to a blank row, a title or a line of notes."""
    heads: list[int] = []
    for row in range(first - 1, -1, -1):
        cells = grid.rows[row]
        if is_numbering(cells) and not heads:
            continue
        if (is_blank(cells) and not _covered(grid.merged, row)) or _is_title(grid, row):
            if heads:
                break
            continue
        heads.insert(0, row)
    return tuple(heads)


def _covered(merged: Iterable[Range], row: int) -> bool:
    return any(row in block.rows and block.first_row < row for block in merged)


def _is_title(grid: Grid, row: int) -> bool:
    filled = [column for column, text in enumerate(grid.rows[row]) if text.strip()]
    if filled and all(is_note(grid.rows[row][column]) for column in filled):
        return True
    return len(filled) == 1 and (filled[0] == 0 or _spans_most(grid, row, filled[0]))


def _spans_most(grid: Grid, row: int, column: int) -> bool:
    width = max(map(len, grid.rows))
    return any(
        block.first_row == row and block.first_column == column
        and 2 * (block.last_column - block.first_column + 1) > width
        for block in grid.merged
    )  # fmt: skip


def _refuse_rows_without_name(sheet: SummarySheet) -> None:
    """RefusalError where numbers stand in a row without a name: a unit then has several rows, which may be years."""
    for row in sheet.rows_below:
        cells = sheet.grid.rows[row]
        named = (
            sheet.raw(row, sheet.names).strip() or any(map(is_total, cells)) or all(map(is_note, filter(None, cells)))
        )
        numbers = [text for text in cells if _NUMBER.fullmatch(compact(text))]
        if row >= sheet.first and not named and len(numbers) > 1:
            problem = f"第 {row + 1} 行没有单位名称，却有数（一个单位有几行）"
            raise refuse_file(
                sheet.grid.file, problem, "请在一份副本里每个单位只留一行，写上单位名称", sheet.grid.sheet
            )


def _refuse_second_heads(sheet: SummarySheet) -> None:
    """RefusalError where heads stand again further down with other columns: what is below them is another table."""
    lowest = [compact(sheet.text(sheet.heads[-1], column)) for column in sheet.columns]
    known = {compact(text) for row in sheet.heads for text in sheet.grid.rows[row] if text.strip()}
    for row in range(sheet.first, len(sheet.grid.rows)):
        cells = [compact(text) for text in sheet.grid.rows[row]]
        again = sum(1 for text in cells if text and text in known)
        if again > 2 and 2 * again > sum(map(bool, cells)) and not repeats_heads(sheet, row):
            problem = f"第 {row + 1} 行又是一行列名，与第 {sheet.heads[-1] + 1} 行的次序不同"
            raise refuse_file(sheet.grid.file, problem, "请把两张表分成两个工作表后再导入", sheet.grid.sheet)
    if not any(lowest):
        raise refuse_file(sheet.grid.file, f"第 {sheet.heads[-1] + 1} 行没有列名", "请核对表头", sheet.grid.sheet)


def repeats_heads(sheet: SummarySheet, row: int) -> bool:
    """Whether the row repeats a row of heads, cell for cell, as a table printed on several pages does."""
    cells = [compact(sheet.raw(row, column)) for column in sheet.columns]
    return any(cells == [compact(sheet.raw(head, column)) for column in sheet.columns] for head in sheet.heads)


def _text(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row] if row < len(grid.rows) else []
    return cells[column] if column < len(cells) else ""


def _merged_spots(merged: Iterable[Range], rows: Collection[int]) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (row, column): (block.first_row, block.first_column)
        for block in merged
        for row in block.rows
        if row in rows
        for column in range(block.first_column, block.last_column + 1)
    }
