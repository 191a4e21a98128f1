"""The fork server: whatever dies, in whatever order, is noticed, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import fork_driver
from fork_driver import ask, play, prepare_nothing
from stats import forking
from stats.build.processes import fork_server
from stats.build.processes.fork_server import Child, ForkError, ForkServer
from stats.errors import RunEnvironmentError
from waiting import LONGEST, becomes_true

pytestmark = pytest.mark.skipif(not forking.is_possible(), reason="this system cannot fork")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


@pytest.fixture
def server(folder: Path) -> Iterator[ForkServer]:
    with fork_server.spawned(play, prepare=prepare_nothing, folder=folder) as started:
        yield started


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def all_gone(processes: list[psutil.Process]) -> bool:
    return becomes_true(lambda: all(is_gone(process.pid) for process in processes))


PREPARING = """
import sys, time
from pathlib import Path
from stats.build.processes import fork_server
def prepare():
    print("preparing", flush=True)
    time.sleep(600)
fork_server.forked(print, prepare=prepare, folder=Path({folder!r}))
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a system that tells of a parent's death")
def test_a_driver_killed_while_its_server_prepares_leaves_no_folder(tmp_path: Path) -> None:
    below = tmp_path / "run"
    below.mkdir(mode=0o700)
    code = PREPARING.format(folder=str(below))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "preparing\n"
        assert below.exists()
        process.kill()
    assert becomes_true(lambda: not below.exists())


def with_relatives(server: ForkServer) -> tuple[Child, list[psutil.Process]]:
    """A child with three processes of its own, the last of which was given up by its parent."""
    child = ask(server, "parent")
    assert child.pipe.recv_bytes() == b"started"
    parent = psutil.Process(child.pid)
    assert becomes_true(lambda: [process.name() for process in parent.children(recursive=True)] == ["sleep"] * 3)
    return child, parent.children(recursive=True)


def test_a_forked_process_talks_over_its_channel_and_ends_by_itself(server: ForkServer) -> None:
    child = ask(server, "echo")
    child.pipe.send_bytes(b"hello")
    assert child.pipe.recv_bytes() == b"hello!"
    assert child.wait(0) is None
    child.pipe.close()
    assert child.wait(LONGEST) == 0
    child.close()


@pytest.mark.parametrize(("role", "status"), [("leave", 7), ("fail", 1), ("crash", -signal.SIGSEGV), ("tidy", 0)])
def test_the_way_a_process_ended_is_reported(server: ForkServer, role: str, status: int) -> None:
    child = ask(server, role)
    assert child.wait(LONGEST) == status
    assert child.wait(0) == status
    child.close()


def test_what_a_process_leaves_to_its_end_is_done_and_not_what_it_inherited(folder: Path, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as kept:
        with fork_server.forked(play, prepare=prepare_nothing, folder=folder) as server:
            child = ask(server, "tidy")
            assert child.pipe.recv_bytes() == b"at exit"
            child.wait(LONGEST)
            child.close()
        assert Path(kept).is_dir()


def test_a_process_that_ignores_signals_is_killed(server: ForkServer) -> None:
    child = ask(server, "stubborn")
    assert child.pipe.recv_bytes() == b"ready"
    child.kill()
    assert child.wait(LONGEST) == -signal.SIGKILL
    child.close()


def test_closing_a_process_ends_everything_it_started(server: ForkServer) -> None:
    child, relatives = with_relatives(server)
    child.close()
    assert all(is_gone(process.pid) for process in relatives)


def test_what_a_process_started_ends_when_it_ends_by_itself(server: ForkServer) -> None:
    child, relatives = with_relatives(server)
    child.pipe.send_bytes(b"end")
    assert child.wait(LONGEST) == 0
    assert all_gone(relatives)
    child.close()


def test_the_relatives_of_a_living_process_outlive_another_one(server: ForkServer) -> None:
    child, relatives = with_relatives(server)
    other = ask(server, "leave")
    assert other.wait(LONGEST) == 7
    other.close()
    assert not any(is_gone(process.pid) for process in relatives)
    child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a system that tells of a parent's death")
def test_everything_ends_when_the_driver_is_killed_and_nothing_stays_of_its_folder(folder: Path) -> None:
    command = [sys.executable, fork_driver.__file__, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        below = [psutil.Process(int(pid)) for pid in process.stdout.readline().split()]
        below += below[-1].children(recursive=True)
        assert len(below) == 5
        process.kill()
    assert all_gone(below)
    assert becomes_true(lambda: not folder.exists())


def test_every_forked_process_ends_when_the_server_is_killed(server: ForkServer) -> None:
    child = ask(server, "stubborn")
    assert child.pipe.recv_bytes() == b"ready"
    os.kill(server.pid, signal.SIGKILL)
    assert child.wait(LONGEST) == -signal.SIGKILL
    assert becomes_true(lambda: is_gone(child.pid))
    child.close()
    with pytest.raises(ForkError):
        ask(server, "echo")


def test_a_server_that_has_gone_is_blamed_for_what_ended_beside_a_process_even_if_nobody_waited_for_that(
    server: ForkServer,
) -> None:
    child = ask(server, "stubborn")
    assert child.pipe.recv_bytes() == b"ready"
    child.blame_the_source()
    os.kill(server.pid, signal.SIGKILL)
    assert becomes_true(lambda: is_gone(server.pid))
    with pytest.raises(RunEnvironmentError, match="预热进程意外退出"):
        child.blame_the_source()
    child.leave()


@pytest.mark.parametrize("start", [fork_server.forked, fork_server.spawned])
def test_stopping_leaves_no_process_and_no_file(start: type[ForkServer], folder: Path) -> None:
    with start(play, prepare=prepare_nothing, folder=folder) as server:  # type: ignore[call-arg, arg-type]
        child, relatives = with_relatives(server)
    assert all(is_gone(pid) for pid in (child.pid, server.pid, *(process.pid for process in relatives)))
    assert not folder.exists()
    child.close()


def test_ended_processes_leave_no_zombie(server: ForkServer) -> None:
    for _ in range(5):
        child = ask(server, "leave")
        child.wait(LONGEST)
        child.close()
    assert psutil.Process(server.pid).children() == []


def test_the_server_keeps_no_descriptor_of_a_process_that_has_ended(server: ForkServer) -> None:
    def one() -> int:
        child = ask(server, "leave")
        child.wait(LONGEST)
        child.close()
        return psutil.Process(server.pid).num_fds()

    before = one()
    assert [one() for _ in range(5)] == [before] * 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_server_leaves_signals_of_the_terminal_to_the_driver(server: ForkServer, number: int) -> None:
    os.kill(server.pid, number)
    child = ask(server, "leave")
    assert child.wait(LONGEST) == 7
    child.close()


def broken() -> None:
    raise ValueError("nothing can be prepared")


def test_a_failed_preparation_is_an_error_for_whoever_asks(tmp_path: Path) -> None:
    with fork_server.forked(play, prepare=broken, folder=tmp_path) as server, pytest.raises(ForkError):
        server.fork()


def test_a_server_that_does_not_answer_in_time_is_an_error_for_whoever_asks(server: ForkServer) -> None:
    server.fork().leave()
    psutil.Process(server.pid).suspend()
    with pytest.raises(ForkError, match="没有及时回应"):
        server.fork(timeout=0.1)
    psutil.Process(server.pid).resume()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_inherits_neither_descriptors_nor_the_terminal(server: ForkServer) -> None:
    other = ask(server, "echo")
    child = ask(server, "descriptors")
    assert child.pipe.recv_bytes() == b"[]/dev/null"
    child.close()
    other.close()


def test_a_process_handles_signals_as_one_newly_started_in_a_session_of_its_own(server: ForkServer) -> None:
    child = ask(server, "signals")
    assert child.pipe.recv_bytes() == b"True"
    child.close()


def test_a_process_with_threads_is_not_forked(tmp_path: Path) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="threads"):
            fork_server.forked(play, prepare=prepare_nothing, folder=tmp_path)
    finally:
        done.set()
        thread.join()
