"""Whoever started the command no longer listens: the set is whole all the same, and the exit code says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deliveries import set_folder
from make_workspace import FINE, UNREPORTED, make_workspace
from stats.build.verify import verify
from stats.cli.streams import Lasting
from stats.errors import ExitCode

pytestmark = pytest.mark.skipif(os.name != "posix", reason="descriptors are closed as a POSIX shell does it")
SOURCE = Path(__file__).resolve().parents[1] / "src"
STANDARD = (0, 1, 2)


def command(
    *arguments: object, ready: Callable[[], None], errors: int | None = None
) -> subprocess.CompletedProcess[str]:
    """The command in a process in which ``ready`` has been called first."""
    return subprocess.run(
        [sys.executable, "-m", "stats", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        preexec_fn=ready,
        stderr=errors,
        text=True,
        encoding="utf-8",
    )


def closing(*numbers: int) -> Callable[[], None]:
    """What ``>&-`` does."""
    return lambda: [os.close(number) for number in numbers] and None


def unread(*numbers: int) -> Callable[[], None]:
    """What ``| true`` does, once that has ended."""

    def ready() -> None:
        reading, writing = os.pipe()
        os.close(reading)
        for number in numbers:
            os.dup2(writing, number)

    return ready


def full(number: int) -> Callable[[], None]:
    return lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), number) and None


@pytest.mark.parametrize("ready", [closing(*STANDARD), closing(1), unread(1, 2)], ids=["closed", "output", "unread"])
def test_a_set_is_whole_whatever_becomes_of_what_is_printed(tmp_path: Path, ready: Callable[[], None]) -> None:
    params = make_workspace(tmp_path, codes=(FINE, UNREPORTED))
    ended = command("build", "--workspace", params.workspace, "--format", "html", ready=ready)
    assert ended.returncode == ExitCode.COMPLETE
    assert verify(params).differences == ()
    documents = json.loads((set_folder(tmp_path) / "manifest.json").read_bytes())["documents"]
    assert [each["state"] for each in documents] == ["complete", "complete", "not_reported", "complete"]


@pytest.mark.parametrize("ready", [closing(1), closing(2), closing(*STANDARD), unread(1), unread(2), full(2)])
def test_the_exit_code_is_that_of_what_was_done(tmp_path: Path, ready: Callable[[], None]) -> None:
    """A county whose year has no returns: said to nobody, and still not 0."""
    workspace = make_workspace(tmp_path, codes=(FINE,)).workspace
    assert command("check", "--workspace", workspace, ready=ready).returncode == ExitCode.COMPLETE
    assert command("check", "1999", "--workspace", workspace, ready=ready).returncode == ExitCode.USAGE


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_result_that_was_not_written_in_full_is_no_success(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, codes=(FINE,)).workspace
    ended = command("check", "--json", "--workspace", workspace, ready=full(1), errors=subprocess.PIPE)
    assert ended.returncode == ExitCode.ENVIRONMENT
    assert "屏幕输出没有写全（No space left on device）" in ended.stderr


def test_a_reader_that_is_slow_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    content = b"x" * 2**20
    child = os.fork()
    if child == 0:
        os.close(reading)
        lasting = Lasting(writing)
        lasting.write(content)
        os._exit(lasting.lost is not None)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert file.read() == content
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
