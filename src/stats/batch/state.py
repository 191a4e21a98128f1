"""A run while it goes on: what is due, what it follows from, and what has come of it so far; does nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from stats import meaning, report
from stats.batch.failure import Failure
from stats.batch.input_watch import InputWatch
from stats.batch.ledger import History, Ledger
from stats.batch.manifest import Entry
from stats.batch.places import Places
from stats.batch.plan import Document
from stats.batch.sources import Sources
from stats.findings import Finding
from stats.params import Params

FORMATS = ("html", "pdf")
UNIT_SECONDS = 600.0
UNIT_MEMORY = 3 * 2**30

Engine = Literal["warm", "stock"]


@dataclass(frozen=True, slots=True)
class Options:
    """How much of the set is built, and how.

    No ``units`` means all. ``seconds`` and ``memory`` (bytes) are the limits of one document; ``retries`` says how
    often one whose process died is tried again. ``cluster`` is the address of a dask scheduler, empty for this
    machine; with ``return_bytes`` its workers send the documents back instead of writing them to shared storage.
    """

    jobs: int
    formats: tuple[str, ...] = FORMATS
    units: frozenset[str] = frozenset()
    force: bool = False
    engine: Engine = "warm"
    seconds: float = UNIT_SECONDS
    memory: int = UNIT_MEMORY
    retries: int = 0
    cluster: str = ""
    return_bytes: bool = False

    def selects(self, document: Document) -> bool:
        """Whether this document is among those asked for."""
        return not self.units or document.unit.code in self.units


@dataclass(slots=True)
class Run:
    """One run; ``entries`` in the order of the set, ``built`` the names of the documents built just now."""

    params: Params
    places: Places
    options: Options
    documents: dict[str, Document]
    loaded: report.Run
    sources: Sources
    ledger: Ledger
    history: History
    inputs: InputWatch
    entries: dict[str, Entry] = field(default_factory=dict)
    built: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)

    def made_from(self, document: Document) -> dict[str, str]:
        """What this document follows from, part by part."""
        return self.sources.of_document(
            document.notebook, document.parameters, meaning=meaning.of_report(self._shown_in(document))
        )

    def _shown_in(self, document: Document) -> meaning.Shown:
        if document.notebook == "county.ipynb":
            return self.loaded.county()
        if document.notebook == "quality.ipynb":
            return self.loaded.quality()
        return self.loaded.town(document.unit.code)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found in the returns of the years shown."""
        return self.loaded.examined.findings
