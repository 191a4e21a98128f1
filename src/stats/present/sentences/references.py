"""The clauses on others: the county, the city, the place among units. Tells only places that mean something."""

from __future__ import annotations

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.compare import is_telling
from stats.figures import Comparison, Figure
from stats.present.sentences.change import direction, distance
from stats.present.sentences.values import between, difference_unit


def county(figure: Figure) -> str:
    """The clause against the county: its average or median, or the share of its total; empty where not compared."""
    entry, given = indicators()[figure.indicator], figure.county
    if not figure.status.has_value or figure.small_base or not given.status.has_value:
        return ""
    if entry.versus_county == "share":
        return _share(given)
    median = entry.versus_county.startswith("median")
    return _against(given, entry, "全县中位数" if median else "全县平均水平")


def _share(given: Comparison) -> str:
    if given.percent is None:
        return ""
    whole = "全县" if given.units >= given.due else "已上报单位合计"
    if given.status is Status.APPROX:
        if given.percent_low is None or given.percent_high is None:
            return ""
        return f"占{whole}的{between(*(f'{numbers.number(end)}%' for end in (given.percent_low, given.percent_high)))}"
    return f"占{whole}的{numbers.number(given.percent)}%"


def city(figure: Figure) -> str:
    """The clause against the city; says so where the city's figure was not provided."""
    given = figure.city
    if not figure.status.has_value or figure.small_base:
        return ""
    if given.status is Status.NOT_PROVIDED:
        return "全市平均数据未提供"
    if given.status is Status.UNFIT:
        return "全市数据文件有误，未作比较"
    return _against(given, indicators()[figure.indicator], "全市平均水平")


def _against(given: Comparison, entry: Indicator, whom: str) -> str:
    where = direction(given)
    if where == "none":
        return ""
    if where in ("flat", "about"):
        return f"与{whom}{'持平' if where == 'flat' else '大体相当'}"
    unit = "个百分点" if entry.unit == "%" else difference_unit(entry)
    return f"{'高' if where == 'up' else '低'}于{whom}{distance(given, unit)}"


def place(figure: Figure) -> str:
    """The clause on a telling place; empty for any other, and for what lies above 100 where 100 is best."""
    rank = figure.rank
    if not figure.status.has_value or figure.exceeds_whole or not is_telling(rank):
        return ""
    among = f"{rank.group}{rank.of}个单位" if rank.group else f"{rank.of}个可比单位"
    if rank.place == rank.of:
        return f"居{among}末位"
    return f"居{among}{'并列' if rank.tied else ''}第{rank.place}位"
