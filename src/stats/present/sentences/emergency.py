"""What is said of civil emergencies and help for local construction (EMG)."""

from __future__ import annotations

from stats.figures import Figure
from stats.present.sentences.outline import Outline, degree, share_of_units, standard
from stats.present.sentences.subject import Subject

NO_JUDGEMENT = "出动人次受灾情影响较大，不作优劣评价"


def health(of: Subject, figure: Figure) -> str:
    """Person-times in public-health tasks."""
    return standard(of, figure, "民兵全年参加疫情防控等公共卫生任务")


def disaster(of: Subject, figure: Figure) -> str:
    """Person-times in disaster relief."""
    return standard(of, figure, "参加抢险救灾")


def in_system(of: Subject, figure: Figure) -> str:
    """Whether the emergency team belongs to the local emergency system."""
    if of.is_county:
        return share_of_units(of, figure, "应急队伍纳入地方应急力量体系", "已纳入", "未纳入")
    yes, no = "应急队伍已纳入地方应急力量体系", "应急队伍未纳入地方应急力量体系"
    return degree(of, figure, yes, no, "应急队伍是否纳入地方应急力量体系")


def turn_outs(of: Subject, figure: Figure) -> str:
    """Turn-outs per participant."""
    return standard(of, figure, "参加人员人均出动").replace("次/人", "次")


def rural(of: Subject, figure: Figure) -> str:
    """Person-times in rural work; turn-outs are never judged."""
    said = standard(of, figure, "参加乡村振兴和人居环境整治")
    return f"{said}；{NO_JUDGEMENT}" if said and figure.status.has_value else said


_SENTENCES = (
    (("EMG-01", health), ("EMG-02", disaster)),
    (("EMG-05", in_system), ("EMG-03", turn_outs)),
    (("EMG-04", rural),),
)
TOWN = Outline(_SENTENCES, {})
COUNTY = Outline(_SENTENCES, {})
