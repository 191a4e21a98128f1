"""Rows join the roster by code, every due question gets one cell, and a bad unit never touches its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import COUNTY, NEIGHBOUR, TOWN, Row, as_csv, make_rows, make_workspace, put
from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import questions, variables
from stats.findings import Finding, Severity
from stats.params import Params, load
from stats.returns import Cell, Returns, absent, read

UNIT = TOWN[0]


def returns_of(workspace: Path, *years: int) -> Returns:
    return read(load(workspace), years or (2021,))


def county_return(folder: Path, *rows: Row, year: int = 2021) -> Returns:
    """What is read from one CSV file of these rows beside a valid neighbour."""
    workspace = make_workspace(folder, year)
    put(workspace, "全县.csv", as_csv([*rows, *make_rows(unit=NEIGHBOUR, year=year)]), year)
    return returns_of(workspace, year)


def answer(returns: Returns, variable: str, period: str = "year", unit: str = UNIT, year: int = 2021) -> Cell:
    (cell,) = [c for c in returns.cells if (c.unit, c.year, c.variable, c.period) == (unit, year, variable, period)]
    return cell


def finding(returns: Returns, rule: str) -> Finding:
    (only,) = [found for found in returns.findings if found.rule == rule]
    return only


def stops(returns: Returns) -> list[str]:
    return [found.rule for found in returns.findings if found.severity in (Severity.FATAL, Severity.ERROR)]


def changed(rows: list[Row], **cells: str) -> list[Row]:
    return [{**row, **cells} for row in rows]


def test_valid_return_gives_no_finding(make_return: Callable[..., Path]) -> None:
    returns = returns_of(make_return())
    assert returns.findings == ()
    assert returns.received == {2021: frozenset({UNIT})}


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_every_due_question_has_exactly_one_cell(make_return: Callable[..., Path], year: int) -> None:
    cells = returns_of(make_return(year=year), year).cells
    due = [
        (variable.name, period)
        for variable in questions()
        if variable.asked_of(county=False)
        for period in (periods_due(year) if variable.seasonal else ("year",))
    ]
    keys = [(cell.variable, cell.period) for cell in cells if cell.status is not Status.NOT_APPLICABLE]
    assert sorted(keys) == sorted(due)


def test_cell_says_where_it_stands(make_return: Callable[..., Path]) -> None:
    cell = answer(returns_of(make_return(rec_enlisted="１２名")), "rec_enlisted", "autumn")
    assert (cell.file, cell.sheet, cell.cell) == ("2021/双塘镇.csv", "", "AF4")
    assert (cell.raw, cell.status, cell.value) == ("１２名", Status.OK, "12")


def test_cells_make_a_table(make_return: Callable[..., Path]) -> None:
    table = returns_of(make_return()).table()
    row = table[(table.variable == "rec_enlisted") & (table.period == "spring")].iloc[0]
    assert (row.unit, row.year, row.status, row.value, row.upper) == (UNIT, 2021, "ok", "12", "12")
    assert not table.isna().to_numpy().any()


def test_inputs_are_known_by_their_checksum(make_return: Callable[..., Path]) -> None:
    (item,) = returns_of(make_return()).inputs.items()
    assert item[0] == "data/returns/2021/双塘镇.csv"
    assert len(item[1]) == 64


def test_columns_may_be_named_by_label_in_any_order(tmp_path: Path) -> None:
    def label(name: str) -> str:
        return variables()[name].label

    workspace = make_workspace(tmp_path)
    rows = [dict(reversed(row.items())) for row in make_rows()]
    put(workspace, "a.csv", as_csv(rows, header=label))
    assert returns_of(workspace).findings == ()


def test_header_is_matched_whatever_its_spaces_width_and_unit(tmp_path: Path) -> None:
    heads = {"rec_enlisted": " 征集新兵\n人数（名） ", "bas_villages": "行政村（社区）数", "fnd_total": "FND_TOTAL"}
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows(), header=lambda name: heads.get(name, name)))
    returns = returns_of(workspace)
    assert returns.findings == ()
    assert answer(returns, "rec_enlisted", "spring").value == "12"


def test_season_questions_stand_on_the_year_row_until_2019(make_return: Callable[..., Path]) -> None:
    returns = returns_of(make_return(year=2019), 2019)
    assert returns.findings == ()
    assert answer(returns, "rec_enlisted", year=2019).value == "12"


def test_spring_of_2020_is_not_applicable_without_a_row(make_return: Callable[..., Path]) -> None:
    returns = returns_of(make_return(year=2020), 2020)
    cell = answer(returns, "rec_enlisted", "spring", year=2020)
    assert (cell.status, cell.file) == (Status.NOT_APPLICABLE, "")
    assert "秋季" in cell.note
    assert returns.findings == ()


def test_several_years_are_read_each_from_its_folder(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    for year, recruits in ((2019, "3"), (2021, "5")):
        put(workspace, "a.csv", as_csv(make_rows(year=year, rec_enlisted=recruits)), year)
    returns = returns_of(workspace, 2021, 2019)
    assert [cell.value for cell in returns.cells if cell.variable == "rec_enlisted"] == ["3", "5", "5"]
    assert set(returns.received) == {2019, 2021}


def test_absent_folder_is_a_finding_and_everyone_is_without_return(tmp_path: Path) -> None:
    returns = returns_of(make_workspace(tmp_path))
    assert finding(returns, "R-FOLDER").year == 2021
    assert returns.received == {2021: frozenset()}


def test_county_answers_only_its_own_questions(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *make_rows(unit=COUNTY))
    own = [cell for cell in returns.cells if cell.unit == COUNTY[0]]
    assert {cell.variable for cell in own} == {v.name for v in questions() if v.asked_of(county=True)}
    assert returns.findings == ()


@pytest.mark.parametrize(
    ("raw", "word"),
    [("1.20118E+11", "改成数值"), ("990118111000.0", "改成数值"), ("99011811100", "不是 12 位"), ("", "空缺")],
)
def test_damaged_code_is_refused_and_the_name_only_suggests(tmp_path: Path, raw: str, word: str) -> None:
    returns = county_return(tmp_path, *make_rows(unit_code=raw)[:1])
    found = finding(returns, "R-CODE")
    assert word in found.message
    assert UNIT in found.remedy
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}


def test_unit_that_is_not_on_the_roster_is_refused_with_the_nearest(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *changed(make_rows()[:1], unit_code="990118112000", unit_name="新桥镇"))
    found = finding(returns, "R-CODE")
    assert "不在名册中" in found.message
    assert "990118111000 双塘镇" in found.remedy
    assert found.cell == "A2"


def test_number_of_a_person_in_the_code_column_is_not_shown(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *make_rows(unit_code="110101199003078811")[:1])
    assert "110101" not in finding(returns, "R-CODE").message


@pytest.mark.parametrize("name", ["雙塘鎮", "双 塘镇", "双塘\u200b镇", "雙(shuāng)塘鎮(zhèn)"])
def test_name_that_differs_only_in_spelling_is_accepted_with_a_note(tmp_path: Path, name: str) -> None:
    returns = county_return(tmp_path, *make_rows(unit_name=name)[:1])
    assert finding(returns, "R-NAME-NORMAL").severity is Severity.NOTE
    assert UNIT in returns.received[2021]


@pytest.mark.parametrize(
    "name",
    [
        "双溏镇",
        "城关街道",
        "=cmd|'/c calc'!A0",
        "<script>1</script>",
        "../../x",
        "双塘镇\ufffd",
        "镇" * 200,
        "NA",
        "CON",
    ],
)
def test_other_name_refuses_the_unit_and_suggests_the_roster_name(tmp_path: Path, name: str) -> None:
    returns = county_return(tmp_path, *make_rows(unit_name=name)[:1])
    found = finding(returns, "R-NAME")
    assert "双塘镇" in found.remedy
    assert len(found.message) < 120
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}


def test_name_of_a_person_in_the_name_column_is_not_shown(tmp_path: Path) -> None:
    assert "张三" not in finding(county_return(tmp_path, *make_rows(unit_name="张三")[:1]), "R-NAME").message


@pytest.mark.parametrize("name", ["XXX镇", "**镇", "", "XX部队"])
def test_masked_or_absent_name_is_accepted_by_the_code(tmp_path: Path, name: str) -> None:
    returns = county_return(tmp_path, *make_rows(unit_name=name)[:1])
    assert "双塘镇" in finding(returns, "R-NAME-MISSING").message
    assert UNIT in returns.received[2021]


def renamed(workspace: Path) -> Params:
    file = workspace / "params" / "units" / f"{UNIT}.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("former_names: [双塘乡]\n", encoding="utf-8")
    return load(workspace)


def test_former_name_is_accepted_for_earlier_years_only(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    params = renamed(workspace)
    for year in (2020, 2021):
        put(workspace, "a.csv", as_csv(make_rows(year=year, unit_name="双塘乡")), year)
    returns = read(params, [2020, 2021])
    assert {found.year for found in returns.findings if found.rule == "R-NAME-FORMER"} == {2020}
    assert {found.year for found in returns.findings if found.rule == "R-NAME"} == {2021}
    assert returns.received == {2020: frozenset({UNIT}), 2021: frozenset()}


def test_other_unit_type_is_a_warning(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *make_rows(unit_type="乡")[:1])
    assert finding(returns, "R-TYPE").severity is Severity.WARNING
    assert UNIT in returns.received[2021]


def test_county_code_without_the_county_type_is_refused(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *changed(make_rows(unit=COUNTY), unit_type="镇"))
    assert finding(returns, "R-COUNTY").unit == COUNTY[0]
    assert COUNTY[0] not in returns.received[2021]


@pytest.mark.parametrize("year", ["2020", "21", "21年", "20xx年", ""])
def test_other_year_refuses_the_row(tmp_path: Path, year: str) -> None:
    returns = county_return(tmp_path, *make_rows(stat_year=year)[:1])
    assert finding(returns, "R-YEAR").unit == UNIT
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}


def test_year_with_its_unit_is_accepted(tmp_path: Path) -> None:
    assert UNIT in county_return(tmp_path, *make_rows(stat_year="２０２１年")).received[2021]


def test_file_of_another_year_is_refused_as_a_whole(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows(year=2020)), 2021)
    assert stops(returns_of(workspace)) == ["R-YEAR-ALL"]


def test_unknown_period_refuses_the_row(tmp_path: Path) -> None:
    assert stops(county_return(tmp_path, *make_rows(period="上半年")[:1])) == ["R-PERIOD"]


def test_periods_may_be_written_in_chinese(tmp_path: Path) -> None:
    words = {"year": "全年", "spring": "春季", "autumn": "秋季"}
    rows = [{**row, "period": words[row["period"]]} for row in make_rows()]
    assert county_return(tmp_path, *rows).findings == ()


@pytest.mark.parametrize(("recruits", "how"), [("12", "相同"), ("13", "不同")])
def test_same_unit_and_period_twice_refuses_the_unit(tmp_path: Path, recruits: str, how: str) -> None:
    again = [row for row in make_rows(rec_enlisted=recruits) if row["period"] == "spring"]
    returns = county_return(tmp_path, *make_rows(), *again)
    found = finding(returns, "R-TWICE")
    assert how in found.message
    assert "第 3 行" in found.message
    assert "第 5 行" in found.message
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}


def test_same_unit_in_two_files_that_differ_is_refused_with_both_values_and_places(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows()))
    put(workspace, "b.csv", as_csv(make_rows(bas_villages="19")))
    returns = returns_of(workspace)
    told = finding(returns, "R-TWICE-FILES")
    assert told.message == ("该单位有两份报表（2021/a.csv 和 2021/b.csv），内容不同：“行政村(社区)数”G2“18”和G2“19”")
    assert returns.received == {2021: frozenset()}


@pytest.mark.parametrize(
    ("copy", "kept"),
    [
        ("双塘镇 - 副本.csv", "双塘镇.csv"),
        ("双塘镇(2).csv", "双塘镇.csv"),
        ("双塘镇.csv.bak", "双塘镇.csv"),
        ("Copy of 双塘镇.csv", "双塘镇.csv"),
        ("复件 双塘镇.csv", "双塘镇.csv"),
        ("0双塘镇最新.csv", "双塘镇.csv"),
        ("双塘(2).csv", "双塘镇2021年报.csv"),
    ],
)
def test_same_return_in_two_files_is_used_once_with_a_note(tmp_path: Path, copy: str, kept: str) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, kept, as_csv(make_rows()))
    put(workspace, copy, as_csv(make_rows(), end="\r\n"))
    returns = returns_of(workspace)
    assert [found.rule for found in returns.findings] == ["R-COPY"]
    assert f"2021/{copy} 与 2021/{kept} 内容相同" in returns.findings[0].message
    assert {cell.file for cell in returns.cells if cell.file} == {f"2021/{kept}"}
    assert returns.received == {2021: frozenset({UNIT})}


def test_copy_of_a_table_of_many_units_is_noted_once(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    text = as_csv([*make_rows(), *make_rows(unit=NEIGHBOUR)])
    put(workspace, "全县.csv", text)
    put(workspace, "全县 - 副本.csv", text)
    assert [found.rule for found in returns_of(workspace).findings] == ["R-COPY"]


def test_two_files_each_with_a_part_of_the_periods_are_one_return(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "全年.csv", as_csv(make_rows()[:1]))
    put(workspace, "春秋.csv", as_csv(make_rows()[1:]))
    assert returns_of(workspace).findings == ()


def test_copy_that_lacks_a_period_is_no_copy(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows()))
    put(workspace, "b.csv", as_csv(make_rows()[:2]))
    assert "只有其中一份有秋季一行" in finding(returns_of(workspace), "R-TWICE-FILES").message


def test_file_named_for_another_unit_is_told_with_the_two_files(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, f"{TOWN[1]}.csv", as_csv(make_rows()))
    put(workspace, f"{NEIGHBOUR[1]}.csv", as_csv(make_rows(bas_population="31000")))
    message = finding(returns_of(workspace), "R-TWICE-FILES").message
    assert f"2021/{NEIGHBOUR[1]}.csv 的文件名是{NEIGHBOUR[1]}的，表内却是{TOWN[1]}" in message


def test_absent_season_row_leaves_its_answers_missing(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *[row for row in make_rows() if row["period"] != "spring"])
    assert finding(returns, "R-ROW-MISSING").period == "spring"
    assert answer(returns, "rec_enlisted", "spring").status is Status.MISSING


def test_answer_on_the_wrong_row_is_named_and_not_used(tmp_path: Path) -> None:
    rows = make_rows()
    rows[0]["rec_enlisted"] = "24"
    rows[1]["fnd_total"] = "99"
    returns = county_return(tmp_path, *rows)
    places = {(found.variables, found.cell) for found in returns.findings if found.rule == "R-PLACE"}
    assert places == {(("rec_enlisted",), "AF2"), (("fnd_total",), "CN3")}
    assert [c.value for c in returns.cells if c.variable == "fnd_total" and c.unit == UNIT] == ["86"]


def test_town_answers_to_county_questions_are_named_and_not_used(tmp_path: Path) -> None:
    rows = make_rows()
    rows[0]["sys_fs_office_months"] = "12"
    returns = county_return(tmp_path, *rows)
    assert "由县本级填报" in finding(returns, "R-PLACE").message
    assert not [c for c in returns.cells if c.variable == "sys_fs_office_months"]


def test_refused_answer_is_an_error_of_its_unit_only(tmp_path: Path) -> None:
    returns = county_return(tmp_path, *make_rows(bas_villages="1O"))
    found = finding(returns, "R-ANSWER")
    assert (found.unit, found.unit_name, found.variables, found.cell) == (UNIT, "双塘镇", ("bas_villages",), "G2")
    assert "1O" in found.message
    assert "疑为10" in found.remedy
    assert answer(returns, "bas_villages").status is Status.ERROR
    assert answer(returns, "bas_villages", unit=NEIGHBOUR[0]).value == "18"


def test_private_text_reaches_neither_cells_nor_findings(tmp_path: Path) -> None:
    returns = county_return(
        tmp_path, *make_rows(cad_on_post="13800138000", bas_villages="张三", sys_in_plan="李四同志")
    )
    everything = repr(returns)
    assert not any(secret in everything for secret in ("13800138000", "张三", "李四"))
    assert [found.cell for found in returns.findings if found.rule == "R-PRIVATE"] == ["G2", "N2", "BL2"]


def test_blank_required_answer_is_missing_and_named(make_return: Callable[..., Path]) -> None:
    returns = returns_of(make_return(bas_schools=""))
    assert finding(returns, "R-BLANK").variables == ("bas_schools",)
    assert answer(returns, "bas_schools").status is Status.MISSING


def test_blank_optional_answer_is_missing_without_a_finding(make_return: Callable[..., Path]) -> None:
    returns = returns_of(make_return(mil_contests=""))
    assert returns.findings == ()
    assert answer(returns, "mil_contests").status is Status.MISSING


def test_absent_required_column_leaves_the_answer_missing_and_is_named(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    rows = [{name: text for name, text in row.items() if name != "fnd_total"} for row in make_rows()]
    put(workspace, "a.csv", as_csv(rows))
    returns = returns_of(workspace)
    assert "武装工作经费投入合计" in finding(returns, "R-COLUMN-MISSING").message
    cell = answer(returns, "fnd_total")
    assert (cell.status, cell.note) == (Status.MISSING, "没有本列")


def test_absent_optional_column_leaves_the_answer_missing_quietly(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv([{n: t for n, t in row.items() if n != "mil_contests"} for row in make_rows()]))
    returns = returns_of(workspace)
    assert returns.findings == ()
    assert answer(returns, "mil_contests").status is Status.MISSING


def test_a_remark_is_kept_out_of_what_a_log_would_show(make_return: Callable[..., Path]) -> None:
    returns = returns_of(make_return(remark="张三反映经费逐年增加"))
    assert {remark.text for remark in returns.remarks} == {"张三反映经费逐年增加"}
    assert "张三" not in repr(returns)


def test_totals_notes_and_blank_rows_are_never_units(tmp_path: Path) -> None:
    blank = dict.fromkeys(make_rows()[0], "")
    total = {**blank, "unit_name": "合 计", "bas_population": "64000"}
    own_total = {**total, "unit_code": COUNTY[0], "unit_name": "全县合计"}
    note = {**blank, "unit_code": "填表人：张三", "fnd_total": "13800138000"}
    returns = county_return(tmp_path, *make_rows(), blank, total, own_total, note)
    assert [found.rule for found in returns.findings] == ["R-TOTAL-ROW", "R-TOTAL-ROW", "R-NOTE-ROW", "R-BLANK-ROWS"]
    assert returns.received == {2021: frozenset({UNIT, NEIGHBOUR[0]})}
    assert "张三" not in repr(returns)


def test_short_or_long_row_is_refused_with_its_unit(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    lines = as_csv([*make_rows(), *make_rows(unit=NEIGHBOUR)]).splitlines()
    lines[1] = lines[1].replace("32000", "32,000")
    put(workspace, "a.csv", "\n".join(lines) + "\n")
    returns = returns_of(workspace)
    assert finding(returns, "R-FIELDS").unit == UNIT
    assert returns.received == {2021: frozenset({NEIGHBOUR[0]})}


def test_unit_that_is_not_due_yet_is_not_used(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    file = workspace / "params" / "units" / f"{UNIT}.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("since: 2022\n", encoding="utf-8")
    put(workspace, "a.csv", as_csv(make_rows()))
    returns = returns_of(workspace)
    assert {found.rule for found in returns.findings} == {"R-NOT-DUE"}
    assert returns.received == {2021: frozenset()}


def test_every_finding_says_what_to_do(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows(bas_villages="5+3", rec_enlisted="xx", fnd_total="3万元", unit_type="乡")))
    put(workspace, "b.csv", "")
    findings = returns_of(workspace).findings
    assert {found.severity for found in findings} == set(Severity)
    assert all(found.message and found.remedy and found.file and "{" not in found.message for found in findings)


def test_a_unit_of_the_roster_that_sent_nothing_is_found(make_return: Callable[..., Path]) -> None:
    params = load(make_return())
    returns = read(params, [2021])
    found = absent(params, returns.received, returns.findings)
    assert [(f.rule, f.unit_name) for f in found] == [("R-ABSENT", "城关街道"), ("R-ABSENT", "青禾县")]


def test_a_unit_whose_return_is_refused_is_not_called_absent(make_return: Callable[..., Path]) -> None:
    params = load(make_return(unit_name="青塘镇"))
    returns = read(params, [2021])
    found = absent(params, returns.received, returns.findings)
    assert "双塘镇" not in {f.unit_name for f in found}
