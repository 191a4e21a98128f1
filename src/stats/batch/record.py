"""What is written beside the documents when a run ends, however it ends: tables, index page, manifests, failures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from stats.batch.findings_table import write_findings_to
from stats.batch.folder import irregular, is_regular, lying
from stats.batch.index import index_html
from stats.batch.manifest import handed_out, manifest, to_bytes, whole_manifest
from stats.batch.older_layout import set_aside
from stats.batch.places import WORKLISTS, Places, file_name_part, inside, make_folder
from stats.batch.plan import unattributed
from stats.batch.results import cells_csv, indicators_csv
from stats.batch.sources import sha256
from stats.batch.state import Run
from stats.catalogue.indicators import indicators
from stats.files import write_atomically
from stats.publish.worklist import worklists


def record(run: Run) -> None:
    """Write what goes out beside the documents: tables, manifest, index page; and the failures for whoever looks.

    SurroundingsError where something that is no file lies in the place of one, when all the others are written.
    """
    places, entries = run.places, tuple(run.entries.values())
    before = _named_before(places)
    written = dict(_tables(run))
    write_findings_to(places, run.findings, draft_in=places.internal)
    page = index_html(
        run.params,
        entries=entries,
        data=[*written, "manifest.json"],
        unattributed=len(unattributed(run.params, run.findings)),
    )
    written["index.html"] = page.encode("utf-8")
    contents = manifest(
        run.params,
        entries=entries,
        findings=run.findings,
        others={path: hashlib.sha256(content).hexdigest() for path, content in written.items()},
    )
    whole = whole_manifest(contents, sources=run.sources, entries=entries)
    write_atomically(inside(places.internal, places.record.name), to_bytes(whole))
    outward = {**written, places.manifest.name: to_bytes(contents)}
    occupied = [path for path in outward if irregular(places.folder / path)]
    for path, content in outward.items():
        if path not in occupied:
            _hand_out(places, path, content)
    documents = (name for entry in entries for name in (*entry.files, *entry.stale))
    _withdraw_superseded(places, before, {*outward, *documents})
    failures = json.dumps([asdict(failure) for failure in run.failures], ensure_ascii=False, indent=1)
    write_atomically(places.internal / "failures.json", failures.encode("utf-8"))
    _keep_worklists(run)
    for path in occupied:
        inside((places.folder / path).parent, Path(path).name)


def _worklists(run: Run) -> Iterator[tuple[str, bytes]]:
    """The name of each unit's list and its content."""
    for unit, content in worklists(run.loaded.quality()):
        yield f"{'-'.join(part for part in (unit.code, file_name_part(unit.name)) if part)}.xlsx", content


def _keep_worklists(run: Run) -> None:
    """The lists of this run, and no other of an earlier one, where they are not handed out."""
    folder = run.places.worklists
    make_folder(folder, above=False)
    written = dict(_worklists(run)) if run.params.edition != "full" else {}
    for name, content in written.items():
        write_atomically(inside(folder, name), content, draft_in=run.places.internal)
    for path in folder.glob("*.xlsx"):
        if path.name not in written and is_regular(path):
            path.unlink()


def _hand_out(places: Places, path: str, content: bytes) -> None:
    """Write a file of the set; what a killed run leaves of it lies inside and not among what is handed out."""
    target = places.folder / path
    if target.parent != places.folder:
        make_folder(target.parent, above=False)
    write_atomically(inside(target.parent, target.name), content, draft_in=places.internal)


def strangers(places: Places) -> tuple[str, ...]:
    """What lies in the folder that is handed out and is not of the set, by its path there."""
    return _not_among({*handed_out(places.manifest), places.manifest.name}, places)


def _not_among(named: Collection[str], places: Places) -> tuple[str, ...]:
    return tuple(path for path in lying(places.folder) if path not in named)


def _named_before(places: Places) -> dict[str, str]:
    try:
        return handed_out(places.manifest)
    except ValueError:
        return {}


def _withdraw_superseded(places: Places, before: Mapping[str, str], named: Collection[str]) -> None:
    """Take out what the last manifest named, this one does not, and nobody has changed: it is ours."""
    for path in _not_among(named, places):
        lies = places.folder / path
        if is_regular(lies) and before.get(path) == sha256(lies):
            set_aside(lies, places.withdrawn)
            if lies.parent != places.folder:
                with suppress(OSError):  # others lie there
                    lies.parent.rmdir()


def _tables(run: Run) -> Iterator[tuple[str, bytes]]:
    """The data files of the edition. Answers as reported, and what is asked about them, are in the full one only."""
    yield "data/indicators.csv", indicators_csv(run.params, run.loaded.figures(), indicators())
    if run.params.edition == "full":
        yield from ((f"{WORKLISTS}/{name}", content) for name, content in _worklists(run))
        yield "data/cells.csv", cells_csv(run.loaded.examined.cells)
