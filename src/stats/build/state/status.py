"""How each document of the set stands: up to date, stale and why, failed, refused, not reported. Builds nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from stats.build.planning import planned, set_key, templates_of
from stats.build.state import last_run
from stats.build.state.build_state import BuildState, Options
from stats.build.state.freshness import UNFINISHED, reasons
from stats.build.state.ledger import History, read
from stats.build.state.manifest import Entry, entry_of, failed_checks
from stats.build.state.older_layout import ledger
from stats.build.state.output_paths import OutputPaths
from stats.build.state.plan import Document, data_exit_code, refusals
from stats.errors import ExitCode
from stats.findings import Finding
from stats.params import Params
from stats.receipt import Receipt

Kind = Literal["current", "stale", "failed", "refused", "not_reported"]

KIND_LABELS: dict[Kind, str] = {
    "current": "已是最新",
    "not_reported": "未上报，说明页已是最新",
    "stale": "需要重做",
    "failed": "上次失败",
    "refused": "待核对页已是最新",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one document stands; ``why`` in words for an analyst, ``receipt`` what became of the unit's return."""

    name: str
    number: str
    unit_code: str
    unit_name: str
    kind: Kind
    why: tuple[str, ...] = ()
    receipt: str = ""

    @property
    def label(self) -> str:
        """How it stands in words; of a page that says 待核对, what became of the unit's return."""
        is_withheld = bool(self.receipt) and Receipt(self.receipt).is_withheld
        return f"{Receipt(self.receipt).label}，{KIND_LABELS[self.kind]}" if is_withheld else KIND_LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class Status:
    """The documents of the set in their order, the folder they lie in, and what stops something."""

    folder: Path
    standings: tuple[Standing, ...]
    refusals: tuple[Finding, ...] = ()

    @property
    def counts(self) -> dict[Kind, int]:
        """How many documents stand how."""
        found = Counter(standing.kind for standing in self.standings)
        return {kind: found[kind] for kind in KIND_LABELS if found[kind]}

    @property
    def exit_code(self) -> ExitCode:
        """What a build of the whole set would end with as far as the data decide it; work to do is no failure."""
        return data_exit_code(self.refusals)


def status(params: Params, options: Options) -> Status:
    """How the set stands against the data, notebooks, parameters and code as they are now. Writes nothing."""
    paths = OutputPaths(params.workspace, params.year, params.edition)
    history = read(ledger(paths))
    key = set_key(params)
    known = last_run.record(paths, history, key=key, options=options)
    if known is not None:
        standings = tuple(_as_published(entry) for entry in known.entries)
        return Status(paths.folder, standings, refusals(known.findings, params.year))
    return _looked_at(params, paths, options, history)


def _as_published(entry: Entry) -> Standing:
    if entry.state == "refused":
        return _standing(entry, "refused", (failed_checks(entry.rules),))
    return _standing(entry, "not_reported" if entry.state == "not_reported" else "current")


def _looked_at(params: Params, paths: OutputPaths, options: Options, history: History) -> Status:
    run = planned(params, paths, options, templates_of(params), history)
    standings = tuple(_judged(run, document) for document in run.documents.values())
    return Status(paths.folder, standings, refusals(run.findings, params.year))


def _judged(run: BuildState, document: Document) -> Standing:
    why, entry = _why(run, document), entry_of(document, document.published_state)
    failure = run.history.failures.get(document.name)
    if why and failure is not None:
        return _standing(entry, "failed", (f"{failure['code']}：{failure['message']}",))
    return _standing(entry, "stale", why) if why else _as_published(entry)


def _why(run: BuildState, document: Document) -> tuple[str, ...]:
    """Why the document is to be built; one that a killed run was publishing is finished or built by the next."""
    if document.name in run.history.unfinished:
        return (UNFINISHED,)
    published = run.history.published.get(document.name)
    wanted = document.suffixes(run.options.formats)
    return reasons(published, made_from=run.made_from(document), formats=wanted, folder=run.paths.folder)


def _standing(document: Entry, kind: Kind, why: tuple[str, ...] = ()) -> Standing:
    names = (document.name, document.number, document.unit_code, document.unit_name)
    return Standing(*names, kind, why, document.receipt)


def to_json(params: Params, found: Status, *, folder: str) -> dict[str, Any]:
    """The status for machines; ``folder`` is the set's folder in the workspace."""
    return {
        "year": params.year,
        "edition": params.edition,
        "exit_code": found.exit_code,
        "folder": folder,
        "counts": dict(found.counts),
        "documents": [asdict(standing) for standing in found.standings],
    }
