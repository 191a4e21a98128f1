"""Tables, sentences and charts say the same, on every unit of the whole demonstration county."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import demo
from stats import numbers, present
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import SHORT_NAMES
from stats.catalogue.status import Status
from stats.compare import is_leading
from stats.figures import Figure
from stats.present.blocks import Block, Chart, Group, Table
from stats.present.sentences import DOMAINS_SAID, change, references, targets
from stats.report import CountyReport, Report, Session, load

UP = "提高|上升|增加|增长|新增|为上年的"
DOWN = "下降|减少|未发生"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder: Path = tmp_path_factory.mktemp("agreement")
    demo.write(folder)
    return load(folder, year=2021, edition="meeting")


@pytest.fixture(scope="module")
def towns(run: Session) -> tuple[Report, ...]:
    reports = (run.town(unit.code) for unit in run.params.units)
    return tuple(report for report in reports if report.received)


@pytest.fixture(scope="module")
def county(run: Session) -> CountyReport:
    return run.county()


def rows_of(made: Block) -> dict[str, dict[str, str]]:
    """The rows of a table by name and by the heads of its columns, each in one line."""
    assert isinstance(made, Table)
    heads = [column.head.replace("\n", "") for column in made.columns]
    return {row[0]: dict(zip(heads, row, strict=True)) for row in made.rows}


def released(report: Report) -> Iterator[tuple[Indicator, Figure, dict[str, str]]]:
    """Every indicator of a report with its figure and its row of the table of indicators."""
    rows = rows_of(
        present.county_indicators(report) if isinstance(report, CountyReport) else present.indicator_table(report)
    )
    for code, figure in report.figures.items():
        yield indicators()[code], figure, rows[indicators()[code].name]


def told(report: Report, domain: str) -> str:
    return present.sentences(report, domain).to_text()


def worded(entry: Indicator, figure: Figure) -> bool:
    """Whether the domain's text tells the number of this indicator: not a yes or no, a growth, or all done in words."""
    codes = {code for parts in DOMAINS_SAID[entry.domain].TOWN.sentences for code, _ in parts}
    in_words = entry.kind in ("yesno", "compliance", "growth") or entry.code in ("SYS-07", "BLD-06", "BLD-07")
    return entry.code in codes and not in_words and not figure.small_base


def labels(block: Block) -> set[str]:
    assert isinstance(block, Chart)
    texts = (element for element in ElementTree.fromstring(block.svg).iter() if element.tag.endswith("text"))
    return {"".join(text.itertext()) for text in texts}


def test_every_town_prints_every_figure(towns: tuple[Report, ...]) -> None:
    assert len(towns) == 17
    assert all(sum(1 for _ in released(report)) == 52 for report in towns)


def test_sentences_tell_the_numbers_of_the_tables(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for report in (*towns, county):
        for entry, figure, cells in released(report):
            if worded(entry, figure) and figure.status.has_value:
                printed = cells["本年"].removesuffix("[更]").rstrip("※")
                assert printed in told(report, entry.domain), (report.unit.name, entry.code)
                compared += 1
    assert compared > 400


def test_direction_words_follow_the_sign_in_the_table(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for report in (*towns, county):
        for entry, figure, cells in released(report):
            clause, sign = change.last_year(figure), cells["同比"]
            if figure.last_year.difference is None or not clause or clause == "与上年大体相当":
                continue
            if not sign or sign == "—" or figure.last_year.trend == "about":
                continue
            if sign[0] == "+":
                assert re.search(UP, clause), (report.unit.name, entry.code, clause)
                assert not re.search(DOWN, clause)
            elif sign[0] == numbers.MINUS:
                assert re.search(DOWN, clause), (report.unit.name, entry.code, clause)
                assert not re.search(UP, clause)
            else:
                assert "持平" in clause or "均为零" in clause
            compared += 1
    assert compared > 500


def test_sentences_tell_the_change_of_the_table(towns: tuple[Report, ...]) -> None:
    compared = 0
    for report in towns:
        for entry, figure, cells in released(report):
            moved = cells["同比"].lstrip("+" + numbers.MINUS).rstrip("%")
            is_told = worded(entry, figure) and not targets.is_over(figure) and figure.last_year.status is Status.OK
            if is_told and re.fullmatch(r"[\d.]+", moved) and float(moved):
                assert moved in told(report, entry.domain), (report.unit.name, entry.code)
                compared += 1
    assert compared > 80


def short(entry: Indicator) -> str:
    """The name of an indicator at the head of a narrow column."""
    return SHORT_NAMES[entry.code]


def test_places_and_values_agree_between_a_town_and_the_matrices(
    towns: tuple[Report, ...], county: CountyReport
) -> None:
    ranked, judged = rows_of(present.ranked_matrix(county)), rows_of(present.targets_matrix(county))
    places = signs = 0
    for report in towns:
        for entry, figure, cells in released(report):
            if entry.ranked and entry.direction != "neutral" and short(entry) in ranked[report.unit.name]:
                value, _, place = ranked[report.unit.name][short(entry)].partition("\n")
                assert value.removesuffix("×") == cells["本年"], (report.unit.name, entry.code)
                assert value.endswith("×") == (cells["判定"] == "×")
                assert place.rstrip("=") == cells["位次"].partition("/")[0]
                assert place.endswith("=") == cells["位次"].endswith("并列")
                places += bool(place)
            asked = judged[
                report.unit.name
            ]  # a column of which most are hidden is left out, unless it tells who missed
            assert asked.get(short(entry), cells["判定"].replace("×", "")) == cells["判定"]
            signs += bool(cells["判定"])
            if figure.rank.place is not None and not figure.rank.tied:
                among = f"居{figure.rank.group}{figure.rank.of}个" + ("" if figure.rank.group else "可比") + "单位"
                assert references.place(figure) in ("", f"{among}第{figure.rank.place}位", f"{among}末位")
    assert places > 200
    assert signs > 300


def looked_at(made: Block) -> set[tuple[str, str]]:
    """The rows and heads of the cells of a table that look unlike the others, and columns were left out before them."""
    assert isinstance(made, Table)
    assert any(note.endswith("略去") for note in made.notes)
    return {(made.rows[look.row][0], made.columns[look.column].head.replace("\n", "")) for look in made.looks}


def test_red_and_grey_lie_on_the_cells_that_they_are_about(county: CountyReport) -> None:
    judged = rows_of(present.targets_matrix(county))
    missed = {(unit, head) for unit, row in judged.items() for head, cell in row.items() if cell == "×"}
    assert looked_at(present.targets_matrix(county)) == missed
    ranked = rows_of(present.ranked_matrix(county))
    leading = {
        (unit.name, short(indicators()[code]))
        for unit in county.units
        for code, figure in county.towns[unit.code].items()
        if is_leading(figure.rank) and short(indicators()[code]) in ranked[unit.name]
    }
    assert looked_at(present.ranked_matrix(county)) == leading


def test_tables_of_the_units_print_what_the_towns_print(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for number in range(1, 5):
        of_units = rows_of(present.units_table(county, number))
        for report in towns:
            for entry, _, cells in released(report):
                unit = "" if entry.unit == "%" else entry.unit
                if (head := short(entry) + unit) in of_units[report.unit.name]:
                    assert of_units[report.unit.name][head] == cells["本年"], (report.unit.name, entry.code)
                    compared += 1
    assert compared == 17 * 47


def test_charts_carry_the_numbers_of_the_tables(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for report in (*towns[::4], county):
        show = present.county_years_chart if report is county else present.years_chart
        shown = labels(show(report))  # type: ignore[arg-type]
        for entry, figure, cells in released(report):
            if f"{short(entry)}（{entry.unit}）" in shown and figure.status.has_value:
                assert cells["本年"] in shown, (report.unit.name, entry.code)
                compared += 1
    assert compared > 25


def test_dots_carry_the_numbers_of_the_matrix(county: CountyReport) -> None:
    sheets = [block for block in present.dots_charts(county).blocks if isinstance(block, Chart)]
    assert len(sheets) > 1
    shown = set().union(*map(labels, sheets))
    for row in rows_of(present.ranked_matrix(county)).values():
        for head, cell in list(row.items())[1:]:
            value = cell.partition("\n")[0].removesuffix("×")
            is_drawn = any(label.startswith(f"{head}（") for label in shown) and row["单位"] != "全县"
            assert not is_drawn or not value or value.startswith("[") or value == "—" or value in shown, (head, value)


def test_the_unit_without_a_return_shows_nothing_but_its_page(run: Session) -> None:
    silent = [run.town(unit.code) for unit in run.params.units if not run.town(unit.code).received]
    assert [report.unit.name for report in silent] == ["竹埭乡"]
    assert present.indicator_table(silent[0]) == present.work_done(silent[0]) == Group()
