"""The county's tables over its towns: coverage, basic tables, compliance, rankings. Only counts and sorts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.params import Unit
from stats.present import notes, numbering, numbers
from stats.present.blocks import Block, Column, Group, Paragraph, Table
from stats.present.tables import title
from stats.present.wording import state

if TYPE_CHECKING:
    from stats.report import CountyReport

PORTRAIT_COLUMNS = 6
_UNRANKED = {"approx": "概数，不参与排位", "small_base": "基数较小，不参与排位", "hidden": "小数隐去"}
_STATES = ("met", "unmet", "unknown", "na", "unanswered", "hidden")


def names(units: tuple[Unit, ...] | list[Unit]) -> str:
    """Units' names in one line; 无 where there are none."""
    return "、".join(unit.name for unit in units) or "无"


def coverage_table(report: CountyReport) -> Table:
    """How many units were due, reported, did not report, were refused, and which."""
    absent = {unit.code for unit in report.not_reported}
    groups = (
        ("应报", list(report.units), False),
        ("已上报", [unit for unit in report.units if unit.code not in absent], False),
        ("其中：有错误待核对", list(report.refused_units), True),
        ("未上报", list(report.not_reported), True),
    )
    rows = tuple((label, str(len(units)), names(units) if named else "") for label, units, named in groups)
    return Table(
        number=numbering.table_number(report, "coverage"),
        title=title(report, "各单位上报情况"),
        columns=(Column("类别", "left", 2.2), Column("单位数（个）", width=1.2), Column("单位名称", "left", 5.0)),
        rows=rows,
        notes=("有错误待核对单位的有误数据未采用，其余数据计入汇总",) if report.refused_units else (),
        source=notes.source(report),
    )


def overview_table(report: CountyReport) -> Table:
    """Per domain how many of the county's indicators with a target meet it."""
    rows = tuple(_overview_row(report, domain) for domain in DOMAINS if numbering.released(report, domain))
    return Table(
        number=numbering.table_number(report, "overview"),
        title=title(report, "各领域指标达标情况"),
        columns=(Column("领域", "left", 3.0), *(Column(h) for h in ("指标数", "设目标", "达标", "未达标", "无法判定"))),
        rows=rows,
        unit="项",
        notes=("缺报或概数使结果不能确定的，列入无法判定",),
        source=notes.source(report),
    )


def _overview_row(report: CountyReport, domain: str) -> tuple[str, ...]:
    states = Counter(figure.target.state for _, figure in numbering.released(report, domain))
    with_target = [states["met"], states["unmet"], states["unknown"] + states["not_applicable"]]
    return (DOMAINS[domain], str(states.total()), str(sum(with_target)), *(str(count) for count in with_target))


def peers_table(report: CountyReport) -> Block:
    """The county beside the city and the peer counties, for the indicators with outside figures."""
    shown = [
        (entry, report.figures[c]) for c, entry in indicators().items() if numbering.has_outside(report.figures.get(c))
    ]
    if not shown:
        return Paragraph("全市和兄弟县数据未提供，不作比较。")
    peers = list(dict.fromkeys(peer.name for _, figure in shown for peer in figure.peers))
    columns = (
        Column("指标", "left", 3.0),
        Column("单位", "center"),
        Column("本县"),
        Column("全市"),
        Column("与全市差"),
    )
    rows = tuple(_peers_row(entry, figure, peers) for entry, figure in shown)
    return Table(
        number=numbering.table_number(report, "peers"),
        title=title(report, "与全市和兄弟县比较"),
        columns=(*columns, *(Column(name) for name in peers)),
        rows=rows,
        notes=("空格表示对比数据未提供", *notes.used_marks(rows)),
        source=f"{notes.source(report)}；全市和兄弟县数据由上级提供",
    )


def _peers_row(entry: Indicator, figure: Figure, peers: list[str]) -> tuple[str, ...]:
    by_name = {peer.name: numbers.reference(peer) for peer in figure.peers}
    difference = figure.city.difference
    return (
        entry.name,
        entry.unit,
        numbers.display(figure, entry),
        numbers.reference(figure.city),
        "" if difference is None else numbers.signed(difference),
        *(by_name.get(name, "") for name in peers),
    )


def basic_table(report: CountyReport, domain: str) -> Block:
    """Every town's value of every indicator of a domain, the county first, towns in code order."""
    entries = list(numbering.of_towns(report, domain))
    if not entries:
        return Group()
    rows = (_total_row(report, entries), _coverage_row(report, entries), *_own_row(report, entries))
    towns = tuple(_basic_row(report, unit, entries) for unit in report.units)
    cells = [cell for row in (*rows, *towns) for cell in row[1:]]
    return Table(
        number=numbering.table_number(report, f"{domain} basic"),
        title=title(report, f"各单位{DOMAINS[domain]}基本情况"),
        columns=(Column("单位", "left", 2.0), *(Column(f"{e.name}（{e.unit}）", width=1.2) for e in entries)),
        rows=(*rows, *towns),
        notes=(*_units_notes(report), _total_note(entries), *notes.used_marks([cells], blanks=cells)),
        source=notes.source(report),
        strong=(0,),
        landscape=len(entries) > PORTRAIT_COLUMNS,
    )


def _total_row(report: CountyReport, entries: list[Indicator]) -> tuple[str, ...]:
    figures = [report.figures[entry.code] for entry in entries]
    is_partial = any(figure.units < figure.due for figure in figures)
    label = "已上报单位合计" if is_partial else "全县合计"
    return (label, *(numbers.display(f, e) for f, e in zip(figures, entries, strict=True)))


def _coverage_row(report: CountyReport, entries: list[Indicator]) -> tuple[str, ...]:
    figures = [report.figures[entry.code] for entry in entries]
    return ("有效/应报单位", *(f"{figure.units}/{figure.due}" for figure in figures))


def _own_row(report: CountyReport, entries: list[Indicator]) -> tuple[tuple[str, ...], ...]:
    """The county's own answers, where it answers for any of these indicators."""
    own = report.own
    if not any(entry.code in own for entry in entries):
        return ()
    return (("县级本级", *(numbers.display(own[e.code], e) if e.code in own else "—" for e in entries)),)


def _basic_row(report: CountyReport, unit: Unit, entries: list[Indicator]) -> tuple[str, ...]:
    figures = report.towns[unit.code]
    return (unit.name, *(numbers.display(figures[e.code], e) if e.code in figures else "" for e in entries))


def _total_note(entries: list[Indicator]) -> str:
    return notes.total("合计行", entries)


def _units_notes(report: CountyReport) -> tuple[str, ...]:
    absent = (f"未上报单位：{names(report.not_reported)}",) if report.not_reported else ()
    refused = (f"有错误待核对单位（有误数据未采用）：{names(report.refused_units)}",) if report.refused_units else ()
    return (*absent, *refused)


def compliance_table(report: CountyReport, domain: str) -> Block:
    """How many towns comply, do not, or did not answer, for each yes-or-no or compliance indicator."""
    entries = [entry for entry in numbering.of_towns(report, domain) if numbering.is_yes_or_no(entry)]
    if not entries:
        return Group()
    heads = ("达标", "未达标", "无法判定", "不适用", "未答", "隐去")
    return Table(
        number=numbering.table_number(report, f"{domain} compliance"),
        title=title(report, f"各单位{DOMAINS[domain]}达标情况"),
        columns=(
            Column("指标", "left", 2.6),
            *(Column(head, width=0.8) for head in heads),
            Column("未达标单位", "left", 3.0),
        ),
        rows=tuple(_compliance_row(report, entry) for entry in entries),
        unit="个",
        notes=("未答包括未上报、未填报、遮蔽填报和填报有误", *_choices_notes(report, domain)),
        source=notes.source(report),
    )


def _compliance_row(report: CountyReport, entry: Indicator) -> tuple[str, ...]:
    states = {unit.code: _state_of_unit(report.towns[unit.code].get(entry.code), entry) for unit in report.units}
    counts = Counter(states.values())
    unmet = [unit for unit in report.units if states[unit.code] == "unmet"]
    return (entry.name, *(str(counts[name]) for name in _STATES), names(unmet))


def _state_of_unit(figure: Figure | None, entry: Indicator) -> str:
    """met, unmet, unknown, na or hidden; unanswered where there is nothing to judge."""
    if figure is None:
        return "unanswered"
    known = state(figure, entry)
    return known if figure.status.has_value or known != "unknown" else "unanswered"


def _choices_notes(report: CountyReport, domain: str) -> tuple[str, ...]:
    """How many units gave which answer to the questions whose choices say more than yes or no."""
    return {
        "SYS": (_choice_note(report, "sys_duty_report", named="现场"),),
        "BLD": (_choice_note(report, "bld_dept_grade"),),
    }.get(domain, ())


def _choice_note(report: CountyReport, name: str, named: str = "") -> str:
    variable = variables()[name]
    given = {unit.code: report.town_answers.get(unit.code, {}).get(name) for unit in report.units}
    chosen = {code: answer.text for code, answer in given.items() if answer is not None and answer.status.has_value}
    counts = Counter(chosen.values())
    text = f"{variable.label}：{'、'.join(f'{choice}{counts[choice]}个' for choice in variable.choices)}"
    those = [unit for unit in report.units if chosen.get(unit.code) == named]
    return f"{text}；{named}的单位：{names(those)}" if named else text


def ranking_tables(report: CountyReport, domain: str) -> Group:
    """One table per ranked indicator: by rank, the unranked at the end with the reason, the county last."""
    entries = [entry for entry in numbering.of_towns(report, domain) if numbering.is_ranked(entry)]
    return Group(tuple(_ranking_table(report, entry) for entry in entries))


def _ranking_table(report: CountyReport, entry: Indicator) -> Table:
    figures = {unit.code: report.towns[unit.code].get(entry.code) for unit in report.units}
    in_order = sorted(report.units, key=lambda unit: _sort_key(figures[unit.code], unit))
    rows = tuple(_ranking_row(unit, figures[unit.code], entry) for unit in in_order)
    whole = report.figures[entry.code]
    last = _county_ranking_row(whole, entry)
    return Table(
        number=numbering.table_number(report, f"{entry.domain} {entry.code}"),
        title=title(report, f"各单位{entry.name}位次"),
        columns=(
            Column("位次", "center", 0.8),
            Column("单位", "left", 2.0),
            Column(f"数值（{entry.unit}）", width=1.4),
            Column("同比", width=1.2),
            Column("与全县之差", width=1.2),
            Column("说明", "left", 2.4),
        ),
        rows=(*rows, last),
        notes=(notes.last_year_column([entry]), *notes.used_marks((*rows, last))),
        source=notes.source(report),
        strong=(len(rows),),
    )


def _sort_key(figure: Figure | None, unit: Unit) -> tuple[bool, int, str]:
    place = None if figure is None else figure.rank.place
    return (place is None, place or 0, unit.code)


def _ranking_row(unit: Unit, figure: Figure | None, entry: Indicator) -> tuple[str, ...]:
    if figure is None:
        return ("", unit.name, "", "", "", Status.NOT_REPORTED.label)
    difference = figure.county.difference
    return (
        str(figure.rank.place) if figure.rank.place is not None else "",
        unit.name,
        numbers.display(figure, entry),
        numbers.change(figure, entry),
        "" if difference is None else numbers.signed(difference),
        _remark(figure),
    )


def _remark(figure: Figure) -> str:
    """Why a unit has no place, or whether its place is shared and its target met."""
    if figure.rank.place is None:
        return _UNRANKED.get(figure.rank.reason) or figure.status.label
    words = ["并列"] if figure.rank.tied else []
    reached = numbers.state(figure)
    return "，".join(words + ([reached] if reached != "—" else []))


def _county_ranking_row(figure: Figure, entry: Indicator) -> tuple[str, ...]:
    label = f"全县（{figure.units}/{figure.due}）"
    return ("", label, numbers.display(figure, entry), numbers.change(figure, entry), "", numbers.state(figure))


def own_table(report: CountyReport) -> Block:
    """The four duties of the county's first secretary: what is required and what was done."""
    entry = indicators()["SYS-06"]
    if entry.code not in report.figures:
        return Group()
    rows = tuple(
        (
            variables()[term.variable].label,
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
        notes=notes.used_marks((*rows, total), blanks=(row[2] for row in (*rows, total))),
        source=notes.source(report),
        strong=(len(rows),),
    )


def _own_answer(report: CountyReport, name: str) -> str:
    given = report.answers.get(name)
    return "" if given is None else numbers.answer_in_table(given, variables()[name].unit)
