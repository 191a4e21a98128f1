"""What the proof of protection costs: CPU of hiding and proving, county by county.

Run: ``python benchmarks/protection.py [COUNTIES]`` (default 20). Each county has the 18 towns of the demonstration
county and five years of other invented answers (its generator with another seed); the whole country has 2,873 counties
of 14 towns on average. Prints median, mean and worst, what the rule hides, what the proof added, and what stays
to be told.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))  # where the demonstration county is made

import demo
from stats import report
from stats.disclosure.counts import reported
from stats.disclosure.protection import protect
from stats.disclosure.published import Published
from stats.disclosure.suppression import Choice, suppress

DEFAULT_COUNTIES, THRESHOLD = 20, 3


@dataclass(frozen=True)
class Measured:
    """One county: CPU seconds, and counts over the years of its report."""

    seconds: float
    counts: int
    by_rule: int
    hidden: int
    figures: int
    changes: int
    told: int


def measure(seed: int) -> Measured:
    """Hide and prove one county of the generator."""
    with tempfile.TemporaryDirectory() as folder:
        demo.write(Path(folder), seed=seed)
        run = report.load(Path(folder), edition="full")
    counts = reported(run.released.results, run.released.season_cells)
    published = Published(run.released.results, counts)
    began = time.process_time()
    hidden = protect(published, THRESHOLD, Choice(lambda: b"benchmark"))
    seconds = time.process_time() - began
    first = {year: suppress(counts, year, THRESHOLD) for year in counts.years}
    return Measured(
        seconds,
        counts=sum(count.variable in counts.questions for count in counts.values),
        by_rule=sum(len(of.counts) + len(of.seasons - of.counts) for of in first.values()),
        hidden=sum(len(of.counts) + len(of.seasons - of.counts) for of in hidden.values()),
        figures=sum(len(of.figures) for of in hidden.values()),
        changes=sum(len(of.changes) for of in hidden.values()),
        told=sum(len(of.told) for of in hidden.values()),
    )


def main(counties: int) -> None:
    """Measure and print."""
    found = [measure(seed) for seed in (2021, *range(1, counties))]
    seconds = [one.seconds for one in found]
    print(
        f"demonstration county {seconds[0]:.1f} s of CPU; {counties} counties: median {statistics.median(seconds):.1f},"
    )
    print(f"mean {statistics.mean(seconds):.1f}, worst {max(seconds):.1f} s")
    for name in ("counts", "by_rule", "hidden", "figures", "changes", "told"):
        values = [getattr(one, name) for one in found]
        print(f"{name}: demonstration county {values[0]}, mean {statistics.mean(values):.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_COUNTIES)
