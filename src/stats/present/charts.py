"""Which chart shows which domain, its title and its alternative text. Draws from finished figures only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.present import county_charts, numbering
from stats.present.bars import Against, Bar, Inputs, Painter, Panel
from stats.present.blocks import Block, Chart, Group, Paragraph
from stats.present.chart_bars import bar, bar_notes, has_value, length
from stats.present.tables import title
from stats.present.wording import is_county

if TYPE_CHECKING:
    from stats.report import Report

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
        if is_county(report):
            return county_charts.sentence(report, domain)  # type: ignore[arg-type]
        return Paragraph("本领域可供绘图的指标未列出、未填报或不适用，不绘图。")
    number = numbering.chart_number(report, domain, drawn)
    if is_county(report):
        return county_charts.chart(report, domain, number, painter)  # type: ignore[arg-type]
    draw = _rates_chart if domain in _RATES else _years_chart
    return draw(report, domain, number, painter)


def _drawn(report: Report) -> tuple[str, ...]:
    """The domains that have a chart, in order."""
    if is_county(report):
        return tuple(domain for domain in DOMAINS if county_charts.is_drawn(report, domain))  # type: ignore[arg-type]
    return tuple(domain for domain in DOMAINS if _rates(report, domain) or _years(report, domain))


def _rates(report: Report, domain: str) -> list[tuple[Indicator, Figure]]:
    """The rates of a domain's chart; none where no figure has a value."""
    codes = [code for code in _RATES.get(domain, ()) if code in report.figures]
    shown = [(indicators()[code], report.figures[code]) for code in codes]
    return shown if any(has_value(figure) for _, figure in shown) else []


def _years(report: Report, domain: str) -> list[Indicator]:
    """The indicators of a domain's chart over the years; none where no year has a value."""
    return [
        indicators()[code]
        for code in _YEARS.get(domain, ())
        if code in report.figures and any(has_value(figure) for figure in report.history[code].values())
    ]


def _rates_chart(report: Report, domain: str, number: str, painter: Painter) -> Chart:
    shown = _rates(report, domain)
    rows = [_against(entry, figure) for entry, figure in shown]
    name = title(report, f"{DOMAINS[domain]}主要比率与全县、目标比较（%）")
    return Chart(
        number=number,
        title=name,
        svg=painter.against(rows, prefix=domain, unit_name="本单位"),
        alt=f"{name}。{'；'.join(_against_alt(row) for row in rows)}。",
        notes=_looks([row.bar for row in rows]),
    )


def _looks(bars: list[Bar]) -> tuple[str, ...]:
    return bar_notes(each.look for each in bars)


def _against(entry: Indicator, figure: Figure) -> Against:
    return Against(
        bar=bar(entry.name, figure, entry),
        county=length(figure.county.reference),
        county_text=numbers.reference(figure.county),
        target=length(figure.target.value),
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
        notes=_looks([drawn for panel in panels for drawn in panel.bars]),
    )


def _panel(report: Report, entry: Indicator) -> Panel:
    years = [bar(str(year), figure, entry) for year, figure in sorted(report.history[entry.code].items())]
    return Panel(f"{entry.name}（{entry.unit}）", tuple(years))


def _panel_alt(panel: Panel) -> str:
    return f"{panel.title}{'，'.join(f'{year.name}年{year.text}' for year in panel.bars)}"
