"""What the batch itself costs for each unit of a whole nation: planning, ledger, publication, resume; no kernel runs.

BuildState: ``python benchmarks/scale.py [TOWNS]`` (default 4000, the whole country is 41352). A region of many
counties is built with workers that deliver small files at once, so that what is measured is everything around
them. The first county, which imports libraries, is not counted. Prints, for each unit, the CPU of reading and
computing and that of scheduling; how long it takes to see that nothing is left to do; and the memory of this
process after the first county and after the last.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import region

from stats import params
from stats.build import run
from stats.build.documents.job import Job, Outcome
from stats.build.processes import workers
from stats.build.run import build
from stats.build.state.build_state import Options
from stats.build.workspace.confirmation import Used
from stats.formats import SUFFIXES
from stats.params import Params

DEFAULT = 4000


class AtOnce:
    """Workers that deliver small files the moment they are asked; ``seconds`` is the CPU that takes."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def team(self, **_: Any) -> Iterator[AtOnce]:
        yield self

    def outcomes(self, jobs: Iterable[Job], *, retries: int) -> Iterator[Outcome]:
        for job in jobs:
            started = time.process_time()
            staged = {suffix: job.staged / f"{job.document}.{suffix}" for suffix in SUFFIXES}
            for path in staged.values():
                path.write_bytes(job.document.encode())
            self.seconds += time.process_time() - started
            yield Outcome(job.document, staged, images=8, tables=11)


class Silent:
    """A watcher that looks away."""

    def uses_own(self, used: Used) -> None: ...

    def remark(self, line: str) -> None: ...

    def begin(self, documents: int) -> None: ...

    def finished(self, entry: Any, failure: Any) -> None: ...


class Clock:
    """Counts the CPU that some functions take, giving back what they made before included."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._made: Any = None

    def timed(self, function: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                self._made = None
                self._made = function(*given, **named)
                return self._made
            finally:
                self.seconds += time.process_time() - started

        return call


def memory() -> float:
    return float(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def pass_over(counties: Iterable[Params]) -> tuple[float, list[float]]:
    """CPU seconds of building every county's set, and the memory after each."""
    started, sizes = time.process_time(), []
    for here in counties:
        build(here, Options(jobs=2), Silent())
        sizes.append(memory())
    return time.process_time() - started, sizes


def main() -> None:
    towns = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    standing_in = AtOnce()
    workers.team = standing_in.team  # type: ignore[assignment]
    planning, meaning, tables, publishing = Clock(), Clock(), Clock(), Clock()
    run.planned = planning.timed(run.planned)
    run.BuildState.made_from = meaning.timed(run.BuildState.made_from)  # type: ignore[method-assign]
    run.record = tables.timed(run.record)
    run.settle = publishing.timed(run.settle)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        region.write(folder, towns=towns)
        first, *counties = [params.load(place) for place in params.counties(folder)]
        build(first, Options(jobs=2), Silent())
        for clock in (planning, meaning, tables, publishing, standing_in):
            clock.seconds = 0.0
        counted = sum(len(here.units) for here in counties)
        total, sizes = pass_over(counties)
        read, published = planning.seconds + meaning.seconds + tables.seconds, publishing.seconds
        scheduling = total - read - published - standing_in.seconds
        started = time.monotonic()
        scanned, _ = pass_over(counties)
        wall = time.monotonic() - started
    print(f"{counted} towns in {len(counties)} counties")
    print(f"reading, computing, tables: {1000 * read / counted:.2f} ms of CPU per town")
    print(f"ledger and publication, every file flushed: {1000 * published / counted:.2f} ms of CPU per town")
    print(f"scheduling: {1000 * scheduling / counted:.2f} ms of CPU per town")
    print(f"seeing that nothing is left to do: {scanned:.1f} s of CPU, {wall:.1f} s")
    print(
        f"memory after the first of them {sizes[0]:.0f} MB, after the last {sizes[-1]:.0f} MB, most {max(sizes):.0f} MB"
    )


if __name__ == "__main__":
    main()
