"""What was read is kept by content: the same answers, nothing trusted, nothing private kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import TOWN, as_csv, make_rows, put
from stats.params import load
from stats.returns import Returns, read

Make = Callable[..., Path]


def reading(workspace: Path, memory: Path | None) -> Returns:
    return read(load(workspace), [2021], memory)


def test_reading_with_a_memory_gives_exactly_what_reading_without_gives(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(bas_population="３２０００"), tmp_path / "memory"
    memory.mkdir()
    first, again = reading(workspace, memory), reading(workspace, memory)
    assert first == again == reading(workspace, None)
    assert len(list(memory.iterdir())) == 1


def test_a_changed_file_is_read_anew_and_the_old_entry_goes(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    reading(workspace, memory)
    old = {path.name for path in memory.iterdir()}
    put(workspace, "双塘镇.csv", as_csv(make_rows(unit=TOWN, bas_population="33000")))
    cells = {cell.variable: cell.value for cell in reading(workspace, memory).cells if cell.period == "year"}
    assert cells["bas_population"] == "33000"
    assert old.isdisjoint(path.name for path in memory.iterdir())


def test_a_damaged_entry_is_passed_over(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    expected = reading(workspace, memory)
    (entry,) = memory.iterdir()
    entry.write_bytes(entry.read_bytes().replace(b"32000", b"99000"))
    assert reading(workspace, memory) == expected


def test_an_entry_of_another_file_is_passed_over(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(), tmp_path / "memory"
    memory.mkdir()
    reading(workspace, memory)
    (entry,) = memory.iterdir()
    foreign = entry.read_bytes()
    put(workspace, "双塘镇.csv", as_csv(make_rows(unit=TOWN, bas_population="41000")))
    reading(workspace, memory)
    (entry,) = memory.iterdir()
    entry.write_bytes(foreign)
    cells = {cell.variable: cell.value for cell in reading(workspace, memory).cells if cell.period == "year"}
    assert cells["bas_population"] == "41000"


def test_nothing_is_kept_of_a_file_that_tells_of_a_person(make_return: Make, tmp_path: Path) -> None:
    workspace, memory = make_return(bas_villages="13800138000"), tmp_path / "memory"
    memory.mkdir()
    reading(workspace, memory)
    assert not list(memory.iterdir())


def test_a_memory_that_cannot_be_written_is_no_error(make_return: Make, tmp_path: Path) -> None:
    workspace = make_return()
    assert reading(workspace, tmp_path / "not" / "there") == reading(workspace, None)
