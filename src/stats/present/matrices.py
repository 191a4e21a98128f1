"""The county's two matrices: units by ranked indicators, and units by targets, who must act on what. Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.short_names import short_name
from stats.compare import is_leading
from stats.figures import Figure
from stats.params import Unit
from stats.present import numbering
from stats.present.blocks import Block, CellLook, Column, Group, Table
from stats.present.leaving_out import MOSTLY, without_mute_columns
from stats.present.titles import title
from stats.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stats.report import CountyReport

SIZE = 7.5
_UNIT = Column("单位", "left", 6.2)


def ranked_matrix(report: CountyReport) -> Block:
    """Every unit by every ranked indicator: value, × where the target is missed, place below, best third grey."""
    entries = _ranked(report)
    if not entries:
        return Group()
    county = ("全县", *(numbers.display(report.figures[e.code], e) for e in entries))
    rows = [county, *(_ranked_row(report, unit, entries) for unit in report.units)]
    looks = tuple(
        CellLook(row, column, "shaded")
        for row, unit in enumerate(report.units, start=1)
        for column, entry in enumerate(entries, start=1)
        if (figure := report.towns[unit.code].get(entry.code)) is not None and is_leading(figure.rank)
    )
    made = Table(
        number=numbering.table_number(report, "ranked"),
        title=title(report, "各单位位次指标一览（下行为位次）"),
        columns=(_UNIT, *(Column(_head(entry), "center", 3.6) for entry in entries)),
        rows=tuple(rows),
        notes=("灰底为位次在前三分之一且并列不过三分之一的；×为未达到目标；没有位次的不排位，原因见符号说明",),
        strong=(0,),
        landscape=True,
        looks=looks,
        two_line=True,
        size=SIZE,
    )
    return without_mute_columns(made, [column.head for column in made.columns[1:]], share=MOSTLY)


def _ranked(report: CountyReport) -> list[Indicator]:
    return [e for domain in DOMAINS for e in numbering.of_towns(report, domain) if numbering.is_ranked(e)]


def printed_in_ranked_matrix(report: CountyReport) -> dict[Indicator, bool]:
    """The ranked indicators, and of each whether the matrix has its column or leaves it out."""
    made = ranked_matrix(report)
    heads = {column.head for column in made.columns} if isinstance(made, Table) else set()
    return {entry: _head(entry) in heads for entry in _ranked(report)}


def _head(entry: Indicator) -> str:
    """A short name in two lines, the unit of measure below where it is not per cent."""
    name = short_name(entry.code, entry.name)
    broken = f"{name[:2]}\n{name[2:]}" if len(name) == 4 else name
    return broken


def _ranked_row(report: CountyReport, unit: Unit, entries: Sequence[Indicator]) -> tuple[str, ...]:
    figures = report.towns[unit.code]
    return (_name(report, unit), *(_ranked_cell(figures.get(entry.code), entry) for entry in entries))


def _ranked_cell(figure: Figure | None, entry: Indicator) -> str:
    if figure is None:
        return ""
    missed = numbers.SIGNS["unmet"] if numbers.sign(figure) == numbers.SIGNS["unmet"] else ""
    value = numbers.display(figure, entry) + missed
    return value if figure.rank.place is None else f"{value}\n{numbers.bare_place(figure.rank)}"


def _name(report: CountyReport, unit: Unit) -> str:
    return f"{unit.name}（{report.receipts[unit.code].label}）" if _is_lost(report, unit) else unit.name


def _is_lost(report: CountyReport, unit: Unit) -> bool:
    return report.receipts.get(unit.code) in (Receipt.REFUSED, Receipt.NOT_REPORTED)


def targets_matrix(report: CountyReport) -> Block:
    """Every unit by every target set for units: √ × 隐 ？, units with most × first, with totals both ways."""
    entries = [
        entry
        for domain in DOMAINS
        for entry in numbering.of_towns(report, domain)
        if any(_sign(report, unit, entry) for unit in report.units)
    ]
    if not entries:
        return Group()
    missed = numbers.SIGNS["unmet"]
    signs = {unit.code: [_sign(report, unit, entry) for entry in entries] for unit in report.units}
    in_order = sorted(report.units, key=lambda unit: (-signs[unit.code].count(missed), unit.code))
    rows = [(_name(report, unit), *signs[unit.code], str(signs[unit.code].count(missed))) for unit in in_order]
    by_target = [sum(signs[unit.code][place] == missed for unit in report.units) for place in range(len(entries))]
    looks = tuple(
        CellLook(row, column, "unmet")
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell == missed
    )
    made = Table(
        number=numbering.table_number(report, "targets"),
        title=title(report, "各单位达标情况一览"),
        columns=(_UNIT, *(Column(_head(entry), "center", 2.2) for entry in entries), Column("×数", width=2.0)),
        rows=(*rows, ("×数", *map(str, by_target), str(sum(by_target)))),
        notes=("√达标，×未达标，隐为因数值过小不公布，？为缺数或概数不能判定，空格为未设目标、不适用或无数据",),
        strong=(len(rows),),
        landscape=True,
        looks=looks,
        size=SIZE,
    )
    return without_mute_columns(made, [column.head for column in made.columns[1:-1]], share=MOSTLY)


def _sign(report: CountyReport, unit: Unit, entry: Indicator) -> str:
    """How a unit stands to a target; nothing of one that sent no usable return, whose name says so."""
    figure = report.towns[unit.code].get(entry.code)
    return "" if figure is None or _is_lost(report, unit) else numbers.sign(figure)
