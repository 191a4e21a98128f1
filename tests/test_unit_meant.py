"""Whoever names a unit by hand, in a notebook, to papermill or on the command line: found, or told which it may be."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from deliveries import Deliveries
from make_workspace import BROKEN, COUNTY, FINE, LEAVING, NAMES, REFUSED, UNREPORTED, make_notebook, make_workspace
from stats import report
from stats.cli import main
from stats.errors import ExitCode, ParamsError
from stats.params import Params, load, unit_meant


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Params:
    """A county of five units, one of them renamed once and one with a namesake's name."""
    params = make_workspace(tmp_path_factory.mktemp("named"), confirmed=False)
    file = params.workspace / "params/county.yaml"
    text = file.read_text("utf-8").replace(
        f"name: {NAMES[UNREPORTED]}, type: 镇", f"name: {NAMES[UNREPORTED]}, type: 镇, former_names: [旧亭乡]"
    )
    text += '  - {code: "990118103000", name: 双桥镇, type: 镇}\n  - {code: "990118203000", name: 双桥镇, type: 镇}\n'
    file.write_text(text, encoding="utf-8")
    return load(params.workspace)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (FINE, FINE),
        (int(FINE), FINE),
        (f" {FINE} ", FINE),
        (float(FINE), FINE),
        ("沐云街道", FINE),
        (" 槐荫渡镇\n", REFUSED),
        ("云汀县", COUNTY),
        (COUNTY, COUNTY),
    ],
)
def test_a_code_or_a_name_of_its_own_is_enough(params: Params, written: str | int, code: str) -> None:
    assert unit_meant(params, written).code == code


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("槐荫渡", f"是否应为 {REFUSED} 槐荫渡镇；"),
        ("槐荫度镇", f"是否应为 {REFUSED} 槐荫渡镇；"),
        ("云汀县槐荫渡镇", f"{REFUSED} 槐荫渡镇"),
        ("某某省某某市云汀县的槐荫渡镇", f"是否应为 {REFUSED} 槐荫渡镇；"),
        ("旧亭乡", f"是否应为 {UNREPORTED} 龙泓镇"),
        ("990118102001", f"{REFUSED} 槐荫渡镇"),
        ("990118102", f"是否应为 {REFUSED} 槐荫渡镇"),
        ("9901181020000", f"{REFUSED} 槐荫渡镇"),
        ("锦湖街道", f"{LEAVING} 锦潮街道"),
        ("不相干的名字", "；处理办法：请写名册"),
        ("", "；处理办法：请写名册"),
    ],
)
def test_another_is_refused_with_the_units_it_may_be(params: Params, written: str, suggested: str) -> None:
    with pytest.raises(ParamsError) as refused:
        unit_meant(params, written)
    assert refused.value.problem == f"单位“{written}”不在名册中"
    assert suggested in f"{refused.value.problem}；处理办法：{refused.value.remedy}"
    assert "12 位代码或全名" in refused.value.remedy


def test_a_name_of_two_units_is_refused_with_both_codes(params: Params) -> None:
    with pytest.raises(ParamsError, match="名册中有 2 个单位叫“双桥镇”") as refused:
        unit_meant(params, "双桥镇")
    assert "990118103000 双桥镇、990118203000 双桥镇" in refused.value.remedy


def test_what_may_be_a_persons_number_is_not_repeated(params: Params) -> None:
    with pytest.raises(ParamsError, match="单位“（已隐去）”不在名册中"):
        unit_meant(params, "13800138000")


def test_a_code_that_a_spreadsheet_made_a_number_of_is_said_to_be_one(params: Params) -> None:
    with pytest.raises(ParamsError, match=r"9\.90118E") as refused:
        unit_meant(params, "9.90118E+11")
    assert "科学记数" in refused.value.remedy


def test_a_report_is_found_by_the_name_of_its_unit(params: Params) -> None:
    assert report.town(NAMES[FINE], workspace=str(params.workspace)).unit.code == FINE


@pytest.mark.parametrize("engine", ["stats-warm", None])
@pytest.mark.parametrize(
    ("call", "problem", "remedy"),
    [
        ("town('槐荫度镇', workspace={!r})", "单位“槐荫度镇”不在名册中", f"是否应为 {REFUSED} 槐荫渡镇"),
        ("town({!r})", "往上都找不到 params/county.yaml", "-p workspace 文件夹"),
        ("county(year=1950, workspace={!r})", "", ""),
    ],
    ids=["unit", "workspace", "year"],
)
def test_what_a_notebook_is_refused_stands_there_in_two_lines_without_a_traceback(
    params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, problem: str, remedy: str, engine: str
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = "" if call[-5:] == "{!r})" and "workspace" not in call else str(params.workspace)
    node = make_notebook(f"from stats import report\nreport.{call.format(workspace)}")
    nbformat.write(node, tmp_path / "in.ipynb")
    with pytest.raises(PapermillExecutionError) as ended:
        papermill.execute_notebook("in.ipynb", "out.ipynb", {}, engine_name=engine, progress_bar=False)
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    (failed,) = (out for cell in executed.cells for out in cell.get("outputs", ()) if out.output_type == "error")
    assert [line.startswith("处理办法：") for line in failed.traceback] == [False, True]
    assert problem in failed.traceback[0]
    assert remedy in failed.traceback[1]
    assert problem in str(ended.value)
    assert "Traceback" not in str(ended.value)


def test_the_command_takes_a_name_and_suggests_a_code(
    tmp_path: Path, deliveries: Deliveries, capsys: pytest.CaptureFixture[str]
) -> None:
    make_workspace(tmp_path, codes=(FINE, BROKEN))
    assert main(["build", "--workspace", str(tmp_path), "--unit", NAMES[FINE]]) == ExitCode.COMPLETE
    assert [name for name in deliveries.made if BROKEN in name] == []
    assert any(FINE in name for name in deliveries.made)
    capsys.readouterr()
    assert main(["build", "--workspace", str(tmp_path), "--unit", "沐云镇"]) == ExitCode.USAGE
    problem, remedy = capsys.readouterr().err.splitlines()[:2]
    assert "单位“沐云镇”不在名册中" in problem
    assert f"是否应为 {FINE} 沐云街道" in remedy
