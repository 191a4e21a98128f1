"""Files that lie where nobody reads them are named, and a year without a single return is no success."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import COUNTY, TOWN, as_csv, make_rows, make_workspace, put
from filled_forms import blank_form, filled_form
from stats.cli import main
from stats.errors import ExitCode, ReturnError
from stats.findings import Finding
from stats.params import load
from stats.report import examine
from stats.returns import read, unread

NOBODY: frozenset[str] = frozenset()


def place(workspace: Path, name: str, content: str | bytes = "x") -> None:
    path = workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def lying(workspace: Path, received: frozenset[str] = NOBODY) -> list[tuple[str, str]]:
    found: tuple[Finding, ...] = unread(load(workspace), received)
    assert all((each.rule, each.severity, each.year) == ("R-UNREAD", "warning", 2021) for each in found)
    return [(each.file, each.message) for each in found]


@pytest.mark.parametrize(
    ("name", "file", "word"),
    [
        ("data/returns/双塘镇.xlsx", "data/returns/双塘镇.xlsx", "不在任何年度的文件夹里"),
        ("data/returns/各镇.zip", "data/returns/各镇.zip", "不在任何年度的文件夹里"),
        ("data/returns/2021 (2)/a.xlsx", "data/returns/2021 (2)", "文件夹的名称不是年度，其中 1 个文件"),
        ("data/returns/2021年/a.et", "data/returns/2021年", "不是年度"),
        ("data/returns/2021 - 副本/a/b/c.csv", "data/returns/2021 - 副本", "其中 1 个文件"),
        ("data/returns/20211/a.csv", "data/returns/20211", "不是年度"),
        ("data/returns/收到/a.csv", "data/returns/收到", "不是年度"),
        ("data/returns/2022/a.csv", "data/returns/2022", "在报告年度 2021 之后，其中 1 个文件"),
    ],
)
def test_return_outside_of_a_years_folder_is_named(tmp_path: Path, name: str, file: str, word: str) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows()))
    place(workspace, name)
    ((where, message),) = lying(workspace)
    assert where == file
    assert word in message
    assert message.endswith("，未读取")


@pytest.mark.parametrize(
    "name",
    [
        "data/returns/.DS_Store", "data/returns/Thumbs.db", "data/returns/~$a.xlsx", "data/returns/2021 (2)/.DS_Store",
        "data/returns/2020/a.csv", "data/returns/2021/b.csv", "data/forms/2020/a.xlsx", "data/forms/2021/说明.txt",
    ],
)  # fmt: skip
def test_what_is_read_or_no_return_is_not_named(tmp_path: Path, name: str) -> None:
    workspace = make_workspace(tmp_path)
    place(workspace, name)
    (workspace / "data/returns/空").mkdir(parents=True, exist_ok=True)
    assert lying(workspace) == []


def test_name_of_a_person_is_not_repeated(tmp_path: Path) -> None:
    place(make_workspace(tmp_path), "data/returns/王建国同志13812345678.xlsx")
    assert lying(tmp_path)[0][0] == "data/returns/（已隐去）"


def test_filled_form_among_the_blank_ones_is_named_until_its_return_is_there(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    name = f"data/forms/2021/{TOWN[0]}-{TOWN[1]}.xlsx"
    place(workspace, name, filled_form(tmp_path / "made"))
    place(workspace, f"data/forms/2021/{COUNTY[0]}-{COUNTY[1]}.xlsx", blank_form(tmp_path / "blank", COUNTY))
    assert lying(workspace) == [(name, "是已填写的表式，放在空白表式的文件夹里，未读取")]
    assert lying(workspace, frozenset({TOWN[0]})) == []


def test_filled_form_under_any_name_is_named(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    place(workspace, "data/forms/2021/填好.xlsx", filled_form(tmp_path / "made"))
    assert [file for file, _ in lying(workspace)] == ["data/forms/2021/填好.xlsx"]


@pytest.mark.parametrize("name", ["收到/双塘镇.xlsx", "收到/一/二.csv"])
def test_folder_within_a_years_folder_is_told_with_the_number_of_its_files(tmp_path: Path, name: str) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, name, "x")
    (found,) = read(load(workspace), [2021]).findings
    assert (found.rule, found.severity, found.file) == ("R-UNREAD", "warning", "2021/收到")
    assert found.message == "是子文件夹，其中 1 个文件，未读取"


def test_empty_folder_within_a_years_folder_is_a_note(tmp_path: Path) -> None:
    (make_workspace(tmp_path) / "data/returns/2021/收到").mkdir(parents=True)
    assert [(found.rule, found.severity) for found in read(load(tmp_path), [2021]).findings] == [("R-SKIPPED", "note")]


def _zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("双塘镇.xlsx", "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("各镇.zip", _zip),
        ("各镇.rar", lambda: b"Rar!\x1a\x07" + bytes(64)),
        ("各镇.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(64)),
        ("各镇.tar.gz", lambda: b"\x1f\x8b" + bytes(64)),
    ],
)
def test_archive_is_refused_with_the_advice_to_unpack_it(tmp_path: Path, name: str, make: Callable[[], bytes]) -> None:
    put(make_workspace(tmp_path), name, make())
    (found,) = read(load(tmp_path), [2021]).findings
    assert (found.rule, found.severity) == ("R-FILE", "fatal")
    assert "请解压后" in found.remedy


def test_year_without_a_single_return_is_refused(tmp_path: Path) -> None:
    put(make_workspace(tmp_path), "收到/a.csv", as_csv(make_rows()))
    found = [found for found in examine(load(tmp_path)).findings if found.severity == "fatal"]
    assert [(each.rule, each.message) for each in found] == [("R-NOTHING", "2021 年没有一份可以采用的报表")]
    put(tmp_path, "a.csv", as_csv(make_rows()))
    assert not [found for found in examine(load(tmp_path)).findings if found.severity == "fatal"]


def test_year_without_a_folder_is_told_with_what_lies_beside_it(tmp_path: Path) -> None:
    place(make_workspace(tmp_path), "data/returns/双塘镇.xlsx")
    with pytest.raises(ReturnError) as told:
        examine(load(tmp_path))
    assert "data/returns/双塘镇.xlsx 不在任何年度的文件夹里" in told.value.remedy


def test_check_names_what_nobody_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(make_workspace(tmp_path), "a.csv", as_csv([*make_rows(), *make_rows(unit=COUNTY)]))
    place(tmp_path, "data/returns/2021 (2)/a.csv")
    assert main(["check", "--workspace", str(tmp_path), "--json"]) == ExitCode.COMPLETE
    rules = [found["rule"] for found in json.loads(capsys.readouterr().out)["findings"]]
    assert rules.count("R-UNREAD") == 1
