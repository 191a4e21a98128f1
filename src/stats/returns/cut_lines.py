"""A text file that ends within its last line: whether that line is whole cannot be known. Repairs nothing."""

from __future__ import annotations

from collections.abc import Sequence

from stats.catalogue.variables import variables
from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.headers import REMARK
from stats.returns.row import Row

_REMEDY = "请对照原件核对最后一行，用办公软件打开后另存为 CSV UTF-8 或 XLSX（保存后末尾有换行）"


def refuse_cut(last: Row, rows: Sequence[Row]) -> None:
    """RefusalError where the file has no line end and its last answer may have lost digits, or all of them.

    Whole are a value in quotes, a word that is an answer, a remark, and an empty cell where no row of the period has
    an answer. ``last`` is the last of the ``rows``.
    """
    grid, width = last.grid, len(last.grid.rows[last.header.row])
    if grid.ends_cleanly or not grid.exact_width or last.number != len(grid.rows) - 1:
        return
    if len(grid.rows[last.number]) < width:
        raise _refused(last, "文件在一行中间断开，不完整")
    column = len(grid.rows[last.number]) - 1
    name = next((name for name, at in last.header.columns.items() if at == column), REMARK)
    text = last.text(name).strip()
    if name == REMARK or (text and text in variables()[name].choices):
        return
    alike = [row for row in rows if row.header is last.header and row.text("period") == last.text("period")]
    if any(row.text(name).strip() for row in alike):
        raise _refused(last, f"文件末尾没有换行，最后一格“{text}”可能被截断")


def _refused(last: Row, problem: str) -> RefusalError:
    return refuse_file(last.grid.file, problem, _REMEDY, last.grid.sheet)
