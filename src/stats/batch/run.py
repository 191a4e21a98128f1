"""The whole set of a year and edition: plan, run, publish, record, in this order; computes no figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from stats import report, returns
from stats.batch import confirmation, preflight, unchanged, workers
from stats.batch.counts import Fewer
from stats.batch.failure import DISK, Failure
from stats.batch.freshness import reasons
from stats.batch.issue import published_entry, settle
from stats.batch.job import Job, Outcome
from stats.batch.ledger import Ledger, opened, read, shorten
from stats.batch.lock import held
from stats.batch.manifest import Entry, entry_of, present_files
from stats.batch.notebooks import Template, slow_imports
from stats.batch.older_layout import take_over
from stats.batch.places import Places
from stats.batch.plan import Document, data_exit_code, refusals
from stats.batch.planning import NOTEBOOKS, Templates, planned, set_key, templates_of
from stats.batch.publication import recover, withdraw
from stats.batch.record import record, strangers
from stats.batch.state import Options, Run
from stats.batch.uninterrupted import uninterrupted
from stats.errors import ExitCode, SurroundingsError
from stats.files import blaming_the_disk
from stats.findings import Finding, Severity
from stats.params import Params
from stats.publish import left_out
from stats.receipt import Receipt


class Watcher(Protocol):
    """Whoever wants to see the run while it goes on."""

    def uses_own(self, used: confirmation.Used) -> None:
        """The run may use these notebooks of the workspace itself, which are not the project's."""

    def remark(self, line: str) -> None:
        """Something to be known of a notebook that is run."""

    def begin(self, documents: int) -> None:
        """So many documents will be built."""

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        """One more has been built, or has failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run; ``entries`` in the order of the set, ``built`` the names of those built just now.

    ``refusals`` are the findings that stop something, ``lying`` what was found where nobody reads it, ``counts`` how
    many findings there are of each severity; ``fewer`` tells which documents built just now have lost charts or tables;
    ``strangers`` are the paths of what lies in the folder and is not of the set; ``unread`` counts the lines of the
    ledger that were not believed.
    """

    places: Places
    entries: tuple[Entry, ...]
    built: frozenset[str]
    failures: tuple[Failure, ...]
    refusals: tuple[Finding, ...]
    counts: Mapping[str, int]
    exit_code: ExitCode
    fewer: tuple[Fewer, ...] = ()
    strangers: tuple[str, ...] = ()
    unread: int = 0
    lying: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path:
        """The set as it is handed out."""
        return self.places.folder


def build(params: Params, options: Options, watcher: Watcher, places: Places | None = None) -> Result:
    """Build the set, into ``places`` where they are given. One document's failure is recorded and stops no other.

    ParamsError before anything is touched if a notebook of the workspace itself is not confirmed, before anything is
    built if one is not fit to be run or its parameters are not those that are given; LockedError if another run is at
    work, SurroundingsError if the folder cannot be written: on a full disk nothing is tried any
    further. Stopped early, by Ctrl-C too, it leaves every document old or new, the record in step, and no process
    behind.
    """
    places = places or Places(params.workspace, params.year, params.edition)
    used = confirmation.confirmed(params.workspace, NOTEBOOKS, now=options.trust_notebooks)
    if used.notebooks:
        watcher.uses_own(used)
    with blaming_the_disk(places.folder):
        places.prepare()
        preflight.check(places)
        with held(places.lock):
            return _locked_build(params, options, watcher, places, used)


def _locked_build(
    params: Params, options: Options, watcher: Watcher, places: Places, used: confirmation.Used
) -> Result:
    take_over(places)
    history = read(places.ledger)
    shorten(places.ledger, history)
    with opened(places.ledger) as ledger:
        recover(places, ledger, history)
        places.clear_leftovers()
        key = set_key(params)
        known = unchanged.record(places, history, key=key, options=options)
        if known is not None:
            watcher.begin(0)
            return _known_result(params, places, known)
        preflight.check_processes(options)
        templates = templates_of(params)
        confirmation.refuse_others(templates.values(), used)
        for line in filter(None, (each.remark for each in templates.values())):
            watcher.remark(line)
        run = planned(params, places, options, templates, history)
        return _build(run, ledger, templates, watcher, key)


def _known_result(params: Params, places: Places, known: unchanged.Record) -> Result:
    return Result(
        places,
        known.entries,
        frozenset(),
        (),
        refusals(known.findings, places.year),
        known.counts,
        known.exit_code,
        strangers=strangers(places),
        lying=_lying(params, places, known.entries, known.findings),
    )


def _build(run: Run, ledger: Ledger, templates: Templates, watcher: Watcher, key: str) -> Result:
    withdraw(run.places, ledger, run.history, run.documents)
    jobs = _jobs(run, templates)
    try:
        _run(run, ledger, jobs, watcher)
    finally:
        with uninterrupted():  # documents and tables tell of the same run
            _complete_entries(run)
            record(run)
    result = _result(run)
    if not result.failures and not run.options.units and _stands_for(key, run):
        unchanged.note(run, ledger, key=key, exit_code=result.exit_code, counts=result.counts)
    return result


def _stands_for(key: str, run: Run) -> bool:
    """Whether what was read, after the key was taken, is what the key was taken of."""
    return not run.inputs.changed(thoroughly=True) and set_key(run.params) == key


def _jobs(run: Run, templates: Templates) -> list[Job]:
    """The documents to be built; every other one gets its entry."""
    jobs = []
    for document in run.documents.values():
        run.made_from(document)  # its figures are then at hand in every process forked from this one
        entry = _settled(run, document)
        if entry is None:
            jobs.append(_job(run, document, templates[document.notebook]))
        else:
            run.entries[document.name] = entry
    return jobs


def _complete_entries(run: Run) -> None:
    """The entries in the order of the set; a document the run did not get to has the one of the files lying there."""
    run.entries = {name: run.entries.get(name) or _unbuilt(run, each) for name, each in run.documents.items()}


def _settled(run: Run, document: Document) -> Entry | None:
    """The entry of a document that is not to be built now; None if it is."""
    selected = run.options.selects(document)
    if selected and run.options.force:
        return None
    published = run.history.published.get(document.name)
    stale = reasons(
        published,
        made_from=run.made_from(document),
        formats=run.options.formats if selected else (),
        folder=run.places.folder,
    )
    if published is not None and not stale:
        return published_entry(document, published)
    return None if selected else _unbuilt(run, document)


def _unbuilt(run: Run, document: Document) -> Entry:
    return entry_of(document, "not_built", stale=present_files(run.places.folder, document.name))


def _job(run: Run, document: Document, source: Template) -> Job:
    options = run.options
    return Job(
        document=document.name,
        unit=document.unit.code,
        year=run.params.year,
        notebook=source.node,
        notebook_digest=source.digest,
        parameters=document.parameters,
        formats=options.formats,
        workspace=run.params.workspace,
        staged=run.places.staged,
        failed=run.places.failed,
        seconds=options.seconds,
        memory=options.memory,
        engine=options.engine,
    )


def _run(run: Run, ledger: Ledger, jobs: Sequence[Job], watcher: Watcher) -> None:
    if not jobs:
        watcher.begin(0)
        return
    _forget_earlier_failures(run.places, jobs)
    with _outcomes(run, jobs) as outcomes:
        watcher.begin(len(jobs))
        for outcome in outcomes:
            failure = settle(run, ledger, outcome)
            if outcome.left_out:
                watcher.remark(left_out(outcome.left_out, f"笔记本 {run.documents[outcome.document].notebook} "))
            watcher.finished(run.entries[outcome.document], failure)
            if failure is not None and failure.code == DISK:
                raise SurroundingsError(failure.message, failure.remedy)


@contextmanager
def _outcomes(run: Run, jobs: Sequence[Job]) -> Iterator[Iterator[Outcome]]:
    """What comes of the jobs; on this machine, the processes are there when the block begins."""
    options, places = run.options, run.places
    if options.cluster:
        with closing(_on_cluster(run, jobs)) as outcomes:
            yield outcomes
        return
    with workers.team(
        size=min(options.jobs, len(jobs)),
        engine=options.engine,
        logs=places.logs,
        slow=slow_imports({id(job.notebook): job.notebook for job in jobs}.values()),
        read=partial(report.load, run.params.workspace, year=run.params.year, edition=run.params.edition),
    ) as team:
        yield team.outcomes(jobs, retries=options.retries)


def _on_cluster(run: Run, jobs: Sequence[Job]) -> Generator[Outcome, None, None]:
    from stats.batch import cluster  # brings dask, which a run on this machine does without

    return cluster.run(
        jobs,
        address=run.options.cluster,
        params=run.params,
        sources=run.sources,
        logs=run.places.logs,
        by_content=run.options.return_bytes,
        retries=run.options.retries,
    )


def _forget_earlier_failures(places: Places, jobs: Sequence[Job]) -> None:
    for job in jobs:
        (places.failed / f"{job.document}.ipynb").unlink(missing_ok=True)


def _result(run: Run) -> Result:
    severities = Counter(finding.severity for finding in run.findings)
    return Result(
        places=run.places,
        entries=tuple(run.entries.values()),
        built=frozenset(run.built),
        failures=tuple(run.failures),
        refusals=refusals(run.findings, run.params.year, run.options.units),
        counts={severity.value: severities[severity] for severity in Severity},
        exit_code=_exit_code(run),
        fewer=tuple(run.fewer),
        strangers=strangers(run.places),
        unread=run.history.unread,
        lying=_lying(run.params, run.places, run.entries.values(), run.findings),
    )


def _lying(params: Params, places: Places, entries: Iterable[Entry], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """What lies where nobody reads it, in the year's folder (``found`` as it was read) and elsewhere."""
    usable = {Receipt.REPORTED.value, Receipt.IN_ERROR.value}
    received = {entry.unit_code for entry in entries if entry.receipt in usable}
    has_forms = (params.workspace / "data/forms" / str(params.year)).is_dir()
    elsewhere = returns.unread(params, received, places.memory() if has_forms else None)
    inside = (f for f in found if f.rule == "R-UNREAD" and f.year == params.year and f not in elsewhere)
    return (*inside, *elsewhere)


def _exit_code(run: Run) -> ExitCode:
    if run.failures:
        return ExitCode.RUN_FAILED
    return data_exit_code(refusals(run.findings, run.params.year, run.options.units))


def to_json(params: Params, result: Result, *, folder: str, internal: str) -> dict[str, Any]:
    """The result for machines; ``folder`` is the set's in the workspace, ``internal`` that of what stays inside."""
    return {
        "year": params.year,
        "edition": params.edition,
        "exit_code": result.exit_code,
        "folder": folder,
        "internal": internal,
        "strangers": list(result.strangers),
        "unread": result.unread,
        "documents": [{**asdict(entry), "built": entry.name in result.built} for entry in result.entries],
        "failures": [asdict(failure) for failure in result.failures],
        "findings": dict(result.counts),
        "refusals": [asdict(finding) for finding in result.refusals],
        "lying": [asdict(finding) for finding in result.lying],
        "fewer": [asdict(each) for each in result.fewer],
    }
