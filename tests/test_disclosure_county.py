"""The demonstration county's editions, walked figure by figure: nothing made from a hidden answer is shown."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stats import present, report
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.report import Session

ROOT = Path(__file__).parents[1]


@cache
def run(edition: str) -> Session:
    return report.load(ROOT, edition=edition)


def hidden_pairs(edition: str, year: int) -> frozenset[tuple[str, str]]:
    return run(edition).released.hidden[year].counts


def numbers_of(figure: Figure) -> list[Any]:
    shown = [figure.value, figure.rounded, figure.numerator, figure.denominator, figure.low, figure.high]
    return [*shown, figure.last_year.difference, figure.county.difference, figure.county.percent, figure.rank.place]


def test_no_figure_shows_a_number_made_from_a_hidden_answer() -> None:
    seen = 0
    for year in (2018, 2019, 2020, 2021):
        for unit, name in hidden_pairs("meeting", year):
            for code, indicator in indicators().items():
                if name in indicator.variables:
                    figure = run("meeting").released.figure(unit, year, code)
                    assert figure is not None
                    assert figure.status is Status.HIDDEN
                    assert not any(number is not None for number in numbers_of(figure)), (unit, year, code)
                    seen += 1
    assert seen > 200


def test_follow_ups_are_hidden_wherever_the_recruits_are() -> None:
    """Where as many were followed up as enlisted, a shown follow-up would be the hidden recruits."""
    towns = [town for town, name in hidden_pairs("meeting", 2021) if name == "rec_enlisted"]
    assert towns
    for town in towns:
        answer = run("meeting").released.answer(town, 2021, "rec_followup_done")
        assert answer is not None
        assert not answer.text, town


def test_no_comparison_with_a_hidden_last_year_is_shown() -> None:
    seen = 0
    for unit, name in hidden_pairs("meeting", 2020):
        for code, indicator in indicators().items():
            if name in indicator.variables:
                figure = run("meeting").released.figure(unit, 2021, code)
                assert figure is not None
                assert figure.last_year.reference is None
                assert figure.last_year.difference is None
                seen += 1
    assert seen > 50


def test_a_change_of_the_county_that_would_tell_is_not_shown_and_last_years_figure_still_is() -> None:
    county, hidden = run("meeting").params.county.code, run("meeting").released.hidden[2021]
    untold = hidden.changes - hidden.figures
    assert untold
    for code in untold:
        whole, shown = (run(edition).released.figure(county, 2021, code) for edition in ("full", "meeting"))
        assert whole is not None
        assert shown is not None
        assert (shown.last_year.status, shown.last_year.difference) == (Status.HIDDEN, None), code
        before = run("meeting").released.figure(county, 2020, code)
        is_open = before is not None and before.status.has_value
        assert shown.last_year.reference == (whole.last_year.reference if is_open else None), code


def test_hidden_answers_are_hidden_in_the_answers_of_the_seasons_too() -> None:
    for unit, name in hidden_pairs("meeting", 2021):
        town = run("meeting").town(unit)
        assert town.answers[name].text == ""
        assert all(not answer.text for answer in town.seasons.get(name, {}).values() if answer.status is Status.HIDDEN)


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_no_block_holds_a_small_count_of_new_recruits(edition: str) -> None:
    """全年征集新兵 1名 or 2名 would point at persons; wherever recruits are printed they are 0, or 3 and more."""
    for unit in run(edition).params.units:
        town = run(edition).town(unit.code)
        said = [present.sentences(town, domain) for domain in DOMAINS]
        for block in (*said, present.key_figures(town), present.explanations(town), present.funnel_chart(town)):
            text = json.dumps(block.payload(), ensure_ascii=False)
            counts = re.sub(r"比上年(增加|减少)[0-9]+名", "", text)
            assert not re.search(r"(?<![0-9.])[12]名(?!/)", counts)


def test_the_public_edition_has_no_conscription_figure_of_any_town() -> None:
    for unit in run("public").params.units:
        assert not [code for code in run("public").town(unit.code).figures if code.startswith("REC")]


def test_the_number_of_units_at_target_is_not_told_where_it_would_tell_of_hidden_ones() -> None:
    county, seen = run("full").params.county.code, 0
    for code in indicators():
        whole, shown = (run(edition).released.figure(county, 2021, code) for edition in ("full", "meeting"))
        towns = [run("meeting").released.figure(unit.code, 2021, code) for unit in run("meeting").params.units]
        is_hiding = any(town is not None and town.target.state == "hidden" for town in towns)
        if whole is not None and shown is not None and whole.decided and shown.status.has_value:
            assert (shown.met, shown.decided) == ((0, 0) if is_hiding else (whole.met, whole.decided)), code
            seen += is_hiding
    assert seen > 3


def test_places_within_a_group_are_those_of_the_group_in_every_edition() -> None:
    county, seen = run("full").params, 0
    for unit in county.units:
        for code in ("EDU-02", "FND-05"):
            ranks = [run(edition).released.figure(unit.code, 2021, code) for edition in ("full", "meeting")]
            full, meeting = (None if figure is None else figure.rank for figure in ranks)
            assert full == meeting
            if full is not None and full.place is not None:
                assert (full.group, full.of) == ("各镇", 11)
                seen += 1
    assert seen == 22
