"""A filled form reads as the same rows a flat table gives; one that was changed in its build is refused by name."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from conftest import COUNTY, NEIGHBOUR, TOWN, as_csv, make_rows, make_workspace, put
from filled_forms import blank_form, cell_of, filled, filled_form
from stats.catalogue.status import Status
from stats.findings import Finding, Severity
from stats.params import load
from stats.returns import Returns, read
from stats.returns import form_layout as layout

UNIT = TOWN[0]


def read_form(folder: Path, content: bytes, name: str = f"{UNIT}-双塘镇.xlsx", year: int = 2021) -> Returns:
    """What is read from a form beside a valid return of the neighbour."""
    workspace = make_workspace(folder, year)
    put(workspace, "邻居.csv", as_csv(make_rows(unit=NEIGHBOUR, year=year)), year)
    put(workspace, name, content, year)
    return read(load(workspace), [year])


def the_refusal(returns: Returns) -> Finding:
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}
    (only,) = [found for found in returns.findings if found.severity is Severity.FATAL]
    return only


def answers_of(returns: Returns, unit: str = UNIT) -> list[tuple[str, str, str, str, str]]:
    return [(c.variable, c.period, c.status.value, c.value, c.note) for c in returns.cells if c.unit == unit]


def test_a_filled_form_reads_like_the_flat_table_of_the_same_answers(tmp_path: Path) -> None:
    by_form = read_form(tmp_path / "form", filled_form(tmp_path, rec_enlisted="１２名", fnd_total="86余"))
    by_table = read_form(tmp_path / "table", as_csv(make_rows(rec_enlisted="１２名", fnd_total="86余")).encode())
    assert answers_of(by_form) == answers_of(by_table)
    assert [f.rule for f in by_form.findings] == [f.rule for f in by_table.findings]
    assert by_form.received == by_table.received == {2021: frozenset({UNIT, NEIGHBOUR[0]})}


@pytest.mark.parametrize(("unit", "year"), [(COUNTY, 2021), (TOWN, 2019), (TOWN, 2020)])
def test_forms_of_the_county_and_of_other_years_are_read(tmp_path: Path, unit: tuple[str, str], year: int) -> None:
    rows = make_rows(unit=unit, year=year)
    form = filled(blank_form(tmp_path, unit, year), rows, year=year)
    by_form = read_form(tmp_path / "form", form, year=year)
    by_table = read_form(tmp_path / "table", as_csv(rows).encode(), year=year)
    assert by_form.findings == by_table.findings == ()
    assert answers_of(by_form, unit[0]) == answers_of(by_table, unit[0])


def test_a_cell_of_a_form_says_where_it_stands(tmp_path: Path) -> None:
    returns = read_form(tmp_path, filled_form(tmp_path))
    cell = next(c for c in returns.cells if (c.unit, c.variable, c.period) == (UNIT, "rec_enlisted", "autumn"))
    row, column = cell_of("rec_enlisted", "秋季")
    assert (cell.file, cell.sheet) == (f"2021/{UNIT}-双塘镇.xlsx", "统计表")
    assert cell.cell == f"{'ABCDEFGH'[column - 1]}{row}"


def test_remarks_belong_to_their_question(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.cell(*cell_of("fnd_total", "备注")).value = "经费逐年增加，今年新建一处"

    returns = read_form(tmp_path, filled_form(tmp_path, edit=edit))
    (remark,) = returns.remarks
    assert (remark.unit, remark.variable, remark.text) == (UNIT, "fnd_total", "经费逐年增加，今年新建一处")


def test_a_form_saved_by_other_software_reads_the_same(tmp_path: Path) -> None:
    def by_xlsxwriter() -> bytes:
        grid = load_workbook(io.BytesIO(filled_form(tmp_path)))[layout.DATA_SHEET]
        data = io.BytesIO()
        book = xlsxwriter.Workbook(data)
        sheet = book.add_worksheet(layout.DATA_SHEET)
        for row in grid.iter_rows():
            for cell in row:
                if cell.value is not None and cell.data_type != "f":
                    sheet.write(cell.row - 1, cell.column - 1, cell.value)
        book.close()
        return data.getvalue()

    first = read_form(tmp_path / "a", filled_form(tmp_path))
    second = read_form(tmp_path / "b", by_xlsxwriter())
    assert first.cells == second.cells
    assert first.findings == second.findings == ()


def test_a_form_of_another_version_is_refused_with_the_right_one(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.cell(layout.IDENTIFICATION_ROW + 5, layout.VALUE_COLUMN + 1).value = "2021-000000"

    found = the_refusal(read_form(tmp_path, filled_form(tmp_path, edit=edit)))
    assert (found.rule, found.unit, found.cell) == ("R-FORM-VERSION", UNIT, "C7")
    assert layout.form_version(2021) in found.message
    assert "stats form 2021" in found.remedy


def test_a_form_of_last_year_is_refused(tmp_path: Path) -> None:
    form = filled(blank_form(tmp_path / "old", year=2020), make_rows(year=2020), year=2020)
    assert the_refusal(read_form(tmp_path, form)).rule == "R-FORM-VERSION"


def put_value(variable: str, head: str, value: Any) -> Callable[[Any], None]:
    def edit(sheet: Any) -> None:
        sheet.cell(*cell_of(variable, head)).value = value

    return edit


@pytest.mark.parametrize(
    ("edit", "rule", "word"),
    [
        (put_value("fnd_total", "计量单位", "元"), "R-COLUMN-UNIT", "万元"),
        (put_value("fnd_total", "项目", "征集新兵人数"), "R-FORM", "错行"),
        (put_value("fnd_total", "变量", "fnd_county"), "R-FORM", "变量名"),
        (lambda sheet: sheet.delete_rows(cell_of("fnd_total", "项目")[0]), "R-FORM", "武装工作经费投入合计"),
        (lambda sheet: sheet.merge_cells("D12:D13"), "R-MERGED", "D12:D13"),
        (lambda sheet: sheet.__setitem__("B3", "代码"), "R-FORM", "统计用区划代码"),
        (lambda sheet: sheet.__setitem__("C3", "990118999000"), "R-CODE", "不在名册"),
        (lambda sheet: sheet.__setitem__("C3", 990118111000), "R-CODE", "数值"),
        (lambda sheet: sheet.__setitem__("C3", "=1+1"), "R-IDENTITY", "公式"),
        (lambda sheet: sheet.__setitem__("C4", "双溏镇"), "R-NAME", "双塘镇"),
        (lambda sheet: sheet.__setitem__("H9", "全年"), "R-COLUMN-TWICE", "全年"),
    ],
)
def test_a_form_changed_in_its_build_is_refused_by_name(
    tmp_path: Path, edit: Callable[[Any], None], rule: str, word: str
) -> None:
    returns = read_form(tmp_path, filled_form(tmp_path, edit=edit))
    stopping = {f.rule: f for f in returns.findings if f.severity is Severity.FATAL}
    assert set(stopping) == {rule}
    assert word in stopping[rule].message + stopping[rule].remedy
    assert stopping[rule].cell
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}


def test_a_form_without_any_answer_is_refused_not_taken_for_missing(tmp_path: Path) -> None:
    assert "没有填写" in the_refusal(read_form(tmp_path, blank_form(tmp_path))).message


def test_a_row_added_to_a_form_is_named_and_not_used(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        last = layout.form_rows(2021, county=False)[-1].row + 2
        sheet.cell(last, 1).value, sheet.cell(last, 4).value = "fnd_extra", 5

    returns = read_form(tmp_path, filled_form(tmp_path, edit=edit))
    assert [found.rule for found in returns.findings] == ["R-FORM-ROW"]
    assert UNIT in returns.received[2021]


def test_an_answer_under_a_period_it_is_not_due_for_is_named(tmp_path: Path) -> None:
    edit = put_value("rec_enlisted", "全年", 12)
    returns = read_form(tmp_path, filled_form(tmp_path, edit=edit))
    assert [found.rule for found in returns.findings] == ["R-PLACE"]


def test_hidden_rows_and_columns_with_answers_are_read_with_a_warning(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.row_dimensions[cell_of("fnd_total", "全年")[0]].hidden = True
        sheet.column_dimensions["E"].hidden = True
        sheet.column_dimensions["A"].hidden = True

    returns = read_form(tmp_path, filled_form(tmp_path, edit=edit))
    assert [found.rule for found in returns.findings] == ["R-HIDDEN-ROWS", "R-HIDDEN-COLUMNS"]
    assert f"第 {cell_of('fnd_total', '全年')[0]} 行" in returns.findings[0].message
    assert "（E 列）" in returns.findings[1].message
    assert next(c for c in returns.cells if (c.unit, c.variable) == (UNIT, "fnd_total")).status is Status.OK


def test_two_forms_of_one_unit_that_differ_refuse_the_unit(tmp_path: Path) -> None:
    form = filled_form(tmp_path)
    workspace = make_workspace(tmp_path)
    put(workspace, "a.xlsx", form)
    put(workspace, "b.xlsx", filled_form(tmp_path, fnd_total="87"))
    returns = read(load(workspace), [2021])
    assert [found.rule for found in returns.findings] == ["R-TWICE-FILES"]
    assert "a.xlsx〔统计表〕" in returns.findings[0].message
    assert returns.received == {2021: frozenset()}
