"""The demonstration county with chance changes: other answers, gaps, approximations, targets, breaks.

What persons could be found by stays as it is, so that what is hidden stays the same; seeds give the same county for
ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from stats import report
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, variables
from stats.params import Break, Params, TargetValue
from stats.report import Run
from stats.returns import Cell

ROOT = Path(__file__).resolve().parents[1]
EASY = ((">=", "0"), ("<=", "100"))
GOALS = ("0", "1", "50", "80", "95", "100", "100", "100", "100", "12.5")


@dataclass(frozen=True)
class VariedCounty:
    """What ``Answers.from_cells`` takes."""

    params: Params
    received: Mapping[int, frozenset[str]]
    cells: tuple[Cell, ...]


@cache
def _demonstration() -> Run:
    return report.load.__wrapped__(ROOT, year=2021, edition="full")


def varied_county(seed: int) -> VariedCounty:
    """The county of this seed."""
    chance, run = Random(seed), _demonstration()
    year, rough = chance.choice((2020, 2021)), chance.choice((0.02, 0.08, 0.2))
    params = run.params.model_copy(
        update={
            "year": year,
            "targets": {each: _targets(chance) for each in run.params.targets if chance.random() < 0.9},
            "breaks": _breaks(chance, year, [unit.code for unit in run.params.units]),
            "rounding": chance.choice(("gb8170", "half_up")),
        }
    )
    received = run.examined.received
    return VariedCounty(params, received, tuple(_changed(chance, cell, rough) for cell in run.examined.cells))


def without_demands(county: VariedCounty) -> VariedCounty:
    """The same county with targets that everybody meets."""
    nothing, all_of_it = (TargetValue.model_validate({"op": op, "value": v, "basis": "param"}) for op, v in EASY)
    easy = {code: all_of_it if entry.direction == "lower" else nothing for code, entry in indicators().items()}
    met = {code: target for code, target in easy.items() if indicators()[code].kind != "growth"}
    years = (county.params.year - 1, county.params.year)
    return replace(county, params=county.params.model_copy(update={"targets": dict.fromkeys(years, met)}))


def _targets(chance: Random) -> dict[str, TargetValue]:
    return {
        code: TargetValue.model_validate(
            {"op": "<=" if entry.direction == "lower" else ">=", "value": chance.choice(GOALS), "basis": "param"}
        )
        for code, entry in indicators().items()
        if entry.direction != "neutral" and chance.random() < 0.85
    }


def _breaks(chance: Random, year: int, units: list[str]) -> tuple[Break, ...]:
    codes = tuple(chance.sample(list(indicators()), chance.choice((0, 1, 4))))
    towns = tuple(chance.sample(units, chance.choice((0, 1, 3))))
    return (Break(year=year, indicators=codes, units=towns, reason="区划调整"),) if codes else ()


def _changed(chance: Random, cell: Cell, rough: float) -> Cell:
    variable, luck = variables()[cell.variable], chance.random()
    is_kept = variable.sensitivity == "small_cell" or variable.seasonal or variable.name == "bas_population"
    if is_kept or not cell.status.has_value or luck > rough:
        return cell
    if luck < rough / 3:
        status = chance.choice((Status.MISSING, Status.REDACTED))
        return replace(cell, status=status, value="", lower="", upper="")
    return _answered(chance, cell, variable)


def _answered(chance: Random, cell: Cell, variable: Variable) -> Cell:
    """Another answer to an open question, or the same as an approximation."""
    if not variable.is_number:
        return replace(cell, value=chance.choice(variable.choices or ("是", "否")))
    number = Decimal(cell.value or cell.lower or cell.upper)
    if chance.random() < 0.4:
        width = chance.choice((1, 10, 100))
        return replace(cell, status=Status.APPROX, value=cell.value, lower=f"{number:f}", upper=f"{number + width:f}")
    other = (number * chance.choice((Decimal("0.5"), Decimal("0.9"), Decimal(1), Decimal(0)))).quantize(number)
    return replace(cell, value=f"{other:f}", lower=f"{other:f}", upper=f"{other:f}")
