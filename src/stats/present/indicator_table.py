"""All indicators of a town in one table, by domain, with where it stands among the units. Formats nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.present import levels, notes, numbering
from stats.present.blocks import Block, CellLook, Column, Group, Strip, Table
from stats.present.strips import strip
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stats.report import Report

SIZE = 9.0
STRIP_HEAD = "●本单位\n◇全县▏目标"
_COLUMNS = (
    Column("指标", "left", 12.0),
    Column("单位", "center", 3.0),
    Column("本年", width=4.4),
    Column("同比", width=4.6),
    Column("全县\n（全市）", width=4.4),
    Column("目标", "center", 3.6),
    Column(STRIP_HEAD, "center", 7.0),
    Column("位次", "center", 6.2),
    Column("判定", "center", 2.4),
)
_STRIP, _STATE = 6, 8


def indicator_table(report: Report) -> Block:
    """Every indicator the edition shows of the town: 本年、同比、全县（全市）、目标, marks on a line, 位次、判定."""
    shown = [pair for domain in DOMAINS for pair in numbering.released(report, domain)]
    if not shown:
        return Group()
    rows: list[tuple[str, ...]] = []
    groups: list[int] = []
    strips: list[Strip] = []
    looks: list[CellLook] = []
    for domain in DOMAINS:
        pairs = numbering.released(report, domain)
        if pairs:
            groups.append(len(rows))
            rows.append((DOMAINS[domain], *[""] * (len(_COLUMNS) - 1)))
        for entry, figure in pairs:
            rows.extend(_level(report, entry))
            drawn = strip(report, entry, figure, len(rows), _STRIP)
            strips.extend([drawn] if drawn else [])
            looks.extend(_looks(figure, len(rows)))
            rows.append(_row(report, entry, figure))
    return Table(
        number=numbering.table_number(report, "indicators"),
        title=title(report, "党管武装工作指标"),
        columns=_COLUMNS,
        rows=tuple(rows),
        notes=(*notes.series_breaks(shown), *notes.exceeding(shown), *notes.unranked(shown)),
        groups=tuple(groups),
        strips=tuple(strips),
        looks=tuple(looks),
        two_line=True,
        size=SIZE,
    )


def _level(report: Report, entry: Indicator) -> Iterator[tuple[str, ...]]:
    """The row of what a growth indicator measures, above the growth."""
    level = levels.of_town(report, entry)
    if level is not None:
        yield (level.name, level.unit, level.now, level.change, "", "", "", "", "")


def _row(report: Report, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    whole = report.county_history.get(entry.code, {}).get(report.year)
    county, city = numbers.versus_county(figure, entry, whole), numbers.city(figure)
    return (
        entry.name,
        numbers.printed_unit(figure, entry),
        numbers.display(figure, entry),
        numbers.change(figure, entry),
        f"{county}\n（{city}）" if city else county,
        numbers.target(figure.target, entry),
        "",
        numbers.place(figure.rank),
        numbers.sign(figure),
    )


def _looks(figure: Figure, row: int) -> Iterator[CellLook]:
    if numbers.sign(figure) == numbers.SIGNS["unmet"]:
        yield CellLook(row, _STATE, "unmet")
