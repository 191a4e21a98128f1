"""Recognises a set that nothing has happened to since it was built whole: no return is even read. Builds nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stats.batch.freshness import spoilt
from stats.batch.ledger import History
from stats.batch.manifest import Entry, published_entries
from stats.batch.places import Places
from stats.batch.sources import sha256
from stats.batch.state import Options, Run
from stats.errors import ExitCode
from stats.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Record:
    """What the last whole run came to."""

    entries: tuple[Entry, ...]
    refusals: tuple[Finding, ...]
    counts: Mapping[str, int]
    exit_code: ExitCode


def note(
    run: Run, *, key: str, exit_code: ExitCode, refusals: Sequence[Finding], counts: Mapping[str, int]
) -> None:
    """Write into the ledger that everything due is there; ``key`` stands for all that it follows from."""
    run.ledger.whole(
        key=key,
        formats=run.options.formats,
        exit_code=exit_code,
        refusals=[asdict(finding) for finding in refusals],
        counts=dict(counts),
        beside=_beside(run.places),
    )


def record(places: Places, history: History, *, key: str, options: Options) -> Record | None:
    """What the last whole run came to, if the same run now could only come to the same; None if it must be looked."""
    line = history.whole
    if line is None or options.force or options.units or line["key"] != key:
        return None
    if not set(options.formats) <= set(line["formats"]) or line["beside"] != _beside(places):
        return None
    if any(spoilt(publication, places.folder) for publication in history.published.values()):
        return None
    entries = published_entries(places.manifest)
    refusals = tuple(_finding(each) for each in line["refusals"])
    return Record(tuple(entries.values()), refusals, line["counts"], ExitCode(line["exit_code"]))


def _beside(places: Places) -> dict[str, str]:
    """The files beside the documents, by their path below the year's folder, with their SHA-256."""
    content = json.loads(places.manifest.read_bytes()) if places.manifest.is_file() else {"files": {}}
    names = [*content["files"], places.manifest.name, places.index.name]
    paths = [*(places.folder / name for name in names), places.year_folder / "findings.csv"]
    return {
        path.relative_to(places.year_folder).as_posix(): sha256(path) if path.is_file() else "" for path in paths
    }


def _finding(fields: dict[str, Any]) -> Finding:
    tuples = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Finding(**{**fields, **tuples, "severity": Severity(fields["severity"])})
