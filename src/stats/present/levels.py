"""What a growth indicator measures, as a row of its own: this year, last year, change. Takes released numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue import marks
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import of_domain
from stats.catalogue.variables import Variable, variables
from stats.figures import Figure
from stats.present import unit_counts

if TYPE_CHECKING:
    from stats.report import CountyReport, Report


@dataclass(frozen=True, slots=True)
class Level:
    """A row: the question with its unit, this year, last year, 同比, and how many units stand behind it."""

    name: str
    unit: str
    now: str
    before: str
    change: str
    units: str = ""


def of_town(report: Report, entry: Indicator) -> Level | None:
    """The quantity behind a town's growth; None where it has an indicator of its own or is not released."""
    asked = _measured(entry)
    if asked is None or asked.name not in report.answers:
        return None
    figure = report.figures[entry.code]
    now, before = (numbers.answer_in_table(each.get(asked.name)) for each in (report.answers, report.last_answers))
    return Level(asked.full_name, asked.unit, now, before, _change(figure, entry))


def of_county(report: CountyReport, entry: Indicator) -> Level | None:
    """The same for the county: its own standard, or the sum over the units with both years."""
    asked = _measured(entry)
    if asked is None:
        return None
    if entry.year_on_year == "level":
        return _standard(report, entry, asked)
    figure = report.figures[entry.code]
    if figure.rounded is None or figure.numerator is None or figure.denominator is None:
        return None
    about = marks.APPROXIMATE.sign if numbers.growth(figure) == "" else ""
    now = f"{about}{numbers.number(figure.denominator + figure.numerator)}"
    before = f"{about}{numbers.number(figure.denominator)}"
    name = f"{asked.full_name}（两年均有数据的单位合计）"
    return Level(name, asked.unit, now, before, numbers.growth(figure), unit_counts.covered(report, figure))


def _standard(report: CountyReport, entry: Indicator, asked: Variable) -> Level | None:
    """What the county itself reports, which holds for every unit."""
    own = report.own.get(entry.code)
    if own is None or asked.name not in report.answers:
        return None
    now, before = (numbers.answer_in_table(each.get(asked.name)) for each in (report.answers, report.last_answers))
    return Level(f"{asked.full_name}（县级本级）", asked.unit, now, before, _change(own, entry))


def _measured(entry: Indicator) -> Variable | None:
    """The one question whose growth it is, unless an indicator shows the question as it is."""
    if entry.kind != "growth" or len(entry.variables) != 1:
        return None
    shown = any(other.numerator == entry.numerator and other.kind != "growth" for other in _quantities(entry.domain))
    return None if shown else variables()[entry.variables[0]]


def _quantities(domain: str) -> tuple[Indicator, ...]:
    return tuple(entry for entry in of_domain(domain) if entry.denominator == 1)


def _change(figure: Figure, entry: Indicator) -> str:
    if entry.year_on_year == "level":
        return numbers.difference(figure.last_year) or figure.last_year.status.mark
    return numbers.growth(figure)
