"""What the fictional county would report if nobody ever wrote untidily: the clean answers of all years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from demo import activities, funds, organisation, recruitment
from demo.chance import Chance
from demo.county import COUNTY_CODE, YEARS, Town, towns
from demo.organisation import Value
from demo.writing import plain_decimal
from stats.catalogue.seasons import periods_due

Periods = dict[str, dict[str, Value]]


class CellKey(NamedTuple):
    """Where an answer stands."""

    unit: str
    year: int
    period: str
    variable: str


@cache
def answers(seed: int = 2021) -> Mapping[CellKey, str]:
    """Every clean answer of every unit and year, as plain text.

    Numbers are plain decimals without trailing zeros, choices are as in the catalogue, ``—`` is not
    applicable. Season questions stand on the periods the catalogue says they are due on; the county's own
    row answers only its own questions. All 42 checks hold.

    >>> answers()[CellKey("990118001000", 2021, "year", "bas_schools")]
    '14'
    """
    return {
        CellKey(unit, year, period, name): _text(value)
        for unit, year, periods in _returns(seed)
        for period, row in periods.items()
        for name, value in row.items()
    }


def _returns(seed: int) -> Iterator[tuple[str, int, Periods]]:
    for town in towns():
        before: Mapping[str, Value] = {}
        for year in YEARS:
            periods = _town_return(town, year, before, seed)
            before = _whole_year(periods)
            yield town.code, year, periods
    before = {}
    for year in YEARS:
        before = funds.county_row(year, before, Chance(seed, COUNTY_CODE, year))
        yield COUNTY_CODE, year, {"year": dict(before)}


def _whole_year(periods: Periods) -> dict[str, Value]:
    enlisted = sum(int(row.get("rec_enlisted", 0)) for row in periods.values())
    return {**periods["year"], "rec_enlisted": enlisted}


def _town_return(town: Town, year: int, before: Mapping[str, Value], seed: int) -> Periods:
    def chance(domain: str) -> Chance:
        return Chance(seed, town.code, year, domain)

    population = _population(town, before, chance("BAS"))
    total = recruitment.recruits(town, year, population, chance("REC"))
    by_season = recruitment.by_season(total, periods_due(year), chance("REC seasons"))
    periods: Periods = {"year": {}}
    for period, enlisted in by_season.items():
        periods.setdefault(period, {}).update(recruitment.season(enlisted, year, chance(f"REC {period}")))
    periods["year"] |= {
        "bas_population": population,
        "bas_villages": town.villages,
        "bas_schools": town.schools,
        **organisation.institutions(town, year, before, chance("SYS")),
        **recruitment.whole_year(town, year, population, total, chance("REC year")),
        **organisation.militia(town, year, before, chance("MIL")),
        **activities.emergencies(town, year, population, chance("EMG")),
        **organisation.building(town, year, before, chance("BLD")),
        **activities.education(town, year, population, chance("EDU")),
        **activities.support(town, year, population, _conscripts(total, before), chance("SUP")),
        **funds.town_funds(population, before, chance("FND")),
    }
    return periods


def _population(town: Town, before: Mapping[str, Value], chance: Chance) -> int:
    if "bas_population" not in before:
        return town.population
    return int(before["bas_population"]) * (1000 + town.drift + chance.between(-3, 3)) // 1000


def _conscripts(total: int, before: Mapping[str, Value]) -> int:
    """Those who enlisted this year and last: two years of service."""
    return total + int(before.get("rec_enlisted", total))


def _text(value: Value) -> str:
    return plain_decimal(value) if isinstance(value, Decimal) else str(value)
