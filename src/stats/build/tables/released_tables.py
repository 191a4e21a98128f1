"""The tables of figures and of answers that go out beside the documents. Takes figures as released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal

from stats.build.tables.csv_text import guarded, to_csv
from stats.build.tables.measure import measure
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure
from stats.params import Params, Unit
from stats.present.numbers import change, display, printed
from stats.present.numbers import plain as ascii_minus
from stats.returns import Cell

INDICATOR_COLUMNS = (
    "year",
    "unit_code",
    "unit_name",
    "indicator",
    "status",
    "value",
    "display",
    "yoy",
    "yoy_display",
    "county",
    "vs_county",
    "rank",
    "ranked_units",
    "target",
    "target_status",
    "indicator_name",
    "measure",
    "units_met",
    "units_answered",
    "comparable_units",
)
CELL_COLUMNS = tuple(field.name for field in fields(Cell))


def plain(value: Decimal | None) -> str:
    """A number as plain digits without superfluous zeros (never 1E+3), empty for none.

    >>> plain(Decimal("1E+3")), plain(Decimal("2.50")), plain(None)
    ('1000', '2.5', '')
    """
    if value is None:
        return ""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def indicators_csv(
    params: Params, figures: Mapping[str, Mapping[str, Figure]], indicators: Mapping[str, Indicator]
) -> bytes:
    """``data/indicators.csv``: the county first, then the units in code order; indicators in printing order.

    ``figures`` are those released for the edition, by unit code and indicator; what is absent has no row.
    ``display`` and ``yoy_display`` are as printed, with an ASCII minus sign. ``value``, ``yoy`` and ``vs_county`` are
    plain decimals: in the full edition to 12 places, else with the printed digits only (empty where a range is
    printed), since further digits of a ratio tell its numerator. The growth of a quantity has no ``yoy``.
    """
    units, exact = (params.county_unit, *params.due(params.year)), params.edition == "full"
    rows = (
        _indicator_row(unit, figures[unit.code][code], indicator, exact=exact)
        for unit in units
        for code, indicator in indicators.items()
        if code in figures.get(unit.code, {})
    )
    return to_csv(INDICATOR_COLUMNS, rows)


def _indicator_row(unit: Unit, figure: Figure, indicator: Indicator, *, exact: bool) -> dict[str, str]:
    value = (figure.value if exact else printed(figure)) if figure.status.has_value else None
    return {
        "year": str(figure.year),
        "unit_code": unit.code,
        "unit_name": unit.name,
        "indicator": figure.indicator,
        "status": figure.status.value,
        "value": _digits(value, exact=exact),
        "display": _text(display(figure, indicator)),
        "yoy": "" if indicator.kind == "growth" else _difference(figure.last_year, exact=exact),
        "yoy_display": _text(change(figure, indicator)),
        "county": _digits(figure.county.reference, exact=exact),
        "vs_county": _difference(figure.county, exact=exact),
        "rank": str(figure.rank.place or ""),
        "ranked_units": str(figure.rank.of) if figure.rank.place else "",
        "target": f"{figure.target.operator}{plain(figure.target.value)}",
        "target_status": figure.target.state,
        "indicator_name": indicator.name,
        **_measured(unit, figure, indicator),
    }


def _measured(unit: Unit, figure: Figure, indicator: Indicator) -> dict[str, str]:
    """What the row is and, of the county's, how many units stand behind it; empty where that means nothing."""
    of_county = unit.type == "县级本级"
    counts = of_county and figure.status.has_value
    return {
        "measure": measure(figure, indicator, of_county=of_county),
        "units_met": str(figure.met) if counts and figure.decided else "",
        "units_answered": str(figure.units) if counts else "",
        "comparable_units": str(figure.last_year.matched) if counts and figure.last_year.matched else "",
    }


def _text(printed_text: str) -> str:
    """A printed text with an ASCII minus, so that a number is one; a text that would then look like a formula as it is.

    >>> _text("−3.4"), _text("−2434～−2335")
    ('-3.4', '−2434～−2335')
    """
    text = ascii_minus(printed_text)
    return text if guarded(text) == text else printed_text


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


def cells_csv(cells: Iterable[Cell]) -> bytes:
    """``data/cells.csv``: every answer with its status and where it was written."""
    return to_csv(CELL_COLUMNS, _cell_rows(cells))


def _cell_rows(cells: Iterable[Cell]) -> Iterator[dict[str, str]]:
    for cell in cells:
        yield {name: str(getattr(cell, name)) for name in CELL_COLUMNS}
