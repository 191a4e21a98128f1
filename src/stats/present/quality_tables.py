"""The tables of the data-quality report on units and answers. Computes nothing beyond counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stats.catalogue.seasons import SEASON_NAMES
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.disclosure.texts import listable
from stats.findings import Finding, Severity
from stats.params import Unit
from stats.present import front_and_back_matter
from stats.present.blocks import Block, Column, Cover, Group, Paragraph, Table
from stats.present.leaving_out import without_columns_of_zero
from stats.present.sentences.units import names
from stats.present.titles import title
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.quality import ListedAnswer, QualityReport

_KINDS = {Status.REDACTED: "未填具体数", Status.APPROX: "概数", Status.ERROR: "有误，未采用"}
_COUNTED = ("due", "ok", "approx", "redacted", "missing", "error", "not_applicable")
_FINDINGS = ("拒收", "错误", "提示未答复", "提示已说明")
_STRANGERS = "未列入名册的单位或文件"
_HEADS = ("应答", "准确", "概数", "未填具体数", "未填报", "有误", "不适用")
_RECEIVED = (Receipt.REPORTED, Receipt.IN_ERROR)
_LOST = (Receipt.REFUSED, Receipt.NOT_REPORTED)
NOT_SHOWN = "不列出"
ONLY_COUNTS = "本版只列数量，不列出各项填报内容。"


def number(report: QualityReport, key: str) -> str:
    """The running number of a table, from the report alone, so that any cell can be run again."""
    keys = ["units"]
    keys += ["inexact"] if listed_answers(report) else []
    keys += ["missing"] if report.answers(Status.MISSING) else []
    keys += ["corrections"] if any(report.corrections.values()) else []
    keys += ["rules"] if rules_shown(report) else []
    keys += ["breaks"] if breaks_shown(report) else []
    return f"表{keys.index(key) + 1}"


def rules_shown(report: QualityReport) -> bool:
    """Whether a finding that is more than a note can be told one by one."""
    given = listable(report.findings, report.params.edition)
    return any(finding.severity is not Severity.NOTE for finding in given)


def breaks_shown(report: QualityReport) -> bool:
    """Whether a change of definition or boundary was declared for the year."""
    return any(item.year == report.year for item in report.params.breaks)


def cover(report: QualityReport, document: str = "quality") -> Cover:
    """The head of the document."""
    return front_and_back_matter.headed(report, document)


def summary(report: QualityReport) -> Group:
    """What came in, of what kind the answers are, what is open: a paragraph each."""
    return Group((Paragraph(_deliveries(report)), Paragraph(_answers(report)), Paragraph(_open(report))))


def _deliveries(report: QualityReport) -> str:
    in_error = report.units_with(Receipt.IN_ERROR)
    open_ones = f"（其中有错误待核对{len(in_error)}个{_named(in_error, '：', '')}）" if in_error else ""
    strays = f"；另有{report.strays}份来文不能采用，也认不出是哪个单位的" if report.strays else ""
    lost = [each for each in _LOST if each is Receipt.NOT_REPORTED or report.units_with(each)]
    counted = "，".join(_counted(report, each) for each in lost)
    return (
        f"{report.year}年应报{len(report.units_with(*Receipt))}个单位（另有县级本级），"
        f"已上报{len(report.units_with(*_RECEIVED))}个{open_ones}，{counted}；"
        f"县级本级{_own_state(report)}{strays}。{_last_year(report)}"
    )


def _counted(report: QualityReport, receipt: Receipt) -> str:
    units = report.units_with(receipt)
    return f"{receipt.label}{len(units)}个{_named(units)}"


def _last_year(report: QualityReport) -> str:
    """That returns of last year were refused, without which there is no 同比 for their units."""
    lost = [unit for unit in report.units if report.last_receipts.get(unit.code) is Receipt.REFUSED]
    if not lost:
        return ""
    named = "（全部）" if len(lost) == len(report.units) else _named(lost)
    return f"因{report.year - 1}年来文被拒收，{len(lost)}个单位{named}没有同比。"


def _own_state(report: QualityReport) -> str:
    """What became of the county's own row."""
    receipt = report.receipts[report.unit.code]
    return "已上报，有错误待核对" if receipt is Receipt.IN_ERROR else receipt.label


def _named(units: Sequence[Unit], before: str = "（", after: str = "）") -> str:
    return f"{before}{names(units)}{after}" if units else ""


def _answers(report: QualityReport) -> str:
    total = dict(zip(_HEADS, _totals(report), strict=True))
    corrected = sum(map(len, report.corrections.values()))
    return (
        f"按报告期计，应答{total['应答']}项，其中准确填报{total['准确']}项、概数{total['概数']}项、未填具体数{total['未填具体数']}项、"
        f"未填报{total['未填报']}项、有误{total['有误']}项；另有不适用{total['不适用']}项。经核实更正{corrected}项。"
    )


def _open(report: QualityReport) -> str:
    stopping = sum(finding.severity in (Severity.FATAL, Severity.ERROR) for finding in report.findings)
    still_open = sum(finding.is_open for finding in report.findings)
    answered = sum(bool(finding.explanation) for finding in report.findings)
    return (
        f"待核对的问题：拒收和错误{stopping}条，未答复的提示{still_open}条；已作说明的提示{answered}条；"
        "各条的位置见退回各单位的核对表。"
        f"按本版规则不公布指标值{sum(report.hidden_figures.values())}个。"
    )


def _totals(report: QualityReport) -> tuple[int, ...]:
    return tuple(sum(getattr(kinds, name) for kinds in report.qualities.values()) for name in _COUNTED)


def units_table(report: QualityReport) -> Table:
    """Every unit's answers by kind and its findings, the whole county first."""
    rows = [("合计", *map(str, _totals(report)), *_findings(report.findings, report))]
    for unit in report.units:
        counted = report.qualities[unit.code]
        kinds = tuple(str(getattr(counted, name)) for name in _COUNTED)
        receipt = report.receipts[unit.code]
        answers = (receipt.label, *[""] * 6) if receipt in _LOST else kinds
        rows.append((unit_name(unit), *answers, *_findings(report.findings_of(unit.code), report)))
    strange = listable(report.findings_of(""), report.params.edition)
    rows += [(_STRANGERS, *[""] * 7, *_findings(strange, report))] if strange else []
    found = any(cell not in ("0", "") for row in rows for cell in row[-len(_FINDINGS) :])
    left_out = len(report.findings) - len(listable(report.findings, report.params.edition))
    made = Table(
        number=number(report, "units"),
        title=title(report, "各单位填报质量和待核对的问题"),
        columns=(
            Column("单位", "left", 8.0),
            *(Column(head, width=3.6) for head in _HEADS),
            *(Column(head, width=3.6) for head in _FINDINGS),
        ),
        rows=tuple(rows),
        unit="项、条",
        notes=(
            "按报告期计，应答不含不适用；未填报包括选填项",
            *(
                ("拒收：整个文件或整行不能用；错误：所涉数未采用，待更正；提示：待核对，属实的写明原因即可",)
                if found
                else ()
            ),
            *((f"另有{left_out}条问题涉及受保护的小数项目，本版只列条数",) if left_out else ()),
        ),
        strong=(0,),
        size=9.0,
    )
    return without_columns_of_zero(made)


def _findings(given: Sequence[Finding], report: QualityReport) -> tuple[str, ...]:
    """How many findings the edition may list, by severity, and how many of the hints are answered."""
    listed = listable(given, report.params.edition)
    by_severity = Counter(finding.severity for finding in listed)
    still_open = sum(finding.is_open for finding in listed)
    answered = by_severity[Severity.WARNING] - still_open
    return tuple(map(str, (by_severity[Severity.FATAL], by_severity[Severity.ERROR], still_open, answered)))


def inexact(report: QualityReport) -> Block:
    """Every masked, approximate or refused answer with what was written."""
    if EDITIONS[report.params.edition].open_only:
        return Paragraph(ONLY_COUNTS)
    given = listed_answers(report)
    if not given:
        return Paragraph("没有本版可以列出的概数、未填具体数或有误的填报。")
    return Table(
        number=number(report, "inexact"),
        title=title(report, "概数、未填具体数和有误的填报"),
        columns=(
            Column("单位", "left", 7.0),
            Column("项目", "left", 20.0),
            Column("类别", "center", 7.0),
            Column("原文", "left", 14.0),
        ),
        rows=tuple(_inexact_row(report, answer) for answer in given),
        size=9.0,
        notes=(*_told_notes(given), *_left_out(len(report.answers(*_KINDS)) - len(given))),
    )


def _inexact_row(report: QualityReport, answer: ListedAnswer) -> tuple[str, ...]:
    raw = NOT_SHOWN if answer.raw is None else answer.raw
    name = unit_name(report.params.unit(answer.unit))
    return (name, _label(answer), _KINDS[answer.status], raw)


def listed_answers(report: QualityReport) -> tuple[ListedAnswer, ...]:
    """The answers that are no plain numbers, outside the full edition without those to protected questions."""
    shows_all = report.params.edition == "full"
    given = report.answers(*_KINDS)
    return tuple(answer for answer in given if shows_all or not is_small_cell(variables()[answer.variable]))


def _told_notes(given: Iterable[ListedAnswer]) -> tuple[str, ...]:
    if all(answer.raw is not None for answer in given):
        return ()
    return (f"“{NOT_SHOWN}”的为附有说明的填报，按本版规则不列出原文",)


def _left_out(count: int) -> tuple[str, ...]:
    return (f"另有{count}项属于受保护的小数项目，本版只列项数",) if count else ()


def missing(report: QualityReport) -> Block:
    """The questions that units left blank; units that left the same ones blank stand together."""
    by_unit: dict[str, list[str]] = {}
    for answer in report.answers(Status.MISSING):
        by_unit.setdefault(answer.unit, []).append(_label(answer))
    together: dict[tuple[str, ...], list[str]] = {}
    for unit, items in by_unit.items():
        together.setdefault(tuple(items), []).append(unit)
    if EDITIONS[report.params.edition].open_only:
        return Group()
    if not by_unit:
        return Paragraph("已上报单位没有未填报的项目。")
    named = {unit.code: unit_name(unit) for unit in report.units}
    return Table(
        number=number(report, "missing"),
        title=title(report, "未填报的项目"),
        columns=(Column("单位", "left", 1.6), Column("项数", width=0.7), Column("项目", "left", 6.0)),
        rows=tuple(
            (names([named[unit] for unit in units]), str(len(items)), "、".join(items))
            for items, units in together.items()
        ),
        size=9.0,
        notes=("只列已上报单位；未上报和数据拒收的单位见前",),
    )


def corrections(report: QualityReport) -> Block:
    """Every declared correction: what was written, what is used, why, who agreed."""
    if EDITIONS[report.params.edition].open_only:
        return Group()
    rows = [
        (unit_name(unit), *front_and_back_matter.correction_cells(made))
        for unit in report.units
        for made in report.corrections[unit.code]
    ]
    if not rows:
        return Paragraph("本年度没有经核实更正的数。")
    return Table(
        number=number(report, "corrections"),
        title=title(report, "经核实更正的数"),
        columns=(
            Column("单位", "left", 1.4),
            Column("项目", "left", 2.2),
            Column("原文", "center", 1.0),
            Column("更正为", "center", 1.0),
            Column("原因", "left", 3.0),
            Column("同意的职务、日期", "left", 2.2),
        ),
        rows=tuple(rows),
        size=9.0,
    )


def unit_name(unit: Unit) -> str:
    """A unit's name; the county's tells that only its own row is meant."""
    return f"{unit.name}（县级本级）" if unit.type == "县级本级" else unit.name


def _label(answer: ListedAnswer) -> str:
    season = SEASON_NAMES.get(answer.period, "")
    label = variables()[answer.variable].full_name
    return f"{label}（{season}）" if season else label
