"""One year's folder of returns: every file read by its own reader, one bad file never stopping the others."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from stats import inputs
from stats.catalogue.variables import questions, variables
from stats.errors import UnreadableError
from stats.findings import Finding, Severity
from stats.inputs import blamed
from stats.params import Params, Unit
from stats.returns.assembling import Assembler, is_due
from stats.returns.attribution import is_like_a_return, named_by_file, named_in, named_in_bytes, named_in_row
from stats.returns.cells import Cell, Remark
from stats.returns.duplicate_returns import once
from stats.returns.finding_texts import RefusalError, found
from stats.returns.folder_files import content, skipped
from stats.returns.form_layout import GUIDE_SHEET, answered_in
from stats.returns.form_table import form_rows, is_form, remark_spots
from stats.returns.grid import Grid, address
from stats.returns.headers import REMARK, Header, find_headers, has_heads, missing_labels, refuse_headless
from stats.returns.measures_beside import Statement, beside_table, check_measures, stated_in
from stats.returns.names import parse_year
from stats.returns.roster import Identified, Roster
from stats.returns.row import Row
from stats.returns.rows import data_rows
from stats.returns.sandboxed_reader import Reader
from stats.texts.drawable import drawn, undrawable

RETURNS = Path("data/returns")


@dataclass(slots=True)
class YearFolder:
    """What one year's folder gave: cells, findings, remarks, the units received and the checksums of the files."""

    params: Params
    year: int
    reader: Reader
    roster: Roster
    cells: list[Cell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    received: frozenset[str] = frozenset()
    inputs: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[Finding, tuple[Unit, ...]]] = field(default_factory=list)

    @classmethod
    def read(cls, params: Params, year: int, reader: Reader) -> YearFolder:
        """Reads ``data/returns/<year>`` of the workspace, every file by ``reader``."""
        folder = cls(params, year, reader, Roster(params, year))
        rows = [row for path in folder._paths() for row in folder._rows_of(path)]
        folder._assemble(folder._identified(rows))
        folder._tie_refusals()
        return folder

    def _paths(self) -> list[Path]:
        folder = RETURNS / str(self.year)
        place = self.params.workspace / folder
        with blamed(UnreadableError, folder.as_posix()):
            listed = inputs.names(place, folder.as_posix())
        if not listed and not place.is_dir():
            self.findings.append(found("R-FOLDER", {"year": self.year}, year=self.year))
        return [place / name for name in listed]

    def _rows_of(self, path: Path) -> list[Row]:
        """The data rows of one file; what is wrong with it becomes findings."""
        file = f"{self.year}/{path.name}"
        if passed_over := skipped(path, self.year):
            self._keep(passed_over, named_by_file(path.name, self.roster))
            return []
        data = b""
        try:
            data = content(path, file)
            grids = self._grids(data, file)
        except RefusalError as refusal:
            named = named_by_file(path.name, self.roster) or named_in_bytes(data, self.roster)
            self._keep(refusal.finding, named)
            return []
        return self._rows_of_grids(grids)

    def _keep(self, finding: Finding, named: tuple[Unit, ...] = ()) -> None:
        """A finding of this year; a refusal is kept with the units whose return it may be."""
        if finding.severity is Severity.FATAL:
            self.refused.append((_of_year(finding, self.year), named))
        else:
            self.findings.append(_of_year(finding, self.year))

    def _refuse(self, finding: Finding, grid: Grid) -> None:
        named = named_in(grid, self.roster) or named_by_file(Path(grid.file).name, self.roster)
        self._keep(finding, named)

    def _tie_refusals(self) -> None:
        """Each refusal for every unit it names whose return is not there otherwise: such a unit did send one.

        It stays as it is where there is no such unit, or where it is about one already.
        """
        for finding, named in self.refused:
            theirs = [unit for unit in named if unit.code not in self.received and unit.code != finding.unit]
            if finding.unit or not theirs:
                self.findings.append(finding)
            self.findings += (replace(finding, unit=unit.code, unit_name=unit.name) for unit in theirs)

    def _grids(self, data: bytes, file: str) -> tuple[Grid, ...]:
        self.inputs[(RETURNS / file).as_posix()] = hashlib.sha256(data).hexdigest()
        delivered = self.reader.read(data, file)
        for finding in delivered.findings:
            self._keep(finding)
        return tuple(_named(grid) for grid in delivered.grids)

    def _rows_of_grids(self, grids: tuple[Grid, ...]) -> list[Row]:
        """The rows of all sheets; beside a form, what is no table is the form's own explanation."""
        has_form = any(map(_looks_like_form, grids))
        told = [grid for grid in grids if not (has_form and grid.sheet == GUIDE_SHEET)]
        elsewhere = [statement for grid in told if not _is_table(grid) for statement in stated_in(grid)]
        known = len(self.refused)
        rows = [row for grid in told for row in self._rows_in(grid, elsewhere, is_only=len(grids) == 1)]
        if told and not rows and known == len(self.refused):
            self._refuse(_headless(told[0]).finding, told[0])
        return rows

    def _rows_in(self, grid: Grid, elsewhere: list[Statement], *, is_only: bool) -> list[Row]:
        """The rows of one sheet; ``elsewhere`` is what sheets without a table state of units of measure."""
        try:
            if is_form(grid):
                rows, findings = form_rows(grid, self.year, self.roster.by_code)
                findings += check_measures(grid, rows, elsewhere)
            else:
                headers = self._headers(grid, is_only=is_only)
                if not headers:
                    return []
                rows, findings = data_rows(grid, headers)
                findings += check_measures(grid, rows, (*beside_table(grid, rows), *elsewhere))
        except RefusalError as refusal:
            self._refuse(refusal.finding, grid)
            return []
        for finding in findings:
            self._keep(finding)
        return self._of_this_year(rows, grid)

    def _headers(self, grid: Grid, *, is_only: bool) -> list[Header]:
        result = find_headers(grid)
        if result:
            for finding in result[1]:
                self._keep(finding)
            return result[0]
        if is_only or (is_like_a_return(grid) and named_in(grid, self.roster)):
            raise _headless(grid)
        self._keep(found("R-SHEET", {"file": grid.file, "sheet": grid.sheet}))
        return []

    def _of_this_year(self, rows: list[Row], grid: Grid) -> list[Row]:
        """All rows, or none where every one is of another year: then the file lies in the wrong folder."""
        years = {parse_year(row.text("stat_year")).year for row in rows}
        if self.year in years or years == {0} or len(rows) < 2:
            return rows
        where = {"file": grid.file, "sheet": grid.sheet, "cell": rows[0].address("stat_year")}
        self._refuse(found("R-YEAR-ALL", where, count=len(rows), year=self.year), grid)
        return []

    def _identified(self, rows: list[Row]) -> dict[str, list[Identified]]:
        """The rows of each unit that has none refused."""
        by_unit: dict[str, list[Identified]] = defaultdict(list)
        refused: set[str] = set()
        for row in rows:
            identified, findings = self.roster.identify(row)
            for finding in findings:
                self._keep(finding, named_in_row(row, self.roster))
            refused |= {finding.unit for finding in findings if finding.severity == "fatal"}
            if identified:
                by_unit[identified.unit.code].append(identified)
        for code, given in by_unit.items():
            by_unit[code], findings = once(given, self.year, [unit.name for unit in self.params.units])
            self.findings += (finding for finding in findings if finding not in self.findings)
            refused |= {finding.unit for finding in findings if finding.severity == "fatal"}
        return {code: by_unit[code] for code in sorted(by_unit) if code not in refused}

    def _assemble(self, by_unit: dict[str, list[Identified]]) -> None:
        assembler = Assembler(self.year)
        for given in by_unit.values():
            rows = {identified.period: identified.row for identified in given}
            self.cells += assembler.cells(given[0].unit, rows)
            for identified in given:
                self._remark(identified)
        self.received = frozenset(by_unit)
        self._missing_columns([identified for given in by_unit.values() for identified in given])
        self.findings += assembler.findings

    def _remark(self, identified: Identified) -> None:
        for variable, spot in remark_spots(identified.row):
            self._question_remark(identified, variable, spot)
        if text := identified.row.text(REMARK).strip():
            place = identified.row.where(REMARK)
            self.remarks.append(Remark(identified.unit.code, self.year, identified.period, "", text, **place))

    def _question_remark(self, identified: Identified, variable: str, spot: tuple[int, int]) -> None:
        """The remark beside one question of a form, kept under the first period the question is due for."""
        grid, unit = identified.row.grid, identified.unit.code
        cells = grid.rows[spot[0]]
        text = cells[spot[1]].strip() if spot[1] < len(cells) else ""
        if text:
            period = answered_in(variables()[variable], self.year)[0]
            place = {"file": grid.file, "sheet": grid.sheet, "cell": address(*spot)}
            self.remarks.append(Remark(unit, self.year, period, variable, text, **place))

    def _missing_columns(self, identified: list[Identified]) -> None:
        """One finding per table that lacks a required column for the rows it holds.

        The table is not refused: its answers to that question are missing, which every figure made from them says,
        and the others stand. Only a table without a column that identifies its rows is refused.
        """
        tables: dict[tuple[int, int], tuple[Row, set[tuple[bool, str]]]] = {}
        for item in identified:
            kinds = tables.setdefault((id(item.row.grid), item.row.header.row), (item.row, set()))[1]
            kinds.add((item.unit.type == "县级本级", item.period))
        for row, kinds in tables.values():
            asked = [v for v in questions() if v.required and any(is_due(v, self.year, c, p) for c, p in kinds)]
            if labels := missing_labels(asked, row.header):
                self._keep(found("R-COLUMN-MISSING", {"file": row.grid.file, "sheet": row.grid.sheet}, labels=labels))


def _named(grid: Grid) -> Grid:
    """The table under a name that documents can show: places of answers are printed."""
    return replace(grid, sheet=drawn(grid.sheet)) if undrawable(grid.sheet) else grid


def _headless(grid: Grid) -> RefusalError:
    """The refusal of a sheet of which nobody can tell what it is, and yet it was sent as a return."""
    refusal = refuse_headless(grid)
    if not is_like_a_return(grid):
        return refusal
    where = {"file": grid.file, "sheet": grid.sheet}
    problem = "表样的表头或栏目已被改动，认不出是哪一种表"
    remedy = f"请用原来的空白报表重新填写，不要增删行列和表头；是一览表的，{refusal.finding.remedy.removeprefix('请')}"
    return RefusalError(found("R-HEADER", where, problem=problem, remedy=remedy))


def _of_year(finding: Finding, year: int) -> Finding:
    return replace(finding, year=year)


def _is_table(grid: Grid) -> bool:
    """Whether a sheet holds a table or a form, even one with a fault."""
    try:
        return is_form(grid) or has_heads(grid)
    except RefusalError:
        return True


def _looks_like_form(grid: Grid) -> bool:
    try:
        return is_form(grid)
    except RefusalError:  # a form with a fault is a form; its fault is named when it is read
        return True
