"""All indicators of the county in one table, with the units that missed each target. Formats nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.present import coverage, levels, notes, numbering
from stats.present.blocks import Block, CellLook, Column, Group, Table
from stats.present.county_head import unmet_units
from stats.present.leaving_out import without_mute_columns
from stats.present.sentences.subject import Subject
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stats.report import CountyReport

SIZE = 9.0
_COLUMNS = (
    Column("指标", "left", 11.0),
    Column("单位", "center", 3.0),
    Column("本年", width=4.2),
    Column("上年", width=4.2),
    Column("同比", width=4.8),
    Column("全市", width=3.4),
    Column("目标", "center", 3.6),
    Column("判定", "center", 2.4),
    Column("达标/\n可判", "center", 3.2),
    Column("有效/\n应报", "center", 3.2),
    Column("未达标单位", "left", 10.0),
)
_STATE = 7


def indicator_table(report: CountyReport) -> Block:
    """Every indicator the edition shows of the county: 本年、上年、同比、全市、目标、判定, units that met it and did not."""
    shown = [pair for domain in DOMAINS for pair in numbering.released(report, domain)]
    if not shown:
        return Group()
    of = Subject(report)
    rows: list[tuple[str, ...]] = []
    groups: list[int] = []
    looks: list[CellLook] = []
    for domain in DOMAINS:
        pairs = numbering.released(report, domain)
        if pairs:
            groups.append(len(rows))
            rows.append((DOMAINS[domain], *[""] * (len(_COLUMNS) - 1)))
        for entry, figure in pairs:
            rows.extend(_level(report, entry))
            if numbers.sign(figure) == numbers.SIGNS["unmet"]:
                looks.append(CellLook(len(rows), _STATE, "unmet"))
            rows.append(_row(report, of, entry, figure))
    made = Table(
        number=numbering.table_number(report, "indicators"),
        title=title(report, "党管武装工作指标"),
        columns=_COLUMNS,
        rows=tuple(rows),
        notes=(*notes.series_breaks(shown), *notes.with_own(report, shown)),
        groups=tuple(groups),
        looks=tuple(looks),
        two_line=True,
        size=SIZE,
    )
    return without_mute_columns(made, ("全市",), {"全市": ""})


def _level(report: CountyReport, entry: Indicator) -> Iterator[tuple[str, ...]]:
    level = levels.of_county(report, entry)
    if level is not None:
        yield (level.name, level.unit, level.now, level.before, level.change, "", "", "", "", level.units, "")


def _row(report: CountyReport, of: Subject, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    is_partial_sum = entry.aggregation in ("sum", "sum_and_median") and figure.units < figure.due
    return (
        f"{entry.name}（已上报单位合计）" if is_partial_sum else entry.name,
        entry.unit,
        numbers.display(figure, entry),
        numbers.last_year(figure, entry),
        numbers.change(figure, entry),
        numbers.city(figure),
        numbers.target(figure.target, entry, one_unit=False),
        numbers.sign(figure),
        f"{figure.met}/{figure.decided}" if figure.decided else "",
        coverage.covered(report, figure),
        unmet_units(of, entry.code),
    )
