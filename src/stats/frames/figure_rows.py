"""A figure as one row of a table: names, exact texts and whole numbers beside a float. Shows what the edition shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from stats import numbers
from stats.catalogue.indicator import Aggregation, Indicator, Kind
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure
from stats.params import Unit
from stats.report import CountyReport, Report, Session

Source = Report | Session
Row = Mapping[str, Any]

FIGURE_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("year",), "int64"),
    **dict.fromkeys(("unit_code", "unit_name", "domain", "indicator", "indicator_name"), "str"),
    **dict.fromkeys(("measure", "unit_of_measure", "status", "display", "value"), "str"),
    "number": "float64",
    **dict.fromkeys(("lower", "upper", "numerator", "denominator", "last_year", "yoy", "yoy_display"), "str"),
    **dict.fromkeys(("county", "vs_county", "city", "vs_city"), "str"),
    **dict.fromkeys(("rank", "ranked_units", "sharing"), "Int64"),
    **dict.fromkeys(("group", "target", "target_status"), "str"),
    **dict.fromkeys(("units_met", "units_answered", "comparable_units"), "Int64"),
}
RANK_COLUMNS: Mapping[str, str] = {
    name: FIGURE_COLUMNS[name].lower()
    for name in (
        *("year", "unit_code", "unit_name", "indicator", "indicator_name", "group", "rank", "ranked_units", "sharing"),
        *("unit_of_measure", "display", "value", "number"),
    )
}
_OF_COUNTY: Mapping[Aggregation, str] = {
    "sum_ratio": "汇总比率",
    "degree_and_share": "达标程度",
    "share_compliant": "达标单位占比",
    "share_yes": "达标单位占比",
    "median_and_share_compliant": "中位数",
    "uniform_or_median": "中位数",
    "county_own": "县级本级",
}
_OF_UNIT: Mapping[Kind, str] = {
    "compliance": "达标程度",
    "ratio": "比率",
    "yesno": "是否",
    "count": "数量",
    "per_10k": "人均",
    "growth": "增速",
    "rate_only": "上报比率",
    "average": "人均",
    "amount": "金额",
}


def figures(source: Source) -> Iterator[tuple[Unit, Figure]]:
    """What a source holds: unit by unit, indicators in printing order, the earlier year first."""
    if isinstance(source, Session):
        for unit in (source.params.county_unit, *source.params.units):
            yield from ((unit, figure) for by_year in source.history(unit.code).values() for figure in by_year.values())
        return
    yield from ((source.unit, figure) for by_year in source.history.values() for figure in by_year.values())
    if isinstance(source, CountyReport):
        yield from ((unit, figure) for unit in source.units for figure in source.towns[unit.code].values())


def figure_row(unit: Unit, figure: Figure, *, exact: bool) -> Row:
    """One row; numbers as printed, or with ``exact`` (the full edition) to 12 places and with what they are made of.

    Outside the full edition the numbers have the printed digits only and a printed range has none, since further digits
    of a ratio tell its numerator. The growth of a quantity has no ``yoy``.
    """
    indicator = indicators()[figure.indicator]
    of_county, has_value = unit.type == "县级本级", figure.status.has_value
    value = (figure.value if exact else numbers.printed(figure)) if has_value else None

    def made_of(part: Decimal | None) -> str:
        return plain(part) if exact and has_value else ""

    word = measure(figure, indicator, of_county=of_county)
    rank, last_year, counts = figure.rank, figure.last_year, of_county and has_value
    is_growth = indicator.kind == "growth"
    return {
        "year": figure.year,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "domain": indicator.domain,
        "indicator": figure.indicator,
        "indicator_name": indicator.name,
        "measure": word,
        "unit_of_measure": "" if word == _OF_UNIT["yesno"] else indicator.unit,
        "status": figure.status.value,
        "display": numbers.display(figure, indicator),
        "value": _digits(value, exact=exact),
        "number": math.nan if value is None else float(value),
        "lower": made_of(figure.low),
        "upper": made_of(figure.high),
        "numerator": made_of(figure.numerator),
        "denominator": made_of(figure.denominator),
        "last_year": "" if is_growth else _digits(last_year.reference, exact=exact),
        "yoy": "" if is_growth else _difference(last_year, exact=exact),
        "yoy_display": numbers.change(figure, indicator),
        "county": _digits(figure.county.reference, exact=exact),
        "vs_county": _difference(figure.county, exact=exact),
        "city": _digits(figure.city.reference, exact=exact),
        "vs_city": _difference(figure.city, exact=exact),
        "rank": rank.place,
        "ranked_units": rank.of if rank.place else None,
        "sharing": rank.sharing if rank.place else None,
        "group": rank.group,
        "target": f"{figure.target.operator}{plain(figure.target.value)}",
        "target_status": figure.target.state,
        "units_met": figure.met if counts and figure.decided else None,
        "units_answered": figure.units if counts else None,
        "comparable_units": last_year.matched or None if counts else None,
    }


def measure(figure: Figure, indicator: Indicator, *, of_county: bool) -> str:
    """What the row measures in one word: a unit's own figure, or how the county's is made of the units'.

    A sum over fewer units than are due is never 合计 alone. A unit's yes or no is told as 100 or 0.
    """
    if not of_county:
        return _OF_UNIT["yesno" if indicator.is_yes_or_no else indicator.kind]
    if indicator.aggregation in ("sum", "sum_and_median"):
        return "合计" if figure.units >= figure.due else "已上报单位合计"
    if indicator.aggregation == "sum_ratio" and indicator.kind == "growth":
        return "汇总增速"
    return _OF_COUNTY[indicator.aggregation]


def plain(value: Decimal | None) -> str:
    """A number as plain digits without superfluous zeros (never 1E+3), empty for none.

    >>> plain(Decimal("1E+3")), plain(Decimal("2.50")), plain(None)
    ('1000', '2.5', '')
    """
    if value is None:
        return ""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _digits(value: Decimal | None, *, exact: bool) -> str:
    """A number without superfluous zeros in the full edition, else with exactly the digits it is printed with."""
    return plain(value) if exact or value is None else f"{value:f}"


def _difference(given: Comparison, *, exact: bool) -> str:
    """What a comparison is about: to 12 places in the full edition, else as printed; empty for a range."""
    if exact or not given.status.has_value:
        return plain(given.exact)
    if given.status is Status.APPROX and given.low != given.high:
        return ""
    return _digits(given.difference if given.percent is None else given.percent, exact=exact)
