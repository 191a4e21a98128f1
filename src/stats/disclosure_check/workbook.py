"""What the workbook of a set shows, sheet by sheet, at its digits. Concludes nothing; says what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from stats.disclosure_check import strings
from stats.disclosure_check.elsewhere import damaged, other_than
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut, Page
from stats.disclosure_check.names import Meaning, headed, meaning
from stats.disclosure_check.pages import Text
from stats.disclosure_check.seen import Aspect, Position, Printed, Seen, read
from stats.disclosure_check.sentences import read_sentences
from stats.disclosure_check.tables import Found

_PLACES = "位次"
_STATES: Mapping[str, Aspect] = {"√": "met", "×": "unmet"}
_SEASONS = {"春季": "spring", "秋季": "autumn", "全年": "year", "": "year"}
# The formats of numbers in our workbooks, for what is not negative and for what is.
_DIGITS = re.compile(r"(?P<sign>\+?)(?P<of>0(\.(?P<decimals>0+))?);−(?P=of)")
_APART = re.compile("单位代码|单位|领域|指标代码|指标|项目|季|计量单位|全市|位次|参加排位单位|目标|说明|判定")


def read_workbooks(handed_out: HandedOut, found: Found) -> None:
    """Add what the workbooks of a folder show."""
    for path in sorted(handed_out.folder.glob("*.xlsx")):
        content = handed_out.content(path.name)
        try:
            book, beside = load_workbook(BytesIO(content), data_only=True), list(strings.of_workbook(content))
        except Exception as error:  # a reader of damaged files raises what it likes
            found.unread.append(damaged(path.name, error))
            continue
        said: list[str] = []
        for sheet in book.worksheets:
            said += _read_sheet(handed_out, sheet, path.name, found)
        found.unread += other_than(path.name, beside, said)


def _read_sheet(handed_out: HandedOut, sheet: Worksheet, file: str, found: Found) -> Iterator[str]:
    """Add what a sheet shows; all its texts, and how its chart names a row."""
    yield sheet.title
    heads: list[str] = []
    for row in sheet.iter_rows():
        texts = [printed(cell) for cell in row]
        yield from (part for text in texts for part in (text, *text.split("：")))
        yield from (f"{cell.value:.12g}" for cell in row if isinstance(cell.value, int | float))
        yield " ".join(texts[1:3])
        _too_fine(row, Position(file, sheet.title), found)
        if heads[:1] != ["单位代码"]:
            page = Page(file, handed_out.county, (), tuple(Text(text, sheet.title) for text in texts))
            read_sentences(handed_out, page, found)
        elif texts[0] in handed_out.units:
            place = Position(file, f"{sheet.title}“{texts[0]}”")
            cells = dict(zip(heads, texts, strict=True))
            _Row(handed_out, place, cells, found).read(is_places=sheet.title == _PLACES)
        elif any(texts):
            found.unread.append(
                Leak("unread", file, sheet.title, f"“{' '.join(texts)[:30]}”不知是哪个单位的，不能核对")
            )
        heads = heads or texts


def _too_fine(row: Iterable[Cell | MergedCell], place: Position, found: Found) -> None:
    """A cell may hold more digits than it shows."""
    for cell in row:
        if isinstance(cell.value, float) and abs(cell.value) != float(printed(cell).lstrip("+−")):
            follows = f"{cell.coordinate} 有 {cell.value!r}，印出的只有 {printed(cell)}"
            found.unread.append(Leak("precision", place.file, place.spot, follows))


def printed(cell: Cell | MergedCell) -> str:
    """A cell as it is shown: a number with the sign and the digits of its format, whole where that is none of ours."""
    value = cell.value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "" if value is None else str(value)
    digits = _DIGITS.fullmatch(cell.number_format)
    sign = "−" if value < 0 else digits["sign"] if digits else ""
    return f"{sign}{abs(value):.{len(digits['decimals'] or '')}f}" if digits else f"{sign}{abs(value)}"


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
