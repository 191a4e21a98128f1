"""Nothing typed or read reaches the terminal or a log unescaped, whichever message it comes in."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NEIGHBOUR, TOWN, as_csv, make_rows, put
from handmade import FILES, YEAR, handmade, write
from stats.build import console
from stats.build.documents.failure import Failure
from stats.build.progress import Events, ProgressBar
from stats.build.run import Result
from stats.build.state.content_regressions import ContentRegressions
from stats.build.state.manifest import Entry
from stats.build.state.output_paths import OutputPaths
from stats.build.state.status import Standing, Status
from stats.build.verify import Difference, Verification
from stats.cli import main
from stats.errors import ExitCode
from stats.findings import Finding, Severity
from stats.terminal import Guarded, guard, guarded, say, say_json, say_table
from stats.texts.printable import escaped, is_printable, unprintable

SOURCE = Path(__file__).resolve().parents[1] / "src/stats"
# A colour, a C1 control sequence, a bell, lines of its own, marks that turn the text around, private use, a picture.
HOSTILE = "\x1b[31m红\x9b2J\x07\r\n[完成]\u202e\u2066\u2028\ue000\U0001f600"
IN_A_NAME = HOSTILE.replace("\n", "\x0b")


@pytest.fixture(autouse=True)
def _signals_stay_as_they_were() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return handmade(tmp_path / "county")


def steering(text: str) -> set[str]:
    """What of a text could steer a terminal, by the categories of this Python; its lines may end."""
    return {c for c in text if c != "\n" and category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    """What has been printed since, which must be harmless; no line is one that the hostile text made."""
    text = "".join(capsys.readouterr())
    assert not steering(text), text
    assert not [line for line in text.splitlines() if line.startswith("[完成]")]
    return text


# By every way from the command line.


@pytest.mark.parametrize(
    "arguments",
    [
        [HOSTILE],
        ["check", HOSTILE],
        ["check", f"--{HOSTILE}"],
        ["check", "--workspace", HOSTILE],
        ["check", "--unit", HOSTILE],
        ["build", "--edition", HOSTILE],
        ["build", "--format", HOSTILE],
        ["build", "--engine", HOSTILE],
        ["build", "--jobs", HOSTILE],
        ["build", "--cluster", HOSTILE],
        ["build", "--cluster", f"tcp://127.0.0.1:{HOSTILE}"],
        ["status", "--edition", HOSTILE],
        ["verify", "--edition", HOSTILE],
        ["form", "--unit", HOSTILE],
        ["new", f"there/{HOSTILE}"],
        ["demo", "."],
    ],
    ids=lambda arguments: f"{arguments[0].isascii() and arguments[0]} {arguments[1:2]}".encode(
        "unicode_escape"
    ).decode(),
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_typed_is_escaped(
    county: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    as_json: bool,
) -> None:
    monkeypatch.chdir(county)
    (county / "there").mkdir()
    main([*arguments, *(["--json"] if as_json else [])])
    assert shown(capsys)


# From every file and every name of a file or folder.


def in_file(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda county: write(county, name, FILES[name].replace(old, new))


QUOTED = json.dumps(HOSTILE)  # as YAML takes it, with escapes
PLACES: dict[str, Callable[[Path], object]] = {
    "name of a return": lambda county: put(county, f"{IN_A_NAME}.csv", "x"),
    "folder among returns": lambda county: put(county, "a.csv", "x").with_name(IN_A_NAME).mkdir(),
    "lock of a return": lambda county: put(county, f"~${IN_A_NAME}.xlsx", "x"),
    "unit name in a return": lambda county: put(county, "b.csv", as_csv(make_rows(unit=(NEIGHBOUR[0], HOSTILE)))),
    "unit code in a return": lambda county: put(county, "b.csv", as_csv(make_rows(unit=(HOSTILE, "x")))),
    "answer": lambda county: put(county, "b.csv", as_csv(make_rows(unit=NEIGHBOUR, bas_population=HOSTILE))),
    "period": lambda county: put(county, "b.csv", as_csv(make_rows(unit=NEIGHBOUR, period=HOSTILE))),
    "remark": lambda county: put(county, "b.csv", as_csv(make_rows(unit=NEIGHBOUR, remark=HOSTILE))),
    "head": lambda county: put(county, "b.csv", as_csv(make_rows(), header=lambda name: f"{name}{HOSTILE}")),
    "name of a target file": lambda county: write(county, f"params/targets/{IN_A_NAME}.yaml", ""),
    "suffix of a target file": lambda county: write(county, f"params/targets/2021.{IN_A_NAME}", ""),
    "name of a unit file": lambda county: write(county, f"params/units/{IN_A_NAME}.yaml", ""),
    "name of a benchmark file": lambda county: write(county, f"data/benchmarks/{IN_A_NAME}.csv", ""),
    "name of a correction file": lambda county: write(county, f"data/corrections/{IN_A_NAME}", ""),
    "roster": in_file("params/county.yaml", "roster.csv", QUOTED),
    "edition": in_file("params/county.yaml", "units", f"edition: {QUOTED}\nunits"),
    "marking": in_file("params/county.yaml", "units", f"marking: {QUOTED}\nunits"),
    "key": in_file("params/county.yaml", "units", f"{QUOTED}: 1\nunits"),
    "doubled key": in_file("params/county.yaml", "units", f"{QUOTED}: 1\n{QUOTED}: 1\nunits"),
    "county": in_file("params/county.yaml", "青禾县", QUOTED),
    "reason": in_file("params/county.yaml", "units", f"breaks: [{{year: 2021, reason: {QUOTED}}}]\nunits"),
    "unit of a break": in_file("params/county.yaml", "units", f"breaks: [{{year: 2021, units: [{QUOTED}]}}]\nunits"),
    "name in the roster": in_file("params/roster.csv", NEIGHBOUR[1], IN_A_NAME.replace("\r", "")),
    "code in the roster": in_file("params/roster.csv", NEIGHBOUR[0], IN_A_NAME.replace("\r", "")),
    "type in the roster": in_file("params/roster.csv", "街道\n", IN_A_NAME.replace("\r", "")),
    "head of the roster": in_file("params/roster.csv", "名称", f'"{HOSTILE}"'),
    "former name": in_file(f"params/units/{TOWN[0]}.yaml", "老塘乡", QUOTED),
    "indicator of a target": in_file(f"params/targets/{YEAR}.yaml", "REC-05", QUOTED),
    "value of a target": in_file(f"params/targets/{YEAR}.yaml", "90", QUOTED),
    "source of a target": in_file(f"params/targets/{YEAR}.yaml", "县武委会", QUOTED),
    "indicator of a benchmark": in_file(f"data/benchmarks/{YEAR}.csv", "REC-05", f'"{HOSTILE}"'),
    "level of a benchmark": in_file(f"data/benchmarks/{YEAR}.csv", "全市", f'"{HOSTILE}"'),
    "name of a benchmark": in_file(f"data/benchmarks/{YEAR}.csv", "岚江市", f'"{HOSTILE}"'),
    "value of a benchmark": in_file(f"data/benchmarks/{YEAR}.csv", "97.5", f'"{HOSTILE}"'),
    "source of a benchmark": in_file(f"data/benchmarks/{YEAR}.csv", "市武装工作通报", f'"{HOSTILE}"'),
    "variable of a correction": in_file(f"data/corrections/{YEAR}.yaml", "bas_villages", QUOTED),
    "old text of a correction": in_file(f"data/corrections/{YEAR}.yaml", '"18"', QUOTED),
    "new text of a correction": in_file(f"data/corrections/{YEAR}.yaml", '"19"', QUOTED),
    "reason of a correction": in_file(f"data/corrections/{YEAR}.yaml", "漏填", QUOTED),
    "date of a correction": in_file(f"data/corrections/{YEAR}.yaml", "2022-01-10", QUOTED),
    "unit of a correction": in_file(f"data/corrections/{YEAR}.yaml", TOWN[0], QUOTED),
    "rule of an explanation": in_file(f"data/explanations/{YEAR}.yaml", "V38", QUOTED),
    "text of an explanation": in_file(f"data/explanations/{YEAR}.yaml", "上年含一次性经费", QUOTED),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_is_read_is_escaped(
    county: Path, capsys: pytest.CaptureFixture[str], place: str, options: list[str]
) -> None:
    PLACES[place](county)
    main(["check", "--workspace", str(county), *options])
    shown(capsys)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_names_of_folders_are_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    region = tmp_path / IN_A_NAME
    handmade(region / "counties" / "990118")
    (region / "counties" / IN_A_NAME).mkdir()
    main(["check", "--workspace", str(region), *options])
    (region / "counties" / IN_A_NAME).rmdir()
    main(["check", "--workspace", str(region), "--unit", "110101000000", *options])
    main(["new", str(region)])
    monkeypatch.chdir(region)
    main(["check", *options])
    (region / "empty").mkdir()
    main(["check", "--workspace", str(region / "empty"), *options])
    assert shown(capsys)


# Every line that a run, a check, a status, a verification can print.

ENTRY = Entry(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "refused", {}, rules=(HOSTILE,))
FAILURE = Failure(HOSTILE, HOSTILE, "run", HOSTILE, HOSTILE, HOSTILE)
FINDING = Finding(
    "V02", Severity.ERROR, HOSTILE, HOSTILE, HOSTILE, HOSTILE, YEAR, file=HOSTILE, sheet=HOSTILE, cell="A1"
)


def test_every_line_of_a_result_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    fewer = (ContentRegressions(HOSTILE, "images", 2, 1),)
    paths = OutputPaths(Path(), YEAR, "meeting")
    result = Result(
        paths, (ENTRY,), frozenset(), (FAILURE,), (FINDING,), {}, ExitCode.RUN_FAILED, fewer, strangers=(HOSTILE,)
    )
    console.show_result(result, folder=HOSTILE, internal=HOSTILE)
    standing = Standing(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "failed", (HOSTILE,))
    console.show_status(Status(Path(), (standing,)), folder=HOSTILE)
    difference = Difference(HOSTILE, "changed")
    console.show_verification(Verification(Path(), 1, rebuilt=False, differences=(difference,)), folder=HOSTILE)
    assert shown(capsys).count("\\x1b[31m") > 10


def test_what_is_told_while_a_run_goes_on_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    for watcher in (ProgressBar(), Events()):
        watcher.begin(1)
        watcher.finished(ENTRY, FAILURE)
        watcher.end()
    begin, finished, end = shown(capsys).splitlines()[-3:]
    assert json.loads(begin)["event"] == "begin"
    assert json.loads(finished)["failure"]["message"] == FAILURE.message
    assert json.loads(end)["event"] == "end"


# The one way, and that there is no other.


@given(st.text())
def test_a_line_is_one_line_whatever_is_in_it(text: str) -> None:
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", stream)
        say(text)
    assert stream.getvalue() == f"{escaped(text)}\n"
    assert not steering(escaped(text))
    assert all(map(is_printable, escaped(text)))
    assert (escaped(text) == text) == (unprintable(text) == "")


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_values_for_machines_are_whole_and_harmless(value: object) -> None:
    stream = io.StringIO()
    say_json({"value": value}, stream)
    assert json.loads(stream.getvalue()) == {"value": value}
    assert not steering(stream.getvalue())


def test_what_others_print_is_escaped_and_its_lines_stay(capsys: pytest.CaptureFixture[str]) -> None:
    with guarded():
        print("甲\n乙\x1b[31m")
        sys.stderr.writelines(["丙\n", "丁\u202e\n"])
        guard()
        assert not isinstance(sys.stdout.unguarded, Guarded)  # type: ignore[attr-defined]
    assert not isinstance(sys.stdout, Guarded)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("甲\n乙\\x1b[31m\n", "丙\n丁\\u202e\n")


def test_an_unforeseen_error_is_told_in_full_and_escaped(
    county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr("stats.report.examine", fail)
    assert main(["check", "--workspace", str(county)]) == ExitCode.RUN_FAILED
    assert "RuntimeError: \\x1b[31m" in shown(capsys)


def test_a_table_has_its_own_lines_only(capsys: pytest.CaptureFixture[str]) -> None:
    say_table((HOSTILE, "数"), [(HOSTILE, "1"), ("乙", "2")], numbers=(1,))
    assert "\\x1b[31m红" in shown(capsys).replace("\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_logs_of_workers_are_escaped(tmp_path: Path) -> None:
    from stats.build.processes.worker_main import _log_to

    child = os.fork()
    if child == 0:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # not pytest's
        _log_to(tmp_path)
        print(HOSTILE, file=sys.stderr, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    (log,) = tmp_path.iterdir()
    text = log.read_text(encoding="utf-8")
    assert "\\x1b[31m" in text
    assert not steering(text)


ELSEWHERE = {"terminal.py"}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_nothing_is_printed_but_by_the_one_way(path: Path) -> None:
    if path.relative_to(SOURCE).as_posix() in ELSEWHERE:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in (
                "print",
                "Console",
                "typer.echo",
                "typer.secho",
                "sys.stdout.write",
                "sys.stderr.write",
            ), f"{path}:{node.lineno}: use stats.terminal, which escapes what steers a terminal"


def test_what_is_printable_is_the_same_for_every_version_of_python() -> None:
    """Worked out with the tables of Unicode 14, 15 and 15.1, which Python 3.11, 3.12 and 3.13 have."""
    answers = "".join("1" if is_printable(chr(point)) else "0" for point in range(sys.maxunicode + 1))
    assert hashlib.sha256(answers.encode()).hexdigest() == (
        "2b84fbb86ecf2f5d2bc258f44cad8d6ac89f45d13dd108190f05855fbda1b6ee"
    )
