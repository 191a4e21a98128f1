"""How long all indicators with all comparisons take for every township-level unit of the country over five years.

Run: ``make bench`` or ``python benchmarks/nation.py``. The answers are random and seeded; only the number of
units in each county is real (``counties.csv``). Prints CPU seconds and the peak of memory.
"""

from __future__ import annotations

import csv
import resource
import time
from pathlib import Path

import numpy as np

from stats.answers import FINEST_PLACES, Answers, Choices
from stats.catalogue.indicators import indicators
from stats.catalogue.variables import Variable, questions
from stats.compare import Setting, compare_one
from stats.measures import Groups, Quantity
from stats.params import TargetValue

YEARS = (2017, 2018, 2019, 2020, 2021)
# ok, approx, not applicable, missing, redacted, error, not reported
SHARES = (0.90, 0.03, 0.01, 0.03, 0.01, 0.01, 0.01)


def county_sizes() -> np.ndarray:
    with (Path(__file__).parent / "counties.csv").open(encoding="utf-8") as file:
        return np.array([int(row["units"]) for row in csv.DictReader(file)])


def quantity(variable: Variable, shape: tuple[int, int], random: np.random.Generator) -> Quantity:
    places = FINEST_PLACES if variable.kind != "int" else 0
    most = min(int(variable.maximum or 100), 5000)
    value = random.integers(0, most * 10**places + 1, shape)
    status = random.choice(len(SHARES), size=shape, p=SHARES).astype(np.int8)
    high = np.where(status == 1, value + 10**places, value)
    return Quantity(value, value, high, status, places)


def nation(random: np.random.Generator) -> Answers:
    sizes = county_sizes() + 1  # each county's own row stands last in its group
    groups = Groups(np.append(0, np.cumsum(sizes)[:-1]), int(sizes.sum()))
    shape = (len(YEARS), groups.size)
    towns = np.ones(groups.size, dtype=np.bool_)
    towns[np.cumsum(sizes) - 1] = False
    numbers = {v.name: quantity(v, shape, random) for v in questions() if v.is_number}
    choices = {
        v.name: Choices(
            random.integers(0, len(v.choices), shape).astype(np.int8),
            random.choice(len(SHARES), size=shape, p=SHARES).astype(np.int8),
        )
        for v in questions()
        if not v.is_number
    }
    units = tuple(str(column) for column in range(groups.size))
    return Answers(YEARS, units, towns, np.ones(shape, dtype=np.bool_), groups, numbers, choices)


def main() -> None:
    answers = nation(np.random.default_rng(2021))
    yes = np.ones(answers.shape, dtype=np.bool_)
    counties = np.ones((len(YEARS), len(answers.groups.starts)), dtype=np.bool_)
    target = TargetValue(operator=">=", value="90", basis="param", source="benchmark")
    setting = Setting(
        rounding="gb8170",
        targets={year: dict.fromkeys(indicators(), target) for year in YEARS},
        benchmarks=(),
        comparable=lambda _: yes,
        county_comparable=lambda _: counties,
    )
    started = time.process_time()
    kept = {}
    for code, indicator in indicators().items():
        before = time.process_time()
        kept[code] = compare_one(indicator, answers, setting)
        print(f"{code} {time.process_time() - before:6.2f} s")
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    figures = len(kept) * len(YEARS) * int(answers.towns.sum())
    print(f"{int(answers.towns.sum())} units, {len(YEARS)} years, {len(kept)} indicators: {figures} figures")
    print(f"CPU {seconds:.1f} s, peak memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
