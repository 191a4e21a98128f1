"""True answers on institutions, militia organisation and grass-roots building. Writes nothing down."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from demo.chance import Chance
from demo.county import FIRST_YEAR, Town

Value = int | Decimal | str
GRADES = ((9, "达优"), (7, "达标"), (4, "未达标"))
DUTY_REPORTS_AT_THE_MEETING = 6  # one town in so many reports in person, in turn
INCLUSIONS = {"sys_on_agenda": 80, "sys_in_plan": 40, "sys_in_budget": 50, "sys_in_assessment": 60}


def yes_or_no(answer: bool) -> str:
    """是 or 否."""
    return "是" if answer else "否"


def once_begun(name: str, before: Mapping[str, Value], percent: int, chance: Chance) -> str:
    """是 where it was so last year; else 是 in this percentage of cases."""
    begins = chance.happens(percent)
    return yes_or_no(before.get(name) == "是" or begins)


def institutions(town: Town, year: int, before: Mapping[str, Value], chance: Chance) -> dict[str, Value]:
    """The answers of the domain SYS a town gives."""
    usual = 50 + 10 * town.standing + 3 * (year - FIRST_YEAR)
    quarters = chance.all_but_few(4, usual, most=2)
    raised = chance.between(4, 8 + 2 * town.standing)
    return {
        "sys_council_meetings": quarters + chance.between(0, 2),
        "sys_council_quarters": quarters,
        "sys_issues_raised": raised,
        "sys_issues_resolved": chance.all_but_few(raised, usual - 20, most=2),
        **{name: once_begun(name, before, percent, chance) for name, percent in INCLUSIONS.items()},
        "sys_duty_report": _duty_report(town, year, chance),
        "sys_military_days": chance.all_but_few(chance.between(1, 2), usual + 5),
        "sys_study_sessions": chance.between(1, 2 + town.standing),
        "sys_secretary_honoured": yes_or_no(chance.happens(3 * town.standing)),
    }


def _duty_report(town: Town, year: int, chance: Chance) -> str:
    if (town.order - year) % DUTY_REPORTS_AT_THE_MEETING == 0:
        return "现场"
    return "书面" if chance.happens(80 + 2 * (year - FIRST_YEAR) + 3 * town.standing) else "未述职"


def militia(town: Town, year: int, before: Mapping[str, Value], chance: Chance) -> dict[str, Value]:
    """The answers of the domain MIL: tallies of units, yes or no, and rates only."""
    due = town.villages + town.order % 3
    floor = 925 + 10 * town.standing + 3 * (year - FIRST_YEAR)
    return {
        "mil_reorg_due": due,
        "mil_reorg_done": chance.all_but_few(due, 60 + 10 * town.standing),
        "mil_reorg_items": chance.all_but_few(5, 65 + 10 * town.standing, most=2),
        "mil_muster_rate": _tenths(min(1000, chance.between(floor, floor + 30))),
        "mil_train_rate": _tenths(min(1000, chance.between(floor - 5, floor + 28))),
        "mil_meetings": 5 + 2 * town.standing + chance.between(0, 3),
        "mil_party_org_full": once_begun("mil_party_org_full", before, 35, chance),
        "mil_contests": chance.between(0, town.standing + 1),
    }


def _tenths(number: int) -> Decimal:
    return Decimal(number) / 10


def building(town: Town, year: int, before: Mapping[str, Value], chance: Chance) -> dict[str, Value]:
    """The answers of the domain BLD: stars that grow from year to year, the department, its cadres."""
    return {**_stars(town, year, chance), "bld_dept_grade": _grade(town, year), **_cadres(town, before, chance)}


def _stars(town: Town, year: int, chance: Chance) -> dict[str, Value]:
    later, total = year - FIRST_YEAR, town.villages
    starred = total * min(100, 46 + 10 * town.standing + 7 * later + town.order % 4) // 100
    five = total * (2 + 3 * town.standing + 3 * later) // 100
    four = total * (12 + 4 * town.standing + 4 * later) // 100
    return {
        "bld_company_total": total,
        "bld_star5": five,
        "bld_star4": four,
        "bld_star3": starred - five - four,
        "bld_star5_applied": chance.between(0, 2),
    }


def _grade(town: Town, year: int) -> str:
    points = 2 * town.standing + (year - FIRST_YEAR) + town.order % 3
    return next((grade for least, grade in GRADES if points >= least), "未验收")


def _cadres(town: Town, before: Mapping[str, Value], chance: Chance) -> dict[str, Value]:
    on_post = chance.all_but_few(town.cadres, 82)
    certified = chance.all_but_few(on_post, 80)
    minister = 1 if on_post == town.cadres or chance.happens(70) else 0
    officers = on_post - minister
    preferred = minister if before.get("cad_minister_preferred") == 1 else minister * int(chance.happens(65))
    return {
        "cad_authorized": town.cadres,
        "cad_on_post": on_post,
        "cad_certified": certified,
        "cad_trained": chance.all_but_few(on_post, 60),
        "cad_minister_on_post": minister,
        "cad_minister_preferred": preferred,
        "cad_minister_committee": minister * int(chance.happens(75)),
        "cad_officer_total": officers,
        "cad_officer_admin": chance.all_but_few(officers, 70),
    }
