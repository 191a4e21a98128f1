"""A filled form to the rows a flat table would give: one for each period, its answers found by the variable's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stats.catalogue.variables import Variable, variables
from stats.findings import Finding
from stats.params import Unit
from stats.returns import form_layout as layout
from stats.returns.finding_texts import RefusalError, found, refuse_file
from stats.returns.grid import Grid, address
from stats.returns.headers import Header
from stats.returns.hidden_cells import hidden_data, refuse_merged
from stats.returns.measures_beside import beside_form, check_measures
from stats.returns.names import parse_code
from stats.returns.row import Row
from stats.returns.text_normalisation import compact, simplified
from stats.texts.privacy import shown

_SEARCHED_ROWS = 40
_KEYS = frozenset({layout.VARIABLE, layout.LABEL, layout.UNIT, layout.REMARK})
_HEADS = _KEYS | set(layout.PERIODS.values()) | {layout.LAST_YEAR, layout.CHECKS}


@dataclass(frozen=True, slots=True)
class FormGrid:
    """A form on a sheet: the row of its heads, the column of each head, and the cells that identify the unit."""

    grid: Grid
    header: int
    columns: dict[str, int]
    identity: dict[str, tuple[int, int]]

    def at(self, row: int, column: int) -> str:
        """The text of a cell; empty beyond the last one."""
        cells = self.grid.rows[row] if row < len(self.grid.rows) else []
        return cells[column] if column < len(cells) else ""

    def text(self, name: str) -> str:
        """The text that identifies the unit, its year or the form."""
        return self.at(*self.identity[name])

    def address(self, row: int) -> str:
        """The A1 address of the variable's name on a row."""
        return address(row, self.columns[layout.VARIABLE])

    def where(self, row: int, column: int) -> dict[str, str]:
        """File, sheet and cell, for a finding."""
        return {"file": self.grid.file, "sheet": self.grid.sheet, "cell": address(row, column)}


def find_form(grid: Grid) -> FormGrid | None:
    """The form on a sheet; None where no row has the heads of one.

    RefusalError where a head stands twice or where the identification lacks an entry.
    """
    for number, cells in enumerate(grid.rows[:_SEARCHED_ROWS]):
        heads = [compact(text) if len(text) < 20 else "" for text in cells]
        if set(heads) >= _KEYS:
            return FormGrid(grid, number, _columns(grid, number, heads), _identity(grid, number))
    return None


def _columns(grid: Grid, row: int, heads: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, head in enumerate(heads):
        if head in columns:
            where = {"file": grid.file, "sheet": grid.sheet, "cell": address(row, column)}
            words = {"label": head, "first": address(row, columns[head]), "second": address(row, column)}
            raise RefusalError(found("R-COLUMN-TWICE", where, **words))
        if head in _HEADS:
            columns[head] = column
    return columns


def _identity(grid: Grid, header: int) -> dict[str, tuple[int, int]]:
    found_at: dict[str, tuple[int, int]] = {}
    for row, cells in enumerate(grid.rows[:header]):
        for column, text in enumerate(cells):
            name = layout.IDENTIFICATION.get(compact(text)) if len(text) < 20 else None
            if name is not None:
                found_at.setdefault(name, (row, column + 1))
    if missing := [label for label, name in layout.IDENTIFICATION.items() if name not in found_at]:
        where = {"file": grid.file, "sheet": grid.sheet, "cell": address(header, 0)}
        problem, remedy = f"缺少“{'”“'.join(missing)}”", "请恢复表头上方的单位信息，或重新生成表式后填写"
        raise RefusalError(found("R-FORM", where, problem=problem, remedy=remedy))
    return found_at


_ANEW = "请用 stats form {year} 重新生成表式，把答案移过去再提交；不要增删行列"
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class FormRow(Row):
    """One period's answers on a form. ``remarks`` holds the cell of each question's remark, on one row only."""

    spots: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    remarks: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def spot(self, variable: str) -> tuple[int, int] | None:
        """Row and column of the variable's cell, from 0; None where the form has none."""
        return self.spots.get(variable)

    @property
    def place(self) -> str:
        """File and sheet in words."""
        return f"{self.grid.file}〔{self.grid.sheet}〕"


def is_form(grid: Grid) -> bool:
    """Whether a sheet has the heads of a form, wherever it came from."""
    return find_form(grid) is not None


def form_rows(grid: Grid, year: int, units: Mapping[str, Unit]) -> tuple[list[Row], list[Finding]]:
    """The rows of a form, one for each of its periods, and the findings on it; ``units`` are those that may report.

    RefusalError for a form of another version, one whose rows or columns were taken away, doubled or given another
    unit of measure, and for a form without any answer.
    """
    form = find_form(grid)
    if form is None:
        raise refuse_file(grid.file, "不是本工具生成的表式", _ANEW.format(year=year), grid.sheet)
    unit = units.get(parse_code(form.text("unit_code")) or "")
    try:
        return _rows(form, year, county=unit is not None and unit.type == "县级本级")
    except RefusalError as refusal:
        raise RefusalError(_about(refusal.finding, unit)) from refusal


def _about(finding: Finding, unit: Unit | None) -> Finding:
    return replace(finding, unit=unit.code, unit_name=unit.name) if unit else finding


def _rows(form: FormGrid, year: int, *, county: bool) -> tuple[list[Row], list[Finding]]:
    _refuse_other_version(form, year)
    questions, findings = _questions(form, year)
    _refuse_incomplete(form, questions, year, county=county)
    numbers = sorted(questions.values())
    refuse_merged(form.grid, numbers, form.columns.values())
    periods = layout.form_periods(year, county=county)
    answered = [form.columns[layout.PERIODS[period]] for period in periods]
    filled = [n for n in numbers if any(form.at(n, column).strip() for column in answered)]
    if not filled:
        raise _refused(form, "没有填写任何一项", "请填写后重新提交")
    remark = form.columns[layout.REMARK]
    remarks = {name: (row, remark) for name, row in questions.items()}
    rows: list[Row] = [_row(form, questions, period, remarks if period == periods[0] else {}) for period in periods]
    asks = check_measures(form.grid, rows, beside_form(form.grid, set(numbers), form.columns))
    return rows, [*findings, *asks, *hidden_data(form.grid, filled, [*answered, remark])]


def _row(form: FormGrid, questions: Mapping[str, int], period: str, remarks: Mapping[str, tuple[int, int]]) -> FormRow:
    column = form.columns[layout.PERIODS[period]]
    spots = {
        **form.identity,
        "period": (form.header, column),
        **{name: (row, column) for name, row in questions.items()},
    }
    header = Header(form.header, {name: spot[1] for name, spot in spots.items()})
    return FormRow(form.grid, header, form.header, spots, remarks)


def _refuse_other_version(form: FormGrid, year: int) -> None:
    given, version = form.text("form_version"), layout.form_version(year)
    if compact(given) != version:
        where = {**form.where(*form.identity["form_version"])}
        words = {"given": shown(given) or "（空）", "version": version, "year": year}
        raise RefusalError(found("R-FORM-VERSION", where, **words))


def _questions(form: FormGrid, year: int) -> tuple[dict[str, int], list[Finding]]:
    """The row of each variable, and a finding for each row that is none and yet has text where answers stand."""
    rows: dict[str, int] = {}
    findings: list[Finding] = []
    for number in range(form.header + 1, len(form.grid.rows)):
        variable = _variable(form, number)
        if variable is None:
            findings += _foreign(form, number)
        elif variable.name in rows:
            first, second = address(rows[variable.name], form.columns[layout.VARIABLE]), form.address(number)
            raise _refused(form, f"“{variable.label}”有两行（{first} 和 {second}）", "请删去重复的一行", number)
        else:
            if problem := form.grid.mark(number, form.columns[layout.LABEL]).problem:
                raise _refused(form, f"“{variable.label}”一行的项目{problem}", _ANEW.format(year=year), number)
            rows[variable.name] = number
            _refuse_other_unit(form, number, variable)
    return rows, findings


def _variable(form: FormGrid, number: int) -> Variable | None:
    """The question of a row, by its variable's name; its label must agree."""
    variable = variables().get(compact(form.at(number, form.columns[layout.VARIABLE])).lower())
    label = form.at(number, form.columns[layout.LABEL])
    if variable and variable.tier != "id" and simplified(compact(label)) != compact(variable.label):
        problem = f"第 {number + 1} 行的变量名是“{variable.name}”，项目却是“{shown(label)}”"
        raise _refused(form, problem, f"该变量的项目应为“{variable.label}”；请核对是否错行，改回原来的项目名", number)
    return None if variable is None or variable.tier == "id" else variable


def _foreign(form: FormGrid, number: int) -> list[Finding]:
    """A row without a question may hold a heading; an answer in it is named, not passed over."""
    columns = [form.columns[head] for head in layout.PERIODS.values() if head in form.columns]
    key = form.at(number, form.columns[layout.VARIABLE])
    if not key.strip() and not any(form.at(number, column).strip() for column in columns):
        return []
    given = shown(key.strip() or form.at(number, form.columns[layout.LABEL]).strip()) or "（无变量名）"
    return [found("R-FORM-ROW", form.where(number, form.columns[layout.VARIABLE]), given=given)]


def _refuse_other_unit(form: FormGrid, number: int, variable: Variable) -> None:
    given = compact(form.at(number, form.columns[layout.UNIT]))
    if given != compact(variable.unit):
        where = form.where(number, form.columns[layout.UNIT])
        words = {"given": f"{variable.label}（{shown(given)}）", "unit": variable.unit or "无单位"}
        raise RefusalError(found("R-COLUMN-UNIT", where, **words))


def _refuse_incomplete(form: FormGrid, questions: Mapping[str, int], year: int, *, county: bool) -> None:
    asked = [row.question for row in layout.form_rows(year, county=county) if row.question]
    lost = [question.label for question in asked if question.name not in questions]
    if lost:
        named = "、".join(lost[:_MOST_NAMED]) + (f" 等 {len(lost)} 行" if len(lost) > _MOST_NAMED else "")
        raise _refused(form, f"缺少应有的行：{named}", _ANEW.format(year=year))
    heads = (layout.PERIODS[period] for period in layout.form_periods(year, county=county))
    if missing := [head for head in heads if head not in form.columns]:
        raise _refused(form, f"缺少“{'”“'.join(missing)}”列", _ANEW.format(year=year))


def _refused(form: FormGrid, problem: str, remedy: str, number: int | None = None) -> RefusalError:
    row = form.header if number is None else number
    where: dict[str, Any] = form.where(row, form.columns[layout.VARIABLE])
    return RefusalError(found("R-FORM", where, problem=problem, remedy=remedy))


def remark_spots(row: Row) -> Iterator[tuple[str, tuple[int, int]]]:
    """Variable and cell of each remark beside a question; nothing for a row of a flat table."""
    return iter(row.remarks.items()) if isinstance(row, FormRow) else iter(())
