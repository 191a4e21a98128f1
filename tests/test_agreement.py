"""One number in three places: table, sentence and indicators.csv, on the whole demonstration county."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stats import numbers, present, report
from stats.build.tables.released_tables import indicators_csv
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators, of_domain
from stats.catalogue.status import Status
from stats.present.blocks import Table
from stats.report import Report, Session

ROOT = Path(__file__).parents[1]
EDITIONS = ("full", "meeting", "public")
UP, DOWN = {"提高", "上升", "增加"}, {"下降", "减少"}
CHANGE = r"(?:(与上年持平)|比上年(提高|上升|增加|下降|减少)([0-9.]+)(?:～([0-9.]+))?)"
PLACE = r"居(?:\S{0,8}?)(\d+)个(?:可比)?单位(?:(并列)?第(\d+)位|末位)"

Row = dict[str, str]


@cache
def run(edition: str) -> Session:
    return report.load(ROOT, edition=edition)


@cache
def rows(edition: str) -> dict[tuple[str, str], Row]:
    """indicators.csv by unit code and indicator."""
    one = run(edition)
    text = indicators_csv(one.params, one.figures()).decode("utf-8-sig")
    return {(row["unit_code"], row["indicator"]): row for row in csv.DictReader(io.StringIO(text))}


@cache
def towns(edition: str) -> tuple[Report, ...]:
    return tuple(t for unit in run(edition).params.units if (t := run(edition).town(unit.code)).received)


def blocks(block: Any) -> Iterator[dict[str, Any]]:
    payload = block.payload()
    if payload["kind"] == "group":
        yield from payload["blocks"]
    else:
        yield payload


def printed_sentences(town: Report) -> Iterator[tuple[str, str]]:
    for domain in DOMAINS:
        for payload in blocks(present.sentences(town, domain)):
            yield domain, payload["text"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_table_row_prints_what_the_csv_says(edition: str) -> None:
    seen = 0
    for town in towns(edition):
        made = present.indicator_table(town)
        assert isinstance(made, Table)
        heads = [column.head for column in made.columns]
        printed = {texts[0]: dict(zip(heads, texts, strict=True)) for texts in made.rows}
        for code in town.figures:
            cells, row = printed[indicators()[code].name], rows(edition)[town.unit.code, code]
            assert numbers.plain(cells["本年"]) == numbers.plain(row["display"])
            change = row["yoy_display"].removeprefix("'")  # a guard against formulas
            assert numbers.plain(cells["同比"]) == numbers.plain(change)
            assert bool(row["rank"]) == ("/" in cells["位次"])
            if row["rank"]:
                assert cells["位次"].removesuffix("并列") == f"{row['rank']}/{row['ranked_units']}"
            seen += 1
    assert seen > (700 if edition != "public" else 200)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_direction_word_agrees_with_the_difference_in_the_csv(edition: str) -> None:
    seen = 0
    for town in towns(edition):
        for domain, text in printed_sentences(town):
            figures = [(town.figures[i.code], i) for i in of_domain(domain) if i.code in town.figures]
            values = [numbers.with_unit(figure, indicator) for figure, indicator in figures]
            for indicator in of_domain(domain):
                figure = town.figures.get(indicator.code)
                if figure is None or not figure.status.has_value:
                    continue
                value = numbers.with_unit(figure, indicator)
                found = re.search(rf"(?<![0-9.]){re.escape(value)}，{CHANGE}", text)
                if not found or values.count(value) > 1:
                    continue
                difference = figure.last_year.difference
                assert difference is not None, (indicator.code, town.unit.name)
                if found[1]:
                    assert difference == 0, (indicator.code, town.unit.name, text)
                else:
                    assert found[2] in (UP if difference > 0 else DOWN), text
                    assert found[4] is None or figure.last_year.status is Status.APPROX
                    ends = [figure.last_year.low, figure.last_year.high] if found[4] else [difference]
                    told = {numbers.number(abs(end)) for end in ends if end is not None}
                    assert told == {found[3], found[4] or found[3]}, text
                seen += 1
    assert seen > (100 if edition != "public" else 20)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_rank_in_a_sentence_is_the_rank_in_the_csv(edition: str) -> None:
    seen = 0
    for town in towns(edition):
        for domain, text in printed_sentences(town):
            for of, tied, place in re.findall(PLACE, text):
                assert (of, place or of, bool(tied)) in telling_places(edition, town, domain), text
                seen += 1
    assert seen > (20 if edition != "public" else 5)


def telling_places(edition: str, town: Report, domain: str) -> set[tuple[str, str, bool]]:
    """The places of a town that mean something, by the numbers of the CSV alone: how many ranked, which, shared."""
    found = set()
    for indicator in of_domain(domain):
        row = rows(edition).get((town.unit.code, indicator.code))
        if not row or not row["rank"]:
            continue
        place, of = int(row["rank"]), int(row["ranked_units"])
        others = [r for (_, code), r in rows(edition).items() if code == indicator.code and r["rank"] == row["rank"]]
        if of >= 9 and 3 * len(others) <= of and 3 * min(place, of + 1 - place) <= of:
            found.add((row["ranked_units"], row["rank"], len(others) > 1))
    return found


def test_a_hidden_figure_has_no_number_in_any_place() -> None:
    hidden = [row for row in rows("meeting").values() if row["status"] == "hidden"]
    assert len(hidden) > 50
    for row in hidden:
        assert row["display"] == "[隐]"
        assert not any(row[column] for column in ("value", "yoy", "vs_county", "rank", "ranked_units"))
        # a growth has no change against last year, hidden or not
        assert row["yoy_display"] == ("—" if indicators()[row["indicator"]].kind == "growth" else "[隐]")


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_what_is_shown_in_an_edition_is_the_full_figure(edition: str) -> None:
    for key, row in rows(edition).items():
        if row["status"] != "hidden":
            assert row["display"] == rows("full")[key]["display"]
            assert abs(Decimal(row["value"] or 0) - Decimal(rows("full")[key]["value"] or 0)) < 1
            assert row["value"] in row["display"] or row["display"] in ("是", "否", "…")
