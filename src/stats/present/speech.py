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
from stats.present.front_and_back_matter import made_by
from stats.present.sentences import DOMAINS_SAID
from stats.present.sentences.change import direction
from stats.present.sentences.outline import clause
from stats.present.sentences.subject import Subject
from stats.present.sentences.units import names
from stats.present.statements import COUNTED, DONE, NOT_HELD, PEERS, SPEECH, Statement
from stats.present.titles import title

if TYPE_CHECKING:
    from stats.figures import Total
    from stats.report import CountyReport

Row = tuple[str, ...]
SIZE = 9.0
_COMPARED = "REC-04"
_BESIDE = {"up": "高于", "flat": "持平于", "down": "低于"}
WAYS = {"现场": "作了现场述职", "书面": "作书面述职", "未述职": "未述职"}
_SHARES = ("share_yes", "share_compliant")
_OF_UNITS = (*_SHARES, "degree_and_share")
_COVERED = re.compile("（(?:按有数据的)?([0-9]+个单位(?:和县级本级)?)(?:计算)?）")
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
    source = documents.see(report.params, "county")
    return Table(
        number="",
        title=title(report, "武装工作讲话引用数据"),
        columns=(
            Column("表述", "left", 14.6),
            Column("引用的指标", "left", 3.6),
            *((Column(source, "center", 1.7),) if source else ()),
        ),
        rows=tuple(row if source else row[:-1] for row in rows),
        notes=(_note(report), *made_by(report)),
        groups=tuple(groups),
        size=SIZE,
    )


def _note(report: CountyReport) -> str:
    """What holds for every sentence, said once instead of in each."""
    sent, due = len(Subject(report).reported), len(report.units)
    short = f"已上报{sent}个单位（应报{due}个），合计为已上报单位合计；" if sent < due else ""
    where = ("county", "；右栏为{}的表号"), ("definitions", "；算法见{}")
    same = "括号内为有数据的单位数，与上年相比的按两年均有数据的单位计算"
    return f"{short}{same}{''.join(documents.see(report.params, *each) for each in where)}"


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
    places = sorted({_place(report, code) for code, _ in told}, key=lambda place: (len(place), place))
    more = (place.removeprefix("表") for place in places[1:])
    return (f"{'；'.join(_once([text for _, text in told]))}。", "\n".join(figures), "、".join((places[0], *more)))


def _once(clauses: list[str]) -> list[str]:
    """The clauses, saying how many units stand behind them in the first where it is so of all."""
    over = [found[0] if (found := _COVERED.search(text)) else "" for text in clauses]
    first, *others = clauses
    if not others or not over[0] or set(over) != {over[0]}:
        return clauses
    return [first.replace(over[0], f"{over[0][:-1]}，下同）"), *(text.replace(over[0], "") for text in others)]


def _told(report: CountyReport, code: str) -> str:
    """The clause on an indicator or a question; empty where there is nothing to quote."""
    if code in indicators():
        return whole(report, code)
    if code in _OWN_WORDS:
        return _OWN_WORDS[code](report)
    total = report.totals.get(code)
    return "" if total is None or not total.status.has_value else _counted(report, code, total)


def whole(report: CountyReport, code: str) -> str:
    """The words on an indicator: of what units do or do not with how many did, of any other the county's figure."""
    entry, figure = indicators()[code], report.figures.get(code)
    if figure is None or not (figure.status.has_value or figure.status is Status.HIDDEN):
        return ""
    return with_units(report if entry.aggregation in _OF_UNITS else replace(report, towns={}), code)


def with_units(report: CountyReport, code: str) -> str:
    """The words on an indicator with the units that missed its target; of a sum, that its change is 可比."""
    entry = indicators()[code]
    said = spoken(clause(Subject(report), DOMAINS_SAID[entry.domain].COUNTY, code))
    said = _MATCHED.sub("（可比）" if entry.unit != "%" else "", said).replace("已上报的", "")
    return _COVERED.sub(lambda found: f"（{found[1]}）", said)


def _counted(report: CountyReport, code: str, total: Total) -> str:
    """A sum, with last year's where the same number of units stands behind it; of yes and no how many said yes."""
    if code in DONE:
        return f"{DONE[code][0]}的有{_amount(code, total)}"
    last = report.last_totals.get(code)
    not_asked = max(0, len(report.units) - total.due)
    sent = len(Subject(report).reported) + (total.due > len(report.units)) - not_asked
    short = f"（{total.units}个单位）" if total.units < sent else ""
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


def _beside_peers(report: CountyReport) -> str:
    """Which peer counties it stands above and below in the share of graduates, the one that speeches compare."""
    figure, entry = report.figures.get(_COMPARED), indicators()[_COMPARED]
    by_way: dict[str, list[str]] = {way: [] for way in _BESIDE}
    for peer in figure.peers if figure is not None else ():
        by_way.get(direction(peer), []).append(peer.name)
    said = [f"{_BESIDE[way]}{'、'.join(peers)}" for way, peers in by_way.items() if peers]
    return f"与兄弟县相比，{entry.name}{'，'.join(said)}" if said else ""


_OWN_WORDS = {"sys_duty_report": _reported_on_duty, PEERS: _beside_peers}


def _figure(report: CountyReport, code: str) -> str:
    """The indicator that the sentence quotes, of what units do or do not m of n; a sum is told by the sentence."""
    if code not in indicators() or not (figure := report.figures[code]).status.has_value:
        return ""
    entry = indicators()[code]
    is_share = entry.aggregation in _SHARES and figure.decided
    told = f"{figure.met}/{figure.decided}" if is_share else numbers.with_unit(figure, entry)
    return short_name(code, entry.name) + told


def _place(report: CountyReport, code: str) -> str:
    """The table of the county's document; of what no table of it holds the towns' documents."""
    if code == PEERS:
        return numbering.table_number(report, "peers")
    if code not in indicators() and code not in report.totals:
        return documents.see(report.params, "town").partition("-")[0]
    money = {*county_work.SOURCES, *county_work.USES}
    key = "indicators" if code in indicators() else "funds" if code in money else "work"
    return numbering.table_number(report, key)
