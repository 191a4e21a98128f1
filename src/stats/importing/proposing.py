"""Proposes the mapping of a summary table: what its heads and names say for certain, no more. Takes nothing."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from stats.catalogue.variables import variables
from stats.errors import ParamsError
from stats.importing.heads import label_of, meaning
from stats.importing.mapping import COUNTY, LEFT_OUT, TOTAL, ColumnTaken, Mapping, SheetTaken
from stats.importing.marks import MONEY, factor, is_note, is_total
from stats.importing.sheet import SummarySheet, repeats_heads
from stats.params import Params, Unit
from stats.returns.headers import variable_of
from stats.returns.measure_words import stated_measures
from stats.returns.names import normalised_name, parse_code
from stats.returns.text_normalisation import compact, simplified
from stats.texts.privacy import shown

_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?:年度|年(?![0-9]{1,2}月)|(?![0-9年]))")
_COUNTY_WORDS = frozenset({"县级本级", "县本级", "本级", "区本级", "市本级"})
PATH_MARK = " / "


def years_in(texts: Iterable[str]) -> frozenset[int]:
    """The years that titles and names of sheets and files state; days are no years."""
    return frozenset(int(year) for text in texts for year in _YEAR.findall(compact(text)))


def unit_names(params: Params) -> dict[str, list[Unit]]:
    """The units by every (normalised) name they have or had."""
    names: dict[str, list[Unit]] = defaultdict(list)
    for unit in params.units:
        for name in dict.fromkeys(map(normalised_name, (unit.name, *unit.former_names))):
            names[name].append(unit)
    return dict(names)


def propose(
    sheets: Sequence[SummarySheet], file: str, year: int, params: Params, groups: Collection[str] = ()
) -> Mapping:
    """What can be told of each column and row by its words alone; whatever is doubtful is left out, with the reason.

    ``groups`` are heads of which a person has said that they only group what is below them.
    ParamsError where a line of the table states a measure that cannot be understood.
    """
    said = frozenset(simplified(compact(head)) for head in groups)
    found = [SheetTaken(sheet.grid.sheet, _columns(sheet, year, said), *_rows(sheet, params)) for sheet in sheets]
    return Mapping(file, year, tuple(_once(found)))


def unknown_groups(sheets: Sequence[SummarySheet], year: int) -> dict[str, int]:
    """Heads that may only group: by each how many columns below it were understood without it.

    One over a question that stands elsewhere too (上年 beside this year, 计划 beside 完成) tells numbers apart.
    """
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in (sheet.path(column) for sheet in sheets for column in sheet.filled_columns):
        whole = meaning(path, year, "")
        heads = [""] if whole.variable else path[:-1]
        for head in heads:
            found = meaning([other for other in path if other != head], year, "")
            if found.variable:
                places[head].append((found.variable, found.period))
    count = Counter(place for found in places.values() for place in set(found))
    return {head: len(found) for head, found in places.items() if head and all(count[each] == 1 for each in found)}


def _columns(sheet: SummarySheet, year: int, groups: frozenset[str]) -> dict[int, ColumnTaken]:
    stated = _stated(sheet)
    taken: dict[int, ColumnTaken] = {}
    before = ""
    for column in sheet.filled_columns:
        path = sheet.path(column)
        head = PATH_MARK.join(map(shown, path))
        if column == sheet.names:
            taken[column] = ColumnTaken(head, quiet=True)
            continue
        found = meaning([each for each in path if simplified(compact(each)) not in groups], year, before)
        if not found.variable:
            remark = found.why + (f"；可能是：{found.likely}" if found.likely else "")
            taken[column] = ColumnTaken(head, remark="" if found.is_other else remark, quiet=found.is_other)
            before = before if found.is_other else ""
            continue
        if not variables()[found.variable].label.startswith("其中"):
            before = found.variable
        taken[column] = _measured(
            ColumnTaken(head, found.variable, found.period, found.measure, found.is_sum, found.why), stated
        )
    return taken


def _measured(column: ColumnTaken, stated: frozenset[str]) -> ColumnTaken:
    """The column with the measure its numbers are in: as its head says, or a line of the table, or the form's own."""
    wanted = variables()[column.variable].unit
    if not wanted:
        unit = column.measure
        return ColumnTaken(column.head, remark=f"本项没有计量单位，表头写着 {unit}") if unit else column
    over = {unit for unit in stated if factor(unit, wanted) is not None}
    said = {column.measure} if column.measure else over
    if len(said) > 1 or (column.measure and over and factor(column.measure, next(iter(over))) != 1 and len(over) == 1):
        return ColumnTaken(column.head, remark=f"计量单位不一致：{'、'.join(sorted({*said, *over}))}")
    given = next(iter(said), "")
    if given and factor(given, wanted) is None:
        likely = label_of(column.variable)
        return ColumnTaken(column.head, remark=f"表头的单位 {given} 与本项的 {wanted} 不同；可能是：{likely}")
    remark = column.remark
    if given and factor(given, wanted) != 1:
        remark = "；".join(filter(None, (remark, f"表中为{given}，换算成{wanted}")))
    elif not given and MONEY in wanted:
        remark = "；".join(filter(None, (remark, f"表中没有写明单位，当作{wanted}")))
    return replace(column, measure=given or wanted, remark=remark)


def _stated(sheet: SummarySheet) -> frozenset[str]:
    """The units of measure that the names and the lines over, under and beside the table state."""
    units: set[str] = set()
    for text in (sheet.grid.sheet, Path(sheet.grid.file).stem, *sheet.lines()):
        for measure in stated_measures(text):
            if measure.kind == "money" and factor(measure.word, MONEY) is None:
                problem = f"{sheet.grid.file}{sheet.shown}“{shown(text)}”中的计量单位不认识"
                raise ParamsError(problem, "请在一份副本里改成 元、千元、万元 这样的写法后再导入")
            units.add(measure.word)
    return frozenset(units)


def _rows(sheet: SummarySheet, params: Params) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    rows: dict[int, tuple[str, str]] = {}
    remarks: dict[int, str] = {}
    names = unit_names(params)
    code_column = next((c for c in sheet.columns if "unit_code" in map(variable_of, sheet.path(c))), None)
    for row in sheet.rows_below:
        if row in sheet.heads or repeats_heads(sheet, row) or _is_note_row(sheet, row):
            continue
        what, remark = _row(sheet, row, names, params, code_column)
        rows[row] = (_name_of(sheet, row), what)
        if remark:
            remarks[row] = remark
    return rows, remarks


def _name_of(sheet: SummarySheet, row: int) -> str:
    filled = (text for text in sheet.grid.rows[row] if text.strip())
    return shown(sheet.raw(row, sheet.names).strip() or next(filled, ""))


def _is_note_row(sheet: SummarySheet, row: int) -> bool:
    filled = [text for text in sheet.grid.rows[row] if text.strip()]
    return (len(filled) == 1 and not is_total(filled[0]) and not sheet.raw(row, sheet.names).strip()) or all(
        map(is_note, filled)
    )


def _row(
    sheet: SummarySheet, row: int, names: dict[str, list[Unit]], params: Params, code_column: int | None
) -> tuple[str, str]:
    """Which unit a row is, 合计, or 不采用 with the reason."""
    given = sheet.raw(row, sheet.names)
    name = normalised_name(given)
    if is_total(given) or (not name and any(map(is_total, sheet.grid.rows[row]))):
        return TOTAL, ""
    if name in _COUNTY_WORDS:
        return params.county.code, ""
    if name == normalised_name(params.county.name):
        return LEFT_OUT, f"可能是全县合计，也可能是县本级；是县本级的写 {COUNTY}，是合计的写 {TOTAL}"
    units = names.get(name, [])
    code = parse_code(sheet.raw(row, code_column)) if code_column is not None else None
    if len(units) != 1:
        listed = "、".join(f"{unit.code} {unit.name}" for unit in units)
        near = difflib.get_close_matches(name, names, n=2, cutoff=0.5) if name else []
        likely = listed or "、".join(f"{unit.code} {unit.name}" for each in near for unit in names[each])
        why = "名册中有几个单位用过这个名称" if units else "不在名册中"
        return LEFT_OUT, why + (f"；可能是：{likely}" if likely else "")
    if code and code != units[0].code:
        return LEFT_OUT, f"名称是“{units[0].name}”（{units[0].code}），代码却是 {code}"
    return units[0].code, "" if name == normalised_name(units[0].name) else f"按曾用名认作“{units[0].name}”"


def _once(sheets: Sequence[SheetTaken]) -> list[SheetTaken]:
    """The sheets without columns that answer the same question twice, and without units that stand twice on one."""
    places = Counter(
        (column.variable, column.period, column.compared)
        for sheet in sheets for column in sheet.columns.values() if column.variable
    )  # fmt: skip

    def once(column: ColumnTaken) -> ColumnTaken:
        if column.variable and places[column.variable, column.period, column.compared] > 1:
            return ColumnTaken(column.head, remark=f"有几列都是：{label_of(column.variable)}")
        return column

    return [_rows_once(replace(s, columns={c: once(column) for c, column in s.columns.items()})) for s in sheets]


def _rows_once(sheet: SheetTaken) -> SheetTaken:
    count = Counter(what for _, what in sheet.rows.values() if what not in (LEFT_OUT, TOTAL))
    twice = {row for row, (_, what) in sheet.rows.items() if count[what] > 1}
    rows = {row: (name, LEFT_OUT if row in twice else what) for row, (name, what) in sheet.rows.items()}
    return replace(sheet, rows=rows, remarks={**sheet.remarks, **dict.fromkeys(twice, "同一单位有几行")})
