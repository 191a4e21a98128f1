"""What the workbook of a set shows, sheet by sheet, at its digits. Concludes nothing; says what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut
from stats.disclosure_check.names import Meaning, headed, meaning
from stats.disclosure_check.seen import Aspect, Position, Printed, Seen, read
from stats.disclosure_check.tables import Found

_PLACES = "位次"
_STATES: Mapping[str, Aspect] = {"√": "met", "×": "unmet"}
_SEASONS = {"春季": "spring", "秋季": "autumn", "全年": "year", "": "year"}
_APART = re.compile("单位代码|单位|领域|指标代码|指标|项目|季|计量单位|全市|位次|参加排位单位|目标|说明|判定")


def read_workbooks(handed_out: HandedOut, found: Found) -> None:
    """Add what the workbooks of a folder show."""
    for path in sorted(handed_out.folder.glob("*.xlsx")):
        book = load_workbook(BytesIO(path.read_bytes()), data_only=True)
        for sheet in book.worksheets:
            for cells in _rows(sheet):
                if cells.get("单位代码", "") in handed_out.units:
                    _Row(handed_out, Position(path.name, f"{sheet.title}“{cells['单位代码']}”"), cells, found).read(
                        is_places=sheet.title == _PLACES
                    )


def _rows(sheet: Worksheet) -> Iterator[dict[str, str]]:
    heads: list[str] = []
    for row in sheet.iter_rows():
        texts = [_text(cell) for cell in row]
        if heads:
            yield dict(zip(heads, texts, strict=True))
        heads = heads or texts


def _text(cell: Cell | MergedCell) -> str:
    """A cell as it is printed."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"
    return "" if cell.value is None else str(cell.value)


class _Row:
    def __init__(self, handed_out: HandedOut, place: Position, cells: Mapping[str, str], found: Found) -> None:
        self._set, self._place, self._cells, self._found = handed_out, place, cells, found
        self._unit = cells["单位代码"]

    def read(self, *, is_places: bool) -> None:
        """One row: of one figure or answer, or a figure a column."""
        named = self._cells.get("指标") or self._cells.get("项目")
        whole = meaning(named) if named else None
        for head, text in self._cells.items():
            of = whole or headed(re.sub("（[^（）]*）$", "", head))
            if of is None or not of.matters or not text:
                continue
            if is_places:
                self._place_of(of, text)
            elif whole is None:
                self._value(of, text)
            else:
                self._cell(of, head, text)

    def _cell(self, of: Meaning, head: str, text: str) -> None:
        period, year = _SEASONS.get(self._cells.get("季", ""), "year"), re.fullmatch("(20[0-9]{2})年", head)
        if head in ("本年", "上年") or year:
            back = int(year[1]) - self._set.year if year else -(head == "上年")
            self._add(self._unit, of, text, back=back, period=period)
        elif head == "同比":
            self._add(self._unit, of, text, aspect="change")
        elif head == "全县":
            self._add(self._set.county, of, text)
        elif head == "判定" and text in _STATES:
            self._value(of, text)
        elif of.is_protected and not _APART.fullmatch(head) and re.search("[0-9]", text):
            self._unread(head, text)

    def _value(self, of: Meaning, text: str) -> None:
        if text not in _STATES:
            self._add(self._unit, of, text)
        elif of.is_protected:
            seen = Seen(self._unit, self._set.year, of, Printed("words"), self._place, aspect=_STATES[text])
            self._found.seen.append(seen)

    def _place_of(self, of: Meaning, text: str) -> None:
        """A place stands only where the value does."""
        same = (self._unit, self._set.year, of.name, "value")
        values = (s for s in self._found.seen if (s.unit, s.year, s.of.name, s.aspect) == same)
        if of.is_protected and not any(seen.printed.value is not None for seen in values):
            self._unread(_PLACES, text)

    def _add(
        self, unit: str, of: Meaning, text: str, *, back: int = 0, period: str = "year", aspect: Aspect = "value"
    ) -> None:
        printed = read(text)
        if printed.mark != "words" and not of.is_own_row:
            year = self._set.year + back
            self._found.seen.append(Seen(unit, year, of, printed, self._place, period=period, aspect=aspect))

    def _unread(self, head: str, text: str) -> None:
        follows = f"表中{head}：{text[:20]}不知是什么数，不能核对"
        self._found.unread.append(Leak("unread", self._place.file, self._place.spot, follows))
