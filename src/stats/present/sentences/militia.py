"""What is said of the militia's organisation and training (MIL)."""

from __future__ import annotations

from stats.figures import Figure
from stats.present.sentences.outline import Outline, degree, joined, share_of_units, standard
from stats.present.sentences.subject import Subject
from stats.present.sentences.values import counted, known


def reorganisation(of: Subject, figure: Figure) -> str:
    """Villages and units due to reorganise, and those that did."""
    due = counted(of, "mil_reorg_due", "应整组单位{}")
    done = counted(of, "mil_reorg_done", "完成{}")
    if of.is_zero("mil_reorg_due"):
        return "无应整组单位"
    lead = "整组完成率" if due and done and known(of.answer("mil_reorg_due")) else "民兵整组完成率"
    return joined(due, done, standard(of, figure, lead, place=True))


def programme(of: Subject, figure: Figure) -> str:
    """The five items of the muster meeting."""
    items = counted(of, "mil_reorg_items", "（落实{}）")
    return degree(of, figure, "整组大会五项程序全部落实", f"整组大会五项程序未全部落实{items}", "整组大会程序落实情况")


def full_programme(of: Subject, figure: Figure) -> str:
    """The county's units that carried out all five items."""
    return share_of_units(of, figure, "整组大会五项程序", "全部落实", "未全部落实")


def muster(of: Subject, figure: Figure) -> str:
    """Attendance at the muster; of the county the median, for units report a rate only."""
    return standard(of, figure, f"整组点验到点率{'的中位数为' if of.is_county else ''}", county=True)


def training(of: Subject, figure: Figure) -> str:
    """Attendance at the year's training."""
    return standard(of, figure, f"年度训练参训率{'的中位数为' if of.is_county else ''}", county=True)


def meetings(of: Subject, figure: Figure) -> str:
    """Regular meetings."""
    return standard(of, figure, "全年召开武装工作例会和民兵干部例会")


_TAIL = ((("MIL-03", muster), ("MIL-04", training)), (("MIL-05", meetings),))
TOWN = Outline(((("MIL-01", reorganisation), ("MIL-02", programme)), *_TAIL), {})
COUNTY = Outline(((("MIL-01", reorganisation),), (("MIL-02", full_programme),), *_TAIL), {})
