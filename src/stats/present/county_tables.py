"""The county's tables: beside the city and peers, its units by domain, the first secretary. Only counts and lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import short_name
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.params import Unit
from stats.present import notes, numbering, unit_counts
from stats.present.blocks import Block, Column, Group, Paragraph, Table
from stats.present.leaving_out import MOSTLY, without_mute_columns
from stats.present.sentences.units import names
from stats.present.titles import title
from stats.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stats.report import CountyReport


_ROOMY = 13
"""So many columns of a landscape page leave room for larger letters."""


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


def units_table(report: CountyReport, number: int) -> Block:
    """Every town's value of the indicators of two domains, the county first, towns in code order.

    ``number`` is 1 to 4: which domains stand together is declared in :data:`stats.present.numbering.UNIT_TABLES`.
    """
    key = f"units {number}"
    domains = numbering.UNIT_TABLES[key]
    entries = [entry for domain in domains for entry in numbering.of_towns(report, domain)]
    if not entries:
        return Group()
    own = _own_row(report, entries)
    rows = (_total_row(report, entries), *_coverage_row(report, entries), *own)
    towns = tuple(_basic_row(report, unit, entries) for unit in report.units)
    heads = [_head(entry) for entry in entries]
    made = Table(
        number=numbering.table_number(report, key),
        title=title(report, f"各单位{'、'.join(DOMAINS[domain] for domain in domains)}情况"),
        columns=(Column("单位", "left", 6.2), *(Column(head, width=4.0) for head in heads)),
        rows=(*rows, *towns),
        notes=(*_coverage_note(report, entries), *choice_notes(report, domains)),
        strong=(0,),
        landscape=True,
        size=7.5 if len(entries) > _ROOMY else 9.0,
    )
    return without_mute_columns(made, heads, share=MOSTLY)


def _head(entry: Indicator) -> str:
    """A short name in two lines with the unit of measure below; of shares none, as the note says."""
    name = short_name(entry.code, entry.name)
    unit = "" if entry.unit == "%" else f"\n{entry.unit}"
    return (f"{name[:2]}\n{name[2:]}" if len(name) == 4 else name) + unit


def choice_notes(report: CountyReport, domains: Iterable[str]) -> tuple[str, ...]:
    """How many units gave which answer to the questions whose choices say more than yes or no."""
    asked = {"SYS": ("sys_duty_report", "现场"), "BLD": ("bld_dept_grade", "")}
    return tuple(_choice_note(report, *asked[domain]) for domain in domains if domain in asked)


def _choice_note(report: CountyReport, name: str, named: str = "") -> str:
    variable = variables()[name]
    given = {unit.code: report.town_answers.get(unit.code, {}).get(name) for unit in report.units}
    chosen = {code: answer.text for code, answer in given.items() if answer is not None and answer.status.has_value}
    counts = Counter(chosen.values())
    text = f"{variable.label}：{'、'.join(f'{choice}{counts[choice]}个' for choice in variable.choices)}"
    those = [unit for unit in report.units if chosen.get(unit.code) == named]
    return f"{text}；{named}的单位：{names(those)}" if those else text


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
    return (("县级本级", *(numbers.display(own[e.code], e) if e.code in own else "" for e in entries)),)


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
