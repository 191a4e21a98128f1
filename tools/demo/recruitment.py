"""True answers of the recruitment domain: a funnel from applicants to graduates. Writes nothing down."""

from __future__ import annotations

from demo.chance import Chance
from demo.county import FIRST_YEAR, Town

SPRING_SHARE = (42, 50)


def recruits(town: Town, year: int, population: int, chance: Chance) -> int:
    """How many recruits the town sends in the year: about five per 10,000 residents, at least two."""
    per_hundred_thousand = 44 + 3 * town.standing + town.order % 5 + (year - FIRST_YEAR)
    usual = population * per_hundred_thousand
    return max(2, usual * chance.between(92, 108) // 10_000_000)


def by_season(total: int, periods: tuple[str, ...], chance: Chance) -> dict[str, int]:
    """The year's recruits by season: all in the only one, or a little less than half in the first of two."""
    if len(periods) == 1:
        return {periods[0]: total}
    spring = max(1, chance.part(total, *SPRING_SHARE))
    return {periods[0]: spring, periods[1]: total - spring}


def season(enlisted: int, year: int, chance: Chance) -> dict[str, int | str]:
    """One season's answers, worked upwards from the recruits so that no stage is smaller than the next."""
    later = year - FIRST_YEAR
    both_passed = chance.whole(enlisted, 82, 92)
    exam_passed = chance.whole(both_passed, 87, 95)
    exam_attended = chance.whole(exam_passed, 50, 58)
    applied = chance.whole(exam_attended, 77, 87)
    college = min(enlisted, chance.part(enlisted, 60 + 5 * later, 72 + 5 * later))
    graduates = min(college, chance.part(enlisted, 26 + 5 * later, 38 + 5 * later))
    return {
        "rec_applied": applied,
        "rec_applied_college": max(college, chance.part(applied, 60 + 2 * later, 66 + 2 * later)),
        "rec_exam_attended": exam_attended,
        "rec_exam_passed": exam_passed,
        "rec_both_passed": both_passed,
        "rec_enlisted": enlisted,
        "rec_enlisted_college": college,
        "rec_enlisted_graduates": graduates,
        "rec_returned": 1 if chance.happens(min(8, enlisted)) else 0,
        "rec_task_met": "是" if chance.happens(94) else "否",
    }


def whole_year(town: Town, year: int, population: int, enlisted: int, chance: Chance) -> dict[str, int | str]:
    """The answers of this domain that are given once a year."""
    due = population * chance.between(60, 63) // 10_000
    reached = 935 + 12 * town.standing + 4 * (year - FIRST_YEAR)
    return {
        "rec_register_due": due,
        "rec_registered": min(due, (due * chance.between(reached, reached + 18) + 500) // 1000),
        "rec_prescreen_rounds": chance.between(1, 1 + town.standing),
        "rec_publicity_sessions": 4 + chance.part(town.villages, 80, 130),
        "rec_home_visits": population * chance.between(75, 105) // 10_000,
        "rec_farewell_held": "是" if chance.happens(96) else "否",
        "rec_followup_done": chance.all_but_few(enlisted, 80),
    }
