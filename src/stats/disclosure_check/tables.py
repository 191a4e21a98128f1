"""What the tables of a document show of figures and answers. Concludes nothing; says what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut, Page
from stats.disclosure_check.names import PROTECTED_WORDS, Meaning, headed, key, meaning
from stats.disclosure_check.pages import Strip, Table
from stats.disclosure_check.seen import Aspect, Position, Printed, Seen, Target, read

_NOW, _BEFORE = 0, -1
SENTENCES = ("表述", "成绩")
"""Tables with this first head hold sentences."""
_VALUES: Mapping[str, int] = {"本年": _NOW, "上年": _BEFORE}
_COUNTY = ("全县(全市)", "全县", "本县")
# Heads under which stands nothing about a count: what others say of it, how many units, in words.
_APART = re.compile(
    r"指标|项目|单位|全市|目标|有效/应报|未达标单位|类别|原文|位置|原因|级别|内容|说明|更正为|同意的职务、日期|要求.*|完成"
)
# Of a hidden figure nothing stands here either.
_OF_SHOWN = ("差距", "位次")
_TOTALS = ("已上报单位合计", "全县合计", "合计", "全县")
_OF_UNITS = re.compile(r"(?:^|\()([0-9]+)/[0-9]+\)?$")
_ALIKE = re.compile(r"各指标有效填报单位均为([0-9]+)个|有效填报单位/应报单位为([0-9]+)/")
_NOTED = re.compile(r"(“[^，；]+”)([0-9]+)/[0-9]+")
# Of a definition its constants.
_DEFINED = re.compile(r"[≥≤×÷]\s*[0-9.]+%?|(?:不少于|不大于|大于|不低于|低于|每)[0-9.]+")
_TARGET = re.compile(r"(≥|≤|>=|<=)([0-9]+(?:\.[0-9]+)?)%?")
_MISSED, _MISSES = "×", "×数"
_STATES: Mapping[str, Aspect] = {"√": "met", "×": "unmet"}
_LAST_STATES = re.compile(r"(也未达[标优])|(已达[标优])")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line of marks beside a unit's figure."""

    unit: str
    of: Meaning
    place: Position
    strip: Strip


@dataclass(frozen=True, slots=True)
class Alike:
    """So many units said to have the same value, without their names."""

    of: Meaning
    units: int
    text: str
    place: Position


@dataclass
class Found:
    """What a set's documents show, and what could not be read of them."""

    seen: list[Seen] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    unread: list[Leak] = field(default_factory=list)


def read_tables(handed_out: HandedOut, page: Page, found: Found) -> None:
    """Add what a page's tables show."""
    for nth, table in enumerate(page.tables, start=1):
        notes = " ".join(text.text for text in page.texts if text.table == nth and text.tag == "p")
        reader = _TableReader(handed_out, page, table, notes, found)
        first = key(table.heads[0]) if table.heads else ""
        if first == "单位" and reader.has_unit_rows:
            reader.read_units()
        elif first in ("指标", "项目"):
            reader.read_rows()
        elif first not in SENTENCES:
            reader.look_for_unread()


def _noted(note: str) -> Iterator[tuple[str, int]]:
    """How many units a note says to stand behind the figures it names."""
    for named, units in _NOTED.findall(note):
        yield from ((key(name), int(units)) for name in re.split("”“(?!四个一)", named.strip("“”")))


class _TableReader:
    def __init__(self, handed_out: HandedOut, page: Page, table: Table, notes: str, found: Found) -> None:
        self._set, self._page, self._table, self._found = handed_out, page, table, found
        self._heads = [key(head) for head in table.heads]
        alike = _ALIKE.search(notes)
        self._alike = int(alike[1] or alike[2]) if alike else None
        self._noted = dict(_noted(notes[alike.end() :] if alike else ""))

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

    def _say(self, unit: str, back: int, of: Meaning, state: Aspect, place: Position) -> None:
        if of.is_indicator and of.is_protected:
            self._found.seen.append(Seen(unit, self._set.year + back, of, Printed("words"), place, aspect=state))

    # One row an indicator or question, or several beside each other.

    def read_rows(self) -> None:
        starts = [nth for nth, head in enumerate(self._heads) if head == self._heads[0]]
        for nth, row in enumerate(self._table.rows):
            for start, end in pairwise([*starts, len(self._heads)]):
                self._row(nth, start, self._heads[start:end], row[start:end])

    def _row(self, nth: int, start: int, heads: Sequence[str], row: tuple[str, ...]) -> None:
        of = meaning(row[0]) if row else None
        if of is None:
            self._unread_row(row)
            return
        cells = dict(zip(heads, row, strict=False))
        for place, (head, text) in enumerate(cells.items()):
            self._cell(cells, head, text, of)
            if (strip := self._table.strips.get((nth, start + place))) is not None:
                self._found.drawn.append(Drawn(self._page.unit, of, self._place(row[0]), strip))

    def _cell(self, cells: Mapping[str, str], head: str, text: str, of: Meaning) -> None:
        unit, place, is_city = self._page.unit, self._place(next(iter(cells.values()))), "本县" in cells
        if head in _VALUES and not is_city:
            back = _VALUES[head]
            units = self._units_of(cells) if unit == self._set.county and back == _NOW else None
            self._add(unit, back, of, text, place, units=units)
            if (last := _LAST_STATES.fullmatch(text)) is not None:
                self._say(unit, back, of, "unmet" if last[1] else "met", place)
        elif head == "同比":
            self._add(unit, _NOW, of, text, place, aspect="change")
        elif head in _COUNTY:
            self._add(self._set.county, _NOW, of, text.split("\n")[0], place)
        elif head == "目标":
            self._target(of, text)
        elif head == "判定":
            self._sign(unit, of, text, place)
        elif head == "未达标单位":
            self._missing(of, text, place)
        elif head in _OF_SHOWN:
            if of.is_protected and re.search("[0-9]", text) and read(cells.get("本年", "")).value is None:
                self._unread(place, f"{head}：{text}")
        elif not is_city and not _APART.fullmatch(head) and of.is_protected and re.search("[0-9]", text):
            self._unread(place, f"{head}：{text}")

    def _units_of(self, cells: Mapping[str, str]) -> int | None:
        """How many units are said to stand behind a sum: in a column, after the name, or in a note."""
        for text in (cells.get("有效/应报", ""), next(iter(cells.values()))):
            if parts := _OF_UNITS.search(key(text)):
                return int(parts[1])
        return self._noted.get(key(next(iter(cells.values()))), self._alike)

    def _target(self, of: Meaning, text: str) -> None:
        parts = _TARGET.fullmatch(text.strip())
        if parts and of.is_indicator:
            operator = ">=" if parts[1] in ("≥", ">=") else "<="
            self._found.targets.append(Target(self._set.year, of.name, operator, parts[2]))  # type: ignore[arg-type]

    def _sign(self, unit: str, of: Meaning, text: str, place: Position) -> None:
        if (state := _STATES.get(text.strip())) is not None:
            self._say(unit, _NOW, of, state, place)

    def _missing(self, of: Meaning, text: str, place: Position) -> None:
        """The units that are named as having missed a target."""
        for name in re.split("[、；]", text):
            if unit := self._set.code_of.get(re.sub("等[0-9]+个单位$", "", name)):
                self._say(unit, _NOW, of, "unmet", place)

    # One row a unit.

    def read_units(self) -> None:
        columns = [(index, of) for index, head in enumerate(self._table.heads) if index and (of := headed(head))]
        counted = next((row for row in self._table.rows if key(row[0]) == "有效/应报单位"), ())
        for row in self._table.rows:
            is_total = key(row[0]) in _TOTALS
            unit = self._set.county if is_total else self._unit(row[0])
            if not unit or (unit == self._set.county and not is_total):
                continue
            for index, of in columns:
                if index < len(row):
                    units = self._units_at(counted, index) if is_total else None
                    self._unit_cell(unit, of, row[index], self._place(row[0]), units)
        self._misses_add_up()
        self._unread_heads({index for index, _ in columns})

    def _unit_cell(self, unit: str, of: Meaning, text: str, place: Position, units: int | None) -> None:
        """A value, the sign of a missed target beside it and its place below; or only the sign of a state."""
        value = text.split("\n")[0]
        if value in _STATES:
            self._say(unit, _NOW, of, _STATES[value], place)
            return
        if value.endswith(_MISSED):
            self._say(unit, _NOW, of, "unmet", place)
        self._add(unit, _NOW, of, value.removesuffix(_MISSED), place, units=units)
        if of.is_protected and "\n" in text and read(value.removesuffix(_MISSED)).value is None:
            self._unread(place, f"位次：{text}")

    def _misses_add_up(self) -> None:
        """Numbers of missed targets that are not those of the signs would say something of hidden states."""
        if _MISSES not in self._heads:
            return
        last, rows = self._heads.index(_MISSES), self._table.rows
        for row in rows:
            signs = row[1:last] if row[0] != _MISSES else ()
            if row[0] != _MISSES and row[last] != str(signs.count(_MISSED)):
                self._unread(self._place(row[0]), f"{_MISSES}：{row[last]}")
        for index in range(1, last):
            *column, total = (row[index] for row in rows)
            if total != str(column.count(_MISSED)):
                self._unread(self._place(self._heads[index]), f"{_MISSES}：{total}")

    def _units_at(self, counted: tuple[str, ...], index: int) -> int | None:
        parts = _OF_UNITS.search(key(counted[index])) if index < len(counted) else None
        return int(parts[1]) if parts else self._alike

    def _unread_heads(self, known: Iterable[int]) -> None:
        for index, head in enumerate(self._heads):
            if index and index not in known and PROTECTED_WORDS.search(head):
                texts = [row[index] for row in self._table.rows if index < len(row)]
                if any(re.search("[0-9]", text) for text in texts):
                    self._unread(self._place(head), "这一栏的数")

    # Anything else.

    def look_for_unread(self) -> None:
        for row in self._table.rows:
            self._unread_row(row)

    def _unread_row(self, row: tuple[str, ...]) -> None:
        if not row:
            return
        words, numbers = key(row[0]), [text for text in row[1:] if re.search("[0-9]", _DEFINED.sub("", text))]
        if PROTECTED_WORDS.search(words) and numbers:
            self._unread(self._place(row[0]), f"数“{numbers[0][:20]}”")

    def _unread(self, place: Position, what: str) -> None:
        self._found.unread.append(Leak("unread", place.file, place.spot, f"表中{what}不知是什么数，不能核对"))
