"""What is said of funds (FND)."""

from __future__ import annotations

from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences.change import way
from stats.present.sentences.outline import Outline, compared, joined, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import is_over, target
from stats.present.sentences.units import at_target, coverage
from stats.present.sentences.values import value


def total(of: Subject, figure: Figure) -> str:
    """The funds of the year; the county's include its own row."""
    lead = "武装工作经费投入（含县级本级）合计" if of.is_county and "FND-01" in of.own else "武装工作经费投入合计"
    return standard(of, figure, lead)


def growth(of: Subject, figure: Figure) -> str:
    """That funds fell below last year's, or rose by less than is asked; any other rise was told with the total."""
    if standing(figure) != "unmet":
        return ""
    units = at_target(of, figure.indicator) if of.is_county else ""
    rose = f"武装工作经费增速{value(of, figure)}" if way(figure) == "up" else ""
    return joined(rose or "经费总量与逐年增加的要求不符，需说明原因", target(of, figure), units)


def town_share(of: Subject, figure: Figure) -> str:
    """The town's share of the funds."""
    return standard(of, figure, "镇级投入占")


def building(of: Subject, figure: Figure) -> str:
    """The share for grass-roots building."""
    return standard(of, figure, "基层规范化建设占")


def execution(of: Subject, figure: Figure) -> str:
    """The budget spent; more than the budget is to be explained, not praised."""
    if is_over(figure) and standing(figure) != "unmet":
        units = (coverage(of, figure), at_target(of, figure.indicator)) if of.is_county else ("", "")
        over = f"年初预算执行率{value(of, figure)}{units[0]}（支出大于年初预算，需说明原因）"
        return joined(over, compared(of, figure), units[1])
    return standard(of, figure, "年初预算执行率", place=True, nothing_due="未安排年初预算，执行率不适用")


def per_head(of: Subject, figure: Figure) -> str:
    """Funds per resident; the place is among units of like size."""
    return standard(of, figure, "人均经费", place=True).replace("元/人", "元")


_SENTENCES = (
    (("FND-01", total), ("FND-02", growth)),
    (("FND-04", town_share), ("FND-06", building)),
    (("FND-03", execution), ("FND-05", per_head)),
)
TOWN = Outline(_SENTENCES, {})
COUNTY = Outline(_SENTENCES, {})
