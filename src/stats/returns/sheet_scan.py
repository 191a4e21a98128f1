"""One pass over a sheet's XML for what its values do not show: formulas, errors, hidden, merged, struck, formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from stats.returns.book_parts import INCOMPLETE, SAVE_ANEW, Look, is_on, local, parse_xml, run_parser, safe_parser
from stats.returns.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Range, address, column_number, place_of
from stats.returns.rules import refuse_file

_PLAIN = Look()
_EXTERNAL = re.compile(r"\[[^\[\]]*\][^,;()+*/&\[\]]*!|\|[^!]*!")
_MOST_MERGED = 10_000
_AFTER_DATA = frozenset(
    [
        "sheetCalcPr",
        "sheetProtection",
        "protectedRanges",
        "autoFilter",
        "sortState",
        "customSheetViews",
        "mergeCells",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "drawing",
        "legacyDrawing",
        "oleObjects",
        "tableParts",
        "extLst",
    ]
)
Place = tuple[int, int]


@dataclass(slots=True)
class CellSeen:
    """What one cell's XML says besides its value; ``error`` holds an error value."""

    look: Look = _PLAIN
    is_formula: bool = False
    has_value: bool = False
    is_external: bool = False
    error: str = ""


@dataclass(slots=True)
class SheetSeen:
    """What a sheet's XML shows: the cells that need more than their value, and what is hidden or merged."""

    cells: dict[Place, CellSeen] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False


def scan_sheet(
    data: bytes, file: str, sheet: str, looks: Mapping[int, Look], struck_texts: frozenset[int]
) -> SheetSeen:
    """Everything of note in the XML of one sheet, cells without a value aside.

    RefusalError for broken XML, a DTD, cells out of order, or a value outside the largest table that is read.
    """
    scan = _Scan(file, sheet, looks, struck_texts)
    parser = safe_parser(file)
    scan.attach(parser)
    run_parser(parser, data, file)
    scan.finish()
    return scan.seen


def struck_texts(data: bytes, file: str) -> frozenset[int]:
    """The numbers of the shared texts of which a part is struck out."""
    if b"strike" not in data.replace(b"\x00", b""):
        return frozenset()
    numbers: set[int] = set()
    count = 0

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal count
        if element == "si":
            count += 1
        elif element == "strike" and is_on({"val": "1", **attributes}, "val"):
            numbers.add(count - 1)

    parse_xml(data, file, start)
    return frozenset(numbers)


class _Scan:
    """The state of the pass. A cell is settled when the next one starts, so most cells cost two calls."""

    def __init__(self, file: str, sheet: str, looks: Mapping[int, Look], struck: frozenset[int]) -> None:
        self.file, self.sheet, self.looks, self.struck = file, sheet, looks, struck
        self.seen = SheetSeen()
        self.row = self.column = -1
        self.valued = 0
        self.last_row = self.last_column = 0
        self.kind = ""
        self.now = CellSeen()
        self.is_noted = self.is_past = False
        self.text: list[str] = []
        self.shared: dict[str, bool] = {}
        self.formula: dict[str, str] = {}
        self.parser: expat.XMLParserType | None = None

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if self.is_past:
            self._past(element, attributes)
        elif element == "c":
            self._cell(attributes)
        elif element in ("v", "is"):
            self._value()
        elif element == "f":
            self._formula(attributes)
        elif element == "row":
            self._row(attributes)
        elif element == "strike":
            self.is_noted, self.now.look = True, Look(self.now.look.percent, True, self.now.look.misleading)
        elif element in _AFTER_DATA:
            self._settle()
            self.is_past = True
        else:
            self._around(element, attributes)

    def _past(self, element: str, attributes: dict[str, str]) -> None:
        """What follows the cells has formulas and values of its own (rules for colours), but never a row."""
        if element in ("row", "c"):
            self._broken()
        self._around(element, attributes)

    def _around(self, element: str, attributes: dict[str, str]) -> None:
        if element == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif element == "col" and (is_on(attributes, "hidden") or _is_zero(attributes, "width")):
            first, last = int(attributes["min"]) - 1, min(int(attributes["max"]), MOST_COLUMNS)
            self.seen.hidden_columns.update(range(first, last))
        elif element == "filterColumn":
            self.seen.filtered = True

    def _merge(self, name: str) -> None:
        first, _, last = name.partition(":")
        self.seen.merged.append(Range(*place_of(first), *place_of(last or first)))
        if len(self.seen.merged) > _MOST_MERGED:
            raise refuse_file(self.file, f"合并单元格超过 {_MOST_MERGED} 处", "请取消合并后重新提交", self.sheet)

    def _row(self, attributes: dict[str, str]) -> None:
        self._settle()
        row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        if row <= self.row:
            self._broken()
        self.row, self.column = row, -1
        if is_on(attributes, "hidden") or _is_zero(attributes, "ht"):
            self.seen.hidden_rows.add(row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._settle()
        name = attributes.get("r")
        column = self.column + 1
        if name is not None:
            letters = name.rstrip("0123456789")
            column = column_number(letters)
            if column <= self.column or name[len(letters) :] != str(self.row + 1):
                self._broken()
        self.column, self.kind = column, attributes.get("t", "n")
        look = self.looks.get(int(attributes.get("s", "0")))
        if look is not None:
            self.now.look, self.is_noted = look, True

    def _value(self) -> None:
        self.now.has_value = True
        self.valued += 1
        if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS or self.valued > MOST_CELLS:
            self._too_far()
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        if self.now.is_formula or self.kind == "e" or (self.kind == "s" and self.struck):
            self._collect(self._value_read)

    def _value_read(self, text: str) -> None:
        self.now.has_value = bool(text.strip()) or self.kind == "str"
        if self.kind == "e":
            self.now.error, self.is_noted = text.strip()[:20], True
        elif self.kind == "s" and int(text) in self.struck:
            self.now.look, self.is_noted = Look(self.now.look.percent, True, self.now.look.misleading), True

    def _formula(self, attributes: dict[str, str]) -> None:
        self.now.is_formula = self.is_noted = True
        self.formula = attributes
        self._collect(self._formula_read)

    def _formula_read(self, text: str) -> None:
        external = bool(_EXTERNAL.search(text))
        number = self.formula.get("si", "")
        if number:
            external = self.shared.setdefault(number, external)
        self.now.is_external = external

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
            if self.now.has_value or self.now.is_formula:
                self.seen.cells[self.row, self.column] = self.now
            self.is_noted = False
            self.now = CellSeen()
        elif self.now.has_value:
            self.now.has_value = False

    def finish(self) -> None:
        """Settles the last cell and refuses a table that only a few far cells make huge."""
        self._settle()
        if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS:
            self._too_far()

    def _too_far(self) -> NoReturn:
        here = address(self.row, self.column)
        problem = f"超过 {MOST_ROWS} 行、{MOST_COLUMNS} 列或 {MOST_CELLS // 10_000} 万格（{here} 处有内容）"
        raise refuse_file(self.file, problem, "请删去表外的内容和多余的行列，或分成几个文件", self.sheet)

    def _broken(self) -> NoReturn:
        raise refuse_file(self.file, INCOMPLETE, SAVE_ANEW, self.sheet)


def _is_zero(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a height or width of nothing hides a row or column."""
    return size in attributes and float(attributes[size]) == 0
