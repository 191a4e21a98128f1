"""What secretaries report on duty and what conference speeches say, in order, and what answers each. Only declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said: what it is about, and the indicators and questions that answer it, in order.

    ``gap`` is what no figure can say, for the speaker to fill in: after the figures, or instead of them.
    """

    about: str
    answers: tuple[str, ...] = ()
    gap: str = ""


GAP = "〔　　　〕"
"""Where the speaker fills in what figures cannot say."""

PEERS = "peers"
"""How the county stands to its peers in what a speech compares with them: no indicator, but so of one."""

DUTY = (
    Statement("述职和纳入", ("SYS-03", "SYS-04", "FND-01")),
    Statement("议军", ("SYS-01", "SYS-02"), "研究解决的主要问题"),
    Statement("整组和例会", ("MIL-01", "MIL-02", "MIL-05", "mil_party_org_full")),
    Statement("比武和基层建设", ("mil_contests", "BLD-01", "bld_star5_applied", "BLD-03")),
    Statement("国防教育", ("edu_memorial_participants", "EDU-04", "EDU-03")),
    Statement("登记和宣传", ("REC-05", "rec_publicity_sessions", "rec_home_visits", "rec_prescreen_rounds")),
    Statement("体检、定兵和回访", ("REC-06", "REC-07", "rec_farewell_held", "rec_followup_done", "REC-08")),
    Statement("征集", ("REC-01", "REC-02", "REC-03", "REC-04")),
    Statement("应急", ("emg_persons", "EMG-01", "EMG-02", "EMG-05"), "主要做法"),
    Statement("走访慰问", ("SUP-01", "SUP-02")),
)
"""A secretary's report on duty: what was done, in the order in which it is reported."""

SPEECH: Mapping[str, tuple[Statement, ...]] = {
    "党管武装制度": (
        Statement("党委议军会议的次数和季度落实", ("sys_council_meetings", "SYS-01")),
        Statement("议军提出事项及时答复、及时解决", ("SYS-02",)),
        Statement("镇街书记现场述职、书面述职", ("sys_duty_report",)),
        Statement("列入议程、规划、预算，纳入绩效考核", ("SYS-04",)),
        Statement(
            "四套班子和党委过“军事日”，中心组国防专题学习", ("sys_military_days", "SYS-05", "sys_study_sessions")
        ),
        Statement("第一书记“四个一”", ("SYS-06",)),
        Statement("书记受表彰", ("SYS-07",)),
    ),
    "兵员征集": (
        Statement("全年征集新兵和其中的大学生、大学毕业生", ("REC-02", "REC-03", "REC-04")),
        Statement("与兄弟县相比，报名数据的形势", (PEERS, "REC-10")),
        Statement("征集任务完成", ("REC-01",)),
        Statement("征兵宣传", ("rec_publicity_sessions", "rec_home_visits")),
    ),
    "民兵和应急": (
        Statement("民兵党组织应建尽建，应急队伍和演练", ("mil_party_org_full", "EMG-05", "emg_drills")),
        Statement("疫情防控、抢险救灾", ("emg_persons", "EMG-01", "EMG-02")),
        Statement("驻村帮扶和乡村振兴", ("emg_helped_households", "EMG-04")),
    ),
    "基层建设和专武干部": (
        Statement("武装部验收由达标向达优迈进", ("BLD-03",)),
        Statement("基层武装部均衡建设", ("BLD-03", "BLD-01")),
        Statement("调整配备专武干部", ("BLD-04",)),
        Statement("专武干部培训和资格认证", ("cad_trained", "BLD-05")),
        Statement("“两优”和行政编制“两个百分之百”", ("BLD-06", "BLD-07")),
        Statement("部长进党委班子", ("cad_minister_committee",)),
    ),
    "国防教育": (
        Statement("竞赛、主题班会等活动和媒体宣传", ("EDU-01", "edu_media_items")),
        Statement("中小学国防教育和每期七天的集中教育", ("EDU-03", "EDU-05")),
    ),
    "双拥优抚": (
        Statement("走访驻军和优抚对象", ("sup_troop_visits", "SUP-01", "SUP-02")),
        Statement("节日慰问金，优待金标准和发放", ("sup_visit_funds", "SUP-03", "SUP-04")),
        Statement("喜报送达、双拥和共建活动", ("SUP-05", "SUP-07")),
        Statement("安置、随军就业、子女入学诉求，退役人员培训", ("SUP-06", "sup_training_person_times")),
    ),
    "经费保障": (
        Statement("各级投入", ("FND-01", "fnd_county", "fnd_pafd", "fnd_town")),
        Statement("经费逐年增加", ("FND-02", "FND-01")),
        Statement("预算保障和执行", ("FND-03",)),
        Statement("镇级投入和基层建设占比", ("FND-04", "FND-06")),
        Statement("应急力量、基础设施和国防教育经费", ("fnd_emergency", "fnd_edu")),
    ),
}
"""What leaders say of a county in conference speeches, by topic."""

NOT_HELD = (
    "国动委等县级会议次数",
    "历年累计受表彰人数，先进集体和个人数",
    "在全省、全市的位次",
    "少年军校等项目累计投资",
    "会议安排",
    "当年新调整配备的专武干部数",
    "战备值班、武器装备和维稳处突（按规定不收集）",
)
"""What speeches say as well and the returns do not ask."""

COUNTED: Mapping[str, str] = {
    "bld_star5_applied": "申报五星级评定{}",
    "cad_minister_committee": "武装部部长任党委（党工委）委员{}",
    "cad_trained": "专武干部参加培训{}",
    "edu_media_items": "国防教育媒体宣传{}",
    "edu_memorial_participants": "清明祭扫等纪念活动民兵参加{}",
    "emg_drills": "防灾减灾应急演练{}",
    "emg_helped_households": "结对帮扶{}",
    "emg_persons": "参加应急行动民兵{}",
    "fnd_county": "县财政投入{}",
    "fnd_edu": "用于国防教育{}",
    "fnd_emergency": "用于民兵应急力量和基础设施{}",
    "fnd_pafd": "县人武部投入{}",
    "fnd_town": "各镇街投入{}",
    "mil_contests": "参加上级集训、比武和考核{}",
    "rec_followup_done": "新兵回访{}",
    "rec_home_visits": "入户宣讲走访{}",
    "rec_prescreen_rounds": "大学应届毕业生目测初检{}",
    "rec_publicity_sessions": "开展征兵宣传活动{}",
    "sup_training_person_times": "退役人员职业技能培训{}",
    "sup_troop_visits": "走访慰问驻地部队{}",
    "sup_visit_funds": "节日慰问金（含慰问品）{}",
    "sys_council_meetings": "召开党委议军会议{}",
    "sys_military_days": "过“军事日”{}",
    "sys_study_sessions": "中心组国防专题学习{}",
}
"""How the answer to a question is said, its number in place of {}."""

DONE: Mapping[str, tuple[str, str]] = {
    "rec_farewell_held": ("召开了党委定兵会和新兵欢送会", "未召开党委定兵会和新兵欢送会"),
    "mil_party_org_full": ("民兵党组织应建尽建", "民兵党组织未应建尽建"),
}
"""How a yes and a no are said."""
