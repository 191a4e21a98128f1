"""Which counts and amounts stand behind the figures of a document, and how each is printed. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue import marks
from stats.catalogue.indicator import Indicator, Term
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.present import unit_counts

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

Row = tuple[str, ...]


def town_rows(report: Report) -> tuple[Row, ...]:
    """A town's whole-year answers: question, unit, this year, last year.

    Left out is what the table of indicators prints as it is (an indicator that is the answer itself), and what the
    edition hides.
    """
    elsewhere = {entry.variables[0] for entry in indicators().values() if is_the_answer(entry)}
    return tuple(
        (
            question.full_name,
            question.unit,
            numbers.answer_in_table(given),
            numbers.answer_in_table(report.last_answers.get(name)),
        )
        for name, question in variables().items()
        if name not in elsewhere
        and (given := report.answers.get(name)) is not None
        and given.status is not Status.HIDDEN
    )


def is_the_answer(entry: Indicator) -> bool:
    """Whether the indicator, or the row of what its growth measures, prints one answer as it is.

    How often something was done that is asked to be done once, or which of several choices, it does not.
    """
    alone = entry.denominator == 1 and len(entry.variables) == 1
    return alone and entry.numerator[0].test in ("amount", "yes")


def county_rows(report: CountyReport) -> tuple[Row, ...]:
    """The sums behind the county's ratios: what is summed, unit, this year, last year, units with both of due.

    They are numerators and denominators of the county's released figures, so that a hidden figure has none; where
    several figures rest on the same sum it is that over the most units.
    """
    sums: dict[str, tuple[int, Row]] = {}
    for code, figure in report.figures.items():
        before = report.history.get(code, {}).get(report.year - 1)
        for terms, part in _parts(indicators()[code]):
            name = _name(terms)
            if getattr(figure, part) is not None and figure.units > sums.get(name, (0, ()))[0]:
                unit, units = variables()[terms[0].variable].unit, unit_counts.covered(report, figure)
                now = _sum(figure, part, is_exact=not _any_approximate(report, terms))
                sums[name] = (figure.units, (name, unit, now, _sum(before, part), units))
    return tuple(row for _, row in sums.values())


def _name(terms: tuple[Term, ...]) -> str:
    names = [variables()[term.variable].full_name for term in terms]
    return names[0] if len(names) == 1 else f"{'、'.join(names)}合计"


def _parts(entry: Indicator) -> Iterator[tuple[tuple[Term, ...], str]]:
    """The denominator and the numerator of a ratio of amounts."""
    below = entry.denominator
    if entry.aggregation != "sum_ratio" or not isinstance(below, tuple):
        return
    if all(term.test == "amount" for term in (*below, *entry.numerator)):
        yield below, "denominator"
        yield entry.numerator, "numerator"


def _any_approximate(report: CountyReport, terms: tuple[Term, ...]) -> bool:
    """Whether a town's answer to one of the questions is an approximation; the ratio may be one for another's sake."""
    given = (answers.get(term.variable) for answers in report.town_answers.values() for term in terms)
    return any(answer is not None and answer.status is Status.APPROX for answer in given)


def _sum(figure: Figure | None, part: str, *, is_exact: bool = False) -> str:
    if figure is None or (value := getattr(figure, part)) is None or not figure.status.has_value:
        return "" if figure is None else figure.status.mark
    about = "" if is_exact or figure.status is not Status.APPROX else marks.APPROXIMATE.sign
    return f"{about}{numbers.number(value)}"
