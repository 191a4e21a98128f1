"""What cannot be read for a reason outside it ends the run and changes nothing."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deliveries import Deliveries, published_files, returns_file, set_folder
from make_workspace import NAMES, REFUSED, UNREPORTED, YEAR, make_workspace
from stats import params as parameters
from stats.build.workspace.region import Answer, Chosen, each
from stats.cli import main
from stats.errors import AbsentError, ExitCode, UnreadableError
from stats.inputs import UnfitError, content, names
from stats.returns.parsed_file import Delivered, read_file
from stats.returns.sandboxed_reader import CAN_FORK, Reader

FINE = tuple(code for code in NAMES if code not in (UNREPORTED, REFUSED))
LAST_YEAR = f"data/returns/{YEAR - 1}/全县.csv"
Opened = Callable[..., int]


@pytest.fixture
def county(tmp_path: Path, deliveries: Deliveries) -> parameters.Params:
    """A county whose set of the year is published, compared with last year's returns."""
    params = make_workspace(tmp_path / "county", codes=FINE)
    last = params.workspace / LAST_YEAR
    last.parent.mkdir(parents=True)
    last.write_text(returns_file(params.workspace).read_text(encoding="utf-8").replace(f",{YEAR},", f",{YEAR - 1},"))
    assert deliveries.build(params).exit_code is ExitCode.COMPLETE
    return params


def reading_of(place: str, ends: Callable[[], None]) -> Callable[[], Reader]:
    """A reader that ends at this file."""

    def fragile(data: bytes, file: str) -> Delivered:
        if place.endswith(file):
            ends()
        return read_file(data, file)

    return lambda: Reader(fragile)


def refuse(name: str, error: int, original: Opened) -> Opened:
    def opened(path: object, *arguments: object, **options: object) -> int:
        if str(path).endswith(name):
            raise OSError(error, os.strerror(error), str(path))
        return original(path, *arguments, **options)

    return opened


@pytest.mark.skipif(not CAN_FORK, reason="files are read in a child process on Linux only")
@pytest.mark.parametrize("file", [f"data/returns/{YEAR}/全县.csv", LAST_YEAR])
def test_a_reader_that_is_killed_changes_nothing_that_is_published(
    county: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    before = published_files(set_folder(county.workspace))
    killed = reading_of(file, lambda: os.kill(os.getpid(), signal.SIGKILL))
    monkeypatch.setattr("stats.returns.Reader", killed)
    with pytest.raises(UnreadableError, match=r"全县.csv：读取程序被外部终止（SIGKILL）") as error:
        deliveries.build(county, force=True)
    assert error.value.exit_code is ExitCode.ENVIRONMENT
    assert deliveries.made == []
    assert published_files(set_folder(county.workspace)) == before
    monkeypatch.undo()
    assert deliveries.build(county).exit_code is ExitCode.COMPLETE


@pytest.mark.parametrize("file", [f"data/returns/{YEAR}/全县.csv", LAST_YEAR])
@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.ENOENT, errno.EMFILE])
def test_a_file_that_the_system_does_not_give_changes_nothing_that_is_published(
    county: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, file: str, error: int
) -> None:
    before = published_files(set_folder(county.workspace))
    monkeypatch.setattr("stats.inputs.opening.os.open", refuse(file, error, os.open))
    with pytest.raises(UnreadableError, match="读不到"):
        deliveries.build(county, force=True)
    monkeypatch.undo()
    assert published_files(set_folder(county.workspace)) == before


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO])
def test_a_year_whose_folder_cannot_be_listed_is_no_year_without_returns(
    county: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    original = os.listdir

    def listed(path: str | Path = ".") -> list[str]:
        if str(path).endswith(str(YEAR - 1)):
            raise OSError(error, os.strerror(error), str(path))
        return original(path)

    before = published_files(set_folder(county.workspace))
    monkeypatch.setattr("stats.inputs.opening.os.listdir", listed)
    with pytest.raises(UnreadableError, match=f"data/returns/{YEAR - 1}"):
        deliveries.build(county, force=True)
    assert published_files(set_folder(county.workspace)) == before


def test_a_disk_that_hesitates_once_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    opened, tried = os.open, []

    def hesitating(place: Path, how: int) -> int:
        tried.append(place)
        if len(tried) == 1:
            raise OSError(errno.EIO, "Input/output error")
        return opened(place, how)

    monkeypatch.setattr("stats.inputs.opening.os.open", hesitating)
    assert content(path, "a.csv", largest=1) == b"1"


def test_a_damaged_file_of_last_year_is_told_and_ends_the_run_with_data_refused(
    county: parameters.Params, deliveries: Deliveries, capsys: pytest.CaptureFixture[str]
) -> None:
    (county.workspace / LAST_YEAR).write_bytes(b"PK\x03\x04damaged")
    result = deliveries.build(county)
    assert result.exit_code is ExitCode.DATA_REFUSED
    assert [(finding.rule, finding.year) for finding in result.refusals] == [("R-FILE", YEAR - 1)]
    assert deliveries.build(county).refusals == result.refusals, "told again though nothing has changed"
    assert main(["check", "--workspace", str(county.workspace)]) == ExitCode.DATA_REFUSED
    assert "全县.csv" in capsys.readouterr().out


def test_one_countys_unreadable_file_is_not_its_neighbours(
    tmp_path: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("990111", "990118"):
        made, folder = tmp_path / code, tmp_path / "region/counties" / code
        make_workspace(made, codes=FINE)
        for path in (made / "params/county.yaml", returns_file(made)):
            path.write_text(path.read_text(encoding="utf-8").replace("990118", code), encoding="utf-8")
        shutil.copytree(made, folder)
    monkeypatch.setattr("stats.inputs.opening.os.open", refuse("990111/data/returns/2021/全县.csv", 13, os.open))

    def act(params: parameters.Params) -> Answer:
        return Answer(deliveries.build(params).exit_code, {}, "", lambda: None)

    answers = {name: answer.exit_code for name, answer in each(tmp_path / "region", Chosen(), act)}
    assert answers == {"990111": ExitCode.ENVIRONMENT, "990118": ExitCode.COMPLETE}


def test_a_county_whose_folder_may_not_be_entered_is_not_its_neighbours_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("990111", "990118"):
        made = make_workspace(tmp_path / code, codes=FINE).workspace
        text = (made / "params/county.yaml").read_text(encoding="utf-8").replace("990118", code)
        (made / "params/county.yaml").write_text(text, encoding="utf-8")
        shutil.copytree(made, tmp_path / "region/counties" / code)
    looked, closed = os.stat, f"{tmp_path}/region/counties/990111/"

    def closed_to_us(path: str | Path, **options: Any) -> os.stat_result:
        if str(path).startswith(closed):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return looked(path, **options)

    monkeypatch.setattr("stats.params.region.os.stat", closed_to_us)
    monkeypatch.setattr("stats.inputs.opening.os.open", refuse("990111/params/county.yaml", errno.EACCES, os.open))
    done = Answer(ExitCode.COMPLETE, {}, "", lambda: None)
    answers = {name: answer.exit_code for name, answer in each(tmp_path / "region", Chosen(), lambda _: done)}
    assert answers == {"990111": ExitCode.ENVIRONMENT, "990118": ExitCode.COMPLETE}


# The door itself.


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"12")
    assert content(path, "a.csv", largest=2) == b"12"
    with pytest.raises(UnfitError, match="文件超过 0 KB"):
        content(path, "a.csv", largest=1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_pipe_a_folder_and_a_device_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    problems = {tmp_path / "pipe": "不是普通文件", tmp_path: "是文件夹", Path("/dev/zero"): "不是普通文件"}
    for path, problem in problems.items():
        with pytest.raises(UnfitError, match=problem):
            content(path, "a.csv", largest=10)


def test_a_huge_file_is_refused_before_a_byte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(UnfitError, match="文件超过 1 MB"):
        content(path, "huge", largest=2**20)


def test_a_link_is_followed_only_where_that_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "a.csv")
    assert content(tmp_path / "link", "link", largest=1) == b"1"
    with pytest.raises(UnfitError, match="是链接"):
        content(tmp_path / "link", "link", largest=1, links=False)


def test_what_is_not_there_is_told_apart_from_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AbsentError):
        content(tmp_path / "none", "none", largest=1)
    assert names(tmp_path / "none", "none") == ()
    (tmp_path / "b").touch()
    (tmp_path / "a").touch()
    assert names(tmp_path, "folder") == ("a", "b")
    with pytest.raises(UnfitError, match="不是文件夹"):
        names(tmp_path / "a", "a")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UnfitError, match="所指的地方不存在"):
        names(tmp_path / "link", "link")
