"""One row of data and where its cells stand. Tells no kinds of rows apart and joins nothing."""

from __future__ import annotations

from dataclasses import dataclass

from stats.returns.grid import Grid, Mark, address
from stats.returns.headers import Header

_NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data and where it stands (row from 0 in its grid)."""

    grid: Grid
    header: Header
    number: int

    def spot(self, variable: str) -> tuple[int, int] | None:
        """Row and column of the variable's cell, from 0; None where there is no such column."""
        column = self.header.columns.get(variable)
        return None if column is None else (self.number, column)

    def text(self, variable: str) -> str:
        """What was written in the variable's cell; empty where there is none."""
        spot = self.spot(variable)
        if spot is None or spot[0] >= len(self.grid.rows):
            return ""
        cells = self.grid.rows[spot[0]]
        return cells[spot[1]] if spot[1] < len(cells) else ""

    def address(self, variable: str) -> str:
        """The A1 address of the variable's cell; empty where there is no such column."""
        spot = self.spot(variable)
        return "" if spot is None else address(*spot)

    def where(self, variable: str = "unit_code") -> dict[str, str]:
        """File, sheet and cell, for a finding."""
        return {"file": self.grid.file, "sheet": self.grid.sheet, "cell": self.address(variable)}

    def mark(self, variable: str) -> Mark:
        """What the container knows of the variable's cell."""
        spot = self.spot(variable)
        return _NO_MARK if spot is None else self.grid.mark(*spot)

    @property
    def place(self) -> str:
        """File and row in words."""
        sheet = f"〔{self.grid.sheet}〕" if self.grid.sheet else ""
        return f"{self.grid.file}{sheet}第 {self.number + 1} 行"
