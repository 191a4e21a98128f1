"""Recognises a set that nothing has happened to since it was built whole: no return is even read. Builds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stats.build.state.build_state import BuildState, Options
from stats.build.state.folder import is_regular
from stats.build.state.freshness import spoilt
from stats.build.state.ledger import History, Ledger
from stats.build.state.manifest import Entry, beside_documents, published_entries
from stats.build.state.output_paths import OutputPaths
from stats.build.state.sources import sha256
from stats.build.tables.findings_table import read_findings
from stats.errors import ExitCode
from stats.findings import Finding


@dataclass(frozen=True, slots=True)
class Record:
    """What the last whole run came to."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    exit_code: ExitCode


def note(run: BuildState, ledger: Ledger, *, key: str, exit_code: ExitCode, counts: Mapping[str, int]) -> None:
    """Write into the ledger that everything due is there; ``key`` stands for all that it follows from."""
    ledger.whole(
        key=key,
        formats=run.options.formats,
        exit_code=exit_code,
        counts=dict(counts),
        beside=_beside(run.paths),
    )


def record(paths: OutputPaths, history: History, *, key: str, options: Options) -> Record | None:
    """What the last whole run came to, if the same run now could only come to the same; None if it must be looked."""
    line = history.whole
    if line is None or options.force or options.units or line["key"] != key:
        return None
    if not set(options.formats) <= set(line["formats"]):
        return None
    beside = _beside(paths)
    if not beside or line["beside"] != beside:
        return None
    if any(spoilt(publication, paths.folder) for publication in history.published.values()):
        return None
    entries = tuple(published_entries(paths.record).values())
    if not entries or not all(_is_on_record(entry, history) for entry in entries):
        return None  # the ledger has lost a line: nobody knows whether that document's files are as they were
    findings = read_findings(paths.findings)
    if findings is None:
        return None
    return Record(entries, findings, line["counts"], ExitCode(line["exit_code"]))


def _is_on_record(entry: Entry, history: History) -> bool:
    """Whether the ledger tells of the same files of a document as the manifest, where that tells of any."""
    publication = history.published.get(entry.name)
    known = {} if publication is None else {name: each.sha256 for name, each in publication.files.items()}
    return not entry.files or known == dict(entry.files)


def _beside(paths: OutputPaths) -> dict[str, str]:
    """The files beside the documents by their path below the year's folder, with their SHA-256.

    None of them where the manifest does not name them.
    """
    try:
        names = [*beside_documents(paths.manifest), paths.manifest.name]
    except ValueError:
        return {}
    asked = sorted(paths.worklists.glob("*"))
    kept = [*(paths.folder / name for name in names), paths.record, paths.findings, *asked]
    return {path.relative_to(paths.year_folder).as_posix(): _hash(path) for path in kept}


def _hash(path: Path) -> str:
    """A file's SHA-256; empty where there is no such file."""
    return sha256(path) if is_regular(path) else ""
