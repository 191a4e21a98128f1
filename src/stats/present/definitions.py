"""附件5: what every indicator is, in the reader's words: formula, direction, target, county, places. Only lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue import in_words
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.short_names import short_name
from stats.figures import Target
from stats.present import numbering
from stats.present.blocks import Column, Table
from stats.present.titles import title

if TYPE_CHECKING:
    from stats.report import CountyReport

_COLUMNS = (
    Column("指标（简称，单位）", "left", 12.0),
    Column("含义和算法", "left", 19.0),
    Column("目标和依据", "left", 7.4),
    Column("全县怎么算", "left", 7.4),
    Column("方向和排位", "left", 8.2),
)
_NOTES = (
    "比率以%计，为分子÷分母×100；人均和每万人口按年末常住人口计；是或否的项目，做到为100%",
    "汇总相除为各单位分子之和÷分母之和，不求各单位比率的平均数；分子、分母缺一项的单位不计入",
    "概数、基数不够的不排位；数值相同的并列；同比为与上年之差，比率为百分点",
)


def definitions_table(report: CountyReport) -> Table:
    """Every indicator that the edition shows, by domain."""
    rows: list[tuple[str, ...]] = []
    groups: list[int] = []
    for domain, name in DOMAINS.items():
        entries = [entry for entry, _ in numbering.released(report, domain)]
        if entries:
            groups.append(len(rows))
            rows += [(name, *[""] * (len(_COLUMNS) - 1)), *(_row(report, entry) for entry in entries)]
    return Table(
        number="",
        title=title(report, "党管武装工作指标解释和计算方法"),
        columns=_COLUMNS,
        rows=tuple(rows),
        notes=_NOTES,
        groups=tuple(groups),
        size=9.0,
    )


def _row(report: CountyReport, entry: Indicator) -> tuple[str, ...]:
    said = [in_words.formula(entry), in_words.REMARKS.get(entry.code, "")]
    return (
        f"{entry.name}（{short_name(entry.code, entry.name)}，{entry.unit}）",
        "；".join(part for part in said if part),
        _target(report, entry),
        in_words.COUNTY_FIGURES[entry.aggregation],
        f"{in_words.DIRECTIONS[entry.direction]}；{in_words.ranking(entry)}",
    )


def _target(report: CountyReport, entry: Indicator) -> str:
    given = report.params.targets.get(report.year, {}).get(entry.code)
    if given is None:
        return "未设"
    aim = numbers.target_with_unit(Target("none", given.operator, given.value), entry)
    return f"{aim}\n{in_words.BASES[given.basis]}"
