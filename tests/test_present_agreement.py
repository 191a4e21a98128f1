"""Tables, sentences and chart labels say the same, on every unit of the whole demonstration county."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import demo
from stats import numbers, present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
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


def worded(entry: Indicator, figure: Figure) -> bool:
    """Whether the domain's text tells the number of this indicator: not a yes or no, a growth, or all done in words."""
    codes = {code for parts in DOMAINS_SAID[entry.domain].TOWN.sentences for code, _ in parts}
    in_words = entry.kind in ("yesno", "compliance", "growth") or entry.code in ("SYS-07", "BLD-06", "BLD-07")
    return entry.code in codes and not in_words and not figure.small_base


def labels(block: Block) -> set[str]:
    assert isinstance(block, Chart)
    texts = (element for element in ElementTree.fromstring(block.svg).iter() if element.tag.endswith("text"))
    return {"".join(text.itertext()) for text in texts}


def test_every_town_prints_some_figures(towns: tuple[Report, ...]) -> None:
    assert len(towns) == 17
    assert all(sum(1 for _ in released(report)) == 52 for report in towns)


def test_sentences_tell_the_numbers_of_the_tables(towns: tuple[Report, ...], county: CountyReport) -> None:
    compared = 0
    for report in (*towns, county):
        for entry, figure, cells in released(report):
            if worded(entry, figure) and figure.status.has_value:
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
            clause = change.last_year(figure)
            if figure.last_year.difference is None or not clause or clause == "与上年大体相当":
                continue
            sign = cells["同比"]
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
            moved = cells.get("同比", "").lstrip("+" + numbers.MINUS).rstrip("%")
            is_told = worded(entry, figure) and not targets.is_over(figure) and figure.last_year.status is Status.OK
            if is_told and re.fullmatch(r"[\d.]+", moved) and float(moved):
                assert moved in told(report, entry.domain), (report.unit.name, entry.code)
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
            group = f"（{figure.rank.group}）" if figure.rank.group else ""
            ranking = rankings.get(f"2021年云汀县各单位{entry.name}位次{group}")
            assert ranking is None or ranking[report.unit.name] == place
            assert ranking is not None or (place, figure.rank.tied or of == "1") == ("1", True)
            among = f"居{figure.rank.group}{of}个单位" if figure.rank.group else f"居{of}个可比单位"
            told_places = ("", f"{among}第{place}位", f"{among}末位")
            assert references.place(figure) in told_places or figure.rank.tied
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
    chart, basic = present.chart(county, "BLD"), present.basic_table(county, "BLD")
    assert isinstance(basic, Table)
    place = [column.head for column in basic.columns].index("民兵营（连）部三星级及以上比例（%）")
    printed = {cells[place] for cells in basic.rows[3:] if cells[place]}
    assert len(printed) > 10
    assert printed <= labels(chart)


def test_the_unit_without_a_return_shows_nothing_but_its_page(run: Session) -> None:
    silent = [run.town(unit.code) for unit in run.params.units if not run.town(unit.code).received]
    assert [report.unit.name for report in silent] == ["竹埭乡"]
    assert all(present.table(silent[0], domain) == Group() for domain in DOMAINS)
