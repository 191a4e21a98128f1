"""The fork server: whatever dies, in whatever order, is noticed, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import fork_driver
from fork_driver import Driver, driver
from stats.build.processes.starting import Forked
from stats.errors import RunEnvironmentError
from stats.warm import fork_server
from stats.warm.fork_server import Child, ForkError, fork
from waiting import LONGEST, becomes_true

pytestmark = pytest.mark.skipif(not fork_server.available(), reason="this system cannot fork")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short name, as a socket's path may have few bytes."""
    with tempfile.TemporaryDirectory(prefix="f-") as name:
        yield Path(name)


@pytest.fixture
def running(folder: Path) -> Iterator[Driver]:
    with driver(folder) as started:
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
from stats.warm import fork_server
def prepare():
    print("preparing", flush=True)
    time.sleep(600)
fork_server.start({{}}, prepare=prepare, folder=Path({folder!r}))
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a system that tells of a parent's death")
def test_a_driver_killed_while_its_server_prepares_leaves_no_folder(folder: Path) -> None:
    below = folder / "run"
    below.mkdir(mode=0o700)
    code = PREPARING.format(folder=str(below))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "preparing\n"
        assert below.exists()
        process.kill()
    assert becomes_true(lambda: not below.exists())


def with_relatives(running: Driver) -> tuple[Child, list[psutil.Process]]:
    """A child with three processes of its own, the last of which was given up by its parent."""
    child = fork(running.address, "parent")
    assert child.channel.recv(100) == b"started"
    parent = psutil.Process(child.pid)
    assert becomes_true(lambda: [process.name() for process in parent.children(recursive=True)] == ["sleep"] * 3)
    return child, parent.children(recursive=True)


def test_a_forked_process_talks_over_its_channel_and_ends_by_itself(running: Driver) -> None:
    child = fork(running.address, "echo")
    child.channel.send(b"hello")
    assert child.channel.recv(100) == b"hello!"
    assert child.wait(0) is None
    child.channel.close()
    assert child.wait(LONGEST) == 0
    child.close()


@pytest.mark.parametrize(("role", "status"), [("leave", 7), ("fail", 1), ("crash", -signal.SIGSEGV), ("tidy", 0)])
def test_the_way_a_process_ended_is_reported(running: Driver, role: str, status: int) -> None:
    child = fork(running.address, role)
    assert child.wait(LONGEST) == status
    assert child.wait(0) == status
    child.close()


def test_what_a_process_leaves_to_its_end_is_done_and_not_what_it_inherited(running: Driver) -> None:
    child = fork(running.address, "tidy")
    assert child.channel.recv(100) == b"at exit"
    child.wait(LONGEST)
    child.close()
    assert running.kept.is_dir()


def test_a_process_that_ignores_signals_is_killed(running: Driver) -> None:
    child = fork(running.address, "stubborn")
    assert child.channel.recv(100) == b"ready"
    child.kill()
    assert child.wait(LONGEST) == -signal.SIGKILL
    child.close()


def test_closing_a_process_ends_everything_it_started(running: Driver) -> None:
    child, relatives = with_relatives(running)
    child.close()
    assert all(is_gone(process.pid) for process in relatives)


def test_what_a_process_started_ends_when_it_ends_by_itself(running: Driver) -> None:
    child, relatives = with_relatives(running)
    child.channel.send(b"end")
    assert child.wait(LONGEST) == 0
    assert all_gone(relatives)
    child.close()


def test_the_relatives_of_a_living_process_outlive_another_one(running: Driver) -> None:
    child, relatives = with_relatives(running)
    other = fork(running.address, "leave")
    assert other.wait(LONGEST) == 7
    other.close()
    assert not any(is_gone(process.pid) for process in relatives)
    child.close()


def test_a_process_ends_with_the_one_that_asked_for_it(running: Driver) -> None:
    # the process is held, since it also ends with the last one that holds its channel
    source = f"from stats.warm.fork_server import fork; child = fork({running.address!r}, 'stubborn')"
    asking = subprocess.Popen(
        [sys.executable, "-c", f"{source}; print(child.pid, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert asking.stdout is not None
    pid = int(asking.stdout.readline())
    assert not is_gone(pid)
    asking.kill()
    asking.communicate()
    assert becomes_true(lambda: is_gone(pid))


def test_everything_ends_when_the_driver_is_killed(running: Driver) -> None:
    child, relatives = with_relatives(running)
    running.process.kill()
    running.process.wait()
    assert all_gone([*relatives, psutil.Process(running.server)] if psutil.pid_exists(running.server) else relatives)
    assert becomes_true(lambda: is_gone(child.pid))
    assert becomes_true(lambda: not Path(running.address).exists())
    child.close()


def test_every_forked_process_ends_when_the_server_is_killed(running: Driver) -> None:
    child = fork(running.address, "stubborn")
    assert child.channel.recv(100) == b"ready"
    os.kill(running.server, signal.SIGKILL)
    assert child.wait(LONGEST) == -signal.SIGKILL
    assert becomes_true(lambda: is_gone(child.pid))
    child.close()
    with pytest.raises(ForkError):
        fork(running.address, "echo")


def test_a_server_that_has_gone_is_blamed_for_what_ended_beside_a_process_even_if_nobody_waited_for_that(
    running: Driver,
) -> None:
    process = Forked(running.address, "stubborn")
    process.blame_the_source()
    os.kill(running.server, signal.SIGKILL)
    assert becomes_true(lambda: is_gone(running.server))
    with pytest.raises(RunEnvironmentError, match="预热进程意外退出"):
        process.blame_the_source()
    process.leave()


def test_stopping_leaves_no_process_and_no_file(folder: Path) -> None:
    with driver(folder) as running:
        child, relatives = with_relatives(running)
    assert all(is_gone(pid) for pid in (child.pid, running.server, *(process.pid for process in relatives)))
    assert list(folder.iterdir()) == []
    child.close()


def test_ended_processes_leave_no_zombie(running: Driver) -> None:
    for _ in range(5):
        child = fork(running.address, "leave")
        child.wait(LONGEST)
        child.close()
    assert psutil.Process(running.server).children() == []


def test_the_server_keeps_no_descriptor_of_a_process_that_has_ended(running: Driver) -> None:
    def one() -> int:
        child = fork(running.address, "leave")
        child.wait(LONGEST)
        child.close()
        return psutil.Process(running.server).num_fds()

    before = one()
    assert [one() for _ in range(5)] == [before] * 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_server_leaves_signals_of_the_terminal_to_the_driver(running: Driver, number: int) -> None:
    os.kill(running.server, number)
    child = fork(running.address, "leave")
    assert child.wait(LONGEST) == 7
    child.close()


@pytest.mark.parametrize("content", [b"", b"garbage", b"x" * 500, b"no such role\n", b"echo\n", b"\xff\n"])
def test_a_bad_request_costs_only_whoever_sent_it(running: Driver, content: bytes) -> None:
    child = fork(running.address, "echo")
    with socket.socket(socket.AF_UNIX) as bad:
        bad.connect(running.address)
        bad.send(content)
    child.channel.send(b"still")
    assert child.channel.recv(100) == b"still!"
    child.close()


def test_an_unknown_role_is_refused_by_name(running: Driver) -> None:
    with pytest.raises(ForkError, match="no role nobody"):
        fork(running.address, "nobody")


def test_a_failed_preparation_is_an_error_for_whoever_asks(folder: Path) -> None:
    with driver(folder, "broken") as running, pytest.raises(ForkError):
        fork(running.address, "echo")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_inherits_neither_descriptors_nor_the_terminal(running: Driver) -> None:
    other = fork(running.address, "echo")
    child = fork(running.address, "descriptors")
    assert child.channel.recv(1000) == b"[]/dev/null"
    child.close()
    other.close()


def test_a_process_handles_signals_as_one_newly_started_in_a_session_of_its_own(running: Driver) -> None:
    child = fork(running.address, "signals")
    assert child.channel.recv(100) == b"True"
    child.close()


def test_a_process_with_threads_is_not_forked(folder: Path) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="threads"):
            fork_server.start(fork_driver.ROLES, prepare=lambda: None, folder=folder)
    finally:
        done.set()
        thread.join()


def test_a_folder_whose_path_no_socket_can_have_is_refused(folder: Path) -> None:
    deep = folder / ("x" * 120)
    deep.mkdir()
    with pytest.raises(RunEnvironmentError, match="临时文件夹的路径过长"):
        fork_server.start(fork_driver.ROLES, prepare=lambda: None, folder=deep)
