"""The tables of figures and of answers that go out beside the documents. Takes figures as released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal

from stats.batch.csv_text import to_csv
from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.params import Params, Unit
from stats.present.numbers import change, display
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
    ``value``, ``yoy`` and ``vs_county`` are plain decimals to 12 places, ``display`` and ``yoy_display`` are as
    printed.
    """
    units = (params.county_unit, *params.due(params.year))
    rows = (
        _indicator_row(unit, figures[unit.code][code], indicator)
        for unit in units
        for code, indicator in indicators.items()
        if code in figures.get(unit.code, {})
    )
    return to_csv(INDICATOR_COLUMNS, rows)


def _indicator_row(unit: Unit, figure: Figure, indicator: Indicator) -> dict[str, str]:
    return {
        "year": str(figure.year),
        "unit_code": unit.code,
        "unit_name": unit.name,
        "indicator": figure.indicator,
        "status": figure.status.value,
        "value": plain(figure.value if figure.status.has_value else None),
        "display": display(figure, indicator),
        "yoy": plain(figure.last_year.exact),
        "yoy_display": change(figure, indicator),
        "county": plain(figure.county.reference),
        "vs_county": plain(figure.county.exact),
        "rank": str(figure.rank.place or ""),
        "ranked_units": str(figure.rank.of) if figure.rank.place else "",
        "target": f"{figure.target.operator}{plain(figure.target.value)}",
        "target_status": figure.target.state,
    }


def cells_csv(cells: Iterable[Cell]) -> bytes:
    """``data/cells.csv``: every answer with its status and where it was written."""
    return to_csv(CELL_COLUMNS, _cell_rows(cells))


def _cell_rows(cells: Iterable[Cell]) -> Iterator[dict[str, str]]:
    for cell in cells:
        yield {name: str(getattr(cell, name)) for name in CELL_COLUMNS}
