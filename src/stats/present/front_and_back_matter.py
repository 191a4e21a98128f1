"""What frames a document: cover, problems, quality of the return, legend, statement. Shows nothing an edition hides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stats import documents
from stats.catalogue import marks
from stats.catalogue.seasons import SEASON_NAMES
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.figures import Amendment
from stats.present import warnings
from stats.present.blocks import Cover, Group, Note
from stats.present.sentences.subject import is_county
from stats.present.sentences.values import label
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.params import Params
    from stats.quality import Quality, QualityReport
    from stats.report import Report, Session

BANNER = "演示数据（虚构）"
NOT_FOR_PRINT = "待核对，不得印发"
# What stands on every page of an edition that does not leave the house.
_KEPT_INSIDE = {"full": "内部留用，不得外传 · 全本"}
_LISTED = {
    "概数": Status.APPROX,
    "未填具体数": Status.REDACTED,
    "未填报": Status.MISSING,
    "填报有误": Status.ERROR,
}


def cover(report: Report, document: str = "") -> Cover:
    """The head of the document: number, title, unit, code, year, edition, marking, banner.

    ``document`` is its key in :mod:`stats.documents`, where it is not the main one of the town or the county.
    """
    entry = documents.entry(document or main_document(report))
    if entry.of == "set":
        return headed(report, entry.key)
    if report.receipt.is_withheld and entry.stands_in_itself:
        return headed(report, entry.key, "（待核对）")
    state = "（未上报）" if report.receipt is Receipt.NOT_REPORTED and not is_county(report) else ""
    notice = NOT_FOR_PRINT if report.receipt.is_withheld else ""
    return headed(report, entry.key, state, notice=notice)


def banner(params: Params, notice: str = "") -> str:
    """What stands on every page of a run: whether it is a demonstration, an edition kept inside, and a ``notice``."""
    marks = (BANNER if params.demonstration else "", _KEPT_INSIDE.get(params.edition, ""), notice)
    return "　".join(filter(None, marks))


def main_document(report: Report) -> str:
    """The document that a report is for where its notebook names none."""
    return "county" if is_county(report) else "town"


def headed(report: Report | QualityReport, document: str, state: str = "", *, notice: str = "") -> Cover:
    """The head of a document; ``state`` ends its title, ``notice`` stands on every page."""
    run, unit, entry = report.params, report.unit, documents.entry(document)
    edition = EDITIONS[run.edition].label
    lines = [("单位", unit.name), ("统计用区划代码", unit.code), ("统计年度", f"{run.year}年"), ("版本", edition)]
    # Of a document of counted pages unit and year stand in the title, the marking above it, the rest in a note.
    lines = [lines[1], lines[3]] if entry.is_short and not state else [*lines, ("标注", run.marking), *_made(run)]
    return Cover(
        attachment=entry.number_at(report.place),
        title=f"{unit.name}{run.year}年度{entry.heading}{state}",
        lines=tuple((head, text) for head, text in lines if text),
        marking=run.marking,
        banner=banner(run, notice),
        unit=unit.name,
        code=unit.code,
        year=run.year,
        edition=edition,
        pages=entry.pages,
    )


def _made(run: Params) -> tuple[tuple[str, str], ...]:
    until = chinese_date(run.data_until)
    return (("编制单位", run.prepared_by), ("数据截止日期", until), ("联系处", run.contact))


def made_by(report: Report) -> tuple[str, ...]:
    """The note in a document of counted pages on who made it, until when and who answers; none where it is not said."""
    said = "；".join(f"{head}：{text}" for head, text in _made(report.params) if text)
    return (said,) if said else ()


def quality(report: Report) -> Group:
    """How many answers were due, of what kind they are, which were not exact, what was corrected and what is open."""
    kinds = [f"{kind}：{text}" for kind, status in _LISTED.items() if (text := _labels(report, status))]
    corrected = "、".join(label(name) for name, given in report.answers.items() if given.corrected)
    kinds += [f"经核实更正：{corrected}"] if corrected else []
    hints = warnings.hints(report)
    told = (*map(_correction, report.corrections), *(f"待核对：{text}" for text in hints), *warnings.explained(report))
    said = (_counts(report.quality), f"{'；'.join(kinds)}。" if kinds else "", *told)
    return Group(tuple(Note(text) for text in said if text))


def _correction(made: Amendment) -> str:
    change = "原数和更正数按本版规则不列出"
    if made.old is not None and made.new is not None:
        change = f"原填“{made.old}”，更正为“{made.new}”" if made.old else f"原未填，更正为“{made.new}”"
    reason = f"；原因：{made.reason.rstrip('。')}" if made.reason else ""
    return f"更正：{_corrected(made)}：{change}{reason}（{made.role}，{chinese_date(made.date)}）。"


def _corrected(made: Amendment) -> str:
    """The question, with the season where it is asked by season."""
    season = SEASON_NAMES.get(made.period)
    return f"{label(made.variable)}（{season}）" if season else label(made.variable)


def chinese_date(text: str) -> str:
    """A date as papers write it; anything else as it is.

    >>> chinese_date("2022-01-10"), chinese_date("年初")
    ('2022年1月10日', '年初')
    """
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else text


def correction_cells(made: Amendment) -> tuple[str, str, str, str, str]:
    """A correction as the cells of a table: question, old, new, reason, who agreed and when."""
    told = ("不列出" if text is None else text for text in (made.old, made.new, made.reason))
    old, new, reason = told
    who = f"{made.role}，{chinese_date(made.date)}"
    return f"{_corrected(made)}", old or "未填", new, reason, who


def _counts(counted: Quality) -> str:
    """One line of what is not zero."""
    kinds = {
        "概数": counted.approx,
        "未填具体数": counted.redacted,
        "未填报": counted.missing,
        "填报有误": counted.error,
    }
    told = [f"{kind}{count}项" for kind, count in kinds.items() if count]
    exact = f"准确填报{counted.ok}项" if told else "均已准确填报"
    apart = f"（另有不适用{counted.not_applicable}项）" if counted.not_applicable else ""
    hidden = f"因数值过小不公布{counted.hidden}项。" if counted.hidden else ""
    return f"应填{counted.due}项{apart}，{'，'.join((exact, *told))}。{hidden}"


def _labels(report: Report, status: Status) -> str:
    return "、".join(label(name) for name, given in report.answers.items() if given.status is status)


def statement(report: Report | QualityReport | Session) -> Note:
    """What is not collected and what this edition hides, or holds not at all."""
    rules = EDITIONS[report.params.edition]
    holds_counts = any(rules.shows_answer(question) for question in variables().values() if is_small_cell(question))
    threshold = rules.threshold if holds_counts else 0
    return Note(marks.data_protection(hidden_below=threshold or None, open_only=rules.open_only))
