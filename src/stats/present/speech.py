"""附件8: the county's figures as a leader quotes them, each with its place in the county's document. Picks words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from stats import documents, numbers
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import short_name
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.present import county_work, numbering
from stats.present.blocks import Block, Column, Group, Note, Table
from stats.present.duty import spoken
from stats.present.sentences import DOMAINS_SAID
from stats.present.sentences.outline import clause
from stats.present.sentences.subject import Subject
from stats.present.sentences.units import names
from stats.present.statements import COUNTED, DONE, NOT_HELD, SPEECH, Statement
from stats.present.titles import title

if TYPE_CHECKING:
    from stats.figures import Total
    from stats.report import CountyReport

Row = tuple[str, ...]
SIZE = 9.0
WAYS = {"现场": "作了现场述职", "书面": "作书面述职", "未述职": "未述职"}
_OF_UNITS = ("share_yes", "share_compliant", "degree_and_share")
_MATCHED = re.compile("（按两年均有数据的[0-9]+个单位(和县级本级)?计算）")


def speech_table(report: CountyReport) -> Block:
    """What speeches say, by topic: the sentence, the figures it rests on, the tables they stand in.

    What one sentence has said no other says again.
    """
    rows: list[Row] = []
    groups: list[int] = []
    said: set[str] = set()
    for topic, statements in SPEECH.items():
        told = [row for statement in statements if (row := _row(report, statement, said))]
        if told:
            groups.append(len(rows))
            rows += [(topic, "", ""), *told]
    if not rows:
        return Group()
    return Table(
        number="",
        title=title(report, "武装工作讲话引用数据"),
        columns=(
            Column("表述", "left", 14.0),
            Column("引用的指标", "left", 3.4),
            Column(documents.entry("county").number, "center", 1.7),
        ),
        rows=tuple(rows),
        notes=(_note(report),),
        groups=tuple(groups),
        size=SIZE,
    )


def _note(report: CountyReport) -> str:
    """What holds for every sentence, said once instead of in each."""
    sent, due = len(Subject(report).reported), len(report.units)
    short = f"已上报{sent}个单位（应报{due}个），合计为已上报单位合计；" if sent < due else ""
    source, definitions = (documents.entry(key).number for key in ("county", "definitions"))
    where = f"单位数见{source}；右栏为出处，即{source}的表号；算法见{definitions}"
    return f"{short}与上年相比的按两年均有数据的单位计算，{where}"


def not_held(report: CountyReport) -> Note:
    """What speeches say as well and no table of this edition holds."""
    untold = [each.about for each in _statements() if not any(_told(report, code) for code in each.answers)]
    hidden = f"本版不公布或缺数的：{'；'.join(untold)}。" if untold else ""
    return Note(f"讲话常用而统计表不收集、需另行核实的：{'；'.join(NOT_HELD)}。{hidden}")


def _statements() -> Iterator[Statement]:
    for statements in SPEECH.values():
        yield from statements


def _row(report: CountyReport, statement: Statement, said: set[str]) -> Row | None:
    told = [(code, text) for code in statement.answers if code not in said and (text := _told(report, code))]
    said.update(code for code, _ in told)
    if not told:
        return None
    figures = [text for code, _ in told if (text := _figure(report, code))]
    places = dict.fromkeys(_place(report, code) for code, _ in told)
    return ("；".join(text for _, text in told) + "。", "\n".join(figures), "、".join(places))


def _told(report: CountyReport, code: str) -> str:
    """The clause on an indicator or a question; empty where there is nothing to quote."""
    if code in indicators():
        return whole(report, code)
    if code == "sys_duty_report":
        return _reported_on_duty(report)
    total = report.totals.get(code)
    return "" if total is None or not total.status.has_value else _counted(report, code, total)


def whole(report: CountyReport, code: str) -> str:
    """The words on an indicator: of what units do or do not with how many did, of any other the county's figure."""
    entry, figure = indicators()[code], report.figures.get(code)
    if figure is None or not (figure.status.has_value or figure.status is Status.HIDDEN):
        return ""
    about = report if entry.aggregation in _OF_UNITS else replace(report, towns={})
    return _MATCHED.sub("", spoken(clause(Subject(about), DOMAINS_SAID[entry.domain].COUNTY, code)))


def _counted(report: CountyReport, code: str, total: Total) -> str:
    """A sum, with last year's where the same number of units stands behind it; of yes and no how many said yes."""
    if code in DONE:
        return f"{DONE[code][0]}的{_amount(code, total)}"
    last = report.last_totals.get(code)
    sent = len(Subject(report).reported) + (total.due > len(report.units))
    short = f"（按有数据的{total.units}个单位计算）" if total.units < sent else ""
    is_compared = last is not None and last.status.has_value and last.units == total.units
    before = f"，上年{_amount(code, last)}" if last is not None and is_compared else ""
    return COUNTED[code].replace("{}", _amount(code, total)) + short + before


def _amount(code: str, total: Total) -> str:
    unit = "个单位" if code in DONE else variables()[code].unit
    return county_work.amount(total, unit) + unit


def _reported_on_duty(report: CountyReport) -> str:
    """How many secretaries reported on duty in which way, and who did so in person or not at all."""
    said = [(unit.name, report.town_answers.get(unit.code, {}).get("sys_duty_report")) for unit in report.units]
    by_way = {way: [name for name, given in said if given is not None and given.text == way] for way in WAYS}
    return "，".join(
        f"{len(units)}个镇街党（工）委书记{WAYS[way]}{'' if way == '书面' else f'（{names(units)}）'}"
        for way, units in by_way.items()
        if units
    )


def _figure(report: CountyReport, code: str) -> str:
    """The indicator that the sentence quotes; a sum is told by the sentence itself."""
    if code not in indicators() or not report.figures[code].status.has_value:
        return ""
    return short_name(code, indicators()[code].name) + numbers.with_unit(report.figures[code], indicators()[code])


def _place(report: CountyReport, code: str) -> str:
    """The table of the county's document; of what no table of it holds the towns' documents."""
    if code not in indicators() and code not in report.totals:
        return documents.entry("town").number
    money = {*county_work.SOURCES, *county_work.USES}
    key = "indicators" if code in indicators() else "funds" if code in money else "work"
    return numbering.table_number(report, key)
