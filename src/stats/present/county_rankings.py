"""Towns in order by one indicator: a table each, and why an indicator has none. Only sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.params import Unit
from stats.present import notes, numbering, unit_counts
from stats.present.blocks import Block, Column, Group, Paragraph, Table
from stats.present.leaving_out import without_mute_columns
from stats.present.tables import title
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport

_UNRANKED = {"approx": "概数，不排位", "small_base": "基数较小，不排位", "size": "不在各组之内，不排位"}


def ranking_tables(report: CountyReport, domain: str) -> Group:
    """One table per ranked indicator, and per group where it is ranked in groups; a sentence on those without."""
    tables = tuple(_ranking_table(report, entry, group) for entry, group in numbering.rankings(report, domain))
    return Group((*tables, *_without(report, domain)))


def _without(report: CountyReport, domain: str) -> tuple[Block, ...]:
    """Why indicators of the domain that are ranked in principle have no table."""
    left = numbering.unranked(report, domain)
    of_size = [entry for entry in left if numbering.falls_with_size(report, entry)]
    too_few = [entry for entry in left if entry not in of_size]
    said = (
        (of_size, "随单位大小而变，不作全县排位，各单位数值见基本情况表"),
        (too_few, "可排位的单位不足两个，或都并列同一位次，不列位次表"),
    )
    return tuple(Paragraph(f"{notes.named(entries)}{words}。") for entries, words in said if entries)


def _ranking_table(report: CountyReport, entry: Indicator, group: str) -> Table:
    units = [unit for unit in report.units if not group or _group(report, unit, entry) == group]
    in_order = sorted(units, key=lambda unit: _sort_key(report.towns[unit.code].get(entry.code), unit))
    rows = tuple(_ranking_row(report, unit, entry) for unit in in_order)
    last = _county_row(report, report.figures[entry.code], entry)
    made = Table(
        number=numbering.table_number(report, f"{entry.domain} {entry.code}{group}"),
        title=title(report, f"各单位{entry.name}位次{f'（{group}）' if group else ''}"),
        columns=(
            Column("位次", "center", 0.8),
            Column("单位", "left", 2.0),
            Column(f"数值（{entry.unit}）", width=1.4),
            Column("同比", width=1.3),
            Column("与全县之差", width=1.3),
            Column("说明", "left", 2.4),
        ),
        rows=(*rows, last),
        strong=(len(rows),),
    )
    # a growth has no 同比, which needs no note
    return without_mute_columns(made, ("同比", "与全县之差"), {"同比": ""} if entry.kind == "growth" else {})


def _group(report: CountyReport, unit: Unit, entry: Indicator) -> str:
    figure = report.towns[unit.code].get(entry.code)
    return "" if figure is None else figure.rank.group


def _sort_key(figure: Figure | None, unit: Unit) -> tuple[bool, int, str]:
    place = None if figure is None else figure.rank.place
    return (place is None, place or 0, unit.code)


def _ranking_row(report: CountyReport, unit: Unit, entry: Indicator) -> tuple[str, ...]:
    figure = report.towns[unit.code].get(entry.code)
    if figure is None:
        return ("", unit.name, "", "", "", report.receipts.get(unit.code, Receipt.NOT_REPORTED).label)
    return (
        str(figure.rank.place) if figure.rank.place is not None else "",
        unit.name,
        numbers.display(figure, entry),
        numbers.change(figure, entry),
        numbers.difference(figure.county, numbers.UNCERTAIN),
        _remark(figure, entry),
    )


def _remark(figure: Figure, entry: Indicator) -> str:
    """Why a unit has no place, or whether its place is shared; and whether its target is met."""
    reached = numbers.state(figure)
    if figure.rank.place is None:
        why = notes.over_word(entry) if figure.rank.reason == "above_best" else _UNRANKED.get(figure.rank.reason, "")
        return "，".join(part for part in (why, reached) if part)
    return "，".join(part for part in ("并列" if figure.rank.tied else "", reached) if part)


def _county_row(report: CountyReport, figure: Figure, entry: Indicator) -> tuple[str, ...]:
    label = f"全县（{unit_counts.covered(report, figure)}）"
    return ("", label, numbers.display(figure, entry), numbers.change(figure, entry), "", numbers.state(figure))
