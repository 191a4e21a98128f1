"""What the tables of a document show of figures and answers. Concludes nothing; says what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut, Page
from stats.disclosure_check.names import PROTECTED_WORDS, Meaning, key, meaning
from stats.disclosure_check.pages import Table
from stats.disclosure_check.seen import Aspect, Position, Printed, Seen, Target, read

_NOW, _BEFORE = 0, -1
# Heads of columns by what stands under them: years back, period.
_VALUES: Mapping[str, tuple[int, str]] = {
    "本年": (_NOW, "year"),
    "全年": (_NOW, "year"),
    "上年": (_BEFORE, "year"),
    "上年全年": (_BEFORE, "year"),
    "春季": (_NOW, "spring"),
    "秋季": (_NOW, "autumn"),
    "上年春季": (_BEFORE, "spring"),
    "上年秋季": (_BEFORE, "autumn"),
    "数值": (_NOW, "year"),
}
_COUNTY = ("全县", "本县")
# Heads under which stands nothing about a count: what others say of it, how many units, in words.
_APART = re.compile(
    r"指标|项目|单位|全市|目标|位次|状态|说明|有效/应报单位|与全县之差|与全市差|相差|类别|原文|位置|原因|级别|内容"
    r"|达标|未达标|不公布|概数不能判定|缺数或概数不能判定|不适用|无数据|未达标单位|项数|条数|单位数.*|更正为|同意的职务、日期|要求.*|完成"
)
_TOTALS = ("已上报单位合计", "全县合计", "合计")
_OF_UNITS = re.compile(r"([0-9]+)/([0-9]+)")
_ALL_ALIKE = re.compile(r"各指标有效填报单位均为([0-9]+)个")
_TARGET = re.compile(r"(≥|≤|>=|<=)([0-9]+(?:\.[0-9]+)?)")


@dataclass
class Found:
    """What a set's documents show, and what could not be read of them."""

    seen: list[Seen] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    unread: list[Leak] = field(default_factory=list)


def read_tables(handed_out: HandedOut, page: Page, found: Found) -> None:
    """Add what a page's tables show."""
    for table in page.tables:
        reader = _TableReader(handed_out, page, table, found)
        if table.heads and key(table.heads[0]) == "单位" and reader.has_unit_rows:
            reader.read_units()
        elif "位次" in table.heads and key(table.caption).find("位次") > 0:
            reader.read_places()
        elif table.heads and key(table.heads[0]) in ("指标", "项目"):
            reader.read_rows()
        else:
            reader.look_for_unread()


class _TableReader:
    def __init__(self, handed_out: HandedOut, page: Page, table: Table, found: Found) -> None:
        self._set, self._page, self._table, self._found = handed_out, page, table, found
        self._heads = [key(head) for head in table.heads]
        notes = " ".join(text.text for text in page.texts if text.heading == table.heading)
        alike = _ALL_ALIKE.search(notes)
        self._alike = int(alike[1]) if alike else None

    @property
    def has_unit_rows(self) -> bool:
        return any(self._unit(row[0]) or key(row[0]) in _TOTALS for row in self._table.rows if row)

    def _unit(self, name: str) -> str:
        return self._set.code_of.get(re.sub(r"（[^（）]*）$", "", name.strip()), "")

    def _place(self, label: str) -> Position:
        return Position(self._page.file, f"{self._table.place}“{label}”")

    def _add(self, unit: str, back: int, of: Meaning, text: str, place: Position, **more: object) -> None:
        printed = read(text)
        if printed.mark != "words" and of.matters and not of.is_own_row:
            self._found.seen.append(Seen(unit, self._set.year + back, of, printed, place, **more))  # type: ignore[arg-type]

    # One row an indicator or question.

    def read_rows(self) -> None:
        is_city = "本县" in self._heads
        for row in self._table.rows:
            for of in self._meanings(row):
                for head, text in zip(self._heads[1:], row[1:], strict=False):
                    self._cell(row, head, text, of, is_city=is_city)

    def _meanings(self, row: tuple[str, ...]) -> list[Meaning]:
        """The one the label names; none, after saying so where it speaks of something protected."""
        found = meaning(row[0]) if row else None
        if found is not None:
            return [found]
        if row:
            self._unread_row(row)
        return []

    def _cell(self, row: tuple[str, ...], head: str, text: str, of: Meaning, *, is_city: bool) -> None:
        unit, place = self._page.unit, self._place(row[0])
        if head in _VALUES and not is_city:
            back, period = _VALUES[head]
            units = self._units_of(row) if unit == self._set.county and back == _NOW else None
            self._add(unit, back, of, text, place, period=period, units=units)
        elif head == "同比":
            self._add(unit, _NOW, of, text, place, aspect="change")
        elif head in _COUNTY:
            self._add(self._set.county, _NOW, of, text, place)
        elif head == "目标":
            self._target(of, text)
        elif head == "状态":
            self._state(unit, of, text, place)
        elif not is_city and not _APART.fullmatch(head) and of.is_protected and re.search("[0-9]", text):
            self._unread(place, f"{head}：{text}")

    def _units_of(self, row: tuple[str, ...]) -> int | None:
        for head, text in zip(self._heads, row, strict=False):
            if head == "有效/应报单位" and (parts := _OF_UNITS.fullmatch(key(text))):
                return int(parts[1])
        return self._alike

    def _target(self, of: Meaning, text: str) -> None:
        parts = _TARGET.fullmatch(text.strip())
        if parts and of.is_indicator:
            operator = ">=" if parts[1] in ("≥", ">=") else "<="
            self._found.targets.append(Target(self._set.year, of.name, operator, parts[2]))  # type: ignore[arg-type]

    def _state(self, unit: str, of: Meaning, text: str, place: Position) -> None:
        word = re.sub(r"（.*", "", text.strip())
        states: Mapping[str, Aspect] = {"达标": "met", "未达标": "unmet"}
        if word in states and of.is_indicator and of.is_protected:
            self._found.seen.append(Seen(unit, self._set.year, of, Printed("words"), place, aspect=states[word]))

    # One row a unit.

    def read_units(self) -> None:
        columns = [(index, of) for index, head in enumerate(self._heads) if index and (of := meaning(head))]
        counted = next((row for row in self._table.rows if key(row[0]) == "有效/应报单位"), ())
        for row in self._table.rows:
            is_total = key(row[0]) in _TOTALS
            unit = self._set.county if is_total else self._unit(row[0])
            if not unit or (unit == self._set.county and not is_total):
                continue
            for index, of in columns:
                if index < len(row):
                    units = self._units_at(counted, index) if is_total else None
                    self._add(unit, _NOW, of, row[index], self._place(row[0]), units=units)
        self._unread_heads({index for index, _ in columns})

    def _units_at(self, counted: tuple[str, ...], index: int) -> int | None:
        parts = _OF_UNITS.fullmatch(key(counted[index])) if index < len(counted) else None
        return int(parts[1]) if parts else self._alike

    def _unread_heads(self, known: Iterable[int]) -> None:
        for index, head in enumerate(self._heads):
            if index and index not in known and PROTECTED_WORDS.search(head):
                texts = [row[index] for row in self._table.rows if index < len(row)]
                if any(re.search("[0-9]", text) for text in texts):
                    self._unread(self._place(head), "这一栏的数")

    # One row a place.

    def read_places(self) -> None:
        of = self._ranked()
        if of is None:
            self.look_for_unread()
            return
        for row in self._table.rows:
            cells = dict(zip(self._heads, row, strict=False))
            name = cells.get("单位", "")
            unit = self._set.county if name.startswith("全县") else self._unit(name)
            if unit:
                place = self._place(name)
                self._ranked_row(unit, of, cells, place)

    def _ranked_row(self, unit: str, of: Meaning, cells: Mapping[str, str], place: Position) -> None:
        for head, text in cells.items():
            if head.startswith("数值"):
                self._add(unit, _NOW, of, text, place)
            elif head == "同比":
                self._add(unit, _NOW, of, text, place, aspect="change")
        for word in re.split("[，、；]", cells.get("说明", "")):
            self._state(unit, of, word, place)

    def _ranked(self) -> Meaning | None:
        named = re.search(r"各单位(.+?)位次", key(self._table.caption))
        return meaning(named[1]) if named else None

    # Anything else.

    def look_for_unread(self) -> None:
        for row in self._table.rows:
            self._unread_row(row)

    def _unread_row(self, row: tuple[str, ...]) -> None:
        words, numbers = key(row[0]), [text for text in row[1:] if re.search("[0-9]", text)]
        if PROTECTED_WORDS.search(words) and numbers:
            self._unread(self._place(row[0]), f"数“{numbers[0][:20]}”")

    def _unread(self, place: Position, what: str) -> None:
        self._found.unread.append(Leak("unread", place.file, place.spot, f"表中{what}不知是什么数，不能核对"))
