"""A run while it goes on: what is due, what it follows from, and what has come of it so far; does nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from stats import report
from stats.batch.failure import Failure
from stats.batch.manifest import Entry
from stats.batch.places import Places
from stats.batch.plan import Document
from stats.batch.sources import Sources
from stats.findings import Finding
from stats.params import Params

FORMATS = ("html", "pdf")
UNIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Options:
    """How much of the set is built, and how. No ``units`` means all; ``seconds`` is the limit for one document."""

    jobs: int
    formats: tuple[str, ...] = FORMATS
    units: frozenset[str] = frozenset()
    force: bool = False
    seconds: float = UNIT_SECONDS

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
    previous: dict[str, Entry]
    entries: dict[str, Entry] = field(default_factory=dict)
    built: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)

    def made_from(self, document: Document) -> str:
        """The fingerprint of everything this document follows from."""
        return self.sources.fingerprint(document.notebook, document.parameters)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found in the returns of the years shown."""
        return self.loaded.examined.findings
