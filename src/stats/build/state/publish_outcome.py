"""What a worker made becomes published files and an entry, or a failure and the old files. Makes no content."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from stats.build.documents.failure import Failure
from stats.build.documents.job import Outcome
from stats.build.state.build_state import BuildState
from stats.build.state.content_regressions import fewer
from stats.build.state.freshness import spoilt
from stats.build.state.ledger import Filed, Ledger, Publication
from stats.build.state.manifest import Entry, entry_of, present_files
from stats.build.state.plan import Document
from stats.build.state.publication import filed, occupied, publish


def settle(run: BuildState, ledger: Ledger, outcome: Outcome) -> Failure | None:
    """Publish what a worker made, or record why not; a failed document's earlier files stay as they are."""
    for earlier in outcome.earlier:
        ledger.retried(**asdict(earlier))
    failure = outcome.failure or _changed_input(run, outcome) or _lacking(run, outcome)
    if failure is None:
        publication, staged = _publication(run, outcome)
        failure = _occupied(run, publication)
    if failure is None:
        run.entries[outcome.document] = _publish(run, ledger, publication, staged)
    else:
        run.entries[outcome.document] = _failed(run, ledger, failure)
    return failure


def _changed_input(run: BuildState, outcome: Outcome) -> Failure | None:
    """A failure if a return is no longer what was examined: the document may then mix two states of the data."""
    file = run.inputs.changed()
    if not file:
        return None
    unit = run.documents[outcome.document].unit.code
    problem, remedy = f"运行期间 {file} 被改动或移走", "请待文件定稿后重新运行"
    return Failure(outcome.document, unit, "publish", "I-CHANGED", problem, remedy)


def _lacking(run: BuildState, outcome: Outcome) -> Failure | None:
    """A failure if a file that was asked for is not there: nothing is called published without it."""
    document = run.documents[outcome.document]
    lacking = [suffix for suffix in document.suffixes(run.options.formats) if suffix not in outcome.files]
    if not lacking:
        return None
    problem = f"没有得到 {'、'.join(lacking)} 文件，不能算已发布"
    return Failure(
        document.name, document.unit.code, "publish", "P-LACKING", problem, "请重新运行；仍不行，请报告给维护人员"
    )


def _failed(run: BuildState, ledger: Ledger, failure: Failure) -> Entry:
    run.failures.append(failure)
    ledger.failed(**asdict(failure))
    document = run.documents[failure.document]
    stale = present_files(run.paths.folder, document.name)
    return entry_of(document, "failed", code=failure.code, stale=stale)


def _occupied(run: BuildState, publication: Publication) -> Failure | None:
    """A failure if a link, a folder or the like lies where a file of the document is to be; nobody's is removed."""
    found = occupied(run.paths, publication)
    if not found:
        return None
    unit = run.documents[publication.document].unit.code
    return Failure(publication.document, unit, "publish", "P-PLACE", found, "请移走它后重新运行")


def _publication(run: BuildState, outcome: Outcome) -> tuple[Publication, dict[str, Path]]:
    """What is to be published of a document, and its staged files by name."""
    document = run.documents[outcome.document]
    staged = {f"{document.name}.{suffix}": path for suffix, path in outcome.files.items()}
    publication = Publication(
        document=document.name,
        state=document.published_state,
        made_from=run.made_from(document),
        files={**_kept(run, document), **{name: _filed(run, name, staged) for name in staged}},
        images=outcome.images,
        tables=outcome.tables,
    )
    return publication, staged


def _publish(run: BuildState, ledger: Ledger, publication: Publication, staged: dict[str, Path]) -> Entry:
    document = run.documents[publication.document]
    run.fewer += fewer(run.history.published.get(document.name), publication)
    publish(run.paths, ledger, publication, staged)
    run.history.published[document.name] = publication
    run.built.add(document.name)
    return published_entry(document, publication)


def _filed(run: BuildState, name: str, staged: dict[str, Path]) -> Filed:
    """Put a staged file where a later run would look for it, and describe it."""
    place = run.paths.staged / name
    if staged[name] != place:
        staged[name] = staged[name].replace(place)
    return filed(place)


def published_entry(document: Document, publication: Publication) -> Entry:
    """The manifest's entry of a published document."""
    return entry_of(
        document,
        document.published_state,
        files={name: each.sha256 for name, each in sorted(publication.files.items())},
        made_from=publication.made_from,
        images=publication.images,
        tables=publication.tables,
    )


def _kept(run: BuildState, document: Document) -> dict[str, Filed]:
    """The document's files of formats not built now that are of the very same sources and untouched."""
    previous = run.history.published.get(document.name)
    if previous is None or previous.made_from != run.made_from(document) or spoilt(previous, run.paths.folder):
        return {}
    return dict(previous.files)
