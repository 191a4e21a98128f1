"""One document's way into the folder, and how a run that was killed on that way is finished by the next."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stats.batch.ledger import Filed, History, Ledger, Publication, opened, read
from stats.batch.places import Places
from stats.batch.publication import filed, publish, recover, withdraw
from stats.batch.sources import sha256
from stats.errors import SurroundingsError

FORMATS = ("html", "pdf", "ipynb")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path, 2021, "meeting")
    places.prepare()
    return places


def stage(places: Places, text: str, formats: tuple[str, ...] = FORMATS) -> dict[str, Path]:
    """The files of the document 甲 as a worker stages them, each with its own bytes."""
    staged = {f"甲.{suffix}": places.staged / f"甲.{suffix}" for suffix in formats}
    for name, path in staged.items():
        path.write_text(f"{text} {name}", encoding="utf-8")
    return staged


def described(staged: dict[str, Path], kept: dict[str, Filed] | None = None) -> Publication:
    files = {**(kept or {}), **{name: filed(path) for name, path in staged.items()}}
    return Publication("甲", "complete", {"data": "1"}, files)


def put(places: Places, text: str, formats: tuple[str, ...] = FORMATS) -> Publication:
    """Publish the document 甲 in a run of its own."""
    staged = stage(places, text, formats)
    publication = described(staged)
    with opened(places.ledger) as ledger:
        publish(places, ledger, publication, staged)
    return publication


def begin(places: Places, text: str, *, renamed: int = 0) -> Publication:
    """What a run leaves that is killed after telling the ledger, with so many files already named."""
    staged = stage(places, text)
    publication = described(staged)
    with opened(places.ledger) as ledger:
        ledger.publishing(publication)
    for name in list(publication.files)[:renamed]:
        staged[name].replace(places.folder / name)
    return publication


def next_run(places: Places) -> History:
    """What the next run finds, and does before anything else."""
    history = read(places.ledger)
    with opened(places.ledger) as ledger:
        recover(places, ledger, history)
    return history


def texts(places: Places) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in places.folder.glob("甲.*")}


def whole(text: str, formats: tuple[str, ...] = FORMATS) -> dict[str, str]:
    return {f"甲.{suffix}": f"{text} 甲.{suffix}" for suffix in formats}


def test_a_published_document_has_its_files_and_is_on_record_with_their_hashes(places: Places) -> None:
    publication = put(places, "一")
    assert texts(places) == whole("一")
    assert read(places.ledger).published == {"甲": publication}
    assert {name: each.sha256 for name, each in publication.files.items()} == {
        name: sha256(places.folder / name) for name in whole("一")
    }


def test_a_named_file_is_known_by_size_and_time_stamp(places: Places) -> None:
    publication = put(places, "一")
    assert all(each.is_untouched(places.folder / name) for name, each in publication.files.items())


def test_the_ledger_is_told_before_a_file_gets_its_name_and_again_after(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    monkeypatch.setattr(Ledger, "publishing", lambda *_: seen.append(("publishing", bool(texts(places)))))
    monkeypatch.setattr(Ledger, "published", lambda *_: seen.append(("published", texts(places) == whole("一"))))
    put(places, "一")
    assert seen == [("publishing", False), ("published", True)]


def test_a_file_of_a_format_no_longer_published_is_removed(places: Places) -> None:
    put(places, "一")
    put(places, "二", ("html", "ipynb"))
    assert texts(places) == whole("二", ("html", "ipynb"))


def test_a_kept_format_stays_as_it_is(places: Places) -> None:
    kept = put(places, "一").files
    staged = stage(places, "二", ("html",))
    with opened(places.ledger) as ledger:
        publish(places, ledger, described(staged, dict(kept)), staged)
    assert texts(places) == {**whole("一"), **whole("二", ("html",))}


def test_a_file_is_not_published_over_a_link(places: Places, tmp_path: Path) -> None:
    (places.folder / "甲.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SurroundingsError, match="符号链接"):
        put(places, "一")
    assert read(places.ledger) == History()


def test_a_rename_that_fails_names_the_file_and_the_free_space(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, target: Path) -> Path:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(SurroundingsError, match=r"甲\.html.*剩余空间 [\d,]+ 字节"):
        put(places, "一")
    assert "甲" in read(places.ledger).unfinished


# A run killed in between: the next one finishes what it finds.


@pytest.mark.parametrize("renamed", [0, 1, 2, 3])
@pytest.mark.parametrize("had_one", [False, True])
def test_a_document_killed_on_its_way_is_finished_by_the_next_run(places: Places, renamed: int, had_one: bool) -> None:
    if had_one:
        put(places, "一")
    publication = begin(places, "二", renamed=renamed)
    history = next_run(places)
    assert texts(places) == whole("二")
    assert history.published == {"甲": publication}
    assert read(places.ledger).unfinished == {}
    assert list(places.staged.iterdir()) == []


def test_a_run_killed_while_it_finishes_another_is_finished_too(places: Places) -> None:
    put(places, "一")
    begin(places, "二", renamed=1)
    history = read(places.ledger)
    (places.staged / "甲.pdf").replace(places.folder / "甲.pdf")
    assert next_run(places).published == history.unfinished
    assert texts(places) == whole("二")


def test_finishing_removes_a_format_that_the_new_publication_does_not_have(places: Places) -> None:
    put(places, "一")
    staged = stage(places, "二", ("html", "ipynb"))
    with opened(places.ledger) as ledger:
        ledger.publishing(described(staged))
    next_run(places)
    assert texts(places) == whole("二", ("html", "ipynb"))


def test_finishing_keeps_a_kept_format(places: Places) -> None:
    kept = put(places, "一").files
    staged = stage(places, "二", ("html",))
    publication = described(staged, dict(kept))
    with opened(places.ledger) as ledger:
        ledger.publishing(publication)
    assert next_run(places).published == {"甲": publication}
    assert texts(places) == {**whole("一"), **whole("二", ("html",))}


@pytest.mark.parametrize("renamed", [0, 1, 2])
@pytest.mark.parametrize("damage", ["missing", "cut short", "other bytes"])
def test_a_document_whose_staged_file_is_lost_is_built_anew(places: Places, renamed: int, damage: str) -> None:
    """Every file is old or new still, and no record says that the document is what lies there."""
    put(places, "一")
    begin(places, "二", renamed=renamed)
    last = places.staged / "甲.ipynb"
    if damage == "missing":
        last.unlink()
    else:
        last.write_bytes(last.read_bytes()[:-1] + (b"" if damage == "cut short" else b"x"))
    assert "甲" not in next_run(places).published
    new = dict(list(whole("二").items())[:renamed])
    assert texts(places) == {**whole("一"), **new}


def test_a_document_that_cannot_be_finished_stays_unfinished_on_record(places: Places) -> None:
    """Until it is built again or no longer due: a run for other units must not forget it."""
    put(places, "一")
    begin(places, "二", renamed=1)
    (places.staged / "甲.ipynb").unlink()
    next_run(places)
    assert "甲" in read(places.ledger).unfinished
    assert "甲" not in next_run(places).published


def test_publishing_again_settles_what_was_unfinished(places: Places) -> None:
    begin(places, "一", renamed=1)
    (places.staged / "甲.pdf").unlink()
    next_run(places)
    publication = put(places, "二")
    assert next_run(places).published == {"甲": publication}
    assert texts(places) == whole("二")


# Documents that are no longer due.


def withdrawn_by(places: Places, due: dict[str, object]) -> None:
    history = read(places.ledger)
    with opened(places.ledger) as ledger:
        recover(places, ledger, history)
        withdraw(places, ledger, history, due)


def test_a_document_no_longer_due_is_set_aside_and_off_the_record(places: Places) -> None:
    put(places, "一")
    withdrawn_by(places, {})
    assert texts(places) == {}
    assert {path.name for path in places.withdrawn.iterdir()} == set(whole("一"))
    assert read(places.ledger).published == {}


def test_a_document_still_due_is_not_set_aside(places: Places) -> None:
    put(places, "一")
    withdrawn_by(places, {"甲": None})
    assert texts(places) == whole("一")


def test_withdrawing_that_was_killed_half_way_is_finished(places: Places) -> None:
    put(places, "一")
    (places.folder / "甲.html").replace(places.withdrawn / "甲.html")
    withdrawn_by(places, {})
    assert texts(places) == {}
    assert {path.name for path in places.withdrawn.iterdir()} == set(whole("一"))


def test_a_document_no_longer_due_that_could_not_be_finished_is_set_aside_too(places: Places) -> None:
    begin(places, "一", renamed=1)
    (places.staged / "甲.ipynb").unlink()
    withdrawn_by(places, {})
    assert texts(places) == {}
    assert read(places.ledger) == History(lines=2)


def test_a_withdrawal_is_on_the_disk_before_it_is_on_record(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    put(places, "一")
    order: list[str] = []
    monkeypatch.setattr("stats.batch.publication.flush_folder", lambda folder: order.append(folder.name))
    monkeypatch.setattr(Ledger, "withdrawn", lambda _, document: order.append(document))
    withdrawn_by(places, {})
    assert order == ["withdrawn", "meeting", "甲"]
