"""Recognises a set that nothing has happened to since it was built whole: no return is even read. Builds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stats.batch.findings_table import read_findings
from stats.batch.folder import is_regular
from stats.batch.freshness import spoilt
from stats.batch.ledger import History, Ledger
from stats.batch.manifest import Entry, beside_documents, published_entries
from stats.batch.places import Places
from stats.batch.sources import sha256
from stats.batch.state import Options, Run
from stats.errors import ExitCode
from stats.findings import Finding


@dataclass(frozen=True, slots=True)
class Record:
    """What the last whole run came to."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    exit_code: ExitCode


def note(run: Run, ledger: Ledger, *, key: str, exit_code: ExitCode, counts: Mapping[str, int]) -> None:
    """Write into the ledger that everything due is there; ``key`` stands for all that it follows from."""
    ledger.whole(
        key=key,
        formats=run.options.formats,
        exit_code=exit_code,
        counts=dict(counts),
        beside=_beside(run.places),
    )


def record(places: Places, history: History, *, key: str, options: Options) -> Record | None:
    """What the last whole run came to, if the same run now could only come to the same; None if it must be looked."""
    line = history.whole
    if line is None or options.force or options.units or line["key"] != key:
        return None
    if not set(options.formats) <= set(line["formats"]):
        return None
    beside = _beside(places)
    if not beside or line["beside"] != beside:
        return None
    if any(spoilt(publication, places.folder) for publication in history.published.values()):
        return None
    entries = tuple(published_entries(places.record).values())
    if not entries or not all(_is_on_record(entry, history) for entry in entries):
        return None  # the ledger has lost a line: nobody knows whether that document's files are as they were
    findings = read_findings(places.findings)
    if findings is None:
        return None
    return Record(entries, findings, line["counts"], ExitCode(line["exit_code"]))


def _is_on_record(entry: Entry, history: History) -> bool:
    """Whether the ledger tells of the same files of a document as the manifest, where that tells of any."""
    publication = history.published.get(entry.name)
    known = {} if publication is None else {name: each.sha256 for name, each in publication.files.items()}
    return not entry.files or known == dict(entry.files)


def _beside(places: Places) -> dict[str, str]:
    """The files beside the documents by their path below the year's folder, with their SHA-256.

    None of them where the manifest does not name them.
    """
    try:
        names = [*beside_documents(places.manifest), places.manifest.name]
    except ValueError:
        return {}
    asked = sorted(places.worklists.glob("*"))
    paths = [*(places.folder / name for name in names), places.record, places.findings, *asked]
    return {path.relative_to(places.year_folder).as_posix(): _hash(path) for path in paths}


def _hash(path: Path) -> str:
    """A file's SHA-256; empty where there is no such file."""
    return sha256(path) if is_regular(path) else ""
