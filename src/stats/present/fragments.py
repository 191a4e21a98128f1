"""The clauses a sentence is made of, from finished comparisons. Computes nothing; every text stands in wording.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure
from stats.present import numbers

_COMPUTED_KINDS = ("ratio", "per_10k", "growth", "average")


@cache
def wording() -> Mapping[str, Any]:
    """The sentences and fragments of ``wording.yaml``."""
    text = files("stats.present").joinpath("wording.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def fragment(family: str, name: str, /, **values: str) -> str:
    """One fragment with its values filled in."""
    text: str = wording()["fragments"][family][name]
    return text.format(**values)


def reason(status: Status, *, computed: bool = False) -> str:
    """Why there is no number, in a sentence; ``computed`` for a ratio, which nobody reports as such."""
    if computed and status in (Status.MISSING, Status.NOT_REPORTED):
        return fragment("reason", "ratio_missing")
    if computed and status in (Status.REDACTED, Status.ERROR):
        return fragment("reason", f"ratio_{status}")
    if status is Status.ZERO_DENOMINATOR:
        return fragment("reason", "ratio_zero")
    if status in (Status.MISSING, Status.REDACTED):
        return fragment("reason", status.value)
    return numbers.answer_mark(status) or status.label


def is_computed(indicator: Indicator) -> bool:
    """Whether the figure is worked out from several answers rather than reported."""
    return indicator.kind in _COMPUTED_KINDS


def last_year(figure: Figure, indicator: Indicator, *, first_return: bool = False) -> str:
    """The 同比 clause; empty where there is nothing to compare. ``first_return``: the unit never reported before."""
    if indicator.kind == "growth":
        return _growth(figure, first_return=first_return)
    given = figure.last_year
    if not figure.status.has_value or given.status is Status.NOT_COMPARED:
        return ""
    if not given.status.has_value:
        return _no_last_year(given, first_return=first_return)
    return _changed(figure, indicator) + _caution(given)


def _no_last_year(given: Comparison, *, first_return: bool) -> str:
    if given.status is Status.SERIES_BREAK:
        return fragment("last_year", "series_break")
    if given.status is Status.HIDDEN:
        return fragment("last_year", "hidden")
    return fragment("last_year", "first" if first_return else "missing")


def _caution(given: Comparison) -> str:
    return fragment("last_year", "approximate") if given.status is Status.APPROX else ""


def _changed(figure: Figure, indicator: Indicator) -> str:
    given = figure.last_year
    if given.difference is None:
        return ""
    if indicator.is_yes_or_no and not numbers.is_county(figure):
        return fragment("last_year", {"up": "yes_from_no", "down": "no_from_yes"}.get(given.trend, "flat"))
    if given.trend == "about":
        return fragment("last_year", "about")
    distance = numbers.number(given.difference.copy_abs())
    if indicator.unit == "%":
        return fragment("last_year", _points(given, indicator), d=distance)
    return _counted(figure, given, distance, indicator.unit)


def _points(given: Comparison, indicator: Indicator) -> str:
    if given.trend == "up" and indicator.direction == "lower":
        return "up_points_neutral"
    return f"{given.trend}_points" if given.trend in ("up", "down") else "flat"


def _counted(figure: Figure, given: Comparison, distance: str, unit: str) -> str:
    """The change of a count or an amount, with zeros told apart."""
    if not given.reference:
        return fragment("last_year", "from_zero" if figure.rounded else "both_zero", d=distance, unit=unit)
    if not figure.rounded:
        return fragment("last_year", "to_zero", prev=numbers.number(given.reference), unit=unit)
    if given.trend not in ("up", "down"):
        return fragment("last_year", "flat")
    if given.percent is None:
        return fragment("last_year", given.trend, d=distance, unit=unit)
    if given.percent >= numbers.MANY_PERCENT and given.multiple is not None:
        return fragment("last_year", "up_many", d=distance, unit=unit, x=numbers.number(given.multiple))
    share = numbers.number(given.percent.copy_abs())
    return fragment("last_year", f"{given.trend}_percent", d=distance, unit=unit, p=share)


def _growth(figure: Figure, *, first_return: bool) -> str:
    """A growth indicator is its own comparison with last year."""
    if figure.status is Status.HIDDEN:
        return fragment("last_year", "hidden")
    if figure.status is Status.ZERO_DENOMINATOR:
        return fragment("growth", "zero_before")
    if figure.status is Status.NO_PREVIOUS and first_return:
        return fragment("growth", "first")
    if figure.rounded is None:
        return fragment("growth", "missing", reason=figure.status.label)
    caution = fragment("last_year", "approximate") if figure.status is Status.APPROX else ""
    if figure.rounded >= numbers.MANY_PERCENT and figure.multiple is not None:
        return fragment("growth", "up_many", x=numbers.number(figure.multiple)) + caution
    return fragment("growth", growth_direction(figure), p=numbers.number(figure.rounded.copy_abs())) + caution


def growth_direction(figure: Figure) -> str:
    """Which way a growth indicator points, by the sign of what is printed."""
    if figure.rounded is None:
        return "none"
    return "up" if figure.rounded > 0 else "down" if figure.rounded < 0 else "flat"


def direction(figure: Figure, indicator: Indicator, *, first_return: bool = False) -> str:
    """up, down or flat against last year; ``no_prev`` on a first return, ``none`` where it cannot be said."""
    if indicator.kind == "growth" and figure.status.has_value:
        return growth_direction(figure)
    if indicator.kind != "growth" and figure.status.has_value and figure.last_year.trend not in ("none", "about"):
        return figure.last_year.trend
    no_previous = Status.NO_PREVIOUS in (figure.status, figure.last_year.status)
    return "no_prev" if no_previous and first_return else "none"


def county(figure: Figure, indicator: Indicator) -> str:
    """The clause against the county: its average or median, or the share of its total; empty where not compared."""
    given = figure.county
    if not figure.status.has_value:
        return ""
    if given.status is Status.TOO_FEW_UNITS:
        return fragment("county", "too_few")
    if indicator.versus_county == "share":
        return "" if given.percent is None else fragment("county", "share", p=numbers.number(given.percent))
    if given.difference is None or not given.status.has_value:
        return ""
    median = "_median" if indicator.versus_county.startswith("median") else ""
    return _against("county", given, indicator, median)


def _against(family: str, given: Comparison, indicator: Indicator, median: str = "") -> str:
    if given.trend == "about":
        return fragment(family, f"about{median}")
    if given.difference is None or given.trend not in ("up", "down"):
        return fragment(family, f"equal{median}")
    side = "above" if given.trend == "up" else "below"
    points = "_points" if indicator.unit == "%" else ""
    distance = numbers.number(given.difference.copy_abs())
    return fragment(family, f"{side}{median}{points}", d=distance, unit=indicator.unit)


def city(figure: Figure, indicator: Indicator) -> str:
    """The clause against the city; says so where the city's figure was not provided."""
    if not figure.status.has_value or figure.city.status is Status.NOT_COMPARED:
        return ""
    if figure.city.status is Status.NOT_PROVIDED:
        return fragment("city", "none")
    return _against("city", figure.city, indicator) if figure.city.status.has_value else ""


def target(figure: Figure, indicator: Indicator) -> str:
    """The clause against the year's target: met, unmet (with the gap of a share), undecided, or none set."""
    given = figure.target
    if not figure.status.has_value or given.state == "not_applicable":
        return ""
    text = numbers.target_with_unit(given, indicator)
    if given.state == "unmet" and given.gap is not None and indicator.unit == "%":
        return fragment("target", "unmet_points", t=text, d=numbers.number(given.gap))
    if given.state == "unknown" and numbers.is_county(figure):
        return fragment("target", "unknown_county")
    return fragment("target", given.state, t=text)


def rank(figure: Figure) -> str:
    """The clause on the place among the county's units; empty where there is no value to rank."""
    given = figure.rank
    if not figure.status.has_value or given.reason in ("no_value", "hidden"):
        return ""
    if given.place is None:
        return fragment("rank", "small_base" if given.reason == "small_base" else "none")
    return fragment("rank", "tied" if given.tied else "ranked", n=str(given.of), r=str(given.place))


def reach(figure: Figure) -> str:
    """Which share of the units reach the target, where a county's figure is a median."""
    return "" if figure.share_met is None else fragment("target", "reach", p=numbers.number(figure.share_met))


def coverage(figure: Figure) -> str:
    """How many of the units due stand behind a county figure; empty where all do."""
    if figure.units >= figure.due:
        return ""
    return fragment("coverage", "some", n=str(figure.units), due=str(figure.due))


def gap(figure: Figure) -> str:
    """The bare distance to the target, empty where there is none."""
    return "" if figure.target.gap is None else numbers.number(figure.target.gap)


def whole(value: Decimal | None) -> str:
    """A bare number, empty where there is none."""
    return "" if value is None else numbers.number(value)
