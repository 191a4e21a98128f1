"""What stands under a table: the marks it uses, what its columns mean, how many units stand behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stats.catalogue import marks
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.figures import Figure

if TYPE_CHECKING:
    from stats.quality import QualityReport
    from stats.report import Report

_COUNTY_COLUMN = {
    "sum_ratio": "比率、人均为汇总后相除",
    "share_compliant": "达标类、是否类为达标单位占比（%）",
    "share_yes": "达标类、是否类为达标单位占比（%）",
    "sum": "计数、金额为合计",
    "median_and_share_compliant": "只报比率的和例会次数为中位数",
    "sum_and_median": "只报比率的和例会次数为中位数",
    "uniform_or_median": "优待金标准增速为统一标准（不一致时为中位数）",
}


_OWN_COLUMN = {"sum_and_median": _COUNTY_COLUMN["sum"], "median_and_share_compliant": "只报比率的为中位数"}


def source(report: Report | QualityReport) -> str:
    """The source line of every table and chart."""
    return f"{report.params.county.name}各单位{report.year}年度统计上报表"


def used_marks(rows: Iterable[Sequence[str]], *, blanks: Iterable[str] = ()) -> tuple[str, ...]:
    """One note on the marks these cells print; empty where they print none. ``blanks``: cells that may hold no data."""
    texts = {text for row in rows for text in row}
    together = "\n".join(texts)
    printed = [mark for mark in marks.MARKS if mark.sign and mark.sign in together]
    shown = [mark for mark in printed if any(_carries(text, mark.sign) for text in texts)]
    if any(not text for text in blanks):
        shown.insert(0, marks.NO_DATA)
    return ("；".join(mark.legend for mark in shown),) if shown else ()


def _carries(text: str, sign: str) -> bool:
    """Whether a cell prints the mark; 约 and — are signs only where they stand before a number or alone."""
    if sign == marks.APPROXIMATE.sign:
        return text.startswith(sign) and text[1:2].isdigit()
    return text == sign if sign == marks.NOT_APPLICABLE.sign else sign in text


def county_column(entries: Iterable[Indicator]) -> str:
    """What the 全县 column is for the kinds of indicators in the table."""
    kinds = dict.fromkeys(_COUNTY_COLUMN[e.aggregation] for e in entries if e.aggregation in _COUNTY_COLUMN)
    return f"全县栏：{'；'.join(kinds)}"


def total(where: str, entries: Iterable[Indicator]) -> str:
    """What the county's own figures are in this column or row: of meetings, the sum rather than the median."""
    kinds = {
        **_COUNTY_COLUMN,
        "sum_and_median": _COUNTY_COLUMN["sum"],
        "median_and_share_compliant": "只报比率的为中位数",
    }
    shown = dict.fromkeys(kinds[e.aggregation] for e in entries if e.aggregation in kinds)
    return f"{where}：{'；'.join(shown)}"


def last_year_column(entries: Iterable[Indicator]) -> str:
    """What the numbers of the 同比 column are."""
    has_percent = any(entry.year_on_year == "percent" for entry in entries)
    return "同比栏为与上年之差（比率为百分点）" + ("，带%的为增减幅度" if has_percent else "")


def county_coverage(figures: Iterable[Figure]) -> tuple[str, ...]:
    """One note where units are missing behind the 全县 column of a town's table."""
    shown = [figure.county for figure in figures if figure.county.reference is not None]
    counts = [(given.units, given.due) for given in shown if given.units < given.due]
    if not counts:
        return ()
    spans = " 至 ".join(dict.fromkeys(f"{units}/{due}" for units, due in (min(counts), max(counts))))
    return (f"全县栏只含已上报单位（合计为已上报单位合计），有缺报的指标有效/应报单位为{spans}",)


def series_breaks(pairs: Iterable[tuple[Indicator, Figure]]) -> tuple[str, ...]:
    """One note naming the indicators that a change of definition or boundary keeps from being compared."""
    broken = [entry.name for entry, figure in pairs if figure.last_year.status is Status.SERIES_BREAK]
    return (f"{'、'.join(broken)}因口径或区划调整不作同比",) if broken else ()


def matched(figures: Iterable[Figure]) -> tuple[str, ...]:
    """One note where a county's sums are compared over fewer units than it has."""
    counts = [f.matched for f in figures if f.last_year.difference is not None and 0 < f.matched < f.due]
    return (f"合计数的上年、同比只按两年均有数据的单位计算（最少{min(counts)}个）",) if counts else ()


def exceeding(figures: Iterable[Figure]) -> tuple[str, ...]:
    """One note where a share may be above 100%."""
    return ("大于100%的为超配或有追加",) if any(figure.exceeds_whole for figure in figures) else ()
