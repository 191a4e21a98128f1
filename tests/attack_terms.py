"""What a reader with the published definitions knows before he reads: counts, wholes, measures, who answered.

Written from the published definitions, not from the catalogue: a mistake there shall not be made here again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from stats.params import Params
from stats.returns import Cell as Given

SEASONS: Mapping[int, tuple[str, ...]] = {2019: ("year",), 2020: ("autumn",)}
"""The seasons in which recruits were called up; two a year afterwards."""

SEASONAL = {
    "rec_applied": "报名应征人数",
    "rec_applied_college": "报名应征大学生人数",
    "rec_exam_attended": "上站体检人数",
    "rec_exam_passed": "体检合格人数",
    "rec_both_passed": "体检政考双合格人数",
    "rec_enlisted": "征集新兵人数",
    "rec_enlisted_college": "征集新兵中的大学生人数",
    "rec_enlisted_graduates": "征集新兵中的大学毕业生人数",
    "rec_returned": "退兵人数",
}
YEARLY = {
    "cad_certified": "资格认证合格的专武干部数",
    "cad_trained": "当年参加培训的专武干部数",
    "cad_minister_preferred": "“两优”来源的武装部部长数",
    "cad_minister_committee": "任党委（党工委）委员的武装部部长数",
    "rec_followup_done": "新兵回访人数",
    "sup_allowance_due": "应发优待金户数",
    "sup_allowance_paid": "已足额发放优待金户数",
    "sup_merit_due": "应送立功喜报数",
    "sup_merit_delivered": "已送达立功喜报数",
    "sup_cases_raised": "安置、随军就业、子女入学等诉求件数",
    "sup_cases_solved": "年内办结的诉求件数",
}
LABELS = {label: name for name, label in (SEASONAL | YEARLY).items()}
OPEN = ("cad_on_post", "cad_minister_on_post", "bas_population")
"""Facts about offices, and the population: anybody can know them."""

WHOLE = {
    "rec_enlisted_graduates": "rec_enlisted_college",
    "rec_enlisted_college": "rec_enlisted",
    "rec_enlisted": "rec_both_passed",
    "rec_both_passed": "rec_exam_passed",
    "rec_exam_passed": "rec_exam_attended",
    "rec_exam_attended": "rec_applied",
    "rec_applied_college": "rec_applied",
    "rec_returned": "rec_enlisted",
    "cad_certified": "cad_on_post",
    "cad_trained": "cad_on_post",
    "cad_minister_preferred": "cad_minister_on_post",
    "cad_minister_committee": "cad_minister_on_post",
    "sup_allowance_paid": "sup_allowance_due",
    "sup_merit_delivered": "sup_merit_due",
    "sup_cases_solved": "sup_cases_raised",
}
"""A part is at most its whole: V01–V08, V19–V22, V29–V31."""

MOST = {"rec_applied": 20000, "rec_enlisted": 5000, "cad_": 30, "cad_minister": 5, "sup_allowance": 5000, "": 2000}


class Cell(NamedTuple):
    """One count of one unit: over the year, or in a season."""

    unit: str
    year: int
    count: str
    period: str = "year"


class Ratio(NamedTuple):
    """``factor`` × Σ above ÷ Σ below; nothing below is one."""

    above: tuple[Cell, ...]
    below: tuple[Cell, ...]
    factor: Fraction


class Measure(NamedTuple):
    """A published indicator that rests on protected counts: its definition, decimals and smallest base."""

    code: str
    name: str
    part: str
    whole: str
    times: int
    decimals: int
    base: int = 0


MEASURES = (
    Measure("REC-02", "征集新兵数", "rec_enlisted", "", 1, 0),
    Measure("REC-03", "新兵中大学生占比", "rec_enlisted_college", "rec_enlisted", 100, 1, 10),
    Measure("REC-04", "新兵中大学毕业生占比", "rec_enlisted_graduates", "rec_enlisted", 100, 1, 10),
    Measure("REC-06", "报名上站率", "rec_exam_attended", "rec_applied", 100, 1, 30),
    Measure("REC-07", "双合格率", "rec_both_passed", "rec_exam_attended", 100, 1, 10),
    Measure("REC-08", "退兵率", "rec_returned", "rec_enlisted", 100, 2, 10),
    Measure("REC-09", "每万人口征集新兵数", "rec_enlisted", "bas_population", 10000, 2),
    Measure("REC-10", "大学生报名数增速", "rec_applied_college", "rec_applied_college", 100, 1, 10),
    Measure("BLD-05", "专武干部资格认证合格率", "cad_certified", "cad_on_post", 100, 1),
    Measure("BLD-06", "武装部部长“两优”比例", "cad_minister_preferred", "cad_minister_on_post", 100, 1),
    Measure("SUP-04", "优待金足额发放率", "sup_allowance_paid", "sup_allowance_due", 100, 1, 5),
    Measure("SUP-05", "立功喜报送达率", "sup_merit_delivered", "sup_merit_due", 100, 1, 5),
    Measure("SUP-06", "军人家庭诉求办结率", "sup_cases_solved", "sup_cases_raised", 100, 1, 5),
)
BY_CODE = {measure.code: measure for measure in MEASURES}
BY_NAME = {measure.name: measure for measure in MEASURES}
SHORT = {
    "征集新兵": "REC-02",
    "大学生": "REC-03",
    "大学毕业": "REC-04",
    "报名上站": "REC-06",
    "双合格": "REC-07",
    "退兵": "REC-08",
    "每万人征": "REC-09",
    "报名增速": "REC-10",
    "资格认证": "BLD-05",
    "两优": "BLD-06",
    "优待发放": "SUP-04",
    "喜报送达": "SUP-05",
    "诉求办结": "SUP-06",
}
"""What narrow columns are headed."""

STAGES = {
    "报名": "rec_applied",
    "上站体检": "rec_exam_attended",
    "体检合格": "rec_exam_passed",
    "双合格": "rec_both_passed",
    "新兵": "rec_enlisted",
}
"""What a chart calls the stages from applicants to recruits."""
GROWTH = "REC-10"


def seasons(year: int) -> tuple[str, ...]:
    """The seasons of a year."""
    return ("year",) if year < 2020 else SEASONS.get(year, ("spring", "autumn"))


def most(count: str) -> int:
    """The largest number the form takes."""
    return max((len(start), limit) for start, limit in MOST.items() if count.startswith(start))[1]


def place_of(given: Given) -> Cell:
    """Where an answer stands."""
    return Cell(given.unit, given.year, given.variable, given.period)


@dataclass(frozen=True)
class World:
    """Who answered what when an edition was made. ``truth`` is for checking readings and judging finds only.

    An approximate answer counts by its lower bound, as everybody may read; ``about`` are those.
    """

    params: Params
    truth: Mapping[Cell, int]
    about: frozenset[Cell] = frozenset()

    @classmethod
    def of(cls, params: Params, given: Iterable[Given]) -> World:
        """From the answers as they stand after checking."""
        kept = {*SEASONAL, *YEARLY, *OPEN}
        usable = [cell for cell in given if cell.variable in kept and cell.status.value in ("ok", "approx")]
        truth = {place_of(cell): int(cell.value or cell.lower or cell.upper) for cell in usable}
        about = {place_of(cell) for cell in usable if cell.status.value == "approx"}
        for unit, year, count in {(c.unit, c.year, c.count) for c in truth if c.count in SEASONAL}:
            parts = [truth.get(Cell(unit, year, count, season)) for season in seasons(year)]
            if None not in parts:
                truth[Cell(unit, year, count)] = sum(part or 0 for part in parts)
        return cls(params, truth, frozenset(about | {cell._replace(period="year") for cell in about}))

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """All units of the roster by code."""
        return tuple(unit.code for unit in self.params.units)

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Codes by printed name."""
        return {unit.name: unit.code for unit in self.params.units}

    def answered(self, unit: str, year: int, *counts: str) -> bool:
        """Whether a unit gave all these numbers for the year."""
        return all(not count or Cell(unit, year, count) in self.truth for count in counts)

    def behind(self, unit: str, year: int, measure: Measure, *, matched: bool = False) -> tuple[str, ...]:
        """The units behind a figure of a unit, or of the county; ``matched``: those whose change can be taken."""
        years = (year, year - 1) if matched or measure.code == GROWTH else (year,)
        found = (
            town
            for town in (self.towns if unit == self.params.county.code else (unit,))
            if all(self.answered(town, each, measure.part, measure.whole) for each in years)
            and (len(years) == 1 or self.params.comparable(year=year, unit=town, indicator=measure.code))
        )
        return tuple(found)

    def ratio(self, units: Iterable[str], year: int, measure: Measure) -> Ratio | None:
        """The figure of these units together; None where nothing is there to divide by."""
        towns = tuple(units)
        above = tuple(Cell(town, year, measure.part) for town in towns)
        if not towns:
            return None
        if measure.code == GROWTH:
            return Ratio(above, tuple(Cell(town, year - 1, measure.part) for town in towns), Fraction(100))
        if not measure.whole:
            return Ratio(above, (), Fraction(1))
        if measure.whole in OPEN:
            base = sum(self.truth[Cell(town, year, measure.whole)] for town in towns)
            return Ratio(above, (), Fraction(measure.times, base)) if base else None
        return Ratio(above, tuple(Cell(town, year, measure.whole) for town in towns), Fraction(measure.times))
