"""The catalogue in words: how an indicator is computed, summed up for the county, read and ranked. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from stats.catalogue.indicator import Aggregation, Direction, Indicator, Term
from stats.catalogue.variables import variables

DIRECTIONS: Mapping[Direction, str] = {"higher": "越高越好", "lower": "越低越好", "neutral": "不评优劣"}
COUNTY_FIGURES: Mapping[Aggregation, str] = {
    "sum": "合计",
    "sum_and_median": "合计和中位数",
    "sum_ratio": "汇总相除",
    "degree_and_share": "汇总达标程度和达标单位数",
    "share_compliant": "达标单位占比",
    "share_yes": "达标单位占比",
    "median_and_share_compliant": "中位数和达标单位数",
    "uniform_or_median": "统一标准，不一致时中位数",
    "county_own": "县级本级",
}
BASES: Mapping[str, str] = {
    "seed": "会议要求",
    "param": "本县设定",
    "public": "公开规定",
    "local": "本地文件",
}
"""What a target rests on."""

REMARKS: Mapping[str, str] = {
    "SYS-01": "每季度至少一次为达标，集中在同一季度的不算",
    "SYS-04": "四项都落实为达标",
    "REC-01": "春秋两季都完成为全年完成",
    "REC-02": "春秋两季之和",
    "REC-04": "分母为全部新兵，不是其中的大学生",
    "EMG-02": "含防汛、森林防火、抗震等",
    "EMG-06": "灾情年际差异大",
    "BLD-04": "大于100%为超配，需说明原因",
    "EDU-02": "人次可重复计",
    "EDU-03": "辖区无学校的不适用",
    "EDU-05": "多于7天按7天计，未组织的不适用",
    "SUP-01": "辖区无驻军的不适用",
    "FND-01": "全县含县级本级，不重复相加",
    "FND-02": "未扣除价格因素",
    "FND-03": "大于100%为超支，需说明原因",
}
"""What a reader has to know besides."""


def numerator(indicator: Indicator) -> str:
    """What is counted, as a reader says it.

    >>> from stats.catalogue.indicators import indicators
    >>> numerator(indicators()["SYS-02"]), numerator(indicators()["SYS-03"])
    ('议军会议事项年内办结数', '书记党管武装述职方式为现场或书面')
    """
    terms = indicator.numerator
    if {term.test for term in terms} == {"is"} and len({term.variable for term in terms}) == 1:
        return f"{_name(terms[0])}为{'或'.join(term.choice for term in terms)}"
    if len(terms) > 1 and terms[0].test != "amount":
        return f"做到的项数（{'、'.join(map(_term, terms))}）"
    return _sum(terms)


def denominator(indicator: Indicator) -> str:
    """What it is divided by; empty where it is the number itself, or a yes or no."""
    if indicator.kind == "growth":
        return "上年数"
    below = indicator.denominator
    if isinstance(below, int):
        return "" if below == 1 else str(below)
    return _sum(below)


def formula(indicator: Indicator) -> str:
    """The whole of it in one line.

    >>> from stats.catalogue.indicators import indicators
    >>> formula(indicators()["SYS-02"]), formula(indicators()["REC-10"])
    ('议军会议事项年内办结数÷议军会议提出需解决事项数', '（本年－上年）÷上年，数为报名应征大学生人数')
    """
    if indicator.kind == "growth":
        return f"（本年－上年）÷上年，数为{numerator(indicator)}"
    parts = [numerator(indicator), denominator(indicator)]
    return "÷".join(part for part in parts if part)


def ranking(indicator: Indicator) -> str:
    """Which units are ranked by it."""
    if not indicator.ranked or indicator.direction == "neutral":
        return "不排位"
    parts = [f"基数不少于{indicator.minimum_base}"] if indicator.minimum_base else []
    parts += ["只在规模相近的组内"] if indicator.falls_with_size else []
    parts += [f"大于{indicator.best_at}不排"] if indicator.best_at is not None else []
    return "，".join(parts) or "排位"


def _sum(terms: tuple[Term, ...]) -> str:
    return "＋".join(map(_term, terms))


def _term(term: Term) -> str:
    name = _name(term)
    if term.test == "amount":
        return name
    if term.test == "at_least":
        return f"{name}不少于{term.threshold}"
    return f"{name}为{term.choice}" if term.choice else name


def _name(term: Term) -> str:
    return variables()[term.variable].full_name
