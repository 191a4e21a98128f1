"""What frames a document: cover, problems, quality of the return, legend, statement. Shows nothing an edition hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue import marks
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS
from stats.figures import Amendment, Figure
from stats.params import Params, Unit
from stats.present import fragments, hints, numbering, numbers
from stats.present.blocks import Column, Cover, Group, Note, Paragraph, Table
from stats.present.tables import title
from stats.present.wording import is_county

if TYPE_CHECKING:
    from stats.quality import Quality, QualityReport
    from stats.report import CountyReport, Report

BANNER = "演示数据（虚构）"
_LISTED = {
    "概数": Status.APPROX,
    "遮蔽": Status.REDACTED,
    "未填报": Status.MISSING,
    "填报有误": Status.ERROR,
}


def cover(report: Report) -> Cover:
    """The head of the document: unit, code, year, edition, marking."""
    content = "党管武装工作统计汇总和位次" if is_county(report) else "党管武装工作统计附件"
    state = "" if report.received or is_county(report) else "（未上报）"
    return headed(report.params, report.unit, report.number, f"{content}{state}")


def headed(run: Params, unit: Unit, number: str, content: str) -> Cover:
    """The head of a document about a unit; ``content`` ends its title."""
    edition = EDITIONS[run.edition].label
    lines = [("单位", unit.name), ("统计用区划代码", unit.code), ("统计年度", f"{run.year}年"), ("版本", edition)]
    return Cover(
        attachment=number,
        title=f"{unit.name}{run.year}年度{content}",
        lines=(*lines, *((("标注", run.marking),) if run.marking else ())),
        marking=run.marking,
        banner=BANNER if run.demonstration else "",
        unit=unit.name,
        year=run.year,
        edition=edition,
    )


def problems(report: Report) -> Group:
    """The targets that were missed, and the open hints with what to do about them."""
    missed = numbering.unmet(report)
    first = _unmet_table(report, missed) if missed else Paragraph("本年度没有未达标的指标。")
    texts = hints.hints(report) or ("没有待核对的提示。",)
    return Group((first, *_numbered(texts), *_answered(hints.explained(report))))


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
    has_distance = figure.target.gap is not None and not numbers.says_yes_or_no(figure, entry)
    distance = fragments.gap(figure) if has_distance else "—"
    aim = numbers.target(figure.target, entry, one_unit=one_unit)
    return (entry.name, numbers.printed_unit(figure, entry), numbers.display(figure, entry), aim, distance)


def quality(report: Report) -> Group:
    """How many answers were due and of what kind they are, and which were approximate, masked, missing or wrong."""
    rows = tuple((kind, text) for kind, status in _LISTED.items() if (text := _labels(report, status)))
    corrected = "、".join(variables()[name].label for name, given in report.answers.items() if given.corrected)
    rows = (*rows, *((("经核实更正", corrected),) if corrected else ()))
    counted = Paragraph(_counts(report.quality))
    tables = (_quality_table(report, rows),) if rows else ()
    return Group((counted, *tables, *_corrections(report.corrections)))


def _corrections(made: tuple[Amendment, ...]) -> tuple[Paragraph, ...]:
    """What was corrected, why, by whom and when."""
    if not made:
        return ()
    return (Paragraph(f"经核实更正{len(made)}格："), *_numbered(tuple(map(_correction, made))))


def _correction(made: Amendment) -> str:
    period = {"spring": "（春季）", "autumn": "（秋季）"}.get(made.period, "")
    change = "原数和更正数按本版规则不列出"
    if made.old is not None and made.new is not None:
        change = f"原填“{made.old}”，更正为“{made.new}”" if made.old else f"原未填，更正为“{made.new}”"
    reason = f"；原因：{made.reason.rstrip('。')}" if made.reason else ""
    return f"{variables()[made.variable].label}{period}：{change}{reason}（{made.role}，{made.date}）。"


def correction_cells(made: Amendment) -> tuple[str, str, str, str, str]:
    """A correction as the cells of a table: question, old, new, reason, who agreed and when."""
    period = {"spring": "（春季）", "autumn": "（秋季）"}.get(made.period, "")
    told = ("不列出" if text is None else text for text in (made.old, made.new, made.reason))
    old, new, reason = told
    return f"{variables()[made.variable].label}{period}", old or "未填", new, reason, f"{made.role}，{made.date}"


def _counts(counted: Quality) -> str:
    return (
        f"按报告期计，应答{counted.due}项（另有不适用{counted.not_applicable}项），其中准确填报{counted.ok}项、"
        f"概数{counted.approx}项、遮蔽{counted.redacted}项、未填报{counted.missing}项、填报有误{counted.error}项；"
        f"按本版规则隐去小数{counted.hidden}项。"
    )


def _labels(report: Report, status: Status) -> str:
    return "、".join(variables()[name].label for name, given in report.answers.items() if given.status is status)


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
    heads = ("应答", "准确", "概数", "遮蔽", "未填报", "有误", "不适用", "隐去")
    absent = {unit.code for unit in report.not_reported}
    return Table(
        number=numbering.table_number(report, "quality"),
        title=title(report, "各单位填报质量情况"),
        columns=(Column("单位", "left", 2.0), *(Column(head, width=0.9) for head in heads)),
        rows=tuple(
            (
                unit.name,
                *(("未上报", *[""] * 7) if unit.code in absent else _quality_cells(report.qualities[unit.code])),
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
    """What is not collected and what this edition hides."""
    return Note(marks.data_protection(hidden_below=EDITIONS[report.params.edition].threshold or None))
