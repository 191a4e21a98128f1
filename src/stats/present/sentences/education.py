"""What is said of defence education (EDU)."""

from __future__ import annotations

from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present.sentences.outline import Outline, degree, joined, share_of_units, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.values import counted, known


def events(of: Subject, figure: Figure) -> str:
    """Events of the year."""
    return standard(of, figure, "全年开展国防教育活动")


def participants(of: Subject, figure: Figure) -> str:
    """Participant-times for every ten thousand residents."""
    return standard(of, figure, "每万人口受教育", place=True).replace("人次/万人", "人次")


def schools(of: Subject, figure: Figure) -> str:
    """Schools covered; a town without schools has no coverage."""
    if of.is_zero("bas_schools"):
        return "辖区内无中小学，学校国防教育覆盖率不适用"
    lead = ""
    if known(of.answer("bas_schools")) and known(of.answer("edu_schools_covered")):
        covered = counted(of, "edu_schools_covered", "中小学中{}开展了国防教育")
        lead = f"{counted(of, 'bas_schools', '辖区{}')}{covered}"
    return joined(lead, standard(of, figure, "覆盖率" if lead else "", county=True, place=True))


def defence_day(of: Subject, figure: Figure) -> str:
    """The defence-education day."""
    if of.is_county:
        return share_of_units(of, figure, "全民国防教育日活动", "按期开展", "未开展")
    return degree(of, figure, "全民国防教育日活动按期开展", "全民国防教育日活动未开展", "全民国防教育日活动开展情况")


def camp(of: Subject, figure: Figure) -> str:
    """Days of a youth-camp course; nothing where none is organised."""
    if figure.status is Status.NOT_APPLICABLE:
        return ""
    if of.is_county:
        return share_of_units(of, figure, "集中国防教育每期7天的要求", "达到", "未达到")
    days = counted(of, "edu_camp_days", "集中国防教育每期{}")
    return joined(days, degree(of, figure, "达到要求", "未达到每期7天的要求", "是否达到每期7天的要求"))


_SENTENCES = (
    (("EDU-01", events), ("EDU-02", participants)),
    (("EDU-03", schools),),
    (("EDU-04", defence_day), ("EDU-05", camp)),
)
TOWN = Outline(_SENTENCES, {})
COUNTY = Outline(_SENTENCES, {})
