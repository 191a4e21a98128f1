"""A file that kills its reader kills nothing else, and a reader killed by others says nothing of the file."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from conftest import NEIGHBOUR, TOWN, as_csv, make_rows, make_workspace, put
from filled_forms import filled_form
from stats.errors import ExitCode, UnreadableError
from stats.findings import Severity
from stats.params import load
from stats.returns import read
from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.grid import Grid
from stats.returns.parsed_file import Delivered, read_file
from stats.returns.reader_process import FAULTS, Patience, receive, send
from stats.returns.sandboxed_reader import CAN_FORK, Limits, Reader
from waiting import LONGEST, becomes_true

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="files are read in a child process on Linux only")

GOOD = as_csv(make_rows()).encode()
SMALL = Limits(cpu_seconds=1, seconds=LONGEST, memory=2**28)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def own_children() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def reading(data: bytes, file: str) -> Delivered:
    """A reader with one fault for each way a damaged file may end it."""
    if data == b"abort":
        os.abort()
    if data == b"exit":
        os._exit(0)
    if data == b"endless":
        while True:
            pass
    if data == b"asleep":
        time.sleep(600)
    if data == b"memory":
        hoard = [bytearray(2**24) for _ in range(1000)]
        raise AssertionError(len(hoard))
    if data == b"bug":
        raise KeyError("张三 13800138000")
    return Delivered((Grid(file, "", [[data.decode()]]),))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"abort", "在这个文件上中止"),
        (b"exit", "在这个文件上中止"),
        (b"endless", "用时超过 1 秒"),
        (b"memory", "内存"),
        (b"bug", "KeyError"),
    ],
)
def test_what_ends_the_reader_refuses_that_file_and_the_next_one_is_read(data: bytes, word: str) -> None:
    before = own_children()
    with Reader(reading, limits=SMALL) as reader:
        with pytest.raises(RefusalError) as refusal:
            reader.read(data, "2021/坏.xlsx")
        assert reader.read(b"good", "2021/b.csv").grids[0].rows == [["good"]]
    assert word in refusal.value.finding.message
    assert refusal.value.finding.file == "2021/坏.xlsx"
    assert refusal.value.finding.severity is Severity.FATAL
    assert "张三" not in repr(refusal.value.finding)
    assert own_children() == before


def test_a_reader_that_waits_for_ever_is_ended_by_the_clock_and_nothing_is_said_of_the_file() -> None:
    before = own_children()
    with Reader(reading, limits=Limits(seconds=0.2)) as reader, pytest.raises(UnreadableError) as error:
        reader.read(b"asleep", "a.xlsx")
    assert "超过 0.2 秒" in error.value.problem
    assert error.value.exit_code is ExitCode.ENVIRONMENT
    assert own_children() == before


def times(place: Path) -> int:
    """How often this has been called for the place, this time included, by whichever process."""
    with place.open("ab") as file:
        file.write(b".")
    return place.stat().st_size


OTHERS = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGXCPU", "SIGALRM", "SIGUSR1")


@pytest.mark.parametrize("name", [*OTHERS, "SIGSTOP"])
def test_a_reader_ended_by_others_reads_the_file_again(tmp_path: Path, name: str) -> None:
    def ended_once(data: bytes, file: str) -> Delivered:
        if times(tmp_path / "times") == 1:
            os.kill(os.getpid(), getattr(signal, name))
        return reading(data, file)

    before = own_children()
    with Reader(ended_once, limits=Limits(seconds=10 if name == "SIGSTOP" else LONGEST)) as reader:
        assert reader.read(b"good", "a.csv").grids[0].rows == [["good"]]
    assert times(tmp_path / "times") == 3
    assert own_children() == before


@pytest.mark.parametrize("name", OTHERS)
def test_a_reader_that_others_end_again_and_again_says_nothing_of_the_file(name: str) -> None:
    def ended(data: bytes, file: str) -> Delivered:
        os.kill(os.getpid(), getattr(signal, name))
        return reading(data, file)

    with Reader(ended) as reader, pytest.raises(UnreadableError, match=f"2021/a.csv：.*{name}") as error:
        reader.read(b"good", "2021/a.csv")
    assert "原有成品未改动" in error.value.remedy


@pytest.mark.parametrize("number", sorted(FAULTS))
def test_the_signal_of_a_fault_that_others_send_does_nothing(number: signal.Signals) -> None:
    def sent(data: bytes, file: str) -> Delivered:
        os.kill(os.getpid(), number)
        return reading(data, file)

    with Reader(sent) as reader:
        assert reader.read(b"good", "a.csv").grids[0].rows == [["good"]]


def test_a_fault_refuses_the_file_only_when_it_comes_twice(tmp_path: Path) -> None:
    def faulty(data: bytes, file: str) -> Delivered:
        if data == b"always" or times(tmp_path / "times") == 1:
            ctypes.string_at(0)
        return reading(data, file)

    with Reader(faulty) as reader:
        assert reader.read(b"once", "a.csv").grids[0].rows == [["once"]]
        with pytest.raises(RefusalError):
            reader.read(b"always", "a.csv")


def test_a_refusal_counts_only_when_a_second_process_says_the_same(tmp_path: Path) -> None:
    def hasty(data: bytes, file: str) -> Delivered:
        if times(tmp_path / "times") == 1:
            raise refuse_file(file, "文件损坏或不完整", "请重新复制")
        return reading(data, file)

    with Reader(hasty) as reader:
        assert reader.read(b"good", "a.csv").grids[0].rows == [["good"]]


def test_answers_that_are_never_the_same_say_nothing_of_the_file(tmp_path: Path) -> None:
    def unsteady(data: bytes, file: str) -> Delivered:
        raise refuse_file(file, f"第 {times(tmp_path / 'times')} 次", "请重新复制")

    with Reader(unsteady) as reader, pytest.raises(UnreadableError, match="各不相同"):
        reader.read(b"good", "a.csv")


def test_a_machine_on_which_every_reader_breaks_refuses_no_file() -> None:
    def broken(data: bytes, file: str) -> Delivered:
        ctypes.string_at(0)
        return reading(data, file)

    with Reader(broken) as reader, pytest.raises(UnreadableError, match="本机的读取程序不能正常工作"):
        reader.read(b"good", "a.csv")


def test_memory_that_the_machine_does_not_have_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stats.returns.reader_process.has_memory", lambda limits: False)
    with Reader(reading, limits=SMALL) as reader, pytest.raises(UnreadableError, match="系统没有给"):
        reader.read(b"memory", "a.csv")


@pytest.mark.parametrize("can_fork", [True, False])
@pytest.mark.parametrize("error", [OSError(5, "EIO"), OSError(24, "EMFILE"), OSError(12, "ENOMEM")])
def test_what_the_system_refuses_the_reader_is_no_fault_of_the_file(error: OSError, can_fork: bool) -> None:
    def hindered(data: bytes, file: str) -> Delivered:
        raise refuse_file(file, "文件损坏或不完整", "请重新复制") from error

    with Reader(hindered, can_fork=can_fork) as reader, pytest.raises(UnreadableError, match="系统没有给"):
        reader.read(b"good", "a.csv")


def test_no_process_for_reading_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("stats.returns.sandboxed_reader.os.fork", full)
    with Reader(reading) as reader, pytest.raises(UnreadableError, match="不能启动读取程序"):
        reader.read(b"good", "a.csv")


def test_waiting_while_this_process_was_suspended_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    clock = iter(range(0, 10**6, 1000))  # a thousand seconds from one look to the next

    def look() -> float:
        seconds = next(clock)
        if seconds == 4000:
            theirs.send(b"!")
        return float(seconds)

    monkeypatch.setattr("stats.returns.reader_process._LOOK", 0.01)
    monkeypatch.setattr("stats.returns.reader_process.time.monotonic", look)
    with ours, theirs:
        Patience(0.1).wait(ours, select.POLLIN)
        assert ours.recv(1) == b"!"
        with pytest.raises(TimeoutError):
            Patience(0.1).wait(ours, select.POLLIN)


def test_nobody_waits_for_one_that_takes_or_sends_half_a_message() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(TimeoutError):
            send(ours, bytes(2**24), Patience(0.05))
        theirs.send((10).to_bytes(8, "big") + b"half")
        with pytest.raises(TimeoutError):
            receive(ours, Patience(0.05))


def test_a_child_ended_from_outside_while_idle_costs_no_file() -> None:
    before = own_children()
    with Reader(reading) as reader:
        reader.read(b"first", "a.csv")
        (number,) = own_children() - before
        idle = psutil.Process(number)
        idle.kill()
        psutil.wait_procs([idle], timeout=LONGEST)
        assert reader.read(b"second", "b.csv").grids[0].rows == [["second"]]


def test_one_child_reads_all_files_of_a_run_and_is_gone_afterwards() -> None:
    before = own_children()
    with Reader(reading) as reader:
        seen = set()
        for number in range(5):
            reader.read(str(number).encode(), "a.csv")
            seen |= own_children() - before
    assert len(seen) == 1
    assert own_children() == before


def test_the_limits_hold_in_the_child_and_not_here() -> None:
    import resource

    def limits(data: bytes, file: str) -> Delivered:
        known = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
        return Delivered((Grid(file, "", [[str(resource.getrlimit(limit)[0]) for limit in known]]),))

    before = resource.getrlimit(resource.RLIMIT_AS)
    with Reader(limits, limits=Limits(cpu_seconds=7, memory=2**30)) as reader:
        ((memory, cpu, core),) = reader.read(b"", "a").grids[0].rows
    assert 2**30 < int(memory) < 2**40
    assert 7 < int(cpu) < 60
    assert core == "0"
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@pytest.mark.parametrize("content", ["csv", "form"])
def test_the_child_gives_what_reading_here_gives(tmp_path: Path, content: str) -> None:
    data = GOOD if content == "csv" else filled_form(tmp_path)
    with Reader() as reader:
        assert reader.read(data, "2021/a") == Reader(can_fork=False).read(data, "2021/a") == read_file(data, "2021/a")


def test_a_refusal_is_the_same_in_the_child_and_here() -> None:
    findings = []
    for can_fork in (True, False):
        with Reader(can_fork=can_fork) as reader, pytest.raises(RefusalError) as refusal:
            reader.read(b"%PDF-1.7", "a.xlsx")
        findings.append(refusal.value.finding)
    assert findings[0] == findings[1]


def test_reading_here_survives_an_error_of_the_reader() -> None:
    with Reader(reading, can_fork=False) as reader, pytest.raises(RefusalError) as refusal:
        reader.read(b"bug", "a.xlsx")
    assert "KeyError" in refusal.value.finding.message
    assert "张三" not in repr(refusal.value.finding)


def test_a_year_of_returns_goes_on_after_a_file_that_aborts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(data: bytes, file: str) -> Delivered:
        if b"poison" in data:
            ctypes.string_at(0)
        return read_file(data, file)

    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", GOOD)
    put(workspace, "b.csv", b"poison")
    put(workspace, "c.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    monkeypatch.setattr("stats.returns.Reader", lambda: Reader(fragile))
    returns = read(load(workspace), [2021])
    assert [(found.rule, found.file, found.severity) for found in returns.findings] == [
        ("R-FILE", "2021/b.csv", Severity.FATAL)
    ]
    assert returns.received == {2021: frozenset({TOWN[0], NEIGHBOUR[0]})}
    assert set(returns.inputs) == {f"data/returns/2021/{name}.csv" for name in "abc"}


def test_reading_works_beside_other_threads() -> None:
    results: list[list[list[str]]] = []

    def work() -> None:
        with Reader() as reader:
            results.append(reader.read(GOOD, "a.csv").grids[0].rows)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONGEST)
    assert len(results) == 4
    assert all(rows == results[0] for rows in results)


def test_nothing_outlives_a_process_that_is_killed_while_reading(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import time
        from stats.returns.sandboxed_reader import Reader
        from stats.returns.parsed_file import Delivered
        def slow(data, file):
            time.sleep(600)
        with Reader(slow) as reader:
            reader._start(slow)
            print(reader._child.pid, flush=True)
            reader.read(b"x", "a")
        """
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        process.kill()
    assert becomes_true(lambda: is_gone(grandchild))
