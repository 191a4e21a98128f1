"""The tables of figures and of answers that go out beside the documents. Takes figures as released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields

from stats.build.tables.csv_text import guarded, to_csv
from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.frames.figure_rows import Row, figure_row
from stats.numbers import plain as ascii_minus
from stats.params import Params
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


def indicators_csv(params: Params, figures: Mapping[str, Mapping[str, Figure]]) -> bytes:
    """``data/indicators.csv``: the county first, then the units in code order; indicators in printing order.

    ``figures`` are those released for the edition, by unit code and indicator; what is absent has no row.
    ``display`` and ``yoy_display`` are as printed, with an ASCII minus sign; the rest as in :mod:`stats.frames`.
    """
    units, exact = (params.county_unit, *params.due(params.year)), params.edition == "full"
    rows = (
        _csv_row(figure_row(unit, figures[unit.code][code], exact=exact))
        for unit in units
        for code in indicators()
        if code in figures.get(unit.code, {})
    )
    return to_csv(INDICATOR_COLUMNS, rows)


def _csv_row(row: Row) -> Row:
    unit = row["unit_of_measure"]
    return {
        **row,
        "display": _text(row["display"]),
        "yoy_display": _text(row["yoy_display"]),
        "measure": f"{row['measure']}（{unit}）" if unit else row["measure"],
    }


def _text(printed_text: str) -> str:
    """A printed text with an ASCII minus, so that a number is one; a text that would then look like a formula as it is.

    >>> _text("−3.4"), _text("−2434～−2335")
    ('-3.4', '−2434～−2335')
    """
    text = ascii_minus(printed_text)
    return text if guarded(text) == text else printed_text


def cells_csv(cells: Iterable[Cell]) -> bytes:
    """``data/cells.csv``: every answer with its status and where it was written."""
    return to_csv(CELL_COLUMNS, map(asdict, cells))
