"""What is said of grass-roots offices and full-time cadres (BLD)."""

from __future__ import annotations

from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences.outline import Outline, compared, degree, joined, share_of_units, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import is_full, is_over
from stats.present.sentences.units import at_target, coverage
from stats.present.sentences.values import counted, value

_GRADES = {
    "达标": "基层武装部规范化验收为“达标”等次，距达优还有差距",
    "未达标": "基层武装部规范化验收未达到“达标”等次，未达优",
    "未验收": "基层武装部本年未验收",
}


def offices(of: Subject, figure: Figure) -> str:
    """Militia battalion and company offices at three stars or above."""
    total = counted(of, "bld_company_total", "民兵营（连）部共{}", "民兵营（连）部总数")
    return joined(total, standard(of, figure, f"{'' if total else '民兵营（连）部'}三星级及以上占", place=True))


def five_stars(of: Subject, figure: Figure) -> str:
    """Offices at five stars."""
    return standard(of, figure, "五星级民兵营（连）部占")


def grade(of: Subject, figure: Figure) -> str:
    """The grade of the town's department, in words that are no judgement of a target."""
    if of.is_county:
        return share_of_units(of, figure, "基层武装部规范化验收", "达优", "未达优")
    failed = _GRADES.get(of.text("bld_dept_grade"), "基层武装部未达优")
    return degree(of, figure, "基层武装部规范化验收达优", failed, "基层武装部规范化验收等次")


def staffing(of: Subject, figure: Figure) -> str:
    """Full-time cadres on post; more than authorised is to be explained, not praised."""
    if is_over(figure) and standing(figure) != "unmet":
        units = (coverage(of, figure), at_target(of, figure.indicator)) if of.is_county else ("", "")
        over = f"专武干部配备率{value(of, figure)}{units[0]}（超配，需说明原因）"
        return joined(over, compared(of, figure), units[1])
    return standard(of, figure, "专武干部配备率", place=True, nothing_due="专武干部应配数为零，配备率不适用")


def certified(of: Subject, figure: Figure) -> str:
    """Cadres with a certificate."""
    nobody = "无在职专武干部，资格认证合格率不适用"
    return standard(of, figure, "专武干部资格认证合格率", place=True, nothing_due=nobody)


def preferred(of: Subject, figure: Figure) -> str:
    """Heads of departments from preferred sources: of a town, which has one, in words."""
    if not of.is_county and is_full(figure) and standing(figure) != "unmet":
        return "武装部部长均为“两优”来源"
    return standard(of, figure, "武装部部长“两优”比例", nothing_due="武装部部长缺位，“两优”比例不适用")


def administrative(of: Subject, figure: Figure) -> str:
    """Officers on the administrative establishment."""
    if not of.is_county and is_full(figure) and standing(figure) != "unmet":
        return "武装干事均为行政编制"
    return standard(of, figure, "武装干事行政编制比例", nothing_due="未配武装干事，行政编制比例不适用")


_SENTENCES = (
    (("BLD-01", offices), ("BLD-02", five_stars)),
    (("BLD-03", grade),),
    (("BLD-04", staffing), ("BLD-05", certified)),
    (("BLD-06", preferred), ("BLD-07", administrative)),
)
_ALL_DONE = {
    "BLD-04": ("专武干部已全部配齐", "专武干部未全部配齐"),
    "BLD-05": ("专武干部资格认证全部合格", "专武干部资格认证未全部合格"),
    "BLD-06": ("武装部部长均为“两优”来源", "武装部部长未全部为“两优”来源"),
    "BLD-07": ("武装干事均为行政编制", "武装干事未全部为行政编制"),
}
TOWN = Outline(_SENTENCES, _ALL_DONE)
COUNTY = Outline(_SENTENCES, _ALL_DONE)
