"""While a run is at work, another account of the same machine reaches nothing of it, whatever new files are allowed.

What another account reaches is found out by a process of that account: it opens what it can, enters what it can and
knocks at every socket. Needs to be started by root, who alone may play another account.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from command import Command
from make_workspace import YEAR
from misbehaving import county, roster

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="needs Linux and root, to play another account"
)

UNITS = roster(("甲镇", "乙镇"))
ANOTHER = 65_534


@pytest.fixture
def workspace() -> Iterator[Path]:
    """A county whose first town's notebook waits until it may go on; everybody may enter what lies above it."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder:  # tests' usual folders are closed to others
        Path(folder).chmod(0o755)
        workspace = Path(folder) / "county"
        county(workspace, UNITS)
        trouble = workspace / "trouble"
        trouble.mkdir()
        waiting = "import time\nwhile not Path('go').exists():\n    time.sleep(0.05)"
        (trouble / f"{UNITS['甲镇']}.py").write_text(waiting, encoding="utf-8")
        yield workspace


def reached_by_another(*folders: Path) -> list[str]:
    """What a process of another account reaches below the folders."""
    context = multiprocessing.get_context("fork")  # the interpreter itself may lie where others cannot enter
    theirs, ours = context.Pipe(duplex=False)
    process = context.Process(target=_look_as_another, args=(folders, ours))
    process.start()
    ours.close()
    found: list[str] = theirs.recv()
    process.join()
    return found


def _look_as_another(folders: tuple[Path, ...], answer: Connection) -> None:
    os.setgroups([])
    os.setresgid(ANOTHER, ANOTHER, ANOTHER)
    os.setresuid(ANOTHER, ANOTHER, ANOTHER)
    answer.send([str(path) for folder in folders for path in _reached(folder)])


def _reached(folder: Path) -> Iterator[Path]:
    """What can be read, written, listed or connected to; links are not followed."""
    try:
        inside = list(folder.iterdir())
    except OSError:
        return
    for path in inside:
        try:
            kind = path.lstat().st_mode
            if stat.S_ISSOCK(kind):
                with socket.socket(socket.AF_UNIX) as knocking:
                    knocking.connect(str(path))
            elif stat.S_ISLNK(kind) or not (os.access(path, os.R_OK) or os.access(path, os.W_OK)):
                continue
        except OSError:
            continue
        yield path
        if stat.S_ISDIR(kind):
            yield from _reached(path)


def below(folder: Path) -> Iterator[Path]:
    """What lies below a folder in which files come and go."""
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *files))


@pytest.mark.parametrize("engine", ["warm", "stock"])
@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_another_account_reaches_nothing_of_a_run_at_work(workspace: Path, engine: str, mask: int) -> None:
    command = Command.build(
        workspace, "--format", "html", "--jobs", "2", "--engine", engine, before=lambda: os.umask(mask) and None
    )
    command.temporary.chmod(0o1777)  # as the system's own folder for temporary files
    internal = workspace / f"reports/{YEAR}/.internal"
    try:
        command.wait_for(lambda: (workspace / f"trouble/{UNITS['甲镇']}.tries").exists())
        (workspace / "open.txt").touch(mode=0o666)
        inside = [*below(internal), *below(command.temporary)]
        assert {path.name for path in inside} >= {"meeting", "ledger.jsonl", "lock.json"}
        assert engine == "warm" or any(path.is_socket() for path in inside)
        seen = reached_by_another(command.temporary, internal.parent, workspace)
        assert str(workspace / "open.txt") in seen, "the intruder must be able to look at all"
        assert [path for path in seen if path.startswith((str(command.temporary), str(internal)))] == []
    finally:
        (workspace / "go").touch()
        code, said = command.end()
    assert (code, command.left()) == (0, []), said


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_another_account_reaches_nothing_of_what_a_run_keeps_to_itself(workspace: Path, mask: int) -> None:
    (workspace / "go").touch()
    command = Command.build(workspace, "--format", "html", before=lambda: os.umask(mask) and None)
    assert command.end()[0] == 0
    internal = workspace / f"reports/{YEAR}/.internal"
    assert (internal / "meeting/ledger.jsonl").exists()
    assert [path for path in reached_by_another(internal.parent) if path.startswith(str(internal))] == []
