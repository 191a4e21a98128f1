"""Reads the sheets of an XLSX file as delivered: what each cell shows, exactly. Runs no formula, keeps no macro."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from stats.returns.book_parts import INCOMPLETE, SAVE_ANEW, looks, sheet_parts
from stats.returns.container import DAMAGED, inspect_workbook
from stats.returns.grid import STORED_AS_NUMBER, Grid, Mark
from stats.returns.quantities import text_of
from stats.returns.rules import refuse_file
from stats.returns.sheet_scan import CellSeen, SheetSeen, scan_sheet, struck_texts
from stats.texts.privacy import HIDDEN, is_private_label, shown

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
# A spreadsheet shows and keeps 15 significant digits; the binary number behind them may have more.
_SIGNIFICANT = 15
_ARTEFACT = "去除浮点尾差"
_PERCENT = "单元格为百分比格式，按显示的百分数读取"
_SAVED_RESULT = "公式，取保存时的结果"
# From 12 digits on, a spreadsheet shows a number as 1.20118E+11 and saves it so to CSV: a code must be text.
_AS_LARGE_AS_A_CODE = 10**11
_SHARED_TEXTS = "xl/sharedStrings.xml"


def read_xlsx(data: bytes, file: str) -> tuple[list[Grid], list[Grid]]:
    """The visible and the hidden sheets with data, in workbook order; RefusalError for a book of no use."""
    inspect_workbook(data, file)
    seen = _seen(data, file)
    visible: list[Grid] = []
    hidden: list[Grid] = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.end is not None:
                grid = _grid(sheet, file, seen.get(meta.name, SheetSeen()))
                (visible if meta.visible == SheetVisibleEnum.Visible else hidden).append(grid)
    except CalamineError as error:
        raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error
    return visible, hidden


def _seen(data: bytes, file: str) -> dict[str, SheetSeen]:
    """What the XML of every sheet shows besides values, by the sheet's name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: part for name, part in sheet_parts(archive, file).items() if "/worksheets/" in part}
            styles = looks(archive, file)
            names = archive.namelist()
            struck = struck_texts(archive.read(_SHARED_TEXTS), file) if _SHARED_TEXTS in names else frozenset()
            return {
                name: scan_sheet(archive.read(part), file, safe_name(name), styles, struck)
                for name, part in parts.items()
            }
    except DAMAGED as error:
        raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error


def safe_name(sheet: str) -> str:
    """A sheet's name as it may be copied to cells and findings."""
    return HIDDEN if is_private_label(sheet) else shown(sheet)


def _grid(sheet: CalamineSheet, file: str, seen: SheetSeen) -> Grid:
    marks: dict[tuple[int, int], Mark] = {}
    values: list[list[Value]] = sheet.to_python(skip_empty_area=False)
    rows = [[_text(value, row, column, marks) for column, value in enumerate(line)] for row, line in enumerate(values)]
    for (row, column), cell in seen.cells.items():
        if row < len(rows) and column < len(rows[row]):
            text, mark = _noted(cell, values[row][column])
            rows[row][column] = rows[row][column] if text is None else text
            marks[row, column] = mark or marks.get((row, column), Mark())
        elif cell.is_formula:  # without a result it may lie beyond the last value
            marks[row, column] = _noted(cell, "")[1] or Mark()
    return Grid(
        file,
        safe_name(sheet.name),
        rows,
        marks,
        merged=tuple(seen.merged),
        hidden_rows=frozenset(seen.hidden_rows),
        hidden_columns=frozenset(seen.hidden_columns),
        filtered=seen.filtered,
    )


def _text(value: Value, row: int, column: int, marks: dict[tuple[int, int], Mark]) -> str:
    """What a cell shows: numbers as the shortest decimal of 15 digits, never with an exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        text, is_artefact = number_text(value)
        if is_artefact:
            marks[row, column] = Mark(note=_ARTEFACT)
        elif value >= _AS_LARGE_AS_A_CODE:
            marks[row, column] = Mark(note=STORED_AS_NUMBER)
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


def _noted(cell: CellSeen, value: Value) -> tuple[str | None, Mark | None]:
    """The text of a cell whose value alone would mislead (None: as its value), and the mark it gets."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if cell.look.struck:
        return None, Mark(problem="有删除线，不知是否作废", remedy="作废的请删去内容，有效的请取消删除线")
    if problem := _formula_problem(cell):
        return "", problem
    if cell.error:
        return cell.error, None
    if cell.look.misleading and is_number:
        problem_text = "的数字格式改变了显示的数（如以万计、隐藏）"
        return None, Mark(problem=problem_text, remedy="请将单元格格式改为“常规”，核对后重填")
    notes = [_SAVED_RESULT] if cell.is_formula else []
    if cell.look.percent and isinstance(value, (int, float)) and is_number:
        return _percent(value), Mark(note="；".join([*notes, _PERCENT]))
    return None, Mark(note="；".join(notes)) if notes else None


def _formula_problem(cell: CellSeen) -> Mark | None:
    """Why the result of a formula cannot be used; None for a result, or no formula."""
    if cell.is_external:
        return Mark(problem="是引用其他文件的公式", remedy="请将公式改为数值（选择性粘贴）后重新提交")
    if cell.is_formula and cell.error:
        return Mark(problem=f"是公式，结果为错误值 {shown(cell.error)}", remedy="请改正公式或直接填写结果")
    if cell.is_formula and not cell.has_value:
        return Mark(problem="是没有计算结果的公式", remedy="请用办公软件打开文件，保存后重新提交")
    return None


def _percent(value: int | float) -> str:
    return text_of(Decimal(number_text(value)[0]).scaleb(2)) + "%"
