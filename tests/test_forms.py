"""The blank collection forms: whose questions, what may be typed, what the live checks say."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from conftest import COUNTY, NUMBERS, TOWN, as_csv, make_rows, make_workspace, put
from filled_forms import filled_form
from stats import params as parameters
from stats import returns
from stats.build.workspace import blank_forms
from stats.catalogue.checks import CHECKS, checks
from stats.catalogue.status import Status
from stats.catalogue.variables import questions, variables
from stats.cli import main
from stats.errors import ExitCode
from stats.findings import Finding, Severity
from stats.forms import changes, form, known
from stats.params import Params
from stats.returns import Cell, form_layout
from stats.returns.form_layout import DATA_SHEET, GUIDE_SHEET, HEADER_ROW, form_version
from stats.validate import validate

SOFFICE = shutil.which("soffice")
with_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


@pytest.fixture
def params(tmp_path: Path) -> Params:
    return parameters.load(make_workspace(tmp_path))


def book_of(params: Params, unit: tuple[str, str] = TOWN, last_year: dict[str, str] | None = None) -> Workbook:
    return load_workbook(io.BytesIO(form(params, params.unit(unit[0]), last_year or {})))


def of_year(params: Params, year: int) -> Params:
    return parameters.load(params.workspace, year=year)


def rows_of(sheet: Worksheet) -> dict[str, int]:
    """The row (from 1) of each question by its variable."""
    below = sheet.iter_rows(min_row=HEADER_ROW + 2, max_col=1)
    return {str(cell.value): cell.row for (cell,) in below if cell.value}


def columns_of(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEADER_ROW + 1]}


def fill(sheet: Worksheet, rows: Iterable[dict[str, str]]) -> None:
    """Types the answers of a flat return into the cells of a form that are due."""
    places, columns = rows_of(sheet), columns_of(sheet)
    for row in rows:
        column = columns[form_layout.PERIODS[row["period"]]]
        for name, place in places.items():
            if row[name]:
                sheet.cell(place, column).value = row[name]


def test_every_unit_due_and_the_county_get_one_form_named_by_code_and_name(params: Params) -> None:
    result = blank_forms.write_forms(params)
    names = ["990118001000-城关街道.xlsx", "990118111000-双塘镇.xlsx", "990118000000-青禾县.xlsx"]
    assert list(result.written) == names
    assert sorted(path.name for path in (params.workspace / "data/forms/2021").iterdir()) == sorted(names)


@pytest.mark.parametrize("unit", [TOWN, COUNTY])
def test_a_form_asks_just_the_questions_its_unit_answers(params: Params, unit: tuple[str, str]) -> None:
    sheet = book_of(params, unit)[DATA_SHEET]
    asked = [v.name for v in questions() if v.asked_of(county=unit == COUNTY)]
    assert list(rows_of(sheet)) == asked
    labels = [sheet.cell(row, 2).value for row in rows_of(sheet).values()]
    assert labels == [variables()[name].label for name in asked]


def test_a_town_is_not_asked_for_the_county_department_nor_the_county_for_recruits(params: Params) -> None:
    town, county = (rows_of(book_of(params, unit)[DATA_SHEET]) for unit in (TOWN, COUNTY))
    assert "sys_fs_office_months" in county
    assert "sys_fs_office_months" not in town
    assert "rec_enlisted" in town
    assert "rec_enlisted" not in county


def test_questions_stand_under_the_heading_of_their_domain(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    row = rows_of(sheet)["rec_register_due"] - 1
    assert (sheet.cell(row, 1).value, sheet.cell(row, 2).value) == (None, "兵员征集（全年数，填在“全年”一列）")


def test_the_form_says_whose_it_is_and_which_version(params: Params) -> None:
    book = book_of(params)
    sheet = book[DATA_SHEET]
    shown = {sheet.cell(row, 2).value: sheet.cell(row, 3).value for row in range(3, 8)}
    assert shown == {
        "统计用区划代码": "990118111000",
        "单位名称": "双塘镇",
        "单位类型": "镇",
        "统计年度": "2021",
        "表式版本": form_version(2021),
    }
    assert book.custom_doc_props["表式版本"].value == form_version(2021)
    assert book.sheetnames == [DATA_SHEET, GUIDE_SHEET]


@pytest.mark.parametrize(
    ("year", "periods", "open_for_recruits"),
    [
        (2019, ["全年"], {"全年"}),
        (2020, ["全年", "春季", "秋季"], {"秋季"}),
        (2021, ["全年", "春季", "秋季"], {"春季", "秋季"}),
    ],
)
def test_only_the_periods_due_can_be_typed_into(
    params: Params, year: int, periods: list[str], open_for_recruits: set[str]
) -> None:
    sheet = book_of(of_year(params, year))[DATA_SHEET]
    columns, rows = columns_of(sheet), rows_of(sheet)
    assert [name for name in columns if name in form_layout.PERIODS.values()] == periods

    def opened(variable: str) -> set[str]:
        return {name for name in periods if not sheet.cell(rows[variable], columns[name]).protection.locked}

    assert opened("rec_applied") == open_for_recruits
    assert opened("bas_population") == {"全年"}


def test_nothing_but_answers_and_remarks_is_unlocked_and_there_is_no_password(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    unlocked = {cell.column for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    columns = columns_of(sheet)
    assert unlocked == {columns[name] for name in ("全年", "春季", "秋季", "备注")}


def test_answers_are_text_cells_so_that_no_spreadsheet_makes_a_date_or_a_share_of_them(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    unlocked = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert {cell.number_format for cell in unlocked} == {"@"}


def test_it_prints_on_a4_one_page_wide_with_the_header_on_every_page(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 1}"
    assert sheet.freeze_panes == f"C{HEADER_ROW + 2}"


def test_the_mark_of_a_demonstration_is_shown_only_in_one(params: Params) -> None:
    assert "演示数据" not in str(book_of(params)[DATA_SHEET]["B2"].value)
    shown = book_of(params.model_copy(update={"demonstration": True}))
    assert str(shown[DATA_SHEET]["B2"].value).startswith("演示数据（虚构）")


def test_the_same_form_has_the_same_bytes_and_no_date_of_writing(params: Params) -> None:
    first, second = (form(params, params.unit(TOWN[0]), {}) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2021-12-31" in archive.read("docProps/core.xml").decode()


def test_a_text_that_looks_like_a_formula_stays_a_text(params: Params) -> None:
    sheet = book_of(params, last_year={"bas_population": '=HYPERLINK("x")', "bas_villages": "+1"})[DATA_SHEET]
    column = columns_of(sheet)["上年"]
    for name in ("bas_population", "bas_villages"):
        assert sheet.cell(rows_of(sheet)[name], column).data_type == "s"


def test_every_answer_explains_itself_within_what_a_spreadsheet_can_show(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    explained = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
    due = sum(len(form_layout.answered_in(v, 2021)) for v in questions() if v.asked_of(county=False))
    assert len(explained) == due
    assert all(v.promptTitle and len(v.promptTitle) <= 32 for v in explained.values())
    assert all(v.prompt and len(v.prompt) <= 255 for v in explained.values())
    message = explained[f"D{rows_of(sheet)['sys_council_quarters']}"].prompt
    assert message.startswith("单位：个季度；0—4的整数。没有发生填 0；不知道的留空；不适用填 —；")


def test_a_choice_is_refused_outside_its_list_but_a_number_out_of_range_only_questioned(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    rows = rows_of(sheet)
    rules = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
    choice = rules[f"D{rows['sys_duty_report']}"]
    assert (choice.type, choice.errorStyle, choice.formula1) == ("list", None, '"现场,书面,未述职,—"')
    number = rules[f"D{rows['bas_schools']}"]
    assert (number.type, number.errorStyle) == ("custom", "warning")


def test_a_form_that_may_have_been_filled_in_is_not_written_over(params: Params) -> None:
    blank_forms.write_forms(params)
    path = params.workspace / "data/forms/2021/990118111000-双塘镇.xlsx"
    path.write_bytes(b"filled in")
    result = blank_forms.write_forms(params)
    assert (result.kept, len(result.unchanged), result.exit_code) == ((path.name,), 2, ExitCode.USAGE)
    assert path.read_bytes() == b"filled in"
    assert blank_forms.write_forms(params, force=True).written == (path.name,)
    assert path.read_bytes() == form(params, params.unit(TOWN[0]), {})


def test_the_command_writes_the_forms_of_the_units_asked_for(
    params: Params, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["form", "--workspace", str(params.workspace), "--unit", TOWN[0], "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["written"] == ["990118111000-双塘镇.xlsx"]
    assert (shown["folder"], shown["form_version"]) == ("data/forms/2021", form_version(2021))


def test_last_years_answers_stand_beside_the_questions(params: Params) -> None:
    put(params.workspace, "2020.csv", as_csv(make_rows(year=2020, rec_enlisted="7", bas_villages="20余")), 2020)
    blank_forms.write_forms(params)
    sheet = load_workbook(params.workspace / "data/forms/2021/990118111000-双塘镇.xlsx")[DATA_SHEET]
    column, rows = columns_of(sheet)["上年"], rows_of(sheet)
    shown = {name: sheet.cell(rows[name], column).value for name in ("rec_enlisted", "bas_villages", "sys_on_agenda")}
    assert shown == {"rec_enlisted": "7", "bas_villages": "20余", "sys_on_agenda": "是"}


def cell(variable: str, value: str, *, period: str = "year", status: Status = Status.OK, raw: str = "") -> Cell:
    return Cell(TOWN[0], 2020, period, variable, raw or value, status, value, value, value, "", "a.csv", "", "A1")


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([cell("fnd_total", "12.5")], "12.5"),
        ([cell("rec_applied", "3", period="spring"), cell("rec_applied", "4", period="autumn")], "7"),
        ([cell("rec_task_met", "是", period="spring"), cell("rec_task_met", "否", period="autumn")], "否"),
        (
            [
                cell("rec_applied", "", period="spring", status=Status.NOT_APPLICABLE),
                cell("rec_applied", "4", period="autumn"),
            ],
            "4",
        ),
        (
            [
                cell("rec_applied", "60", period="spring", status=Status.APPROX, raw="60余名"),
                cell("rec_applied", "4", period="autumn"),
            ],
            "春季60余名；秋季4",
        ),
        ([cell("bas_schools", "", status=Status.NOT_APPLICABLE)], "—"),
        ([cell("bas_schools", "", status=Status.REDACTED, raw="xx所")], "xx所"),
        ([cell("bas_schools", "", status=Status.REDACTED, raw="**（其中某某同志负责两所）")], "[遮]"),
        ([cell("bas_schools", "5", status=Status.APPROX, raw="5余（含某村）")], "约5"),
        ([replace(cell("bas_schools", "5", status=Status.APPROX, raw="9余"), correction="笔误")], "约5"),
        ([cell("bas_schools", "", status=Status.MISSING)], None),
        ([cell("bas_schools", "", status=Status.ERROR, raw="1O")], None),
    ],
)  # fmt: skip
def test_last_years_answer_is_shown_for_the_whole_year_and_never_with_a_remark(
    cells: list[Cell], shown: str | None
) -> None:
    assert known(cells).get(TOWN[0], {}).get(cells[0].variable) == shown


def test_the_version_changes_with_the_questions_and_their_seasons(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({form_version(year).partition("-")[2] for year in (2019, 2020, 2021)}) == 3
    assert form_version(2021).partition("-")[2] == form_version(2022).partition("-")[2]
    changed = tuple(replace(v, unit="户") if v.name == "bas_villages" else v for v in questions())
    before = form_version(2021)
    monkeypatch.setattr(form_layout, "questions", lambda: changed)
    form_version.cache_clear()
    assert form_version(2021) != before
    form_version.cache_clear()


def test_what_changed_in_the_form_is_the_season_questions() -> None:
    found = changes(2020, 2021)
    assert (found.added, found.dropped) == ((), ())
    assert [v.name for v in found.moved] == [v.name for v in questions() if v.seasonal]
    assert changes(2021, 2022).moved == ()


def formulas_of(sheet: Worksheet) -> str:
    column = columns_of(sheet)["核对"]
    return "".join(str(sheet.cell(row, column).value) for row in rows_of(sheet).values())


def test_every_check_of_a_town_is_live_on_its_form(params: Params) -> None:
    formulas = formulas_of(book_of(params)[DATA_SHEET])
    for check in CHECKS:
        seasons = 2 if check.scope == "row" and variables()[check.rule.variables[0]].seasonal else 1
        assert formulas.count(f"（{check.id}）") == seasons, check.id


def test_the_county_has_the_checks_of_its_own_questions(params: Params) -> None:
    formulas = formulas_of(book_of(params, COUNTY)[DATA_SHEET])
    live = [check.id for check in CHECKS if f"（{check.id}）" in formulas]
    assert live == ["V32", "V33", "V34", "V37", "V38", "V40", "V41", "V42"]


def test_a_break_leaves_out_the_comparison_with_last_year(params: Params) -> None:
    broken = params.model_validate(
        {**params.model_dump(), "workspace": params.workspace, "breaks": [{"year": 2021, "reason": "区划调整"}]}
    )
    assert "V38" not in formulas_of(book_of(broken)[DATA_SHEET])
    assert "V38" in formulas_of(book_of(params)[DATA_SHEET])


def test_formulas_hold_nothing_that_one_of_the_three_office_suites_lacks(params: Params) -> None:
    formulas = formulas_of(book_of(params)[DATA_SHEET])
    assert not [word for word in ("LET(", "_xlfn", "FILTER(", "TEXTJOIN", "IFS(", "{", "[") if word in formulas]


def recalculated(folder: Path, *, to: str = "csv") -> None:
    """Opens every workbook of a folder in LibreOffice, calculates it anew and saves the first sheet."""
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false" if to == "csv" else to
    files = sorted(map(str, folder.glob("*.xlsx")))
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(folder / "out"), *files],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip


def calculated(folder: Path, name: str) -> dict[str, list[str]]:
    """The rows of a form as LibreOffice shows them, by variable (and the counters by their text)."""
    with (folder / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {line[0] or line[7][:2]: line for line in csv.reader(file) if line[0] or line[7]}


def random_answers(random: Random) -> dict[str, str]:
    """Answers of which a few are disturbed, so that checks break, and a few are no exact number."""
    answers = dict(NUMBERS)
    for name in random.sample(sorted(answers), 25):
        value = float(answers[name])
        # Within its range, since the reader refuses what is not, and a check of a refused answer says nothing.
        largest = float(str(variables()[name].maximum))
        disturbed = min(random.choice([value * 2, value / 2, 0, value + 1]), largest)
        text = f"{disturbed:.2f}" if "." in answers[name] else str(int(disturbed))
        answers[name] = random.choice([text, text, text, text, "—", "", f"{int(value) + 10}余"])
    return answers


@with_libreoffice
def test_live_checks_say_in_libreoffice_just_what_the_library_finds(params: Params, tmp_path: Path) -> None:
    folder = tmp_path / "filled"
    folder.mkdir()
    last_year = make_rows(year=2020)
    expected: dict[str, set[tuple[str, str]]] = {}
    put(params.workspace, "2020.csv", as_csv(last_year), 2020)
    before = known(returns.read(params, [2020]).cells)[TOWN[0]]
    for number in range(8):
        answers = random_answers(Random(number))
        rows = make_rows(**answers)
        put(params.workspace, "2021.csv", as_csv(rows))
        book = book_of(params, last_year=before)
        fill(book[DATA_SHEET], rows)
        book.save(folder / f"{number}.xlsx")
        found = validate(returns.read(params, [2020, 2021]).cells, params)
        told = [f for f in found if f.year == 2021 and f.rule in checks() and is_exact(f, answers)]
        expected[str(number)] = {(f.rule, f.period) for f in told}
    recalculated(folder)
    assert sum(map(len, expected.values())) > 30
    for name, broken in expected.items():
        assert set(said(calculated(folder, name))) == broken, f"form {name}"


def is_exact(finding: Finding, answers: dict[str, str]) -> bool:
    """Whether no approximate answer takes part: of those the form says nothing while one types."""
    return not any("余" in answers.get(name, "") for name in finding.variables)


def said(rows: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The checks (with their period) that the check column names."""
    for line in rows.values():
        for sentence in line[7].split("。"):
            for check in re.findall(r"（(V\d\d)）", sentence):
                yield check, "spring" if "春季" in sentence else "autumn" if "秋季" in sentence else "year"


@with_libreoffice
def test_the_form_counts_what_is_missing_and_what_to_look_at(params: Params, tmp_path: Path) -> None:
    folder = tmp_path / "filled"
    folder.mkdir()
    for name, answers in {"blank": None, "good": {}, "bad": {"sys_council_quarters": "5", "bas_villages": ""}}.items():
        book = book_of(params)
        if answers is not None:
            fill(book[DATA_SHEET], make_rows(**answers))
        book.save(folder / f"{name}.xlsx")
    recalculated(folder)
    required = [v for v in questions() if v.required and v.asked_of(county=False)]
    due = sum(len(form_layout.answered_in(v, 2021)) for v in required)
    assert calculated(folder, "blank")["必填"][7] == f"必填项尚有 {due} 格未填"
    assert calculated(folder, "blank")["需要"][7] == "需要核对 0 行"
    assert calculated(folder, "good")["必填"][7] == "必填项尚有 0 格未填"
    assert calculated(folder, "good")["需要"][7] == "需要核对 0 行"
    assert calculated(folder, "bad")["必填"][7] == "必填项尚有 1 格未填"
    assert calculated(folder, "bad")["需要"][7] == "需要核对 1 行"
    beside = calculated(folder, "bad")["sys_council_quarters"][7]
    assert beside == "错误：应不大于“党委议军会议次数”（V11）。提示：应为0—4的整数。"


Answer = tuple[str, Status, str]

TYPED = {
    "bas_population": "120余",
    "bas_schools": "—",
    "sys_issues_raised": "",
    "sys_military_days": "0",
    "mil_muster_rate": "96.5",
    "emg_persons": "xx",
    "edu_events": "１２",
    "fnd_total": "86.0",
    "sup_visit_funds": "不少于3",
}


def typed_form(params: Params, path: Path) -> list[dict[str, str]]:
    """A town's form filled in with openpyxl; gives the rows that were typed."""
    rows = make_rows(**TYPED)
    book = book_of(params)
    fill(book[DATA_SHEET], rows)
    sheet = book[DATA_SHEET]
    sheet.cell(rows_of(sheet)["fnd_total"], columns_of(sheet)["备注"]).value = "经费逐年增加"
    book.save(path)
    return rows


def answers_read(workspace: Path, unit: str = TOWN[0], year: int = 2021) -> dict[tuple[str, str], Answer]:
    """What the library reads of the one return: what was written, its status and its value."""
    read = returns.read(parameters.load(workspace), [year])
    assert read.received[year] == {unit}, [f.message for f in read.findings]
    return {(c.variable, c.period): (c.raw, c.status, c.value) for c in read.cells}


def expected_answers(rows: list[dict[str, str]], folder: Path) -> dict[tuple[str, str], Answer]:
    """What the library reads of the same answers in a flat table."""
    flat = make_workspace(folder)
    put(flat, "双塘镇.csv", as_csv(rows))
    return answers_read(flat)


def test_a_form_filled_in_with_openpyxl_reads_back_just_what_was_typed(params: Params, tmp_path: Path) -> None:
    rows = typed_form(params, tmp_path / "form.xlsx")
    put(params.workspace, "990118111000-双塘镇.xlsx", (tmp_path / "form.xlsx").read_bytes())
    answers = answers_read(params.workspace)
    assert answers["bas_population", "year"] == ("120余", Status.APPROX, "120")
    assert answers["bas_schools", "year"][1] is Status.NOT_APPLICABLE
    assert answers["sys_issues_raised", "year"] == ("", Status.MISSING, "")
    assert answers["sys_military_days", "year"] == ("0", Status.OK, "0")
    assert answers["emg_persons", "year"][1] is Status.REDACTED
    assert answers["rec_enlisted", "autumn"] == ("12", Status.OK, "12")
    assert answers == expected_answers(rows, tmp_path / "flat")
    assert ["逐年增加" in remark.text for remark in returns.read(params, [2021]).remarks] == [True]


@pytest.mark.parametrize(("unit", "year"), [(COUNTY, 2021), (TOWN, 2020), (TOWN, 2019)])
def test_the_form_of_the_county_and_of_other_years_reads_back_too(
    params: Params, tmp_path: Path, unit: tuple[str, str], year: int
) -> None:
    rows = make_rows(unit=unit, year=year)
    book = book_of(of_year(params, year), unit)
    fill(book[DATA_SHEET], rows)
    book.save(tmp_path / "form.xlsx")
    put(params.workspace, "form.xlsx", (tmp_path / "form.xlsx").read_bytes(), year)
    flat = make_workspace(tmp_path / "flat")
    put(flat, "flat.csv", as_csv(rows), year)
    assert answers_read(params.workspace, unit[0], year) == answers_read(flat, unit[0], year)


@with_libreoffice
def test_a_form_saved_by_libreoffice_reads_back_just_what_was_typed(params: Params, tmp_path: Path) -> None:
    folder = tmp_path / "filled"
    folder.mkdir()
    rows = typed_form(params, folder / "form.xlsx")
    recalculated(folder, to="xlsx")
    put(params.workspace, "任意名称.xlsx", (folder / "out" / "form.xlsx").read_bytes())
    assert answers_read(params.workspace) == expected_answers(rows, tmp_path / "flat")


def test_a_form_copied_by_xlsxwriter_reads_back_just_what_was_typed(params: Params, tmp_path: Path) -> None:
    rows = typed_form(params, tmp_path / "form.xlsx")
    memory = io.BytesIO()
    copy = xlsxwriter.Workbook(memory)
    for sheet in load_workbook(tmp_path / "form.xlsx"):
        target = copy.add_worksheet(sheet.title)
        for row in sheet.iter_rows():
            for each in row:
                if each.value is not None and each.data_type == "s":
                    target.write_string(each.row - 1, each.column - 1, each.value)
    copy.close()
    put(params.workspace, "form.xlsx", memory.getvalue())
    assert answers_read(params.workspace) == expected_answers(rows, tmp_path / "flat")


def test_a_blank_form_handed_in_unchanged_is_no_return(params: Params) -> None:
    put(params.workspace, "form.xlsx", form(params, params.unit(TOWN[0]), {"bas_population": "60259"}))
    read = returns.read(params, [2021])
    assert read.received[2021] == frozenset()
    assert [f.message for f in read.findings if f.severity is Severity.FATAL]


def test_the_print_has_no_variable_names_and_begins_with_what_0_blank_and_a_dash_mean(params: Params) -> None:
    sheet = book_of(params)[DATA_SHEET]
    first = sheet.print_area.replace("'", "").rpartition("!")[2].partition(":")[0].replace("$", "")
    assert first == "B1"
    assert {sheet.cell(row, 1).value for row in (1, 2)} == {None}
    top = str(sheet.cell(2, 2).value)
    assert all(words in top for words in ("0＝没有发生", "空白＝不知道", "—＝本来没有这回事"))


def test_questions_for_seasons_stand_apart_from_those_for_the_whole_year(params: Params) -> None:
    for year, told in ((2019, set()), (2020, {"“秋季”列"}), (2021, {"“春季”、“秋季”列"})):
        rows = form_layout.form_rows(year, county=False)
        heading = ""
        named = set()
        for row in rows:
            if row.question is None:
                heading = row.heading
            elif row.question.seasonal and year > 2019:
                assert "分季数" in heading
                named.add(heading.partition("填在")[2].partition("，")[0])
            else:
                assert "分季数" not in heading
        assert named == told


def signed(sheet: Any) -> None:
    row = next(r for r in range(1, sheet.max_row + 1) if "填表人" in str(sheet.cell(r, 2).value))
    sheet.cell(row, 2).value = "填表人：张三丰　单位负责人：李四光　日期：2022年1月5日 13800138000"


def test_who_filled_in_the_form_is_signed_on_paper_and_never_read(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w")
    sheet = book_of(parameters.load(workspace))[DATA_SHEET]
    row = next(r for r in range(1, sheet.max_row + 1) if "填表人" in str(sheet.cell(r, 2).value))
    assert sheet.cell(row, 2).protection.locked
    assert row > max(rows_of(sheet).values())
    assert int(re.findall(r"[0-9]+", sheet.print_area)[-1]) == row
    plain = put(workspace, "a.xlsx", filled_form(tmp_path / "b"))
    before = returns.read(parameters.load(workspace), [2021])
    plain.write_bytes(filled_form(tmp_path / "b", edit=signed))
    after = returns.read(parameters.load(workspace), [2021])
    assert (after.cells, after.findings, after.remarks) == (before.cells, before.findings, before.remarks)


def test_a_form_under_a_former_name_is_left_and_named(params: Params, capsys: pytest.CaptureFixture[str]) -> None:
    folder = params.workspace / "data/forms/2021"
    blank_forms.write_forms(params)
    renamed = params.workspace / f"params/units/{TOWN[0]}.yaml"
    renamed.parent.mkdir()
    renamed.write_text(f"name: 新塘镇\nformer_names: [{TOWN[1]}]\n", encoding="utf-8")
    old = (folder / f"{TOWN[0]}-{TOWN[1]}.xlsx").read_bytes()
    assert main(["form", "--workspace", str(params.workspace)]) == ExitCode.USAGE
    assert f"没有动 {TOWN[0]}-{TOWN[1]}.xlsx" in capsys.readouterr().err
    assert (folder / f"{TOWN[0]}-{TOWN[1]}.xlsx").read_bytes() == old
    assert (folder / f"{TOWN[0]}-新塘镇.xlsx").exists()
    (folder / f"{TOWN[0]}-{TOWN[1]}.xlsx").unlink()
    assert main(["form", "--workspace", str(params.workspace)]) == ExitCode.COMPLETE
