"""Small counties for attacks: a plain one to make uneven in one place, and random ones as small as towns are."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from attack_terms import seasons
from conftest import COUNTY, as_csv, make_rows, put

NAMES = (
    "临溪街道",
    "青枫街道",
    "双塘镇",
    "荷湾镇",
    "石汀镇",
    "竹岭镇",
    "云渡镇",
    "白沙埠镇",
    "梅坞镇",
    "枫桥坳镇",
    "柳堤镇",
    "松涧镇",
    "槐亭镇",
    "苇荡镇",
    "南塬乡",
    "北坡乡",
    "桃源岭乡",
)
YEARS = (2020, 2021)
TARGETS = {
    "REC-03": (">=", 80),
    "REC-04": (">=", 50),
    "REC-08": ("<=", 1),
    "REC-10": (">=", 0),
    "BLD-05": (">=", 100),
    "BLD-06": (">=", 100),
    "SUP-04": (">=", 100),
    "SUP-05": (">=", 100),
    "SUP-06": (">=", 90),
}
Place = tuple[str, int, str]
"""A town, a year, a period; its answers are kept by question."""


@dataclass
class SmallTowns:
    """A county as plain values: answers by place, towns without a return of a year, breaks, first years, targets."""

    towns: tuple[str, ...]
    answers: dict[Place, dict[str, str]]
    silent: set[tuple[str, int]] = field(default_factory=set)
    breaks: list[str] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    targets: bool = True

    def set(self, town: str, year: int, **answers: str | int) -> None:
        """Answers of a town's year, and of each of its seasons what is asked by season."""
        for (unit, of_year, period), given in self.answers.items():
            if unit == town and of_year == year and period in (*seasons(year), "year"):
                given |= {name: str(value) for name, value in answers.items() if name in given}

    def write(self, folder: Path) -> Path:
        """The county as a workspace."""
        (folder / "params" / "targets").mkdir(parents=True, exist_ok=True)
        units = "".join(
            f"  - {{code: '{town}', name: {name_of(town)}, type: 镇{self._since(town)}}}\n" for town in self.towns
        )
        county = f"county: {{code: '{COUNTY[0]}', name: {COUNTY[1]}}}\nyear: 2021\nunits:\n{units}"
        breaks = "".join(f"  - {line}\n" for line in self.breaks)
        text = county + (f"breaks:\n{breaks}" if breaks else "")
        (folder / "params" / "county.yaml").write_text(text, encoding="utf-8")
        (folder / "params" / "disclosure.key").write_text("key-of-a-test\n", encoding="ascii")
        aims = "".join(f'{c}: {{op: "{op}", value: {v}, basis: param}}\n' for c, (op, v) in TARGETS.items())
        for year in YEARS:
            if self.targets:
                (folder / "params" / "targets" / f"{year}.yaml").write_text(aims, encoding="utf-8")
            put(folder, "全县.csv", as_csv(list(self._rows(year))), year)
        return folder

    def _since(self, town: str) -> str:
        return f", since: {self.since[town]}" if town in self.since else ""

    def _rows(self, year: int) -> Iterator[dict[str, str]]:
        yield from make_rows(unit=COUNTY, year=year)
        for town in self.towns:
            if (town, year) not in self.silent and year >= self.since.get(town, year):
                for row in make_rows(unit=(town, name_of(town)), year=year):
                    yield row | {"unit_type": "镇"} | self.answers[town, year, row["period"]]


def code_of(nth: int) -> str:
    """The code of the nth town."""
    return f"990118{100 + nth}000"


def name_of(code: str) -> str:
    """The name of a town by its code."""
    return NAMES[int(code[6:9]) - 100]


def random_towns(seed: int, number: int | None = None) -> SmallTowns:
    """A county of 5 to 17 towns whose answers hang together and are as small as those of towns are."""
    chance = Random(seed)
    towns = tuple(code_of(nth) for nth in range(number or chance.randint(5, 17)))
    answers: dict[Place, dict[str, str]] = {}
    for town in towns:
        population = chance.choice((4000, 7000, 9000, 12000, 15000, 22000, 31000, 48000))
        for year in YEARS:
            of_seasons = [_season(chance, population) for _ in seasons(year)]
            answers |= {(town, year, s): _texts(given) for s, given in zip(seasons(year), of_seasons, strict=True)}
            enlisted = sum(given["rec_enlisted"] for given in of_seasons)
            answers[town, year, "year"] = _texts(_year(chance, population + chance.randint(-300, 300), enlisted))
    return SmallTowns(towns, answers)


def _texts(given: dict[str, int]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}


def _season(chance: Random, population: int) -> dict[str, int]:
    """A season's funnel, from the recruits up and down."""
    enlisted = chance.randint(0, max(2, population // 3000))
    both = enlisted + chance.choice((0, 0, 0, 1, 2, 4, 7))
    passed = both + chance.choice((0, 0, 1, 2, 3, 6))
    attended = passed + chance.choice((0, 1, 2, 5, 9, 14))
    applied = attended + chance.choice((0, 1, 2, 4, 8))
    college = max(0, enlisted - chance.choice((0, 0, 1, 1, 2, 3)))
    return {
        "rec_applied": applied,
        "rec_applied_college": max(0, applied - chance.choice((0, 1, 2, 3, 6, 10))),
        "rec_exam_attended": attended,
        "rec_exam_passed": passed,
        "rec_both_passed": both,
        "rec_enlisted": enlisted,
        "rec_enlisted_college": college,
        "rec_enlisted_graduates": chance.randint(0, college),
        "rec_returned": int(enlisted > 0 and chance.random() < 0.06),
    }


def _year(chance: Random, population: int, enlisted: int) -> dict[str, int]:
    """A year's persons, families and notices; parts at most their wholes."""
    on_post, heads = chance.choice((2, 2, 3, 3, 4, 5)), int(chance.random() < 0.9)
    due = max(0, 2 * enlisted + chance.randint(-2, 4))
    notices, raised = chance.choice((0, 0, 0, 1, 2, 3, 4, 7)), chance.choice((0, 2, 4, 6, 8, 10))
    return {
        "bas_population": population,
        "cad_authorized": on_post,
        "cad_on_post": on_post,
        "cad_minister_on_post": heads,
        "cad_officer_total": on_post - heads,
        "cad_officer_admin": chance.randint(0, on_post - heads),
        "cad_certified": max(0, on_post - chance.choice((0, 0, 0, 1, 2))),
        "cad_trained": chance.randint(0, on_post),
        "cad_minister_preferred": heads * chance.choice((0, 1, 1, 1)),
        "cad_minister_committee": heads * chance.choice((0, 1, 1)),
        "rec_followup_done": chance.randint(0, enlisted),
        "sup_allowance_due": due,
        "sup_allowance_paid": max(0, due - chance.choice((0, 0, 0, 0, 1, 3))),
        "sup_merit_due": notices,
        "sup_merit_delivered": max(0, notices - chance.choice((0, 0, 0, 1))),
        "sup_cases_raised": raised,
        "sup_cases_solved": max(0, raised - chance.choice((0, 0, 0, 1, 2))),
    }


def with_gaps(seed: int, number: int | None = None) -> SmallTowns:
    """A random county where single towns lack an answer, come late or new, or have a break."""
    county, chance = random_towns(1000 + seed, number), Random(f"{seed} gaps")
    for town in chance.sample(county.towns, chance.randint(1, 3)):
        mishap = chance.choice(
            ("population", "graduates", "funnel", "last year", "new", "break", "break of all", "paid")
        )
        year = chance.choice(YEARS)
        blanks = {"population": "bas_population", "graduates": "rec_enlisted_graduates", "paid": "sup_allowance_paid"}
        if mishap in blanks:
            county.set(town, year, **{blanks[mishap]: ""})
        elif mishap == "funnel":
            county.answers[town, year, "autumn"]["rec_exam_attended"] = chance.choice(("", "**"))
        elif mishap == "last year":
            county.silent.add((town, 2020))
        elif mishap == "new":
            county.since[town] = 2021
        else:
            codes = chance.choice(("REC-02", "REC-03", "REC-07", "SUP-04", "SUP-06", "BLD-05"))
            named = f"indicators: [{codes}], " if mishap == "break" else ""
            county.breaks.append(f"{{year: 2021, {named}units: ['{town}'], reason: 区划调整}}")
    return county


def with_approximations(seed: int) -> SmallTowns:
    """A random county where some counts are told as 约 so many."""
    county, chance = random_towns(4000 + seed, 5 + seed % 5), Random(f"{seed} approximations")
    for town in chance.sample(county.towns, 3):
        place = (town, chance.choice(YEARS), chance.choice(("autumn", "year")))
        counts = [name for name in county.answers[place] if name.startswith(("rec_", "sup_", "cad_certified"))]
        for name in chance.sample(counts, 2):
            county.answers[place][name] = f"约{county.answers[place][name]}"
    return county


def history(seed: int) -> list[tuple[SmallTowns, int]]:
    """A county as it stands when each of two or three sets goes out, with the year of each set.

    Between two of them one or two towns send a return that was missing, fill in an answer, or correct everything.
    """
    chance = Random(f"{seed} history")
    now = random_towns(2000 + seed, chance.randint(5, 9))
    then = deepcopy(now)
    for town in chance.sample(now.towns, chance.randint(1, 2)):
        happened, year = chance.choice(("late", "corrected", "blank")), chance.choice(YEARS)
        if happened == "late":
            then.silent.add((town, year))
        elif happened == "blank":
            then.set(town, year, **{chance.choice(_OFTEN_BLANK): ""})
        else:
            others = random_towns(3000 + seed, len(now.towns))
            for period in (*seasons(year), "year"):
                then.answers[town, year, period] = dict(others.answers[town, year, period])
    orders = (
        [(then, 2021), (now, 2021)],
        [(then, 2020), (now, 2021)],
        [(then, 2020), (then, 2021), (now, 2021)],
        [(then, 2021), (now, 2020)],
        [(then, 2020), (now, 2020), (now, 2021)],
    )
    return chance.choice(orders)


_OFTEN_BLANK = (
    "bas_population",
    "rec_enlisted_graduates",
    "sup_allowance_paid",
    "sup_cases_solved",
    "cad_certified",
    "rec_exam_attended",
)


def plain_towns(
    recruits: tuple[int, ...] = (20, 15, 15, 12, 14, 2), last: tuple[int, ...] = (11, 8, 9, 7, 6, 6)
) -> SmallTowns:
    """Towns alike in all but their recruits: every quantity comfortable, so that one weak place stands alone."""
    towns = tuple(code_of(nth) for nth in range(len(recruits)))
    answers: dict[Place, dict[str, str]] = {}
    for town, now, before in zip(towns, recruits, last, strict=True):
        for year, enlisted in ((2021, now), (2020, before)):
            names = seasons(year)
            for nth, season in enumerate(names):
                part = enlisted // len(names) if nth == 0 else enlisted - enlisted // len(names)
                answers[town, year, season] = _texts(_comfortable_season(part))
            answers[town, year, "year"] = _texts(_comfortable_year(20000 + 1000 * int(town[6:9])))
    return SmallTowns(towns, answers, targets=False)


def _comfortable_season(enlisted: int) -> dict[str, int]:
    return {
        "rec_applied": 60,
        "rec_applied_college": 40,
        "rec_exam_attended": 50,
        "rec_exam_passed": 40,
        "rec_both_passed": 30,
        "rec_enlisted": enlisted,
        "rec_enlisted_college": enlisted,
        "rec_enlisted_graduates": enlisted,
        "rec_returned": 0,
    }


def _comfortable_year(population: int) -> dict[str, int]:
    return {"bas_population": population, "rec_followup_done": 0, "sup_cases_raised": 7, "sup_cases_solved": 7}
