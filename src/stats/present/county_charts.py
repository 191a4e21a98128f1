"""The county's chart of a domain: its towns by one indicator, in order or against population. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.params import Unit
from stats.present import chart_bars, numbering
from stats.present.bars import Bar, Line, Painter, Point
from stats.present.blocks import Block, Chart, Paragraph
from stats.present.tables import title

if TYPE_CHECKING:
    from stats.report import CountyReport

MOST_TOWNS = 44
"""More bars than this do not fit on a page in readable print."""
FEWEST_VALUES = 3
"""Bars of fewer different lengths show less than a sentence says."""
_NAMED = 5
_POPULATION = "bas_population"
_TOWNS: Mapping[str, str] = {
    "SYS": "SYS-02",
    "REC": "REC-05",
    "MIL": "MIL-01",
    "EMG": "EMG-01",
    "BLD": "BLD-01",
    "EDU": "EDU-02",
    "SUP": "SUP-02",
    "FND": "FND-05",
}


def is_drawn(report: CountyReport, domain: str) -> bool:
    """Whether the domain has a chart rather than a sentence."""
    entry = _entry(domain)
    if not _is_shown(report, entry):
        return False
    if _is_against_population(report, entry):
        return len({point.up for point in _points(report, entry)}) >= FEWEST_VALUES
    return len(report.units) <= MOST_TOWNS and len(_texts(report, entry)) >= FEWEST_VALUES


def chart(report: CountyReport, domain: str, number: str, painter: Painter) -> Chart:
    """The chart of a domain that is drawn."""
    entry = _entry(domain)
    make = _scatter if _is_against_population(report, entry) else _ranked
    return make(report, entry, number, painter)


def sentence(report: CountyReport, domain: str) -> Block:
    """What is said where nothing is drawn."""
    entry = _entry(domain)
    if not _is_shown(report, entry):
        return Paragraph("本领域可供绘图的指标未列出、未填报或不适用，不绘图。")
    if len(report.units) > MOST_TOWNS and len(_texts(report, entry)) >= FEWEST_VALUES:
        return Paragraph(f"单位超过{MOST_TOWNS}个，各单位{entry.name}见基本情况表，不绘图。")
    told = [f"{_who(units)}为{text}{_unit(entry)}" for text, units in _texts(report, entry).items()]
    rest = sum(not chart_bars.has_value(_figure(report, unit, entry)) for unit in report.units)
    others = f"；其余{rest}个单位无数据或不公布" if rest else ""
    return Paragraph(f"各单位{entry.name}：{'；'.join(told)}{others}。数值相同的较多，不绘图。")


def _entry(domain: str) -> Indicator:
    """The indicator whose towns are drawn."""
    return indicators()[_TOWNS[domain]]


def _is_shown(report: CountyReport, entry: Indicator) -> bool:
    """Whether the edition shows it and a value of at least one town."""
    shown = (chart_bars.has_value(_figure(report, unit, entry)) for unit in report.units)
    return entry.code in report.figures and any(shown)


def _figure(report: CountyReport, unit: Unit, entry: Indicator) -> Figure | None:
    return report.towns[unit.code].get(entry.code)


def _is_against_population(report: CountyReport, entry: Indicator) -> bool:
    """Whether it is a figure per head, which falls with a unit's size, and not all units are compared in groups."""
    below = entry.denominator
    per_head = isinstance(below, tuple) and [term.variable for term in below] == [_POPULATION]
    figures = [figure for unit in report.units if (figure := _figure(report, unit, entry)) is not None]
    in_groups = any(figure.rank.group for figure in figures) and all(f.rank.reason != "size" for f in figures)
    return per_head and not in_groups


def _texts(report: CountyReport, entry: Indicator) -> dict[str, list[Unit]]:
    """The units by what is printed of them, the most frequent first."""
    by_text: dict[str, list[Unit]] = {}
    for unit in report.units:
        figure = _figure(report, unit, entry)
        if chart_bars.has_value(figure):
            by_text.setdefault(chart_bars.printed(figure, entry), []).append(unit)
    return dict(sorted(by_text.items(), key=lambda item: -len(item[1])))


def _who(units: list[Unit]) -> str:
    return f"{len(units)}个单位" if len(units) > _NAMED else "、".join(unit.name for unit in units)


def _unit(entry: Indicator) -> str:
    return "" if entry.is_yes_or_no else entry.unit


def _county_line(report: CountyReport, entry: Indicator) -> Line | None:
    """The county's figure to hold the towns against; none of a sum, and none that is not shown."""
    whole = report.figures[entry.code]
    height = None if entry.aggregation == "sum" else chart_bars.height(whole)
    return None if height is None else Line(height, f"全县{numbers.display(whole, entry)}")


def _target_line(report: CountyReport, entry: Indicator) -> Line | None:
    """The target the tables judge by."""
    given = report.figures[entry.code].target
    height = chart_bars.length(given.value)
    return None if height is None else Line(height, f"目标{numbers.target(given, entry, one_unit=False)}")


def _said(county: Line | None, target: Line | None) -> str:
    return "".join(f"；{line.text}" for line in (county, target) if line is not None)


def _ranked(report: CountyReport, entry: Indicator, number: str, painter: Painter) -> Chart:
    in_order = sorted(report.units, key=lambda unit: _place(_figure(report, unit, entry), unit.code))
    bars = [chart_bars.bar(unit.name, _figure(report, unit, entry), entry) for unit in in_order]
    county, target = _county_line(report, entry), _target_line(report, entry)
    name = title(report, f"各单位{entry.name}（{entry.unit}）")
    return Chart(
        number=number,
        title=name,
        svg=painter.ranked(bars, county=county, target=target, prefix=entry.domain),
        alt=f"{name}。{_ends(bars)}{_said(county, target)}；{'，'.join(f'{bar.name}{bar.text}' for bar in bars)}。",
        notes=(*_groups(in_order, report, entry), *_looks(bars)),
    )


def _looks(bars: list[Bar]) -> tuple[str, ...]:
    return chart_bars.bar_notes(bar.look for bar in bars)


def _place(figure: Figure | None, code: str) -> tuple[str, bool, Decimal, str]:
    """By group, then by value; what is not shown comes last, in the order of the roster."""
    value = numbers.printed(figure) if figure is not None and figure.status.has_value else None
    group = "" if figure is None else figure.rank.group
    return (group, value is None, -(value or Decimal(0)), code)


def _groups(units: list[Unit], report: CountyReport, entry: Indicator) -> tuple[str, ...]:
    named = dict.fromkeys(f.rank.group for unit in units if (f := _figure(report, unit, entry)) and f.rank.group)
    return (f"按{'、'.join(named)}分组排列",) if named else ()


def _ends(bars: list[Bar]) -> str:
    """The message in one clause: who is highest and lowest."""
    shown = [bar for bar in bars if bar.length is not None]
    lengths = [bar.length or 0.0 for bar in shown]
    ends = (("最高的", max(lengths)), ("最低的", min(lengths)))
    return "，".join(f"{words}{_at([bar for bar in shown if bar.length == end])}" for words, end in ends)


def _at(bars: list[Bar]) -> str:
    return f"{bars[0].name if len(bars) == 1 else f'{len(bars)}个单位'}为{bars[0].text}"


def _points(report: CountyReport, entry: Indicator) -> list[Point]:
    """The towns whose figure and population are both shown."""
    points = []
    for unit in report.units:
        figure = _figure(report, unit, entry)
        people, up = _population(report, unit), chart_bars.height(figure)
        if people is not None and up is not None:
            points.append(Point(unit.name, people, up, chart_bars.look(figure)))
    return points


def _population(report: CountyReport, unit: Unit) -> float | None:
    given = report.town_answers.get(unit.code, {}).get(_POPULATION)
    has_number = given is not None and given.status in (Status.OK, Status.APPROX) and given.text
    return float(given.text) if given is not None and has_number else None


def _scatter(report: CountyReport, entry: Indicator, number: str, painter: Painter) -> Chart:
    points = _points(report, entry)
    county, target = _county_line(report, entry), _target_line(report, entry)
    name = title(report, f"各单位{entry.name}与年末常住人口")
    people = variables()[_POPULATION]
    drawn = {point.name for point in points}
    missing = [unit.name for unit in report.units if unit.name not in drawn]
    return Chart(
        number=number,
        title=name,
        svg=painter.scatter(
            points,
            across=f"{people.label}（{people.unit}）",
            up=f"{entry.name}（{entry.unit}）",
            county=county,
            target=target,
            prefix=entry.domain,
        ),
        alt=f"{name}。{_message(report, entry, points)}{_said(county, target)}；{_where(report, entry)}。",
        notes=(
            *((f"未列出（无数据或不公布）：{'、'.join(missing)}",) if missing else ()),
            *chart_bars.dot_notes(point.look for point in points),
        ),
    )


def _message(report: CountyReport, entry: Indicator, points: list[Point]) -> str:
    """What the picture shows: the largest and the smallest town, the highest and the lowest figure."""
    by_name = {unit.name: chart_bars.printed(_figure(report, unit, entry), entry) for unit in report.units}
    ends = {
        "人口最多的": max(points, key=lambda point: point.across),
        "人口最少的": min(points, key=lambda point: point.across),
        "数值最高的": max(points, key=lambda point: point.up),
        "数值最低的": min(points, key=lambda point: point.up),
    }
    return "，".join(f"{words}{point.name}为{by_name[point.name]}" for words, point in ends.items())


def _where(report: CountyReport, entry: Indicator) -> str:
    return f"各单位数值见{numbering.table_number(report, f'{entry.domain} basic')}"
