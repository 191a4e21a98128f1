"""What was read is kept by content: the same answers, nothing trusted, nothing private kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import TOWN, as_csv, make_rows, put
from stats.params import load
from stats.returns import Returns, read
from stats.returns.cached_reader import _signature, secret_of

Make = Callable[..., Path]


def reading(workspace: Path, memory: Path | None) -> Returns:
    return read(load(workspace), [2021], memory)


def test_reading_with_a_memory_gives_exactly_what_reading_without_gives(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(bas_population="３２０００"), tmp_path / "memory"
    memory.mkdir()
    first, again = reading(workspace, memory), reading(workspace, memory)
    assert first == again == reading(workspace, None)
    assert len(list(memory.glob("*.tables"))) == 1


def test_a_changed_file_is_read_anew_and_the_old_entry_goes(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    reading(workspace, memory)
    old = {path.name for path in memory.glob("*.tables")}
    put(workspace, "双塘镇.csv", as_csv(make_rows(unit=TOWN, bas_population="33000")))
    cells = {cell.variable: cell.value for cell in reading(workspace, memory).cells if cell.period == "year"}
    assert cells["bas_population"] == "33000"
    assert old.isdisjoint(path.name for path in memory.glob("*.tables"))


def test_a_damaged_entry_is_passed_over(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    expected = reading(workspace, memory)
    (entry,) = memory.glob("*.tables")
    entry.write_bytes(entry.read_bytes().replace(b"32000", b"99000"))
    assert reading(workspace, memory) == expected


def test_an_entry_of_another_file_is_passed_over(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    reading(workspace, memory)
    (entry,) = memory.glob("*.tables")
    foreign = entry.read_bytes()
    put(workspace, "双塘镇.csv", as_csv(make_rows(unit=TOWN, bas_population="41000")))
    reading(workspace, memory)
    (entry,) = memory.glob("*.tables")
    entry.write_bytes(foreign)
    cells = {cell.variable: cell.value for cell in reading(workspace, memory).cells if cell.period == "year"}
    assert cells["bas_population"] == "41000"


def test_nothing_is_kept_of_a_file_that_tells_of_a_person(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(bas_villages="13800138000"), tmp_path / "memory"
    memory.mkdir()
    reading(workspace, memory)
    assert not list(memory.glob("*.tables"))


def test_a_memory_that_cannot_be_written_is_no_error(make_return: Make, tmp_path: Path) -> None:
    workspace = make_return()
    assert reading(workspace, tmp_path / "not" / "there") == reading(workspace, None)


# A folder that somebody hands over, with entries that say what is not so.


def forged(memory: Path, workspace: Path) -> None:
    """Let the only entry say another number, signed as far as one can who has the folder."""
    (entry,) = memory.glob("*.tables")
    content = entry.read_bytes().partition(b"\n")[2].replace(b"32000", b"99000")
    signature = _signature(content, secret_of(memory) or b"")
    entry.write_bytes(signature + b"\n" + content)
    assert reading(workspace, memory) != reading(workspace, None), "what is signed here is believed"


@pytest.mark.parametrize("way", ["copied", "copied back", "moved away and written again"])
def test_an_entry_that_was_signed_elsewhere_is_not_believed(make_return: Make, tmp_path: Path, way: str) -> None:
    workspace, memory, copy = make_return(), tmp_path / "memory", tmp_path / "copy"
    memory.mkdir()
    expected = reading(workspace, memory)
    forged(memory, workspace)
    shutil.copytree(memory, copy)
    if way == "copied back":
        shutil.rmtree(memory)
        shutil.copytree(copy, memory)
    elif way == "moved away and written again":
        key = (memory / "key").read_bytes()
        (memory / "key").unlink()
        (memory / "key").write_bytes(key)
    assert reading(workspace, copy if way == "copied" else memory) == expected


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_made_anew(make_return: Make, tmp_path: Path, content: bytes) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    expected = reading(workspace, memory)
    (memory / "key").write_bytes(content)
    assert reading(workspace, memory) == expected
    assert len((memory / "key").read_bytes()) == 32


@pytest.mark.skipif(os.name != "posix", reason="other systems have no pipes of this kind")
@pytest.mark.parametrize("name", ["key", "entry"])
def test_a_pipe_among_what_is_kept_holds_nobody_up(make_return: Make, tmp_path: Path, name: str) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    expected = reading(workspace, memory)
    (entry,) = memory.glob("*.tables")
    pipe = memory / "key" if name == "key" else entry
    pipe.unlink()
    os.mkfifo(pipe)
    assert reading(workspace, memory) == expected
