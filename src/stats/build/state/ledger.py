"""The record of what was published, line after line, never rewritten while a run goes on; decides nothing.

A document's line stands in the ledger, on the disk, before its files get their names: so whatever lies in the folder
is on record however the run ended. A second line says that all of them have their names.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from stats.build.state.folder import is_regular
from stats.build.state.output_paths import is_plain_name
from stats.errors import ExitCode, RunEnvironmentError
from stats.files import flush_folder, free_space, write_atomically
from stats.formats import SUFFIXES

# A ledger with this many lines for every document it knows is cut down to the last of each before a run.
LINES_PER_DOCUMENT = 12
_SHORT = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Filed:
    """One file as it was put into the folder: its SHA-256, its size in bytes and its time stamp in nanoseconds."""

    sha256: str
    size: int
    modified: int

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """The file that a part of a line tells of; ValueError or TypeError where it tells of none."""
        filed = cls(**content)
        _require(isinstance(filed.sha256, str) and _SHA256.fullmatch(filed.sha256) is not None)
        _require(type(filed.size) is int and type(filed.modified) is int)
        return filed

    def is_untouched(self, path: Path) -> bool:
        """Whether the file lies there with the size and time stamp it was filed with; its bytes are not read."""
        try:
            found = path.lstat()
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (self.size, self.modified)


@dataclass(frozen=True, slots=True)
class Publication:
    """One document as published: its state, what it follows from (part to SHA-256), its files, and its counts."""

    document: str
    state: str
    made_from: Mapping[str, str]
    files: Mapping[str, Filed]
    images: int = 0
    tables: int = 0

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Self:
        """The publication a line tells of; KeyError, TypeError or ValueError where it tells of none.

        The names in it become paths, so that none may be other than what a document's files are called.
        """
        document = line["document"]
        filed = {name: Filed.read(each) for name, each in line["files"].items()}
        _require(is_plain_name(document) and filed.keys() <= {f"{document}.{suffix}" for suffix in SUFFIXES})
        _require(line["state"] in ("complete", "not_reported", "refused") and _is_texts(line["made_from"]))
        _require(type(line["images"]) is int and type(line["tables"]) is int)
        return cls(document, line["state"], line["made_from"], filed, line["images"], line["tables"])


@dataclass(slots=True)
class History:
    """What the ledger says in the end.

    ``published`` and ``unfinished`` go by document; ``whole`` is the last run that dealt with the whole set, if
    nothing was published or failed since; ``failures`` are the last failures of documents not published since.
    ``unread`` of its ``lines`` say nothing: they are damaged, of another version, or no lines of a ledger.
    """

    published: dict[str, Publication] = field(default_factory=dict)
    unfinished: dict[str, Publication] = field(default_factory=dict)
    failures: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    whole: Mapping[str, Any] | None = None
    lines: int = 0
    unread: int = 0

    def _take(self, line: Mapping[str, Any]) -> None:
        event = line["event"]
        if event == "whole":
            _require(_is_whole(line))
            self.whole = line
            return
        self.whole = None
        if event == "publishing":
            publication = Publication.read(line)
            self.unfinished[publication.document] = publication
        elif event == "published":
            publication = self.unfinished.pop(line["document"])
            self.published[publication.document] = publication
            self.failures.pop(publication.document, None)
        elif event == "withdrawn":
            for kind in (self.published, self.unfinished, self.failures):
                kind.pop(line["document"], None)
        elif event == "failed":
            _require(all(isinstance(line[part], str) for part in ("document", "code", "message")))
            self.failures[line["document"]] = line
        else:
            _require(event == "retried")


def _is_whole(line: Mapping[str, Any]) -> bool:
    """Whether a line tells of a whole run as :func:`stats.build.state.last_run.note` has it."""
    formats, counts, code = line["formats"], line["counts"], line["exit_code"]
    return (
        isinstance(line["key"], str)
        and isinstance(formats, list)
        and all(isinstance(each, str) for each in formats)
        and isinstance(counts, dict)
        and all(type(count) is int for count in counts.values())
        and code in (ExitCode.COMPLETE, ExitCode.DATA_REFUSED)
        and _is_texts(line["beside"])
    )


def _is_texts(content: object) -> bool:
    return isinstance(content, dict) and all(isinstance(each, str) for each in content.values())


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("no line of a ledger")


def read(path: Path) -> History:
    """What the ledger at ``path`` says; a line that is no record (cut off by a power failure) is passed over.

    RunEnvironmentError where something else than a file lies there.
    """
    history = History()
    for line in _lines(path):
        history.lines += 1
        try:
            history._take(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            history.whole = None  # what it said may have been that something happened since
            history.unread += 1
    return history


def _lines(path: Path) -> Iterator[bytes]:
    if not is_regular(path):
        if os.path.lexists(path):
            raise RunEnvironmentError(f"运行记录 {path} 不是普通文件", "请移走它后重新运行；没有记录时会全部重新生成")
        return
    with path.open("rb") as file:
        yield from file


class Ledger:
    """The ledger of one set, open for one run. Every method raises RunEnvironmentError where the disk refuses."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def publishing(self, publication: Publication) -> None:
        """These files are about to get their names."""
        self._append("publishing", durable=True, **asdict(publication))

    def published(self, document: str) -> None:
        """All files of the document have their names."""
        self._append("published", document=document)

    def withdrawn(self, document: str) -> None:
        """The document's files were set aside."""
        self._append("withdrawn", document=document, durable=True)

    def failed(self, **failure: Any) -> None:
        """One document was not built."""
        self._append("failed", **failure)

    def retried(self, **failure: Any) -> None:
        """One document was not built, and tried again."""
        self._append("retried", **failure)

    def whole(self, **record: Any) -> None:
        """A run has dealt with every document of the set."""
        self._append("whole", durable=True, **record)

    def _append(self, event: str, *, durable: bool = False, **content: Any) -> None:
        line = json.dumps({"event": event, **content}, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        try:
            _write_all(self._descriptor, line)
            if durable:
                os.fsync(self._descriptor)
        except OSError as error:
            raise _refused(self._path, error) from error


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """The ledger open for writing; whoever opens it must hold the lock of the set."""
    is_new = not path.exists()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        if is_new:
            flush_folder(path.parent)
        if _is_cut_off(path):
            _write_all(descriptor, b"\n")  # the next line must not be joined to what is left of the last
        yield Ledger(path, descriptor)
    finally:
        os.close(descriptor)


def _is_cut_off(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def shorten(path: Path, history: History) -> None:
    """Cut the ledger down to what it says in the end, where it has grown long or some of it cannot be read."""
    known = len(history.published) + len(history.unfinished) + len(history.failures)
    if not history.unread and history.lines <= LINES_PER_DOCUMENT * known + _SHORT:
        return
    records: list[dict[str, Any]] = []
    for publication in history.published.values():
        records.append({"event": "publishing", **asdict(publication)})
        records.append({"event": "published", "document": publication.document})
    records += [{"event": "publishing", **asdict(publication)} for publication in history.unfinished.values()]
    records += [dict(failure) for failure in history.failures.values()]
    lines = (json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n" for record in records)
    write_atomically(path, "".join(lines).encode())
    history.whole = None


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _refused(path: Path, error: OSError) -> RunEnvironmentError:
    return RunEnvironmentError(
        f"写不进运行记录 {path}：{error.strerror or error}（剩余空间 {free_space(path.parent)}）",
        "没有记录就不能继续，本次运行停在这里；请检查磁盘空间和文件夹权限后重新运行",
    )
