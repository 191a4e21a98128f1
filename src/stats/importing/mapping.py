"""The mapping a person confirms: which column answers which question, which row is which unit. Text in, text out."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Keyed
from dataclasses import dataclass
from typing import Any

from stats.errors import ParamsError
from stats.importing.heads import label_of, question
from stats.params import Params, Unit
from stats.params.plain_yaml import parse
from stats.returns.form_layout import PERIODS
from stats.returns.grid import column_letter, column_number
from stats.returns.names import parse_period
from stats.texts.privacy import quoted

LEFT_OUT = "不采用"
COMPARED = "只核对"
TOTAL = "合计"
COUNTY = "县级本级"
CONFIRMED, UNCONFIRMED = "确认: 是", "确认: 否"
_HEAD = """\
# stats import 写下的对照表：汇总表的每一列是什么、每一行是哪个单位。
# 请逐行核对，不对的改：“项目”写表上的项目名称（不要的写 不采用），“报告期”写 全年、春季、秋季，“单位”写表中的计量单位。
# 核对后运行同一条命令，在屏幕上确认；或把下一行的 否 改成 是 再运行。不要的写 不采用，不要删行。
"""


@dataclass(frozen=True, slots=True)
class ColumnTaken:
    """What becomes of a column: the question it answers and for which period, or nothing (``variable`` empty).

    ``measure`` is the unit its numbers are in. ``compared`` marks a column of sums over the seasons. ``remark`` says
    why it is not taken, or what is to be looked at.
    """

    head: str
    variable: str = ""
    period: str = ""
    measure: str = ""
    compared: bool = False
    remark: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """What becomes of a sheet: its columns by number (from 0), and its rows: a unit's code, 合计 or 不采用."""

    sheet: str
    columns: dict[int, ColumnTaken]
    rows: dict[int, tuple[str, str]]
    remarks: dict[int, str]


@dataclass(frozen=True, slots=True)
class Mapping:
    """The whole mapping of a file for a year."""

    file: str
    year: int
    sheets: tuple[SheetTaken, ...]
    confirmed: bool = False


def to_text(mapping: Mapping, params: Params) -> str:
    """The mapping as YAML, one line for each column and row, with a comment beside what is to be looked at."""
    return _HEAD + "\n".join(_lines(mapping, params)) + "\n"


def _lines(mapping: Mapping, params: Params) -> Iterator[str]:
    names = {unit.code: unit.name for unit in params.units} | {params.county.code: COUNTY}
    yield CONFIRMED if mapping.confirmed else UNCONFIRMED
    yield f"文件: {_quote(mapping.file)}"
    yield f"年度: {mapping.year}"
    yield "工作表:"
    for sheet in mapping.sheets:
        yield f"- 名称: {_quote(sheet.sheet)}"
        yield "  列:"
        for column, taken in sheet.columns.items():
            yield f"    {column_letter(column)}: {{{_column(taken)}}}{_comment(taken.remark)}"
        yield "  行:"
        for row, (name, what) in sheet.rows.items():
            unit = f"{what} {names[what]}" if what in names else what
            yield f"    {row + 1}: {{名称: {_quote(name)}, 单位: {_quote(unit)}}}{_comment(sheet.remarks.get(row, ''))}"


def _column(taken: ColumnTaken) -> str:
    parts = {"表头": taken.head, "项目": label_of(taken.variable) if taken.variable else LEFT_OUT}
    if taken.variable:
        parts["报告期"] = COMPARED if taken.compared else PERIODS[taken.period]
        if taken.measure:
            parts["单位"] = taken.measure
    return ", ".join(f"{key}: {_quote(text)}" for key, text in parts.items())


def _comment(text: str) -> str:
    return f"  # {' '.join(text.split())}" if text else ""


def _quote(text: str) -> str:
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def from_text(text: str, file: str, params: Params) -> Mapping:
    """The mapping that a file says; ParamsError, with the line, for whatever is not as it should be."""
    document = parse(text, file)
    reader = _Reader(file, document.lines, params)
    data = reader.known(document.data, (), ("确认", "文件", "年度", "工作表"))
    year = str(data.get("年度", ""))
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise reader.error(("年度",), f"年度“{quoted(year)}”不是四位数字")
    if data.get("确认", "否") not in ("是", "否"):
        raise reader.error(("确认",), "“确认”只能写 是 或 否")
    sheets = data.get("工作表", [])
    if not isinstance(sheets, list) or not sheets:
        raise reader.error((), "缺少“工作表”")
    read = tuple(reader.sheet(item, ("工作表", nth)) for nth, item in enumerate(sheets))
    return Mapping(str(data.get("文件", "")), int(year), read, data.get("确认") == "是")


@dataclass(frozen=True, slots=True)
class _Reader:
    file: str
    lines: Keyed[tuple[str | int, ...], int]
    params: Params

    def error(self, place: tuple[str | int, ...], problem: str) -> ParamsError:
        line = next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), 0)
        at = f" 第 {line} 行" if line else " "
        return ParamsError(f"{self.file}{at}{problem}", "请改正后重新运行；改乱了的，删去该文件再运行会重新写一份")

    def known(self, data: Any, place: tuple[str | int, ...], keys: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.error(place, f"应写成“键: 值”，键为{'、'.join(keys)}")
        for key in data:
            if key not in keys:
                raise self.error((*place, key), f"有不认识的键“{quoted(key)}”，应为{'、'.join(keys)}")
        return data

    def sheet(self, data: Any, place: tuple[str | int, ...]) -> SheetTaken:
        said = self.known(data, place, ("名称", "列", "行"))
        columns, rows = said.get("列", {}), said.get("行", {})
        if not isinstance(columns, dict) or not isinstance(rows, dict):
            raise self.error(place, "“列”“行”应写成若干行“键: 值”")
        return SheetTaken(
            str(said.get("名称", "")),
            {self._place_of(key, (*place, "列")): self.column(columns[key], (*place, "列", key)) for key in columns},
            {self._row_of(key, (*place, "行")): self.row(rows[key], (*place, "行", key)) for key in rows},
            {},
        )

    def _place_of(self, key: str, place: tuple[str | int, ...]) -> int:
        try:
            return column_number(key)
        except ValueError as error:
            raise self.error((*place, key), f"“{quoted(key)}”不是列号") from error

    def _row_of(self, key: str, place: tuple[str | int, ...]) -> int:
        if not (key.isascii() and key.isdecimal() and 0 < int(key) < 10**6):
            raise self.error((*place, key), f"“{quoted(key)}”不是行号")
        return int(key) - 1

    def column(self, data: Any, place: tuple[str | int, ...]) -> ColumnTaken:
        said = self.known(data, place, ("表头", "项目", "报告期", "单位"))
        head, wanted = str(said.get("表头", "")), str(said.get("项目", LEFT_OUT))
        if wanted == LEFT_OUT:
            return ColumnTaken(head)
        name = question(wanted)
        if not name:
            raise self.error((*place, "项目"), f"项目“{quoted(wanted)}”不是表上的项目，不要的列写 {LEFT_OUT}")
        said_period = str(said.get("报告期", ""))
        if said_period == COMPARED:
            return ColumnTaken(head, name, compared=True, measure=str(said.get("单位", "")))
        period = parse_period(said_period)
        if period is None:
            raise self.error((*place, "报告期"), f"报告期“{quoted(said_period)}”应为全年、春季、秋季或{COMPARED}")
        return ColumnTaken(head, name, period, str(said.get("单位", "")))

    def row(self, data: Any, place: tuple[str | int, ...]) -> tuple[str, str]:
        said = self.known(data, place, ("名称", "单位"))
        name, what = str(said.get("名称", "")), str(said.get("单位", LEFT_OUT))
        if what in (LEFT_OUT, TOTAL):
            return name, what
        units: dict[str, Unit] = {unit.code: unit for unit in (*self.params.units, self.params.county_unit)}
        code = what.split()[0] if what.split() else ""
        if code in units:
            return name, code
        if what in (COUNTY, self.params.county.name):
            return name, self.params.county.code
        by_name = [unit.code for unit in units.values() if unit.name == what]
        if len(by_name) == 1:
            return name, by_name[0]
        raise self.error((*place, "单位"), f"“{quoted(what)}”不是名册中的单位；不要的行写 {LEFT_OUT}，合计行写 {TOTAL}")
