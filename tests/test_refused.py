"""A return that cannot be used is said to be refused, of the right town and everywhere in the same words."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from conftest import COUNTY, NEIGHBOUR, TOWN, Row, as_csv, make_rows, make_workspace, put
from deliveries import Deliveries
from filled_forms import blank_form, cell_of, filled_form
from stats import benchmarks, present, report
from stats.build import check as checking
from stats.build import console
from stats.build.console import check_reason, result_reason
from stats.build.run import Result
from stats.build.state.build_state import Options
from stats.build.state.manifest import counted
from stats.build.state.status import status
from stats.catalogue.variables import questions
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.documents import DOCUMENTS
from stats.errors import ExitCode, ParamsError
from stats.findings import Severity
from stats.params import Params, Unit, load
from stats.receipt import Receipt
from stats.returns.attribution import named_by_file
from stats.returns.finding_texts import found
from stats.returns.roster import Roster

YEAR = 2021
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def examined(workspace: Path) -> report.Examined:
    return report.examine(load(workspace))


def became(workspace: Path, unit: tuple[str, str] = TOWN, year: int = YEAR) -> Receipt:
    return examined(workspace).receipt(unit[0], year)


# Whose return it is: by what it says, else by its name.


def _without_heads(sheet: object) -> None:
    for head in ("变量", "项目", "计量单位", "备注", "全年"):
        _, column = cell_of("fnd_total", head)
        sheet.cell(9, column).value = f"改{head}"  # type: ignore[attr-defined]


def with_total(rows: list[Row], **stated: str) -> list[Row]:
    return [*rows, {**dict.fromkeys(rows[0], ""), "unit_name": "合计", **stated}]


def broken_text() -> bytes:
    return as_csv(make_rows()).encode() + b"\xff\xfe\x80\x81"


def _book(sheets: dict[str, list[list[str]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


UNUSABLE: dict[str, tuple[str, Callable[[Path], bytes | str]]] = {
    "an old format, by the code in its name": (f"{TOWN[0]}.xls", lambda _: OLD_FORMAT),
    "an old format, by the name": ("关于双塘镇报表的函.xls", lambda _: OLD_FORMAT),
    "an old format, by the short name": ("双塘2021.xls", lambda _: OLD_FORMAT),
    "an old format, by the text in it": ("收到1.xls", lambda _: OLD_FORMAT + TOWN[1].encode("utf-16-le")),
    "an archive": ("双塘镇.zip", lambda _: b"PK\x05\x06" + b"\x00" * 18),
    "a document": ("双塘镇.docx", lambda _: b"PK\x03\x04 damaged"),
    "an empty file": ("双塘镇.csv", lambda _: ""),
    "damaged text": ("收到2.csv", lambda _: broken_text()),
    "no table at all": ("双塘镇.csv", lambda _: "各位同志：\n报表随后送上\n"),
    "a table whose heads are other words": ("收到3.csv", lambda _: f"项目,数\n{TOWN[1]},3\n"),
    "all rows of another year": ("收到4.csv", lambda _: as_csv(make_rows(year=2019) * 2)),
    "one row of another year": ("收到5.csv", lambda _: as_csv(make_rows(stat_year="2020")[:1])),
    "a total that is another": ("收到6.csv", lambda _: as_csv(with_total(make_rows(), bas_villages="999"))),
    "a column of another measure": ("收到7.csv", lambda _: as_csv(make_rows()).replace("fnd_total", "投入合计(元)")),
    "a code that became a number": ("收到8.csv", lambda _: as_csv(make_rows(unit_code="9.90118E+11"))),
    "no code": ("收到9.csv", lambda _: as_csv(make_rows(unit_code=""))),
    "a form without its heads": ("收到10.xlsx", lambda folder: filled_form(folder, edit=_without_heads)),
    "a form of another version": (
        "收到11.xlsx",
        lambda folder: filled_form(folder, edit=lambda sheet: sheet.__setitem__("C7", "2010-1")),
    ),
    "a form without rows": (
        "双塘镇.xlsx",
        lambda folder: filled_form(folder, edit=lambda sheet: sheet.delete_rows(8, 300)),
    ),
    "a workbook of notes": ("双塘镇.xlsx", lambda _: _book({"一": [["报表"]], "二": [["随后送上"]]})),
    "a blank form": ("收到12.xlsx", lambda folder: blank_form(folder)),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_return_refused_as_a_file_is_its_towns_and_no_absence(tmp_path: Path, kind: str) -> None:
    name, content = UNUSABLE[kind]
    workspace = make_workspace(tmp_path)
    put(workspace, name, content(tmp_path))
    found = examined(workspace)
    told = {finding.unit: finding.rule for finding in found.findings if finding.year == YEAR and finding.unit}
    assert found.receipt(TOWN[0], YEAR) is Receipt.REFUSED, found.findings
    assert found.receipt(NEIGHBOUR[0], YEAR) is Receipt.NOT_REPORTED
    assert (told[TOWN[0]] != "R-ABSENT", told[NEIGHBOUR[0]]) == (True, "R-ABSENT")
    assert not any(finding.rule == "R-ABSENT" and finding.unit == TOWN[0] for finding in found.findings)


def test_a_table_of_several_towns_refused_whole_is_every_ones(tmp_path: Path) -> None:
    rows = with_total([*make_rows(), *make_rows(unit=NEIGHBOUR)], bas_villages="999")
    put(make_workspace(tmp_path), "全县.csv", as_csv(rows))
    assert {became(tmp_path, unit) for unit in (TOWN, NEIGHBOUR)} == {Receipt.REFUSED}


def test_a_changed_form_beside_a_good_table_is_its_towns(tmp_path: Path) -> None:
    rows = make_rows()
    questions = [[name, text] for name, text in make_rows(unit=NEIGHBOUR)[0].items()]
    book = _book({"双塘镇": [list(rows[0]), *(list(row.values()) for row in rows)], "城关街道": questions})
    put(make_workspace(tmp_path), "两份.xlsx", book)
    assert (became(tmp_path), became(tmp_path, NEIGHBOUR)) == (Receipt.REPORTED, Receipt.REFUSED)


def test_a_row_with_the_code_of_one_town_and_the_name_of_another_is_both_ones(tmp_path: Path) -> None:
    put(make_workspace(tmp_path), "报表.csv", as_csv(make_rows(unit_name=NEIGHBOUR[1])))
    assert {became(tmp_path, unit) for unit in (TOWN, NEIGHBOUR)} == {Receipt.REFUSED}


def test_a_second_file_of_a_town_whose_return_is_there_withholds_nothing_and_is_told(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    put(workspace, "双塘镇.xls", OLD_FORMAT)
    result = checking.check(load(workspace), examined(workspace))
    assert became(workspace) is Receipt.REPORTED
    assert [finding.rule for finding in result.refusals] == ["R-FILE"]
    assert result.exit_code is ExitCode.DATA_REFUSED


@pytest.mark.parametrize(
    "content",
    [
        f"乡镇,联系电话\n{TOWN[1]},1\n{NEIGHBOUR[1]},2\n",
        f"代码\n{TOWN[0]}\n{NEIGHBOUR[0]}\n",
        OLD_FORMAT + f"{TOWN[1]} {NEIGHBOUR[1]}".encode("utf-16-le"),
        OLD_FORMAT,
    ],
)
def test_a_list_of_towns_is_nobodys_return_and_documents_say_that_it_may_hold_some(
    tmp_path: Path, deliveries: Deliveries, content: str | bytes
) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "登记.xls" if isinstance(content, bytes) else "登记.csv", content)
    assert {became(workspace, unit) for unit in (TOWN, NEIGHBOUR)} == {Receipt.NOT_REPORTED}
    page = deliveries.build(load(workspace)).folder / "index.html"
    assert "另有 1 处来文内容（含往年文件）不能采用，也认不出" in page.read_text(encoding="utf-8")
    run = report.load(workspace)
    told = "另有1份来文不能采用，也认不出是哪个单位的"
    assert told in present.summary(run.town(TOWN[0])).to_text()
    assert told in present.summary(run.county()).to_text()
    assert told in present.quality_summary(run.quality()).to_text()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("东城关镇.xls", "东城关镇"),
        ("城关镇.xls", "城关镇"),
        ("990118103000-城关镇.xls", "东城关镇"),
        ("云汀县报表.xls", ""),
        ("云汀.xls", "云汀镇"),
        ("西岭湾镇.xls", "栖凤岭镇"),
        ("2021年报表.xls", ""),
    ],
)
def test_a_file_name_means_the_longest_name_in_it_and_a_code_goes_before(tmp_path: Path, file: str, name: str) -> None:
    named = [("990118102000", "城关镇"), ("990118103000", "东城关镇"), ("990118104000", "云汀镇")]
    units = [Unit(code=code, name=each, type="镇") for code, each in named]
    units.append(Unit(code="990118105000", name="栖凤岭镇", type="镇", former_names=("西岭湾镇",)))
    given = load(make_workspace(tmp_path))
    county = given.county.model_copy(update={"name": "云汀县"})
    params = given.model_copy(update={"units": tuple(units), "county": county})
    assert [unit.name for unit in named_by_file(file, Roster(params, YEAR))] == ([name] if name else [])


# One status everywhere.

OF_A_TOWN = sum(each.of == "town" for each in DOCUMENTS)
NAMES = ("沐云街道", "望汀街道", "锦潮街道", "澜溪镇", "龙泓镇", "槐荫渡镇")
CODES = tuple(f"99011810{place}000" for place in range(len(NAMES)))


def _mixed(folder: Path, chance: random.Random) -> dict[str, Receipt]:
    """A county whose towns' returns become something at random; what became of each by code."""
    (folder / "params").mkdir(parents=True)
    roster = "".join(f"  - {{code: {c}, name: {n}, type: 镇}}\n" for c, n in zip(CODES, NAMES, strict=True))
    text = f"county: {{code: {COUNTY[0]}, name: {COUNTY[1]}}}\nyear: {YEAR}\nunits:\n{roster}"
    (folder / "params/county.yaml").write_text(text, encoding="utf-8")
    put(folder, "县本级.csv", as_csv(make_rows(unit=COUNTY)))
    true = {code: chance.choice(list(Receipt)) for code in CODES}
    for (code, receipt), name in zip(true.items(), NAMES, strict=True):
        rows = make_rows(unit=(code, name))
        if receipt is Receipt.REPORTED:
            put(folder, f"{code}.csv", as_csv(rows))
        elif receipt is Receipt.IN_ERROR:
            put(folder, f"{code}.csv", as_csv(make_rows(unit=(code, name), edu_events="5+3")))
        elif receipt is Receipt.REFUSED:
            file, content = chance.choice([(f"{name}.xls", OLD_FORMAT), ("表.csv", as_csv(rows, header="x{}".format))])
            put(folder, f"{code}-{file}", content)
    return true


@pytest.mark.parametrize("seed", range(8))
def test_every_place_tells_the_same_of_every_town(tmp_path: Path, deliveries: Deliveries, seed: int) -> None:
    true = _mixed(tmp_path, random.Random(seed))
    params = load(tmp_path)
    result = deliveries.build(params)
    of = {
        receipt: [name for name, code in zip(NAMES, CODES, strict=True) if true[code] is receipt] for receipt in Receipt
    }
    _told_to_machines(params, result, true)
    _told_by_the_page(result, of)
    _told_by_documents(tmp_path, true, of)


def _told_to_machines(params: Params, result: Result, true: dict[str, Receipt]) -> None:
    states = {
        Receipt.REPORTED: "complete",
        Receipt.IN_ERROR: "refused",
        Receipt.REFUSED: "refused",
        Receipt.NOT_REPORTED: "not_reported",
    }
    kinds = {**states, Receipt.REPORTED: "current"}
    checked = checking.check(params, report.examine(params))
    assert {unit.unit.code: unit.receipt for unit in checked.units if unit.unit.code in true} == true
    handed_out = json.loads(result.paths.manifest.read_text(encoding="utf-8"))["documents"]
    for told in ([vars_of(each) for each in result.entries], handed_out):
        towns = {each["unit_code"]: each for each in told if each["unit_code"] in true}
        assert {code: each["receipt"] for code, each in towns.items()} == {c: r.value for c, r in true.items()}
        assert {code: each["state"] for code, each in towns.items()} == {c: states[r] for c, r in true.items()}
    standing = status(params, Options(jobs=1))
    towns_standing = {each.unit_code: each for each in standing.standings if each.unit_code in true}
    assert {code: each.kind for code, each in towns_standing.items()} == {c: kinds[r] for c, r in true.items()}
    withheld = any(receipt.is_withheld for receipt in true.values())
    for code in (result.exit_code, checked.exit_code, standing.exit_code):
        assert code == (ExitCode.DATA_REFUSED if withheld else ExitCode.COMPLETE)
    figures = csv.DictReader(io.StringIO((result.folder / "data/indicators.csv").read_text(encoding="utf-8-sig")))
    of_town = {(row["unit_code"], row["status"]) for row in figures if row["unit_code"] in true}
    lost = {Receipt.REFUSED: "refused", Receipt.NOT_REPORTED: "not_reported"}
    for code, receipt in true.items():
        told = {each for unit, each in of_town if unit == code}
        assert told == {lost[receipt]} if receipt in lost else not told & set(lost.values())
    lists = {path.name[:12] for path in result.paths.worklists.glob("*.xlsx")}
    assert {code for code, receipt in true.items() if receipt.is_withheld} <= lists


def vars_of(entry: object) -> dict[str, str]:
    return {name: getattr(entry, name) for name in ("unit_code", "receipt", "state")}


def _told_by_the_page(result: Result, of: dict[Receipt, list[str]]) -> None:
    page = (result.folder / "index.html").read_text(encoding="utf-8")
    rows = dict(re.findall(r'<th scope="row" class="left">([^<]+)</th>.*data-head="说明">([^<]*)</td></tr>', page))
    for receipt, names in of.items():
        label = "" if receipt is Receipt.REPORTED else receipt.label
        assert {name for name in NAMES if {why.partition("：")[0] for why in rows[name].split("；")} == {label}} == set(
            names
        )
    open_ones = f"（其中有错误待核对 {len(of[Receipt.IN_ERROR])} 个）" if of[Receipt.IN_ERROR] else ""
    assert f"已上报 {len(of[Receipt.REPORTED]) + len(of[Receipt.IN_ERROR])} 个{open_ones}" in page
    screen = counted(result.entries)
    for receipt in (Receipt.IN_ERROR, Receipt.REFUSED, Receipt.NOT_REPORTED):
        assert screen.get(receipt.label, 0) == OF_A_TOWN * len(of[receipt])
        assert (f"{receipt.label} {len(of[receipt])} 个" in page) == bool(of[receipt])
    reason = result_reason(result, load(result.paths.folder.parents[2]))
    for receipt in (Receipt.IN_ERROR, Receipt.REFUSED):
        told = f"{receipt.label} {len(of[receipt])} 个单位（{'、'.join(of[receipt])}）"
        assert (told in reason) == bool(of[receipt])


def _told_by_documents(workspace: Path, true: dict[str, Receipt], of: dict[Receipt, list[str]]) -> None:
    report.load.cache_clear()
    run = report.load(workspace)
    county, quality = run.county(), run.quality()
    summary = present.summary(county).to_text()
    sent = len(of[Receipt.REPORTED]) + len(of[Receipt.IN_ERROR])
    assert f"应报单位{len(NAMES)}个，已上报{sent}个" in summary
    for receipt in (Receipt.REFUSED, Receipt.NOT_REPORTED):
        named = f"{receipt.label}{len(of[receipt])}个（{'、'.join(of[receipt])}）"
        assert (named in summary, named in present.quality_summary(quality).to_text()) == (bool(of[receipt]),) * 2
        marked = {name for name in NAMES if f"{name}\t{receipt.label}" in present.quality_units(quality).to_text()}
        assert marked == set(of[receipt])
    for code, receipt in true.items():
        town = run.town(code)
        assert ("（未上报）" in present.cover(town).title) == (receipt is Receipt.NOT_REPORTED)
        assert ("不得印发" in present.cover(town).banner) == receipt.is_withheld
        told = present.pending(town).to_text()
        assert ("数据拒收" in told, "其中有错误" in told) == (receipt is Receipt.REFUSED, receipt is Receipt.IN_ERROR)
        assert "未上报" not in told


def test_the_page_in_the_place_of_a_refused_return_says_what_and_what_to_do(tmp_path: Path) -> None:
    put(make_workspace(tmp_path), "双塘镇.xls", OLD_FORMAT)
    told = present.pending(report.load(tmp_path).town(TOWN[0])).to_text()
    for words in ("双塘镇2021年度统计表已经收到", "是旧版格式", "2021/双塘镇.xls", "另存为 .xlsx", "未包括该单位"):
        assert words in told


@pytest.mark.parametrize("edition", ["full", "meeting", "public"])
def test_the_page_tells_no_value_and_no_protected_count_outside_the_full_edition(tmp_path: Path, edition: str) -> None:
    put(make_workspace(tmp_path), "双塘镇.csv", as_csv(make_rows(rec_enlisted_college="13", edu_events="5+3")))
    told = present.pending(report.load(tmp_path, edition=edition).town(TOWN[0])).to_text()
    assert ("大学生" in told, "5+3" in told) == (edition == "full", edition == "full")


@pytest.mark.parametrize("edition", ["full", "meeting", "public"])
def test_the_page_names_no_question_that_the_edition_does_not_hold(tmp_path: Path, edition: str) -> None:
    shows = EDITIONS["public"].shows_answer
    asked = next(v for v in questions() if v.kind == "int" and not v.seasonal and not shows(v) and not is_small_cell(v))
    put(make_workspace(tmp_path), "双塘镇.csv", as_csv(make_rows(**{asked.name: "5+3"})))
    told = present.pending(report.load(tmp_path, edition=edition).town(TOWN[0])).to_text()
    assert (asked.full_name in told) == (edition != "public")


# An earlier year.

EARLIER: dict[str, tuple[str, Callable[[], bytes | str]]] = {
    "an old format": ("双塘镇.xls", lambda: OLD_FORMAT),
    "a year ago in the wrong folder": ("双塘镇.csv", lambda: as_csv(make_rows(year=2018) * 2)),
    "damaged text": ("一.csv", lambda: broken_text().replace(b"2021", b"2020")),
    "nobody knows whose": ("收到.xls", lambda: OLD_FORMAT),
    "a total that is another": ("一.csv", lambda: as_csv(with_total(make_rows(year=2020), bas_villages="999"))),
    "a code that became a number": ("一.csv", lambda: as_csv(make_rows(year=2020, unit_code="9.90118E+11"))),
}


@pytest.mark.parametrize("kind", EARLIER)
def test_a_refused_file_of_last_year_is_told_by_the_build_and_in_the_documents(
    tmp_path: Path, deliveries: Deliveries, kind: str
) -> None:
    name, content = EARLIER[kind]
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    put(workspace, name, content(), 2020)
    params = load(workspace)
    result = deliveries.build(params)
    assert {finding.year for finding in result.refusals} == {2020}
    assert result.exit_code is ExitCode.DATA_REFUSED
    assert "2020 年有报表被拒收，有关同比为空" in result_reason(result, load(workspace))
    assert "2020 年有报表被拒收，有关同比为空" in check_reason(checking.check(params, examined(workspace)), params)
    run = report.load(workspace)
    assert "同比全部为空：2020年来文被拒收" in present.summary(run.town(TOWN[0])).to_text()
    assert "首次上报" not in present.summary(run.town(TOWN[0])).to_text()
    assert "2020年来文被拒收" in present.changed(run.county()).to_text()
    assert "2020年来文被拒收" in present.quality_summary(run.quality()).to_text()
    assert "上年未上报" not in present.sentences(run.town(TOWN[0]), "SYS").to_text()


def test_the_county_s_own_row_is_told_apart(tmp_path: Path, deliveries: Deliveries) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    put(workspace, f"{COUNTY[0]}.xls", OLD_FORMAT)
    result = deliveries.build(load(workspace))
    assert result_reason(result, load(workspace)) == "县级本级数据拒收，详见上列"
    run = report.load(workspace)
    assert "县级本级数据拒收" in present.quality_summary(run.quality()).to_text()
    assert present.pending_cover(run.town(COUNTY[0])).title.endswith("统计汇总和位次（待核对）")


def test_a_last_year_without_a_refused_file_is_no_refused_one(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    put(workspace, "城关街道.csv", as_csv(make_rows(unit=NEIGHBOUR, year=2020)), 2020)
    assert "被拒收" not in present.summary(report.load(workspace).town(TOWN[0])).to_text()


# Files where nobody reads them; nothing at all.


def test_a_build_names_what_lies_where_nobody_reads_it(tmp_path: Path, deliveries: Deliveries) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    put(workspace, "收到/城关街道.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    (workspace / "data/returns/城关街道.csv").write_text("1", encoding="utf-8")
    forms = workspace / "data/forms/2021"
    forms.mkdir(parents=True)
    (forms / "双塘镇.xlsx").write_bytes(filled_form(tmp_path))
    for _ in range(2):  # built, and found unchanged
        result = deliveries.build(load(workspace))
        told = {finding.file for finding in result.lying}
        assert told == {"2021/收到", "data/returns/城关街道.csv", "data/forms/2021/双塘镇.xlsx"}


def test_a_set_without_a_single_return_is_no_success(tmp_path: Path, deliveries: Deliveries) -> None:
    workspace = make_workspace(tmp_path)
    (workspace / "data/returns/2021").mkdir(parents=True)
    result = deliveries.build(load(workspace))
    assert result.exit_code is ExitCode.DATA_REFUSED
    assert result_reason(result, load(workspace)).startswith("2021 年没有一份可以采用的报表")


# What the county writes itself.

GOOD = "指标,级别,名称,数值,来源\nREC-05,全市,岚江市,97.5,市通报\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("REC-05", "REC-55"), "是否应为 REC-05"),
        (lambda text: text.replace("97.5", "97.5%"), "去掉百分号"),
        (lambda text: text.replace("全市", "市"), "是否应为“全市”"),
        (lambda text: text.replace("指标", "项"), "第 1 行"),
        (lambda text: text + "REC-05,全市,岚江市,98,\n", "第 3 行与第 2 行"),
        (lambda text: text.replace(",", "；"), "中文分号"),
    ],
)
def test_outside_figures_with_a_fault_are_left_out_and_the_documents_do_not_say_there_are_none(
    tmp_path: Path, deliveries: Deliveries, change: Callable[[str], str], told: str
) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    (workspace / "data/benchmarks").mkdir()
    place = workspace / "data/benchmarks/2021.csv"
    place.write_text(change(GOOD), encoding="gb18030")
    result = deliveries.build(load(workspace))
    (fault,) = [finding for finding in result.refusals if finding.rule == "R-PARAMS"]
    assert (fault.severity, told in fault.message + fault.remedy) == (Severity.ERROR, True)
    assert "data/benchmarks/2021.csv" in fault.message
    assert (result.exit_code, {entry.state for entry in result.entries}) == (
        ExitCode.USAGE,
        {"complete", "not_reported"},
    )
    run = report.load(workspace)
    town, county = run.town(TOWN[0]), run.county()
    blocks = (present.sentences(county, "REC"), present.legend(town), present.peers(county))
    said = "".join(block.to_text() for block in blocks)
    assert "全市数据文件有误，未作比较" in blocks[0].to_text()
    assert ("全市数据文件有误" in said, "数据文件有误，本次没有采用" in said, "未提供" in said) == (True, True, False)
    place.write_text(GOOD, encoding="utf-8")
    assert deliveries.build(load(workspace)).exit_code is ExitCode.COMPLETE


def test_a_fault_in_one_years_outside_figures_leaves_the_other_years(tmp_path: Path) -> None:
    for year, text in ((2020, GOOD), (2021, GOOD.replace("97.5", "x"))):
        (tmp_path / "data/benchmarks").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"data/benchmarks/{year}.csv").write_text(text, encoding="utf-8")
    made, _, (fault,) = benchmarks.read(tmp_path, [2020, 2021])
    assert ([each.year for each in made], fault.year) == ([2020], 2021)


@pytest.mark.parametrize(
    "code", ["9.90118E+11", "9.90118e11", "990118111000.0", "99011811100", "990118111000 1", "９９０１１８", ""]
)
def test_a_damaged_code_in_a_roster_names_file_and_line(tmp_path: Path, code: str) -> None:
    make_workspace(tmp_path)
    text = f"county: {{code: {COUNTY[0]}, name: {COUNTY[1]}}}\nyear: 2021\nunits: roster.csv\n"
    (tmp_path / "params/county.yaml").write_text(text, encoding="utf-8")
    roster = f"区划代码,乡镇名称,类别\n{NEIGHBOUR[0]},{NEIGHBOUR[1]},街道\n{code},双塘镇,镇\n"
    for encoding in ("gb18030", "utf-8-sig", "utf-16"):
        (tmp_path / "params/roster.csv").write_text(roster, encoding=encoding)
        with pytest.raises(ParamsError) as caught:
            load(tmp_path)
        assert "params/roster.csv" in caught.value.problem
        assert ("第 3 行" in caught.value.problem) == bool(code) or "code" in caught.value.problem
        assert ("电子表格" in str(caught.value)) == ("9.9" in code or code.endswith(".0"))


def test_forms_are_written_and_returns_are_read_whatever_the_targets_say(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    (workspace / "params/targets").mkdir()
    (workspace / "params/targets/2021.yaml").write_text('REC-55: {op: ">=", value: 98}\n', encoding="utf-8")
    with pytest.raises(ParamsError, match="是否应为 REC-05"):
        load(workspace)
    params = load(workspace, tolerant=True)
    result = checking.check(params, report.examine(params, tolerant=True))
    assert (result.exit_code, [finding.rule for finding in result.refusals]) == (ExitCode.USAGE, ["R-PARAMS"])
    assert {unit.receipt for unit in result.units if unit.unit.code == TOWN[0]} == {Receipt.REPORTED}


def test_what_several_rows_of_one_unit_share_names_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    of_town = found(
        "R-NAME", {"unit": TOWN[0], "unit_name": TOWN[1], "year": YEAR}, given="柳林镇", name="石桥镇", remedy="请核对"
    )
    of_other = replace(of_town, unit=NEIGHBOUR[0], unit_name=NEIGHBOUR[1])
    console._say_findings([of_town, of_other, of_town, of_other])
    assert capsys.readouterr().out.count(TOWN[1]) == 1
