"""What is said of the party committees' work on armed forces matters (SYS)."""

from __future__ import annotations

from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences.outline import Outline, degree, joined, share_of_units, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import is_full
from stats.present.sentences.values import counted, known

_INCLUSIONS = {
    "sys_on_agenda": "列入党委议事日程",
    "sys_in_plan": "列入发展规划或年度计划",
    "sys_in_budget": "列入财政预算",
    "sys_in_assessment": "纳入绩效考核",
}


def meetings(of: Subject, figure: Figure) -> str:
    """Meetings of the party committee, quarters covered, and whether that is every quarter."""
    held = counted(of, "sys_council_meetings", "全年召开党委议军会议{}")
    covered = counted(of, "sys_council_quarters", "覆盖{}")
    if covered and not figure.status.has_value:
        return joined(held, covered, "是否每季度议军不能判定")
    return joined(held, covered, degree(of, figure, "做到了每季度议军", "未做到每季度议军", "是否每季度议军"))


def issues(of: Subject, figure: Figure) -> str:
    """Issues raised at the meetings and resolved in the year."""
    raised = counted(of, "sys_issues_raised", "会议共提出需解决事项{}")
    resolved = counted(of, "sys_issues_resolved", "年内办结{}")
    if of.is_zero("sys_issues_raised"):
        return "会议未提出需解决事项"
    lead = "办结率" if raised and resolved and known(of.answer("sys_issues_raised")) else ""
    return joined(raised, resolved, standard(of, figure, lead, county=True, place=True))


def duty_report(of: Subject, figure: Figure) -> str:
    """Whether and how the secretary reported on duty."""
    way = of.text("sys_duty_report")
    did = f"党委书记以{way}形式完成党管武装述职" if way in ("现场", "书面") else "党委书记完成党管武装述职"
    return degree(of, figure, did, "党委书记本年度未进行党管武装述职", "党委书记党管武装述职情况")


def inclusions(of: Subject, figure: Figure) -> str:
    """The four inclusions, and which are lacking."""
    lacking = "、".join(words for name, words in _INCLUSIONS.items() if of.text(name) == "否")
    failed = f"“四纳入”未全部落实{f'（缺{lacking}）' if lacking else ''}"
    return degree(of, figure, "“四纳入”全部落实", failed, "“四纳入”是否全部落实")


def military_day(of: Subject, figure: Figure) -> str:
    """The military day."""
    held = counted(of, "sys_military_days", "过“军事日”{}") if is_full(figure) else ""
    return degree(of, figure, held or "过了“军事日”", "未过“军事日”", "过“军事日”情况")


def honoured(of: Subject, figure: Figure) -> str:
    """Secretaries honoured by the city or above; nothing where there is none."""
    if standing(figure) in ("met", "unmet"):
        return standard(of, figure, "受市级及以上表彰的书记")
    if not figure.rounded:
        return ""
    return standard(of, figure, "受市级及以上表彰的书记") if of.is_county else "党委书记受到市级及以上表彰"


def quarterly(of: Subject, figure: Figure) -> str:
    """The county's units that met every quarter."""
    return share_of_units(of, figure, "每季度召开党委议军会议", "做到", "未做到")


def reported_on_duty(of: Subject, figure: Figure) -> str:
    """The county's secretaries who reported on duty."""
    return share_of_units(of, figure, "书记党管武装述职", "已述职", "未述职")


def all_included(of: Subject, figure: Figure) -> str:
    """The county's units with all four inclusions."""
    return share_of_units(of, figure, "党管武装“四纳入”", "全部落实", "未全部落实")


def had_military_day(of: Subject, figure: Figure) -> str:
    """The county's units that held the military day."""
    return share_of_units(of, figure, "过“军事日”", "落实", "未落实")


def first_secretary(of: Subject, figure: Figure) -> str:
    """The four duties of the county's first secretary."""
    return standard(of, figure, "人武部党委第一书记“四个一”落实率")


TOWN = Outline(
    (
        (("SYS-01", meetings),),
        (("SYS-02", issues),),
        (("SYS-03", duty_report), ("SYS-04", inclusions)),
        (("SYS-05", military_day), ("SYS-07", honoured)),
    ),
    {},
)
COUNTY = Outline(
    (
        (("SYS-01", quarterly),),
        (("SYS-02", lambda of, figure: standard(of, figure)),),
        (("SYS-03", reported_on_duty), ("SYS-04", all_included)),
        (("SYS-05", had_military_day), ("SYS-06", first_secretary), ("SYS-07", honoured)),
    ),
    {},
)
