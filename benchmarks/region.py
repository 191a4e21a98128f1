"""Writes a region of many invented counties, each with five years of returns, for trials of a whole nation.

Run: ``python benchmarks/region.py FOLDER [TOWNS]`` (default 41352, the whole country). Only the number of units in each
county is real (``counties.csv``). Answers are those of the demonstration county, from several seeds, under made-up
codes of the unassigned province 99; every town of a county has its answers from another draw.
"""

from __future__ import annotations

import csv
import io
import sys
import time
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))  # where the demonstration county is made

import demo
from demo.county import COUNTY_CODE, YEARS, towns
from demo.deliveries import IDENTITY, periods
from stats.catalogue.variables import questions

ALL_TOWNS, SEEDS = 41352, 20
Roster = list[tuple[str, str, str]]  # code, name, type


def sizes() -> list[int]:
    """How many township-level units each county of the country has."""
    with (Path(__file__).parent / "counties.csv").open(encoding="utf-8") as file:
        return [int(row["units"]) for row in csv.DictReader(file)]


def sizes_of(wanted: int) -> list[int]:
    """The counties in order until this many towns are reached, the last one cut short."""
    pairs = zip(sizes(), accumulate(sizes(), initial=0), strict=False)
    return [min(units, wanted - before) for units, before in pairs if before < wanted]


def code_of(number: int) -> str:
    """The first six digits of a made-up county."""
    return f"99{number:04d}"


def roster(number: int, units: int) -> Roster:
    """The made-up towns of a made-up county."""
    return [(f"{code_of(number)}{100 + place}000", f"第{place + 1}镇", "镇") for place in range(units)]


def county_file(number: int, units: str, year: int = YEARS[-1]) -> str:
    """A ``params/county.yaml``; ``units`` is what stands after ``units:``."""
    county = f"county: {{code: {code_of(number)}000000, name: 第{number}县}}"
    return f"{county}\nyear: {year}\ndemonstration: true\nunits:{units}\n"


def write(folder: Path, *, towns: int = ALL_TOWNS) -> int:
    """Writes the region; gives the number of its towns."""
    _targets(folder)
    wanted = sizes_of(towns)
    for number, units in enumerate(wanted):
        _county(folder / "counties" / code_of(number), number, units)
    return sum(wanted)


def county(folder: Path, *, towns: int, number: int = 0) -> list[str]:
    """Writes one county on its own; gives the codes of its towns."""
    _targets(folder)
    _county(folder, number, towns)
    return [code for code, _, _ in roster(number, towns)]


def _targets(folder: Path) -> None:
    for path, content in demo.contents().items():
        if path.startswith("params/targets/"):
            _write(folder / path, content)


def _county(folder: Path, number: int, units: int) -> None:
    listed = roster(number, units)
    lines = "".join(f"{','.join(unit)}\n" for unit in listed)
    _write(folder / "params" / "county.yaml", county_file(number, " roster.csv").encode())
    _write(folder / "params" / "roster.csv", f"code,name,type\n{lines}".encode())
    for year in YEARS:
        _write(folder / "data" / "returns" / str(year) / "各单位.csv", _returns(number, listed, year).encode())
    for year, content in _benchmarks().items():
        _write(folder / "data" / "benchmarks" / f"{year}.csv", content)


def _returns(number: int, listed: Roster, year: int) -> str:
    """One file of all returns of a county and year; a line is the unit's identity and a drawn town's answers."""
    lines = [",".join((*IDENTITY, *_names()))]
    drawn = len(towns())
    for place, (code, name, kind) in enumerate(listed):
        seed, town = number + place // drawn, towns()[(number + place) % drawn].code
        lines += [f"{code},{name},{kind},{year},{rest}" for rest in _answers(seed % SEEDS)[town, year]]
    own = f"{code_of(number)}000000,第{number}县,县级本级,{year}"
    lines += [f"{own},{rest}" for rest in _answers(number % SEEDS)[COUNTY_CODE, year]]
    return "\n".join([*lines, ""])


@cache
def _names() -> tuple[str, ...]:
    return tuple(variable.name for variable in questions())


@cache
def _answers(seed: int) -> dict[tuple[str, int], list[str]]:
    """Of every town (and the county's own row) and year its lines, from the period on."""
    answers = demo.answers(seed)
    units = (*(town.code for town in towns()), COUNTY_CODE)
    return {(unit, year): list(_lines(answers, unit, year)) for unit in units for year in YEARS}


def _lines(answers: dict[demo.CellKey, str], unit: str, year: int) -> Iterator[str]:
    for period in periods(unit, year):
        text = io.StringIO()
        row = (answers.get(demo.CellKey(unit, year, period, name), "") for name in _names())
        csv.writer(text, lineterminator="").writerow((period, *row))
        yield text.getvalue()


@cache
def _benchmarks() -> dict[str, bytes]:
    return {Path(p).stem: content for p, content in demo.contents().items() if p.startswith("data/benchmarks/")}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    started = time.process_time()
    written = write(Path(sys.argv[1]), towns=int(sys.argv[2]) if len(sys.argv) > 2 else ALL_TOWNS)
    print(f"{written} towns of {len(sizes_of(written))} counties in {time.process_time() - started:.0f} s of CPU")


if __name__ == "__main__":
    main()
