"""What a worker made becomes published files and an entry, or a failure and the old files. Makes no content."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from stats.batch.counts import fewer
from stats.batch.failure import Failure
from stats.batch.freshness import spoilt
from stats.batch.job import Outcome
from stats.batch.ledger import Filed, Ledger, Publication
from stats.batch.manifest import Entry, entry_of, present_files
from stats.batch.plan import Document
from stats.batch.publication import filed, occupied, publish
from stats.batch.state import Run


def settle(run: Run, ledger: Ledger, outcome: Outcome) -> Failure | None:
    """Publish what a worker made, or record why not; a failed document's earlier files stay as they are."""
    for earlier in outcome.earlier:
        ledger.retried(**asdict(earlier))
    failure = outcome.failure or _changed_input(run, outcome)
    if failure is None:
        publication, staged = _publication(run, outcome)
        failure = _occupied(run, publication)
    if failure is None:
        run.entries[outcome.document] = _publish(run, ledger, publication, staged)
    else:
        run.entries[outcome.document] = _failed(run, ledger, failure)
    return failure


def _changed_input(run: Run, outcome: Outcome) -> Failure | None:
    """A failure if a return is no longer what was examined: the document may then mix two states of the data."""
    file = run.inputs.changed()
    if not file:
        return None
    unit = run.documents[outcome.document].unit.code
    problem, remedy = f"运行期间 {file} 被改动或移走", "请待文件定稿后重新运行"
    return Failure(outcome.document, unit, "publish", "I-CHANGED", problem, remedy)


def _failed(run: Run, ledger: Ledger, failure: Failure) -> Entry:
    run.failures.append(failure)
    ledger.failed(**asdict(failure))
    document = run.documents[failure.document]
    stale = present_files(run.places.folder, document.name)
    return entry_of(document, "failed", code=failure.code, stale=stale)


def _occupied(run: Run, publication: Publication) -> Failure | None:
    """A failure if a link, a folder or the like lies where a file of the document is to be; nobody's is removed."""
    found = occupied(run.places, publication)
    if not found:
        return None
    unit = run.documents[publication.document].unit.code
    return Failure(publication.document, unit, "publish", "P-PLACE", found, "请移走它后重新运行")


def _publication(run: Run, outcome: Outcome) -> tuple[Publication, dict[str, Path]]:
    """What is to be published of a document, and its staged files by name."""
    document = run.documents[outcome.document]
    staged = {f"{document.name}.{suffix}": path for suffix, path in outcome.files.items()}
    publication = Publication(
        document=document.name,
        state="complete" if document.state == "due" else document.state,
        made_from=run.made_from(document),
        files={**_kept(run, document), **{name: _filed(run, name, staged) for name in staged}},
        images=outcome.images,
        tables=outcome.tables,
    )
    return publication, staged


def _publish(run: Run, ledger: Ledger, publication: Publication, staged: dict[str, Path]) -> Entry:
    document = run.documents[publication.document]
    run.fewer += fewer(run.history.published.get(document.name), publication)
    publish(run.places, ledger, publication, staged)
    run.history.published[document.name] = publication
    run.built.add(document.name)
    return published_entry(document, publication)


def _filed(run: Run, name: str, staged: dict[str, Path]) -> Filed:
    """Put a staged file where a later run would look for it, and describe it."""
    place = run.places.staged / name
    if staged[name] != place:
        staged[name] = staged[name].replace(place)
    return filed(place)


def published_entry(document: Document, publication: Publication) -> Entry:
    """The manifest's entry of a published document."""
    return entry_of(
        document,
        "complete" if document.state == "due" else document.state,
        files={name: each.sha256 for name, each in sorted(publication.files.items())},
        made_from=publication.made_from,
        images=publication.images,
        tables=publication.tables,
    )


def _kept(run: Run, document: Document) -> dict[str, Filed]:
    """The document's files of formats not built now that are of the very same sources and untouched."""
    previous = run.history.published.get(document.name)
    if previous is None or previous.made_from != run.made_from(document) or spoilt(previous, run.places.folder):
        return {}
    return dict(previous.files)
