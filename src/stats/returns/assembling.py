"""The rows of a unit become one cell for each question due. Refuses what stands in the wrong row; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stats.catalogue.seasons import not_applicable, seasons
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions
from stats.findings import Finding
from stats.params import Unit
from stats.returns.cells import Cell, Reading
from stats.returns.finding_texts import found
from stats.returns.form_layout import PERIODS, answered_in
from stats.returns.grid import Mark
from stats.returns.reading import parse
from stats.returns.row import Row
from stats.texts.privacy import HIDDEN, shown

# A word for no data (NA, 未统计, —) where nothing is asked says nothing.
_NOTHING = (Status.MISSING, Status.NOT_APPLICABLE)


@dataclass(slots=True)
class Assembler:
    """Makes the cells of one year; texts that were read once for a question are not read again."""

    year: int
    findings: list[Finding] = field(default_factory=list)
    _read: dict[str, dict[str, Reading]] = field(default_factory=dict)

    def cells(self, unit: Unit, rows: Mapping[str, Row]) -> Iterator[Cell]:
        """One cell for each question due from the unit, in the order of the form."""
        is_county = unit.type == "县级本级"
        where = {"unit": unit.code, "unit_name": unit.name, "year": self.year}
        asked = [variable for variable in questions() if variable.asked_of(county=is_county)]
        self._find_missing_rows(where, asked, rows)
        self._find_misplaced(where, is_county, rows)
        for variable in asked:
            for period in answered_in(variable, self.year):
                yield self._cell(variable, period, rows.get(period), where)
            if variable.seasonal:
                yield from self._not_applicable(variable, unit)

    def _cell(self, variable: Variable, period: str, row: Row | None, where: dict[str, Any]) -> Cell:
        if row is None or variable.name not in row.header.columns:
            note = "没有本列" if row else f"没有{PERIODS[period]}一行"
            cell = _without_answer(variable, period, where["unit"], self.year, Status.MISSING, note)
            return replace(cell, file=row.grid.file, sheet=row.grid.sheet) if row else cell
        raw = row.text(variable.name)
        mark = row.mark(variable.name)
        reading = _marked(self._reading(raw, variable), mark)
        place = row.where(variable.name)
        at = {**where, **place, "period": period, "variables": (variable.name,)}
        if reading.rule:
            self._find(reading, variable, raw, at)
        if mark.question and not mark.problem:
            words = {"label": variable.label, "question": mark.question, "remedy": mark.remedy}
            self.findings.append(found("R-CELL", at, **words))
        return Cell(
            unit=where["unit"],
            year=self.year,
            period=period,
            variable=variable.name,
            raw=reading.raw,
            status=reading.status,
            value=reading.value,
            lower=reading.lower,
            upper=reading.upper,
            note=reading.note or reading.problem,
            **place,
        )

    def _reading(self, raw: str, variable: Variable) -> Reading:
        read = self._read.setdefault(variable.name, {})
        if raw not in read:
            read[raw] = parse(raw, variable)
        return read[raw]

    def _find(self, reading: Reading, variable: Variable, raw: str, where: dict[str, Any]) -> None:
        if reading.rule == "R-BLANK" and not variable.required:
            return
        given = HIDDEN if reading.rule == "R-PRIVATE" else shown(reading.raw)
        words = {"given": given, "value": reading.value, "note": reading.note, "problem": reading.problem}
        values = (given,) if reading.rule != "R-BLANK" else ()
        remedy = reading.suggestion or "请核对后重报"
        at = {**where, "values": values}
        self.findings.append(found(reading.rule, at, label=variable.full_name, remedy=remedy, **words))

    def _not_applicable(self, variable: Variable, unit: Unit) -> Iterator[Cell]:
        """The seasons in which nothing was to be answered, whether or not a row was sent."""
        for period in not_applicable(self.year):
            note = next(s.reason for s in seasons() if s.covers(self.year) and s.period == period)
            yield _without_answer(variable, period, unit.code, self.year, Status.NOT_APPLICABLE, note)

    def _find_missing_rows(self, where: dict[str, Any], asked: list[Variable], rows: Mapping[str, Row]) -> None:
        due = dict.fromkeys(period for variable in asked for period in answered_in(variable, self.year))
        for period in due:
            if period not in rows:
                at = {**where, "period": period}
                self.findings.append(found("R-ROW-MISSING", at, period=PERIODS[period]))

    def _find_misplaced(self, where: dict[str, Any], is_county: bool, rows: Mapping[str, Row]) -> None:
        for period, row in rows.items():
            for variable in questions():
                problem = self._misplaced(variable, period, is_county)
                text = row.text(variable.name).strip() if problem else ""
                if problem and text and self._reading(text, variable).status not in _NOTHING:
                    at = {**where, **row.where(variable.name), "period": period, "variables": (variable.name,)}
                    remedy = "请移到应填的行后重报；不应填的请留空"
                    self.findings.append(found("R-PLACE", at, label=variable.full_name, problem=problem, remedy=remedy))

    def _misplaced(self, variable: Variable, period: str, is_county: bool) -> str:
        """Why a question is not to be answered on this row; empty where it is."""
        if not variable.asked_of(county=is_county):
            return "由乡镇填报" if is_county else "由县本级填报"
        due = answered_in(variable, self.year)
        return "" if period in due else f"应填在{'、'.join(PERIODS[p] for p in due)}一行"


def is_due(variable: Variable, year: int, is_county: bool, period: str) -> bool:
    """Whether the county (or else a town) answers the question on this row."""
    return variable.asked_of(county=is_county) and period in answered_in(variable, year)


def _without_answer(variable: Variable, period: str, unit: str, year: int, status: Status, note: str) -> Cell:
    return Cell(unit, year, period, variable.name, "", status, "", "", "", note, "", "", "")


def _marked(reading: Reading, mark: Mark) -> Reading:
    """What the container knows of the cell: a note beside the answer, or a reason not to use it."""
    if mark.problem:
        return Reading(Status.ERROR, problem=mark.problem, suggestion=mark.remedy, raw=reading.raw, rule="R-FORMULA")
    if not mark.note and not mark.question:
        return reading
    note = "；".join(filter(None, (reading.note, mark.note, mark.question and f"{mark.question}，请核对")))
    return replace(reading, note=note, rule=reading.rule or ("R-NORMAL" if mark.note else ""))
