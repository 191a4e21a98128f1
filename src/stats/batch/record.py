"""What is written beside the documents when a run ends, however it ends: tables, index page, manifest, failures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from stats.batch.findings_table import findings_csv, write_findings_to
from stats.batch.index import index_html
from stats.batch.manifest import manifest, to_bytes
from stats.batch.places import inside
from stats.batch.plan import unattributed
from stats.batch.results import cells_csv, indicators_csv
from stats.batch.sources import sha256
from stats.batch.state import Run
from stats.catalogue.indicators import indicators
from stats.files import write_atomically
from stats.publish.worklist import WORKLIST, worklist


def record(run: Run) -> None:
    """Write what goes out beside the documents: tables, manifest, index page; and the failures for whoever looks."""
    written = dict(_tables(run))
    for path, content in written.items():
        write_atomically(inside((run.places.folder / path).parent, Path(path).name), content)
    # The year's folder is not this run's alone: what it may leave there if it is killed lies in its own.
    write_findings_to(run.places, run.findings, draft_in=run.places.build)
    entries = tuple(run.entries.values())
    page = index_html(
        run.params,
        entries=entries,
        data=[*written, "manifest.json"],
        unattributed=len(unattributed(run.params, run.findings)),
    )
    write_atomically(inside(run.places.folder, "index.html"), page.encode("utf-8"))
    contents = manifest(
        run.params,
        sources=run.sources,
        entries=entries,
        findings=run.findings,
        others={path: sha256(run.places.folder / path) for path in (*written, "index.html")},
    )
    write_atomically(inside(run.places.folder, "manifest.json"), to_bytes(contents))
    failures = json.dumps([asdict(failure) for failure in run.failures], ensure_ascii=False, indent=1)
    write_atomically(run.places.build / "failures.json", failures.encode("utf-8"))


def _tables(run: Run) -> Iterator[tuple[str, bytes]]:
    """The data files of the edition. Messages of findings show reported values: only the full edition has them."""
    edition, findings = run.params.edition, run.findings
    yield "data/indicators.csv", indicators_csv(run.params, run.loaded.figures(), indicators())
    if edition != "public":
        yield "data/findings.csv", findings_csv(findings, values=edition == "full")
        yield WORKLIST, worklist(run.loaded.quality())
    if edition == "full":
        yield "data/cells.csv", cells_csv(run.loaded.examined.cells)
