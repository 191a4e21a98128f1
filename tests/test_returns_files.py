"""Each file is known by its content, read strictly, or refused by name while the others are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from conftest import NEIGHBOUR, TOWN, Row, as_csv, make_rows, make_workspace, put
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import load
from stats.returns import Cell, Returns, read
from stats.returns.cell_verdict import number_text
from stats.returns.container import LARGEST_FILE

UNIT = TOWN[0]
HEADER = tuple(make_rows()[0])


def read_beside_neighbour(folder: Path, name: str, content: str | bytes) -> Returns:
    """What is read from a file that lies beside a valid return of the neighbour."""
    workspace = make_workspace(folder)
    put(workspace, "邻居.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    put(workspace, name, content)
    return read(load(workspace), [2021])


def the_refusal(returns: Returns) -> Finding:
    """The one fatal finding, after making sure that the neighbour was read all the same."""
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}
    (only,) = [found for found in returns.findings if found.severity is Severity.FATAL]
    return only


def values(returns: Returns, variable: str) -> list[str]:
    return [cell.value for cell in returns.cells if cell.variable == variable and cell.unit == UNIT]


def cell_of(returns: Returns, variable: str) -> Cell:
    return next(cell for cell in returns.cells if cell.variable == variable and cell.unit == UNIT)


def rules_of(returns: Returns) -> list[str]:
    return [found.rule for found in returns.findings]


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16"), ("gb18030", "GB18030"), ("gbk", "GB18030")],
)
def test_encodings_of_chinese_offices_are_read(tmp_path: Path, encoding: str, note: str | None) -> None:
    returns = read_beside_neighbour(tmp_path, "a.csv", as_csv(make_rows()).encode(encoding))
    assert [found.rule for found in returns.findings] == (["R-ENCODING"] if note else [])
    assert all(note and note in found.message for found in returns.findings)
    assert values(returns, "fnd_total") == ["86"]


def test_rare_character_of_four_bytes_is_read(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    county = workspace / "params" / "county.yaml"
    county.write_text(county.read_text(encoding="utf-8").replace("双塘镇", "𫭢塘镇"), encoding="utf-8")
    data = as_csv(make_rows(unit_name="𫭢塘镇")).encode("gb18030")
    put(workspace, "a.csv", data)
    returns = read(load(workspace), [2021])
    assert rules_of(returns) == ["R-ENCODING"]
    assert returns.received == {2021: frozenset({UNIT})}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b" \r\n", "空的"),
        ("<html><body>登录超时</body></html>".encode(), "HTML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\xff\xfe\x00", "编码"),
        (as_csv(make_rows()).replace("32000", "32\x00000").encode(), "NUL"),
        (as_csv(make_rows()).replace(",", ";").encode(), "“;”分隔"),
        (as_csv(make_rows()).replace(",", "，").encode(), "“，”分隔"),
        (as_csv(make_rows()).splitlines()[0].encode() + b"\n", "没有数据行"),
        (as_csv(make_rows())[:-200].encode(), "不完整"),
        (as_csv(make_rows()).replace("双塘镇", '"双塘镇', 1).encode(), "CSV"),
        (as_csv(make_rows(), header=lambda name: variables()[name].label).encode("big5", "replace"), "表头"),
        (as_csv(make_rows(), header=lambda n: variables()[n].label).encode().decode("gbk", "replace").encode(), "表头"),
        ("镇名,年份,常住人口\n双塘镇,2021,32000\n".encode(), "表头"),
        (("a," * 500 + "\n").encode(), "列"),
    ],
)
def test_unusable_file_is_refused_by_its_name_and_the_others_are_read(
    tmp_path: Path, content: bytes, word: str
) -> None:
    found = the_refusal(read_beside_neighbour(tmp_path, "坏文件.csv", content))
    assert word in found.message
    assert found.file == "2021/坏文件.csv"
    assert found.remedy


def test_oversized_file_is_refused(tmp_path: Path) -> None:
    found = the_refusal(read_beside_neighbour(tmp_path, "a.csv", b"," * (LARGEST_FILE + 1)))
    assert "64 MB" in found.message


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda text: text.replace(",", "\t"), "R-FORMAT"),
        (lambda text: "sep=,\n" + text, "R-FORMAT"),
        (lambda text: text.replace("\n", "\r"), "R-FORMAT"),
        (lambda text: text.removesuffix("\n"), "R-LAST-LINE"),
        (lambda text: "青禾县 2021 年统计年报\n" + text, "R-TITLE-ROW"),
        (lambda text: text + ",,,\n", None),
    ],
)
def test_harmless_forms_are_read_with_a_note(tmp_path: Path, change: Callable[[str], str], rule: str | None) -> None:
    returns = read_beside_neighbour(tmp_path, "a.csv", change(as_csv(make_rows())))
    assert rules_of(returns) == ([rule] if rule else [])
    assert values(returns, "fnd_total") == ["86"]


def test_addresses_count_the_lines_above_the_header(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.csv", "sep=,\n青禾县年报\n" + as_csv(make_rows()))
    assert cell_of(returns, "bas_population").cell == "F4"


def test_office_lock_file_and_system_files_are_passed_over_with_a_note(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "~$a.xlsx", b"\x05lock")
    assert rules_of(returns) == ["R-LOCK"]
    returns = read_beside_neighbour(tmp_path, ".DS_Store", b"x")
    assert rules_of(returns) == ["R-SKIPPED", "R-LOCK"]


def test_link_is_refused(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    place = put(workspace, "邻居.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    (place.parent / "a.csv").symlink_to("/etc/hostname")
    assert "链接" in the_refusal(read(load(workspace), [2021])).message


def renamed_columns(**names: str) -> str:
    return as_csv(make_rows(), header=lambda name: names.get(name, name))


def test_unknown_column_is_a_warning_with_the_nearest_name(tmp_path: Path) -> None:
    text = renamed_columns(mil_contests="参加上级集训比武次数")
    found = next(f for f in read_beside_neighbour(tmp_path, "a.csv", text).findings if f.rule == "R-COLUMN")
    assert found.severity is Severity.WARNING
    assert "参加上级集训比武考核次数" in found.message
    assert found.cell == "AW1"


def test_doubled_column_is_refused(tmp_path: Path) -> None:
    text = renamed_columns(mil_contests="经费投入", mil_meetings="rec_enlisted")
    assert the_refusal(read_beside_neighbour(tmp_path, "a.csv", text)).rule == "R-COLUMN-TWICE"


def test_absent_identifying_column_is_refused(tmp_path: Path) -> None:
    found = the_refusal(read_beside_neighbour(tmp_path, "a.csv", renamed_columns(stat_year="何年")))
    assert "统计年度" in found.message


def test_changed_unit_of_measure_is_refused(tmp_path: Path) -> None:
    found = the_refusal(read_beside_neighbour(tmp_path, "a.csv", renamed_columns(fnd_total="武装工作经费投入合计(元)")))
    assert found.rule == "R-COLUMN-UNIT"
    assert "万元" in found.remedy


# XLSX


def numeric(name: str, text: str) -> Any:
    """A stored number where the text is one, except in the columns that must be text."""
    is_number = name not in ("unit_code", "period") and text.replace(".", "", 1).isdigit()
    return (float(text) if "." in text else int(text)) if is_number else text


def as_xlsx(rows: list[Row], *, edit: Callable[[Any], None] = lambda sheet: None, above: int = 0) -> bytes:
    """The rows as a workbook with stored numbers; ``edit`` changes the sheet before it is saved."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "年报"
    for _ in range(above):
        sheet.append(["青禾县统计年报"])
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([numeric(name, text) or None if text == "" else numeric(name, text) for name, text in row.items()])
    edit(sheet)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def edited(address: str, value: Any, number_format: str = "General") -> bytes:
    def edit(sheet: Any) -> None:
        sheet[address] = value
        sheet[address].number_format = number_format

    return as_xlsx(make_rows(), edit=edit)


def place_of(variable: str) -> str:
    from stats.returns.grid import address

    return address(1, HEADER.index(variable))


def test_workbook_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xls", as_xlsx(make_rows()))
    assert returns.findings == ()
    cell = cell_of(returns, "mil_muster_rate")
    assert (cell.value, cell.raw, cell.sheet, cell.file) == ("96.5", "96.5", "年报", "2021/a.xls")
    assert cell.cell == place_of("mil_muster_rate")


def test_workbooks_of_other_writers_read_the_same(tmp_path: Path) -> None:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet("年报")
    for number, row in enumerate([dict(zip(HEADER, HEADER, strict=True)), *make_rows()]):
        sheet.write_row(number, 0, [numeric(name, text) if number else text for name, text in row.items()])
    book.close()
    by_xlsxwriter = read_beside_neighbour(tmp_path / "a", "a.xlsx", data.getvalue())
    by_openpyxl = read_beside_neighbour(tmp_path / "b", "a.xlsx", as_xlsx(make_rows()))
    assert by_xlsxwriter.cells == by_openpyxl.cells
    assert by_xlsxwriter.findings == ()


def test_numbers_stored_as_text_are_read(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(place_of("bas_population"), "１２，３４５"))
    assert cell_of(returns, "bas_population").value == "12345"


@pytest.mark.parametrize(
    ("stored", "text", "is_artefact"),
    [
        (0.1 + 0.2, "0.3", True),
        (2.675, "2.675", False),
        (12.0, "12", False),
        (1e15, "1000000000000000", False),
        (1e-7, "0.0000001", False),
        (88.67924528301887, "88.6792452830189", True),
    ],
)
def test_stored_number_is_what_the_spreadsheet_shows(stored: float, text: str, is_artefact: bool) -> None:
    assert number_text(stored) == (text, is_artefact)


def test_tail_of_a_binary_number_is_left_out_with_a_note(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(place_of("mil_train_rate"), 47 / 53 * 100))
    cell = cell_of(returns, "mil_train_rate")
    assert (cell.value, cell.status) == ("88.6792452830189", Status.OK)
    assert "浮点" in cell.note
    assert rules_of(returns) == ["R-NORMAL"]


def test_count_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(place_of("bas_villages"), 12.5))
    assert cell_of(returns, "bas_villages").status is Status.ERROR


def test_code_stored_as_a_number_is_refused(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        for row in (2, 3, 4):
            sheet.cell(row, 1).value = int(UNIT)

    returns = read_beside_neighbour(tmp_path, "a.xlsx", as_xlsx(make_rows(), edit=edit))
    assert rules_of(returns) == ["R-CODE"] * 3
    assert "数值" in returns.findings[0].message


@pytest.mark.parametrize(
    ("value", "number_format", "status", "result"),
    [
        (0.85, "0%", Status.OK, "85"),
        (0.8567, "0.00%", Status.OK, "85.67"),
        ("85%", "General", Status.OK, "85"),
        (85, "0.0", Status.OK, "85"),
        ("#N/A", "General", Status.MISSING, ""),
        ("=1/2", "General", Status.ERROR, ""),
        ("=[1]Sheet1!A1", "General", Status.ERROR, ""),
        (True, "General", Status.ERROR, ""),
    ],
)
def test_cell_is_read_as_it_is_shown(
    tmp_path: Path, value: Any, number_format: str, status: Status, result: str
) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(place_of("mil_train_rate"), value, number_format))
    cell = cell_of(returns, "mil_train_rate")
    assert (cell.status, cell.value) == (status, result)
    assert not [found for found in returns.findings if found.unit not in ("", UNIT)]


def test_percent_format_on_a_count_is_refused(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(place_of("bas_villages"), 12, "0%"))
    assert cell_of(returns, "bas_villages").status is Status.ERROR


def test_date_in_a_count_is_refused(tmp_path: Path) -> None:
    import datetime

    returns = read_beside_neighbour(
        tmp_path, "a.xlsx", edited(place_of("bas_villages"), datetime.date(2021, 1, 2), "yyyy-mm-dd")
    )
    cell = cell_of(returns, "bas_villages")
    assert cell.status is Status.ERROR
    assert "日期" in cell.note


def with_formula(cached: str) -> bytes:
    """A workbook whose formula in the population cell has this cached value."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet("年报")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(make_rows(), start=1):
        sheet.write_row(number, 0, list(row.values()))
    sheet.write_formula(1, HEADER.index("bas_population"), "=16000*2", value=cached)
    book.close()
    return data.getvalue()


def test_formula_with_a_saved_result_is_read_with_a_note(tmp_path: Path) -> None:
    cell = cell_of(read_beside_neighbour(tmp_path, "a.xlsx", with_formula("32000")), "bas_population")
    assert (cell.value, cell.status) == ("32000", Status.OK)
    assert "公式" in cell.note


def test_formula_without_a_saved_result_is_refused_not_missing(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", edited(place_of("bas_population"), "=16000*2"))
    found = next(f for f in returns.findings if f.rule == "R-FORMULA")
    assert (found.unit, found.cell) == (UNIT, place_of("bas_population"))
    assert "保存" in found.remedy


def test_formula_whose_result_is_an_error_value_is_refused(tmp_path: Path) -> None:
    cell = cell_of(read_beside_neighbour(tmp_path, "a.xlsx", with_formula("#DIV/0!")), "bas_population")
    assert (cell.status, cell.value) == (Status.ERROR, "")


def test_title_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", as_xlsx(make_rows(), above=2))
    assert rules_of(returns) == ["R-TITLE-ROW", "R-TITLE-ROW"]
    assert cell_of(returns, "bas_population").cell == "F4"


def test_two_levels_of_heads_are_refused(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["C1"], sheet["G1"] = "人口", "经济"

    found = the_refusal(read_beside_neighbour(tmp_path, "a.xlsx", as_xlsx(make_rows(), edit=edit)))
    assert "一层列名" in found.message


def test_merged_cells_among_the_data_are_refused(tmp_path: Path) -> None:
    found = the_refusal(
        read_beside_neighbour(tmp_path, "a.xlsx", as_xlsx(make_rows(), edit=lambda sheet: sheet.merge_cells("F2:F3")))
    )
    assert "合并" in found.message


def with_sheet(title: str, *, first: bool, state: str = "visible", rows: list[Row] | None = None) -> bytes:
    book = load_workbook(io.BytesIO(as_xlsx(make_rows())))
    sheet = book.create_sheet(title, 0 if first else None)
    sheet.sheet_state = state
    if rows:
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    else:
        sheet["A1"] = "填报说明：请逐项填写"
    book.active = 1 if first else 0
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_sheet_of_instructions_is_passed_over(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", with_sheet("说明", first=True))
    assert rules_of(returns) == ["R-SHEET"]
    assert values(returns, "fnd_total") == ["86"]


def test_sheet_of_another_year_is_refused_and_the_right_one_read(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", with_sheet("2020", first=True, rows=make_rows(year=2020)))
    found = next(f for f in returns.findings if f.rule == "R-YEAR-ALL")
    assert found.sheet == "2020"
    assert UNIT in returns.received[2021]


def test_hidden_sheet_is_never_read(tmp_path: Path) -> None:
    rows = make_rows(unit=NEIGHBOUR, fnd_total="1")
    returns = read_beside_neighbour(tmp_path, "a.xlsx", with_sheet("旧", first=False, state="hidden", rows=rows))
    assert rules_of(returns) == ["R-HIDDEN"]
    assert values(returns, "fnd_total") == ["86"]


def rezipped(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """A valid workbook whose parts were changed."""
    source = zipfile.ZipFile(io.BytesIO(as_xlsx(make_rows())))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return data.getvalue()


def kept(name: str, content: bytes) -> bytes:
    return content


def with_doctype(name: str, content: bytes) -> bytes:
    if not name.endswith("sheet1.xml"):
        return content
    return b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + content.removeprefix(b"<?xml version='1.0'?>")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (as_xlsx(make_rows())[:-2000], "损坏"),
        (rezipped(kept, {"xl/vbaProject.bin": b"macro"}), "宏"),
        (rezipped(with_doctype), "DTD"),
        (rezipped(kept, {"xl/media/huge.bin": bytes(60 * 2**20)}), "庞大"),
        (rezipped(kept, {"xl/worksheets/sheet9.xml": b"<row/>" * 260_000}), "行"),
        (rezipped(lambda name, content: b"<broken" if name.endswith("sheet1.xml") else content), "不完整"),
    ],
    ids=["truncated", "macro", "doctype", "bomb", "million rows", "broken"],
)
def test_dangerous_or_damaged_workbook_is_refused_by_its_name(tmp_path: Path, content: bytes, word: str) -> None:
    assert word in the_refusal(read_beside_neighbour(tmp_path, "a.xlsx", content)).message


def test_part_outside_the_workbook_is_never_extracted(tmp_path: Path) -> None:
    returns = read_beside_neighbour(tmp_path, "a.xlsx", rezipped(kept, {"../../evil.txt": b"x"}))
    assert UNIT in returns.received[2021]
    assert not list(tmp_path.rglob("evil.txt"))


def test_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("双塘镇.csv", as_csv(make_rows()))
    assert "压缩包" in the_refusal(read_beside_neighbour(tmp_path, "a.xlsx", data.getvalue())).message


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 20_000), junk=st.binary(min_size=1, max_size=8), container=st.sampled_from(["csv", "xlsx"]))
def test_damage_anywhere_raises_nothing_and_leaves_the_neighbour_alone(
    tmp_path: Path, at: int, junk: bytes, container: str
) -> None:
    data = as_csv(make_rows()).encode() if container == "csv" else as_xlsx(make_rows())
    at %= len(data)
    returns = read_beside_neighbour(tmp_path, "a", data[:at] + junk + data[at + len(junk) :])
    assert NEIGHBOUR[0] in returns.received[2021]
    if UNIT not in returns.received[2021]:
        assert any(found.severity is Severity.FATAL for found in returns.findings)
