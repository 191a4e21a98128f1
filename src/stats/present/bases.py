"""The table of what the figures of a document rest on: what is divided by what. Chooses and formats nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.present import base_rows, numbering, unit_counts
from stats.present.blocks import Block, Column, Group, Table
from stats.present.leaving_out import without_mute_columns
from stats.present.tables import title

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

_COLUMNS = (
    Column("项目", "left", 4.0),
    Column("单位", "center", 1.0),
    Column("本年", width=1.3),
    Column("上年", width=1.3),
)
_UNITS = Column("有效/应报单位", "center", 1.4)


def of_town(report: Report) -> Block:
    """The whole-year answers behind a town's figures."""
    rows = base_rows.town_rows(report)
    return without_mute_columns(_table(report, rows, _COLUMNS), ("上年",)) if rows else Group()


def of_county(report: CountyReport) -> Block:
    """The sums behind the county's ratios."""
    rows = base_rows.county_rows(report)
    if not rows:
        return Group()
    note = "各数为分子、分母均有数据的单位的合计，同一项目在不同指标中单位不同的取单位最多的"
    made = _table(report, rows, (*_COLUMNS, _UNITS), note)
    return unit_counts.once(without_mute_columns(made, ("上年",)), _UNITS.head)


def _table(report: Report, rows: tuple[base_rows.Row, ...], columns: tuple[Column, ...], *notes: str) -> Table:
    number = numbering.table_number(report, "bases")
    return Table(number=number, title=title(report, "主要基数"), columns=columns, rows=rows, notes=notes)
