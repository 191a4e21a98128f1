"""One document's way into the folder, and how a run that was killed on that way is finished by the next."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stats.build.state.ledger import Filed, History, Ledger, Publication, opened, read
from stats.build.state.output_paths import OutputPaths
from stats.build.state.publication import filed, publish, recover, withdraw
from stats.build.state.sources import sha256
from stats.errors import RunEnvironmentError

FORMATS = ("html", "pdf", "ipynb")


@pytest.fixture
def paths(tmp_path: Path) -> OutputPaths:
    paths = OutputPaths(tmp_path, 2021, "meeting")
    paths.prepare()
    return paths


def stage(paths: OutputPaths, text: str, formats: tuple[str, ...] = FORMATS) -> dict[str, Path]:
    """The files of the document 甲 as a worker stages them, each with its own bytes."""
    staged = {f"甲.{suffix}": paths.staged / f"甲.{suffix}" for suffix in formats}
    for name, path in staged.items():
        path.write_text(f"{text} {name}", encoding="utf-8")
    return staged


def described(staged: dict[str, Path], kept: dict[str, Filed] | None = None) -> Publication:
    files = {**(kept or {}), **{name: filed(path) for name, path in staged.items()}}
    return Publication("甲", "complete", {"data": "1"}, files)


def put(paths: OutputPaths, text: str, formats: tuple[str, ...] = FORMATS) -> Publication:
    """Publish the document 甲 in a run of its own."""
    staged = stage(paths, text, formats)
    publication = described(staged)
    with opened(paths.ledger) as ledger:
        publish(paths, ledger, publication, staged)
    return publication


def begin(paths: OutputPaths, text: str, *, renamed: int = 0) -> Publication:
    """What a run leaves that is killed after telling the ledger, with so many files already named."""
    staged = stage(paths, text)
    publication = described(staged)
    with opened(paths.ledger) as ledger:
        ledger.publishing(publication)
    for name in list(publication.files)[:renamed]:
        staged[name].replace(paths.folder / name)
    return publication


def next_run(paths: OutputPaths) -> History:
    """What the next run finds, and does before anything else."""
    history = read(paths.ledger)
    with opened(paths.ledger) as ledger:
        recover(paths, ledger, history)
    return history


def texts(paths: OutputPaths) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in paths.folder.glob("甲.*")}


def whole(text: str, formats: tuple[str, ...] = FORMATS) -> dict[str, str]:
    return {f"甲.{suffix}": f"{text} 甲.{suffix}" for suffix in formats}


def test_a_published_document_has_its_files_and_is_on_record_with_their_hashes(paths: OutputPaths) -> None:
    publication = put(paths, "一")
    assert texts(paths) == whole("一")
    assert read(paths.ledger).published == {"甲": publication}
    assert {name: each.sha256 for name, each in publication.files.items()} == {
        name: sha256(paths.folder / name) for name in whole("一")
    }


def test_a_named_file_is_known_by_size_and_time_stamp(paths: OutputPaths) -> None:
    publication = put(paths, "一")
    assert all(each.is_untouched(paths.folder / name) for name, each in publication.files.items())


def test_the_ledger_is_told_before_a_file_gets_its_name_and_again_after(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    monkeypatch.setattr(Ledger, "publishing", lambda *_: seen.append(("publishing", bool(texts(paths)))))
    monkeypatch.setattr(Ledger, "published", lambda *_: seen.append(("published", texts(paths) == whole("一"))))
    put(paths, "一")
    assert seen == [("publishing", False), ("published", True)]


def test_a_file_of_a_format_no_longer_published_is_removed(paths: OutputPaths) -> None:
    put(paths, "一")
    put(paths, "二", ("html", "ipynb"))
    assert texts(paths) == whole("二", ("html", "ipynb"))


def test_a_kept_format_stays_as_it_is(paths: OutputPaths) -> None:
    kept = put(paths, "一").files
    staged = stage(paths, "二", ("html",))
    with opened(paths.ledger) as ledger:
        publish(paths, ledger, described(staged, dict(kept)), staged)
    assert texts(paths) == {**whole("一"), **whole("二", ("html",))}


def test_a_file_is_not_published_over_a_link(paths: OutputPaths, tmp_path: Path) -> None:
    (paths.folder / "甲.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunEnvironmentError, match="符号链接"):
        put(paths, "一")
    assert read(paths.ledger) == History()


def test_a_rename_that_fails_names_the_file_and_the_free_space(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, target: Path) -> Path:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(RunEnvironmentError, match=r"甲\.html.*剩余空间 [\d,]+ 字节"):
        put(paths, "一")
    assert "甲" in read(paths.ledger).unfinished


# A run killed in between: the next one finishes what it finds.


@pytest.mark.parametrize("renamed", [0, 1, 2, 3])
@pytest.mark.parametrize("had_one", [False, True])
def test_a_document_killed_on_its_way_is_finished_by_the_next_run(
    paths: OutputPaths, renamed: int, had_one: bool
) -> None:
    if had_one:
        put(paths, "一")
    publication = begin(paths, "二", renamed=renamed)
    history = next_run(paths)
    assert texts(paths) == whole("二")
    assert history.published == {"甲": publication}
    assert read(paths.ledger).unfinished == {}
    assert list(paths.staged.iterdir()) == []


def test_a_run_killed_while_it_finishes_another_is_finished_too(paths: OutputPaths) -> None:
    put(paths, "一")
    begin(paths, "二", renamed=1)
    history = read(paths.ledger)
    (paths.staged / "甲.pdf").replace(paths.folder / "甲.pdf")
    assert next_run(paths).published == history.unfinished
    assert texts(paths) == whole("二")


def test_finishing_removes_a_format_that_the_new_publication_does_not_have(paths: OutputPaths) -> None:
    put(paths, "一")
    staged = stage(paths, "二", ("html", "ipynb"))
    with opened(paths.ledger) as ledger:
        ledger.publishing(described(staged))
    next_run(paths)
    assert texts(paths) == whole("二", ("html", "ipynb"))


def test_finishing_keeps_a_kept_format(paths: OutputPaths) -> None:
    kept = put(paths, "一").files
    staged = stage(paths, "二", ("html",))
    publication = described(staged, dict(kept))
    with opened(paths.ledger) as ledger:
        ledger.publishing(publication)
    assert next_run(paths).published == {"甲": publication}
    assert texts(paths) == {**whole("一"), **whole("二", ("html",))}


@pytest.mark.parametrize("renamed", [0, 1, 2])
@pytest.mark.parametrize("damage", ["missing", "cut short", "other bytes"])
def test_a_document_whose_staged_file_is_lost_is_built_anew(paths: OutputPaths, renamed: int, damage: str) -> None:
    """Every file is old or new still, and no record says that the document is what lies there."""
    put(paths, "一")
    begin(paths, "二", renamed=renamed)
    last = paths.staged / "甲.ipynb"
    if damage == "missing":
        last.unlink()
    else:
        last.write_bytes(last.read_bytes()[:-1] + (b"" if damage == "cut short" else b"x"))
    assert "甲" not in next_run(paths).published
    new = dict(list(whole("二").items())[:renamed])
    assert texts(paths) == {**whole("一"), **new}


def test_a_document_that_cannot_be_finished_stays_unfinished_on_record(paths: OutputPaths) -> None:
    """Until it is built again or no longer due: a run for other units must not forget it."""
    put(paths, "一")
    begin(paths, "二", renamed=1)
    (paths.staged / "甲.ipynb").unlink()
    next_run(paths)
    assert "甲" in read(paths.ledger).unfinished
    assert "甲" not in next_run(paths).published


def test_publishing_again_settles_what_was_unfinished(paths: OutputPaths) -> None:
    begin(paths, "一", renamed=1)
    (paths.staged / "甲.pdf").unlink()
    next_run(paths)
    publication = put(paths, "二")
    assert next_run(paths).published == {"甲": publication}
    assert texts(paths) == whole("二")


# Documents that are no longer due.


def withdrawn_by(paths: OutputPaths, due: dict[str, object]) -> None:
    history = read(paths.ledger)
    with opened(paths.ledger) as ledger:
        recover(paths, ledger, history)
        withdraw(paths, ledger, history, due)


def test_a_document_no_longer_due_is_set_aside_and_off_the_record(paths: OutputPaths) -> None:
    put(paths, "一")
    withdrawn_by(paths, {})
    assert texts(paths) == {}
    assert {path.name for path in paths.withdrawn.iterdir()} == set(whole("一"))
    assert read(paths.ledger).published == {}


def test_a_document_still_due_is_not_set_aside(paths: OutputPaths) -> None:
    put(paths, "一")
    withdrawn_by(paths, {"甲": None})
    assert texts(paths) == whole("一")


def test_withdrawing_that_was_killed_half_way_is_finished(paths: OutputPaths) -> None:
    put(paths, "一")
    (paths.folder / "甲.html").replace(paths.withdrawn / "甲.html")
    withdrawn_by(paths, {})
    assert texts(paths) == {}
    assert {path.name for path in paths.withdrawn.iterdir()} == set(whole("一"))


def test_a_document_no_longer_due_that_could_not_be_finished_is_set_aside_too(paths: OutputPaths) -> None:
    begin(paths, "一", renamed=1)
    (paths.staged / "甲.ipynb").unlink()
    withdrawn_by(paths, {})
    assert texts(paths) == {}
    assert read(paths.ledger) == History(lines=2)


def test_a_withdrawal_is_on_the_disk_before_it_is_on_record(
    paths: OutputPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(paths, "一")
    order: list[str] = []
    monkeypatch.setattr("stats.build.state.publication.flush_folder", lambda folder: order.append(folder.name))
    monkeypatch.setattr(Ledger, "withdrawn", lambda _, document: order.append(document))
    withdrawn_by(paths, {})
    assert order == ["withdrawn", "meeting", "甲"]
