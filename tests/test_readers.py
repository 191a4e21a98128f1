"""Each container is read strictly: what a sheet hides, merges, strikes out, scales or adds up wrongly is named."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from conftest import COUNTY, NEIGHBOUR, TOWN, Row, as_csv, make_rows, make_workspace, put
from filled_forms import filled_form
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import load
from stats.returns import Returns, read
from stats.returns.container import LARGEST_FILE
from stats.returns.finding_texts import RefusalError
from stats.returns.grid import MOST_COLUMNS, MOST_ROWS, address, place_of
from stats.returns.parsed_file import Delivered
from stats.returns.sandboxed_reader import Reader
from test_returns_files import (
    as_xlsx,
    cell_of,
    edited,
    read_beside_neighbour,
    rezipped,
    rules_of,
    the_refusal,
    values,
)
from test_returns_files import place_of as place_of_variable

UNIT = TOWN[0]
POPULATION = place_of_variable("bas_population")
Edit = Callable[[Any], None]


def read_sheet(folder: Path, edit: Edit) -> Returns:
    return read_beside_neighbour(folder, "a.xlsx", as_xlsx(make_rows(), edit=edit))


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A valid workbook with one of its parts changed."""
    return rezipped(lambda part, content: change(content) if part.endswith(name) else content)


# What a sheet hides


def test_hidden_rows_are_read_with_a_warning_that_names_them(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True

    returns = read_sheet(tmp_path, edit)
    (found,) = returns.findings
    assert (found.rule, found.severity, found.cell) == ("R-HIDDEN-ROWS", Severity.WARNING, "A3")
    assert "隐藏的行" in found.message
    assert "第 3、4 行" in found.message
    assert values(returns, "rec_enlisted") == ["12", "12"]


def test_filtered_rows_are_read_and_called_filtered(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:F4"
        sheet.auto_filter.add_filter_column(4, ["year"])
        sheet.row_dimensions[3].hidden = True

    (found,) = read_sheet(tmp_path, edit).findings
    assert (found.rule, "筛选" in found.message) == ("R-HIDDEN-ROWS", True)


def test_hidden_columns_are_read_with_a_warning_that_names_them(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.column_dimensions["F"].hidden = True

    returns = read_sheet(tmp_path, edit)
    (found,) = returns.findings
    assert (found.rule, "F 列" in found.message) == ("R-HIDDEN-COLUMNS", True)
    assert values(returns, "bas_population") == ["32000"]


def test_hidden_rows_and_columns_without_data_are_nobody_s_concern(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["ZZ"].hidden = True

    assert read_sheet(tmp_path, edit).findings == ()


def struck_cell(sheet: Any) -> None:
    sheet[POPULATION].font = Font(strike=True)


def struck_part(sheet: Any) -> None:
    sheet[POPULATION].value = CellRichText("3200", TextBlock(InlineFont(strike=True), "0"))


@pytest.mark.parametrize("edit", [struck_cell, struck_part])
def test_struck_out_answer_is_refused_not_used_and_not_skipped(tmp_path: Path, edit: Edit) -> None:
    returns = read_sheet(tmp_path, edit)
    (found,) = returns.findings
    assert (found.rule, found.unit, found.cell) == ("R-FORMULA", UNIT, POPULATION)
    assert "删除线" in found.message
    assert cell_of(returns, "bas_population").status is Status.ERROR


def test_struck_out_code_refuses_the_row(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["A2"].font = Font(strike=True)

    found = the_refusal(read_sheet(tmp_path, edit))
    assert (found.rule, found.unit, found.cell) == ("R-IDENTITY", UNIT, "A2")


def test_rich_text_that_is_not_struck_out_is_read(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet[POPULATION].value = CellRichText("320", TextBlock(InlineFont(b=True), "00"))

    assert values(read_sheet(tmp_path, edit), "bas_population") == ["32000"]


# Numbers that look different from what is stored


@pytest.mark.parametrize("code", ['0"万"', "0,", ";;;", '0.0,,"百万"'])
def test_format_that_shows_another_number_refuses_the_answer(tmp_path: Path, code: str) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(POPULATION, 32000, code))
    assert rules_of(returns) == ["R-FORMULA"]
    assert cell_of(returns, "bas_population").status is Status.ERROR


@pytest.mark.parametrize(
    "code",
    ["General", "0", "#,##0", "#,##0.00", "@", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0.00_);[Red]\\(0.00\\)"],
)
def test_format_that_shows_the_stored_number_is_read(tmp_path: Path, code: str) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(POPULATION, 32000, code))
    assert (returns.findings, values(returns, "bas_population")) == ((), ["32000"])


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        ("='[2020年报.xlsx]年报'!F2", "引用其他文件"),
        ("=[1]年报!F2", "引用其他文件"),
        ("=cmd|'/c calc'!A0", "引用其他文件"),
        ("=表1[常住人口]", "没有计算结果"),
        ("=SUM(F3:F4)", "没有计算结果"),
    ],
)
def test_formula_is_refused_for_its_reason(tmp_path: Path, formula: str, word: str) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(POPULATION, formula))
    (found,) = [found for found in returns.findings if found.severity is Severity.ERROR]
    assert (found.rule, found.cell) == ("R-FORMULA", POPULATION)
    assert word in found.message


def test_formulas_of_colour_rules_and_lists_are_no_answers(tmp_path: Path) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.worksheet.datavalidation import DataValidation

    def edit(sheet: Any) -> None:
        sheet.conditional_formatting.add("F2:F4", FormulaRule(formula=["F2>1"], font=Font(bold=True)))
        choice = DataValidation(type="list", formula1='"是,否"')
        sheet.add_data_validation(choice)
        choice.add("G2")

    assert read_sheet(tmp_path, edit).findings == ()


# Merged cells, totals, notes


def merged(block: str) -> Edit:
    return lambda sheet: sheet.merge_cells(block)


def test_merged_cells_are_refused_with_their_range(tmp_path: Path) -> None:
    found = the_refusal(read_sheet(tmp_path, merged("F2:F3")))
    assert (found.rule, found.cell, "F2:F3" in found.message) == ("R-MERGED", "F2", True)


def test_merged_heads_are_refused(tmp_path: Path) -> None:
    assert "A1:B1" in the_refusal(read_sheet(tmp_path, merged("A1:B1"))).message


def test_merged_title_and_note_are_read_over(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "青禾县统计年报"
        sheet.merge_cells("A1:H1")
        sheet["A6"] = "注：数据截至年底"
        sheet.merge_cells("A6:H7")

    returns = read_sheet(tmp_path, edit)
    assert sorted(rules_of(returns)) == ["R-NOTE-ROW", "R-TITLE-ROW"]
    assert values(returns, "fnd_total") == ["86"]


def table_with_totals(folder: Path, *totals: Row) -> Returns:
    workspace = make_workspace(folder)
    rows = [*make_rows(), *make_rows(unit=NEIGHBOUR, bas_population="1000"), *totals]
    put(workspace, "全县.csv", as_csv(rows))
    return read(load(workspace), [2021])


def total(**cells: str) -> Row:
    return {**dict.fromkeys(make_rows()[0], ""), "unit_name": "合计", **cells}


def test_total_that_is_the_sum_is_noted(tmp_path: Path) -> None:
    returns = table_with_totals(tmp_path, total(bas_population="33,000", fnd_total="172", mil_muster_rate="96.5"))
    assert rules_of(returns) == ["R-TOTAL-ROW"]


def test_total_of_one_period_is_checked_against_its_rows(tmp_path: Path) -> None:
    spring = total(unit_name="小计", period="春季", rec_enlisted="24")
    assert rules_of(table_with_totals(tmp_path, spring)) == ["R-TOTAL-ROW"]


def test_total_that_differs_refuses_the_table_with_the_difference(tmp_path: Path) -> None:
    returns = table_with_totals(tmp_path, total(bas_population="33001"))
    found = next(f for f in returns.findings if f.severity is Severity.FATAL)
    assert (found.rule, found.cell, found.variables) == ("R-TOTAL-DIFFERS", "F8", ("bas_population",))
    assert "33001" in found.message
    assert "33000" in found.message
    assert "相差 1" in found.message
    assert returns.received == {2021: frozenset()}


def test_total_over_an_answer_that_is_no_exact_number_cannot_be_checked(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    rows = [*make_rows(fnd_total="80余"), *make_rows(unit=NEIGHBOUR), total(fnd_total="170")]
    put(workspace, "全县.csv", as_csv(rows))
    assert "R-TOTAL-DIFFERS" not in rules_of(read(load(workspace), [2021]))


def test_total_of_the_towns_without_the_county_is_a_sum_too(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    county = {**dict.fromkeys(make_rows()[0], ""), **make_rows(unit=COUNTY, fnd_total="5")[0]}
    rows = [county, *make_rows(fnd_total="86"), *make_rows(unit=NEIGHBOUR, fnd_total="86"), total(fnd_total="172")]
    put(workspace, "全县.csv", as_csv(rows))
    assert "R-TOTAL-DIFFERS" not in rules_of(read(load(workspace), [2021]))


def test_full_row_that_begins_like_a_note_is_never_passed_over(tmp_path: Path) -> None:
    rows = [{**row, "unit_code": "来源不明"} for row in make_rows()[:1]]
    returns = read_beside_neighbour(tmp_path, "a.csv", as_csv(rows))
    assert the_refusal(returns).rule == "R-CODE"


# Sizes and damage


def far(sheet: Any) -> None:
    sheet.cell(row=900_000, column=2).value = 1


def wide(sheet: Any) -> None:
    sheet.cell(row=2, column=MOST_COLUMNS + 1).value = 1


@pytest.mark.parametrize(("edit", "word"), [(far, "B900000"), (wide, address(1, MOST_COLUMNS))])
def test_far_cell_is_refused_by_its_place_and_quickly(tmp_path: Path, edit: Edit, word: str) -> None:
    assert word in the_refusal(read_sheet(tmp_path, edit)).message


def test_stated_dimension_is_not_believed(tmp_path: Path) -> None:
    data = with_part("sheet1.xml", lambda xml: xml.replace(b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'))
    assert values(read_beside_neighbour(tmp_path, "a.xlsx", data), "fnd_total") == ["86"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda xml: xml.replace(b'r="F2"', b'r="E2"'), "结构"),
        (lambda xml: xml.replace(b'<row r="3"', b'<row r="2"'), "结构"),
        (lambda xml: xml.replace(b'r="F2"', b'r="F9"'), "结构"),
        (lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells/><row r='9'/>"), "结构"),
        (lambda xml: xml[: len(xml) // 2], "结构"),
        (lambda xml: xml.replace(b"<sheetData>", b"<sheetData>&g;"), "结构"),
    ],
)
def test_sheet_that_contradicts_itself_is_refused(tmp_path: Path, change: Callable[[bytes], bytes], word: str) -> None:
    found = the_refusal(read_beside_neighbour(tmp_path, "a.xlsx", with_part("sheet1.xml", change)))
    assert word in found.message


def test_document_type_in_another_encoding_is_refused(tmp_path: Path) -> None:
    def utf_16(xml: bytes) -> bytes:
        text = xml.decode().partition("?>")[2] if xml.startswith(b"<?xml") else xml.decode()
        return ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY g "1">]>' + text).encode("utf-16")

    assert "DTD" in the_refusal(read_beside_neighbour(tmp_path, "a.xlsx", with_part("sheet1.xml", utf_16))).message


def doubled() -> bytes:
    data = io.BytesIO(as_xlsx(make_rows()))
    with zipfile.ZipFile(data, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    return data.getvalue()


def locked() -> bytes:
    """The archive with its parts marked as encrypted."""
    data = bytearray(as_xlsx(make_rows()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (doubled, "重名"),
        (locked, "密码"),
        (lambda: rezipped(lambda _, content: content, {"xl/macrosheets/sheet1.xml": b"<x/>"}), "宏"),
        (lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(100), ".xls"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), ".doc"),
        (lambda: b"MIME-Version: 1.0\r\n<html>", "网页"),
        (lambda: "<table><tr><td>单位</td></tr></table>".encode("utf-16"), "HTML"),
        (lambda: as_csv(make_rows()).encode("utf-16-le"), "编码"),
        (lambda: b"\xef\xbb\xbf" + as_csv(make_rows()).encode("gb18030"), "编码"),
    ],
)
def test_other_container_is_refused_by_its_name(tmp_path: Path, content: Callable[[], bytes], word: str) -> None:
    assert word in the_refusal(read_beside_neighbour(tmp_path, "a.xlsx", content())).message


def test_workbook_with_a_chart_sheet_is_read(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(as_xlsx(make_rows())))
    book.create_chartsheet("图")
    data = io.BytesIO()
    book.save(data)
    assert values(read_beside_neighbour(tmp_path, "a.xlsx", data.getvalue()), "fnd_total") == ["86"]


# CSV


def labelled() -> str:
    return as_csv(make_rows(), header=lambda name: variables()[name].label)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (labelled().replace("双塘镇", "雙塘鎮").encode("big5hkscs", "replace"), "Big5"),
        (as_csv(make_rows(unit_name="雙塘鎮", unit_type="鎮")).encode("big5hkscs", "ignore"), "Big5"),
        (labelled().encode().decode("gb18030", "replace").encode(), "乱码"),
        (as_csv(make_rows()).encode().replace("双".encode(), "双".encode()[:2], 1), "损坏的字节"),
    ],
)
def test_text_in_the_wrong_encoding_is_refused_by_its_name(tmp_path: Path, content: bytes, word: str) -> None:
    assert word in the_refusal(read_beside_neighbour(tmp_path, "a.csv", content)).message


def test_sign_of_a_failed_decoding_in_the_name_refuses_the_unit(tmp_path: Path) -> None:
    found = the_refusal_of_unit(read_beside_neighbour(tmp_path, "a.csv", as_csv(make_rows(unit_name="双塘\ufffd"))))
    assert "双塘\\ufffd" in found  # named, never printed


def the_refusal_of_unit(returns: Returns) -> str:
    assert UNIT not in returns.received[2021]
    return next(f.message for f in returns.findings if f.unit == UNIT and f.severity is Severity.FATAL)


# The folder


def test_private_name_of_a_file_is_not_copied(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "双塘镇13800138000.csv", as_csv(make_rows()))
    assert "文件名" in the_refusal(returns).message
    assert "13800138000" not in repr(returns)


def test_private_name_of_a_sheet_is_not_copied(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.title = "张建国13800138000"

    returns = read_sheet(tmp_path, edit)
    assert UNIT in returns.received[2021]
    assert "13800138000" not in repr(returns)


def test_pipe_among_the_files_is_refused_without_waiting(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    place = put(workspace, "邻居.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    os.mkfifo(place.parent / "a.csv")
    assert "不是普通文件" in the_refusal(read(load(workspace), [2021])).message


def test_no_more_of_a_file_is_read_than_a_return_may_have(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    place = put(workspace, "邻居.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    with (place.parent / "a.csv").open("wb") as stream:
        stream.truncate(20 * LARGEST_FILE)
    returns = read(load(workspace), [2021])
    assert "64 MB" in the_refusal(returns).message
    assert set(returns.inputs) == {"data/returns/2021/邻居.csv"}


@given(row=st.integers(0, MOST_ROWS), column=st.integers(0, 16383))
def test_address_and_place_are_inverse(row: int, column: int) -> None:
    assert place_of(address(row, column)) == (row, column)


# Anything at all


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A valid file of each kind."""
    return {
        "csv": as_csv(make_rows()).encode(),
        "gb18030": labelled().encode("gb18030"),
        "xlsx": as_xlsx(make_rows()),
        "form": filled_form(tmp_path_factory.mktemp("form")),
    }


@pytest.fixture(scope="module")
def mixed_up() -> Callable[[bytes, list[tuple[int, bytes]]], bytes]:
    """Damage in several places: of the file, or (for an archive) of its parts, packed again with right checksums."""

    def damage(data: bytes, at: list[tuple[int, bytes]]) -> bytes:
        changed = bytearray(data)
        for place, junk in at:
            place %= len(changed)
            changed[place : place + len(junk)] = junk
        return bytes(changed)

    return damage


def outcome_of(data: bytes) -> Delivered | Finding:
    """The tables of a file, or the finding that refuses it; an error inside the reader is a refusal that says 程序."""
    with Reader() as reader:
        try:
            return reader.read(data, "2021/a")
        except RefusalError as refusal:
            return refusal.finding


DAMAGES = st.lists(st.tuples(st.integers(0, 200_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(["csv", "gb18030", "xlsx", "form"]), at=DAMAGES, inside=st.booleans())
def test_damaged_file_gives_tables_or_one_refusal_and_never_an_error(
    valid: dict[str, bytes],
    mixed_up: Callable[[bytes, list[tuple[int, bytes]]], bytes],
    kind: str,
    at: list[tuple[int, bytes]],
    inside: bool,
) -> None:
    data = valid[kind]
    if inside and data.startswith(b"PK"):
        source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name in source.namelist():
                content = source.read(name)
                archive.writestr(name, mixed_up(content, at) if at[0][0] % 3 == len(name) % 3 else content)
        data = target.getvalue()
    else:
        data = mixed_up(data, at)
    outcome = outcome_of(data)
    assert outcome.grids if isinstance(outcome, Delivered) else outcome.file == "2021/a"
    assert isinstance(outcome, Delivered) or "程序" not in outcome.message
