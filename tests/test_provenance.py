"""A printed number leads back to its cells, and a cell forward to exactly the figures made from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from conftest import NUMBERS
from stats import report
from stats.answers import Answers
from stats.build.tables.released_tables import cells_csv
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions, variables
from stats.compare import compute
from stats.figures import Figure
from stats.params import County, Params, Unit
from stats.returns.cells import Cell

ROOT = Path(__file__).parents[1]
YEARS = (2019, 2020, 2021)
CHANGED_YEAR = 2020
COUNTY = "990118000000"
TOWN, NEIGHBOUR = "990118100000", "990118101000"
UNITS = (TOWN, NEIGHBOUR, COUNTY)
PARAMS = Params(
    county=County(code=COUNTY, name="甲县"),
    year=2021,
    units=tuple(Unit(code=code, name=name, type="镇") for code, name in ((TOWN, "甲镇"), (NEIGHBOUR, "乙镇"))),
    workspace=Path("no-such-workspace"),
)

Place = tuple[str, int, str, str]
NOTHING = Figure(0, "", "", Status.OK)
# Of a figure: whose it is ("own" for the county's own row), the year, the indicator.
Key = tuple[str, int, str]


@dataclass(frozen=True)
class Change:
    """Another answer to one question in one cell."""

    place: Place
    value: str


def answer_of(variable: Variable) -> str:
    return NUMBERS.get(variable.name) or variable.choices[0]


def cell_of(place: Place, value: str) -> Cell:
    unit, year, period, name = place
    return Cell(unit, year, period, name, value, Status.OK, value, value, value, "", f"{year}/甲.csv", "", "B2")


@cache
def untouched() -> tuple[Cell, ...]:
    return tuple(
        cell_of((unit, year, period, variable.name), answer_of(variable))
        for year in YEARS
        for unit in UNITS
        for variable in questions()
        if variable.asked_of(county=unit == COUNTY)
        for period in (periods_due(year) if variable.seasonal else ("year",))
    )


def figures(change: Change | None = None) -> dict[Key, Figure | None]:
    cells = untouched()
    if change:
        cells = tuple(
            cell_of(change.place, change.value) if (c.unit, c.year, c.period, c.variable) == change.place else c
            for c in cells
        )
    received = dict.fromkeys(YEARS, frozenset(UNITS))
    results = compute(Answers.from_cells(cells, PARAMS, YEARS, received), PARAMS, ())
    keys = [(unit, year, code) for unit in UNITS for year in YEARS for code in indicators()]
    found = {key: results.figure(*key) for key in keys}
    return {**found, **{("own", year, code): results.own(year, code) for year in YEARS for code in indicators()}}


@cache
def before() -> Mapping[Key, Figure | None]:
    return figures()


# Only whether a mark is reached counts of these, so that one less would change nothing.
ONLY_A_MARK = ("sys_military_days", "sys_fs_research_count", "sup_troop_visits")


def another(variable: Variable) -> str:
    if variable.choices or variable.name in ONLY_A_MARK:
        return variable.choices[-1] if variable.choices else "0"
    number = Decimal(answer_of(variable))
    return str(number - 1 if number >= 1 else number + 1)


def change_of(variable: Variable) -> Change:
    unit = COUNTY if not variable.asked_of(county=False) else TOWN
    period = periods_due(CHANGED_YEAR)[-1] if variable.seasonal else "year"
    return Change((unit, CHANGED_YEAR, period, variable.name), another(variable))


def depends(indicator: Indicator, name: str) -> bool:
    return name in indicator.variables


def may_change(key: Key, unit: str, indicator: Indicator) -> bool:
    """Whose figures of an indicator a change in one unit's answer may move: its year's, and the next year's 同比."""
    whose, year, _ = key
    if year not in (CHANGED_YEAR, CHANGED_YEAR + 1):
        return False
    is_own = whose in ((unit,) if unit != COUNTY else ("own",))
    return is_own or whose in (COUNTY, NEIGHBOUR)


def own_part(figure: Figure | None) -> Figure | None:
    """The figure without what it is compared with beside it: the county and the places of the year."""
    return figure and replace(figure, county=NOTHING.county, rank=NOTHING.rank)


@pytest.mark.parametrize("variable", questions(), ids=lambda variable: variable.name)
def test_one_changed_cell_changes_exactly_the_figures_that_depend_on_it(variable: Variable) -> None:
    change = change_of(variable)
    unit, after = change.place[0], figures(change)
    changed = {key for key, figure in after.items() if figure != before()[key]}
    dependent = {code for code, indicator in indicators().items() if depends(indicator, variable.name)}
    assert {code for _, _, code in changed} <= dependent
    assert all(may_change(key, unit, indicators()[key[2]]) for key in changed)
    whose = "own" if unit == COUNTY else unit
    of_unit = {code for code in dependent if before()[whose, CHANGED_YEAR, code] is not None}
    assert {code for who, year, code in changed if (who, year) == (whose, CHANGED_YEAR)} == of_unit
    for key in changed:
        if key[0] == NEIGHBOUR:
            assert own_part(after[key]) == own_part(before()[key]), key
    for key in changed:
        if key[1] == CHANGED_YEAR + 1 and indicators()[key[2]].kind != "growth":
            old, new = before()[key], after[key]
            assert old is not None
            assert new is not None
            assert (old.value, old.status, old.target) == (new.value, new.status, new.target), key


def test_every_question_is_tried_and_most_make_a_figure() -> None:
    used = {name for indicator in indicators().values() for name in indicator.variables}
    assert used <= {variable.name for variable in questions()}
    assert len(used) > 70


@cache
def demonstration() -> report.Run:
    return report.load(ROOT, edition="full")


@cache
def rows() -> dict[Place, dict[str, str]]:
    """data/cells.csv by unit, year, period and variable."""
    text = cells_csv(demonstration().examined.cells).decode("utf-8-sig")
    read = csv.DictReader(io.StringIO(text))
    return {(row["unit"], int(row["year"]), row["period"], row["variable"]): row for row in read}


def places_behind(unit: str, year: int, indicator: Indicator) -> Iterator[Place]:
    """The cells a unit's figure is made from: those of its variables, of a growth last year's too."""
    for name in indicator.variables:
        for of_year in (year, year - 1) if indicator.kind == "growth" else (year,):
            for period in periods_due(of_year) if variables()[name].seasonal else ("year",):
                yield unit, of_year, period, name


def test_every_printed_number_has_the_cell_of_every_answer_behind_it() -> None:
    run, seen = demonstration(), 0
    received = run.examined.received[run.params.year]
    owns = {run.params.county.code: run.county().own}
    for unit, shown in {**{u.code: run.town(u.code).figures for u in run.params.units}, **owns}.items():
        for code, figure in shown.items():
            if unit not in received:
                assert figure.status is Status.NOT_REPORTED
                continue
            for place in places_behind(unit, run.params.year, indicators()[code]):
                row = rows()[place]
                assert row["file"], place
                assert row["cell"], place
                if figure.status.has_value:
                    assert row["status"] in ("ok", "approx", "not_applicable"), place
                seen += 1
    assert seen > 1000


def test_every_number_of_the_county_is_made_from_towns_with_cells() -> None:
    run, year = demonstration(), demonstration().params.year
    for code, figure in run.county().figures.items():
        indicator = indicators()[code]
        if not figure.status.has_value or indicator.level == "county":
            continue
        with_cells = [
            unit.code
            for unit in run.params.due(year)
            if all(place in rows() for place in places_behind(unit.code, year, indicator))
        ]
        assert figure.units <= len(with_cells) + 1, code  # the county's own row may stand behind it too


@cache
def texts(file: str) -> dict[str, list[list[str]]]:
    """The texts of a return by sheet ('' for CSV), read with the csv module or openpyxl."""
    path = ROOT / "data" / "returns" / file
    if path.suffix == ".csv":
        content = path.read_bytes()
        try:
            return {"": list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))}
        except UnicodeDecodeError:
            return {"": list(csv.reader(io.StringIO(content.decode("gb18030"))))}
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [["" if v is None else str(v) for v in line] for line in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def test_the_named_file_sheet_and_cell_hold_the_raw_text_of_every_answer() -> None:
    seen = 0
    for place, row in rows().items():
        if row["cell"]:
            column, line = openpyxl.utils.cell.coordinate_from_string(row["cell"])
            sheets = texts(row["file"])
            lines = sheets.get(row["sheet"]) or next(iter(sheets.values()))
            there = lines[line - 1][openpyxl.utils.column_index_from_string(column) - 1]
            raw = row["raw"].removeprefix("'")
            assert there == raw or there.startswith(f"{raw}（"), place  # an annotation in brackets is not kept
            seen += 1
    assert seen > 8000


def test_a_corrected_answer_keeps_its_raw_text_and_says_why() -> None:
    row = rows()["990118106000", 2021, "year", "edu_events"]
    assert row["raw"] == row["value"] + "0"
    assert row["correction"] == "末位多录了零，经与活动台账核对"
