"""Random small counties for the comparison with the oracle: every status, awkward bounds, ties, zeros, small bases.

The numbers need not make sense together, only be awkward: seeds give the same county for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal

from stats.benchmarks import Benchmark
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import not_applicable, periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions
from stats.params import Break, County, Params, TargetValue, Unit
from stats.returns.cells import Cell

COUNTY = "990118000000"
# Denominators of few prime factors, so that quotients end in a lone 5 (1/16 = 6.25 %, 1/160 = 0.625 %).
BASES = (0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 16, 29, 40, 80, 80, 160, 400, 2000)
POPULATIONS = (1, 7, 800, 16000, 16000, 20000, 32000, 33333, 80000, 1999999)
RATES = ("0", "33.3", "94.95", "95", "97.25", "97.35", "99.99", "100")
DAYS = ("0", "3.5", "5", "6.9999", "7", "7", "7.5", "10")
STANDARDS = ("0", "0.5", "8000", "10000", "10000", "12000.5", "12001.5", "16000")
GOALS = ("0", "1", "50", "80", "95", "100", "100", "100", "12.5")
# Goals that rounded figures reach or miss although the exact ones do not.
FINE_GOALS = ("100", "100", "99.96", "95", "66.7", "66.66", "50.04", "33.34", "33.3", "6.25", "0.62", "0.004", "12.48")
WITHOUT_VALUE = (Status.MISSING, Status.REDACTED, Status.NOT_APPLICABLE, Status.ERROR)
# From this seed on counties are large enough for places within groups, and their goals finer than what is printed.
LARGE = 60
# How often an answer has no value, how often it is approximate, how often a part exceeds its whole.
MOODS = ((0.0, 0.0, 0.0), (0.02, 0.05, 0.03), (0.05, 0.3, 0.1), (0.3, 0.2, 0.1), (0.9, 0.5, 0.1), (0.0, 0.6, 0.3))


@dataclass(frozen=True)
class RandomCounty:
    """What ``Answers.from_cells`` and ``compute`` take."""

    seed: int
    params: Params
    years: tuple[int, ...]
    received: Mapping[int, frozenset[str]]
    cells: tuple[Cell, ...]
    benchmarks: tuple[Benchmark, ...]


def random_county(seed: int, rounding: Literal["gb8170", "half_up"] = "gb8170") -> RandomCounty:
    """The county of this seed; the rounding changes nothing else."""
    chance = Random(seed)
    first, length = chance.randint(2017, 2021), chance.randint(2, 3)
    years = tuple(range(first, first + length))
    units = _units(chance, years, (12, 20) if seed >= LARGE else (3, 8))
    params = Params(
        county=County(code=COUNTY, name="甲县"),
        year=years[-1],
        rounding=rounding,
        units=units,
        groups=_groups(Random(f"{seed} groups"), units),
        breaks=_breaks(chance, years, units),
        targets={
            year: _targets(chance, FINE_GOALS if seed >= LARGE else GOALS) for year in years if chance.random() < 0.9
        },
        workspace=Path("no-such-workspace"),
    )
    received = {year: _received(chance, params, year) for year in years}
    cells = tuple(cell for year in years for unit in sorted(received[year]) for cell in _return(chance, unit, year))
    return RandomCounty(seed, params, years, received, cells, _benchmarks(chance, years))


def _units(chance: Random, years: tuple[int, ...], number: tuple[int, int]) -> tuple[Unit, ...]:
    since = [None, None, None, None, 2013, years[0], years[-1], years[-1] + 1]
    return tuple(
        Unit(code=f"990118{100 + number}000", name=f"第{number}镇", type="镇", since=chance.choice(since))
        for number in range(1, chance.randint(*number) + 1)
    )


def _groups(chance: Random, units: tuple[Unit, ...]) -> dict[str, tuple[str, ...]]:
    """Two groups and some units in neither; in a large county one of them may be large enough to be ranked in."""
    share = chance.choice((0.5, 0.8, 1))
    first = tuple(unit.code for unit in units if chance.random() < share)
    rest = [unit.code for unit in units if unit.code not in first]
    return {"大镇": first, "小镇": tuple(rest[:2])} if chance.random() < 0.9 else {}


def _breaks(chance: Random, years: tuple[int, ...], units: tuple[Unit, ...]) -> tuple[Break, ...]:
    codes, towns = list(indicators()), [unit.code for unit in units]
    return tuple(
        Break(
            year=chance.choice(years),
            indicators=tuple(chance.sample(codes, chance.choice((0, 1, 8)))),
            units=tuple(chance.sample(towns, chance.choice((0, 1, 2)))),
            reason="区划调整",
        )
        for _ in range(chance.choice((0, 0, 1, 2)))
    )


def _targets(chance: Random, goals: tuple[str, ...]) -> dict[str, TargetValue]:
    # Built from its printed keys: what a file says.
    return {
        code: TargetValue.model_validate(
            {"op": "<=" if chance.random() < 0.2 else ">=", "value": chance.choice(goals), "basis": "param"}
        )
        for code in indicators()
        if chance.random() < 0.8
    }


def _received(chance: Random, params: Params, year: int) -> frozenset[str]:
    share = chance.choice((1, 1, 0.8, 0.3))
    due = [unit.code for unit in params.units if unit.since is None or unit.since <= year]
    return frozenset(code for code in [*due, COUNTY] if chance.random() < share)


def _benchmarks(chance: Random, years: tuple[int, ...]) -> tuple[Benchmark, ...]:
    rows = []
    for year in years:
        for code in indicators():
            number = Decimal(chance.randint(-20000, 2000000)).scaleb(-4)
            if chance.random() < 0.4:
                rows.append(Benchmark(year, code, "city", "全市", number, "公报"))
            rows += [
                Benchmark(year, code, "peer", f"{n}县", number + n, "公报") for n in range(chance.choice((0, 0, 2)))
            ]
    return tuple(rows)


def _return(chance: Random, unit: str, year: int) -> Iterator[Cell]:
    base, mood = chance.choice(BASES), chance.choice(MOODS)
    for variable in questions():
        if not variable.asked_of(county=unit == COUNTY):
            continue
        for period in periods_due(year) if variable.seasonal else ("year",):
            yield _cell(chance, variable, unit, year, period, _answer(chance, variable, base, mood))
        for period in not_applicable(year) if variable.seasonal else ():
            yield _cell(chance, variable, unit, year, period, {"status": Status.NOT_APPLICABLE})


def _cell(chance: Random, variable: Variable, unit: str, year: int, period: str, answer: Mapping[str, Any]) -> Cell:
    place: dict[str, Any] = {"file": f"{year}/returns.csv", "sheet": "", "cell": "B2", "raw": "", "note": ""}
    numbers = {"value": "", "lower": "", "upper": ""}
    return Cell(unit=unit, year=year, period=period, variable=variable.name, **(place | numbers | dict(answer)))


def _answer(chance: Random, variable: Variable, base: int, mood: tuple[float, float, float]) -> dict[str, Any]:
    none, approximate, exceeding = mood
    if chance.random() < none:
        return {"status": chance.choice(WITHOUT_VALUE)}
    if not variable.is_number:
        return {"status": Status.OK, "value": _choice(chance, variable)}
    number = _number(chance, variable, base, exceeding)
    if chance.random() < approximate:
        return {"status": Status.APPROX, **_bounds(chance, variable, number)}
    return {"status": Status.OK, "value": number, "lower": number, "upper": number}


def _choice(chance: Random, variable: Variable) -> str:
    choices = variable.choices or ("是", "否")
    return choices[0] if chance.random() < 0.6 else chance.choice(choices)


@cache
def _depths() -> dict[str, int]:
    """How many wholes a variable is a part of: the deeper, the smaller its numbers are drawn."""
    depths: dict[str, int] = {}
    for _ in range(4):
        for entry in indicators().values():
            wholes = entry.denominator if isinstance(entry.denominator, tuple) else ()
            depth = max((depths.get(term.variable, 0) + 1 for term in wholes), default=0)
            for term in entry.numerator:
                depths[term.variable] = max(depths.get(term.variable, 0), depth)
    return depths


def _number(chance: Random, variable: Variable, base: int, exceeding: float) -> str:
    if variable.name == "bas_population":
        return str(chance.choice(POPULATIONS))
    if variable.name in ("edu_camp_days", "sup_allowance_standard"):
        return chance.choice(DAYS if variable.name == "edu_camp_days" else STANDARDS)
    if variable.kind == "percent":
        return chance.choice(RATES)
    if variable.maximum is not None and chance.random() < 0.02:
        return f"{variable.maximum if variable.kind == 'int' else variable.maximum - Decimal('0.0001'):f}"
    depth = _depths().get(variable.name, 0)
    whole = int(min(Decimal(base), variable.maximum or Decimal(base)))
    least, most = (0, whole) if depth else (whole, whole)
    if chance.random() < exceeding:
        least, most = 0, 3 * whole + 1
    if chance.random() < 0.2:
        least = most
    count = min(Decimal(chance.randint(least, most)), variable.maximum or Decimal(10**9))
    return _money(chance, count) if variable.kind == "decimal" else str(count)


def _money(chance: Random, count: Decimal) -> str:
    part = chance.choice((Decimal(0), Decimal("0.5"), Decimal("0.005"), Decimal("0.125"), Decimal("0.0001")))
    return f"{count + part * chance.choice((1, 1, 3)):f}"


def _bounds(chance: Random, variable: Variable, number: str) -> dict[str, str]:
    """An approximation: with or without a value and bounds, but with one of them at least."""
    low, width = Decimal(number), Decimal(chance.choice((1, 1, 2, 10)))
    if variable.kind != "int" and chance.random() < 0.5:
        width /= 10
    shift = chance.choice((Decimal(0), Decimal(0), Decimal(0), width / 2 if variable.kind != "int" else width // 2))
    full = {"value": f"{low + shift:f}", "lower": f"{low:f}", "upper": f"{low + width:f}"}
    kept = chance.choice(("value lower upper", "lower upper", "lower", "upper", "value", "value upper", "value lower"))
    return {key: text for key, text in full.items() if key in kept.split()}
