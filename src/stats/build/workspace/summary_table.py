"""The work of ``stats import``: a summary table, its mapping, the flat table, each in its place. Maps nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stats import importing, inputs
from stats.build.state.output_paths import inside, make_folder
from stats.build.workspace.overwriting import Put, holds, put
from stats.errors import ExitCode, ParamsError, ReturnError
from stats.files import file_name_part, write_atomically
from stats.importing import ColumnTaken, Mapping, SheetTaken, SummarySheet, Taken
from stats.importing.heads import label_of
from stats.importing.mapping import CONFIRMED, LEFT_OUT, TOTAL, UNCONFIRMED
from stats.importing.proposing import unit_names, unknown_groups
from stats.inputs import blamed
from stats.inputs.doors import IMPORTS, RETURNS, text_of
from stats.params import Params
from stats.returns.grid import column_letter
from stats.returns.sandboxed_reader import Reader
from stats.returns.text_normalisation import compact
from stats.texts.privacy import shown

State = Put | Literal["unconfirmed"]
# So many columns below an unknown head make it likely that it only groups them.
_A_GROUP = 3
_PART_OF_A_YEAR = re.compile(
    r"半年|[一二三四1-4]季度|[0-9一二三四五六七八九十]+[-—~～至到][0-9一二三四五六七八九十]+月|月报|季报"
)
_BY_HAND = "对照表中写的是不采用"
_RETURNS, _IMPORTS = Path("data/returns"), Path("data/imports")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table: where the mapping and the flat table lie, and what a person is to look at."""

    file: str
    year: int
    mapping: Path
    table: Path
    state: State
    lines: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """USAGE where nothing was written because nobody confirmed it, or another file lies there."""
        return ExitCode.COMPLETE if self.state in ("written", "unchanged") else ExitCode.USAGE


def import_table(
    params: Params,
    file: Path,
    *,
    year: int | None,
    show: Callable[[tuple[str, ...], str], None],
    confirm: Callable[[], bool],
    force: bool = False,
    groups: Collection[str] = (),
) -> Imported:
    """Map a county's summary table, and write it as a flat table once ``confirm`` says so or the mapping does.

    ``show`` is given what a person is to look at, and the place of the mapping, before that. ReturnError or
    ParamsError for a table or a mapping that cannot be used; the table itself is never changed.
    """
    sheets, seen = _sheets(params, file)
    chosen = year or _year_of(sheets, file)
    sheets, others = _of_year(sheets, file, chosen)
    place = _place(params, _IMPORTS, chosen, f"{file_name_part(file.stem) or '汇总表'}.yaml")
    named = place.relative_to(params.workspace).as_posix()
    proposed = importing.propose(sheets, file.name, chosen, params, groups)
    without = importing.propose(sheets, file.name, chosen, params)
    _write_mapping(place, [importing.to_text(each, params) for each in (proposed, without)])
    text = _text(place, named)
    mapping = importing.from_text(text, named, params)
    if mapping.year != chosen:
        raise ParamsError(f"{named} 的年度是 {mapping.year}，不是 {chosen}", "请改正，或删去该文件后重新运行")
    _refuse_new_rows(proposed, mapping, file)
    taken = importing.take(mapping, sheets, params)
    table = _place(params, _RETURNS, chosen, f"{place.stem}-导入.csv")
    beside = (*seen, *others, *_part_year_lines(sheets), *_group_lines(sheets, chosen, groups), *_others(table))
    lines = (*_lines(mapping, proposed, taken, params), *beside)
    show(lines, named)
    importing.refuse(taken, file.name)
    if not (taken.units and taken.questions):
        what = "行" if taken.questions else "列"
        raise ReturnError(
            f"{file.name} 没有导入：没有一{what}可以采用", f"请按以上说明在 {named} 中写明，再运行同一条命令"
        )
    if not (mapping.confirmed or confirm()):
        return Imported(file.name, chosen, place, table, "unconfirmed", lines)
    state = put(table, taken.table(chosen), force=force)
    if not mapping.confirmed and state != "kept":
        write_atomically(place, text.replace(UNCONFIRMED, CONFIRMED, 1).encode())
    return Imported(file.name, chosen, place, table, state, lines)


def _write_mapping(place: Path, texts: Sequence[str]) -> None:
    """Write the first text unless a mapping is there; one that was proposed without the groups (the last) gives way."""
    if not place.exists() or (texts[0] != texts[-1] and holds(place, texts[-1].encode())):
        write_atomically(place, texts[0].encode())
    elif texts[0] != texts[-1] and not holds(place, texts[0].encode()):
        raise ParamsError(f"{place.name} 已经改动过，--group 没有采用", "请直接改对照表，或删去它再运行同一条命令")


def to_json(params: Params, result: Imported) -> dict[str, Any]:
    """The result for machines."""
    return {
        "exit_code": result.exit_code,
        "year": result.year,
        "state": result.state,
        "mapping": result.mapping.relative_to(params.workspace).as_posix(),
        "table": result.table.relative_to(params.workspace).as_posix(),
        "lines": list(result.lines),
    }


def _sheets(params: Params, file: Path) -> tuple[tuple[SummarySheet, ...], tuple[str, ...]]:
    """The sheets of the table, and what is to be known of the whole file."""
    if (params.workspace / _RETURNS).resolve() in file.resolve().parents:
        problem = f"{file.name} 放在 data/returns 里，那里只放填好的报表和一览表"
        raise ParamsError(problem, "请把汇总表移到别处（如 data/imports），再运行 stats import")
    with blamed(ReturnError, file.name):
        data = inputs.content(file, file.name, largest=RETURNS.largest)
    with Reader() as reader:
        delivered = reader.read(data, file.name)
    return importing.summary_sheets(delivered.grids, unit_names(params)), importing.told(delivered.findings)


def _year_of(sheets: tuple[SummarySheet, ...], file: Path) -> int:
    """The one year that the titles state, or else the names of the sheets, or the file's."""
    for texts in ([title for sheet in sheets for title in sheet.titles], [s.grid.sheet for s in sheets], [file.stem]):
        stated = importing.years_in(texts)
        if len(stated) == 1:
            return next(iter(stated))
        if stated:
            listed = "、".join(map(str, sorted(stated)))
            raise ParamsError(f"{file.name} 提到几个年度（{listed}）", "请在命令后加 --year 年度，写明导入哪一年")
    raise ParamsError(f"看不出 {file.name} 是哪一年的", "请在命令后加 --year 年度，如 --year 2024")


def _of_year(
    sheets: tuple[SummarySheet, ...], file: Path, year: int
) -> tuple[tuple[SummarySheet, ...], tuple[str, ...]]:
    """The sheets that state no other year, and what is told of the others; ParamsError where all do."""
    stated = {id(s): importing.years_in(s.titles) or importing.years_in([s.grid.sheet]) for s in sheets}
    others = [sheet for sheet in sheets if stated[id(sheet)] and year not in stated[id(sheet)]]
    if len(others) == len(sheets):
        listed = "、".join(map(str, sorted(stated[id(others[0])])))
        remedy = "请核对 --year；标题写错的，在一份副本里改正后再导入"
        raise ParamsError(f"{file.name} 写的是 {listed} 年，不是 {year} 年", remedy)
    told = tuple(f"工作表“{sheet.grid.sheet}”不是 {year} 年的，没有采用" for sheet in others)
    return tuple(sheet for sheet in sheets if sheet not in others), told


def _place(params: Params, folder: Path, year: int, name: str) -> Path:
    place = params.workspace / folder / str(year)
    for each in (place.parent.parent, place.parent, place):
        make_folder(each)
    return inside(place, name)


def _text(place: Path, shown: str) -> str:
    with blamed(ParamsError, shown):
        return text_of(IMPORTS, place, shown)


def _refuse_new_rows(proposed: Mapping, mapping: Mapping, file: Path) -> None:
    said = {sheet.sheet: sheet.rows for sheet in mapping.sheets}
    for sheet in proposed.sheets:
        for row, (name, _) in sheet.rows.items():
            if row not in said.get(sheet.sheet, {}):
                problem = f"{file.name}〔{sheet.sheet}〕第 {row + 1} 行“{name}”不在对照表中"
                raise ParamsError(
                    problem, "不要的行写 不采用，不要删去；汇总表改过的，删去对照表后重新运行，再核对一次"
                )


def _lines(mapping: Mapping, proposed: Mapping, taken: Taken, params: Params) -> tuple[str, ...]:
    """What a person is to look at: what is not taken, what is taken with a remark, who is missing."""
    sheets = "、".join(sheet.sheet for sheet in mapping.sheets)
    named = f"（工作表 {sheets}）" if len(mapping.sheets) > 1 else ""
    lines = [f"{mapping.file}{named}：{mapping.year} 年，采用 {_count(mapping)}"]
    before = {sheet.sheet: sheet for sheet in proposed.sheets}
    for sheet in mapping.sheets:
        named = f"〔{sheet.sheet}〕" if sheet.sheet else ""
        for column, said in sheet.columns.items():
            if words := _of_column(said, before[sheet.sheet].columns[column]):
                lines.append(f"{named}{column_letter(column)} 列“{said.head}”{words}")
        for row, (name, what) in sheet.rows.items():
            if words := _of_row(what, before[sheet.sheet], row):
                lines.append(f"{named}第 {row + 1} 行“{name}”{words}")
    absent = [unit.name for unit in params.due(mapping.year) if unit.code not in taken.units]
    if absent:
        lines.append(f"名册上有、表中没有的单位 {len(absent)} 个：{'、'.join(absent)}")
    return (*lines, *taken.notes)


def _of_column(said: ColumnTaken, proposed: ColumnTaken) -> str:
    if not said.variable:
        why = _BY_HAND if proposed.variable else proposed.remark
        return "" if proposed.quiet else f"不采用{f'：{why}' if why else ''}"
    if (said.variable, said.period, said.measure) != (proposed.variable, proposed.period, proposed.measure):
        return f"按对照表认作“{label_of(said.variable)}”"
    return f"：{proposed.remark}" if proposed.remark else ""


def _of_row(what: str, proposed: SheetTaken, row: int) -> str:
    was, remark = proposed.rows.get(row, ("", LEFT_OUT))[1], proposed.remarks.get(row, "")
    if what == LEFT_OUT:
        return f"不采用：{remark if was == LEFT_OUT else _BY_HAND}"
    return "按对照表采用" if what != was else f"：{remark}" if remark else ""


def _count(mapping: Mapping) -> str:
    columns = [said for sheet in mapping.sheets for said in sheet.columns.values()]
    rows = [what for sheet in mapping.sheets for _, what in sheet.rows.values()]
    totals = rows.count(TOTAL)
    compared = f"；合计行 {totals} 行，只用来核对" if totals else ""
    units = len({what for what in rows if what not in (LEFT_OUT, TOTAL)})
    return f"{sum(bool(said.variable) for said in columns)} 列（共 {len(columns)} 列）、{units} 个单位{compared}"


def _part_year_lines(sheets: Sequence[SummarySheet]) -> tuple[str, ...]:
    """A title of a part of the year: the numbers are then none of the whole."""
    texts = [
        text for sheet in sheets for text in (*sheet.titles, sheet.grid.sheet) if _PART_OF_A_YEAR.search(compact(text))
    ]
    return tuple(f"“{shown(text)}”像是只说一段时间，不是全年的数，请核对" for text in dict.fromkeys(texts))


def _group_lines(sheets: Sequence[SummarySheet], year: int, groups: Collection[str]) -> tuple[str, ...]:
    found = unknown_groups(sheets, year)
    return tuple(
        f"上级表头“{shown(head)}”不认识，下面 {count} 列没有采用；只是分组、不改变数的意思的，加 --group 认定"
        for head, count in found.items()
        if count >= _A_GROUP and head not in groups
    )


def _others(table: Path) -> tuple[str, ...]:
    others = [name for name in inputs.names(table.parent, table.parent.name) if name != table.name]
    if not others:
        return ()
    return (f"data/returns/{table.parent.name} 中另有 {len(others)} 个文件；同一单位报了两次的，检查时会列出",)
