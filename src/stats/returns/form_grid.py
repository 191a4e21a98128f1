"""Finds the heads and the identification of a form on a sheet, by their texts. Judges no answer."""

from __future__ import annotations

from dataclasses import dataclass

from stats.returns import form_layout as layout
from stats.returns.finding_texts import RefusalError, found
from stats.returns.grid import Grid, address
from stats.returns.text_normalisation import compact

_SEARCHED_ROWS = 40
_KEYS = frozenset({layout.VARIABLE, layout.LABEL, layout.UNIT, layout.REMARK})
_HEADS = _KEYS | set(layout.PERIODS.values()) | {layout.LAST_YEAR, layout.CHECKS}


@dataclass(frozen=True, slots=True)
class FormGrid:
    """A form on a sheet: the row of its heads, the column of each head, and the cells that identify the unit."""

    grid: Grid
    header: int
    columns: dict[str, int]
    identity: dict[str, tuple[int, int]]

    def at(self, row: int, column: int) -> str:
        """The text of a cell; empty beyond the last one."""
        cells = self.grid.rows[row] if row < len(self.grid.rows) else []
        return cells[column] if column < len(cells) else ""

    def text(self, name: str) -> str:
        """The text that identifies the unit, its year or the form."""
        return self.at(*self.identity[name])

    def address(self, row: int) -> str:
        """The A1 address of the variable's name on a row."""
        return address(row, self.columns[layout.VARIABLE])

    def where(self, row: int, column: int) -> dict[str, str]:
        """File, sheet and cell, for a finding."""
        return {"file": self.grid.file, "sheet": self.grid.sheet, "cell": address(row, column)}


def find_form(grid: Grid) -> FormGrid | None:
    """The form on a sheet; None where no row has the heads of one.

    RefusalError where a head stands twice or where the identification lacks an entry.
    """
    for number, cells in enumerate(grid.rows[:_SEARCHED_ROWS]):
        heads = [compact(text) if len(text) < 20 else "" for text in cells]
        if set(heads) >= _KEYS:
            return FormGrid(grid, number, _columns(grid, number, heads), _identity(grid, number))
    return None


def _columns(grid: Grid, row: int, heads: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, head in enumerate(heads):
        if head in columns:
            where = {"file": grid.file, "sheet": grid.sheet, "cell": address(row, column)}
            words = {"label": head, "first": address(row, columns[head]), "second": address(row, column)}
            raise RefusalError(found("R-COLUMN-TWICE", where, **words))
        if head in _HEADS:
            columns[head] = column
    return columns


def _identity(grid: Grid, header: int) -> dict[str, tuple[int, int]]:
    found_at: dict[str, tuple[int, int]] = {}
    for row, cells in enumerate(grid.rows[:header]):
        for column, text in enumerate(cells):
            name = layout.IDENTIFICATION.get(compact(text)) if len(text) < 20 else None
            if name is not None:
                found_at.setdefault(name, (row, column + 1))
    if missing := [label for label, name in layout.IDENTIFICATION.items() if name not in found_at]:
        where = {"file": grid.file, "sheet": grid.sheet, "cell": address(header, 0)}
        problem, remedy = f"缺少“{'”“'.join(missing)}”", "请恢复表头上方的单位信息，或重新生成表式后填写"
        raise RefusalError(found("R-FORM", where, problem=problem, remedy=remedy))
    return found_at
