"""Declared corrections put in the place of what was written. Guesses nothing: one that does not fit stops its unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import Params
from stats.returns.cells import Cell, Reading
from stats.returns.declarations import Correction, Declared
from stats.returns.finding_texts import found
from stats.returns.form_layout import PERIODS, answered_in
from stats.returns.reading import parse
from stats.texts.privacy import shown

_KEEP_ONE = "同一格只保留一条更正，请删去其余"
_LOOK_AGAIN = "报表已改正的，删去本条；仍须更正的，把 old 改为报表中现在的原文"
_RETURN_AGAIN = "请填报单位删除该内容后重报，再删去本条更正"
_UNREAD = "请先解决该单位报表的问题，或删去本条更正"

CellKey = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Cells and findings after the corrections, and the corrections that were made."""

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    made: tuple[Correction, ...]


class _UnfitError(Exception):
    """Why a correction cannot be made, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


def correct(
    cells: Sequence[Cell], findings: Sequence[Finding], declared: Iterable[Declared[Correction]], params: Params
) -> Corrected:
    """The cells with every correction made that fits exactly one of them.

    A corrected cell keeps its raw text and place; what was found on the text it replaces gives way to a note with
    both values. A correction that fits no cell, is declared twice, expects another old text or has a new one that is
    no answer becomes an error of its unit, and the cell in dispute is not used at all.
    """
    by_place = _grouped(declared)
    if not by_place:
        return Corrected(tuple(cells), tuple(findings), ())
    names = {unit.code: unit.name for unit in (*params.units, params.county_unit)}
    known = {place: cell for cell in cells if (place := place_of(cell)) in by_place}
    changed: dict[CellKey, Cell] = {}
    told: list[Finding] = []
    made: list[Correction] = []
    for place, given in by_place.items():
        cell = known.get(place)
        where = {"unit": place[0], "unit_name": names[place[0]], "year": place[1], "period": place[2]}
        try:
            reading = _reading(given, cell)
        except _UnfitError as unfit:
            told.append(_unfit(unfit, given, cell, where))
            changed.update({place: _disputed(cell, given[0])} if cell else {})
            continue
        if cell is not None:
            changed[place] = _corrected(cell, given[0], reading)
            told += _notes(cell, given[0].entry, reading, where)
            made.append(given[0].entry)
    places = frozenset(entry.place for entry in made)
    kept = (finding for finding in findings if not _is_replaced(finding, places))
    return Corrected(tuple(changed.get(place_of(cell), cell) for cell in cells), (*kept, *told), tuple(made))


def place_of(cell: Cell) -> CellKey:
    """Unit, year, period and variable."""
    return cell.unit, cell.year, cell.period, cell.variable


def _grouped(declared: Iterable[Declared[Correction]]) -> Mapping[CellKey, list[Declared[Correction]]]:
    groups: dict[CellKey, list[Declared[Correction]]] = defaultdict(list)
    for one in declared:
        groups[one.entry.place].append(one)
    return groups


def _reading(given: list[Declared[Correction]], cell: Cell | None) -> Reading:
    """What the new text means; _UnfitError where the correction cannot be made."""
    entry = given[0].entry
    if len(given) > 1:
        raise _UnfitError(f"在第 {'、'.join(str(one.number) for one in given)} 条中重复更正", _KEEP_ONE)
    if cell is None:
        raise _UnfitError(*_no_cell(entry))
    _refuse_other_text(entry, cell)
    reading = parse(entry.new, variables()[entry.variable])
    if reading.status in (Status.ERROR, Status.REDACTED):
        problem = reading.problem or reading.note
        raise _UnfitError(f"的 new 不是可用的答案（{problem}）", reading.suggestion or "请改正 new")
    return reading


def _refuse_other_text(entry: Correction, cell: Cell) -> None:
    """A text that was not kept, or never asked for, is no blank."""
    if cell.status is Status.NOT_APPLICABLE and not cell.raw:
        problem = f"在{entry.year}年{PERIODS[entry.period]}不填，没有可更正的格"
        raise _UnfitError(problem, "请核对 period，或删去本条")
    if cell.status is Status.ERROR and not cell.raw:
        raise _UnfitError("的原文已隐去，不能用更正代替", _RETURN_AGAIN)
    if cell.raw.strip() != entry.old.strip():
        raise _UnfitError("在报表中的原文已不是更正所写的 old", _LOOK_AGAIN)
    if entry.old.strip() == entry.new.strip():
        raise _UnfitError("的 old 与 new 相同", "请删去本条，或改正 new")


def _no_cell(entry: Correction) -> tuple[str, str]:
    """Why there is no such cell: the question is answered in other periods, by others, or no return came."""
    variable = variables()[entry.variable]
    periods = answered_in(variable, entry.year)
    is_county = entry.unit.endswith("000000")
    if not variable.asked_of(county=is_county):
        return f"不由{'县本级' if is_county else '乡镇'}填报，没有可更正的格", "请核对 unit 和 variable，或删去本条"
    if entry.period not in periods:
        due = "、".join(f"{period}（{PERIODS[period]}）" for period in periods)
        return f"在{PERIODS[entry.period]}没有可更正的格", f"请把 period 写为 {due}"
    return "没有可更正的格：没有收到该单位报表，或报表被拒收", _UNREAD


def _unfit(unfit: _UnfitError, given: list[Declared[Correction]], cell: Cell | None, where: dict[str, Any]) -> Finding:
    first, entry = given[0], given[0].entry
    stands = shown(cell.raw) or "（空格）" if cell else "（没有这一格）"
    old, new = (shown(text) or "（空格）" for text in (entry.old, entry.new))
    at = {"file": cell.file, "sheet": cell.sheet, "cell": cell.cell} if cell else {}
    words = {
        "entry": first.where,
        "label": variables()[entry.variable].label,
        "problem": unfit.problem,
        "old": old,
        "new": new,
        "stands": stands,
        "remedy": unfit.remedy,
    }
    place = {**where, **at, "variables": (entry.variable,), "values": (old, stands, new)}
    return found("R-CORRECTION", place, **words)


def _disputed(cell: Cell, declared: Declared[Correction]) -> Cell:
    note = f"未采用：更正与报表不符（{declared.where}）"
    return replace(cell, status=Status.ERROR, value="", lower="", upper="", note=note)


def _corrected(cell: Cell, declared: Declared[Correction], reading: Reading) -> Cell:
    entry = declared.entry
    note = "；".join(filter(None, (f"更正为“{entry.new.strip()}”（{declared.where}）", reading.note)))
    # An answer to a row that never came has no place in a return; it is where the county declared it.
    file = cell.file or f"../{declared.file.removeprefix('data/')}"
    return replace(
        cell,
        status=reading.status,
        value=reading.value,
        lower=reading.lower,
        upper=reading.upper,
        note=note,
        file=file,
        correction=entry.reason,
    )


def _notes(cell: Cell, entry: Correction, reading: Reading, where: dict[str, Any]) -> Iterable[Finding]:
    """The correction itself, and what must be asked about the new text as about any other."""
    label = variables()[entry.variable].label
    old, new = (shown(text) or "（空格）" for text in (cell.raw, entry.new))
    place = {**where, "file": cell.file, "sheet": cell.sheet, "cell": cell.cell, "variables": (entry.variable,)}
    agreed = {"reason": entry.reason, "role": entry.role, "date": entry.date.isoformat()}
    yield found("R-CORRECTED", {**place, "values": (old, new)}, label=label, old=old, new=new, **agreed)
    is_owed = reading.rule != "R-BLANK" or variables()[entry.variable].required
    if reading.rule in ("R-BLANK", "R-NO-DATA", "R-PERCENT") and is_owed:
        words = {"given": new, "value": reading.value, "note": reading.note, "problem": "", "remedy": "请核对更正"}
        yield found(reading.rule, place, label=label, **words)


def _is_replaced(finding: Finding, places: frozenset[CellKey]) -> bool:
    """Whether it is about the text of one cell that was corrected."""
    if finding.severity is Severity.FATAL or len(finding.variables) != 1 or finding.year is None:
        return False
    return (finding.unit, finding.year, finding.period, finding.variables[0]) in places
