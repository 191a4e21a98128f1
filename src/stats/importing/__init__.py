"""A county's own summary table to the flat table that is read every year. Takes nothing that no person confirmed."""

from __future__ import annotations

from stats.importing.flat import Taken, refuse, take, told
from stats.importing.mapping import ColumnTaken, Mapping, SheetTaken, from_text, to_text
from stats.importing.proposing import propose, years_in
from stats.importing.sheet import SummarySheet, summary_sheets

__all__ = [
    "ColumnTaken",
    "Mapping",
    "SheetTaken",
    "SummarySheet",
    "Taken",
    "from_text",
    "propose",
    "refuse",
    "summary_sheets",
    "take",
    "to_text",
    "told",
    "years_in",
]
