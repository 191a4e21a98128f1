"""What tells of a person or of troops is refused wherever it stands in a return, and reaches no output at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from conftest import as_csv, make_rows, put
from make_workspace import BROKEN, FINE, LEAVING, NAMES, REFUSED, UNREPORTED, YEAR, make_workspace
from stats import params as parameters
from stats import report
from stats.cli import main
from stats.returns import read
from stats.texts.privacy import (
    HIDDEN,
    LONGEST_JUDGED,
    has_private_number,
    is_private_label,
    is_private_refused,
    shown,
)

PHONE, LANDLINE, IDENTITY, OLD_IDENTITY = "13812345678", "0571-88123456", "11010519491231002X", "110105491231002"
TROOPS, TITLED, NAME, HALF_MASKED = "73123部队", "欧阳建国同志", "诸葛卫东", "司徒某某"
MARKERS = (PHONE, LANDLINE, IDENTITY, OLD_IDENTITY, TROOPS, TITLED, NAME, HALF_MASKED)
# A part of each that no output may hold, however it is broken up.
TRACES = re.compile("138.?1234.?5678|88123456|19491231|0549123|73123|建国|卫东|司徒")


def unit_rows(code: str, **answers: str) -> list[dict[str, str]]:
    return make_rows(unit=(code, NAMES[code]), unit_type="镇", **answers)


def as_workbook(rows: list[dict[str, str]], sheet: str) -> bytes:
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
        page.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def plant(workspace: Path) -> None:
    """Every marker in an answer, a remark, a column head, a unit's name; some in sheet names and file names."""
    answers = dict(zip(QUESTIONS, MARKERS, strict=True))
    put(
        workspace,
        "全县.csv",
        as_csv(unit_rows(FINE, remark=f"联系人{TITLED}，电话{PHONE}"), header=head_with(IDENTITY)),
    )
    put(workspace, "答案.csv", as_csv(unit_rows(BROKEN, **answers)))
    put(workspace, "名称.csv", as_csv(unit_rows(REFUSED, unit_name=NAME)))
    put(workspace, "工作表.xlsx", as_workbook(unit_rows(LEAVING, bas_population="O1"), sheet=f"{TITLED}{PHONE}"))
    put(workspace, f"{TITLED}-{PHONE}.csv", as_csv(unit_rows(UNREPORTED)))
    put(workspace, "代码.csv", as_csv([{**row, "unit_code": OLD_IDENTITY} for row in unit_rows(UNREPORTED)]))


QUESTIONS = (
    "bas_population",
    "fnd_total",
    "rec_register_due",
    "sys_in_plan",
    "sup_troop_visits",
    "sys_duty_report",
    "edu_events",
    "mil_train_rate",
)


def head_with(marker: str) -> Callable[[str], str]:
    return lambda name: f"{marker}的人数" if name == "edu_media_items" else name


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    make_workspace(folder)
    (folder / f"data/returns/{YEAR}/全县.csv").unlink()
    plant(folder)
    return folder


def outputs(workspace: Path) -> Iterator[tuple[str, str]]:
    """Every file that was made (not delivered), by name, as text; names count as well."""
    for path in sorted(workspace.rglob("*")):
        if path.is_file() and "returns" not in path.relative_to(workspace).parts:
            yield path.name, path.name + path.read_bytes().decode("utf-8", "replace")


def test_every_planted_marker_is_refused(workspace: Path) -> None:
    returns = read(parameters.load(workspace), [YEAR])
    private = {variable for found in returns.findings if found.rule == "R-PRIVATE" for variable in found.variables}
    assert private == set(QUESTIONS)
    assert any(found.rule == "R-FILE" and "文件名" in found.message for found in returns.findings)
    assert any(found.rule == "R-NAME" and "已隐去" in found.message for found in returns.findings)
    assert not TRACES.search(repr(returns))


def test_no_marker_reaches_what_a_check_prints_or_writes(workspace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for options in ((), ("--json",)):
        main(["check", "--workspace", str(workspace), *options])
    printed = capfd.readouterr()
    assert "已隐去" in printed.out
    assert not TRACES.search(printed.out + printed.err)
    assert not [name for name, text in outputs(workspace) if TRACES.search(text)]


def test_no_marker_reaches_a_report(workspace: Path) -> None:
    run = report.load(workspace, year=YEAR)
    shown_text = repr([run.town(code) for code in NAMES]) + repr(run.county()) + repr(run.examined)
    assert "已隐去" in shown_text
    assert not TRACES.search(shown_text)


@pytest.mark.parametrize("marker", MARKERS)
def test_marker_is_hidden_as_a_label_and_in_a_message(marker: str) -> None:
    assert is_private_label(f"双塘镇-{marker}.xlsx")
    assert is_private_label(marker)
    assert not TRACES.search(shown(marker)) or marker == NAME


@pytest.mark.parametrize(
    "label",
    [
        "990118111000-双塘镇.xlsx",
        "全县2021.csv",
        "统计表",
        "填报说明",
        "武装部",
        "征兵工作",
        "高桥镇",
        "方案",
        "Sheet1",
        "2021年报",
        "金额",
        "汇总表",
        "备注",
        "已走访优抚对象户数",
        "990118111000_2021.csv",
        "云汀县2021-12-31",
        "990118111000-三团乡.xlsx",
        "张三营镇",
    ],
)
def test_ordinary_label_is_not_hidden(label: str) -> None:
    assert not is_private_label(label)
    assert shown(label) == label


@pytest.mark.parametrize("judge", [has_private_number, is_private_refused, is_private_label])
def test_what_is_too_long_to_be_looked_through_is_taken_for_private(judge: Callable[[str], bool]) -> None:
    assert not judge("村" * LONGEST_JUDGED)
    assert judge("村" * (LONGEST_JUDGED + 1))


def test_what_is_too_long_to_be_looked_through_is_not_shown() -> None:
    assert shown("村" * (LONGEST_JUDGED + 1)) == HIDDEN
