"""The whole set of a year and edition: plan, run, publish, record, in this order; computes no figure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from stats import report
from stats.batch import workers
from stats.batch.failure import DISK, Failure
from stats.batch.issue import settle, withdraw
from stats.batch.job import Job
from stats.batch.lock import held
from stats.batch.manifest import Entry, entry_of, is_current, present_files, published_entries
from stats.batch.notebooks import Template, check_parameters, template
from stats.batch.places import Places
from stats.batch.plan import Document, plan, unattributed
from stats.batch.record import record
from stats.batch.sources import sources
from stats.batch.state import Options, Run
from stats.errors import ExitCode, SurroundingsError
from stats.findings import Finding, Severity
from stats.params import Params

NOTEBOOKS = ("county.ipynb", "town.ipynb", "quality.ipynb")


class Watcher(Protocol):
    """Whoever wants to see the run while it goes on."""

    def begin(self, documents: int) -> None:
        """So many documents will be built."""

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        """One more has been built, or has failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run; ``entries`` in the order of the set, ``built`` the names of those built just now."""

    folder: Path
    entries: tuple[Entry, ...]
    built: frozenset[str]
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...]
    exit_code: ExitCode


def build(params: Params, options: Options, watcher: Watcher) -> Result:
    """Build the set. One document's failure is recorded and stops no other.

    ParamsError before anything is written or started if a notebook or its parameters cannot be trusted, LockedError
    if another run is at work, SurroundingsError if the folder cannot be written. Stopped early, by Ctrl-C too, it
    leaves every document old or new, the record in step, and no process behind.
    """
    templates = {name: template(params.workspace, name) for name in NOTEBOOKS}
    places = Places(params.workspace, params.year, params.edition)
    places.prepare()
    with held(places.lock):
        places.clear_leftovers()
        run = _planned(params, places, options, templates)
        withdraw(run)
        jobs = _jobs(run, templates)
        watcher.begin(len(jobs))
        try:
            _run(run, jobs, watcher)
        finally:
            record(run)
    return _result(run)


def _planned(params: Params, places: Places, options: Options, templates: dict[str, Template]) -> Run:
    loaded = _loaded(params)
    examined = loaded.examined
    received = examined.received.get(params.year, frozenset())
    documents = plan(params, findings=examined.findings, received=received)
    for document in documents:
        check_parameters(templates[document.notebook], (name for name, _ in document.parameters))
    made_of = sources(params, inputs=examined.inputs, templates=templates.values())
    by_name = {document.name: document for document in documents}
    return Run(params, places, options, by_name, loaded, made_of, published_entries(places.manifest))


def _loaded(params: Params) -> report.Run:
    """The figures of the run, read anew: what an earlier call has read may be out of date."""
    report.load.cache_clear()
    return report.load(params.workspace, year=params.year, edition=params.edition)


def _jobs(run: Run, templates: dict[str, Template]) -> list[Job]:
    """The documents to be built; every other one gets its entry at once."""
    jobs = []
    for document in run.documents.values():
        entry = _settled(run, document)
        run.entries[document.name] = entry or _unbuilt(run, document)
        if entry is None:
            jobs.append(_job(run, document, templates[document.notebook]))
    return jobs


def _settled(run: Run, document: Document) -> Entry | None:
    """The entry of a document that is not to be built now; None if it is."""
    if document.state == "refused":
        rules = tuple(sorted({finding.rule for finding in document.refusals}))
        return entry_of(document, "refused", rules=rules, stale=present_files(run.places.folder, document.name))
    previous = run.previous.get(document.name)
    selected = run.options.selects(document)
    current = is_current(
        previous,
        made_from=run.made_from(document),
        formats=run.options.formats if selected else (),
        folder=run.places.folder,
    )
    if current and not (selected and run.options.force):
        return previous
    return None if selected else _unbuilt(run, document)


def _unbuilt(run: Run, document: Document) -> Entry:
    return entry_of(document, "not_built", stale=present_files(run.places.folder, document.name))


def _job(run: Run, document: Document, source: Template) -> Job:
    return Job(
        document=document.name,
        unit=document.unit.code,
        year=run.params.year,
        notebook=source.node,
        parameters=document.parameters,
        formats=run.options.formats,
        workspace=run.params.workspace,
        staged=run.places.staged,
        failed=run.places.failed,
        seconds=run.options.seconds,
    )


def _run(run: Run, jobs: Sequence[Job], watcher: Watcher) -> None:
    if not jobs:
        return
    _forget_earlier_failures(run.places, jobs)
    _prepare_plotting(run.places.plotting)
    outcomes = workers.run(
        jobs,
        workers=min(run.options.jobs, len(jobs)),
        logs=run.places.logs,
        surroundings={"MPLCONFIGDIR": str(run.places.plotting)},
    )
    with closing(outcomes):
        for outcome in outcomes:
            failure = settle(run, outcome)
            watcher.finished(run.entries[outcome.document], failure)


def _forget_earlier_failures(places: Places, jobs: Sequence[Job]) -> None:
    for job in jobs:
        (places.failed / f"{job.document}.ipynb").unlink(missing_ok=True)


def _prepare_plotting(folder: Path) -> None:
    """Have the drawing library list the machine's fonts once per run.

    An old list may name a font that is gone; the library would then list them all again in the middle of a chart
    and forget the fonts that come with the project.
    """
    for old in folder.glob("fontlist-*.json"):
        old.unlink()
    surroundings = {**os.environ, "MPLCONFIGDIR": str(folder)}
    try:
        subprocess.run(
            [sys.executable, "-c", "import matplotlib.font_manager"], env=surroundings, check=True, capture_output=True
        )
    except subprocess.CalledProcessError as error:
        raise SurroundingsError("绘图组件不能运行", "请重新安装运行环境（make report 会自动安装）") from error


def _result(run: Run) -> Result:
    return Result(
        folder=run.places.folder,
        entries=tuple(run.entries.values()),
        built=frozenset(run.built),
        failures=tuple(run.failures),
        findings=run.findings,
        exit_code=_exit_code(run),
    )


def _exit_code(run: Run) -> ExitCode:
    if any(failure.code == DISK for failure in run.failures):
        return ExitCode.ENVIRONMENT
    if run.failures:
        return ExitCode.RUN_FAILED
    selected = [document for document in run.documents.values() if run.options.selects(document)]
    if any(document.state == "refused" for document in selected):
        return ExitCode.DATA_REFUSED
    is_whole = not run.options.units
    return ExitCode.DATA_REFUSED if is_whole and unattributed(run.params, run.findings) else ExitCode.COMPLETE


def to_json(params: Params, result: Result, *, folder: str) -> dict[str, Any]:
    """The result for machines; ``folder`` is the set's folder in the workspace."""
    severities = Counter(finding.severity for finding in result.findings)
    return {
        "year": params.year,
        "edition": params.edition,
        "exit_code": result.exit_code,
        "folder": folder,
        "documents": [{**asdict(entry), "built": entry.name in result.built} for entry in result.entries],
        "failures": [asdict(failure) for failure in result.failures],
        "findings": {severity.value: severities[severity] for severity in Severity},
    }
