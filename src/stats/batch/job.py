"""What a worker is asked for and what it answers; does nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stats.batch.failure import Failure

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True, slots=True)
class Job:
    """All a worker needs to make one document: its notebook, parameters, formats, time limit and folders."""

    document: str
    unit: str
    year: int
    notebook: NotebookNode
    parameters: tuple[tuple[str, str | int], ...]
    formats: tuple[str, ...]
    workspace: Path
    staged: Path
    failed: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job: the staged files by suffix (``ipynb``, ``html``, ``pdf``) and its counts, or a failure."""

    document: str
    files: dict[str, Path] = field(default_factory=dict)
    images: int = 0
    tables: int = 0
    failure: Failure | None = None
