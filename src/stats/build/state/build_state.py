"""A run while it goes on: what is due, what it follows from, and what has come of it so far; does nothing itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from stats import content_hash, report
from stats.build.documents.failure import Failure
from stats.build.documents.job import Engine
from stats.build.state.content_regressions import ContentRegressions
from stats.build.state.input_watch import InputWatch
from stats.build.state.ledger import History
from stats.build.state.links import links
from stats.build.state.manifest import Entry
from stats.build.state.output_paths import OutputPaths
from stats.build.state.plan import Document
from stats.build.state.sources import Sources
from stats.findings import Finding
from stats.formats import SELECTABLE
from stats.params import Params
from stats.publish.links import Links

UNIT_SECONDS = 600.0
UNIT_MEMORY = 3 * 2**30


@dataclass(frozen=True, slots=True)
class Options:
    """How much of the set is built, and how.

    No ``units`` means all. ``seconds`` and ``memory`` (bytes) are the limits of one document; ``retries`` says how
    often one whose process died is tried again. ``cluster`` is the address of a dask scheduler, empty for this
    machine; with ``return_bytes`` its workers send the documents back instead of writing them to shared storage.
    ``trust_notebooks`` says that whoever runs it has looked at the workspace's own notebooks and wants them run.
    """

    jobs: int
    formats: tuple[str, ...] = SELECTABLE
    units: frozenset[str] = frozenset()
    force: bool = False
    engine: Engine = "warm"
    seconds: float = UNIT_SECONDS
    memory: int = UNIT_MEMORY
    retries: int = 0
    cluster: str = ""
    return_bytes: bool = False
    trust_notebooks: bool = False

    def selects(self, document: Document) -> bool:
        """Whether this document is among those asked for."""
        return not self.units or document.unit.code in self.units


@dataclass(slots=True)
class BuildState:
    """One run; ``entries`` of the documents it is done with, ``built`` the names of those built just now.

    ``shown`` tells by notebook what it shows, None where that cannot be told; ``parts`` remembers what a document
    follows from; ``absent`` are the documents that failed and of which nothing lies there, to which no page leads;
    ``volume`` is the whole set as one file, by its name, where there is one.
    """

    params: Params
    paths: OutputPaths
    options: Options
    documents: dict[str, Document]
    loaded: report.Session
    sources: Sources
    history: History
    inputs: InputWatch
    shown: Mapping[str, content_hash.Shown | None]
    entries: dict[str, Entry] = field(default_factory=dict)
    built: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    fewer: list[ContentRegressions] = field(default_factory=list)
    volume: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def links(self, document: Document, formats: Collection[str] = ()) -> Links:
        """Where the page of a document leads when these formats are made."""
        there = {name: each for name, each in self.documents.items() if name not in self.absent - {document.name}}
        return links(document, there, formats)

    def made_from(self, document: Document) -> dict[str, str]:
        """What this document follows from, part by part."""
        known = self.parts.get(document.name)
        if known is None:
            leads_to = ("links", repr(self.links(document)))
            given = (*document.parameters, leads_to)
            known = self.sources.of_document(document.notebook, given, meaning=self._meaning(document))
            self.parts[document.name] = known
        return known

    def _meaning(self, document: Document) -> str:
        """What the document shows of the data; all of the data where its notebook does not say what it shows."""
        what = self.shown[document.notebook]
        if what is None:
            return self.sources.data()
        return content_hash.of_document(self.loaded, what, document.unit.code)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found in the returns of the years shown."""
        return self.loaded.examined.findings
