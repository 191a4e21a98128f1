"""The flat table that a confirmed mapping makes of a summary table. Changes a number only by an exact factor."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions, variables
from stats.errors import ParamsError, ReturnError
from stats.findings import Finding, Severity
from stats.importing.heads import label_of
from stats.importing.mapping import LEFT_OUT, TOTAL, ColumnTaken, Mapping, SheetTaken
from stats.importing.marks import factor
from stats.importing.proposing import PATH_MARK
from stats.importing.sheet import SummarySheet
from stats.params import Params, Unit
from stats.returns.finding_texts import RefusalError
from stats.returns.form_layout import PERIODS, answered_in
from stats.returns.grid import Grid, column_letter
from stats.returns.headers import IDENTIFYING, Header, variable_of
from stats.returns.hidden_cells import hidden_data, refuse_merged
from stats.returns.names import parse_year
from stats.returns.quantities import text_of
from stats.returns.reading import parse
from stats.returns.row import Row
from stats.returns.text_normalisation import compact
from stats.returns.totals import check_totals
from stats.texts.privacy import shown

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_UNANSWERED = (Status.MISSING, Status.NOT_APPLICABLE)
_MOST_NAMED = 8

Answers = dict[tuple[str, str, str], str]


@dataclass(slots=True)
class Taken:
    """What a table gave: answers by unit, period and variable as written, notes, and what stands in the way.

    With a ``problem`` nothing may be written.
    """

    answers: Answers = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    questions: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def table(self, year: int) -> bytes:
        """The flat table as CSV (UTF-8 with BOM): for each unit a row for the year and one for each season due."""
        asked = [variable for variable in questions() if variable.name in self.questions]
        seasons = [p for p in periods_due(year) if p != "year"] if any(v.seasonal for v in asked) else []
        text = io.StringIO(newline="")
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow([*(variables()[name].label for name in IDENTIFYING), *(v.label for v in asked)])
        for code in sorted(self.units):
            unit = self.units[code]
            for period in ("year", *seasons):
                given = [self.answers.get((code, period, v.name), "") for v in asked]
                lines.writerow([code, unit.name, unit.type, str(year), PERIODS[period], *given])
        return text.getvalue().encode("utf-8-sig")


def take(mapping: Mapping, sheets: Sequence[SummarySheet], params: Params) -> Taken:
    """The answers of the columns and rows that the mapping takes.

    ParamsError where the mapping is not one of these sheets, RefusalError where a row of totals is not the sum of its
    rows or numbers are merged.
    """
    by_name = {sheet.grid.sheet: sheet for sheet in sheets}
    taken = Taken()
    for said in mapping.sheets:
        if said.sheet not in by_name:
            raise _changed(f"对照表中的工作表“{shown(said.sheet)}”不在 {mapping.file} 中")
        _refuse_changed(said, by_name[said.sheet], mapping.file)
        _Taking(taken, said, by_name[said.sheet], mapping.year, params).run()
    return taken


def _changed(problem: str) -> ParamsError:
    return ParamsError(problem, "汇总表改过的，请删去对照表后重新运行 stats import，再核对一次")


def _refuse_changed(said: SheetTaken, sheet: SummarySheet, file: str) -> None:
    """ParamsError where heads or names are not those the mapping was confirmed for, or a row or column is not in it."""
    heads = {column: PATH_MARK.join(map(shown, sheet.path(column))) for column in sheet.filled_columns}
    for column in sorted({*heads, *said.columns}):
        now, then = heads.get(column, ""), said.columns[column].head if column in said.columns else ""
        if compact(now) != compact(then):
            where = f"{file}{sheet.shown}{column_letter(column)} 列"
            raise _changed(f"{where}的表头是“{now}”，对照表中是“{then}”")
    for row, (name, _) in said.rows.items():
        now = shown(sheet.raw(row, sheet.names))
        if sheet.raw(row, sheet.names).strip() and compact(now) != compact(name):
            raise _changed(f"{file}{sheet.shown}第 {row + 1} 行是“{now}”，对照表中是“{shown(name)}”")


@dataclass(frozen=True)
class _Taking:
    """One sheet while it is read by its mapping."""

    taken: Taken
    said: SheetTaken
    sheet: SummarySheet
    year: int
    params: Params

    def run(self) -> None:
        rows = {row: what for row, (_, what) in self.said.rows.items() if what not in (LEFT_OUT, TOTAL)}
        columns = {column: said for column, said in self.said.columns.items() if said.variable}
        self._refuse_unfit(columns, rows)
        refuse_merged(self.sheet.grid, sorted(rows), columns)
        self.taken.notes += told(hidden_data(self.sheet.grid, rows, columns))
        converted = self._converted(columns)
        self._compare_totals(converted, columns, rows)
        for row, code in rows.items():
            self._take_row(converted, columns, row, code)

    def _refuse_unfit(self, columns: dict[int, ColumnTaken], rows: dict[int, str]) -> None:
        """ParamsError for a mapping that takes two columns or rows for one, or one for what it cannot be."""
        places: dict[tuple[str, str], int] = {}
        for column, said in columns.items():
            variable = variables()[said.variable]
            self._refuse_measure(column, said, variable)
            due = answered_in(variable, self.year)
            if said.compared:
                continue
            where = f"{column_letter(column)} 列“{label_of(said.variable)}”"
            if said.period not in due:
                periods = "、".join(PERIODS[p] for p in due)
                raise ParamsError(f"对照表中{where}的报告期不对", f"{self.year} 年本项按{periods}填报，请改正对照表")
            first = places.setdefault((said.variable, said.period), column)
            if first != column or said.variable in self._taken_before(said.period):
                raise ParamsError(
                    f"对照表中有两列都是“{label_of(said.variable)}”（{where}）", "只能采用一列，另一列写 不采用"
                )
        codes = list(rows.values())
        for row, code in rows.items():
            if codes.count(code) > 1:
                name = self.params.unit(code).name
                raise ParamsError(f"对照表中有几行都是“{name}”（第 {row + 1} 行等）", "只能采用一行，其余写 不采用")

    def _taken_before(self, period: str) -> set[str]:
        return {name for _, p, name in self.taken.answers if p == period}

    def _refuse_measure(self, column: int, said: ColumnTaken, variable: Variable) -> None:
        if said.measure and factor(said.measure, variable.unit) is None:
            where = f"对照表中 {column_letter(column)} 列的单位“{shown(said.measure)}”"
            raise ParamsError(f"{where}不能换算成本项的{variable.unit or '（无单位）'}", "请改正单位，或写 不采用")

    def _converted(self, columns: dict[int, ColumnTaken]) -> Grid:
        """The sheet with the numbers of every taken column in the unit of its question."""
        rows = [list(cells) for cells in self.sheet.grid.rows]
        for column, said in columns.items():
            variable = variables()[said.variable]
            by = factor(said.measure, variable.unit) if said.measure else Decimal(1)
            if by is None or by == 1:
                continue
            for row, (_, what) in self.said.rows.items():
                if column < len(rows[row]) and (what != LEFT_OUT or _PLAIN.fullmatch(compact(rows[row][column]))):
                    rows[row][column] = self._scaled(rows[row][column], variable, said.measure, by, (row, column))
            letter = column_letter(column)
            self.taken.notes.append(f"{letter} 列“{label_of(said.variable)}”由{said.measure}换算成{variable.unit}")
        return replace(self.sheet.grid, rows=rows)

    def _scaled(self, raw: str, variable: Variable, measure: str, by: Decimal, spot: tuple[int, int]) -> str:
        text = compact(raw)
        if _PLAIN.fullmatch(text):
            return text_of(Decimal(text.replace(",", "")) * by)
        if parse(raw, variable).status not in _UNANSWERED:
            where = self.sheet.where(*spot)
            self.taken.problems.append(f"{where}“{shown(raw)}”不是普通写法的数，不能由{measure}换算成{variable.unit}")
        return raw

    def _compare_totals(self, grid: Grid, columns: dict[int, ColumnTaken], rows: dict[int, str]) -> None:
        """Rows of totals with the sums of the rows, period by period; RefusalError where they differ.

        A total may be of rows that are left out too, such as one of a unit that is not on the roster.
        """
        left_out = [row for row, (_, what) in self.said.rows.items() if what == LEFT_OUT]
        totals = [row for row, (_, what) in self.said.rows.items() if what == TOTAL]
        for period in PERIODS:
            asked = {c.variable: column for column, c in columns.items() if c.period == period and not c.compared}
            header = Header(self.sheet.heads[-1], {"unit_name": self.sheet.names, **asked})
            given, stated = ([Row(grid, header, row) for row in sorted(of)] for of in (rows, totals))
            try:
                check_totals(given, stated)
            except RefusalError:
                if not left_out:
                    raise
                check_totals([Row(grid, header, row) for row in sorted([*rows, *left_out])], stated)

    def _take_row(self, grid: Grid, columns: dict[int, ColumnTaken], row: int, code: str) -> None:
        unit = self.params.unit(code)
        if self._is_of_another_year(row):
            return
        self.taken.units[code] = unit
        self._note_mark(row, self.sheet.names)
        sums: dict[str, tuple[int, str]] = {}
        for column, said in columns.items():
            raw = grid.rows[row][column] if column < len(grid.rows[row]) else ""
            if said.compared:
                sums[said.variable] = (column, raw)
                continue
            self.taken.questions.add(said.variable)
            self._note_mark(row, column)
            self._note_unread(raw, said.variable, (row, column))
            self.taken.answers[code, said.period, said.variable] = raw
        for name, (column, stated) in sums.items():
            self._compare_sum(name, stated, code, (row, column))

    def _note_mark(self, row: int, column: int) -> None:
        """What the container says of a cell: the flat table has no place for it, so it is said now."""
        mark = self.sheet.grid.mark(row, column)
        where = self.sheet.where(row, column)
        if mark.problem:
            self.taken.problems.append(f"{where}{mark.problem}；{mark.remedy}")
        elif mark.question:
            self.taken.notes.append(f"{where}{mark.question}；{mark.remedy}")
        elif mark.note and self.sheet.raw(row, column).strip():
            self.taken.notes.append(f"{where} {mark.note}")

    def _is_of_another_year(self, row: int) -> bool:
        for column in self.sheet.columns:
            if "stat_year" in map(variable_of, self.sheet.path(column)):
                raw = self.sheet.raw(row, column)
                if raw.strip() and parse_year(raw).year != self.year:
                    where = self.sheet.where(row, column)
                    self.taken.problems.append(f"{where}的统计年度是“{shown(raw)}”，不是 {self.year}")
                    return True
        return False

    def _note_unread(self, raw: str, name: str, spot: tuple[int, int]) -> None:
        """What the reader will refuse is named now; what may not be kept is not copied, so that nothing is taken."""
        reading = parse(raw, variables()[name])
        if reading.status is Status.ERROR:
            told = f"{self.sheet.where(*spot)}“{label_of(name)}”"
            if not reading.raw:
                self.taken.problems.append(f"{told}{reading.problem}，内容未保留")
            else:
                self.taken.notes.append(f"{told}为“{shown(reading.raw)}”，{reading.problem}；导入后按错误列出")

    def _compare_sum(self, name: str, stated: str, code: str, spot: tuple[int, int]) -> None:
        """A sum over the seasons with the seasons, where all are exact numbers."""
        variable = variables()[name]
        given = [self.taken.answers.get((code, period, name), "") for period in periods_due(self.year)]
        numbers = [parse(text, variable) for text in (stated, *given)]
        if variable.kind == "int" and all(number.status is Status.OK for number in numbers):
            total, *parts = (Decimal(number.value) for number in numbers)
            if total != sum(parts):
                words = f"合计 {text_of(total)}，各季相加 {text_of(sum(parts, Decimal(0)))}"
                self.taken.problems.append(f"{self.sheet.where(*spot)}“{label_of(name)}”{words}")


def told(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What findings say of a whole file or sheet that a person should know before confirming."""
    return tuple(finding.message for finding in findings if finding.severity is not Severity.NOTE)


def refuse(taken: Taken, file: str) -> None:
    """ReturnError where cells stand in the way of taking the table."""
    if taken.problems:
        listed = "；".join(taken.problems[:_MOST_NAMED])
        more = f"；等 {len(taken.problems)} 处" if len(taken.problems) > _MOST_NAMED else ""
        raise ReturnError(f"{file} 没有导入：{listed}{more}", "请在一份副本里核对改正，再导入副本；原件不要改动")
