"""The ledger: what it says after any ending, and what it says of a line that is damaged."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from stats.build.state import ledger as module
from stats.build.state.ledger import Filed, History, Publication, opened, read, shorten
from stats.errors import RunEnvironmentError

FILED = Filed(sha256="a" * 64, size=3, modified=1)
OTHER = Filed(sha256="b" * 64, size=4, modified=2)


def publication(document: str = "甲", filed: Filed = FILED) -> Publication:
    return Publication(document, "complete", {"data": "1"}, {f"{document}.html": filed}, images=1, tables=2)


def write(path: Path, *publications: Publication) -> None:
    with opened(path) as ledger:
        for each in publications:
            ledger.publishing(each)
            ledger.published(each.document)


def damage(path: Path, line: int) -> None:
    """Write over the middle of one line, as a bad block would."""
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line][:20] + b"\xff\x00" + lines[line][22:]
    path.write_bytes(b"".join(lines))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def test_no_ledger_says_that_nothing_was_published(path: Path) -> None:
    assert read(path) == History()


def test_what_was_published_is_read_back(path: Path) -> None:
    write(path, publication("甲"), publication("乙", OTHER))
    assert read(path).published == {"甲": publication("甲"), "乙": publication("乙", OTHER)}


def test_the_last_publication_of_a_document_counts(path: Path) -> None:
    write(path, publication(), publication(filed=OTHER))
    assert read(path).published == {"甲": publication(filed=OTHER)}


def test_a_document_whose_files_were_about_to_get_their_names_is_unfinished(path: Path) -> None:
    write(path, publication())
    with opened(path) as ledger:
        ledger.publishing(publication(filed=OTHER))
    history = read(path)
    assert history.unfinished == {"甲": publication(filed=OTHER)}
    assert history.published == {"甲": publication()}, "the one before is on record until the new one is there"


def test_a_withdrawn_document_was_never_published(path: Path) -> None:
    write(path, publication())
    with opened(path) as ledger:
        ledger.failed(document="甲", code="N-CELL", message="坏了")
        ledger.withdrawn("甲")
    assert read(path) == History(lines=4)


def test_a_failure_is_on_record_until_the_document_is_published(path: Path) -> None:
    with opened(path) as ledger:
        ledger.failed(document="甲", code="N-CELL", message="坏了")
    assert read(path).failures["甲"]["code"] == "N-CELL"
    write(path, publication())
    assert read(path).failures == {}


def test_a_whole_run_counts_until_something_happens(path: Path) -> None:
    write(path, publication())
    with opened(path) as ledger:
        ledger.whole(key="k", formats=["html"], exit_code=0, counts={}, beside={})
    assert (read(path).whole or {})["key"] == "k"
    with opened(path) as ledger:
        ledger.failed(document="甲", code="N-CELL", message="坏了")
    assert read(path).whole is None


@pytest.mark.parametrize("length", [1, 20, 200])
def test_a_line_cut_off_by_a_power_failure_is_passed_over(path: Path, length: int) -> None:
    write(path, publication())
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:length])
    assert read(path).published == {"甲": publication()}
    assert read(path).unfinished == {}


def test_what_is_written_after_a_cut_off_line_is_a_line_of_its_own(path: Path) -> None:
    write(path, publication("甲"))
    path.write_bytes(path.read_bytes() + b'{"event": "publ')
    write(path, publication("乙", OTHER))
    assert read(path).published == {"甲": publication("甲"), "乙": publication("乙", OTHER)}


def test_a_damaged_line_in_the_middle_costs_its_own_document_only(path: Path) -> None:
    write(path, publication("甲"), publication("乙", OTHER))
    damage(path, 0)
    assert read(path).published == {"乙": publication("乙", OTHER)}
    assert read(path).unfinished == {}


def test_after_a_damaged_line_the_earlier_publication_counts(path: Path) -> None:
    """Its files are then not those that lie there, so the document is built anew."""
    write(path, publication(), publication(filed=OTHER))
    damage(path, 2)
    assert read(path).published == {"甲": publication()}


def test_a_damaged_line_means_that_the_set_has_to_be_looked_at(path: Path) -> None:
    """What the line said may have been that something is no longer as the last whole run left it."""
    write(path, publication())
    with opened(path) as ledger:
        ledger.whole(key="k", formats=["html"], exit_code=0, counts={}, beside={})
        ledger.failed(document="甲", code="N-CELL", message="坏了")
    damage(path, 3)
    assert read(path).whole is None


@pytest.mark.parametrize(
    "line",
    [
        b"\x00" * 80,
        b"[]",
        b"null",
        b'"publishing"',
        b'{"event": "publishing"}',
        b'{"event": "published", "document": ["a"]}',
        b'{"event": "publishing", "document": "d", "state": "complete", "made_from": {}, "files": [], "images": 1,'
        b' "tables": 1}',
        b'{"event": "published", "document": "nobody began it"}',
        b"{" * 5000,
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_line_that_is_no_record_changes_nothing(path: Path, line: bytes) -> None:
    write(path, publication())
    path.write_bytes(path.read_bytes() + line + b"\n")
    write(path, publication("乙", OTHER))
    assert read(path).published == {"甲": publication(), "乙": publication("乙", OTHER)}
    assert read(path).unfinished == {}


def test_a_ledger_that_has_grown_long_is_cut_down_and_says_the_same(path: Path) -> None:
    write(path, *[publication(filed=filed) for filed in (FILED, OTHER) * 60])
    with opened(path) as ledger:
        ledger.publishing(publication("乙"))
        ledger.failed(document="丙", code="N-CELL", message="坏了")
    before = read(path)
    shorten(path, before)
    after = read(path)
    assert after.lines == 4
    assert (after.published, after.unfinished, after.failures) == (
        {"甲": publication(filed=OTHER)},
        {"乙": publication("乙")},
        {"丙": {"event": "failed", "document": "丙", "code": "N-CELL", "message": "坏了"}},
    )


def test_a_short_ledger_is_left_alone(path: Path) -> None:
    write(path, publication(), publication(filed=OTHER))
    before = path.read_bytes()
    shorten(path, read(path))
    assert path.read_bytes() == before


def test_a_ledger_cut_down_no_longer_speaks_of_a_whole_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole run means more than its documents; looking once too often does no harm."""
    monkeypatch.setattr(module, "_SHORT", 0)
    monkeypatch.setattr(module, "LINES_PER_DOCUMENT", 1)
    write(path, publication())
    with opened(path) as ledger:
        ledger.whole(key="k", formats=["html"], exit_code=0, counts={}, beside={})
    history = read(path)
    shorten(path, history)
    assert history.whole is None
    assert read(path).whole is None


def test_a_ledger_that_is_a_link_is_not_written_to(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunEnvironmentError, match=r"ledger\.jsonl"), opened(path):
        pytest.fail("opened")


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_refuses_ends_the_run_with_path_and_free_space(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with opened(path) as ledger:
        monkeypatch.setattr(os, call, full)
        with pytest.raises(RunEnvironmentError, match=r"ledger\.jsonl.*剩余空间 [\d,]+ 字节"):
            ledger.publishing(publication())


def test_a_line_written_in_two_goes_is_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all = os.write
    with opened(path) as ledger:
        monkeypatch.setattr(os, "write", lambda descriptor, content: write_all(descriptor, content[:7]))
        ledger.publishing(publication())
        ledger.published("甲")
    assert read(path).published == {"甲": publication()}


def test_a_file_is_untouched_by_size_and_time_stamp_and_its_bytes_are_not_read(tmp_path: Path) -> None:
    """The limit of the quick look: another content of the same size with the time stamp set back is only seen by
    ``stats verify``, which reads the bytes."""
    file = tmp_path / "甲.html"
    file.write_bytes(b"abc")
    os.utime(file, ns=(5, 5))
    filed = Filed("0" * 64, size=3, modified=5)
    assert filed.is_untouched(file)
    os.utime(file, ns=(5, 6))
    assert not filed.is_untouched(file)
    file.write_bytes(b"abcd")
    os.utime(file, ns=(5, 5))
    assert not filed.is_untouched(file)
    file.unlink()
    assert not filed.is_untouched(file)
