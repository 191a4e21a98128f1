"""The county's tables over its towns: coverage, targets, basic tables, first secretary. Only counts and lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.numbers import standing
from stats.params import Unit
from stats.present import notes, numbering, unit_counts
from stats.present.blocks import Block, Column, Group, Paragraph, Table
from stats.present.leaving_out import without_mute_columns
from stats.present.tables import title
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport

PORTRAIT_COLUMNS = 6
_OVERVIEW_HEADS = ("指标数", "设目标", "达标", "未达标", "不公布", "缺数或概数不能判定")


def names(units: Sequence[Unit]) -> str:
    """Units' names in one line; 无 where there are none."""
    return "、".join(unit.name for unit in units) or "无"


def coverage_table(report: CountyReport) -> Table:
    """How many units were due, reported, did not report, were refused, and which."""
    in_error, refused = report.units_with(Receipt.IN_ERROR), report.units_with(Receipt.REFUSED)
    groups = (
        ("应报", report.units, False),
        ("已上报", report.units_with(Receipt.REPORTED, Receipt.IN_ERROR), False),
        ("其中：有错误待核对", in_error, True),
        ("数据拒收", refused, True),
        ("未上报", report.units_with(Receipt.NOT_REPORTED), True),
    )
    rows = tuple((label, str(len(units)), names(units) if named else "") for label, units, named in groups)
    return Table(
        number=numbering.table_number(report, "coverage"),
        title=title(report, "各单位上报情况"),
        columns=(Column("类别", "left", 2.2), Column("单位数（个）", width=1.2), Column("单位名称", "left", 5.0)),
        rows=rows,
        notes=(
            "应报单位为名册内的单位，另有县级本级",
            *(("有错误待核对单位的有误数据未采用，其余数据计入汇总",) if in_error else ()),
            *(("数据拒收为已收到报表，但整份不能采用，未计入汇总",) if refused else ()),
        ),
    )


def overview_table(report: CountyReport) -> Table:
    """Per domain how many of the county's indicators with a target meet it."""
    rows = tuple(_overview_row(report, domain) for domain in DOMAINS if numbering.released(report, domain))
    return Table(
        number=numbering.table_number(report, "overview"),
        title=title(report, "各领域指标达标情况"),
        columns=(Column("领域", "left", 3.0), *(Column(head) for head in _OVERVIEW_HEADS)),
        rows=(*rows, ("合计", *(str(sum(int(row[place]) for row in rows)) for place in range(1, 7)))),
        unit="项",
        notes=("不公布的为因数值过小隐去、是否达标也不列出的指标；本年不适用的指标不计入设目标",),
        strong=(len(rows),),
    )


def _overview_row(report: CountyReport, domain: str) -> tuple[str, ...]:
    states = Counter(standing(figure) for _, figure in numbering.released(report, domain))
    judged = [states[name] for name in ("met", "unmet", "hidden", "unknown")]
    return (DOMAINS[domain], *map(str, (states.total(), sum(judged), *judged)))


def peers_table(report: CountyReport) -> Block:
    """The county beside the city and the peer counties, for the indicators with outside figures."""
    shown = [
        (entry, report.figures[c]) for c, entry in indicators().items() if numbering.has_outside(report.figures.get(c))
    ]
    if not shown:
        why = "文件有误，本次没有采用" if report.has_unfit_outside else "未提供"
        return Paragraph(f"全市和兄弟县数据{why}，不作比较。")
    peers = list(dict.fromkeys(peer.name for _, figure in shown for peer in figure.peers))
    columns = (
        Column("指标", "left", 3.0),
        Column("单位", "center"),
        Column("本县"),
        Column("全市"),
        Column("与全市差"),
    )
    rows = tuple(_peers_row(entry, figure, peers) for entry, figure in shown)
    made = Table(
        number=numbering.table_number(report, "peers"),
        title=title(report, "与全市和兄弟县比较"),
        columns=(*columns, *(Column(name) for name in peers)),
        rows=rows,
        source=f"{notes.source(report)}；全市和兄弟县数据由上级提供",
    )
    return without_mute_columns(made, [column.head for column in made.columns[2:]])


def _peers_row(entry: Indicator, figure: Figure, peers: list[str]) -> tuple[str, ...]:
    by_name = {peer.name: numbers.reference(peer) for peer in figure.peers}
    return (
        entry.name,
        entry.unit,
        numbers.display(figure, entry),
        numbers.city(figure),
        numbers.difference(figure.city, numbers.UNCERTAIN),
        *(by_name.get(name, "") for name in peers),
    )


def basic_table(report: CountyReport, domain: str) -> Block:
    """Every town's value of every indicator of a domain, the county first, towns in code order."""
    entries = list(numbering.of_towns(report, domain))
    if not entries:
        return Group()
    own = _own_row(report, entries)
    rows = (_total_row(report, entries), *_coverage_row(report, entries), *own)
    towns = tuple(_basic_row(report, unit, entries) for unit in report.units)
    return Table(
        number=numbering.table_number(report, f"{domain} basic"),
        title=title(report, f"各单位{DOMAINS[domain]}基本情况"),
        columns=(Column("单位", "left", 2.0), *(Column(_head(entry), width=1.2) for entry in entries)),
        rows=(*rows, *towns),
        notes=_coverage_note(report, entries),
        strong=(0,),
        landscape=len(entries) > PORTRAIT_COLUMNS,
    )


def _head(entry: Indicator) -> str:
    return f"{entry.name}（{'是/否' if entry.is_yes_or_no else entry.unit}）"


def _total_row(report: CountyReport, entries: list[Indicator]) -> tuple[str, ...]:
    pairs = [(report.figures[entry.code], entry) for entry in entries]
    # a growth lacks the units that did not report last year, whoever reports this year
    is_partial = any(figure.units < figure.due for figure, entry in pairs if entry.kind != "growth")
    return ("已上报单位合计" if is_partial else "全县合计", *(_total(figure, entry) for figure, entry in pairs))


def _total(figure: Figure, entry: Indicator) -> str:
    """The county's figure; where units say yes or no, how many of them say yes."""
    return numbers.share_of_units(figure) if entry.is_yes_or_no else numbers.display(figure, entry)


def _covered(report: CountyReport, entries: list[Indicator]) -> list[str]:
    return [unit_counts.covered(report, report.figures[entry.code]) for entry in entries]


def _coverage_row(report: CountyReport, entries: list[Indicator]) -> tuple[tuple[str, ...], ...]:
    """How many units stand behind each column, unless they are the same for all."""
    counts = _covered(report, entries)
    return (("有效/应报单位", *counts),) if len(set(counts)) > 1 else ()


def _coverage_note(report: CountyReport, entries: list[Indicator]) -> tuple[str, ...]:
    counts = _covered(report, entries)
    once = (unit_counts.said(counts[0]),) if len(set(counts)) == 1 else ()
    return (*once, *notes.with_own(report, [(entry, report.figures[entry.code]) for entry in entries]))


def _own_row(report: CountyReport, entries: list[Indicator]) -> tuple[tuple[str, ...], ...]:
    """The county's own answers, where it answers for any of these indicators."""
    own = report.own
    if not any(entry.code in own for entry in entries):
        return ()
    return (("县级本级", *(numbers.display(own[e.code], e) if e.code in own else "—" for e in entries)),)


def _basic_row(report: CountyReport, unit: Unit, entries: list[Indicator]) -> tuple[str, ...]:
    figures = report.towns[unit.code]
    lost = report.units_with(Receipt.REFUSED, Receipt.NOT_REPORTED)
    name = f"{unit.name}（{report.receipts[unit.code].label}）" if unit in lost else unit.name
    return (name, *(numbers.display(figures[e.code], e) if e.code in figures else "" for e in entries))


def own_table(report: CountyReport) -> Block:
    """The four duties of the county's first secretary: what is required and what was done."""
    entry = indicators()["SYS-06"]
    if entry.code not in report.figures:
        return Group()
    rows = tuple(
        (
            variables()[term.variable].full_name,
            f"{term.threshold}{variables()[term.variable].unit}",
            _own_answer(report, term.variable),
        )
        for term in entry.numerator
    )
    figure = report.figures[entry.code]
    total = (entry.name, numbers.target_with_unit(figure.target, entry), numbers.with_unit(figure, entry))
    return Table(
        number=numbering.table_number(report, "own"),
        title=title(report, "第一书记“四个一”落实情况"),
        columns=(Column("项目", "left", 4.0), Column("要求（不少于）", "center", 1.5), Column("完成", "center", 1.5)),
        rows=(*rows, total),
        strong=(len(rows),),
    )


def _own_answer(report: CountyReport, name: str) -> str:
    return numbers.answer_in_table(report.answers.get(name), variables()[name].unit)
