"""The bytes of one file to the tables in it, by the reader of its kind. Reads no folder and judges no row."""

from __future__ import annotations

from dataclasses import dataclass

from stats.findings import Finding
from stats.returns.container import kind_of
from stats.returns.csv_table import read_csv
from stats.returns.finding_texts import found, refuse_file
from stats.returns.grid import Grid
from stats.returns.xlsx_table import read_xlsx


@dataclass(frozen=True, slots=True)
class Delivered:
    """The tables of one file, in its order, and the findings on its form."""

    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...] = ()


def read_file(data: bytes, file: str) -> Delivered:
    """The tables in a file, known by its content and never by its suffix; RefusalError names what else it is."""
    if kind_of(data, file) == "csv":
        grid, notes = read_csv(data, file)
        return Delivered((grid,), tuple(notes))
    visible, hidden, notes = read_xlsx(data, file)
    if not visible:
        raise refuse_file(file, "没有可见的工作表或工作表都是空的", "请在可见的工作表中填写")
    unread = (grid for grid in hidden if any(map(any, grid.rows)))
    notes += [found("R-HIDDEN", {"file": file, "sheet": grid.sheet}) for grid in unread]
    return Delivered(tuple(visible), tuple(notes))
