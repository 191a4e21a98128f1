"""Folders, disks, inputs and clocks that change or fail while a run is at work; two runs at once."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deliveries import Deliveries, change_returns, leftovers, published_files, returns_file, set_folder
from fault_checks import NEW, OLD, Ground
from fault_driver import Driver, county, set_version
from fault_shim import Action, Fault, Kind
from make_workspace import BROKEN, FINE, make_workspace
from stats import params as parameters
from stats.build.state import lock
from stats.build.state.build_state import Options
from stats.build.state.lock import held
from stats.build.state.publication import publish
from stats.build.state.status import status
from stats.build.tables.released_tables import indicators_csv
from stats.build.verify import verify
from stats.errors import ExitCode, LockedError, RunEnvironmentError


@pytest.fixture
def params(tmp_path: Path) -> parameters.Params:
    return make_workspace(tmp_path / "county", codes=(FINE, BROKEN))


# A run that ends in the middle of a document: the record tells of the files that lie there.


@pytest.mark.parametrize("ends_with", [KeyboardInterrupt, RunEnvironmentError("坏了", "请修")])
@pytest.mark.parametrize("when", ["before", "after"])
def test_the_manifest_of_a_run_that_was_ended_agrees_with_the_folder(
    params: parameters.Params,
    deliveries: Deliveries,
    monkeypatch: pytest.MonkeyPatch,
    ends_with: type[BaseException] | BaseException,
    when: str,
) -> None:
    deliveries.build(params)
    deliveries.text = NEW

    def ended(*given: Any) -> None:
        if when == "after":
            publish(*given)
        raise ends_with

    monkeypatch.setattr("stats.build.state.publish_outcome.publish", ended)
    with pytest.raises((KeyboardInterrupt, RunEnvironmentError)):
        deliveries.build(params, force=True)
    assert verify(params).differences == ()


def test_a_run_told_to_end_while_it_writes_its_tables_writes_them_all(
    params: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries.build(params)
    change_returns(params.workspace)

    def told_to_end(*given: Any, **named: Any) -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        return indicators_csv(*given, **named)

    monkeypatch.setattr("stats.build.state.side_outputs.indicators_csv", told_to_end)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            deliveries.build(params)
    finally:
        signal.signal(signal.SIGINT, before)
    assert verify(params).differences == ()


def test_the_manifest_agrees_with_a_folder_in_which_only_some_files_got_their_names(
    params: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries.build(params)
    deliveries.text = NEW
    original = Path.replace

    def broken(path: Path, target: Path) -> Path:
        if target.suffix == ".pdf":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))
        return original(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", broken)
        with pytest.raises(RunEnvironmentError, match=r"\.pdf.*剩余空间 [\d,]+ 字节"):
            deliveries.build(params, force=True)
    assert verify(params).differences == ()
    deliveries.build(params)
    assert all(content.startswith(NEW.encode()) for content in documents(params, "附件2").values())


def documents(params: parameters.Params, number: str) -> dict[str, bytes]:
    lying = published_files(set_folder(params.workspace))
    return {name: lying[name] for name in lying if name.startswith(number)}


# Small file systems of their own. Mounting needs root.


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[Path, str], Path]]:
    """``mounted(folder, options)`` puts a new file system in memory at the folder; all are taken away in the end."""
    folders: list[Path] = []

    def mount(folder: Path, options: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        given = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
        if given.returncode:
            pytest.skip(f"needs the right to mount a file system: {given.stderr.strip()}")
        folders.append(folder)
        return folder

    if shutil.which("mount") is None or not hasattr(os, "getuid") or os.getuid() != 0:
        pytest.skip("needs root and mount")
    yield mount
    for folder in reversed(folders):
        subprocess.run(["umount", folder], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def fill(folder: Path, *, leave: int) -> Path:
    """Take all the room but so many bytes."""
    filler = folder / "filler"
    found = os.statvfs(folder)
    with filler.open("wb") as file:
        if (length := found.f_bavail * found.f_frsize - leave) > 0:
            os.posix_fallocate(file.fileno(), 0, length)
    return filler


def whole_documents(params: parameters.Params, *texts: str) -> bool:
    """Whether every document lies there wholly as one of these versions."""
    return all(
        content.startswith(tuple(text.encode() for text in texts)) and content.endswith("完\n".encode())
        for name, content in documents(params, "附件").items()
        if not name.endswith(".xlsx")
    )


@pytest.mark.parametrize("leave", [0, 64 * 1024, 15 * 2**20])
def test_a_full_disk_is_refused_before_anything_is_delivered(
    params: parameters.Params, deliveries: Deliveries, mounted: Callable[[Path, str], Path], leave: int
) -> None:
    disk = mounted(params.workspace / "reports", "size=24m")
    deliveries.build(params)
    before = published_files(disk)
    fill(disk, leave=leave)
    with pytest.raises(RunEnvironmentError, match=r"reports.*[\d,]+ 字节"):
        deliveries.build(params, force=True)
    assert deliveries.made == []
    (disk / "filler").unlink()
    assert published_files(disk) == before


def test_a_disk_that_fills_up_stops_the_run_and_it_goes_on_when_there_is_room(
    params: parameters.Params, deliveries: Deliveries, mounted: Callable[[Path, str], Path]
) -> None:
    disk = mounted(params.workspace / "reports", "size=24m")
    deliveries.build(params)
    deliveries.text = NEW

    def fill_at_the_second(_: Any) -> None:
        if len(deliveries.made) == 1:
            fill(disk, leave=0)

    deliveries.before = fill_at_the_second
    with pytest.raises(RunEnvironmentError, match=r"reports.*No space left.*剩余空间 0 字节"):
        deliveries.build(params, force=True)
    assert len(deliveries.made) == 2, "on a full disk the other documents are not tried"
    assert whole_documents(params, OLD, NEW)
    (disk / "filler").unlink()
    deliveries.before = None
    deliveries.build(params)
    assert deliveries.made == []
    assert verify(params).differences == ()
    assert leftovers(params.workspace) == []


def test_a_disk_without_inodes_is_refused(
    params: parameters.Params, deliveries: Deliveries, mounted: Callable[[Path, str], Path]
) -> None:
    disk = mounted(params.workspace / "reports", "size=24m,nr_inodes=200")
    deliveries.build(params)
    before = published_files(disk)
    for number in range(os.statvfs(disk).f_favail - 63):
        (disk / f"filler-{number}").touch()
    with pytest.raises(RunEnvironmentError, match="只能再建 63 个文件"):
        deliveries.build(params, force=True)
    for path in disk.glob("filler-*"):
        path.unlink()
    assert published_files(disk) == before


def test_inodes_that_run_out_during_a_run_stop_it(
    params: parameters.Params, deliveries: Deliveries, mounted: Callable[[Path, str], Path]
) -> None:
    disk = mounted(params.workspace / "reports", "size=24m,nr_inodes=200")
    deliveries.build(params)
    deliveries.text = NEW

    def use_them_up(_: Any) -> None:
        for number in range(os.statvfs(disk).f_favail):
            (disk / f"filler-{number}").touch()

    deliveries.before = use_them_up
    with pytest.raises(RunEnvironmentError, match="No space left"):
        deliveries.build(params, force=True)
    assert whole_documents(params, OLD)
    for path in disk.glob("filler-*"):
        path.unlink()
    deliveries.before = None
    deliveries.build(params)
    assert verify(params).differences == ()


def test_a_read_only_disk_is_refused_before_anything_is_delivered(
    params: parameters.Params, deliveries: Deliveries, mounted: Callable[[Path, str], Path]
) -> None:
    disk = mounted(params.workspace / "reports", "size=24m")
    deliveries.build(params)
    remount(disk, "ro")
    change_returns(params.workspace)
    with pytest.raises(RunEnvironmentError, match=r"reports.*Read-only file system"):
        deliveries.build(params)
    assert deliveries.made == []
    assert status(params, Options(jobs=1)).counts["stale"] > 0, "looking needs no writing"
    assert verify(params).differences == ()


def test_a_read_only_disk_without_a_set_is_refused(
    params: parameters.Params, deliveries: Deliveries, mounted: Callable[[Path, str], Path]
) -> None:
    mounted(params.workspace / "reports", "size=24m,ro")
    with pytest.raises(RunEnvironmentError, match=r"reports.*Read-only file system"):
        deliveries.build(params)
    assert deliveries.made == []


def test_a_temporary_folder_without_room_is_refused_and_no_other_is_taken(
    params: parameters.Params,
    deliveries: Deliveries,
    mounted: Callable[[Path, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TMPDIR", str(mounted(tmp_path / "t", "size=4k")))
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(RunEnvironmentError, match=r"临时文件夹 .*/t 不能写入：No space left"):
        deliveries.build(params)
    assert deliveries.made == []


# The output folder is taken away while a run is at work.


@pytest.mark.parametrize("what", [".", "meeting", ".internal", ".internal/meeting", ".internal/meeting/staged"])
def test_an_output_folder_removed_during_the_run_ends_it_and_is_not_made_again(
    params: parameters.Params, deliveries: Deliveries, what: str
) -> None:
    deliveries.build(params)
    year = set_folder(params.workspace).parent
    elsewhere = {path for path in params.workspace.rglob("*") if not path.is_relative_to(year)}
    deliveries.before = lambda _: shutil.rmtree(year / what, ignore_errors=True)
    with pytest.raises(RunEnvironmentError, match=r"reports.*No such file.*剩余空间 [\d,]+ 字节"):
        deliveries.build(params, force=True)
    assert not (year / what).exists()
    assert {path for path in params.workspace.rglob("*") if not path.is_relative_to(year)} == elsewhere
    deliveries.before = None
    deliveries.build(params)
    assert verify(params).differences == ()


# An input changes, goes or cannot be read.


def test_a_return_that_grows_during_the_run_stops_every_document_from_then_on(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    deliveries.build(params)
    before = published_files(set_folder(params.workspace))
    deliveries.text = NEW

    def append_once(_: Any) -> None:
        if len(deliveries.made) == 1:
            with returns_file(params.workspace).open("a", encoding="utf-8") as file:
                file.write(f"{BROKEN},望汀街道,镇,2021,spring,0,0\n")

    deliveries.before = append_once
    result = deliveries.build(params, force=True)
    assert result.exit_code == ExitCode.RUN_FAILED
    assert [failure.code for failure in result.failures] == ["I-CHANGED"] * 3
    assert all("全县.csv" in failure.message for failure in result.failures)
    after = published_files(set_folder(params.workspace))
    changed = {name[:3] for name in before if before[name] != after.get(name)}
    assert changed == {"附件2", "ind", "man", "合订本"}, "the first document, and what is written beside all of them"
    assert before.keys() - after.keys() == {"合订本-会议本.pdf"}, "documents that failed are in no volume"


def test_a_return_that_goes_during_the_run_is_named(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.before = lambda _: returns_file(params.workspace).unlink(missing_ok=True)
    result = deliveries.build(params)
    assert {failure.code for failure in result.failures} == {"I-CHANGED"}
    assert documents(params, "附件3") == {}


@pytest.mark.parametrize(
    "name", ["data/returns/2021/望汀街道.csv", "data/corrections/2021.yaml", "data/benchmarks/2021.csv"]
)
def test_a_file_that_comes_in_during_the_run_is_noticed(
    params: parameters.Params, deliveries: Deliveries, name: str
) -> None:
    """The documents built after it would show it, and those before would not."""

    def put(_: Any) -> None:
        (params.workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (params.workspace / name).write_text("", encoding="utf-8")

    deliveries.before = put
    result = deliveries.build(params)
    assert {failure.code for failure in result.failures} == {"I-CHANGED"}
    assert name.rpartition("/")[0] in result.failures[0].message


@pytest.mark.parametrize("name", ["params/county.yaml", "params/targets/2021.yaml", "data/benchmarks/2021.csv"])
def test_parameters_and_benchmarks_that_change_during_the_run_are_noticed(
    params: parameters.Params, deliveries: Deliveries, name: str
) -> None:
    path = params.workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text("indicator,level,name,value,source\n" if path.suffix == ".csv" else "", encoding="utf-8")
    deliveries.before = lambda _: path.write_text(f"{path.read_text(encoding='utf-8')}\n", encoding="utf-8")
    result = deliveries.build(params)
    assert {(failure.code, name in failure.message) for failure in result.failures} == {("I-CHANGED", True)}


def test_looking_at_a_return_in_a_spreadsheet_program_during_the_run_is_no_change(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    deliveries.before = lambda _: returns_file(params.workspace).with_name("~$全县.xlsx").write_bytes(b"")
    assert deliveries.build(params).failures == ()


@pytest.fixture(scope="module")
def driver(ground: Ground) -> Driver:
    return ground.driver


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.ENOENT])
def test_a_return_that_cannot_be_opened_ends_the_run_and_changes_nothing(
    driver: Driver, tmp_path: Path, error: int
) -> None:
    workspace = county(tmp_path / "c", driver.codes)
    assert driver.build(workspace, OLD).code == ExitCode.COMPLETE
    before = published_files(set_folder(workspace))
    set_version(workspace, NEW)
    fault = Fault(returns_file(workspace), Kind.READ, 1, Action.FAIL_ON, error)
    ending = driver.build(workspace, NEW, fault, forget=True)
    after = published_files(set_folder(workspace))
    assert (ending.code, after) == (ExitCode.ENVIRONMENT, before), ending


# Limits of the process.


def test_a_limit_of_the_file_size_is_a_full_disk(driver: Driver, tmp_path: Path) -> None:
    workspace = county(tmp_path / "c", driver.codes)
    assert driver.build(workspace, OLD).code == ExitCode.COMPLETE
    before = published_files(set_folder(workspace))
    largest = max(len(content) for name, content in before.items() if not name.startswith("附件"))
    set_version(workspace, NEW)
    for limit in (1024, largest - 1):
        ending = driver.build(workspace, NEW, file_size=limit)
        assert (ending.code, "File too large" in ending.problem) == (ExitCode.ENVIRONMENT, True), ending
        assert "剩余空间" in ending.problem
    assert driver.build(workspace, NEW).code == ExitCode.COMPLETE
    assert leftovers(workspace) == []


# Two runs at once.


def test_a_second_run_is_told_who_is_at_work_since_when_and_changes_nothing(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    told: list[LockedError] = []

    def run_too(_: Any) -> None:
        with pytest.raises(LockedError) as caught:
            Deliveries().build(params)
        told.append(caught.value)

    deliveries.before = run_too
    assert deliveries.build(params).exit_code == ExitCode.COMPLETE
    assert len(told) == 4
    assert told[0].exit_code == ExitCode.LOCKED
    assert str(os.getpid()) in told[0].problem
    assert socket.gethostname() in told[0].problem
    assert time.strftime("%Y-%m-%d") in told[0].problem
    assert leftovers(params.workspace) == []


@contextmanager
def process(code: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that runs this code; it is ended with the block."""
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        if running.stdout is not None:
            running.stdout.close()


HOLD = """
import sys, time
from pathlib import Path
from stats.build.state.lock import held
with held(Path({path!r})):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="needs processes that are waited for")
def test_the_lock_of_a_killed_process_is_taken_over_even_before_it_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    with process(HOLD.format(path=str(path))) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"进程 {other.pid}"), held(path):
            pytest.fail("two at once")
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        with held(path):
            assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_of_many_who_find_a_dead_owners_lock_one_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    path.write_text(json.dumps({"pid": 2**22 + 1, "host": socket.gethostname(), "since": "2021-01-01"}))
    all_started, all_tried = os.pipe(), os.pipe()
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            os._exit(_try_to_hold(path, all_started, all_tried))
        children.append(child)
    for descriptor in (*all_started, *all_tried):
        os.close(descriptor)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0] + [5] * 7
    assert list(tmp_path.iterdir()) == []


def _try_to_hold(path: Path, all_started: tuple[int, int], all_tried: tuple[int, int]) -> int:
    try:
        _wait_for_the_others(all_started)
        with held(path):
            _wait_for_the_others(all_tried)
            return 0
    except LockedError:
        return 5
    except BaseException:
        return 1


def _wait_for_the_others(pipe: tuple[int, int]) -> None:
    """Until each process that was given the pipe has closed its writing end, as one that ends does too."""
    os.close(pipe[1])
    os.read(pipe[0], 1)


def test_a_lock_taken_away_while_another_waits_for_it_is_not_held_by_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opened the file before its owner removed it locks a file that nobody finds any more."""
    path, flock = tmp_path / "lock.json", fcntl.flock
    tries: list[int] = []

    def removed_meanwhile(descriptor: int, how: int) -> None:
        tries.append(descriptor)
        if len(tries) == 1:
            path.unlink()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", removed_meanwhile)
    with held(path):
        assert len(tries) == 2
        with pytest.raises(LockedError), held(path):
            pytest.fail("two at once")


def test_a_clock_set_forward_does_not_make_a_living_owner_look_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system tells when a process was started by its own clock, which then moves with it."""
    path = tmp_path / "lock.json"
    with held(path):
        owner = json.loads(path.read_text(encoding="utf-8"))
        owner["since"] = "2001-01-01T00:00:00+08:00"
        path.write_text(json.dumps(owner), encoding="utf-8")
        with pytest.raises(LockedError), held(path):
            pytest.fail("taken over")
        path.unlink()


# Clocks, time zones and languages of the machine.


def test_a_clock_that_jumps_back_between_and_during_runs_changes_nothing(
    params: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries.build(params)
    before = published_files(set_folder(params.workspace))
    jumps = iter([2e9, 0.0, 1e9] * 10_000)
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    monkeypatch.setattr(lock, "_now", lambda: "1970-01-01T00:00:00+00:00")
    assert deliveries.build(params).built == frozenset()
    deliveries.build(params, force=True)
    assert published_files(set_folder(params.workspace)) == before


def test_file_times_of_the_future_are_times_like_any_other(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.before = lambda _: os.utime(returns_file(params.workspace), ns=(1, 1))
    os.utime(returns_file(params.workspace), ns=(1, 1))
    deliveries.build(params)
    for path in set_folder(params.workspace).rglob("*.html"):
        os.utime(path, (4e9, 4e9))
    assert deliveries.build(params).built == frozenset()
    assert verify(params).differences == ()


BUILD = """
import sys
from pathlib import Path
from deliveries import Deliveries
from stats import params
from stats.build.processes import workers
given = Deliveries()
workers.team = given.team
given.build(params.load(Path(sys.argv[1])), force=True)
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
        pytest.param({"TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8"}, marks=pytest.mark.soak),
        pytest.param({"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8"}, marks=pytest.mark.soak),
    ],
)
def test_time_zone_language_and_hash_seed_change_no_byte(
    params: parameters.Params, deliveries: Deliveries, surroundings: dict[str, str]
) -> None:
    deliveries.build(params)
    before = published_files(set_folder(params.workspace))
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": paths, **surroundings}
    subprocess.run([sys.executable, "-c", BUILD, params.workspace], env=environment, check=True)
    assert published_files(set_folder(params.workspace)) == before


def test_the_command_refuses_a_machine_that_opens_too_few_files(params: parameters.Params) -> None:
    resource = pytest.importorskip("resource")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    command = [sys.executable, "-m", "stats", "build", "--workspace", str(params.workspace)]
    ended = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == ExitCode.ENVIRONMENT, ended.stderr
    assert "本账户只能同时打开 64 个文件，至少要 128 个" in ended.stderr
    assert "Traceback" not in ended.stderr
