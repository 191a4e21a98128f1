"""True answers on funds, and those of the county's own row. Writes nothing down."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from demo.activities import ALLOWANCE
from demo.chance import Chance
from demo.county import FIRST_YEAR
from demo.organisation import Value

TOWN_SOURCES = {"fnd_county": (180, 260), "fnd_pafd": (60, 100), "fnd_other": (0, 40)}  # per thousand
COUNTY_SOURCES = {"fnd_pafd": (180, 220), "fnd_town": (0, 0), "fnd_other": (20, 50)}
PURPOSES = {"fnd_building": (170, 290), "fnd_emergency": (60, 120), "fnd_edu": (20, 50)}
COUNTY_FIRST_TOTAL = 24_600  # hundredths of 万元


def town_funds(population: int, before: Mapping[str, Value], chance: Chance) -> dict[str, Value]:
    """A town's answers of the domain FND [万元]; its total never falls, and its sources add up to it exactly."""
    first = 600 + population * chance.between(52, 64) // 1000
    return _funds(_grown(first, before, chance), TOWN_SOURCES, "fnd_town", chance)


def county_row(year: int, before: Mapping[str, Value], chance: Chance) -> dict[str, Value]:
    """The answers of the county itself: what its first secretary did, and the county's own funds."""
    total = _grown(COUNTY_FIRST_TOTAL, before, chance)
    return {
        "sys_fs_office_months": 11 if year == FIRST_YEAR else 12,
        "sys_fs_committee_quarters": 4,
        "sys_fs_talk_halves": 2,
        "sys_fs_research_count": chance.between(1, 3),
        "edu_camp_days": 7,
        "sup_visit_funds": Decimal(chance.between(2800, 3400)) / 100,
        "sup_allowance_standard": ALLOWANCE[year],
        **_funds(total, COUNTY_SOURCES, "fnd_county", chance),
    }


def _grown(first: int, before: Mapping[str, Value], chance: Chance) -> int:
    """This year's total: last year's with up to 8 percent more, flat in one year of eight."""
    flat, growth = chance.happens(12), chance.between(1008, 1082)
    if "fnd_total" not in before:
        return first
    return int(Decimal(before["fnd_total"]) * 100) * (1000 if flat else growth) // 1000


def _funds(total: int, sources: Mapping[str, tuple[int, int]], rest: str, chance: Chance) -> dict[str, Value]:
    parts = {name: chance.part(total, *bounds, of=1000) for name, bounds in sources.items()}
    parts[rest] = total - sum(parts.values())
    purposes = {name: chance.part(total, *bounds, of=1000) for name, bounds in PURPOSES.items()}
    budget = chance.part(total, 950, 1010, of=1000)
    money = {
        "fnd_total": total,
        **parts,
        "fnd_budget": budget,
        "fnd_spent": chance.part(budget, 930, 1020, of=1000),
        **purposes,
    }
    return {name: Decimal(hundredths) / 100 for name, hundredths in money.items()}
