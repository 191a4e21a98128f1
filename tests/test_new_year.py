"""A new workspace and the step from one year to the next: what is asked, what is carried over, what stays as it is."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from stats import returns
from stats.build.workspace import blank
from stats.cli import main
from stats.errors import ExitCode
from stats.params import load

CODE, NAME = "990118000000", "青禾县"
UNITS = (("990118001000", "城关街道", "街道"), ("990118111000", "双塘镇", "镇"), ("990118200000", "苇塘坳乡", "乡"))
YEAR = date.today().year - 1


def roster_text(heads: str = "代码,名称,类型", *, numbered: bool = False, types: bool = True) -> str:
    lines = [heads]
    for place, unit in enumerate(UNITS, start=1):
        cells = unit if types else unit[:2]
        lines.append(",".join([str(place), *cells] if numbered else cells))
    return "\n".join(lines) + "\n"


def roster_book() -> bytes:
    book = Workbook()
    for row, cells in enumerate(
        [("序号", "单位代码", "单位名称", "单位类型"), *((1, *unit) for unit in UNITS)], start=1
    ):
        for column, text in enumerate(cells, start=1):
            book.active.cell(row, column, int(text) if column == 2 and row > 1 else text)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


ROSTERS = {
    "GB18030": roster_text().encode("gb18030"),
    "UTF-16": roster_text("单位代码,单位名称,单位类型").encode("utf-16"),
    "English heads": roster_text("code,name,type").encode(),
    "a column of numbers": roster_text("序号,代码,名称,类型", numbered=True).encode("utf-8-sig"),
    "types of the codes": roster_text("代码,名称", types=False).encode(),
    "a workbook": roster_book(),
}


@pytest.mark.parametrize("roster", ROSTERS)
def test_a_new_workspace_is_ready_with_a_county_and_a_roster_of_any_kind(roster: str, tmp_path: Path) -> None:
    file = tmp_path / ("名册.xlsx" if roster == "a workbook" else "名册.csv")
    file.write_bytes(ROSTERS[roster])
    folder = tmp_path / "我的县"
    arguments = ["new", str(folder), "--county", NAME, "--code", "990118", "--roster", str(file)]
    assert main(arguments) == ExitCode.COMPLETE
    params = load(folder)
    assert (params.county.code, params.county.name, params.year) == (CODE, NAME, YEAR)
    assert [(unit.code, unit.name, unit.type) for unit in params.units] == list(UNITS)
    assert (folder / "说明.md").exists()


def test_the_questions_are_asked_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(ROSTERS["GB18030"])
    monkeypatch.setattr("stats.cli.preparing.at_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}\n{CODE}\n'{file}'\n"))
    assert main(["new", str(tmp_path / "县")]) == ExitCode.COMPLETE
    assert len(load(tmp_path / "县").units) == 3
    assert capsys.readouterr().out.count("？") == 3


def test_without_a_terminal_or_answers_it_is_to_be_filled_in(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "县")]) == ExitCode.COMPLETE
    assert "code:      #" in (tmp_path / "县/params/county.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "text", "problem"),
    [
        (
            "990118",
            "代码,名称,类型\n990119111000,双塘镇,镇\n",
            "第 2 行双塘镇的代码 990119111000 不属于青禾县",
        ),
        ("990118", "代码,名称,类型\n9.90118E+11,双塘镇,镇\n", "第 2 行单位代码“9.90118E+11”不是 12 位数字"),
        ("990118", "代码,名称,类型\n", "名册.csv 中没有单位"),
        ("9901", roster_text(), "“9901”不是 12 位数字"),
        ("", roster_text(), "须一起给出"),
    ],
)
def test_a_roster_or_code_that_cannot_be_used_leaves_no_workspace(
    code: str, text: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "名册.csv"
    file.write_text(text, encoding="utf-8")
    folder = tmp_path / "县"
    options = ["--county", NAME, *(["--code", code] if code else []), "--roster", str(file)]
    assert main(["new", str(folder), *options]) == ExitCode.USAGE
    assert problem in capsys.readouterr().err
    assert not folder.exists()


def workspace(tmp_path: Path, *, year: int = 2021) -> Path:
    county = blank.county_of(CODE, NAME)
    file = tmp_path / "名册.csv"
    file.write_bytes(ROSTERS["GB18030"])
    folder = tmp_path / "县"
    blank.write(folder, county=county, units=blank.units_of(file, county), year=year)
    return folder


def test_the_blank_table_lists_every_unit_and_period_and_is_read_when_filled_in(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    forms = folder / "data/forms"
    names = sorted(path.relative_to(forms).as_posix() for path in forms.rglob("*.xlsx"))
    assert names == [f"{year}/{year}年一览表.xlsx" for year in (2019, 2020, 2021)]
    book = load_workbook(forms / "2021/2021年一览表.xlsx")
    sheet = book.active
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    rows = [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=2)]
    assert rows[:3] == [["990118001000", "城关街道", "街道", "2021", period] for period in ("全年", "春季", "秋季")]
    assert rows[-1] == [CODE, NAME, "县级本级", "2021", "全年"]
    assert len(rows) == 3 * 3 + 1
    sheet.cell(2, heads["国防教育活动场次（场）"]).value = "7"
    sheet.cell(3, heads["征集新兵人数（名）"]).value = "5"
    place = folder / "data/returns/2021/一览表.xlsx"
    book.save(place)
    cells = {(c.unit, c.period, c.variable): c.value for c in returns.read(load(folder), [2021]).cells if c.value}
    town = "990118001000"
    assert cells == {(town, "year", "edu_events"): "7", (town, "spring", "rec_enlisted"): "5"}


@pytest.mark.parametrize("year", [2021, 2020])
def test_a_table_filled_in_where_the_blank_one_lies_is_named(
    year: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path)
    place = folder / f"data/forms/{year}/{year}年一览表.xlsx"
    main(["check", "--workspace", str(folder)])
    assert "一览表" not in "".join(capsys.readouterr())
    book = load_workbook(place)
    book.active.cell(2, 20).value = "7"
    book.save(place)
    main(["check", "--workspace", str(folder)])
    told = "".join("".join(capsys.readouterr()).split())
    assert f"data/forms/{year}/{year}年一览表.xlsx" in told
    assert "已填写的表式" in told


def with_a_return(folder: Path) -> Path:
    (folder / "data/returns/2021/a.csv").write_text("x\n", encoding="utf-8")
    return folder


def test_the_next_year_carries_targets_over_to_be_confirmed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = with_a_return(workspace(tmp_path))
    text = '# 本县目标\nREC-05: {op: ">=", value: 98, basis: local, source: "县武〔2021〕3号"}\n'
    text += 'SYS-02: {op: ">=", value: 90.5, basis: seed}\n'
    (folder / "params/targets/2021.yaml").write_text(text, encoding="utf-8")
    before = (folder / "params/county.yaml").read_text(encoding="utf-8")
    assert main(["year", "--workspace", str(folder)]) == ExitCode.COMPLETE
    out = capsys.readouterr().out
    assert "还要做的" in out
    params = load(folder)
    assert params.year == 2022
    old, new = params.targets[2021], params.targets[2022]
    assert {code: (t.operator, t.value, t.basis, t.source) for code, t in old.items()} == {
        code: (t.operator, t.value, t.basis, t.source) for code, t in new.items()
    }
    assert {t.carried for t in new.values()} == {2021}
    assert (folder / "params/targets/2021.yaml").read_text(encoding="utf-8") == text
    assert (folder / "params/county.yaml").read_text(encoding="utf-8") == before.replace("year: 2021", "year: 2022")
    assert (folder / "data/returns/2022").is_dir()
    assert (folder / "data/forms/2022/2022年一览表.xlsx").exists()


def test_targets_that_nobody_confirmed_are_told_until_somebody_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_a_return(workspace(tmp_path))
    place = folder / "params/targets/2021.yaml"
    place.write_text('REC-05: {op: ">=", value: 98, basis: local, carried: 2020}\n', encoding="utf-8")
    main(["status", "--workspace", str(folder)])
    assert "1 条目标值沿用往年，尚未确认：REC-05" in capsys.readouterr().err
    unconfirmed = load(folder).fingerprint
    place.write_text('REC-05: {op: ">=", value: 98, basis: local}\n', encoding="utf-8")
    main(["status", "--workspace", str(folder)])
    assert "尚未确认" not in capsys.readouterr().err
    assert load(folder).fingerprint == unconfirmed  # no figure changes, so no document is made anew


def test_a_year_without_a_return_is_not_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = workspace(tmp_path)
    assert main(["year", "--workspace", str(folder)]) == ExitCode.USAGE
    assert "2021 年还没有一份报表" in capsys.readouterr().err
    assert load(folder).year == 2021


def test_what_is_there_for_the_next_year_is_left_alone(tmp_path: Path) -> None:
    folder = with_a_return(workspace(tmp_path))
    own = 'SYS-02: {op: ">=", value: 91, basis: local}\n'
    (folder / "params/targets/2021.yaml").write_text(own.replace("91", "90"), encoding="utf-8")
    (folder / "params/targets/2022.yaml").write_text(own, encoding="utf-8")
    assert main(["year", "--workspace", str(folder)]) == ExitCode.COMPLETE
    assert (folder / "params/targets/2022.yaml").read_text(encoding="utf-8") == own


def test_a_parameter_file_without_a_line_for_the_year_is_left_alone(tmp_path: Path) -> None:
    folder = with_a_return(workspace(tmp_path))
    place = folder / "params/county.yaml"
    text = f'{{county: {{code: "{CODE}", name: {NAME}}}, year: 2021, units: roster.csv}}\n'
    place.write_text(text, encoding="utf-8")
    assert main(["year", "--workspace", str(folder)]) == ExitCode.USAGE
    assert place.read_text(encoding="utf-8") == text


def test_commands_find_the_workspace_upwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_a_return(workspace(tmp_path))
    monkeypatch.chdir(folder / "data/returns/2021")
    assert main(["form"]) == ExitCode.COMPLETE
    assert (folder / "data/forms/2021/990118111000-双塘镇.xlsx").exists()
    assert "演示县" not in capsys.readouterr().err


def test_a_command_that_acts_on_the_demonstration_county_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace(tmp_path)
    place = folder / "params/county.yaml"
    place.write_text(place.read_text(encoding="utf-8") + "\ndemonstration: true\n", encoding="utf-8")
    main(["form", "--workspace", str(folder)])
    assert f"注意：这是演示县（虚构的{NAME}）：{folder.resolve()}" in capsys.readouterr().err
