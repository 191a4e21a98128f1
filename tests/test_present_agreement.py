"""Tables, sentences and chart labels say the same, on every unit of the whole demonstration county."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stats import demo, present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.present import fragments, numbers
from stats.present.blocks import Block, Chart, Group, Table
from stats.report import CountyReport, Report, Run, load

UP = "提高|上升|增加|增长|变为是|多于|新增|为上年的"
DOWN = "下降|减少|变为否|低于上年|未发生"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("agreement")
    demo.write(folder)
    return load(folder, year=2021, edition="meeting")


@pytest.fixture(scope="module")
def towns(run: Run) -> tuple[Report, ...]:
    reports = (run.town(unit.code) for unit in run.params.units)
    return tuple(report for report in reports if report.received)


@pytest.fixture(scope="module")
def county(run: Run) -> CountyReport:
    return run.county()


def released(report: Report) -> Iterator[tuple[Indicator, Figure, dict[str, str]]]:
    """Every printed indicator of a report with its figure and its row of the domain's table."""
    for domain in DOMAINS:
        made = present.table(report, domain)
        if isinstance(made, Table):
            heads = [column.head for column in made.columns]
            rows = {cells[0].partition("（已上报")[0]: dict(zip(heads, cells, strict=True)) for cells in made.rows}
            for code, figure in report.figures.items():
                if indicators()[code].domain == domain:
                    yield indicators()[code], figure, rows[indicators()[code].name]


def told(report: Report, domain: str) -> str:
    return present.sentences(report, domain).to_text()


def named_in_sentences(level: str, letter: str) -> set[str]:
    """The indicators whose value (``v``) or change (``y``) a sentence of this level tells."""
    return set(re.findall(rf"{letter}\['([A-Z]{{3}}-\d\d)'\]", str(fragments.wording()[level])))


def labels(block: Block) -> set[str]:
    assert isinstance(block, Chart)
    texts = (element for element in ElementTree.fromstring(block.svg).iter() if element.tag.endswith("text"))
    return {"".join(text.itertext()) for text in texts}


def test_every_town_prints_some_figures(towns: tuple[Report, ...]) -> None:
    assert len(towns) == 17
    assert all(sum(1 for _ in released(report)) == 52 for report in towns)


def test_sentences_tell_the_numbers_of_the_tables(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for report, level in (*((town, "town") for town in towns), (county, "county")):
        worded = named_in_sentences(level, "v")
        for entry, figure, cells in released(report):
            if entry.code in worded and figure.status.has_value and entry.code not in ("SUP-03", "EDU-05", "EDU-03"):
                assert cells["本年"].removesuffix("[更]").rstrip("※") in told(report, entry.domain), (
                    report.unit.name,
                    entry.code,
                )
                compared += 1
    assert compared > 400


def test_direction_words_follow_the_sign_in_the_table(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for report in (*towns, county):
        for entry, figure, cells in released(report):
            clause = fragments.last_year(figure, entry)
            if figure.last_year.difference is None or not clause:
                continue
            sign = cells["同比"]
            if not sign or sign == "—" or figure.last_year.trend == "about":
                continue
            if sign[0] == "+" or sign == "否→是":
                assert re.search(UP, clause), (report.unit.name, entry.code, clause)
                assert not re.search(DOWN, clause)
            elif sign[0] == numbers.MINUS or sign == "是→否":
                assert re.search(DOWN, clause), (report.unit.name, entry.code, clause)
                assert not re.search(UP, clause)
            else:
                assert "持平" in clause or "均为零" in clause
            compared += 1
    assert compared > 500


def test_sentences_tell_the_change_of_the_table(towns: tuple[Report, ...]) -> None:
    worded = named_in_sentences("town", "y")
    compared = 0
    for report in towns:
        for entry, _, cells in released(report):
            change = cells.get("同比", "").lstrip("+" + numbers.MINUS).rstrip("%")
            if entry.code in worded and re.fullmatch(r"[\d.]+", change) and float(change):
                assert change in told(report, entry.domain), (report.unit.name, entry.code)
                compared += 1
    assert compared > 80


def test_places_agree_between_sentence_table_and_ranking(towns: tuple[Report, ...], county: CountyReport) -> None:
    rankings = {
        table.title: {cells[1]: cells[0] for cells in table.rows}
        for domain in DOMAINS
        for table in present.ranking_table(county, domain).blocks
        if isinstance(table, Table)
    }
    compared = 0
    for report in towns:
        for entry, figure, cells in released(report):
            if figure.rank.place is None:
                continue
            place, of = re.fullmatch(r"(\d+)/(\d+)(?:并列)?", cells["位次"]).groups()  # type: ignore[union-attr]
            # where all share one place there is no ranking
            ranking = rankings.get(f"2021年云汀县各单位{entry.name}位次")
            assert ranking is None or ranking[report.unit.name] == place
            assert ranking is not None or (place, figure.rank.tied or of == "1") == ("1", True)
            assert f"居全县{of}个可比单位第{place}位" in fragments.rank(figure)
            compared += 1
    assert compared > 200


def test_basic_tables_print_what_the_towns_print(towns: tuple[Report, ...], county: CountyReport) -> None:
    for domain in DOMAINS:
        basic = present.basic_table(county, domain)
        assert isinstance(basic, Table)
        by_town = {cells[0]: cells for cells in basic.rows}
        for report in towns:
            made = present.table(report, domain)
            assert isinstance(made, Table)
            own = {cells[0]: cells[2] for cells in made.rows}
            heads = [column.head.rpartition("（")[0] for column in basic.columns[1:]]
            assert list(by_town[report.unit.name][1:]) == [own[head] for head in heads]


def test_charts_carry_the_numbers_of_the_tables(towns: tuple[Report, ...]) -> None:
    for report in towns[::4]:
        for domain in ("SYS", "REC", "MIL", "BLD", "SUP"):
            shown = labels(present.chart(report, domain))
            for entry, _, cells in released(report):
                if entry.domain == domain and entry.name in shown:
                    assert cells["本年"] in shown or not cells["本年"], (report.unit.name, entry.code)
        for domain, code in (("EMG", "EMG-02"), ("EDU", "EDU-01"), ("FND", "FND-01")):
            assert numbers.display(report.figures[code], indicators()[code]) in labels(present.chart(report, domain))


def test_county_charts_carry_the_numbers_of_the_basic_tables(county: CountyReport) -> None:
    chart, basic = present.chart(county, "FND"), present.basic_table(county, "FND")
    assert isinstance(basic, Table)
    place = [column.head for column in basic.columns].index("人均武装工作经费（元/人）")
    printed = {cells[place] for cells in basic.rows[3:] if cells[place]}
    assert len(printed) > 10
    assert printed <= labels(chart)


def test_the_unit_without_a_return_shows_nothing_but_its_page(run: Run) -> None:
    silent = [run.town(unit.code) for unit in run.params.units if not run.town(unit.code).received]
    assert [report.unit.name for report in silent] == ["竹埭乡"]
    assert all(present.table(silent[0], domain) == Group() for domain in DOMAINS)
