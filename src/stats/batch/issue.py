"""One document's way into the folder: all its files, or none of them; makes no content."""

from __future__ import annotations

from collections.abc import Collection

from stats.batch.failure import Failure
from stats.batch.job import Outcome
from stats.batch.manifest import SUFFIXES, Entry, entry_of, present_files
from stats.batch.places import inside
from stats.batch.plan import Document
from stats.batch.sources import sha256
from stats.batch.state import Run
from stats.files import write_atomically


def settle(run: Run, outcome: Outcome) -> Failure | None:
    """Publish what a worker made, or record why not; a failed document's earlier files stay as they are."""
    failure = outcome.failure or _changed_input(run, outcome)
    run.entries[outcome.document] = _failed(run, failure) if failure else _publish(run, outcome)
    return failure


def withdraw(run: Run) -> None:
    """Set aside the files of documents that are no longer due, after a change of name or roster."""
    for name in run.previous.keys() - run.documents.keys():
        for file in present_files(run.places.folder, name):
            inside(run.places.folder, file).replace(run.places.withdrawn / file)


def _changed_input(run: Run, outcome: Outcome) -> Failure | None:
    """A failure if a return is no longer what was examined: the document may then mix two states of the data."""
    for file, digest in run.loaded.examined.inputs.items():
        path = run.params.workspace / file
        if not path.is_file() or sha256(path) != digest:
            unit = run.documents[outcome.document].unit.code
            problem, remedy = f"运行期间 {file} 被改动或移走", "请待文件定稿后重新运行"
            return Failure(outcome.document, unit, "publish", "I-CHANGED", problem, remedy)
    return None


def _failed(run: Run, failure: Failure) -> Entry:
    run.failures.append(failure)
    document = run.documents[failure.document]
    stale = present_files(run.places.folder, document.name)
    return entry_of(document, "failed", code=failure.code, stale=stale)


def _publish(run: Run, outcome: Outcome) -> Entry:
    document = run.documents[outcome.document]
    for suffix, staged in outcome.files.items():
        write_atomically(inside(run.places.folder, f"{document.name}.{suffix}"), staged.read_bytes())
        staged.unlink()
    _drop_outdated(run, document, outcome.files.keys())
    run.built.add(document.name)
    return entry_of(
        document,
        "not_reported" if document.state == "not_reported" else "complete",
        files=present_files(run.places.folder, document.name),
        made_from=run.made_from(document),
        images=outcome.images,
        tables=outcome.tables,
    )


def _drop_outdated(run: Run, document: Document, fresh: Collection[str]) -> None:
    """Remove the document's files of formats not built now, unless they are of the very same sources."""
    previous = run.previous.get(document.name)
    same = previous is not None and previous.made_from == run.made_from(document)
    for suffix in SUFFIXES:
        path = run.places.folder / f"{document.name}.{suffix}"
        is_kept = same and previous is not None and path.is_file() and previous.files.get(path.name) == sha256(path)
        if suffix not in fresh and not is_kept:
            path.unlink(missing_ok=True)
