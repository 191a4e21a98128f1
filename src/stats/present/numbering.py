"""The running numbers of tables and charts, from the report alone, so that any cell can be run again. Draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import of_domain
from stats.catalogue.seasons import periods_due
from stats.figures import Figure
from stats.present import base_rows

if TYPE_CHECKING:
    from stats.report import CountyReport, Report


def released(report: Report, domain: str) -> tuple[tuple[Indicator, Figure], ...]:
    """The indicators of a domain this edition shows of this unit, in printing order, each with its figure."""
    return tuple((entry, report.figures[entry.code]) for entry in of_domain(domain) if entry.code in report.figures)


def of_towns(report: CountyReport, domain: str) -> tuple[Indicator, ...]:
    """The indicators of a domain this edition shows of any town."""
    return tuple(
        entry
        for entry in of_domain(domain)
        if entry.code in report.figures and any(entry.code in figures for figures in report.towns.values())
    )


def unmet(report: Report) -> tuple[tuple[Indicator, Figure], ...]:
    """The indicators that miss their target, in printing order."""
    shown = (pair for domain in DOMAINS for pair in released(report, domain))
    return tuple((entry, figure) for entry, figure in shown if figure.target.state == "unmet")


def has_seasons(report: Report) -> bool:
    """Whether the year has seasons and the edition shows answers of them."""
    return bool(report.seasons) and periods_due(report.year) != ("year",)


def is_ranked(entry: Indicator) -> bool:
    """Whether towns are put in order by this indicator."""
    return entry.ranked and entry.direction != "neutral"


def rankings(report: CountyReport, domain: str) -> tuple[tuple[Indicator, str], ...]:
    """The ranked indicators with two different places to tell; once per group where units are ranked in groups."""
    entries = (entry for entry in of_towns(report, domain) if is_ranked(entry))
    return tuple((entry, group) for entry in entries for group in _groups(report, entry))


def unranked(report: CountyReport, domain: str) -> tuple[Indicator, ...]:
    """The indicators by which towns are put in order in principle, but which have no ranking here."""
    ranked = {entry.code for entry, _ in rankings(report, domain)}
    return tuple(e for e in of_towns(report, domain) if is_ranked(e) and e.code not in ranked)


def falls_with_size(report: CountyReport, entry: Indicator) -> bool:
    """Whether the indicator depends on how large a unit is, so that all units in one order would say only that."""
    return any(f.rank.reason == "size" or f.rank.group for f in _figures(report, entry))


def _groups(report: CountyReport, entry: Indicator) -> tuple[str, ...]:
    """The groups with two different places, in the order of their first units; "" is the group of all units."""
    ranked = {(f.rank.group, f.rank.place): None for f in _figures(report, entry) if f.rank.place is not None}
    places = Counter(group for group, _ in ranked)
    return tuple(group for group, count in places.items() if count > 1)


def _figures(report: CountyReport, entry: Indicator) -> list[Figure]:
    towns = (report.towns[unit.code] for unit in report.units)
    return [figures[entry.code] for figures in towns if entry.code in figures]


def is_yes_or_no(entry: Indicator) -> bool:
    """Whether towns either do or do not comply with this indicator."""
    return entry.kind in ("yesno", "compliance")


def has_outside(figure: Figure | None) -> bool:
    """Whether the city's or a peer county's figure stands beside it."""
    return figure is not None and (figure.city.reference is not None or bool(figure.peers))


UNIT_TABLES = {
    "units 1": ("SYS", "REC"),
    "units 2": ("MIL", "EMG"),
    "units 3": ("BLD", "EDU"),
    "units 4": ("SUP", "FND"),
}
"""Which domains stand together in a table with a row a unit."""


def table_number(report: Report, key: str) -> str:
    """``表3`` for a table of this report, e.g. ``REC`` or ``season``."""
    keys = _county_tables(report) if _is_county(report) else _town_tables(report)  # type: ignore[arg-type]
    return f"表{next(number for number, each in enumerate(keys, start=1) if each == key)}"


CHARTS = {"town": ("years", "funnel"), "county": ("dots", "years", "funnel", "sources", "scatter")}


def chart_number(report: Report, key: str) -> str:
    """``图2`` for a chart of this report, e.g. ``years``; a document without one of them leaves its number out."""
    return f"图{CHARTS['county' if _is_county(report) else 'town'].index(key) + 1}"


def _is_county(report: Report) -> bool:
    return report.unit.type == "县级本级"


def _town_tables(report: Report) -> Iterator[str]:
    if unmet(report):
        yield "problems"
    if any(released(report, domain) for domain in DOMAINS):
        yield "indicators"
    if base_rows.town_rows(report):
        yield "work"


def _county_tables(report: CountyReport) -> Iterator[str]:
    if unmet(report):
        yield "problems"
    if any(has_outside(figure) for figure in report.figures.values()):
        yield "peers"
    yield "indicators"
    yield from ("ranked", "targets")
    for name, domains in UNIT_TABLES.items():
        if any(of_towns(report, domain) for domain in domains):
            yield name
    if "fnd_total" in report.totals:
        yield "funds"
    if "SYS-06" in report.figures:
        yield "own"
    yield "work"
