"""What is said of mutual support and preferential treatment (SUP)."""

from __future__ import annotations

from stats.catalogue.status import Status
from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences import change
from stats.present.sentences.outline import Outline, degree, joined, share_of_units, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import target
from stats.present.sentences.units import at_target
from stats.present.sentences.values import counted, known


def troop_visits(of: Subject, figure: Figure) -> str:
    """Visits to stationed troops at the two festivals."""
    if of.is_county:
        return share_of_units(of, figure, "八一、春节走访部队", "落实", "未落实")
    if figure.status in (Status.NOT_APPLICABLE, Status.ZERO_DENOMINATOR):
        return "辖区内无驻军，走访部队不适用"
    visits = counted(of, "sup_troop_visits", "走访慰问驻地部队{}") if figure.status.has_value else ""
    did, failed = "落实八一、春节走访要求", "未落实八一、春节走访要求"
    return joined(visits, degree(of, figure, did, failed, "八一、春节走访部队落实情况"))


def household_visits(of: Subject, figure: Figure) -> str:
    """Visits to entitled households."""
    due = counted(of, "sup_households_due", "应走访优抚对象{}")
    visited = counted(of, "sup_households_visited", "已走访{}")
    if of.is_zero("sup_households_due"):
        return "无应走访优抚对象"
    lead = "走访覆盖率" if due and visited and known(of.answer("sup_households_due")) else "优抚对象走访覆盖率"
    return joined(due, visited, standard(of, figure, lead, county=True, place=True))


def allowance(of: Subject, figure: Figure) -> str:
    """The standard of the family allowance and how it moved."""
    level = counted(of, "sup_allowance_standard", "义务兵家庭优待金年标准为{}")
    if level and not known(of.answer("sup_allowance_standard")):
        if not figure.status.has_value:
            return level
        level = ""
    if figure.status is Status.NO_PREVIOUS and of.is_first_return:
        return level
    moved = change.growth(figure, of.report.params.rounding, ("提高", "下降"))
    return joined(
        level or f"义务兵家庭优待金标准{moved}",
        moved if level else "",
        target(of, figure) if standing(figure) == "unmet" else "",
        "请核对标准口径" if change.way(figure) == "down" else "",
        at_target(of, figure.indicator) if of.is_county else "",
    )


def paid(of: Subject, figure: Figure) -> str:
    """Allowances paid in full."""
    return standard(of, figure, "优待金足额发放率", place=True, nothing_due="无应发优待金户")


def notices(of: Subject, figure: Figure) -> str:
    """Merit notices delivered."""
    return standard(of, figure, "立功喜报送达率", place=True, nothing_due="无应送立功喜报")


def requests(of: Subject, figure: Figure) -> str:
    """Requests of families resolved."""
    return standard(of, figure, "军人家庭诉求办结率", place=True, nothing_due="军人家庭未提出诉求")


def joint_events(of: Subject, figure: Figure) -> str:
    """Joint events of civilians and the military."""
    return standard(of, figure, "开展军民共建和双拥活动")


_SENTENCES = (
    (("SUP-01", troop_visits),),
    (("SUP-02", household_visits),),
    (("SUP-03", allowance), ("SUP-04", paid)),
    (("SUP-05", notices), ("SUP-06", requests), ("SUP-07", joint_events)),
)
_ALL_DONE = {
    "SUP-04": ("优待金已全部足额发放", "优待金未全部足额发放"),
    "SUP-05": ("立功喜报已全部送达", "立功喜报未全部送达"),
    "SUP-06": ("军人家庭诉求已全部办结", "军人家庭诉求未全部办结"),
}
TOWN = Outline(_SENTENCES, _ALL_DONE)
COUNTY = Outline(_SENTENCES, _ALL_DONE)
