"""What is refused before the first kernel starts, each with the folder, what it lacks and what to do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deliveries import Deliveries
from make_workspace import BROKEN, FINE, make_workspace
from stats.build.processes import preflight
from stats.build.state.build_state import Options
from stats.build.state.output_paths import OutputPaths
from stats.errors import RunEnvironmentError

CGROUPS = ("/sys/fs/cgroup/pids", "/sys/fs/cgroup")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutputPaths:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    paths = OutputPaths(tmp_path, 2021, "meeting")
    paths.prepare()
    return paths


class Room:
    """A file system with so much room."""

    def __init__(self, *, blocks: int = 2**20, files: int = 2**20, inodes: int = 2**20) -> None:
        self.f_bavail, self.f_frsize, self.f_files, self.f_favail = blocks, 4096, files, inodes


def with_room(monkeypatch: pytest.MonkeyPatch, **room: int) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: Room(**room))


def test_an_ordinary_machine_is_fit_and_nothing_is_left_of_the_look(paths: OutputPaths) -> None:
    before = set(paths.internal.iterdir())
    preflight.check(paths)
    assert set(paths.internal.iterdir()) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_folder_that_takes_no_bytes_is_named_with_the_reason_and_the_free_space(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(
        RunEnvironmentError, match=rf"输出文件夹 .*internal.* 不能写入：{os.strerror(number)}（剩余空间 [\d,]+ 字节"
    ):
        preflight.check(paths)
    assert [path for path in paths.internal.iterdir() if path.is_file()] == []


def test_a_disk_with_too_little_room_is_refused_with_both_numbers(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_room(monkeypatch, blocks=4095)
    with pytest.raises(RunEnvironmentError, match=r"只剩 16,773,120 字节，至少要 16,777,216 字节"):
        preflight.check(paths)
    with_room(monkeypatch, blocks=4096)
    preflight.check(paths)


def test_a_disk_that_can_take_no_more_files_is_refused(paths: OutputPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    with_room(monkeypatch, inodes=63)
    with pytest.raises(RunEnvironmentError, match="只能再建 63 个文件，至少要 64 个"):
        preflight.check(paths)


def test_a_file_system_that_does_not_count_its_files_is_not_taken_for_a_full_one(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_room(monkeypatch, files=0, inodes=0)
    preflight.check(paths)


@pytest.mark.parametrize("name", ["TMPDIR", "TEMP", "TMP"])
def test_a_temporary_folder_that_is_not_there_is_refused_and_no_other_is_taken(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "none"))
    with pytest.raises(RunEnvironmentError, match=rf"{name} .*none 不存在"):
        preflight.check(paths)


def test_the_temporary_folder_asked_for_is_the_one_that_is_tried(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    assert preflight.temporary_folder() == tmp_path / "t"


def test_a_temporary_folder_that_takes_no_bytes_is_named(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    original = tempfile.TemporaryFile

    def refuse(*, dir: Path) -> Any:
        if dir == tmp_path / "t":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(dir))
        return original(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(RunEnvironmentError, match=r"临时文件夹 .*/t 不能写入"):
        preflight.check(paths)


def test_a_temporary_folder_too_deep_for_a_socket_is_refused(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deep = tmp_path / ("深" * 30)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    with pytest.raises(RunEnvironmentError, match="路径过长"):
        preflight.check(paths)


def limited(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> list[tuple[int, int]]:
    """Limits of open files as they would be elsewhere, and what is set instead."""
    resource = pytest.importorskip("resource")
    wanted: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: wanted.append(limits))
    return wanted


def test_a_limit_of_open_files_that_may_be_raised_is_raised(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = limited(monkeypatch, 64, 4096)
    preflight.check(paths)
    assert wanted == [(128, 4096)]


def test_a_limit_of_open_files_that_may_not_be_raised_is_refused(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = limited(monkeypatch, 64, 64)
    with pytest.raises(RunEnvironmentError, match="只能同时打开 64 个文件，至少要 128 个") as caught:
        preflight.check(paths)
    assert "ulimit -n" in caught.value.remedy
    assert wanted == []


def test_a_run_on_a_machine_that_is_not_fit_delivers_and_publishes_nothing(
    tmp_path: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_room(monkeypatch, blocks=1)
    params = make_workspace(tmp_path, codes=(FINE,))
    with pytest.raises(RunEnvironmentError):
        deliveries.build(params)
    assert deliveries.made == []
    assert [path for path in (tmp_path / "reports").rglob("*") if path.is_file()] == []


# Processes and threads.


def test_a_run_is_refused_with_the_number_of_workers_that_would_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "process_room", lambda: 12)
    preflight.check_processes(Options(jobs=1))
    with pytest.raises(RunEnvironmentError, match="只能再开 12 个进程和线程，同时进行 2 份要 13 个") as refused:
        preflight.check_processes(Options(jobs=2))
    assert refused.value.remedy.startswith("请用 --jobs 1 ")
    preflight.check_processes(Options(jobs=2, cluster="tcp://127.0.0.1:1"))


def test_where_no_worker_fits_none_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "process_room", lambda: 5)
    with pytest.raises(RunEnvironmentError) as refused:
        preflight.check_processes(Options(jobs=1))
    assert refused.value.remedy.startswith("请关闭其他程序")


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group of our own that counts processes."""
    folder = next(
        (Path(root) / f"stats-{os.getpid()}" for root in CGROUPS if Path(root, "cgroup.procs").exists()), None
    )
    try:
        if folder is None:
            raise OSError("there is none")
        folder.mkdir()
        (folder / "pids.max").write_text("max")
    except OSError as error:
        pytest.skip(f"needs the right to make a control group: {error}")
    yield folder
    folder.rmdir()


@pytest.mark.parametrize(
    ("limit", "workers", "code"), [(8, "1", 0), (14, "2", 0), (14, "", 0), (13, "2", 4), (7, "", 4)]
)
def test_the_limit_of_a_control_group_is_seen_and_what_fits_into_it_is_enough(
    group: Path, tmp_path: Path, limit: int, workers: str, code: int
) -> None:
    params = make_workspace(tmp_path / "county", codes=(FINE, BROKEN))
    (group / "pids.max").write_text(str(limit))
    jobs = ("--jobs", workers) if workers else ()
    ended = subprocess.run(
        [sys.executable, "-m", "stats", "build", "--workspace", params.workspace, *jobs],
        preexec_fn=lambda: (group / "cgroup.procs").write_text(str(os.getpid())) and None,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # else one for each processor, before anything is counted
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ended.returncode == code, ended.stderr
    assert ("个进程和线程" in ended.stderr) == (code == 4)
