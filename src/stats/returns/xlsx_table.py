"""Reads the sheets of an XLSX file as delivered: what a person sees in each cell. Runs no formula, keeps no macro.

The parts are found once, by the workbook's relations; values are read from a copy that holds nothing but these very
parts, so that no value can come from a sheet or a text that was not looked at.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal

from python_calamine import CalamineError

from stats.findings import Finding
from stats.returns.cell_styles import CellStyles, cell_styles, may_be_lost
from stats.returns.cell_verdict import Value, Verdicts, decimal_of
from stats.returns.colours import THEME, theme_colours
from stats.returns.container import DAMAGED, inspect_workbook
from stats.returns.finding_texts import found, refuse_file
from stats.returns.formulas import Calculator, external_names
from stats.returns.grid import Grid, Mark, Range
from stats.returns.overlays import COMMENT, Overlay, listed, overlays
from stats.returns.package import Package, WorkbookParts, workbook_parts
from stats.returns.rich_text import shared_texts
from stats.returns.sheet_scan import HIDES, Address, SheetSeen, scan_sheet
from stats.returns.workbook_copy import Copy
from stats.returns.xml_parts import INCOMPLETE, SAVE_ANEW
from stats.texts.privacy import HIDDEN, is_private_label, shown

_UNCOVERED = "请移开后核对，或删去"
_COLOUR_RULE = "的条件格式可能使数看不见，或显示成别的数"


def read_xlsx(data: bytes, file: str) -> tuple[list[Grid], list[Grid], list[Finding]]:
    """The visible and the hidden sheets with data, in workbook order, and notes on what lies on them.

    RefusalError for a book of no use.
    """
    inspect_workbook(data, file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Book(Package(archive, file)).grids()
    except CalamineError as error:
        raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error
    except DAMAGED as error:
        raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error


class _Book:
    """A workbook on its way to grids: what bears on all of its sheets, then each sheet."""

    def __init__(self, package: Package) -> None:
        self.package, self.file = package, package.file
        self.parts = workbook_parts(package)
        self.styles = _styles(package, self.parts)
        self.texts = package.xml(self.parts.shared_texts) if self.parts.shared_texts else b""
        self.runs = shared_texts(self.texts, self.file) if self.texts else {}
        self.external = external_names(self.parts.names)

    def grids(self) -> tuple[list[Grid], list[Grid], list[Finding]]:
        """The visible and the hidden ones, and the notes."""
        visible: list[Grid] = []
        hidden: list[Grid] = []
        notes: list[Finding] = []
        seen, values = self._read()
        for sheet, scanned, table in zip(self.parts.sheets, seen, values, strict=True):
            if not table:
                continue
            name = safe_name(sheet.name)
            (hidden if sheet.is_hidden else visible).append(self._grid(name, table, *scanned))
            if scanned[1] and not sheet.is_hidden:
                what = listed(scanned[1])
                notes.append(found("R-OBJECTS", {"file": self.file, "sheet": name}, what=what))
        return visible, hidden, notes

    def _read(self) -> tuple[list[tuple[SheetSeen, list[Overlay]]], Iterator[list[list[Value]]]]:
        """What every sheet shows besides its values, and the values of each, from a copy of what was looked at."""
        seen = []
        with Copy(self.texts) as copy:
            for sheet in self.parts.sheets:
                data = self.package.xml(sheet.part)
                scanned = scan_sheet(data, self.file, safe_name(sheet.name), self.styles.styles, self.runs)
                seen.append((scanned, overlays(self.package, sheet.part, data, scanned.sizes)))
                copy.add(data)
        return seen, copy.values()

    def _grid(self, name: str, values: list[list[Value]], seen: SheetSeen, over: list[Overlay]) -> Grid:
        marks: dict[Address, Mark] = {}
        verdicts = self._verdicts(values, seen)
        rows = [list(_texts(row, line, seen, verdicts, marks)) for row, line in enumerate(values)]
        for place, cell in seen.cells.items():
            if not _has(values, place) and (mark := verdicts.of("", cell.style, cell, place)[1]):
                marks[place] = mark  # a formula without a result may lie beyond the last value
        return Grid(
            self.file,
            name,
            rows,
            marks,
            merged=tuple(seen.merged),
            hidden_rows=frozenset(seen.hidden_rows),
            hidden_columns=frozenset(seen.hidden_columns),
            filtered=seen.filtered,
            over=tuple(_over(over, self._rules(seen))),
        )

    def _verdicts(self, values: list[list[Value]], seen: SheetSeen) -> Verdicts:
        def value(place: Address) -> Decimal | str:
            if not _has(values, place):
                return ""
            held = values[place[0]][place[1]]
            number = decimal_of(held)
            return number if number is not None else held if isinstance(held, str) else "?"

        formulas = {place: cell.formula for place, cell in seen.cells.items() if cell.formula is not None}
        return Verdicts(
            self.styles,
            Calculator(formulas, value, self.external),
            seen.widths,
            since_1904=self.parts.since_1904,
            hides_zeros=seen.hides_zeros,
            is_calculated_by_hand=self.parts.is_calculated_by_hand,
        )

    def _rules(self, seen: SheetSeen) -> Iterator[Range]:
        """The cells in which a rule for colours may hide a number."""
        yield from (cells for cells, change in seen.rules if change == HIDES or change in self.styles.hiding)
        yield from (cells for cells, colour in seen.scales if may_be_lost(self.styles, colour))


def _styles(package: Package, parts: WorkbookParts) -> CellStyles:
    if not parts.styles:
        return CellStyles()
    theme = theme_colours(package.xml(parts.theme)) if parts.theme else THEME
    return cell_styles(package.xml(parts.styles), theme, package.file)


def safe_name(sheet: str) -> str:
    """A sheet's name as it may be copied to cells and findings."""
    return HIDDEN if is_private_label(sheet) else shown(sheet)


def _has(values: list[list[Value]], place: Address) -> bool:
    return place[0] < len(values) and place[1] < len(values[place[0]])


def _texts(
    row: int, values: list[Value], seen: SheetSeen, verdicts: Verdicts, marks: dict[Address, Mark]
) -> Iterator[str]:
    """The texts of a row; what is of note about a cell goes to ``marks``."""
    styles, cells = seen.styles.get(row), seen.cells
    styled = len(styles) if styles else 0
    for column, value in enumerate(values):
        style = styles[column] if styles and column < styled else 0
        if not style and type(value) is str and (row, column) not in cells:
            yield value
            continue
        cell = cells.get((row, column))
        if value == "" and cell is None:
            yield ""
            continue
        number = cell.style if cell else style - 1
        text, mark = verdicts.of(value, number, cell, (row, column)) if style or cell else verdicts.plain(value)
        if mark:
            marks[row, column] = mark
        yield text


def _over(found_there: Iterable[Overlay], rules: Iterable[Range]) -> Iterator[tuple[Range, Mark]]:
    """What is to be asked about the cells under an object, of a comment, and of a rule for colours."""
    for each in found_there:
        is_comment = each.kind == COMMENT
        question = "有批注，批注可能更正了这个数" if is_comment else f"上面盖着{each.kind}，看到的可能不是这个数"
        yield each.cells, Mark(question=question, remedy="请核对批注，改正后删去批注" if is_comment else _UNCOVERED)
    for cells in rules:
        yield cells, Mark(question=_COLOUR_RULE, remedy="请清除条件格式后核对")
