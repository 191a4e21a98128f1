"""The command: what it prints, what it writes, and what it tells the shell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import stats
from make_workspace import FINE, REFUSED, YEAR, make_workspace
from stats import params as parameters
from stats.build.console import finding_lines
from stats.build.state.lock import held
from stats.build.state.output_paths import OutputPaths
from stats.cli import main
from stats.errors import ExitCode
from stats.findings import Finding, Severity
from waiting import LONGEST, becomes_true

SOURCE = Path(__file__).resolve().parents[1] / "src"


@pytest.fixture(autouse=True)
def _signals_stay_as_they_were() -> Iterator[None]:
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {name: signal.getsignal(getattr(signal, name)) for name in names if hasattr(signal, name)}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "county").workspace


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("page", [["--help"], *([name, "--help"] for name in ("new", "demo", "check", "build"))])
def test_help_is_in_chinese(page: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(page) == ExitCode.COMPLETE
    text = capsys.readouterr().out
    assert "用法：stats" in text
    for english in ("Usage", "Options", "Arguments", "Commands", "default", "Show"):
        assert english not in text


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == ExitCode.COMPLETE
    assert capsys.readouterr().out == f"stats-annex {stats.__version__}\n"


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-8 there in any case")
def test_names_of_files_are_utf8_whatever_the_locale(county: Path) -> None:
    command = [sys.executable, "-m", "stats", "check", "--workspace", county, "--json"]
    odd = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    answers = [
        subprocess.run(command, env={**os.environ, **locale}, capture_output=True, check=False)
        for locale in ({"PYTHONUTF8": "1"}, odd)
    ]
    assert [answer.returncode for answer in answers] == [ExitCode.DATA_REFUSED] * 2
    usual, escaped = (json.loads(answer.stdout) for answer in answers)
    assert usual == escaped
    assert answers[1].stdout.isascii()


def test_without_a_command_it_prints_help_and_ends_with_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == ExitCode.USAGE
    assert "check" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["build", "--bogus"], "--bogus"),
        (["build", "--jobs", "0"], "--jobs"),
        (["build", "--jobs"], "--jobs"),
        (["build", "--format", "odt"], "odt"),
        (["build", "--edition", "secret"], "secret"),
        (["build", "--unit", "990118999000"], "990118999000"),
        (["build", "--unit", "1.2E+11"], "1.2E+11"),
        (["check", "MMXXI"], "year"),
        (["check", "1999"], "1999"),
        (["new"], "参数"),
        (["bild"], "命令"),
        (["check", str(YEAR), "extra"], "多余"),
        (["build", "--cluster", "tcp://127.0.0.1"], "--cluster"),
    ],
)
def test_a_wrong_command_line_ends_with_usage_one_problem_and_one_remedy(
    arguments: list[str], named: str, county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--workspace", str(county)] if arguments[0] in ("check", "build") else []
    assert main([*arguments[:1], *where, *arguments[1:]]) == ExitCode.USAGE
    problem, remedy, ending = lines(capsys.readouterr().err)
    assert named in problem
    assert remedy.startswith("处理办法：")
    assert ending.startswith("退出码 1（")
    assert not (county / "reports").exists()


def test_outside_a_workspace_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == ExitCode.USAGE
    assert "stats new" in capsys.readouterr().err


def test_a_new_workspace_says_what_to_fill_in_and_then_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "某县"
    assert main(["new", str(folder)]) == ExitCode.COMPLETE
    assert main(["check", "--workspace", str(folder)]) == ExitCode.USAGE
    assert "缺少“code”" in capsys.readouterr().err
    settings = folder / "params/county.yaml"
    text = settings.read_text(encoding="utf-8")
    filled = text.replace("code:  ", "code: '990118000000'  ").replace("name:  ", "name: 云汀县  ")
    settings.write_text(filled, encoding="utf-8")
    with (folder / "params/roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("990118100000,澜溪镇,镇\n")
    assert [unit.name for unit in parameters.load(folder).units] == ["澜溪镇"]
    assert main(["check", "--workspace", str(folder)]) == ExitCode.DATA_REFUSED
    assert "未上报" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["new", "demo"])
def test_a_folder_that_holds_something_is_not_written_into(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("我的", encoding="utf-8")
    assert main([command, str(tmp_path)]) == ExitCode.USAGE
    assert "不是空文件夹" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_check_of_the_demonstration_county_names_file_and_cell_and_builds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demo"
    assert main(["demo", str(folder)]) == ExitCode.COMPLETE
    capsys.readouterr()
    assert main(["check", "--workspace", str(folder)]) == ExitCode.DATA_REFUSED
    shown = lines(capsys.readouterr().out)
    place = next(number for number, line in enumerate(shown) if line.startswith("[错误] 松矶镇"))
    assert ".xlsx" in shown[place]
    assert "AC11" in shown[place]
    assert shown[place + 1].startswith("  处理办法：")
    written = [path for path in (folder / "reports").rglob("*") if path.is_file() and "read-cache" not in path.parts]
    assert [path.name for path in written] == ["findings.csv"]


def test_check_answers_machines_about_one_unit(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", str(YEAR), "--workspace", str(county), "--unit", REFUSED, "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == answer["exit_code"] == ExitCode.DATA_REFUSED
    assert [(unit["code"], unit["state"], unit["error"]) for unit in answer["units"]] == [(REFUSED, "refused", 1)]
    assert {finding["unit"] for finding in answer["findings"]} == {REFUSED}


def test_check_of_a_unit_without_problems_is_complete(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--workspace", str(county), "--unit", FINE]) == ExitCode.COMPLETE
    assert "沐云街道" in capsys.readouterr().out


def test_build_of_a_refused_unit_says_why_and_ends_with_data_refused(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--workspace", str(county), "--unit", REFUSED]) == ExitCode.DATA_REFUSED
    shown = capsys.readouterr().out
    assert "[错误] 槐荫渡镇" in shown
    assert "全县.csv" in shown
    assert "  处理办法：" in shown


def test_build_answers_machines(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["build", "--workspace", str(county), "--unit", REFUSED, "--edition", "public", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == answer["exit_code"] == ExitCode.DATA_REFUSED
    assert answer["folder"] == f"reports/{YEAR}/public"
    assert [document["state"] for document in answer["documents"]].count("refused") == 1
    assert answer["failures"] == []


def test_a_second_run_in_the_same_folder_is_locked_out(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = OutputPaths(county, YEAR, "meeting")
    paths.prepare()
    with held(paths.lock):
        assert main(["build", "--workspace", str(county)]) == ExitCode.LOCKED
    assert str(os.getpid()) in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_an_environment_failure(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (county / "reports").write_text("a file where a folder should be", encoding="utf-8")
    assert main(["build", "--workspace", str(county)]) == ExitCode.ENVIRONMENT
    assert "处理办法：" in capsys.readouterr().err


def test_a_temporary_folder_too_deep_for_sockets_is_named(
    county: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = county / ("深" * 30)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    assert main(["build", "--workspace", str(county)]) == ExitCode.ENVIRONMENT
    assert "TMPDIR" in capsys.readouterr().err
    assert list(deep.iterdir()) == []


def test_the_full_edition_holds_the_cells_with_their_places(county: Path) -> None:
    main(["build", "--workspace", str(county), "--unit", REFUSED, "--edition", "full"])
    reports = county / f"reports/{YEAR}"
    assert "全县.csv" in (reports / "full/data/cells.csv").read_text(encoding="utf-8-sig")
    assert "message" in (reports / ".internal/findings.csv").read_text(encoding="utf-8-sig")


def _mind_interrupts() -> None:
    """Whoever started the tests in the background had interrupts ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start_build(county: Path, temporary: Path) -> subprocess.Popen[str]:
    """The command in its own process, with a kernel that waits far longer than the test."""
    command = [sys.executable, "-m", "stats", "build", "--workspace", str(county), "--unit", FINE]
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        command, env=surroundings, stderr=subprocess.PIPE, text=True, preexec_fn=_mind_interrupts
    )
    started = county / "started"
    becomes_true(lambda: started.exists() or process.poll() is not None)
    return process


@pytest.mark.skipif(os.name != "posix", reason="signals as sent here exist on POSIX systems only")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_an_interrupted_build_ends_its_kernels_and_leaves_the_old_files(
    number: signal.Signals, code: ExitCode, tmp_path: Path
) -> None:
    waiting = "import time\nopen('started', 'w').close()\ntime.sleep(98_765)"
    county = make_workspace(tmp_path / "county", middle=waiting).workspace
    folder = county / f"reports/{YEAR}/meeting"
    folder.mkdir(parents=True)
    old = folder / f"附件3-01-{FINE}-沐云街道-会议本.html"
    old.write_text("上一次的网页", encoding="utf-8")
    temporary = Path(tempfile.mkdtemp())
    process = start_build(county, temporary)
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.send_signal(number)
    _, errors = process.communicate(timeout=LONGEST)
    assert process.returncode == code
    assert "已中断" in errors
    assert psutil.wait_procs(family, timeout=LONGEST)[1] == []
    assert old.read_text(encoding="utf-8") == "上一次的网页"
    assert not (county / f"reports/{YEAR}/.internal/meeting/lock.json").exists()
    temporary.rmdir()
    documents = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["documents"]
    assert {document["state"] for document in documents if document["unit_code"] == FINE} == {"not_built"}


def test_starting_up_imports_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "matplotlib", "papermill", "nbconvert", "rich.progress", "pydantic")
    program = f"import sys, stats.cli; print([name for name in {heavy} if name in sys.modules])"
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE)}
    shown = subprocess.run(
        [sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_a_finding_is_one_line_of_problem_with_its_place_and_one_of_remedy() -> None:
    found = Finding(
        "V02",
        Severity.ERROR,
        "大学生数大于征集数",
        "请核对后更正",
        FINE,
        "沐云街道",
        YEAR,
        file="a.xlsx",
        sheet="表",
        cell="C5",
    )
    assert finding_lines(found) == (
        "[错误] 沐云街道 2021 V02：大学生数大于征集数（a.xlsx 表 C5）",
        "  处理办法：请核对后更正",
    )


# Many counties in one folder.


def make_region(folder: Path) -> Path:
    """Two counties, the second one's parameters unreadable."""
    make_workspace(folder / "counties/990118", codes=(FINE,))
    (folder / "counties/990119/params").mkdir(parents=True)
    (folder / "counties/990119/params/county.yaml").write_text("county: {code: 1}\n", encoding="utf-8")
    return folder


def test_every_county_of_a_region_is_built_and_one_county_s_trouble_is_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = make_region(tmp_path)
    assert main(["build", "--workspace", str(region)]) == ExitCode.USAGE
    first, second, ending = lines(capsys.readouterr().out)
    assert ending.startswith("退出码 1（命令、参数或县里填写的文件有误）：1 个县有问题（990119）")
    assert first == "990118：本次生成 3 份，共 3 份，已发布 3 份"
    assert second.startswith("990119：")
    assert "处理办法" in second
    assert (region / f"counties/990118/reports/{YEAR}/meeting/index.html").is_file()


def test_a_region_answers_machines_county_by_county(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = make_region(tmp_path)
    assert main(["status", "--workspace", str(region), "--json"]) == ExitCode.USAGE
    answer = json.loads(capsys.readouterr().out)
    assert [county["county"] for county in answer["counties"]] == ["990118", "990119"]
    assert answer["counties"][0]["counts"] == {"stale": 3}
    assert answer["counties"][1]["exit_code"] == ExitCode.USAGE


def test_a_unit_is_looked_for_in_its_own_county_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = make_region(tmp_path)
    assert main(["check", "--workspace", str(region), "--unit", FINE]) == ExitCode.COMPLETE
    assert [line.partition("：")[0] for line in lines(capsys.readouterr().out)] == ["990118"]
    assert main(["check", "--workspace", str(region), "--unit", "990120001000"]) == ExitCode.USAGE


def test_events_are_lines_of_json_beside_the_result(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--workspace", str(county), "--unit", FINE, "--json"]) == ExitCode.COMPLETE
    shown = capsys.readouterr()
    events = [json.loads(line) for line in lines(shown.err)]
    assert [event["event"] for event in events] == ["own_notebooks", "begin", "finished", "end"]
    assert (events[2]["unit"], events[2]["state"], events[2]["done"]) == (FINE, "complete", 1)
    assert json.loads(shown.out)["exit_code"] == 0
