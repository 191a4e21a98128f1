"""Stands in for the worker processes: the batch gets finished documents at once, and no notebook is run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from make_workspace import YEAR
from stats import params as parameters
from stats.build import bound_volume
from stats.build.documents.failure import DocumentError, Failure
from stats.build.documents.job import Job, Outcome
from stats.build.documents.produce import _failed, _stage, _step
from stats.build.run import Result, build
from stats.build.state.build_state import Options
from stats.build.state.manifest import Entry
from stats.build.workspace.confirmation import Used


class Unwatched:
    """A watcher that does not look."""

    def uses_own(self, used: Used) -> None: ...

    def remark(self, line: str) -> None: ...

    def begin(self, documents: int) -> None: ...

    def finished(self, entry: Entry, failure: Failure | None) -> None: ...


def bound(notebooks: Sequence[Path], title: str, seconds: float) -> bytes:
    """What stands for the volume of delivered documents."""
    return b"%PDF- " + content(title, "、".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in notebooks))


def content(text: str, name: str) -> bytes:
    """What is delivered for a file: its version, its name, and so many lines that a torn file is seen to be one."""
    lines = (f"{text} {name} {line}" for line in range(100))
    return "\n".join([*lines, "完", ""]).encode()


@dataclass
class Deliveries:
    """Delivers every document with this ``text``, staged as a worker stages it, after doing ``before``."""

    text: str = "一"
    before: Callable[[Job], None] | None = None
    failure: str = ""
    made: list[str] = field(default_factory=list)

    @contextmanager
    def team(self, **_: Any) -> Iterator[Deliveries]:
        bound_volume.bind = bound  # what is delivered is no document; each test begins with the real one, see conftest
        yield self

    def outcomes(self, jobs: Sequence[Job], *, retries: int) -> Iterator[Outcome]:
        for job in jobs:
            if self.before is not None:
                self.before(job)
            self.made.append(job.document)
            yield self._outcome(job)

    def _outcome(self, job: Job) -> Outcome:
        if self.failure:
            failure = Failure(job.document, job.unit, "publish", self.failure, "坏了", "请修")
            return Outcome(job.document, failure=failure)
        names = {suffix: f"{job.document}.{suffix}" for suffix in ("ipynb", *job.formats)}
        contents = {suffix: content(self.text_of(job.document), name) for suffix, name in names.items()}
        try:
            staged = _step(job, "publish", lambda: _stage(job, contents))
        except DocumentError as error:
            return _failed(job, error.stage, error.code, error.message, error.remedy)
        return Outcome(job.document, staged, images=1, tables=2)

    def text_of(self, document: str) -> str:
        return self.text

    def build(self, params: parameters.Params, **options: Any) -> Result:
        """Build the set, and remember in ``made`` only what this run delivered."""
        self.made.clear()
        return build(params, Options(jobs=1, **options), Unwatched())


def set_folder(workspace: Path) -> Path:
    """Where the set of the year lies, in the edition that is built unless another is asked for."""
    return workspace / f"reports/{YEAR}/meeting"


def internal_folder(workspace: Path) -> Path:
    """What a run of the same edition keeps to itself."""
    return workspace / f"reports/{YEAR}/.internal/meeting"


def returns_file(workspace: Path) -> Path:
    return workspace / f"data/returns/{YEAR}/全县.csv"


def change_returns(workspace: Path, *, enlisted: int = 6) -> None:
    """Give every unit another number of recruits in autumn."""
    path = returns_file(workspace)
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    changed = [",".join([*row.split(",")[:-2], str(enlisted), "4"]) if ",autumn," in row else row for row in rows]
    path.write_text("\n".join([head, *changed]) + "\n", encoding="utf-8")


def published_files(folder: Path) -> dict[str, bytes]:
    """Every file of the set by its path in the folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def leftovers(workspace: Path) -> list[str]:
    """Temporary files and locks that no run should leave."""
    reports = workspace / "reports"
    kinds = ("*.part", "*lock.json*", ".internal/*/staged/*", ".internal/*/rebuilt")
    return sorted(path.relative_to(reports).as_posix() for kind in kinds for path in reports.rglob(kind))
