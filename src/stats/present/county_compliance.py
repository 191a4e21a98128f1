"""How many towns meet each yes-or-no or compliance target, and which do not. Only counts and lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.numbers import standing
from stats.present import numbering
from stats.present.blocks import Block, Column, Group, Table
from stats.present.county_tables import names
from stats.present.titles import title

if TYPE_CHECKING:
    from stats.report import CountyReport

_HEADS = {
    "met": "达标",
    "unmet": "未达标",
    "hidden": "不公布",
    "unknown": "概数不能判定",
    "not_applicable": "不适用",
    "unanswered": "无数据",
}


def compliance_table(report: CountyReport, domain: str) -> Block:
    """How many towns comply, do not, or did not answer, for each yes-or-no or compliance indicator."""
    entries = [entry for entry in numbering.of_towns(report, domain) if numbering.is_yes_or_no(entry)]
    if not entries:
        return Group()
    return Table(
        number=numbering.table_number(report, f"{domain} compliance"),
        title=title(report, f"各单位{DOMAINS[domain]}达标情况"),
        columns=(
            Column("指标", "left", 2.6),
            *(Column(head, width=0.8) for head in _HEADS.values()),
            Column("未达标单位", "left", 3.0),
        ),
        rows=tuple(_row(report, entry) for entry in entries),
        unit="个",
        notes=_choices_notes(report, domain),
    )


def _row(report: CountyReport, entry: Indicator) -> tuple[str, ...]:
    states = {unit.code: unit_standing(report.towns[unit.code].get(entry.code), entry) for unit in report.units}
    counts = Counter(states.values())
    unmet = [unit for unit in report.units if states[unit.code] == "unmet"]
    return (entry.name, *(str(counts[name]) for name in _HEADS), names(unmet))


def unit_standing(figure: Figure | None, entry: Indicator) -> str:
    """met, unmet, hidden, unknown, not_applicable; unanswered where there is nothing to judge.

    Where the year has no target, doing all of it counts as meeting it. A hidden figure is met or unmet only where
    the edition tells its state.
    """
    if figure is None:
        return "unanswered"
    judged = standing(figure)
    if judged in ("met", "unmet", "hidden") or figure.status is Status.HIDDEN:
        return "hidden" if judged == "none" else judged
    if figure.status in (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR):
        return "not_applicable"
    if not figure.status.has_value:
        return "unanswered"
    if judged == "unknown" or figure.status is Status.APPROX:
        return "unknown"
    return "met" if figure.rounded == 100 else "unmet"


def _choices_notes(report: CountyReport, domain: str) -> tuple[str, ...]:
    """How many units gave which answer to the questions whose choices say more than yes or no."""
    return {
        "SYS": (_choice_note(report, "sys_duty_report", named="现场"),),
        "BLD": (_choice_note(report, "bld_dept_grade"),),
    }.get(domain, ())


def _choice_note(report: CountyReport, name: str, named: str = "") -> str:
    variable = variables()[name]
    given = {unit.code: report.town_answers.get(unit.code, {}).get(name) for unit in report.units}
    chosen = {code: answer.text for code, answer in given.items() if answer is not None and answer.status.has_value}
    counts = Counter(chosen.values())
    text = f"{variable.label}：{'、'.join(f'{choice}{counts[choice]}个' for choice in variable.choices)}"
    those = [unit for unit in report.units if chosen.get(unit.code) == named]
    return f"{text}；{named}的单位：{names(those)}" if named else text
