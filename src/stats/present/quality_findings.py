"""The tables of the data-quality report on findings and on changes of definition. Only counts and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import forms
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import SEASON_NAMES, seasons
from stats.catalogue.variables import Variable
from stats.disclosure.texts import kind, listable
from stats.findings import Finding, Severity
from stats.params.models import Break
from stats.present.blocks import Block, Column, Group, Paragraph, Table
from stats.present.quality_tables import breaks_shown, number, rules_shown

if TYPE_CHECKING:
    from stats.quality import QualityReport


def rules(report: QualityReport) -> Block:
    """Which rules found something, how often and in how many units; the notes are left out."""
    if not rules_shown(report):
        return Group()
    listed = listable(report.findings, report.params.edition)
    given = [finding for finding in listed if finding.severity is not Severity.NOTE]
    order = list(Severity)
    keys = sorted({(order.index(f.severity), f.rule) for f in given})
    return Table(
        number=number(report, "rules"),
        title=f"{report.year}年{report.unit.name}问题的种类（含已作说明的提示）",
        columns=(
            Column("级别", "center", 0.8),
            Column("内容", "left", 5.0),
            Column("条数", width=0.8),
            Column("单位数", width=0.9),
        ),
        rows=tuple(_rule_row(given, order[place], rule) for place, rule in keys),
        size=9.0,
    )


def _rule_row(given: list[Finding], severity: Severity, rule: str) -> tuple[str, ...]:
    those = [finding for finding in given if (finding.severity, finding.rule) == (severity, rule)]
    return (severity.label, kind(rule), str(len(those)), str(len({finding.unit for finding in those})))


def definitions(report: QualityReport) -> Group:
    """What is not comparable with last year: declared breaks, the seasons, the form."""
    made = [item for item in report.params.breaks if item.year == report.year]
    first = _breaks_table(report, made) if breaks_shown(report) else Paragraph("本年度没有登记口径或区划调整。")
    return Group((first, Paragraph(_seasons(report.year)), *map(Paragraph, _form(report.year))))


def _breaks_table(report: QualityReport, made: list[Break]) -> Table:
    names = {unit.code: unit.name for unit in report.params.units}
    rows = tuple(
        (
            "、".join(indicators()[code].name if code in indicators() else code for code in item.indicators)
            or "全部指标",
            "、".join(names[code] for code in item.units) or "全部单位",
            item.reason,
        )
        for item in made
    )
    return Table(
        number=number(report, "breaks"),
        title=f"{report.year}年{report.unit.name}口径或区划调整",
        columns=(Column("指标", "left", 2.4), Column("单位", "left", 1.6), Column("原因", "left", 4.0)),
        rows=rows,
        notes=("所列指标本年不作同比",),
        source="县级参数",
    )


def _seasons(year: int) -> str:
    """Which periods the season questions were asked for, in both years."""
    return "；".join(f"{each}年{_periods(each)}" for each in (year - 1, year)) + "。"


def _periods(year: int) -> str:
    spans = [season for season in seasons() if season.covers(year)]
    due = [SEASON_NAMES.get(s.period, "全年") for s in spans if s.state == "due"]
    closed = [f"{SEASON_NAMES.get(s.period, '全年')}不适用（{s.reason}）" for s in spans if s.state != "due"]
    return "，".join([f"分季项目填报{'、'.join(due)}", *closed])


def _form(year: int) -> tuple[str, ...]:
    """What changed in the form since last year, a sentence for each kind of change."""
    change = forms.changes(year - 1, year)
    told = (
        ("新增的项目", change.added),
        ("取消的项目", change.dropped),
        ("改变报告期的项目", change.moved),
    )
    texts = tuple(f"报表与上年相比，{what}{len(asked)}项：{_listed(asked)}。" for what, asked in told if asked)
    return texts or ("报表的项目与上年相同。",)


def _listed(asked: tuple[Variable, ...]) -> str:
    return "、".join(variable.full_name for variable in asked)
