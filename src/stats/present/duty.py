"""附件7: a town's figures as its secretary reports them, each with its place in the town's document. Picks words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from stats import documents
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Comparison, Rank
from stats.present import numbering
from stats.present.blocks import Block, Column, Table
from stats.present.front_and_back_matter import made_by, statement
from stats.present.sentences import DOMAINS_SAID, judgements
from stats.present.sentences.outline import clause
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import state
from stats.present.sentences.values import counted, known, plain_name, quoted
from stats.present.statements import COUNTED, DONE, DUTY, GAP, Statement
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stats.report import Report

SIZE = 9.0
MOST_MISSED = 4
_NAMED = 3
_NOT_SPOKEN = re.compile(
    "，(?:达到目标要求（100%）|因口径或区划调整，不与上年比较|上年[^，；。]*，不与上年比较|全市平均数据未提供|全市数据文件有误，未作比较)"
)
_SOURCE = "右栏为{}的表号，与全县、全市的比较、位次和数据保护说明见该附件；"
_NOTE = f"{GAP}由本单位填写；只列汇总统计数，因数值过小不公布的数不列，不得以其他资料反推"
_NONE_DUE = (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR, Status.HIDDEN)
Said = tuple[str, str]


def duty_table(report: Report) -> Block:
    """成绩（做法） in the order of such reports, then 不足, the largest gap first: a sentence and its place each."""
    of = Subject(_alone(report))
    done = [_row(of, statement) for statement in DUTY]
    missed = list(_missed(of))
    rows = [("成绩（做法）", ""), *(row for row in done if row[0]), ("不足", ""), *missed]
    source = documents.see(report.params, "town", place=report.place)
    columns = (Column("表述", "left", 18.0), *((Column(source, "center", 2.0),) if source else ()))
    protected = documents.see(report.params, "town", _SOURCE, report.place)
    return Table(
        number="",
        title=title(report, "党管武装述职参考"),
        columns=columns,
        rows=tuple(row[: len(columns)] for row in rows),
        notes=(protected + _NOTE, *(() if source else (statement(report).text,)), *made_by(report)),
        groups=(0, rows.index(("不足", ""))),
        size=SIZE,
    )


def _alone(report: Report) -> Report:
    """The report without county, city and places, which nobody reports of himself."""
    none = Comparison(Status.NOT_APPLICABLE, Status.NOT_APPLICABLE)
    figures = {code: replace(each, county=none, city=none, rank=Rank()) for code, each in report.figures.items()}
    return replace(report, figures=figures)


def _row(of: Subject, statement: Statement) -> Said:
    """What was done, in one sentence, and the tables it stands in; what was missed is told under 不足."""
    clauses = [(text, _table(of, code)) for code in statement.answers if (text := _clause(of, code))]
    said = [text for text, _ in clauses] + ([f"{statement.gap}：{GAP}"] if statement.gap else [])
    places = sorted({table for _, table in clauses if table})
    return (f"{'；'.join(said)}。" if clauses else "", "、".join(places))


def _clause(of: Subject, code: str) -> str:
    if code not in indicators():
        return _answer(of, code)
    figure = of.figure(code)
    if figure is None or state(figure) == "unmet" or (figure.status in _NONE_DUE and state(figure) != "met"):
        return ""
    if not figure.status.has_value and figure.status is not Status.HIDDEN:
        return f"{plain_name(indicators()[code])}{GAP}"
    return spoken(_words(of, code))


def _words(of: Subject, code: str) -> str:
    return clause(of, DOMAINS_SAID[indicators()[code].domain].TOWN, code)


def spoken(text: str) -> str:
    """A clause without what nobody reads out.

    >>> spoken("整组完成率100.0%，达到目标要求（100%），因口径或区划调整，不与上年比较")
    '整组完成率100.0%'
    """
    return _NOT_SPOKEN.sub("", text)


def _answer(of: Subject, name: str) -> str:
    """The answer to a question; a gap where it was not given, nothing where the edition does not tell it."""
    given = of.answer(name)
    if given is None or given.status in _NONE_DUE or of.is_zero(name):
        return ""
    if name in DONE:
        return DONE[name][0] if of.text(name) == "是" else ""
    return (
        counted(of, name, COUNTED[name]) if known(given) else COUNTED[name].replace("{}", GAP + variables()[name].unit)
    )


def _table(of: Subject, code: str) -> str:
    """The table of the town's document that holds the figure; none for a gap."""
    given = of.figure(code) or of.answer(code)
    if given is None or not (given.status.has_value or given.status is Status.HIDDEN):
        return ""
    return numbering.table_number(of.report, "indicators" if code in indicators() else "work")


def _missed(of: Subject) -> Iterator[Said]:
    """The largest gaps one by one, then what else was not done, in one row."""
    found = judgements.missed(of)
    indicator_place, work_place = (numbering.table_number(of.report, key) for key in ("indicators", "work"))
    for entry, _ in found[:MOST_MISSED]:
        yield f"{spoken(_words(of, entry.code)) or plain_name(entry)}。", indicator_place
    further = [quoted(entry) for entry, _ in found[MOST_MISSED:]]
    if further:
        more = f"等{len(further)}项" if len(further) > _NAMED else ""
        yield f"未达标的还有{'、'.join(further[:_NAMED])}{more}。", indicator_place
    if not found:
        states = judgements.tally(of)
        yield f"{judgements.none_unmet(states['hidden'], states['unknown'])}。", indicator_place
    failed = "；".join(words for name, (_, words) in DONE.items() if of.text(name) == "否")
    yield f"{failed}{'。' if failed else ''}原因和改进措施：{GAP}", work_place if failed else ""
