"""The tables for analysts hold what the edition shows, in types that pandas users expect, and never more."""

from __future__ import annotations

import csv
import doctest
import io
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from make_report import TOWN, make_figure, make_report
from stats import frames, report
from stats.build.tables.released_tables import indicators_csv
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.report import Session

ROOT = Path(__file__).parents[1]
EDITIONS = ("full", "meeting", "public")
FULL_ONLY = ["lower", "upper", "numerator", "denominator"]


@cache
def session(edition: str) -> Session:
    return report.load(ROOT, edition=edition)


@cache
def figures(edition: str) -> pd.DataFrame:
    return frames.figures(session(edition))


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_has_no_value_has_its_status_alone(edition: str) -> None:
    made = figures(edition)
    without = made[~made.status.isin(["ok", "approx"])]
    assert len(without)
    assert (without[["value", *FULL_ONLY]] == "").all(axis=None)
    assert without.number.isna().all()
    assert (made.status == "hidden").any() == (edition == "meeting")


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_a_figure_is_made_of_is_in_the_full_edition_only(edition: str) -> None:
    assert (figures(edition)[FULL_ONLY] != "").any(axis=None) == (edition == "full")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_table_that_goes_out_says_the_same(edition: str) -> None:
    one = session(edition)
    text = indicators_csv(one.params, one.figures()).decode("utf-8-sig")
    made = figures(edition)
    made = made[made.year == one.params.year].set_index(["unit_code", "indicator"])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(made)
    for row in rows:
        same = made.loc[(row["unit_code"], row["indicator"])]
        assert [
            row[name] for name in ("status", "value", "yoy", "county", "vs_county", "target", "indicator_name")
        ] == [same[name] for name in ("status", "value", "yoy", "county", "vs_county", "target", "indicator_name")]
        assert row["rank"] == ("" if pd.isna(same["rank"]) else str(same["rank"]))


@pytest.mark.parametrize("make", [frames.figures, frames.ranks, frames.answers, frames.cells, frames.findings])
def test_only_floats_made_for_drawing_may_be_nan(make: object) -> None:
    made = make(session("full"))  # type: ignore[operator]
    others = made.drop(columns=["number"], errors="ignore").select_dtypes(exclude=["Int64"])
    assert len(made)
    assert not others.isna().any(axis=None)
    assert not (others == "nan").any(axis=None)
    assert not (others == "None").any(axis=None)


def test_a_town_has_all_its_years_and_the_county_every_town_of_this_year() -> None:
    town = frames.figures(session("meeting").town(session("meeting").params.units[0].code))
    assert set(town.year) == {2017, 2018, 2019, 2020, 2021}
    county = frames.figures(session("meeting").county())
    assert set(county[county.unit_name == session("meeting").params.county.name].year) == set(town.year)
    assert set(county[county.unit_name != session("meeting").params.county.name].year) == {2021}
    assert county.unit_code.nunique() == 19


def test_a_hidden_answer_has_its_status_and_no_value() -> None:
    made = frames.answers(session("meeting"))
    hidden = made[made.status == "hidden"]
    assert len(hidden)
    assert (hidden.value == "").all()
    assert hidden.number.isna().all()
    assert not set(hidden.variable) & {name for name, v in variables().items() if v.sensitivity == "open"}


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_answers_as_written_are_in_the_full_edition_only(edition: str) -> None:
    assert frames.cells(session(edition)).empty
    assert len(frames.cells(session("full"))) == len(session("full").examined.cells)


def finding(variable: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        "R-MASKED",
        severity,
        "写作7xx",
        "请核对",
        TOWN,
        "云岭镇",
        2021,
        "year",
        (variable,),
        ("7xx",),
        "甲.csv",
        "表",
        "B2",
    )


def told(edition: str, *given: Finding) -> pd.DataFrame:
    made = make_report(findings=given)
    return frames.findings(make_report(findings=given, params=made.params.model_copy(update={"edition": edition})))


def test_a_finding_shows_what_was_written_in_the_full_edition_only() -> None:
    (full,) = told("full", finding("edu_events")).itertuples()
    (meeting,) = told("meeting", finding("edu_events")).itertuples()
    assert (full.message, full.values, full.cell) == ("写作7xx", "7xx", "B2")
    assert "7xx" not in str(meeting)
    assert (meeting.file, meeting.cell, meeting.variables) == ("", "", "edu_events")


@pytest.mark.parametrize(
    ("edition", "given", "rows"),
    [
        ("meeting", finding("rec_enlisted"), 0),
        ("full", finding("rec_enlisted"), 1),
        ("meeting", finding("edu_events", Severity.NOTE), 0),
        ("full", finding("edu_events", Severity.NOTE), 1),
        ("public", finding("sys_issues_raised"), 1),
        ("public", finding("fnd_spent"), 0),
        ("meeting", finding("fnd_spent"), 1),
    ],
)
def test_a_finding_about_what_is_protected_or_not_held_has_no_row(edition: str, given: Finding, rows: int) -> None:
    assert len(told(edition, given)) == rows


def test_a_figure_that_is_missing_has_no_place_among_the_ranks() -> None:
    town = make_report(figures={}, history={"SYS-02": {2021: make_figure("SYS-02", None, status=Status.MISSING)}})
    assert len(frames.figures(town)) == 1
    assert frames.ranks(town).empty


def test_the_example_of_the_page_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "docs" / "frames.md"), module_relative=False)
    assert result.attempted
    assert not result.failed
