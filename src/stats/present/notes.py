"""What stands under one table because it is so in that table only; what holds for all stands in the legend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present import unit_counts

if TYPE_CHECKING:
    from stats.quality import QualityReport
    from stats.report import CountyReport, Report

Pairs = Iterable[tuple[Indicator, Figure]]

_UNRANKED = {
    "small_base": "基数较小",
    "approx": "为概数",
    "size": "随单位大小而变",
    "above_best": "超过100%",
}


def source(report: Report | QualityReport) -> str:
    """Where the tables and charts of a document come from."""
    return f"{report.params.county.name}各单位{report.year}年度统计上报表"


def named(entries: Iterable[Indicator]) -> str:
    """Names of indicators that cannot be taken for one another: each in quotation marks."""
    return "".join(f"“{entry.name}”" for entry in entries)


def series_breaks(pairs: Pairs) -> tuple[str, ...]:
    """One note naming the indicators that a change of definition or boundary keeps from being compared."""
    broken = [entry for entry, figure in pairs if figure.last_year.status is Status.SERIES_BREAK]
    return (f"{named(broken)}因口径或区划调整不作同比",) if broken else ()


def exceeding(pairs: Pairs) -> tuple[str, ...]:
    """One note naming the shares above 100%."""
    over = [entry for entry, figure in pairs if figure.exceeds_whole and figure.status.has_value]
    return (f"{named(over)}大于100%，为{over_word(over[0])}",) if over else ()


def over_word(entry: Indicator) -> str:
    """What more than the whole is called: of money 超支, of posts 超配."""
    return "超支" if entry.domain == "FND" else "超配"


def unranked(pairs: Pairs) -> tuple[str, ...]:
    """One note naming the indicators that are ranked elsewhere but not here, by reason; and the groups of places."""
    shown = list(pairs)
    parts = [
        f"{named(those)}{words}"
        for reason, words in _UNRANKED.items()
        if (those := [entry for entry, figure in shown if figure.rank.reason == reason])
    ]
    groups = {figure.rank.group: None for _, figure in shown if figure.rank.group}
    return (
        *((f"不排位的：{'；'.join(parts)}",) if parts else ()),
        *(f"{named(e for e, f in shown if f.rank.group == group)}的位次为在“{group}”组内的位次" for group in groups),
    )


def with_own(report: CountyReport, pairs: Pairs) -> tuple[str, ...]:
    """One note naming the indicators that count the county's own row besides the units due."""
    own = [entry for entry, figure in pairs if unit_counts.has_own(report, figure)]
    return (f"{named(own)}另含县级本级",) if own else ()
