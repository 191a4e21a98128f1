"""What this machine allows: the length of a socket's path, the largest numbers, a system without /proc."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from make_workspace import FINE, make_notebook, make_workspace
from stats import forking
from stats.build.documents import notebook_process
from stats.build.documents.job import Engine
from stats.build.processes import preflight
from stats.build.processes.preflight import LONGEST_FOLDER, temporary_folder
from stats.build.state.output_paths import OutputPaths
from stats.cli import main
from stats.errors import ExitCode, RunEnvironmentError
from waiting import LONGEST

SOURCE = Path(__file__).resolve().parents[1] / "src"
# The name of a run's own folder below the temporary one, with the longest number a process may have.
PRIVATE = "stats-4194304-abcdefgh"


@pytest.fixture
def short() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="l-") as name:
        yield Path(name)


def lengthened(folder: Path, length: int) -> Path:
    """A new folder below this one whose path has so many bytes."""
    long = folder / ("x" * (length - len(os.fsencode(folder)) - 1))
    long.mkdir()
    return long


def executed(folder: Path, *, engine: Engine, memory: int | None = None) -> str:
    """What a notebook puts out."""
    notebook = make_notebook("1 + 1")
    done = notebook_process.execute(notebook, {}, folder=folder, seconds=LONGEST, engine=engine, memory=memory)
    text: str = done.cells[-1].outputs[0].data["text/plain"]
    return text


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such sockets")
def test_a_stock_kernel_starts_below_the_longest_temporary_folder_that_is_taken(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = lengthened(short, LONGEST_FOLDER) / PRIVATE
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    assert executed(tmp_path, engine="stock") == "2"
    assert list(private.iterdir()) == []


def test_a_longer_temporary_folder_is_refused(short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(lengthened(short, LONGEST_FOLDER + 1)))
    paths = OutputPaths(tmp_path, 2021, "meeting")
    paths.prepare()
    with pytest.raises(RunEnvironmentError, match="临时文件夹的路径过长"):
        preflight.check(paths)


def test_a_temporary_folder_named_from_here_is_the_same_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers and kernels work in other folders."""
    monkeypatch.setenv("TMPDIR", "here")
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    assert temporary_folder() == tmp_path / "here"


@pytest.mark.parametrize("option", ["--memory", "--timeout"])
@pytest.mark.parametrize("value", ["0", "-1", "9" * 21, "nan"])
def test_a_limit_that_no_system_has_is_refused_before_anything_is_done(
    tmp_path: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = make_workspace(tmp_path, codes=(FINE,)).workspace
    assert main(["build", "--workspace", str(workspace), option, value]) == ExitCode.USAGE
    assert f"{option} 的值不能用" in capsys.readouterr().err
    assert not (workspace / "reports").exists()


@pytest.mark.skipif(not forking.is_possible(), reason="this system cannot fork")
def test_the_largest_limits_that_can_be_asked_for_can_be_given(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, codes=(FINE,)).workspace
    limits = ("--memory", str(2**33), "--timeout", str(10**6))
    command = [sys.executable, "-m", "stats", "build", "--workspace", str(workspace), "--format", "html", *limits]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True)
    assert ended.returncode == ExitCode.COMPLETE, ended.stderr


# A system without /proc, as in some containers and jails.

HIDE = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]


def without_proc(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*HIDE, sys.executable, "-m", "stats", *map(str, arguments)]
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc to be without")
def test_without_proc_a_check_reads_and_a_build_is_refused_by_name(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run([*HIDE, "true"], capture_output=True).returncode:
        pytest.skip("needs the right to have mounts of its own")
    workspace = make_workspace(tmp_path, codes=(FINE,)).workspace
    checked = without_proc("check", "--workspace", workspace)
    assert checked.returncode == ExitCode.COMPLETE, checked.stderr
    built = without_proc("build", "--workspace", workspace)
    assert built.returncode == ExitCode.ENVIRONMENT
    assert "没有挂载 /proc" in built.stderr
    assert "处理办法：请挂载 /proc" in built.stderr
