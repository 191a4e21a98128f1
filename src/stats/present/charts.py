"""Which chart shows which domain, its title and its alternative text. Draws from finished figures only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present import numbering, numbers
from stats.present.bars import Against, Bar, Inputs, Painter, Panel
from stats.present.blocks import Block, Chart, Group, Paragraph
from stats.present.tables import title
from stats.present.wording import is_county

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

MOST_TOWNS = 44
"""More bars than this do not fit on a page in readable print."""

_RATES: Mapping[str, tuple[str, ...]] = {
    "SYS": ("SYS-01", "SYS-02", "SYS-04"),
    "REC": ("REC-03", "REC-04", "REC-05", "REC-06", "REC-07"),
    "MIL": ("MIL-01", "MIL-02", "MIL-03", "MIL-04"),
    "BLD": ("BLD-01", "BLD-02", "BLD-04", "BLD-05", "BLD-06", "BLD-07"),
    "SUP": ("SUP-02", "SUP-04", "SUP-05", "SUP-06"),
}
_YEARS: Mapping[str, tuple[str, ...]] = {
    "EMG": ("EMG-01", "EMG-02", "EMG-04"),
    "EDU": ("EDU-01", "EDU-02"),
    "FND": ("FND-01", "FND-05"),
}
_TOWNS: Mapping[str, tuple[str, ...]] = {
    "SYS": ("SYS-02",),
    "REC": ("REC-05",),
    "MIL": ("MIL-01",),
    "EMG": ("EMG-01",),
    "BLD": ("BLD-01",),
    "EDU": ("EDU-02",),
    "SUP": ("SUP-02",),
    "FND": ("FND-05",),
}


def chart(report: Report, domain: str) -> Block:
    """The chart of a domain, a sentence where nothing can be drawn, nothing where the edition shows no indicator."""
    # Drawing libraries take a second to import, which nothing that only reads blocks should pay for.
    from stats.present import plots

    return _painted(report, domain, plots)


def sketch(report: Report, domain: str) -> Block:
    """The same with what is drawn in place of the drawing."""
    return _painted(report, domain, Inputs())


def _painted(report: Report, domain: str, painter: Painter) -> Block:
    if not numbering.released(report, domain):
        return Group()
    drawn = _drawn(report)
    if domain not in drawn:
        return Paragraph("本领域可供绘图的指标未列出、未填报或不适用，不绘图。")
    number = numbering.chart_number(report, domain, drawn)
    if is_county(report):
        return _county_chart(report, domain, number, painter)  # type: ignore[arg-type]
    draw = _rates_chart if domain in _RATES else _years_chart
    return draw(report, domain, number, painter)


def _drawn(report: Report) -> tuple[str, ...]:
    """The domains that have a chart, in order."""
    if is_county(report):
        return tuple(domain for domain in DOMAINS if _town_figures(report, domain))  # type: ignore[arg-type]
    return tuple(domain for domain in DOMAINS if _rates(report, domain) or _years(report, domain))


def _has_value(figure: Figure | None) -> bool:
    return figure is not None and figure.status.has_value


def _rates(report: Report, domain: str) -> list[tuple[Indicator, Figure]]:
    """The rates of a domain's chart; none where no figure has a value."""
    codes = [code for code in _RATES.get(domain, ()) if code in report.figures]
    shown = [(indicators()[code], report.figures[code]) for code in codes]
    return shown if any(_has_value(figure) for _, figure in shown) else []


def _years(report: Report, domain: str) -> list[Indicator]:
    """The indicators of a domain's chart over the years; none where no year has a value."""
    return [
        indicators()[code]
        for code in _YEARS.get(domain, ())
        if code in report.figures and any(_has_value(figure) for figure in report.history[code].values())
    ]


def printed(figure: Figure | None, entry: Indicator) -> str:
    """The label of a figure in a chart: as in the tables, a word where those leave a blank."""
    if figure is None:
        return "无数据"
    blank = {Status.MISSING: "未填报", Status.NOT_REPORTED: "未上报"}.get(figure.status, "无数据")
    return numbers.display(figure, entry) or blank


def _bar(name: str, figure: Figure | None, entry: Indicator) -> Bar:
    pale = figure is not None and (figure.status is Status.APPROX or figure.small_base)
    return Bar(name, _length(figure.rounded if figure else None), printed(figure, entry), pale)


def _length(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _pale_note(bars: list[Bar]) -> tuple[str, ...]:
    return ("斜线条形为概数或基数较小的数",) if any(bar.pale for bar in bars) else ()


def _rates_chart(report: Report, domain: str, number: str, painter: Painter) -> Chart:
    shown = _rates(report, domain)
    rows = [_against(entry, figure) for entry, figure in shown]
    name = title(report, f"{DOMAINS[domain]}主要比率与全县、目标比较（%）")
    return Chart(
        number=number,
        title=name,
        svg=painter.against(rows, prefix=domain, unit_name="本单位"),
        alt=f"{name}。{'；'.join(_against_alt(row) for row in rows)}。",
        notes=("条形为本单位，菱形为全县，竖线为目标", *_pale_note([row.bar for row in rows])),
    )


def _against(entry: Indicator, figure: Figure) -> Against:
    return Against(
        bar=_bar(entry.name, figure, entry),
        county=_length(figure.county.reference),
        county_text=numbers.reference(figure.county),
        target=_length(figure.target.value),
        target_text=numbers.target(figure.target, entry),
    )


def _against_alt(row: Against) -> str:
    others = [("全县", row.county_text), ("目标", row.target_text)]
    said = [f"{head}{text}" for head, text in others if text and text != "—"]
    return "，".join([f"{row.bar.name}本单位{row.bar.text}", *said])


def _years_chart(report: Report, domain: str, number: str, painter: Painter) -> Chart:
    entries = _years(report, domain)
    panels = [_panel(report, entry) for entry in entries]
    name = title(report, f"{DOMAINS[domain]}历年情况")
    return Chart(
        number=number,
        title=name,
        svg=painter.development(panels, prefix=domain),
        alt=f"{name}。{'；'.join(_panel_alt(panel) for panel in panels)}。",
        notes=_pale_note([bar for panel in panels for bar in panel.bars]),
    )


def _panel(report: Report, entry: Indicator) -> Panel:
    bars = [_bar(str(year), figure, entry) for year, figure in sorted(report.history[entry.code].items())]
    return Panel(f"{entry.name}（{entry.unit}）", tuple(bars))


def _panel_alt(panel: Panel) -> str:
    return f"{panel.title}{'，'.join(f'{bar.name}年{bar.text}' for bar in panel.bars)}"


def _town_figures(report: CountyReport, domain: str) -> list[Indicator]:
    """The indicator whose towns are drawn; none where no town shows a value."""
    shown = [entry for code in _TOWNS[domain] if (entry := indicators()[code]).code in report.figures]
    towns = report.towns.values()
    return [entry for entry in shown if any(_has_value(figures.get(entry.code)) for figures in towns)]


def _county_chart(report: CountyReport, domain: str, number: str, painter: Painter) -> Block:
    entry = _town_figures(report, domain)[0]
    if len(report.units) > MOST_TOWNS:
        return Paragraph(f"单位超过{MOST_TOWNS}个，各单位{entry.name}见位次表，不绘图。")
    whole = report.figures[entry.code]
    in_order = sorted(report.units, key=lambda unit: _place(report.towns[unit.code].get(entry.code), unit.code))
    bars = [_bar(unit.name, report.towns[unit.code].get(entry.code), entry) for unit in in_order]
    name = title(report, f"各单位{entry.name}（{entry.unit}）")
    line = entry.aggregation != "sum" and whole.status.has_value
    height, county_text = _length(whole.rounded) if line else None, f"全县{numbers.display(whole, entry)}"
    return Chart(
        number=number,
        title=name,
        svg=painter.ranked(bars, county=height, county_text=county_text, prefix=domain),
        alt=f"{name}。{county_text}；{'，'.join(f'{bar.name}{bar.text}' for bar in bars)}。",
        notes=(*(("虚线为全县",) if line else ()), *_pale_note(bars)),
    )


def _place(figure: Figure | None, code: str) -> tuple[bool, int, str]:
    place = None if figure is None else figure.rank.place
    return (place is None, place or 0, code)
