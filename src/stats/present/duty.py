"""附件7: a town's figures as its secretary reports them, each with its place in the town's document. Picks words."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from stats import documents
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.present import numbering
from stats.present.blocks import Block, Column, Table
from stats.present.sentences import DOMAINS_SAID, judgements
from stats.present.sentences.outline import clause
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import state
from stats.present.sentences.values import counted, known, plain_name
from stats.present.statements import COUNTED, DONE, DUTY, GAP, Statement
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stats.report import Report

SIZE = 9.0
MOST_MISSED = 5
NOT_SPOKEN = (
    "，因口径或区划调整，不与上年比较",
    "，上年未上报，不与上年比较",
    "，全市平均数据未提供",
    "，全市数据文件有误，未作比较",
)
NOTE = (
    f"右栏为出处，即{{source}}的表号；{GAP}为数据不能说明、由本单位填写的内容。本单只列本单位的汇总统计数，"
    f"因数值过小不公布的数不列，不得以其他资料反推；数据保护说明见{{source}}，算法见{documents.entry('definitions').number}"
)
_NONE_DUE = (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR, Status.HIDDEN)
Said = tuple[str, str]


def duty_table(report: Report) -> Block:
    """成绩（做法） in the order of such reports, then 不足, the largest gap first: a sentence and its place each."""
    of = Subject(report)
    done = [_row(of, statement) for statement in DUTY]
    missed = list(_missed(of))
    rows = [("成绩（做法）", ""), *(row for row in done if row[0]), ("不足", ""), *missed]
    source = documents.entry("town").number_at(report.place)
    return Table(
        number="",
        title=title(report, "党管武装述职参考"),
        columns=(
            Column("表述", "left", 15.0),
            Column(source, "center", 2.0),
        ),
        rows=(*rows, (f"原因和改进措施：{GAP}", "")),
        notes=(NOTE.format(source=source),),
        groups=(0, rows.index(("不足", ""))),
        size=SIZE,
    )


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

    >>> spoken("兵役登记率98.2%，因口径或区划调整，不与上年比较")
    '兵役登记率98.2%'
    """
    return reduce(lambda said, words: said.replace(words, ""), NOT_SPOKEN, text)


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
    found = judgements.missed(of)
    place = numbering.table_number(of.report, "indicators")
    for entry, _ in found[:MOST_MISSED]:
        yield f"{spoken(_words(of, entry.code)) or plain_name(entry)}。", place
    for name, (_, failed) in DONE.items():
        if of.text(name) == "否":
            yield f"{failed}。", numbering.table_number(of.report, "work")
    if len(found) > MOST_MISSED:
        yield f"另有{len(found) - MOST_MISSED}项未达标，见指标表判定栏为×的各项。", place
    if not found:
        states = judgements.tally(of)
        yield f"{judgements.none_unmet(states['hidden'], states['unknown'])}。", place
