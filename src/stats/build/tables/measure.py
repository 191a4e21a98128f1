"""What a row of ``indicators.csv`` measures, in one word: a unit's own figure, or how the county's is made of them."""

from __future__ import annotations

from collections.abc import Mapping

from stats.catalogue.indicator import Aggregation, Indicator, Kind
from stats.figures import Figure

_OF_COUNTY: Mapping[Aggregation, str] = {
    "sum_ratio": "汇总比率",
    "degree_and_share": "达标程度",
    "share_compliant": "达标单位占比",
    "share_yes": "达标单位占比",
    "median_and_share_compliant": "中位数",
    "uniform_or_median": "中位数",
    "county_own": "县级本级",
}
_OF_UNIT: Mapping[Kind, str] = {
    "compliance": "达标程度",
    "ratio": "比率",
    "yesno": "是否",
    "count": "数量",
    "per_10k": "人均",
    "growth": "增速",
    "rate_only": "上报比率",
    "average": "人均",
    "amount": "金额",
}


def measure(figure: Figure, indicator: Indicator, *, of_county: bool) -> str:
    """The word with the unit in brackets, e.g. ``合计（名）``; a sum over fewer units than are due is never 合计 alone.

    A unit's yes or no is told as 100 or 0, so that it has no unit.
    """
    if not of_county:
        word = "是否" if indicator.is_yes_or_no else _OF_UNIT[indicator.kind]
        return word if word == "是否" else f"{word}（{indicator.unit}）"
    return f"{_of_county(figure, indicator)}（{indicator.unit}）"


def _of_county(figure: Figure, indicator: Indicator) -> str:
    if indicator.aggregation in ("sum", "sum_and_median"):
        return "合计" if figure.units >= figure.due else "已上报单位合计"
    if indicator.aggregation == "sum_ratio" and indicator.kind == "growth":
        return "汇总增速"
    return _OF_COUNTY[indicator.aggregation]
