"""What the source documents name and the form does not ask, on purpose. Declares; checks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One matter that is no question of the form: why, and the words no question may contain because of it.

    ``kind`` "not_collected" is never asked at all, "narrative" is told in words elsewhere and has nothing to
    count, "document" belongs to the papers of the conference.
    """

    matter: str
    kind: Literal["not_collected", "narrative", "document"]
    reason: str
    words: tuple[str, ...] = ()


EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(
        "战备值班、作战值班室、兵器室、武器装备封存与配置",
        "not_collected",
        "属作战和涉密事项",
        ("战备", "值班", "作战", "兵器", "武器", "装备", "弹药", "仓库", "封存"),
    ),
    Exclusion(
        "军事训练内容、战术科目、联演联训、指挥机制",
        "not_collected",
        "属作战和涉密事项；训练只报参训率，不报内容和成绩",
        ("战术", "科目", "联演", "联训", "指挥", "训练内容", "训练成绩", "预案"),
    ),
    Exclusion(
        "维稳处突、群体性事件处置",
        "not_collected",
        "属敏感事项；应急人次只计公共卫生和抢险救灾",
        ("维稳", "处突", "群体性"),
    ),
    Exclusion(
        "驻地部队名称、人员姓名",
        "not_collected",
        "属个人和部队信息",
        ("姓名", "身份证", "证件", "电话", "手机", "住址", "部队名称", "番号", "驻地名称"),
    ),
    Exclusion(
        "个人健康和政治考核原因",
        "not_collected",
        "属个人信息；只报总数，不分原因",
        ("病史", "病种", "疾病", "不合格原因", "退兵原因"),
    ),
    Exclusion(
        "民兵编组人数",
        "not_collected",
        "属涉密事项；整组按单位计，点验和参训只报比率",
        ("编组人数", "编制人数", "实力", "应到", "实到", "应训", "实训"),
    ),
    Exclusion("征集任务数", "not_collected", "属涉密事项；只报是否完成", ("任务数", "任务基数", "征集指标")),
    Exclusion("国动委全体会议/例会、武委会", "narrative", "县级叙述项，不设镇级指标"),
    Exclusion("四“凡”必", "narrative", "制度性要求，没有可计量的内容"),
    Exclusion("军民融合项目、科技创新合作、人才培养", "narrative", "没有镇级计量，不设指标"),
    Exclusion("智慧武装信息化", "narrative", "没有可计量的内容"),
    Exclusion("年度武装工作会议、各镇述职、书记和部长参会", "document", "由会议材料清单反映，不设指标"),
)
