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
from stats.build import cluster
from stats.build.bound_volume import add_volume
from stats.build.documents.failure import DISK, Failure
from stats.build.documents.job import Job, Outcome
from stats.build.documents.notebooks import Template, slow_imports
from stats.build.planning import Templates, planned, set_key, templates_of
from stats.build.processes import preflight, workers
from stats.build.processes.deferred_signals import deferred_signals
from stats.build.state import last_run
from stats.build.state.build_state import BuildState, Options
from stats.build.state.content_regressions import ContentRegressions
from stats.build.state.freshness import reasons
from stats.build.state.ledger import Ledger, opened, read, shorten
from stats.build.state.lock import held
from stats.build.state.manifest import Entry, entry_of, present_files
from stats.build.state.older_layout import take_over
from stats.build.state.output_paths import OutputPaths
from stats.build.state.plan import Document, data_exit_code, refusals
from stats.build.state.publication import recover, withdraw
from stats.build.state.publish_outcome import published_entry, settle
from stats.build.state.side_outputs import record, strangers
from stats.build.workspace import confirmation
from stats.documents import NOTEBOOKS
from stats.errors import ExitCode, RunEnvironmentError
from stats.files import blaming_the_disk
from stats.findings import Finding, Severity
from stats.formats import format_of, selected
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

    paths: OutputPaths
    entries: tuple[Entry, ...]
    built: frozenset[str]
    failures: tuple[Failure, ...]
    refusals: tuple[Finding, ...]
    counts: Mapping[str, int]
    exit_code: ExitCode
    fewer: tuple[ContentRegressions, ...] = ()
    strangers: tuple[str, ...] = ()
    unread: int = 0
    lying: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path:
        """The set as it is handed out."""
        return self.paths.folder


def build(params: Params, options: Options, watcher: Watcher, paths: OutputPaths | None = None) -> Result:
    """Build the set, into ``paths`` where they are given. One document's failure is recorded and stops no other.

    ParamsError before anything is touched if a notebook of the workspace itself is not confirmed, before anything is
    built if one is not fit to be run, its parameters are not those that are given or a format is not known; LockedError
    if another run is at work, RunEnvironmentError if a format has no writer or the folder cannot be written: on a full
    disk nothing is tried any further. Stopped early, by Ctrl-C too, it leaves every document old or new, the record in
    step, and no process behind.
    """
    paths = paths or OutputPaths(params.workspace, params.year, params.edition)
    used = confirmation.confirmed(params.workspace, NOTEBOOKS, now=options.trust_notebooks)
    if used.notebooks:
        watcher.uses_own(used)
    with blaming_the_disk(paths.folder):
        paths.prepare()
        preflight.check(paths)
        with held(paths.lock):
            return _locked_build(params, options, watcher, paths, used)


def _locked_build(
    params: Params, options: Options, watcher: Watcher, paths: OutputPaths, used: confirmation.Used
) -> Result:
    take_over(paths)
    history = read(paths.ledger)
    shorten(paths.ledger, history)
    with opened(paths.ledger) as ledger:
        recover(paths, ledger, history)
        paths.clear_leftovers()
        key = set_key(params)
        known = last_run.record(paths, history, key=key, options=options)
        if known is not None:
            watcher.begin(0)
            return _known_result(params, paths, known)
        preflight.check_processes(options)
        for suffix in selected(options.formats):
            format_of(suffix).writer()
        templates = templates_of(params)
        confirmation.refuse_others(templates.values(), used)
        for line in filter(None, (each.remark for each in templates.values())):
            watcher.remark(line)
        run = planned(params, paths, options, templates, history)
        return _build(run, ledger, templates, watcher, key)


def _known_result(params: Params, paths: OutputPaths, known: last_run.Record) -> Result:
    return Result(
        paths,
        known.entries,
        frozenset(),
        (),
        refusals(known.findings, paths.year),
        known.counts,
        known.exit_code,
        strangers=strangers(paths),
        lying=_lying(params, paths, known.entries, known.findings),
    )


def _build(run: BuildState, ledger: Ledger, templates: Templates, watcher: Watcher, key: str) -> Result:
    withdraw(run.paths, ledger, run.history, run.documents)
    jobs = _jobs(run, templates)
    try:
        _run(run, ledger, jobs, watcher)
        if astray := _leading_astray(run, templates):
            _run(run, ledger, astray, watcher)
        add_volume(run, ledger)
    finally:
        with deferred_signals():  # documents and tables tell of the same run
            _complete_entries(run)
            record(run)
    result = _result(run)
    if not result.failures and not run.options.units and _stands_for(key, run):
        last_run.note(run, ledger, key=key, exit_code=result.exit_code, counts=result.counts)
    return result


def _stands_for(key: str, run: BuildState) -> bool:
    """Whether what was read, after the key was taken, is what the key was taken of."""
    return not run.inputs.changed(thoroughly=True) and set_key(run.params) == key


def _jobs(run: BuildState, templates: Templates) -> list[Job]:
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


def _leading_astray(run: BuildState, templates: Templates) -> list[Job]:
    """The documents to be built again: their pages lead to one of which nothing lies there, or pass one that does."""
    untried = (name for name in run.absent if run.entries[name].state == "not_built")
    failed = (each.document for each in run.failures)
    led = {name: run.links(document) for name, document in run.documents.items()}
    run.absent = frozenset(name for name in (*untried, *failed) if not run.entries[name].stale)
    astray = [
        document
        for name, document in run.documents.items()
        if run.entries[name].state not in ("failed", "not_built") and run.links(document) != led[name]
    ]
    for document in astray:
        del run.parts[document.name]
    return [_job(run, each, templates[each.notebook]) for each in astray if run.options.selects(each)]


def _complete_entries(run: BuildState) -> None:
    """The entries in the order of the set; a document the run did not get to has the one of the files lying there."""
    run.entries = {name: run.entries.get(name) or _unbuilt(run, each) for name, each in run.documents.items()}


def _settled(run: BuildState, document: Document) -> Entry | None:
    """The entry of a document that is not to be built now; None if it is."""
    selected = run.options.selects(document)
    if selected and run.options.force:
        return None
    published = run.history.published.get(document.name)
    stale = reasons(
        published,
        made_from=run.made_from(document),
        formats=document.suffixes(run.options.formats if selected else ()),
        folder=run.paths.folder,
    )
    if published is not None and not stale:
        return published_entry(document, published)
    return None if selected else _unbuilt(run, document)


def _unbuilt(run: BuildState, document: Document) -> Entry:
    return entry_of(document, "not_built", stale=present_files(run.paths.folder, document.name))


def _job(run: BuildState, document: Document, source: Template) -> Job:
    options = run.options
    return Job(
        document=document.name,
        unit=document.unit.code,
        year=run.params.year,
        number=document.number,
        entry=document.entry,
        notebook=source.node,
        notebook_digest=source.digest,
        parameters=document.parameters,
        formats=document.suffixes(options.formats),
        workspace=run.params.workspace,
        staged=run.paths.staged,
        failed=run.paths.failed,
        seconds=options.seconds,
        memory=options.memory,
        engine=options.engine,
        links=run.links(document, options.formats),
    )


def _run(run: BuildState, ledger: Ledger, jobs: Sequence[Job], watcher: Watcher) -> None:
    if not jobs:
        watcher.begin(0)
        return
    _forget_earlier_failures(run.paths, jobs)
    with _outcomes(run, jobs) as outcomes:
        watcher.begin(len(jobs))
        for outcome in outcomes:
            failure = settle(run, ledger, outcome)
            if outcome.left_out:
                watcher.remark(left_out(outcome.left_out, f"笔记本 {run.documents[outcome.document].notebook} "))
            watcher.finished(run.entries[outcome.document], failure)
            if failure is not None and failure.code == DISK:
                raise RunEnvironmentError(failure.message, failure.remedy)


@contextmanager
def _outcomes(run: BuildState, jobs: Sequence[Job]) -> Iterator[Iterator[Outcome]]:
    """What comes of the jobs; on this machine, the processes are there when the block begins."""
    options, paths = run.options, run.paths
    if options.cluster:
        with closing(_on_cluster(run, jobs)) as outcomes:
            yield outcomes
        return
    with workers.team(
        size=min(options.jobs, len(jobs)),
        engine=options.engine,
        logs=paths.logs,
        slow=slow_imports({id(job.notebook): job.notebook for job in jobs}.values()),
        read=partial(report.load, run.params.workspace, year=run.params.year, edition=run.params.edition),
    ) as team:
        yield team.outcomes(jobs, retries=options.retries)


def _on_cluster(run: BuildState, jobs: Sequence[Job]) -> Generator[Outcome, None, None]:
    outcomes: Generator[Outcome, None, None] = cluster.part("dispatch").run(
        jobs,
        address=run.options.cluster,
        params=run.params,
        sources=run.sources,
        logs=run.paths.logs,
        by_content=run.options.return_bytes,
        retries=run.options.retries,
    )
    return outcomes


def _forget_earlier_failures(paths: OutputPaths, jobs: Sequence[Job]) -> None:
    for job in jobs:
        (paths.failed / f"{job.document}.ipynb").unlink(missing_ok=True)


def _result(run: BuildState) -> Result:
    severities = Counter(finding.severity for finding in run.findings)
    return Result(
        paths=run.paths,
        entries=tuple(run.entries.values()),
        built=frozenset(run.built),
        failures=tuple(run.failures),
        refusals=refusals(run.findings, run.params.year, run.options.units),
        counts={severity.value: severities[severity] for severity in Severity},
        exit_code=_exit_code(run),
        fewer=tuple(run.fewer),
        strangers=strangers(run.paths),
        unread=run.history.unread,
        lying=_lying(run.params, run.paths, run.entries.values(), run.findings),
    )


def _lying(
    params: Params, paths: OutputPaths, entries: Iterable[Entry], found: Iterable[Finding]
) -> tuple[Finding, ...]:
    """What lies where nobody reads it, in the year's folder (``found`` as it was read) and elsewhere."""
    usable = {Receipt.REPORTED.value, Receipt.IN_ERROR.value}
    received = {entry.unit_code for entry in entries if entry.receipt in usable}
    has_forms = (params.workspace / "data/forms" / str(params.year)).is_dir()
    elsewhere = returns.unread(params, received, paths.memory() if has_forms else None)
    inside = (f for f in found if f.rule == "R-UNREAD" and f.year == params.year and f not in elsewhere)
    return (*inside, *elsewhere)


def _exit_code(run: BuildState) -> ExitCode:
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
