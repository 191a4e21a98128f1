"""Reads the sheets of an XLSX file as delivered: what each cell shows, exactly. Runs no formula, keeps no macro."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from stats.returns.container import inspect_workbook
from stats.returns.grid import MOST_COLUMNS, MOST_ROWS, STORED_AS_NUMBER, Grid, Mark
from stats.returns.quantities import text_of
from stats.returns.rules import refuse_file

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
# A spreadsheet shows and keeps 15 significant digits; the binary number behind them may have more.
_SIGNIFICANT = 15
_INCOMPLETE, _SAVE_ANEW = "电子表格内部结构不完整", "请用办公软件打开后另存为新文件"
# What openpyxl lets through of a workbook whose parts contradict each other; ParseError is a SyntaxError.
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError, zipfile.BadZipFile)
_ARTEFACT = "去除浮点尾差"
# From 12 digits on, a spreadsheet shows a number as 1.20118E+11 and saves it so to CSV: a code must be text.
_AS_LARGE_AS_A_CODE = 10**11


def read_xlsx(data: bytes, file: str) -> tuple[list[Grid], list[Grid]]:
    """The visible and the hidden sheets with data, in workbook order; RefusalError for a book of no use."""
    needs_closer_look = inspect_workbook(data, file).has_features
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(meta, book.get_sheet_by_name(meta.name)) for meta in book.sheets_metadata]
    except CalamineError as error:
        raise refuse_file(file, _INCOMPLETE, _SAVE_ANEW) from error
    marks = _features(data, file) if needs_closer_look else {}
    visible: list[Grid] = []
    hidden: list[Grid] = []
    for meta, sheet in sheets:
        if sheet.end is not None:
            grid = _grid(sheet, file, marks.get(meta.name, {}))
            (visible if meta.visible == SheetVisibleEnum.Visible else hidden).append(grid)
    return visible, hidden


def _grid(sheet: CalamineSheet, file: str, seen: dict[tuple[int, int], tuple[str | None, Mark]]) -> Grid:
    height, width = ((sheet.end or (0, 0))[0] + 1, (sheet.end or (0, 0))[1] + 1)
    if height > MOST_ROWS or width > MOST_COLUMNS:
        raise refuse_file(file, f"超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列", "请删去多余的行列后重新提交", sheet.name)
    marks: dict[tuple[int, int], Mark] = {}
    rows = [
        [_text(value, place, marks) for place, value in _placed(row, number)]
        for number, row in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    for (row, column), (text, mark) in seen.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = rows[row][column] if text is None else text
            marks[row, column] = mark
    merged = tuple((first[0], last[0]) for first, last in sheet.merged_cell_ranges or [])
    return Grid(file, sheet.name, rows, marks, merged=merged)


def _placed(row: list[Value], number: int) -> Iterator[tuple[tuple[int, int], Value]]:
    return (((number, column), value) for column, value in enumerate(row))


def _text(value: Value, place: tuple[int, int], marks: dict[tuple[int, int], Mark]) -> str:
    """What a cell shows: numbers as the shortest decimal of 15 digits, never with an exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        text, is_artefact = number_text(value)
        if is_artefact:
            marks[place] = Mark(note=_ARTEFACT)
        elif value >= _AS_LARGE_AS_A_CODE:
            marks[place] = Mark(note=STORED_AS_NUMBER)
        return text
    return value.isoformat() if not isinstance(value, datetime.timedelta) else str(value)


def number_text(value: int | float) -> tuple[str, bool]:
    """The decimal a spreadsheet shows for a stored number, and whether digits beyond the 15th were left out.

    >>> number_text(0.1 + 0.2), number_text(12.0), number_text(1e3)
    (('0.3', True), ('12', False), ('1000', False))
    """
    full = Decimal(repr(value))
    if not full.is_finite():
        return str(value), False
    if len(full.as_tuple().digits) <= _SIGNIFICANT or isinstance(value, int) or full == full.to_integral_value():
        return text_of(full), False
    return text_of(Decimal(format(value, f".{_SIGNIFICANT}g"))), True


def _features(data: bytes, file: str) -> dict[str, dict[tuple[int, int], tuple[str | None, Mark]]]:
    """Cells whose value alone would mislead: formulas, error values, numbers shown as percent."""
    try:
        formulas = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        return {sheet.title: dict(_marked(sheet, values[sheet.title])) for sheet in formulas.worksheets}
    except _BROKEN as error:
        raise refuse_file(file, _INCOMPLETE, _SAVE_ANEW) from error


def _marked(formulas: Worksheet, values: Worksheet) -> Iterator[tuple[tuple[int, int], tuple[str | None, Mark]]]:
    for written, shown in zip(formulas.iter_rows(), values.iter_rows(), strict=True):
        for cell, cached in zip(written, shown, strict=True):
            if cell.value is not None and (feature := _feature(cell, cached)):
                yield (cell.row - 1, cell.column - 1), feature


def _feature(cell: SheetCell, cached: SheetCell) -> tuple[str | None, Mark] | None:
    if cell.data_type == "f":
        return _formula(str(cell.value), cached)
    if cell.data_type == "e":
        return str(cell.value), Mark()
    if cell.data_type == "n" and "%" in str(cell.number_format) and isinstance(cell.value, (int, float)):
        return _percent(cell.value), Mark(note="单元格为百分比格式，按显示的百分数读取")
    return None


def _formula(formula: str, cached: SheetCell) -> tuple[str | None, Mark]:
    if "[" in formula:
        return "", Mark(problem="是引用其他文件的公式", remedy="请将公式改为数值（选择性粘贴）后重新提交")
    if cached.value is None:
        return "", Mark(problem="是没有计算结果的公式", remedy="请用办公软件打开文件，保存后重新提交")
    if cached.data_type == "e":
        return "", Mark(problem=f"是公式，结果为错误值 {cached.value}", remedy="请改正公式或直接填写结果")
    if "%" in str(cached.number_format) and isinstance(cached.value, (int, float)):
        return _percent(cached.value), Mark(note="公式，取保存时的结果；单元格为百分比格式，按显示的百分数读取")
    return None, Mark(note="公式，取保存时的结果")


def _percent(value: int | float) -> str:
    return text_of(Decimal(number_text(value)[0]).scaleb(2)) + "%"
