"""The county's key is there whole or not at all, whoever makes it and whenever that is broken off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stats.disclosure import county_key
from stats.disclosure.key import NAME


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "params").mkdir()
    return tmp_path


def test_a_key_is_made_once_and_for_its_owner_only(workspace: Path) -> None:
    key = county_key(workspace)
    assert len(key) == 64
    assert county_key(workspace) == key
    assert [path.name for path in (workspace / "params").iterdir()] == [NAME]
    assert (workspace / "params" / NAME).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("call", ["os.fsync", "os.link"])
def test_a_process_that_ends_while_it_makes_a_key_leaves_none(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(f"stats.disclosure.key.{call}", killed)
    with pytest.raises(SystemExit):
        county_key(workspace)
    monkeypatch.undo()
    assert not list((workspace / "params").iterdir())
    assert len(county_key(workspace)) == 64


def test_an_empty_key_file_is_no_key(workspace: Path) -> None:
    (workspace / "params" / NAME).touch()
    assert len(county_key(workspace)) == 64


def test_of_two_who_make_a_key_both_take_the_first(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linked = os.link

    def another_was_faster(draft: Path, path: Path) -> None:
        path.write_bytes(b"f" * 64)
        linked(draft, path)

    monkeypatch.setattr("stats.disclosure.key.os.link", another_was_faster)
    assert county_key(workspace) == b"f" * 64
    assert len(list((workspace / "params").iterdir())) == 1
