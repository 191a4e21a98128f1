"""What is said of recruitment (REC)."""

from __future__ import annotations

from stats.catalogue.status import Status
from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences import change
from stats.present.sentences.outline import Outline, degree, joined, share_of_units, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import target
from stats.present.sentences.units import at_target, coverage
from stats.present.sentences.values import small_base

_CALL = "报名发动工作需要提前抓实"


def task(of: Subject, figure: Figure) -> str:
    """Whether the year's task was met."""
    if of.is_county:
        return share_of_units(of, figure, "全年征集任务", "完成", "未完成")
    return degree(of, figure, "完成了全年征集任务", "未完成全年征集任务", "全年征集任务完成情况")


def recruits(of: Subject, figure: Figure) -> str:
    """The recruits of the year."""
    return standard(of, figure, "全年征集新兵")


def college(of: Subject, figure: Figure) -> str:
    """College students and graduates among the recruits."""
    return standard(of, figure, "新兵中大学生占", county=True, city=True, place=True)


def graduates(of: Subject, figure: Figure) -> str:
    """College graduates among the recruits."""
    return standard(of, figure, "新兵中大学毕业生占", city=True, place=True)


def registration(of: Subject, figure: Figure) -> str:
    """Registration for military service."""
    return standard(of, figure, "兵役登记率", place=True)


def applicants(of: Subject, figure: Figure) -> str:
    """How the number of college applicants moved."""
    if figure.status is Status.NO_PREVIOUS and of.is_first_return:
        return ""
    moved = change.growth(figure, of.report.params.rounding)
    return joined(
        f"大学生报名人数{moved}{small_base(of, figure)}"
        + (coverage(of, figure) if of.is_county and figure.status.has_value else ""),
        target(of, figure) if standing(figure) == "unmet" else "",
        _CALL if change.way(figure) == "down" else "",
        at_target(of, figure.indicator) if of.is_county else "",
    )


_SENTENCES = (
    (("REC-01", task), ("REC-02", recruits)),
    (("REC-03", college), ("REC-04", graduates)),
    (("REC-05", registration), ("REC-10", applicants)),
)
TOWN = Outline(_SENTENCES, {})
COUNTY = Outline(_SENTENCES, {})
