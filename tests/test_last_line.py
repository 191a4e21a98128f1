"""Whatever a command comes to: an exit code other than 0 is explained in the last line on the screen."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from deliveries import Deliveries, set_folder
from make_workspace import BROKEN, FINE, make_workspace
from stats.build.state.lock import held
from stats.build.state.output_paths import OutputPaths
from stats.cli import main
from stats.cli.ending import Stopped
from stats.errors import ExitCode, RunEnvironmentError

pytestmark = pytest.mark.usefixtures("signals_stay")

_HELD: list[AbstractContextManager[None]] = []

Prepare = Callable[[Path, Deliveries], None]


def nothing(_county: Path, _deliveries: Deliveries) -> None:
    """The county as it is."""


def built(county: Path, _deliveries: Deliveries) -> None:
    main(["build", "--workspace", str(county)])


def _refuse(county: Path, _deliveries: Deliveries) -> None:
    (county / f"data/returns/2021/{FINE}.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def _in_error(county: Path, _deliveries: Deliveries) -> None:
    path = county / "data/returns/2021/全县.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",5,4", ",5,9", 1), encoding="utf-8")


def _no_returns(county: Path, _deliveries: Deliveries) -> None:
    (county / "data/returns/2021/全县.csv").unlink()


def _no_folder(county: Path, deliveries: Deliveries) -> None:
    _no_returns(county, deliveries)
    (county / "data/returns/2021").rmdir()


def _unfit(name: str) -> Prepare:
    def write(county: Path, _deliveries: Deliveries) -> None:
        (county / name).parent.mkdir(parents=True, exist_ok=True)
        (county / name).write_text("不对\n", encoding="utf-8")

    return write


def _fail(_county: Path, deliveries: Deliveries) -> None:
    deliveries.failure = "N-CELL"


def _changed(county: Path, deliveries: Deliveries) -> None:
    built(county, deliveries)
    page = next(set_folder(county).glob("附件2*.html"))
    page.write_bytes(page.read_bytes() + b" ")


def _full_disk(_county: Path, deliveries: Deliveries) -> None:
    def refuse(_job: object) -> None:
        raise RunEnvironmentError("磁盘已满", "请腾出空间")

    deliveries.before = refuse


def _interrupted(_county: Path, deliveries: Deliveries) -> None:
    def stop(_job: object) -> None:
        raise Stopped(ExitCode.INTERRUPTED)

    deliveries.before = stop


def _terminated(_county: Path, deliveries: Deliveries) -> None:
    def stop(_job: object) -> None:
        raise Stopped(ExitCode.TERMINATED)

    deliveries.before = stop


def _locked(county: Path, _deliveries: Deliveries) -> None:
    paths = OutputPaths(county, 2021, "meeting")
    paths.prepare()
    _HELD.append(held(paths.lock))
    _HELD[-1].__enter__()


def _form_filled(county: Path, _deliveries: Deliveries) -> None:
    main(["form", "--workspace", str(county)])
    next((county / "data/forms/2021").glob(f"{FINE}*.xlsx")).write_bytes(b"1")


CASES: tuple[tuple[str, Prepare, list[str], ExitCode, str], ...] = (
    ("no return at all", _no_returns, ["check"], ExitCode.DATA_REFUSED, "没有一份可以采用的报表"),
    ("no return at all", _no_returns, ["build"], ExitCode.DATA_REFUSED, "没有一份可以采用的报表"),
    ("no folder", _no_folder, ["check"], ExitCode.DATA_REFUSED, "没有 2021 年的报表文件夹"),
    ("no folder", _no_folder, ["build"], ExitCode.DATA_REFUSED, "没有 2021 年的报表文件夹"),
    ("an error", _in_error, ["check"], ExitCode.DATA_REFUSED, "有错误待核对 1 个单位（沐云街道）"),
    ("an error", _in_error, ["build"], ExitCode.DATA_REFUSED, "有错误待核对 1 个单位（沐云街道）"),
    ("an error", _in_error, ["status"], ExitCode.DATA_REFUSED, "有错误待核对 1 个单位（沐云街道）"),
    ("a stray file", _refuse, ["check"], ExitCode.DATA_REFUSED, "不能认定单位的来文 1 处"),
    ("a stray file", _refuse, ["build"], ExitCode.DATA_REFUSED, "不能认定单位的来文 1 处"),
    ("targets", _unfit("params/targets/2021.yaml"), ["check"], ExitCode.USAGE, "1 处县里填写的内容有误"),
    ("targets", _unfit("params/targets/2021.yaml"), ["build"], ExitCode.USAGE, "params/targets/2021.yaml"),
    ("targets", _unfit("params/targets/2021.yaml"), ["status"], ExitCode.USAGE, "params/targets/2021.yaml"),
    ("benchmarks", _unfit("data/benchmarks/2021.csv"), ["check"], ExitCode.USAGE, "1 处县里填写的内容有误"),
    ("benchmarks", _unfit("data/benchmarks/2021.csv"), ["build"], ExitCode.USAGE, "1 处县里填写的内容有误"),
    ("benchmarks", _unfit("data/benchmarks/2021.csv"), ["status"], ExitCode.USAGE, "1 处县里填写的内容有误"),
    ("a stray file", _refuse, ["status"], ExitCode.DATA_REFUSED, "不能认定单位的来文 1 处"),
    ("no return at all", _no_returns, ["status"], ExitCode.DATA_REFUSED, "没有一份可以采用的报表"),
    ("corrections", _unfit("data/corrections/2021.yaml"), ["check"], ExitCode.USAGE, "1 处县里填写的内容有误"),
    ("corrections", _unfit("data/corrections/2021.yaml"), ["build"], ExitCode.USAGE, "data/corrections/2021.yaml"),
    ("explanations", _unfit("data/explanations/2021.yaml"), ["check"], ExitCode.USAGE, "1 处县里填写的内容有误"),
    ("county", _unfit("params/county.yaml"), ["check"], ExitCode.USAGE, "params/county.yaml"),
    ("county", _unfit("params/county.yaml"), ["form"], ExitCode.USAGE, "params/county.yaml"),
    ("a document that fails", _fail, ["build"], ExitCode.RUN_FAILED, "份附件没有生成（附件2"),
    ("a full disk", _full_disk, ["build"], ExitCode.ENVIRONMENT, "磁盘已满"),
    ("another run", _locked, ["build"], ExitCode.LOCKED, "另一次运行正在进行"),
    ("a person", _interrupted, ["build"], ExitCode.INTERRUPTED, "已中断"),
    ("the system", _terminated, ["build"], ExitCode.TERMINATED, "被系统终止"),
    ("a changed page", _changed, ["verify"], ExitCode.RUN_FAILED, "1 处与manifest.json不符"),
    ("nothing built", nothing, ["verify"], ExitCode.USAGE, "处理办法见上"),
    ("nothing built", nothing, ["issue"], ExitCode.USAGE, "处理办法见上"),
    ("a filled form", _form_filled, ["form"], ExitCode.USAGE, "1 份已有同名文件，没有覆盖"),
    ("an unknown unit", nothing, ["check", "--unit", "990118999000"], ExitCode.USAGE, "990118999000"),
    ("an unknown option", nothing, ["build", "--bogus"], ExitCode.USAGE, "--bogus"),
    ("an unknown format", nothing, ["build", "--format", "odt"], ExitCode.USAGE, "odt"),
    ("no such table", nothing, ["import", "没有.xlsx"], ExitCode.ENVIRONMENT, "没有.xlsx"),
)


@pytest.mark.parametrize(
    ("prepare", "arguments", "code", "told"),
    [case[1:] for case in CASES],
    ids=[f"{case[0]}: {' '.join(case[2])}" for case in CASES],
)
def test_the_last_line_says_why_a_command_did_not_end_with_0(
    tmp_path: Path,
    deliveries: Deliveries,
    prepare: Prepare,
    arguments: list[str],
    code: ExitCode,
    told: str,
) -> None:
    county = make_workspace(tmp_path, codes=(FINE, BROKEN)).workspace
    prepare(county, deliveries)
    command = [*arguments[:1], "--workspace", str(county), *arguments[1:]]
    ended, last = on_the_screen(command)
    while _HELD:
        _HELD.pop().__exit__(None, None, None)
    assert ended == code
    assert last.startswith(f"退出码 {int(code)}（{code.meaning}）：")
    assert told in last


def test_machines_find_the_reason_in_the_answer(
    tmp_path: Path, deliveries: Deliveries, capsys: pytest.CaptureFixture[str]
) -> None:
    county = make_workspace(tmp_path, codes=(FINE, BROKEN)).workspace
    _in_error(county, deliveries)
    for command in ("check", "build", "status"):
        capsys.readouterr()
        code = main([command, "--workspace", str(county), "--json"])
        answer = json.loads(capsys.readouterr().out)
        assert (code, answer["exit_code"]) == (ExitCode.DATA_REFUSED, ExitCode.DATA_REFUSED)
        assert answer["reason"].startswith("有错误待核对 1 个单位（沐云街道）")


def on_the_screen(command: list[str]) -> tuple[int, str]:
    """The exit code and the last line on a terminal, where both outputs go."""
    screen = io.StringIO()
    with redirect_stdout(screen), redirect_stderr(screen):
        code = main(command)
    lines = screen.getvalue().strip().splitlines()
    return code, lines[-1] if lines else ""


@pytest.mark.parametrize(
    "arguments", [[], ["bogus"], ["new"], ["new", "."], ["demo", "."], ["year", "--workspace", "nowhere"]]
)
def test_so_does_a_command_outside_of_a_county(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    (tmp_path / "别的").write_text("1", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, last = on_the_screen(arguments)
    assert (code, last.startswith("退出码 1（")) == (ExitCode.USAGE, True)


@pytest.mark.parametrize("command", ["check", "build", "status", "verify", "form", "issue"])
def test_a_command_that_ends_with_0_says_no_code(
    tmp_path: Path, deliveries: Deliveries, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    county = make_workspace(tmp_path, codes=(FINE,)).workspace
    built(county, deliveries)
    capsys.readouterr()
    assert main([command, "--workspace", str(county)]) == ExitCode.COMPLETE
    shown = capsys.readouterr()
    assert "退出码" not in shown.out + shown.err


def test_every_code_but_0_has_its_words() -> None:
    assert [code for code in ExitCode if not code.meaning] == [ExitCode.COMPLETE]
