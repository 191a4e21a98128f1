"""True answers on emergencies, defence education and support of soldiers' families. Writes nothing down."""

from __future__ import annotations

from decimal import Decimal

from demo.chance import Chance
from demo.county import FIRST_YEAR, Town
from demo.organisation import Value, yes_or_no

NOT_APPLICABLE = "—"
EPIDEMIC = {2017: 0, 2018: 0, 2019: 0, 2020: 24, 2021: 18}  # person-times per 1,000 residents
FLOODS = {2017: 6, 2018: 8, 2019: 13, 2020: 10, 2021: 15}
ALLOWANCE = {2017: 12_000, 2018: 13_000, 2019: 14_500, 2020: 16_000, 2021: 18_000}  # 元, one for the whole county


def emergencies(town: Town, year: int, population: int, chance: Chance) -> dict[str, Value]:
    """The answers of the domain EMG; persons are never more than their person-times."""
    health = chance.part(population * EPIDEMIC[year] // 1000, 88, 112)
    disaster = chance.part(population * FLOODS[year] // 1000, 85, 115)
    return {
        "emg_persons": (health + disaster) * 100 // chance.between(420, 620),
        "emg_health_person_times": health,
        "emg_disaster_person_times": disaster,
        "emg_rural_person_times": population * chance.between(10, 14) // 1000,
        "emg_drills": chance.between(1, 2 + town.standing),
        "emg_in_local_system": yes_or_no(year - FIRST_YEAR + 2 * town.standing >= 4 + town.order % 4),
        "emg_helped_households": town.villages * chance.between(3, 5),
    }


def education(town: Town, year: int, population: int, chance: Chance) -> dict[str, Value]:
    """The answers of the domain EDU; a town without schools has none to cover and no youth camp."""
    events = town.villages // 2 + 3 * town.standing + (year - FIRST_YEAR) + chance.between(0, 3)
    return {
        "edu_events": events,
        "edu_person_times": events * chance.between(8, 11) * (60 + population // 400) // 10,
        "edu_memorial_participants": population * chance.between(36, 46) // 10_000,
        "edu_schools_covered": chance.all_but_few(town.schools, 45 + 15 * town.standing),
        "edu_camp_days": _camp_days(town),
        "edu_defence_day": yes_or_no(chance.happens(90)),
        "edu_media_items": 6 * town.standing + 2 * (year - FIRST_YEAR) + chance.between(0, 12),
    }


def _camp_days(town: Town) -> Value:
    if town.schools == 0 or town.type == "乡":
        return NOT_APPLICABLE
    return 7 if town.standing > 1 else 5


def support(town: Town, year: int, population: int, conscripts: int, chance: Chance) -> dict[str, Value]:
    """The answers of the domain SUP; ``conscripts`` are the recruits of two years, whose families get the allowance."""
    households = population * chance.between(68, 72) // 10_000
    merits = population // 8000 + chance.between(-3, town.standing)
    cases = population // 6000 + chance.between(1, 4)
    usual = 55 + 10 * town.standing + 2 * (year - FIRST_YEAR)
    return {
        "sup_troop_visits": chance.all_but_few(chance.between(2, 4), usual, most=2) if town.troops else NOT_APPLICABLE,
        "sup_visit_funds": Decimal(population // 1000 * chance.between(8, 12) + 50) / 100,
        "sup_households_due": households,
        "sup_households_visited": chance.all_but_few(households, usual - 35, most=max(1, households // 15)),
        "sup_allowance_standard": ALLOWANCE[year],
        "sup_allowance_due": conscripts,
        "sup_allowance_paid": chance.all_but_few(conscripts, usual + 5, most=2),
        "sup_merit_due": max(0, merits),
        "sup_merit_delivered": chance.all_but_few(max(0, merits), 75),
        "sup_cases_raised": cases,
        "sup_cases_solved": chance.all_but_few(cases, usual, most=2),
        "sup_training_person_times": population * chance.between(12, 20) // 10_000,
        "sup_joint_events": 2 * town.standing + chance.between(0, 3),
    }
