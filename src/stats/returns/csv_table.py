"""Reads a CSV file as delivered: encoding, separator, rows. Strict: what is damaged is refused, not repaired."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from itertools import islice

from stats.findings import Finding
from stats.inputs import UnfitError, encoding
from stats.returns.finding_texts import found, refuse_file
from stats.returns.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid
from stats.returns.headers import variable_of

_SEPARATORS = ",\t;，|"
_FEWEST_CELLS = 5
_HEAD_LINES, _HEAD_CHARACTERS = 30, 60_000
_GUARD = re.compile(r"\t+(?=[,\r\n]|\Z)|(?:(?<=[,\r\n])|\A)\t+")


def read_csv(data: bytes, file: str) -> tuple[Grid, list[Finding]]:
    """The table in a CSV file and the notes on its form.

    Accepts UTF-8 with or without BOM, UTF-16 with BOM and GB18030, separated by commas (tabs with a note).
    Raises RefusalError naming the file and the reason for anything else.
    """
    try:
        text, name = encoding.decode(data)
    except UnfitError as unfit:
        raise refuse_file(file, unfit.problem, unfit.remedy) from unfit
    notes = [] if name.startswith("UTF-8") else [found("R-ENCODING", {"file": file}, encoding=name)]
    _refuse_foreign(text, file)
    lines, skipped, separator = _separator_line(text)
    if skipped:
        notes.append(_noted(file, "首行“sep=”是电子表格的分隔符说明"))
    separator = separator or _separator(lines, file)
    if separator == "\t":
        notes.append(_noted(file, "以制表符分隔"))
    elif "\t" in lines:
        lines = _without_guards(lines)
        notes.append(_noted(file, "单元格前后有制表符"))
    if "\r" in lines.replace("\r\n", ""):
        notes.append(_noted(file, "行尾为回车符（旧式）"))
    cells = _rows(lines, separator, file)
    if "\t" in lines:
        cells = [[cell.strip("\t") for cell in row] for row in cells]
    rows = [[""]] * skipped + cells
    ends_cleanly = text.endswith(("\n", "\r", '"'))  # a closing quote ends a value as well
    if not ends_cleanly:
        notes.append(found("R-LAST-LINE", {"file": file}))
    return Grid(file, "", rows, exact_width=True, ends_cleanly=ends_cleanly), notes


def _noted(file: str, what: str) -> Finding:
    return found("R-FORMAT", {"file": file}, what=what)


def _refuse_foreign(text: str, file: str) -> None:
    if "\x00" in text:
        raise refuse_file(file, "含有空字符（NUL），文件已损坏或不是文本", encoding.RESAVE)
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype", "<html", "<?xml", "<table", "<body", "<script", "<head", "<meta", "<!--")):
        raise refuse_file(file, "内容是网页（HTML）或 XML，不是报表", "请从原系统重新导出，或打开后另存为 XLSX")
    if not head:
        raise refuse_file(file, "文件是空的", "请重新提交报表")


def _separator_line(text: str) -> tuple[str, int, str]:
    """The text without Excel's ``sep=`` line, how many lines that was (0 or 1), and the separator it names."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named.lower() in ("sep=,", "sep=\\t") or first.rstrip("\r\n").lower() == "sep=\t":
        return rest, 1, "," if named.endswith(",") else "\t"
    return text, 0, ""


def _separator(text: str, file: str) -> str:
    """The separator by which one of the first lines falls into the most known heads, or else into the most cells."""
    known = {mark: _most(text, mark, variable_of) for mark in _SEPARATORS}
    counts = known if max(known.values()) > 1 else {mark: _most(text, mark, str) for mark in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda mark: counts[mark])
    if counts[best] < _FEWEST_CELLS and counts is not known:
        return ","
    if best not in ",\t":
        raise refuse_file(file, f"以“{best}”分隔", "请改用英文逗号分隔（另存为 CSV），或提交 XLSX")
    return best


def _most(text: str, separator: str, what: Callable[[str], object]) -> int:
    """The most cells of one of the first lines that are something, were they separated so."""
    lines = csv.reader(io.StringIO(text[:_HEAD_CHARACTERS], newline=""), delimiter=separator)
    return max((sum(1 for cell in line if what(cell)) for line in islice(lines, _HEAD_LINES)), default=0)


def _without_guards(text: str) -> str:
    """The text without tabs between a comma or a line's end and the cell beside it, outside of quotes.

    Programs put them there so that a spreadsheet keeps long numbers as text.
    """
    parts = text.split('"')
    parts[::2] = [_GUARD.sub("", part) for part in parts[::2]]
    return '"'.join(parts)


def _rows(text: str, separator: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            rows.append(row)
            cells += len(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                problem = f"超过 {MOST_ROWS} 行、{MOST_COLUMNS} 列或 {MOST_CELLS // 10_000} 万格"
                raise refuse_file(file, problem, "请删去多余的行列，或分成几个文件")
    except csv.Error as error:
        raise refuse_file(
            file, f"第 {reader.line_num} 行附近不是完整的 CSV（引号不成对或文件被截断）", "请打开原件重新另存"
        ) from error
    return rows
