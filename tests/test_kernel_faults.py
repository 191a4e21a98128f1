"""Towns that misbehave, all of them in one run: each costs its own document only, and nothing of it is left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

from deliveries import Unwatched, internal_folder, leftovers, published_files, set_folder
from make_workspace import FINE, YEAR, make_notebook, make_workspace, save
from misbehaving import (
    HANGING,
    Trouble,
    county,
    give_trouble,
    gone,
    misbehaving_pdf,
    processes_of,
    roster,
    serve_misbehaving,
)
from stats.build.documents import notebook_process
from stats.build.documents.failure import DocumentError, Failure
from stats.build.documents.job import Engine
from stats.build.processes import workers
from stats.build.run import Result, build
from stats.build.state.build_state import Options
from stats.build.state.manifest import Entry
from stats.cells import engine
from stats.cli import main
from stats.errors import ExitCode
from stats.kernel_choice import OWN
from stats.publish import pdf as pdf_format

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these faults are signals and process groups")

# A kernel that is not forked holds back what is printed for a while, and so needs more.
MEMORY: dict[Engine, int] = {"warm": 512 * 2**20, "stock": 3 * 2**30}
SECONDS: dict[Engine, float] = {"warm": 10, "stock": 40}
MODULES = "import asyncio, atexit, gc, os, resource, signal, subprocess, sys, threading, time\n"
# Sleeping processes that a notebook leaves, each with a length of sleep of its own.
IN_ITS_OWN_SESSION, GIVEN_AWAY = HANGING + 1, HANGING + 2


def in_a_cell(stage: str, code: str, says: str, source: str) -> Trouble:
    return Trouble(stage, code, says, source=MODULES + source)


FAILING = {
    "退出镇": in_a_cell("run", "K-DEAD", "退出码 1", "os._exit(1)"),
    "被杀镇": in_a_cell("run", "K-DEAD", "SIGKILL", "os.kill(os.getpid(), signal.SIGKILL)"),
    "段错镇": in_a_cell(
        "run", "K-DEAD", "SIGSEGV", "import ctypes, faulthandler\nfaulthandler.disable()\nctypes.string_at(0)"
    ),
    "内存镇": in_a_cell("run", "K-OOM", "内存不足", "held = bytearray(16 * 2**30)"),
    "睡着镇": in_a_cell("run", "K-TIMEOUT", "已中止", f"time.sleep({HANGING})"),
    "苦算镇": in_a_cell("run", "K-TIMEOUT", "已中止", "7 ** (2 * 10**8)"),
    "不听镇": in_a_cell(
        "run",
        "K-TIMEOUT",
        "已中止",
        "for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, signal.SIG_IGN)\n"
        f"while True: time.sleep({HANGING})",
    ),
    "收尾镇": in_a_cell(
        "run",
        "K-TIMEOUT",
        "已中止",
        "class Held:\n"
        "    def __init__(self): self.me = self\n"
        f"    def __del__(self): time.sleep({HANGING})\n"
        "gc.disable()\n"
        "held = Held()\n"
        "del held",
    ),
    "离开镇": in_a_cell("check", "P-REFUSED", "SystemExit", "sys.exit(0)"),
    "线程镇": in_a_cell(
        "check", "P-REFUSED", "打印", "def fail(): 1 / 0\nthreading.Thread(target=fail).start()\ntime.sleep(0.3)"
    ),
    "晚线镇": in_a_cell("check", "P-REFUSED", "打印", "threading.Timer(1, lambda: 1 / 0).start()"),
    "任务镇": in_a_cell(
        "check",
        "P-REFUSED",
        "打印",
        "async def fail(): raise ValueError('task')\n_ = asyncio.get_running_loop().create_task(fail())\ndel _",
    ),
    "持有镇": in_a_cell(
        "check",
        "P-REFUSED",
        "打印",
        "async def fail(): raise ValueError('task')\ntask = asyncio.get_running_loop().create_task(fail())",
    ),
    "析构镇": in_a_cell(
        "check", "P-REFUSED", "打印", "class Held:\n    def __del__(self): 1 / 0\nheld = Held()\ndel held"
    ),
    # reloaded, since pytest listens to the warnings of the process that is forked
    "警告镇": in_a_cell(
        "check", "P-REFUSED", "打印", "import importlib, warnings\nimportlib.reload(warnings).warn('小心')"
    ),
    "洪水镇": in_a_cell("run", "N-OUTPUT", "MiB", "for _ in range(1024): print('x' * 2**20)"),
    "暗流镇": in_a_cell(
        "run", "N-OUTPUT", "MiB", "_ = subprocess.run(['dd', 'if=/dev/zero', 'bs=1M', 'count=1024', 'status=none'])"
    ),
    "巨格镇": in_a_cell(
        "run", "N-OUTPUT", "MiB", "from IPython.display import HTML, display\ndisplay(HTML('x' * (100 * 2**20)))"
    ),
    "长行镇": in_a_cell("check", "P-REFUSED", "1 行", "print('x' * 1_000_000)"),
    "卡版镇": Trouble("worker", "W-HANGS", "时限", pdf="hangs"),
    "崩版镇": Trouble("worker", "W-DEAD", "信号 11", pdf="crashes"),
    "无页镇": Trouble("pdf", "P-ARTEFACT", "0 页", pdf="has no pages"),
    "无字镇": Trouble("pdf", "P-ARTEFACT", "字体", pdf="has no fonts"),
    "半截镇": Trouble("pdf", "P-ARTEFACT", "没有写完", pdf="is cut short"),
}
# These do something odd too, and their documents are as they should be.
MENDED = "再来镇"
ODD = {
    "会话镇": in_a_cell("", "", "", f"_ = subprocess.Popen(['sleep', '{IN_ITS_OWN_SESSION}'], start_new_session=True)"),
    "托付镇": in_a_cell(
        "",
        "",
        "",
        f"_ = subprocess.run(['sh', '-c', 'setsid sleep {GIVEN_AWAY} >/dev/null 2>&1 &'])\ntime.sleep(0.2)",
    ),
    "不走镇": in_a_cell("", "", "", f"_ = atexit.register(time.sleep, {HANGING})"),
    "限额镇": in_a_cell(
        "",
        "",
        "",
        "limit = resource.getrlimit(resource.RLIMIT_AS)[0]\n"
        "used = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "_ = Path('trouble/limit').write_text(f'{limit} {used}')",
    ),
    MENDED: in_a_cell(
        "", "", "", "once = Path('trouble/once')\nif not once.exists():\n    once.touch()\n    os._exit(1)"
    ),
}
QUIET = ("平安镇", "如常镇")
UNITS = roster((*QUIET[:1], *FAILING, *ODD, *QUIET[1:]))
RETRIED = {name for name, trouble in FAILING.items() if trouble.code in workers.WORTH_A_RETRY} | {MENDED}


@dataclass
class Noted(Unwatched):
    """Looks, whenever a town is finished, for what its notebook left running, and how much lies on the disk."""

    workspace: Path
    left: dict[str, list[str]] = field(default_factory=dict)
    most: int = 0

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        number = {"会话镇": IN_ITS_OWN_SESSION, "托付镇": GIVEN_AWAY}.get(entry.unit_name)
        if number is not None:
            self.left[entry.unit_name] = gone(
                lambda: [line for line in processes_of(self.workspace) if str(number) in line]
            )
        sizes = (path.stat().st_size for path in self.workspace.rglob("*") if path.is_file())
        self.most = max(self.most, sum(sizes))


@dataclass
class Aftermath:
    """What a run with misbehaving towns left, what the next run made of it, and a run without any trouble."""

    workspace: Path
    result: Result
    noted: Noted
    files: dict[str, bytes]
    manifest: dict[str, Any]
    failures: list[dict[str, str]]
    ledger: list[dict[str, Any]]
    memory: int
    limit: str
    tries: dict[str, str]
    left: list[str]
    again: Result
    files_again: dict[str, bytes]
    clean: dict[str, bytes]

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.result.entries if entry.unit_name == name)

    def failure(self, name: str) -> dict[str, str]:
        return next(failure for failure in self.failures if failure["unit"] == UNITS[name])


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    workspace = tmp_path_factory.mktemp("clean") / "county"
    result = build(county(workspace, UNITS), Options(jobs=2), Unwatched())
    assert result.exit_code == ExitCode.COMPLETE
    return published_files(set_folder(workspace))


@pytest.fixture(scope="module", params=["warm", pytest.param("stock", marks=pytest.mark.soak)])
def aftermath(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clean: dict[str, bytes]
) -> Aftermath:
    used: Engine = request.param
    workspace = tmp_path_factory.mktemp("trouble") / "county"
    params = county(workspace, UNITS)
    folder = set_folder(workspace)
    folder.mkdir(parents=True)
    for name in FAILING:
        old_file(folder, name).write_text("上一次的网页", encoding="utf-8")
    options = Options(jobs=3, engine=used, seconds=SECONDS[used], memory=MEMORY[used], retries=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_format, "make", misbehaving_pdf)
        patch.setattr(workers, "serve_spawned", serve_misbehaving)
        patch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel leaves alone what is written to file descriptors
        give_trouble(workspace, {UNITS[name]: trouble for name, trouble in (FAILING | ODD).items()})
        noted = Noted(workspace)
        result = build(params, options, noted)
        left = gone(lambda: [*processes_of(workspace), *own_temporary_folders(), *leftovers(workspace)])
        first = published_files(folder)
        manifest = json.loads((internal_folder(workspace) / "manifest.json").read_bytes())
        failures = json.loads((internal_folder(workspace) / "failures.json").read_bytes())
        ledger = [json.loads(line) for line in (internal_folder(workspace) / "ledger.jsonl").read_bytes().splitlines()]
        limit = (workspace / "trouble/limit").read_text(encoding="utf-8")
        tries = {path.stem: path.read_text() for path in (workspace / "trouble").glob("*.tries")}
        give_trouble(workspace, {})
        again = build(params, options, Unwatched())
    return Aftermath(
        workspace=workspace,
        result=result,
        noted=noted,
        files=first,
        manifest=manifest,
        failures=failures,
        ledger=ledger,
        memory=MEMORY[used],
        limit=limit,
        tries=tries,
        left=left,
        again=again,
        files_again=published_files(folder),
        clean=clean,
    )


def old_file(folder: Path, name: str) -> Path:
    place = list(UNITS).index(name) + 1
    return folder / f"附件3-{place:02d}-{UNITS[name]}-{name}-会议本.html"


def own_temporary_folders() -> list[str]:
    return [str(path) for path in Path(tempfile.gettempdir()).glob(f"stats-{os.getpid()}-*")]


@pytest.mark.parametrize("name", FAILING)
def test_a_misbehaving_town_fails_with_its_stage_its_code_and_what_happened(aftermath: Aftermath, name: str) -> None:
    trouble, failure = FAILING[name], aftermath.failure(name)
    assert (failure["stage"], failure["code"]) == (trouble.stage, trouble.code)
    assert trouble.says in failure["message"]
    assert failure["remedy"]
    assert failure["document"] == aftermath.entry(name).name


def test_only_the_misbehaving_towns_fail_and_the_run_says_so(aftermath: Aftermath) -> None:
    failed = {entry.unit_name for entry in aftermath.result.entries if entry.state == "failed"}
    assert failed == set(FAILING)
    assert aftermath.result.exit_code == ExitCode.RUN_FAILED


def test_every_other_document_has_the_bytes_of_a_run_without_trouble(aftermath: Aftermath) -> None:
    stems = {old_file(Path(), name).stem for name in FAILING}
    others = {
        name: content
        for name, content in aftermath.clean.items()
        if name.startswith(("附件", "data/")) and Path(name).stem not in stems
    }
    assert len(others) > 3 * len(ODD)
    assert {name: aftermath.files.get(name) for name in others} == others


@pytest.mark.parametrize("name", FAILING)
def test_the_old_file_of_a_misbehaving_town_stays_is_listed_as_stale_and_has_no_new_one_beside_it(
    aftermath: Aftermath, name: str
) -> None:
    old = old_file(Path(), name)
    assert {path for path in aftermath.files if Path(path).stem == old.stem} == {old.name}
    assert aftermath.files[old.name].decode() == "上一次的网页"
    (listed,) = (entry for entry in aftermath.manifest["documents"] if entry["unit_name"] == name)
    assert (listed["state"], listed["code"]) == ("failed", FAILING[name].code)
    assert (set(listed["stale"]), listed["files"]) == ({old.name}, {})


def test_every_failure_is_in_the_ledger_too(aftermath: Aftermath) -> None:
    recorded = {line["unit"]: line for line in aftermath.ledger if line["event"] == "failed"}
    assert recorded == {failure["unit"]: {"event": "failed", **failure} for failure in aftermath.failures}
    assert len(aftermath.failures) == len(FAILING)


def test_a_town_whose_process_died_is_tried_once_more_and_the_first_try_is_on_record(aftermath: Aftermath) -> None:
    assert {name for name in UNITS if aftermath.tries.get(UNITS[name]) == "xx"} == RETRIED
    assert set(aftermath.tries.values()) == {"x", "xx"}
    again = [(line["unit"], line["code"]) for line in aftermath.ledger if line["event"] == "retried"]
    codes = {UNITS[name]: trouble.code for name, trouble in FAILING.items()} | {UNITS[MENDED]: "K-DEAD"}
    assert sorted(again) == sorted((UNITS[name], codes[UNITS[name]]) for name in RETRIED)


def test_a_town_that_succeeds_at_the_second_try_is_complete(aftermath: Aftermath) -> None:
    assert aftermath.entry(MENDED).state == "complete"


@pytest.mark.parametrize("name", ["会话镇", "托付镇"])
def test_what_a_notebook_starts_outside_its_process_group_ends_with_it(aftermath: Aftermath, name: str) -> None:
    assert aftermath.noted.left[name] == []


def test_nothing_of_the_run_is_left_running_or_lying_about(aftermath: Aftermath) -> None:
    assert aftermath.left == []


def test_a_gigabyte_of_output_does_not_reach_the_disk(aftermath: Aftermath) -> None:
    assert aftermath.noted.most < 20 * 2**20


def test_the_limit_of_memory_is_the_one_that_the_system_keeps(aftermath: Aftermath) -> None:
    limit, used = map(int, aftermath.limit.split())
    # the cell itself needs a little of what the kernel may take
    assert used < limit <= used + aftermath.memory


def test_the_next_run_redoes_what_had_failed_and_nothing_else(aftermath: Aftermath) -> None:
    assert aftermath.again.built == {aftermath.entry(name).name for name in FAILING}
    assert aftermath.again.exit_code == ExitCode.COMPLETE


def test_after_the_next_run_the_set_is_that_of_a_run_without_trouble_byte_for_byte(aftermath: Aftermath) -> None:
    assert aftermath.files_again == aftermath.clean


# Stock kernels that do not even start; what starts one is its kernelspec.


def kernel_of(folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> nbformat.NotebookNode:
    """A notebook whose kernel is started by this command."""
    specification = {"argv": command, "display_name": "Odd", "language": "python"}
    place = folder / "jupyter/kernels/odd/kernel.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(specification), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    monkeypatch.setattr(engine, "OWN", {**OWN, "name": "odd"})
    return make_notebook("1")


def failure_of(notebook: nbformat.NotebookNode, folder: Path, *, seconds: float = 60) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        notebook_process.execute(notebook, {"unit": FINE}, folder=folder, seconds=seconds, engine="stock")
    return caught.value


def test_a_kernel_that_ends_at_once_has_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = failure_of(kernel_of(tmp_path, monkeypatch, ["sh", "-c", "exit 3"]), tmp_path)
    assert (failure.stage, failure.code) == ("run", "K-START")


@pytest.mark.parametrize(("seconds", "start"), [(2, 60), (60, 2)], ids=["out of time", "start timeout"])
def test_a_kernel_that_never_answers_has_not_started(
    seconds: float, start: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook_process, "START_SECONDS", start)
    failure = failure_of(kernel_of(tmp_path, monkeypatch, ["sleep", str(HANGING)]), tmp_path, seconds=seconds)
    assert (failure.stage, failure.code) == ("run", "K-START")
    assert gone(lambda: processes_of(tmp_path)) == []


def test_a_kernel_that_is_not_installed_has_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OWN", {**OWN, "name": "nowhere"})
    assert failure_of(make_notebook("1"), tmp_path).code == "K-START"


# No process of a run opens a port, so that none can be taken from it; stock kernels start without one if need be.

NO_PORT = """import psutil
above = psutil.Process().parents()[1]
family = (above, *above.children(recursive=True))
assert [each.laddr for process in family for each in process.net_connections("inet")] == []"""
FEW_PORTS = 'echo "32768 33067" >/proc/sys/net/ipv4/ip_local_port_range && exec "$@"'


def test_a_run_on_warm_kernels_opens_no_port(tmp_path: Path) -> None:
    units = roster(["甲镇"])
    params = county(tmp_path / "county", units)
    give_trouble(params.workspace, {units["甲镇"]: Trouble("", "", source=NO_PORT)})
    result = build(params, Options(jobs=1), Unwatched())
    assert [failure.message for failure in result.failures] == []
    assert (params.workspace / f"trouble/{units['甲镇']}.tries").read_text() == "x"


@pytest.mark.soak
def test_two_hundred_stock_kernels_start_where_there_are_only_a_few_ports(tmp_path: Path) -> None:
    apart = ["unshare", "--net", "sh", "-c", FEW_PORTS, "sh"]
    if shutil.which("unshare") is None or subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("needs the right to have a network of its own")
    params = county(tmp_path / "county", roster(f"第{place}镇" for place in range(198)))
    command = [sys.executable, "-m", "stats", "build", "--engine", "stock", "--jobs", "4", "--json"]
    ended = subprocess.run([*apart, *command], cwd=params.workspace, capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == ExitCode.COMPLETE, ended.stderr
    assert {each["state"] for each in json.loads(ended.stdout)["documents"]} == {"complete"}


# Notebooks that must not be run at all.


@pytest.mark.parametrize(
    ("notebook", "named"),
    [
        (make_notebook("1 / 0", tag="raises-exception"), "raises-exception"),
        (make_notebook("unit", parameters_cell="unit = ''\nyear = 0\nedition = ''"), "workspace"),
        (
            make_notebook("unit", parameters_cell="unit = ''\nyear = 0\nedition = ''\nworkspace = ''\nseason = ''"),
            "season",
        ),
        (make_notebook("unit", parameters_cell="uint = ''\nyear = 0\nedition = ''\nworkspace = ''"), "unit"),
    ],
    ids=["swallows errors", "lacks a parameter", "has one more", "misspells one"],
)
def test_a_notebook_that_cannot_be_trusted_ends_with_usage_before_any_process_is_started(
    notebook: nbformat.NotebookNode,
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(workers, "team", lambda **_: pytest.fail("processes were started"))
    workspace = make_workspace(tmp_path / "county").workspace
    save(notebook, workspace / "notebooks/town.ipynb")
    assert main(["build", str(YEAR), "--workspace", str(workspace)]) == ExitCode.USAGE
    *_, problem, remedy, _ = capsys.readouterr().err.strip().splitlines()
    assert named in problem
    assert remedy.startswith("处理办法：")
