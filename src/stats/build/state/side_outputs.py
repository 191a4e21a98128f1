"""What is written beside the documents when a run ends, however it ends: tables, index page, manifests, failures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from stats.build.state.build_state import BuildState
from stats.build.state.folder import irregular, is_regular, lying
from stats.build.state.manifest import handed_out, manifest, to_bytes, whole_manifest
from stats.build.state.older_layout import set_aside
from stats.build.state.output_paths import WORKLISTS, OutputPaths, inside, make_folder
from stats.build.state.plan import unattributed
from stats.build.state.sources import sha256
from stats.build.tables.findings_table import write_findings_to
from stats.build.tables.index import index_html
from stats.build.tables.released_tables import cells_csv, indicators_csv
from stats.documents import code_name
from stats.files import write_atomically
from stats.publish.worklist import worklists


def record(run: BuildState) -> None:
    """Write what goes out beside the documents: tables, manifest, index page; and the failures for whoever looks.

    RunEnvironmentError where something that is no file lies in the place of one, when all the others are written.
    """
    paths, entries = run.paths, tuple(run.entries.values())
    before = _named_before(paths)
    written = dict(_tables(run)) | run.volume
    write_findings_to(paths, run.findings, draft_in=paths.internal)
    page = index_html(
        run.params,
        entries=entries,
        data=[*written, "manifest.json"],
        unattributed=len(unattributed(run.params, run.findings)),
        county=run.loaded.county(),
    )
    written["index.html"] = page.encode("utf-8")
    contents = manifest(
        run.params,
        entries=entries,
        findings=run.findings,
        others={path: hashlib.sha256(content).hexdigest() for path, content in written.items()},
    )
    whole = whole_manifest(contents, sources=run.sources, entries=entries)
    write_atomically(inside(paths.internal, paths.record.name), to_bytes(whole))
    outward = {**written, paths.manifest.name: to_bytes(contents)}
    occupied = [path for path in outward if irregular(paths.folder / path)]
    for path, content in outward.items():
        if path not in occupied:
            _hand_out(paths, path, content)
    documents = (name for entry in entries for name in (*entry.files, *entry.stale))
    _withdraw_superseded(paths, before, {*outward, *documents})
    failures = json.dumps([asdict(failure) for failure in run.failures], ensure_ascii=False, indent=1)
    write_atomically(paths.internal / "failures.json", failures.encode("utf-8"))
    _keep_worklists(run)
    for path in occupied:
        inside((paths.folder / path).parent, Path(path).name)


def _worklists(run: BuildState) -> Iterator[tuple[str, bytes]]:
    """The name of each unit's list and its content."""
    for unit, content in worklists(run.loaded.quality()):
        yield f"{code_name(unit)}.xlsx", content


def _keep_worklists(run: BuildState) -> None:
    """The lists of this run, and no other of an earlier one, where they are not handed out."""
    folder = run.paths.worklists
    make_folder(folder, above=False)
    written = dict(_worklists(run)) if run.params.edition != "full" else {}
    for name, content in written.items():
        write_atomically(inside(folder, name), content, draft_in=run.paths.internal)
    for path in folder.glob("*.xlsx"):
        if path.name not in written and is_regular(path):
            path.unlink()


def _hand_out(paths: OutputPaths, path: str, content: bytes) -> None:
    """Write a file of the set; what a killed run leaves of it lies inside and not among what is handed out."""
    target = paths.folder / path
    if target.parent != paths.folder:
        make_folder(target.parent, above=False)
    write_atomically(inside(target.parent, target.name), content, draft_in=paths.internal)


def strangers(paths: OutputPaths) -> tuple[str, ...]:
    """What lies in the folder that is handed out and is not of the set, by its path there."""
    return _not_among({*handed_out(paths.manifest), paths.manifest.name}, paths)


def _not_among(named: Collection[str], paths: OutputPaths) -> tuple[str, ...]:
    return tuple(path for path in lying(paths.folder) if path not in named)


def _named_before(paths: OutputPaths) -> dict[str, str]:
    try:
        return handed_out(paths.manifest)
    except ValueError:
        return {}


def _withdraw_superseded(paths: OutputPaths, before: Mapping[str, str], named: Collection[str]) -> None:
    """Take out what the last manifest named, this one does not, and nobody has changed: it is ours."""
    for path in _not_among(named, paths):
        lies = paths.folder / path
        if is_regular(lies) and before.get(path) == sha256(lies):
            set_aside(lies, paths.withdrawn)
            if lies.parent != paths.folder:
                with suppress(OSError):  # others lie there
                    lies.parent.rmdir()


def _tables(run: BuildState) -> Iterator[tuple[str, bytes]]:
    """The data files of the edition. Answers as reported, and what is asked about them, are in the full one only."""
    yield "data/indicators.csv", indicators_csv(run.params, run.loaded.figures())
    if run.params.edition == "full":
        yield from ((f"{WORKLISTS}/{name}", content) for name, content in _worklists(run))
        yield "data/cells.csv", cells_csv(run.loaded.examined.cells)
