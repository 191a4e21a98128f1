"""A few towns of the demonstration county as a value that tests change in one place and write to a folder."""

from __future__ import annotations

import csv
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import demo
from demo.deliveries import DELIVERIES, IDENTITY, identities, periods
from demo.untidiness import untidied

COUNTY = "990118000000"
# A street, one with a correction, one with an explained hint.
TOWNS = ("990118003000", "990118106000", "990118109000")


@dataclass
class SmallCounty:
    """Every file of the workspace as plain values: parameters, answers by place, what was settled, outside figures."""

    settings: dict[str, Any]
    targets: dict[int, dict[str, Any]]
    answers: dict[demo.CellKey, str]
    corrections: list[dict[str, Any]]
    explanations: list[dict[str, Any]]
    benchmarks: dict[int, list[dict[str, str]]]
    removed: set[tuple[str, int]] = field(default_factory=set)
    towns: tuple[str, ...] = TOWNS

    def unit(self, code: str) -> dict[str, Any]:
        """The entry of the roster."""
        found: dict[str, Any] = next(unit for unit in self.settings["units"] if unit["code"] == code)
        return found

    def write(self, folder: Path) -> Path:
        """The workspace in a folder."""
        _write(folder / "params" / "county.yaml", _yaml(self.settings))
        for year, targets in self.targets.items():
            _write(folder / "params" / "targets" / f"{year}.yaml", _yaml(targets))
        for name, entries in (("corrections", self.corrections), ("explanations", self.explanations)):
            _write(folder / "data" / name / "2021.yaml", _yaml(entries))
        for year, rows in self.benchmarks.items():
            _write_table(folder / "data" / "benchmarks" / f"{year}.csv", rows)
        for year in demo_years():
            _write_table(folder / "data" / "returns" / str(year) / "returns.csv", self._rows(year))
        return folder

    def _rows(self, year: int) -> list[dict[str, str]]:
        names = dict.fromkeys((*IDENTITY, *(place.variable for place in self.answers if place.year == year)))
        return [
            {name: self.answers.get(demo.CellKey(unit, year, period, name), "") for name in names}
            for unit in (*self.towns, COUNTY)
            if (unit, year) not in self.removed
            for period in periods(unit, year)
        ]


def demo_years() -> list[int]:
    """The years of the demonstration county."""
    return sorted({delivery.year for delivery in DELIVERIES})


def small_county(towns: tuple[str, ...] = TOWNS) -> SmallCounty:
    """The county before anything is changed."""
    return deepcopy(_read(towns))


@cache
def _read(towns: tuple[str, ...]) -> SmallCounty:
    files = demo.contents()
    settings = _plain(files["params/county.yaml"])
    settings["units"] = [unit for unit in settings["units"] if unit["code"] in towns]
    settings["groups"] = {name: [c for c in codes if c in towns] for name, codes in settings["groups"].items()}
    written = untidied({**identities(), **demo.answers()})
    return SmallCounty(
        settings=settings,
        targets={year: _plain(files[f"params/targets/{year}.yaml"]) for year in demo_years()},
        answers={place: text for place, text in written.items() if place.unit in (*towns, COUNTY)},
        corrections=_of_towns(_plain(files["data/corrections/2021.yaml"]), towns),
        explanations=_of_towns(_plain(files["data/explanations/2021.yaml"]), towns),
        benchmarks={
            year: list(csv.DictReader(files[f"data/benchmarks/{year}.csv"].decode().splitlines()))
            for year in demo_years()
            if f"data/benchmarks/{year}.csv" in files
        },
        towns=towns,
    )


def _of_towns(entries: list[dict[str, Any]], towns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["unit"] in towns]


def _plain(content: bytes) -> Any:
    return yaml.safe_load(content)


def _yaml(value: Any) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_table(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
