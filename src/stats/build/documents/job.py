"""What a worker is asked for and what it answers; does nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from stats.build.documents.failure import Failure
from stats.documents import DocumentEntry
from stats.publish.links import NO_LINKS, Links

if TYPE_CHECKING:
    from nbformat import NotebookNode


Engine = Literal["warm", "stock"]


@dataclass(frozen=True, slots=True)
class Job:
    """All a worker needs to make one document: its notebook, parameters, formats, limits, engine and folders.

    ``entry`` is what is to be made, ``number`` what its cover must say, ``formats`` the suffixes of its files,
    ``links`` where its page leads; ``seconds`` of wall clock and ``memory`` in bytes bound the run of its notebook;
    ``notebook_digest`` is that of the notebook that was confirmed, and the only one that may be run.
    """

    document: str
    unit: str
    year: int
    number: str
    entry: DocumentEntry
    notebook: NotebookNode
    notebook_digest: str
    parameters: tuple[tuple[str, str | int], ...]
    formats: tuple[str, ...]
    workspace: Path
    staged: Path
    failed: Path
    seconds: float
    memory: int
    engine: Engine = "warm"
    links: Links = NO_LINKS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job: the staged files by suffix and its counts, or a failure.

    ``left_out`` counts the paragraphs above the cover, ``earlier`` are the failures of the tries before.
    """

    document: str
    files: dict[str, Path] = field(default_factory=dict)
    images: int = 0
    tables: int = 0
    left_out: int = 0
    failure: Failure | None = None
    earlier: tuple[Failure, ...] = ()
