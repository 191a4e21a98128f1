"""Sentences from finished figures: fills the templates of wording.yaml. Computes nothing, invents no reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Answer, Figure
from stats.present import fragments, numbers

if TYPE_CHECKING:
    from stats.report import Report

_EMPTY_CLAUSE = re.compile(r"[，、]+(?=[，；。]|$)")
_EMPTY_START = re.compile(r"^[，、；]+")


class _NotReleasedError(Exception):
    """A template asked for something the edition does not release; no LookupError, which jinja2 would swallow."""


@dataclass(frozen=True, slots=True)
class Said:
    """A number or choice as a sentence says it, or the reason why there is none.

    >>> Said("85.0%", True).say("办结率为{}", "办结率"), Said("未填报", False).say("办结率为{}", "办结率")
    ('办结率为85.0%', '办结率未填报')
    """

    phrase: str
    known: bool
    text: str = ""

    def __str__(self) -> str:
        return self.phrase

    def __bool__(self) -> bool:
        return self.known

    def say(self, known: str, subject: str) -> str:
        """The clause with the number in place, or the subject followed by the reason."""
        filled = known.replace("{}", self.phrase).replace("{number}", self.text)
        return filled if self.known else subject + self.phrase


class _Released:
    """What a template looks up by name: only what was released can be seen."""

    def __init__(self, names: Mapping[str, object], look: Callable[[str], object]) -> None:
        self._names = names
        self._look = look

    def __getitem__(self, name: str) -> object:
        if name not in self._names:
            raise _NotReleasedError(name)
        return self._look(name)


def sentences(report: Report, domain: str) -> tuple[str, ...]:
    """The sentences of a domain for a town or for the county, without those the edition leaves no word of."""
    level = "county" if is_county(report) else "town"
    context = _context(report)
    rendered = (_sentence(parts, context) for parts in fragments.wording()[level][domain])
    return tuple(text for text in rendered if text)


def is_county(report: Report) -> bool:
    """Whether the report is the county's own."""
    return report.unit.type == "县级本级"


def is_first_return(report: Report) -> bool:
    """Whether the unit reported nothing in any earlier year that is known."""
    earlier = (figure for years in report.history.values() for year, figure in years.items() if year < report.year)
    return all(figure.status is Status.NOT_REPORTED for figure in earlier)


def _sentence(parts: list[str], context: Mapping[str, object]) -> str:
    """One sentence of the parts that can be said; empty where none can."""
    said = (tidy(text) for part in parts if (text := _part(part, context)))
    joined = "；".join(text for text in said if text)
    return f"{joined}。" if joined else ""


def _part(template: str, context: Mapping[str, object]) -> str:
    try:
        return _template(template).render(context)
    except _NotReleasedError:
        return ""


def tidy(text: str) -> str:
    """The text without the commas of clauses that turned out empty.

    >>> tidy("办结率90.0%，，高于全县平均水平1.0个百分点，")
    '办结率90.0%，高于全县平均水平1.0个百分点'
    """
    return _EMPTY_START.sub("", _EMPTY_CLAUSE.sub("", text.strip()))


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(autoescape=False, undefined=StrictUndefined)
    environment.globals.update(branch=_branch)
    return environment


@cache
def _template(text: str) -> Template:
    return _environment().from_string(text)


def _branch(state: str, met: str, unmet: str, unknown: str, na: str = "不适用") -> str:
    return {"met": met, "unmet": unmet, "na": na}.get(state, unknown)


def _context(report: Report) -> dict[str, object]:
    """Everything a template may name."""
    catalogue = indicators()
    first = is_first_return(report)

    def by_code(figures: Mapping[str, Figure], look: Callable[[Figure, Indicator], object]) -> _Released:
        return _Released(figures, lambda code: look(figures[code], catalogue[code]))

    own = report.figures
    whole = {code: years[report.year] for code, years in report.county_history.items() if report.year in years}
    return {
        "unit": report.unit.name,
        "x": _Released(report.answers, lambda name: said_answer(report.answers[name], variables()[name].unit)),
        "has": lambda name: name in report.answers,
        "v": by_code(own, said_figure),
        "y": by_code(own, lambda f, i: fragments.last_year(f, i, first_return=first)),
        "c": by_code(own, fragments.county),
        "cm": by_code(own, fragments.county),
        "m": by_code(own, fragments.city),
        "t": by_code(own, fragments.target),
        "k": by_code(own, lambda f, _: fragments.rank(f)),
        "s": by_code(own, state),
        "d": by_code(own, lambda f, i: fragments.direction(f, i, first_return=first)),
        "a": by_code(own, lambda f, _: f.status is Status.APPROX),
        "z": by_code(own, lambda f, _: fragments.whole(f.numerator)),
        "g": by_code(own, lambda f, _: fragments.gap(f)),
        "over": by_code(own, lambda f, _: fragments.fragment("coverage", "over") if f.exceeds_whole else ""),
        "cov": by_code(own, lambda f, _: fragments.coverage(f)),
        "reach": by_code(own, lambda f, _: fragments.reach(f)),
        "w": by_code(whole, said_figure),
        "ws": by_code(whole, state),
        "wg": by_code(whole, lambda f, _: fragments.gap(f)),
        "wt": by_code(whole, fragments.target),
    }


def said_figure(figure: Figure, indicator: Indicator) -> Said:
    """A figure with its unit; a hidden one as its mark, one without a value as the reason."""
    if figure.status is Status.HIDDEN:
        return Said(figure.status.mark, known=True, text=figure.status.mark)
    if not figure.status.has_value:
        return Said(fragments.reason(figure.status, computed=fragments.is_computed(indicator)), known=False)
    return Said(numbers.with_unit(figure, indicator), known=True, text=_bare(figure, indicator))


def said_answer(given: Answer, unit: str) -> Said:
    """An answer with its unit; a hidden one as its mark, one without a value as the reason."""
    if given.status is Status.HIDDEN:
        return Said(given.status.mark, known=True, text=given.status.mark)
    if not given.status.has_value:
        return Said(fragments.reason(given.status), known=False)
    return Said(numbers.answer(given, unit), known=True, text=given.text)


def state(figure: Figure, indicator: Indicator) -> str:
    """met, unmet, na, hidden or unknown: by the year's target or, where none is set, by whether all is done."""
    if figure.status in (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR):
        return "na"
    if not figure.status.has_value:
        return "hidden" if figure.status is Status.HIDDEN else "unknown"
    if figure.target.state in ("met", "unmet", "unknown"):
        return figure.target.state
    if figure.status is not Status.OK or indicator.kind not in ("yesno", "compliance"):
        return "unknown"
    return "met" if figure.rounded == 100 else "unmet"


def _bare(figure: Figure, indicator: Indicator) -> str:
    return numbers.with_unit(figure, indicator).removesuffix(indicator.unit)
