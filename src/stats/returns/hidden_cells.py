"""What who looks at a sheet does not see: merged, hidden and filtered cells among the data. Reads no answer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from stats.findings import Finding
from stats.returns.finding_texts import RefusalError, found
from stats.returns.grid import Grid, address, column_letter

_MOST_NAMED = 12


def refuse_merged(grid: Grid, numbers: Sequence[int], columns: Collection[int]) -> None:
    """RefusalError where merged cells touch one of these rows (ascending) in one of these columns.

    All but the first cell lost its number. A merge of whole columns is judged like any other.
    """
    for merged in grid.merged:
        at = bisect_left(numbers, merged.first_row)
        is_met = any(column in merged.columns for column in columns)
        if is_met and at < len(numbers) and numbers[at] <= merged.last_row:
            where = {"file": grid.file, "sheet": grid.sheet, "cell": address(merged.first_row, merged.first_column)}
            raise RefusalError(found("R-MERGED", where, range=merged.name))


def hidden_data(grid: Grid, rows: Iterable[int], columns: Collection[int]) -> list[Finding]:
    """Warnings for hidden rows and columns that hold data: they are read like the others, never passed over."""
    rows = list(rows)
    hidden_rows = [row for row in rows if row in grid.hidden_rows]
    hidden_columns = [column for column in sorted(columns) if column in grid.hidden_columns]
    hidden_columns = [column for column in hidden_columns if any(_has_text(grid, row, column) for row in rows)]
    where = {"file": grid.file, "sheet": grid.sheet}
    findings = []
    if hidden_rows:
        words = {"rows": _named(str(row + 1) for row in hidden_rows), "how": "被筛选" if grid.filtered else "隐藏"}
        findings.append(found("R-HIDDEN-ROWS", {**where, "cell": address(hidden_rows[0], 0)}, **words))
    if hidden_columns:
        named = _named(map(column_letter, hidden_columns))
        findings.append(found("R-HIDDEN-COLUMNS", {**where, "cell": address(0, hidden_columns[0])}, columns=named))
    return findings


def _has_text(grid: Grid, row: int, column: int) -> bool:
    cells = grid.rows[row] if row < len(grid.rows) else []
    return column < len(cells) and bool(cells[column].strip())


def _named(names: Iterable[str]) -> str:
    listed = list(names)
    return "、".join(listed[:_MOST_NAMED]) + (f" 等 {len(listed)} " if len(listed) > _MOST_NAMED else "")
