"""One pass over a sheet's XML for what its values do not show: styles, formulas, errors, hidden and merged cells."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from stats.returns.cell_styles import CellStyle
from stats.returns.finding_texts import refuse_file
from stats.returns.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Range, address, column_number, place_of
from stats.returns.overlays import Sizes
from stats.returns.rich_text import NO_RUNS, RUN_PROPERTIES, Runs, add_run_property
from stats.returns.xml_parts import (
    AS_XLSX,
    INCOMPLETE,
    SAVE_ANEW,
    SHEETS,
    UNUSUAL,
    is_on,
    local,
    run_parser,
    strict_parser,
)

_MOST_MERGED = 10_000
_LAST_ROW, _LAST_COLUMN = 2**20 - 1, 2**14 - 1
# Narrower or lower than this, a column or row shows nothing of what is in it (characters, points).
_NO_WIDTH, _NO_HEIGHT = 0.7, 3.0
# Columns of this width show every number that can be an answer.
_WIDE = 11.0
_USUAL_WIDTH, _PADDING = 8.0, 0.71
_DATA = frozenset({"sheetData", "row", "c", "v", "is", "f"})
_VALUES = frozenset({"v", "is"})
_BEFORE, _WITHIN, _AFTER = range(3)
_AFTER_DATA = frozenset({
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions",
    "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches",
    "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
})  # fmt: skip
_NAMES = (
    *_DATA, *RUN_PROPERTIES, *_AFTER_DATA, "t", "col", "sheetFormatPr", "sheetView", "mergeCell", "filterColumn",
    "cfRule",
    "dataBar", "iconSet",
)  # fmt: skip
_ELEMENTS = {f"{namespace} {name}": name for namespace in SHEETS for name in _NAMES}
_REFERENCE_IN_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]*&#")
# Where later versions keep their rules for colours, and the number of a rule that hides whatever it meets.
_LATER = ("http://schemas.microsoft.com/office/spreadsheetml/2009/9/main", "http://schemas.microsoft.com/office/excel/")
HIDES = -1
_WHOLE_COLUMNS = re.compile(r"([A-Z]{1,3}):([A-Z]{1,3})")
_WHOLE_ROWS = re.compile(r"([0-9]{1,7}):([0-9]{1,7})")
Address = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written, and how far from where it was written it stands (a shared one serves many cells)."""

    text: str
    down: int = 0
    right: int = 0
    is_array: bool = False


@dataclass(slots=True)
class CellSeen:
    """What one cell's XML says besides its value; ``style`` is the number of its style, ``error`` an error value."""

    style: int = 0
    formula: Formula | None = None
    has_value: bool = False
    error: str = ""
    runs: Runs = NO_RUNS


@dataclass(slots=True)
class SheetSeen:
    """What a sheet's XML shows: the cells that need more than their value, and what is hidden, merged or coloured.

    ``styles`` holds, for each row with a style that is not plain, the number of each cell's style and one, by column.
    """

    cells: dict[Address, CellSeen] = field(default_factory=dict)
    styles: dict[int, array[int]] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    rules: list[tuple[Range, int]] = field(default_factory=list)
    scales: list[tuple[Range, dict[str, str]]] = field(default_factory=list)
    sizes: Sizes = field(default_factory=Sizes)
    filtered: bool = False
    hides_zeros: bool = False


def scan_sheet(data: bytes, file: str, sheet: str, styles: Sequence[CellStyle], runs: Mapping[int, Runs]) -> SheetSeen:
    """Everything of note in the XML of one sheet; ``runs`` are those of the shared texts.

    RefusalError for broken XML, a DTD, cells out of order, of another vocabulary or of a style that is not there, for
    what readers read differently, and for a value outside the largest table that is read.
    """
    if b"&#" in data and _REFERENCE_IN_VALUE.search(data):
        raise refuse_file(file, UNUSUAL, AS_XLSX, sheet)
    scan = _Scan(file, sheet, styles, runs)
    parser = strict_parser(file)
    scan.attach(parser)
    run_parser(parser, data, file)
    scan.finish()
    return scan.seen


def range_of(name: str) -> Range:
    """The cells of an A1 range, a whole column or row included; ValueError for anything else.

    >>> range_of("A2").name, range_of("B:C").last_row
    ('A2:A2', 1048575)
    """
    plain = name.replace("$", "")
    if match := _WHOLE_COLUMNS.fullmatch(plain):
        return Range(0, column_number(match[1]), _LAST_ROW, column_number(match[2]))
    if match := _WHOLE_ROWS.fullmatch(plain):
        return Range(int(match[1]) - 1, 0, int(match[2]) - 1, _LAST_COLUMN)
    first, _, last = plain.partition(":")
    return Range(*place_of(first), *place_of(last or first))


class _Scan:
    """The state of the pass. A cell is settled when the next one starts, so most cells cost two calls."""

    def __init__(self, file: str, sheet: str, styles: Sequence[CellStyle], runs: Mapping[int, Runs]) -> None:
        self.file, self.sheet, self.styles, self.runs = file, sheet, styles, runs
        self.plain = {str(number) for number, style in enumerate(styles) if style.is_plain}
        if styles[0].is_plain:
            self.plain.add("")
        self.seen = SheetSeen()
        self.phase = _BEFORE
        self.row = self.column = -1
        self.valued = 0
        self.last_row = self.last_column = 0
        self.kind = self.style = ""
        self.now = CellSeen()
        self.is_noted = False
        self.text: list[str] = []
        self.shared: dict[str, tuple[str, int, int]] = {}
        self.formula: dict[str, str] = {}
        self.ranges: list[Range] = []
        self.has_look = False
        self.parser: expat.XMLParserType | None = None

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _ELEMENTS.get(name)
        if self.phase != _WITHIN:
            self._outside(element, name, attributes)
        elif element == "c":
            self._cell(attributes)
        elif element in _VALUES:
            self._value()
        elif element == "t":
            pass
        elif element == "f":
            self._formula(attributes)
        elif element == "row":
            self._row(attributes)
        elif element in RUN_PROPERTIES:
            self.now.runs = add_run_property(self.now.runs, element or "", attributes)
            self.is_noted = True
        elif element in _AFTER_DATA:
            self._settle()
            self.phase = _AFTER
            self._around(element or "", attributes)
        elif local(name) in _DATA:
            self._broken()

    def _outside(self, element: str | None, name: str, attributes: dict[str, str]) -> None:
        """Before the cells readers look for them by any name; behind them there are none, whatever a name says."""
        if element == "sheetData" and self.phase == _BEFORE:
            self.phase = _WITHIN
        elif element in _DATA or (self.phase == _BEFORE and local(name) in _DATA):
            self._broken()
        elif element is not None:
            self._around(element, attributes)
        elif name.startswith(_LATER):
            self._later(local(name))

    def _later(self, element: str) -> None:
        """Rules for colours of later versions: those that bring a look of their own are not made out."""
        if element == "conditionalFormatting":
            self.ranges, self.has_look = [], False
        elif element == "dxf":
            self.has_look = True
        elif element == "sqref" and self.has_look:
            self._collect(lambda text: self.seen.rules.extend((range_of(name), HIDES) for name in text.split()))

    def _around(self, element: str, attributes: dict[str, str]) -> None:
        if element == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif element == "col":
            self._column(attributes)
        elif element == "sheetView":
            self.seen.hides_zeros = self.seen.hides_zeros or not is_on({"showZeros": "1", **attributes}, "showZeros")
        elif element == "sheetFormatPr":
            base = float(attributes.get("baseColWidth", "8"))
            self._usual_width(float(attributes.get("defaultColWidth", base + _PADDING)))
        elif element == "filterColumn":
            self.seen.filtered = True
        elif element == "conditionalFormatting":
            self.ranges = [range_of(name) for name in attributes.get("sqref", "").split()]
        elif element == "cfRule" and attributes.get("dxfId"):
            self.seen.rules += [(each, int(attributes["dxfId"])) for each in self.ranges]
        elif element == "color":
            self.seen.scales += [(each, attributes) for each in self.ranges]
        elif element in ("dataBar", "iconSet") and not is_on({"showValue": "1", **attributes}, "showValue"):
            self.seen.rules += [(each, HIDES) for each in self.ranges]

    def _merge(self, name: str) -> None:
        merged = range_of(name)
        if (merged.first_row, merged.first_column) != (merged.last_row, merged.last_column):
            self.seen.merged.append(merged)
        if len(self.seen.merged) > _MOST_MERGED:
            raise refuse_file(self.file, f"合并单元格超过 {_MOST_MERGED} 处", "请取消合并后重新提交", self.sheet)

    def _usual_width(self, width: float) -> None:
        self.seen.sizes.width = width * 7 * 9525
        if width < _NO_WIDTH:
            self.seen.hidden_columns.update(range(MOST_COLUMNS))
        elif width < _USUAL_WIDTH:
            self.seen.widths = dict.fromkeys(range(MOST_COLUMNS), width)

    def _column(self, attributes: dict[str, str]) -> None:
        columns = range(int(attributes["min"]) - 1, min(int(attributes["max"]), MOST_COLUMNS))
        width = float(attributes["width"]) if "width" in attributes else None
        if is_on(attributes, "hidden") or (width is not None and width < _NO_WIDTH):
            self.seen.hidden_columns.update(columns)
        elif width is not None:
            self.seen.hidden_columns.difference_update(columns)
        for column in columns if width is not None else ():
            self.seen.sizes.set_width(column, width or 0.0)
            self.seen.widths.pop(column, None)
            if width is not None and width < _WIDE:
                self.seen.widths[column] = width

    def _row(self, attributes: dict[str, str]) -> None:
        self._settle()
        row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        if row <= self.row:
            self._broken()
        self.row, self.column = row, -1
        height = float(attributes["ht"]) if "ht" in attributes else None
        if is_on(attributes, "hidden") or (height is not None and height < _NO_HEIGHT):
            self.seen.hidden_rows.add(row)
        if height is not None:
            self.seen.sizes.set_height(row, height)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._settle()
        name = attributes.get("r")
        column = self.column + 1
        if name is not None:
            letters = name.rstrip("0123456789")
            column = column_number(letters)
            if column <= self.column or name[len(letters) :] != str(self.row + 1):
                self._broken()
        if self.row < 0:
            self._broken()
        self.column, self.kind = column, attributes.get("t", "n")
        self.style = attributes.get("s", "")
        if self.style not in self.plain or column in self.seen.widths:
            self._style(column, int(self.style or "0"))

    def _style(self, column: int, number: int) -> None:
        if not 0 <= number < len(self.styles):
            self._broken()
        if column >= MOST_COLUMNS:
            return
        line = self.seen.styles.setdefault(self.row, array("H"))
        line.extend([0] * (column + 1 - len(line)))
        line[column] = number + 1

    def _value(self) -> None:
        if self.now.has_value and self.kind != "inlineStr":
            self._broken()
        self.now.has_value = True
        self.valued += 1
        if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS or self.valued > MOST_CELLS:
            self._too_far()
        self.last_row = self.row
        if self.column > self.last_column:
            self.last_column = self.column
        if self.now.formula or self.kind == "e" or (self.kind == "s" and self.runs):
            self._collect(self._value_read)

    def _value_read(self, text: str) -> None:
        self.now.has_value = bool(text.strip()) or self.kind == "str"
        if self.kind == "e":
            self.now.error, self.is_noted = text.strip()[:20], True
        elif self.kind == "s" and (runs := self.runs.get(int(text))):
            self.now.runs, self.is_noted = runs, True

    def _formula(self, attributes: dict[str, str]) -> None:
        self.is_noted = True
        self.now.formula = Formula("")
        self.formula = attributes
        self._collect(self._formula_read)

    def _formula_read(self, text: str) -> None:
        number, down, right = self.formula.get("si", ""), 0, 0
        if number and text.strip():
            self.shared.setdefault(number, (text, self.row, self.column))
        elif number:
            text, row, column = self.shared.get(number, ("", self.row, self.column))
            down, right = self.row - row, self.column - column
        is_array = self.formula.get("t", "normal") not in ("normal", "shared")
        self.now.formula = Formula(text.strip(), down, right, is_array)

    def _collect(self, then: Callable[[str], None]) -> None:
        """Gathers the text of this element and hands it on when the element ends."""
        if self.parser is None:
            return
        self.text = []
        self.parser.CharacterDataHandler = self.text.append

        def end(_: str) -> None:
            if self.parser is not None:
                self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            then("".join(self.text))

        self.parser.EndElementHandler = end

    def _settle(self) -> None:
        """Keeps the cell just passed if it is of note and not empty."""
        if self.is_noted:
            if self.now.has_value or self.now.formula:
                self.now.style = int(self.style or "0")
                self.seen.cells[self.row, self.column] = self.now
            self.is_noted = False
            self.now = CellSeen()
        elif self.now.has_value:
            self.now.has_value = False

    def finish(self) -> None:
        """Settles the last cell and refuses what is no table: no cells at all, or a few far ones that make it huge."""
        self._settle()
        if self.phase == _BEFORE:
            self._broken()
        if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS:
            self._too_far()

    def _too_far(self) -> NoReturn:
        here = address(self.row, self.column)
        problem = f"超过 {MOST_ROWS} 行、{MOST_COLUMNS} 列或 {MOST_CELLS // 10_000} 万格（{here} 处有内容）"
        raise refuse_file(self.file, problem, "请删去表外的内容和多余的行列，或分成几个文件", self.sheet)

    def _broken(self) -> NoReturn:
        raise refuse_file(self.file, INCOMPLETE, SAVE_ANEW, self.sheet)
