"""What frames a document: cover, problems, quality of the return, legend, statement. Shows nothing an edition hides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stats import documents, numbers
from stats.catalogue import marks
from stats.catalogue.indicator import Indicator
from stats.catalogue.seasons import SEASON_NAMES
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.figures import Amendment, Figure
from stats.present import numbering, warnings
from stats.present.blocks import Column, Cover, Group, Note, Paragraph, Table
from stats.present.sentences import judgements
from stats.present.sentences.subject import Subject, is_county
from stats.present.sentences.values import label
from stats.present.tables import title
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.quality import Quality, QualityReport
    from stats.report import CountyReport, Report

BANNER = "演示数据（虚构）"
NOT_FOR_PRINT = "待核对，不得印发"
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
    state = "（未上报）" if report.receipt is Receipt.NOT_REPORTED and not is_county(report) else ""
    notice = NOT_FOR_PRINT if report.receipt.is_withheld else ""
    return headed(report, document or main_document(report), state, notice=notice)


def main_document(report: Report) -> str:
    """The document that a report is for where its notebook names none."""
    return "county" if is_county(report) else "town"


def headed(report: Report | QualityReport, document: str, state: str = "", *, notice: str = "") -> Cover:
    """The head of a document; ``state`` ends its title, ``notice`` stands on every page."""
    run, unit, entry = report.params, report.unit, documents.entry(document)
    edition = EDITIONS[run.edition].label
    lines = [("单位", unit.name), ("统计用区划代码", unit.code), ("统计年度", f"{run.year}年"), ("版本", edition)]
    return Cover(
        attachment=entry.number_at(report.place),
        title=f"{unit.name}{run.year}年度{entry.heading}{state}",
        lines=(*lines, *((("标注", run.marking),) if run.marking else ())),
        marking=run.marking,
        banner="　".join(filter(None, (BANNER if run.demonstration else "", notice))),
        unit=unit.name,
        year=run.year,
        edition=edition,
    )


def problems(report: Report) -> Group:
    """The targets that were missed, and the open hints with what to do about them."""
    missed = numbering.unmet(report)
    first = _unmet_table(report, missed) if missed else Paragraph(_none_unmet(report))
    texts = warnings.hints(report) or (warnings.nothing(report),)
    return Group((first, *_numbered(texts), *_answered(warnings.explained(report))))


def _none_unmet(report: Report) -> str:
    states = judgements.tally(Subject(report))
    return f"本年度{judgements.none_unmet(states['hidden'], states['unknown'])}。"


def _numbered(texts: tuple[str, ...]) -> tuple[Paragraph, ...]:
    if len(texts) == 1:
        return (Paragraph(texts[0]),)
    return tuple(Paragraph(f"{nth}. {text}") for nth, text in enumerate(texts, start=1))


def _answered(texts: tuple[str, ...]) -> tuple[Paragraph, ...]:
    return (Paragraph(f"已作说明的提示{len(texts)}条："), *_numbered(texts)) if texts else ()


def _unmet_table(report: Report, missed: tuple[tuple[Indicator, Figure], ...]) -> Table:
    rows = tuple(_unmet_row(report, entry, figure) for entry, figure in missed)
    return Table(
        number=numbering.table_number(report, "problems"),
        title=title(report, "未达标指标"),
        columns=(
            Column("指标", "left", 3.4),
            Column("单位", "center"),
            Column("本年", width=1.2),
            Column("目标", "center", 1.2),
            Column("相差", width=1.2),
        ),
        rows=rows,
    )


def _unmet_row(report: Report, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    one_unit = not is_county(report)
    aim = numbers.target(figure.target, entry, one_unit=one_unit)
    return (entry.name, numbers.printed_unit(figure, entry), numbers.display(figure, entry), aim, _gap(entry, figure))


def _gap(entry: Indicator, figure: Figure) -> str:
    """How far the target is missed; of a hidden figure its mark, and yes or no have no distance."""
    if not figure.status.has_value:
        return figure.status.mark
    if figure.target.gap is None or numbers.says_yes_or_no(figure, entry):
        return marks.NOT_APPLICABLE.sign
    return numbers.number(figure.target.gap)


def quality(report: Report) -> Group:
    """How many answers were due and of what kind they are, and which were approximate, masked, missing or wrong."""
    rows = tuple((kind, text) for kind, status in _LISTED.items() if (text := _labels(report, status)))
    corrected = "、".join(label(name) for name, given in report.answers.items() if given.corrected)
    rows = (*rows, *((("经核实更正", corrected),) if corrected else ()))
    counted = Paragraph(_counts(report.quality))
    tables = (_quality_table(report, rows),) if rows else ()
    return Group((counted, *tables, *_corrections(report.corrections)))


def _corrections(made: tuple[Amendment, ...]) -> tuple[Paragraph, ...]:
    """What was corrected, why, by whom and when."""
    if not made:
        return ()
    return (Paragraph(f"经核实更正{len(made)}处："), *_numbered(tuple(map(_correction, made))))


def _correction(made: Amendment) -> str:
    change = "原数和更正数按本版规则不列出"
    if made.old is not None and made.new is not None:
        change = f"原填“{made.old}”，更正为“{made.new}”" if made.old else f"原未填，更正为“{made.new}”"
    reason = f"；原因：{made.reason.rstrip('。')}" if made.reason else ""
    return f"{_corrected(made)}：{change}{reason}（{made.role}，{chinese_date(made.date)}）。"


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


def _quality_table(report: Report, rows: tuple[tuple[str, str], ...]) -> Table:
    return Table(
        number=numbering.table_number(report, "quality"),
        title=title(report, "填报质量情况"),
        columns=(Column("类别", "left", 1.2), Column("项目", "left", 6.0)),
        rows=rows,
        notes=("按全年口径和本版公布范围列出",),
    )


def county_quality(report: CountyReport) -> Table:
    """Every unit's answers by kind, in code order."""
    heads = ("应答", "准确", "概数", "未填具体数", "未填报", "有误", "不适用", "不公布")
    lost = report.units_with(Receipt.REFUSED, Receipt.NOT_REPORTED)
    return Table(
        number=numbering.table_number(report, "quality"),
        title=title(report, "各单位填报质量情况"),
        columns=(Column("单位", "left", 2.0), *(Column(head, width=0.9) for head in heads)),
        rows=tuple(
            (
                unit.name,
                *(
                    (report.receipts[unit.code].label, *[""] * 7)
                    if unit in lost
                    else _quality_cells(report.qualities[unit.code])
                ),
            )
            for unit in report.units
        ),
        unit="项",
        notes=("按报告期计，应答不含不适用",),
    )


def _quality_cells(counted: Quality) -> tuple[str, ...]:
    kinds = (counted.due, counted.ok, counted.approx, counted.redacted, counted.missing, counted.error)
    return tuple(str(count) for count in (*kinds, counted.not_applicable, counted.hidden))


def statement(report: Report | QualityReport) -> Note:
    """What is not collected and what this edition hides, or holds not at all."""
    rules = EDITIONS[report.params.edition]
    holds_counts = any(rules.shows_answer(question) for question in variables().values() if is_small_cell(question))
    threshold = rules.threshold if holds_counts else 0
    return Note(marks.data_protection(hidden_below=threshold or None, open_only=rules.open_only))
