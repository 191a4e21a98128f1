"""Nothing is asked that nobody sees: every question of the form stands in a document of the set."""

from __future__ import annotations

from make_report import all_answers, all_figures, make_county_figure, make_county_report, make_report, number
from stats import present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import questions
from stats.disclosure.editions import is_small_cell
from stats.figures import Answer, Total
from stats.present.blocks import Table
from stats.present.county_work import SOURCES, USES

# Asked to name the unit and the year, or free words that only the data-quality report may quote.
NOT_FIGURES = {"remark"}


def rows_of(made: object) -> set[str]:
    """The names of the rows of a table, of both halves where two stand side by side."""
    assert isinstance(made, Table)
    wide = made.columns[0] == made.columns[len(made.columns) // 2]
    return {row[0] for row in made.rows} | ({row[len(row) // 2] for row in made.rows} if wide else set())


def printed_as_an_indicator(name: str) -> bool:
    """Whether an indicator is the answer itself: its number, or its yes or no."""
    entries = [entry for entry in indicators().values() if entry.variables == (name,) and entry.denominator == 1]
    return any(entry.numerator[0].test in ("amount", "yes") for entry in entries)


def test_every_question_put_to_a_town_stands_in_its_document() -> None:
    report = make_report(answers=all_answers(), figures=all_figures())
    shown = rows_of(present.work_done(report)) | rows_of(present.indicator_table(report))
    asked = [q for q in questions() if (q.asked_of(county=False) and q.domain in DOMAINS) or q.domain == "BAS"]
    unseen = {
        q.name
        for q in asked
        if q.asked_of(county=False) and q.full_name not in shown and not printed_as_an_indicator(q.name)
    }
    assert unseen - NOT_FIGURES == set()
    assert len(asked) > 80


def test_every_question_with_a_sum_that_is_not_protected_stands_in_the_county_s_document() -> None:
    totals = {
        q.name: Total(number("7"), Status.OK, 2, 2)
        for q in questions()
        if q.kind in ("int", "decimal", "bool") and q.domain and not is_small_cell(q)
    }
    own = {q.name: Answer(Status.OK, "1") for q in questions() if q.asked_of(county=True)}
    figures = {
        code: make_county_figure(code, "90", numerator=number("9"), denominator=number("10")) for code in indicators()
    }
    report = make_county_report(totals=totals, answers=own, figures=figures)
    shown = (
        rows_of(present.county_work_done(report)) | rows_of(present.own(report)) | rows_of(present.funds_table(report))
    )
    unseen = {
        q.name
        for q in questions()
        if q.name in totals and q.full_name not in shown and not printed_as_an_indicator(q.name)
    }
    assert unseen - set(SOURCES) - set(USES) == set()
    labels = {**SOURCES, **USES}
    assert set(labels.values()) <= shown
