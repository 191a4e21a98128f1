"""Every file that people hand in comes through one door: same encodings, same limits, no waiting, no guessing."""

from __future__ import annotations

import ast
import json
import os
import re
import runpy
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NEIGHBOUR, TOWN
from handmade import FILES, YEAR, handmade, write
from stats import benchmarks
from stats.catalogue.indicators import indicators
from stats.cli import main
from stats.errors import ExitCode
from stats.inputs import UnfitError
from stats.inputs.doors import DOORS, IMPORTS, ISSUED, NOTEBOOK, RETURNS, TEXTS
from stats.inputs.tables import LONGEST_CELL, MOST_LINES, Column, decimal, read_table
from stats.params import load
from stats.returns.finding_texts import UNFIT

SOURCE = Path(__file__).resolve().parents[1] / "src/stats"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return handmade(tmp_path / "county")


@pytest.fixture(autouse=True)
def _signals_stay_as_they_were() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Whoever waits in this block for what never comes fails instead of waiting for ever."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits"))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def checked(workspace: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """What ``stats check`` ends with, its answer for machines, and its problem: what it stops for, or goes without."""
    code = main(["check", "--workspace", str(workspace), "--json"])
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    unfit = [f"{each['message']}；{each['remedy']}" for each in answer.get("findings", ()) if each["rule"] == UNFIT]
    return code, captured.out, "\n".join(unfit) or captured.err


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_file_may_be_in_every_encoding_that_chinese_windows_writes(
    county: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    expected = checked(county, capsys)
    for name, text in FILES.items():
        write(county, name, text, encoding)
    assert checked(county, capsys) == expected
    assert expected[0] == ExitCode.COMPLETE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
@pytest.mark.parametrize("name", FILES)
def test_a_pipe_in_the_place_of_a_file_is_refused_and_nobody_waits_for_it(
    county: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (county / name).unlink()
    os.mkfifo(county / name)
    with patience(60):
        code, _, problem = checked(county, capsys)
    assert (code, f"{name} 不是普通文件" in problem) == (ExitCode.USAGE, True), problem


@pytest.mark.parametrize("name", FILES)
def test_a_huge_file_is_refused_by_its_size(county: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    os.truncate(county / name, 3 * 2**30)
    with patience(60):
        code, _, problem = checked(county, capsys)
    assert (code, f"{name} 文件超过" in problem) == (ExitCode.USAGE, True), problem


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_refused(
    county: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (county / name).unlink()
    (county / name).mkdir()
    code, _, problem = checked(county, capsys)
    assert (code, f"{name} 是文件夹" in problem) == (ExitCode.USAGE, True), problem


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_the_system_does_not_give_is_no_fault_of_the_file(
    county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    opened = os.open

    def refusing(path: str | Path, how: int) -> int:
        if str(path).endswith(name):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, how)

    monkeypatch.setattr("stats.inputs.opening.os.open", refusing)
    code, _, problem = checked(county, capsys)
    assert (code, f"读不到 {name}" in problem) == (ExitCode.ENVIRONMENT, True), problem


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("data", [b"\xff\xfe\xff", b"\x00" * 40, b"\x89PNG\r\n\x00\xfe", "縣鎮是".encode("big5")])
def test_what_is_no_text_is_refused_by_name(
    county: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes
) -> None:
    (county / name).write_bytes(data)
    code, _, problem = checked(county, capsys)
    assert (code, problem.startswith((name, f"data/{name}"))) == (ExitCode.USAGE, True), problem


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
@pytest.mark.parametrize("text", ["[" * 2**20, "{a: " * 2**18, "- " * 2**19, "a: [" + "a," * 2**19 + "]"])
def test_yaml_that_nests_or_lists_without_end_is_refused_at_once(
    county: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    write(county, name, text[: 2**20])
    with patience(60):
        code, _, problem = checked(county, capsys)
    assert (code, problem.startswith(name)) == (ExitCode.USAGE, True), problem


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("params/targets/2021.xlsx", ExitCode.USAGE),
        ("params/targets/2021 - 副本.yaml", ExitCode.USAGE),
        ("params/units/说明.txt", ExitCode.USAGE),
        ("data/benchmarks/2021.xlsx", ExitCode.USAGE),
        ("data/benchmarks/全市.csv", ExitCode.USAGE),
        ("data/corrections/2021.yml", ExitCode.USAGE),
        ("data/explanations/更正.yaml", ExitCode.USAGE),
    ],
)
def test_a_file_that_nobody_would_read_is_refused_by_name(
    county: Path, capsys: pytest.CaptureFixture[str], name: str, code: ExitCode
) -> None:
    write(county, name, "")
    assert (checked(county, capsys)[0], name in main_problem(county, capsys)) == (code, True)


def main_problem(workspace: Path, capsys: pytest.CaptureFixture[str]) -> str:
    return checked(workspace, capsys)[2]


def test_notes_hidden_files_and_open_spreadsheets_are_left_alone(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("params/targets", "params/units", "data/benchmarks", "data/corrections", "data/explanations"):
        for name in ("说明.md", ".DS_Store", "~$2021.xlsx"):
            write(county, f"{folder}/{name}", "")
    assert checked(county, capsys)[0] == ExitCode.COMPLETE


# Codes, names and places that are meant but not written.


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (f"params/targets/{YEAR}.yaml", "REC-05", "REC-55", ("第 1 行", "是否应为 REC-05")),
        (f"params/targets/{YEAR}.yaml", "REC-05", "rec05", ("“rec05”不存在", "是否应为 REC-05")),
        (f"params/targets/{YEAR}.yaml", "REC-05", "应征报名率", ("不存在",)),
        (f"data/benchmarks/{YEAR}.csv", "REC-05", "REC-55", ("第 2 行", "是否应为 REC-05")),
        (f"data/benchmarks/{YEAR}.csv", "全市", "市", ("第 2 行的级别“市”", "是否应为“全市”")),
        (f"data/benchmarks/{YEAR}.csv", "97.5", "97.5%", ("第 2 行", "去掉百分号")),
        (f"data/benchmarks/{YEAR}.csv", "97.5", "1e30", ("第 2 行", "“1e30”不是普通写法的数")),
        (f"data/benchmarks/{YEAR}.csv", "97.5", "1e999999", ("不是普通写法的数",)),
        (f"data/benchmarks/{YEAR}.csv", "97.5", "1_0", ("“1_0”不是普通写法的数",)),
        (f"data/benchmarks/{YEAR}.csv", "97.5", "９７", ("不是普通写法的数",)),
        (f"data/benchmarks/{YEAR}.csv", "97.5", "", ("第 2 行的“数值”是空的",)),
        (f"data/benchmarks/{YEAR}.csv", "岚江市", "岚\x9b江市", ("第 2 行的“名称”", "U+009B")),
        (f"data/benchmarks/{YEAR}.csv", "岚江市", "岚" * 41, ("第 2 行的“名称”超过 40 字",)),
        (f"data/benchmarks/{YEAR}.csv", "市武装", "市\U0001f600武装", ("第 2 行的“来源”", "U+1F600")),
        (f"data/benchmarks/{YEAR}.csv", "指标,", "指标名,", ("第 1 行有不认识的列名“指标名”", "是否应为“指标”")),
        ("params/roster.csv", "名称", "名字", ("第 1 行有不认识的列名“名字”", "代码、名称、类型")),
        ("params/roster.csv", f"{NEIGHBOUR[0]},", f"{TOWN[0]},", ("params/roster.csv 第 3 行", "出现两次")),
        ("params/roster.csv", f"{NEIGHBOUR[0]},", "990119001000,", ("params/roster.csv 第 3 行", "乡级代码")),
        (f"params/units/{TOWN[0]}.yaml", "former_names: [老塘乡]", "type: 县级本级", (f"params/units/{TOWN[0]}.yaml",)),
        ("params/county.yaml", "units", "breaks: [{year: 2021, indicators: [SYS-99], reason: 变}]\nunits", ("SYS-99",)),
    ],
)  # fmt: skip
def test_what_is_meant_is_suggested_and_the_right_file_is_named(
    county: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, told: tuple[str, ...]
) -> None:
    assert old in FILES[name]
    write(county, name, FILES[name].replace(old, new))
    code, _, problem = checked(county, capsys)
    assert code == ExitCode.USAGE
    for words in (name, *told):
        assert words in problem


def test_the_same_figure_given_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    head = "indicator,level,name,value,source\n"
    for first, second in (
        ("REC-05,city,岚江市,1,", "REC-05,全市,岚江,2,"),
        ("REC-05,peer,甲县,1,", "REC-05,peer,甲县,1,"),
    ):
        write(tmp_path, "data/benchmarks/2021.csv", f"{head}{first}\n\n{second}\n")
        made, _, (fault,) = benchmarks.read(tmp_path, [2021])
        assert (made, "第 4 行与第 2 行是同一个数" in fault.message, fault.year) == ((), True, 2021)


def test_an_explanation_given_twice_is_refused(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"data/explanations/{YEAR}.yaml"
    write(county, name, FILES[name] * 2)
    code, _, problem = checked(county, capsys)
    assert (code, "第 2 条" in problem, "与第 1 条" in problem) == (ExitCode.USAGE, True, True)


def test_benchmarks_may_have_english_or_chinese_heads_in_any_order(tmp_path: Path) -> None:
    write(tmp_path, "data/benchmarks/2021.csv", "数值,name,来源,级别,INDICATOR\n97.50,甲县,,兄弟县,REC-05\n")
    (made,), inputs, _ = benchmarks.read(tmp_path, [2020, 2021])
    assert made == benchmarks.Benchmark(2021, "REC-05", "peer", "甲县", Decimal("97.50"), "")
    assert list(inputs) == ["data/benchmarks/2021.csv"]


def test_lines_that_a_spreadsheet_pads_with_commas_are_read(tmp_path: Path) -> None:
    text = "指标,级别,名称,数值,来源,,\nREC-05,全市,岚江市,97.5,通报,,\n,,,,,,\n"
    write(tmp_path, "data/benchmarks/2021.csv", text)
    assert len(benchmarks.read(tmp_path, [2021])[0]) == 1


def test_a_roster_of_chinese_heads_in_gb18030_is_a_roster(county: Path) -> None:
    (county / f"params/units/{TOWN[0]}.yaml").unlink()
    rows = f"{TOWN[0]},{TOWN[1]},镇,老塘乡|塘镇,2019\n{NEIGHBOUR[0]},{NEIGHBOUR[1]},街道,,\n"
    write(county, "params/roster.csv", f"代码,名称,类型,曾用名,起报年度\n{rows}", "gb18030")
    town = load(county).unit(TOWN[0])
    assert (town.former_names, town.since) == (("老塘乡", "塘镇"), 2019)


def test_a_check_finds_all_faults_at_once_and_reads_the_returns_all_the_same(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = [name for name in FILES if name.startswith(("params/targets", "data/"))]
    for name in broken:
        write(county, name, "不对\n")
    code, answer, problem = checked(county, capsys)
    assert (code, [name for name in broken if name not in problem]) == (ExitCode.USAGE, [])
    assert {unit["receipt"] for unit in json.loads(answer)["units"]} == {"reported", "not_reported"}


# Tables and numbers by themselves.

COLUMNS = (Column("code", ("代码",)), Column("name", ("名称",)), Column("note", ("备注",), required=False))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "是空的"),
        ("\n , \n", "是空的"),
        ("code\n", "缺少列名“名称”"),
        ("code,name,code\n", "出现两次"),
        ("code,代码,name\n", "出现两次"),
        ("code,,name\n", "不认识的列名“”"),
        ("code;name\n", "以分号分隔"),
        ("code\tname\n", "以制表符分隔"),
        ("code,name\n1\n", "第 2 行有 1 列，应为 2 列"),
        ("code,name\n\n1,2,3\n", "第 3 行有 3 列，应为 2 列"),
        ('code,name\n1,"2\n', "第 2 行附近不是完整的 CSV"),
        ('code,name\n1,"2"3\n', "第 2 行附近不是完整的 CSV"),
        (f"code,name\n1,{'长' * (LONGEST_CELL + 1)}\n", "第 2 行有一格超过"),
        ("code,name\n" + "1,2\n" * (MOST_LINES + 1), f"超过 {MOST_LINES} 行"),
        ("code,name\n1," + "2" * 200_000, "第 2 行附近不是完整的 CSV"),
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(UnfitError) as refusal:
        read_table(text, COLUMNS)
    assert problem in refusal.value.problem
    assert refusal.value.remedy


def test_lines_keep_their_numbers_and_blank_cells_are_left_out() -> None:
    lines = read_table("名称 ,代码\n\n甲, 1\n,\n乙,\n", COLUMNS)
    assert [(line.number, dict(line.texts)) for line in lines] == [
        (3, {"name": "甲", "code": "1"}),
        (5, {"name": "乙"}),
    ]


@given(st.text(max_size=30))
def test_a_text_is_the_number_it_says_or_none(text: str) -> None:
    try:
        number = decimal(text)
    except ValueError:
        return
    assert text.isascii()
    assert format(number, "f") == text
    assert abs(number) < 10**10  # no telephone number


@pytest.mark.parametrize("text", ["1e3", "1_0", "+1", "１", "007", "1,000", "nan", ""])
def test_a_number_written_in_another_way_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="不是普通写法的数"):
        decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_every_plainly_written_number_is_read_exactly(number: Decimal) -> None:
    assert decimal(format(number, "f")) == number


@given(st.text(max_size=20))
def test_the_nearest_code_is_one_or_nothing(text: str) -> None:
    from stats.catalogue.indicators import nearest

    assert nearest(text) in {"", *indicators()}


def test_json_of_a_check_tells_the_same_for_any_encoding(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(checked(county, capsys)[1])["exit_code"] == ExitCode.COMPLETE
    shutil.rmtree(county / "data/benchmarks")
    assert checked(county, capsys)[0] == ExitCode.COMPLETE


# The list of all places that open files.

OPENING = {"open", "os.open", "os.listdir", "os.scandir", "ZipFile", "zipfile.ZipFile", "nbformat.read"}
OPENING_METHODS = {"read_bytes", "read_text", "open", "iterdir", "glob", "rglob"}


def opens_files(path: Path) -> bool:
    """Whether a module opens a file or lists a folder somewhere."""
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    names = [(ast.unparse(call.func), getattr(call.func, "attr", "")) for call in calls]
    return any(name in OPENING or method in OPENING_METHODS for name, method in names)


def test_the_page_on_inputs_lists_every_module_that_opens_files() -> None:
    listed = runpy.run_path(str(SOURCE.parents[1] / "docs/inputs_page.py"))["OPENINGS"]
    modules = [path for path in SOURCE.parent.rglob("*.py") if opens_files(path)]
    found = {path.relative_to(SOURCE.parent).as_posix().removeprefix("stats/") for path in modules}
    assert set(listed) == found, "list in docs/inputs_page.py what the module reads, or read it through stats.inputs"


def test_every_door_is_a_file_of_these_tests() -> None:
    """What is true of every door is tried for each: returns, notebooks, mappings, records, texts have their own."""
    own = (RETURNS, NOTEBOOK, ISSUED, IMPORTS, TEXTS)
    places = {re.sub("<[^>]*>|\\*", "*", door.place) for door in DOORS if door not in own}
    names = {re.sub("roster|[0-9]{12}|[0-9]{4}", "*", name) for name in FILES}
    assert names == places
