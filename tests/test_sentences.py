"""What is said of each domain: a figure and its answers on the left, on the right the sentence a person reads aloud."""

from __future__ import annotations

from typing import Any

import pytest

from make_report import COUNTY, make_comparison, make_figure, number
from said import (
    HIDDEN_ANSWER,
    MISSING,
    REDACTED,
    SEVEN,
    about,
    county,
    hidden,
    met,
    none,
    of_county,
    ok,
    said,
    undecided,
    unmet,
)
from stats.catalogue.status import Status
from stats.figures import Answer, Comparison, Figure, Rank, Target

NEVER = Comparison(Status.NO_PREVIOUS, Status.NO_PREVIOUS)
Case = tuple[Figure, dict[str, Answer], str]


def yes(code: str, **overrides: Any) -> Figure:
    return make_figure(code, "100.0", **{"target": met(), **overrides})


def no(code: str, **overrides: Any) -> Figure:
    return make_figure(code, "0.0", **{"target": unmet(gap="100.0"), **overrides})


FULL_YEAR = {"sys_council_meetings": ok("5"), "sys_council_quarters": ok("4")}
THREE_QUARTERS = {"sys_council_meetings": ok("5"), "sys_council_quarters": ok("3")}
ISSUES = {"sys_issues_raised": ok("11"), "sys_issues_resolved": ok("9")}
BETTER = {"last_year": make_comparison("80.0", "1.8"), "county": make_comparison("83.0", "-1.2")}

LEADERSHIP: list[Case] = [
    (yes("SYS-01"), FULL_YEAR, "全年召开党委议军会议5次，覆盖4个季度，做到了每季度议军。"),
    (
        make_figure("SYS-01", "75.0", target=unmet(gap="25.0")),
        THREE_QUARTERS,
        "全年召开党委议军会议5次，覆盖3个季度，未做到每季度议军，上年无数据。",
    ),
    # a year may ask for less than every quarter: then what it asks is said beside
    (
        make_figure("SYS-01", "75.0", target=met("50")),
        THREE_QUARTERS,
        "全年召开党委议军会议5次，覆盖3个季度，未做到每季度议军，达到目标要求（不低于50%）。",
    ),
    (
        make_figure("SYS-01", "75.0", target=Target("none")),
        THREE_QUARTERS,
        "全年召开党委议军会议5次，覆盖3个季度，未做到每季度议军。",
    ),
    (
        none("SYS-01", Status.MISSING),
        {"sys_council_meetings": ok("5"), "sys_council_quarters": MISSING},
        "全年召开党委议军会议5次，召开议军会议的季度数未填报，是否每季度议军不能判定。",
    ),
    (
        make_figure("SYS-01", "75.0", status=Status.APPROX, high=number("100"), target=undecided()),
        {"sys_council_meetings": ok("5"), "sys_council_quarters": about("3")},
        "全年召开党委议军会议5次，覆盖约3个季度，是否每季度议军因填报为概数不能判定。",
    ),
    (
        make_figure("SYS-02", "81.8", target=unmet("90", "8.2"), **BETTER),
        ISSUES,
        "会议共提出需解决事项11件，年内办结9件，办结率81.8%，未达到目标要求（不低于90%），差8.2个百分点，上年无数据，"
        "比上年提高1.8个百分点，低于全县平均水平1.2个百分点。",
    ),
    # why there is no last year is said once
    (
        make_figure("SYS-02", "81.8", target=unmet("90", "8.2"), last_year=Comparison(Status.MISSING, Status.MISSING)),
        {},
        "议军事项办结率81.8%，未达到目标要求（不低于90%），差8.2个百分点，上年无数据。",
    ),
    (
        none("SYS-02", Status.ZERO_DENOMINATOR),
        {"sys_issues_raised": ok("0"), "sys_issues_resolved": ok("0")},
        "会议未提出需解决事项。",
    ),
    (
        none("SYS-02", Status.MISSING),
        {"sys_issues_raised": MISSING, "sys_issues_resolved": ok("9")},
        "议军会议提出需解决事项数未填报，年内办结9件，议军事项办结率因数据未填报不能计算。",
    ),
    (make_figure("SYS-02", "81.8"), {}, "议军事项办结率81.8%。"),
    (yes("SYS-03"), {"sys_duty_report": ok("现场")}, "党委书记以现场形式完成党管武装述职。"),
    (yes("SYS-03"), {"sys_duty_report": ok("书面")}, "党委书记以书面形式完成党管武装述职。"),
    (no("SYS-03"), {"sys_duty_report": ok("未述职")}, "党委书记本年度未进行党管武装述职，上年无数据。"),
    (none("SYS-03", Status.MISSING), {"sys_duty_report": MISSING}, "党委书记党管武装述职情况未填报。"),
    (none("SYS-03", Status.REDACTED), {"sys_duty_report": REDACTED}, "党委书记党管武装述职情况未填具体数。"),
    (yes("SYS-04"), {}, "“四纳入”全部落实。"),
    (
        make_figure("SYS-04", "50.0", target=unmet(gap="50.0")),
        {"sys_on_agenda": ok("是"), "sys_in_budget": ok("否"), "sys_in_assessment": ok("否")},
        "“四纳入”未全部落实（缺列入财政预算、纳入绩效考核），上年无数据。",
    ),
    (none("SYS-04", Status.MISSING), {"sys_in_budget": ok("否")}, "“四纳入”是否全部落实未填报。"),
    (yes("SYS-05"), {"sys_military_days": ok("2")}, "过“军事日”2次。"),
    (no("SYS-05"), {"sys_military_days": ok("0")}, "未过“军事日”，上年无数据。"),
    (none("SYS-05", Status.MISSING), {"sys_military_days": MISSING}, "过“军事日”情况未填报。"),
    (make_figure("SYS-07", "1"), {}, "党委书记受到市级及以上表彰。"),
]

RECRUITS = make_comparison("15", "-1")
CITY = {"city": make_comparison("48.5", "1.5")}

RECRUITMENT: list[Case] = [
    (yes("REC-01"), {}, "完成了全年征集任务。"),
    (no("REC-01"), {}, "未完成全年征集任务，上年无数据。"),
    (none("REC-01", Status.MISSING), {}, "全年征集任务完成情况未填报。"),
    (none("REC-01", Status.ERROR), {}, "全年征集任务完成情况填报有误，未采用。"),
    (make_figure("REC-02", "14", last_year=RECRUITS), {}, "全年征集新兵14名，比上年减少1名。"),
    (none("REC-02", Status.MISSING), {}, "征集新兵数未填报。"),
    (hidden("REC-02"), {}, "“征集新兵数”因数值过小不公布。"),
    (
        make_figure("REC-03", "100.0", small_base=True, target=met("80"), last_year=make_comparison("50.0", "50.0")),
        {"rec_enlisted": ok("5")},
        "新兵中大学生占100.0%（仅5名，基数较小），达到目标要求（不低于80%）。",
    ),
    (none("REC-03", Status.EXCEEDS_WHOLE), {}, "新兵中大学生占比因填报有误不能计算。"),
    (none("REC-03", Status.ZERO_DENOMINATOR), {}, "新兵中大学生占比不适用。"),
    (
        make_figure("REC-04", "50.0", target=met("50"), rank=Rank(3, 9, tied=True, sharing=2), **CITY),
        {},
        "新兵中大学毕业生占50.0%，达到目标要求（不低于50%），高于全市平均水平1.5个百分点，居9个可比单位并列第3位。",
    ),
    (
        make_figure("REC-05", "95.97", target=unmet("96", "0.0")),
        {},
        "兵役登记率95.97%，未达到目标要求（不低于96%），上年无数据。",
    ),
    (make_figure("REC-10", "21.4", target=met("0")), {}, "大学生报名人数比上年增长21.4%。"),
    (
        make_figure("REC-10", "-8.4", target=unmet("0", "8.4")),
        {},
        "大学生报名人数比上年下降8.4%，未达到目标要求（不低于上年），上年无数据，报名发动工作需要提前抓实。",
    ),
    (make_figure("REC-10", "100.0", small_base=True), {}, "大学生报名人数比上年增长100.0%（基数较小）。"),
    (none("REC-10", Status.ZERO_DENOMINATOR), {}, "大学生报名人数上年为零，不计算增减幅度。"),
    (none("REC-10", Status.NO_PREVIOUS), {}, "大学生报名人数上年未上报，不与上年比较。"),
    (
        make_figure("REC-08", "8.33", target=unmet("1", "7.33", "<=")),
        {},
        "“退兵率”8.33%，未达到目标要求（不高于1%），差7.33个百分点，上年无数据。",
    ),
]

MILITIA: list[Case] = [
    (
        make_figure("MIL-01", "90.9", target=unmet(gap="9.1"), rank=Rank(17, 17)),
        {"mil_reorg_due": ok("11"), "mil_reorg_done": ok("10")},
        "应整组单位11个，完成10个，整组完成率90.9%，未达到目标要求（100%），差9.1个百分点，上年无数据，居17个可比单位末位。",
    ),
    (none("MIL-01", Status.ZERO_DENOMINATOR), {"mil_reorg_due": ok("0")}, "无应整组单位。"),
    (
        none("MIL-01", Status.MISSING),
        {"mil_reorg_due": MISSING, "mil_reorg_done": ok("10")},
        "应完成整组的村（社区、单位）数未填报，完成10个，民兵整组完成率因数据未填报不能计算。",
    ),
    (yes("MIL-02"), {}, "整组大会五项程序全部落实。"),
    (
        make_figure("MIL-02", "80.0", target=unmet(gap="20.0")),
        {"mil_reorg_items": ok("4")},
        "整组大会五项程序未全部落实（落实4项），上年无数据。",
    ),
    (none("MIL-02", Status.MISSING), {"mil_reorg_items": MISSING}, "整组大会程序落实情况未填报。"),
    (
        make_figure("MIL-03", "96.5", target=met("95"), county=make_comparison("96.8", "-0.3")),
        {},
        "整组点验到点率96.5%，达到目标要求（不低于95%），低于全县中位数0.3个百分点。",
    ),
    (make_figure("MIL-04", "98.5"), {}, "年度训练参训率98.5%。"),
    (none("MIL-04", Status.MISSING), {}, "年度训练参训率未填报。"),
    (
        make_figure("MIL-05", "11", last_year=Comparison(Status.SERIES_BREAK, Status.OK)),
        {},
        "全年召开武装工作例会和民兵干部例会11次，因口径或区划调整，不与上年比较。",
    ),
]

FEWER = make_comparison("579", "-146", "-25.2")

EMERGENCY: list[Case] = [
    (
        make_figure("EMG-01", "433", last_year=FEWER),
        {},
        "民兵全年参加疫情防控等公共卫生任务433人次，比上年减少146人次，下降25.2%。",
    ),
    (make_figure("EMG-02", "381"), {}, "参加抢险救灾381人次。"),
    (yes("EMG-05"), {}, "应急队伍已纳入地方应急力量体系。"),
    (no("EMG-05"), {}, "应急队伍未纳入地方应急力量体系，上年无数据。"),
    (none("EMG-05", Status.MISSING), {}, "应急队伍是否纳入地方应急力量体系未填报。"),
    (make_figure("EMG-03", "6.7", status=Status.APPROX), {}, "参加人员人均出动约6.7次。"),
    (none("EMG-03", Status.MISSING), {}, "参加人员人均出动次数因数据未填报不能计算。"),
    (
        make_figure("EMG-04", "310"),
        {},
        "参加乡村振兴和人居环境整治310人次；出动人次受灾情影响较大，不作优劣评价。",
    ),
    (none("EMG-04", Status.MISSING), {}, "乡村振兴和人居环境整治人次未填报。"),
]

GRASSROOTS: list[Case] = [
    (
        make_figure("BLD-01", "94.7", target=unmet(gap="5.3")),
        {"bld_company_total": ok("19")},
        "民兵营（连）部共19个，三星级及以上占94.7%，未达到目标要求（100%），差5.3个百分点，上年无数据。",
    ),
    (make_figure("BLD-01", "94.7"), {}, "民兵营（连）部三星级及以上占94.7%。"),
    (make_figure("BLD-02", "15.8"), {}, "五星级民兵营（连）部占15.8%。"),
    (yes("BLD-03"), {"bld_dept_grade": ok("达优")}, "基层武装部规范化验收达优。"),
    (
        no("BLD-03"),
        {"bld_dept_grade": ok("达标")},
        "基层武装部规范化验收为“达标”等次，距达优还有差距，上年无数据。",
    ),
    (no("BLD-03"), {"bld_dept_grade": ok("未达标")}, "基层武装部规范化验收未达到“达标”等次，未达优，上年无数据。"),
    (no("BLD-03"), {"bld_dept_grade": ok("未验收")}, "基层武装部本年未验收，上年无数据。"),
    (none("BLD-03", Status.MISSING), {"bld_dept_grade": MISSING}, "基层武装部规范化验收等次未填报。"),
    (
        make_figure("BLD-04", "133.3", exceeds_whole=True, target=met(), rank=Rank(1, 17)),
        {},
        "专武干部配备率133.3%（超配，需说明原因）。",
    ),
    (make_figure("BLD-04", "100.0", target=met()), {}, "专武干部配备率100.0%，达到目标要求（100%）。"),
    (none("BLD-04", Status.ZERO_DENOMINATOR), {}, "专武干部应配数为零，配备率不适用。"),
    (make_figure("BLD-05", "100.0"), {}, "专武干部资格认证合格率100.0%。"),
    (none("BLD-05", Status.ZERO_DENOMINATOR), {}, "无在职专武干部，资格认证合格率不适用。"),
    (yes("BLD-06"), {}, "武装部部长均为“两优”来源。"),
    (no("BLD-06"), {}, "武装部部长“两优”比例0.0%，未达到目标要求（100%），差100.0个百分点，上年无数据。"),
    (none("BLD-06", Status.ZERO_DENOMINATOR), {}, "武装部部长缺位，“两优”比例不适用。"),
    (yes("BLD-07"), {}, "武装干事均为行政编制。"),
    (none("BLD-07", Status.ZERO_DENOMINATOR), {}, "未配武装干事，行政编制比例不适用。"),
]

EDUCATION: list[Case] = [
    (make_figure("EDU-01", "20"), {}, "全年开展国防教育活动20场。"),
    (
        make_figure("EDU-02", "1047", last_year=make_comparison("897", "150", "16.7"), rank=Rank(3, 16)),
        {},
        "每万人口受教育1047人次，比上年增加150人次，增长16.7%，居16个可比单位第3位。",
    ),
    (none("EDU-02", Status.MISSING), {}, "每万人口国防教育受教育人次因数据未填报不能计算。"),
    (
        make_figure("EDU-03", "100.0", target=met()),
        {"bas_schools": ok("6"), "edu_schools_covered": ok("6")},
        "辖区6所中小学中6所开展了国防教育，覆盖率100.0%，达到目标要求（100%）。",
    ),
    (none("EDU-03", Status.ZERO_DENOMINATOR), {"bas_schools": ok("0")}, "辖区内无中小学，学校国防教育覆盖率不适用。"),
    (
        none("EDU-03", Status.MISSING),
        {"bas_schools": ok("6"), "edu_schools_covered": MISSING},
        "学校国防教育覆盖率因数据未填报不能计算。",
    ),
    (yes("EDU-04"), {}, "全民国防教育日活动按期开展。"),
    (no("EDU-04"), {}, "全民国防教育日活动未开展，上年无数据。"),
    (none("EDU-04", Status.MISSING), {}, "全民国防教育日活动开展情况未填报。"),
    (yes("EDU-05"), {"edu_camp_days": ok("7")}, "集中国防教育每期7天，达到要求。"),
    (
        make_figure("EDU-05", "71.4", target=unmet(gap="28.6")),
        {"edu_camp_days": ok("5")},
        "集中国防教育每期5天，未达到每期7天的要求，上年无数据。",
    ),
    (none("EDU-05", Status.NOT_APPLICABLE), {"edu_camp_days": Answer(Status.NOT_APPLICABLE)}, ""),
]

SUPPORT: list[Case] = [
    (yes("SUP-01"), {"sup_troop_visits": ok("4")}, "走访慰问驻地部队4次，落实八一、春节走访要求。"),
    (
        no("SUP-01"),
        {"sup_troop_visits": ok("1")},
        "走访慰问驻地部队1次，未落实八一、春节走访要求，上年无数据。",
    ),
    (none("SUP-01", Status.NOT_APPLICABLE), {}, "辖区内无驻军，走访部队不适用。"),
    (none("SUP-01", Status.MISSING), {"sup_troop_visits": MISSING}, "八一、春节走访部队落实情况未填报。"),
    (
        make_figure("SUP-02", "93.5", target=unmet(gap="6.5"), rank=Rank(17, 17)),
        {"sup_households_due": ok("185"), "sup_households_visited": ok("173")},
        "应走访优抚对象185户，已走访173户，走访覆盖率93.5%，未达到目标要求（100%），差6.5个百分点，上年无数据，"
        "居17个可比单位末位。",
    ),
    (none("SUP-02", Status.ZERO_DENOMINATOR), {"sup_households_due": ok("0")}, "无应走访优抚对象。"),
    (
        make_figure("SUP-03", "12.5", target=met("0")),
        {"sup_allowance_standard": ok("18000")},
        "义务兵家庭优待金年标准为18000元，比上年提高12.5%。",
    ),
    (
        make_figure("SUP-03", "-2.0", target=unmet("0", "2.0")),
        {"sup_allowance_standard": ok("18000")},
        "义务兵家庭优待金年标准为18000元，比上年下降2.0%，未达到目标要求（不低于上年），上年无数据，请核对标准口径。",
    ),
    (
        make_figure("SUP-03", "0.0", target=met("0")),
        {"sup_allowance_standard": ok("18000")},
        "义务兵家庭优待金年标准为18000元，与上年持平。",
    ),
    (
        none("SUP-03", Status.REDACTED),
        {"sup_allowance_standard": REDACTED},
        "义务兵家庭优待金年标准未填具体数。",
    ),
    (
        none("SUP-03", Status.NO_PREVIOUS),
        {"sup_allowance_standard": ok("18000")},
        "义务兵家庭优待金年标准为18000元，上年未上报，不与上年比较。",
    ),
    (make_figure("SUP-04", "100.0", target=met()), {}, "优待金足额发放率100.0%，达到目标要求（100%）。"),
    (none("SUP-04", Status.ZERO_DENOMINATOR), {}, "无应发优待金户。"),
    (
        make_figure("SUP-05", "100.0", small_base=True),
        {"sup_merit_due": HIDDEN_ANSWER},
        "立功喜报送达率100.0%（基数较小）。",
    ),
    (none("SUP-05", Status.ZERO_DENOMINATOR), {}, "无应送立功喜报。"),
    (none("SUP-06", Status.ZERO_DENOMINATOR), {}, "军人家庭未提出诉求。"),
    (make_figure("SUP-07", "7"), {}, "开展军民共建和双拥活动7次。"),
]

FUNDS: list[Case] = [
    (
        make_figure("FND-01", "25.68", last_year=make_comparison("25.41", "0.27", "1.1")),
        {},
        "武装工作经费投入合计25.68万元，比上年增加0.27万元，增长1.1%。",
    ),
    (make_figure("FND-02", "1.1", target=met("0")), {}, ""),  # told with the total
    (
        make_figure("FND-02", "-3.4", target=unmet("0", "3.4")),
        {},
        "经费总量与逐年增加的要求不符，需说明原因，未达到目标要求（不低于上年），上年无数据。",
    ),
    (make_figure("FND-04", "64.5"), {}, "镇级投入占64.5%。"),
    (make_figure("FND-06", "21.3"), {}, "基层规范化建设占21.3%。"),
    (make_figure("FND-03", "95.7", target=met("95")), {}, "年初预算执行率95.7%，达到目标要求（不低于95%）。"),
    (
        make_figure("FND-03", "101.5", exceeds_whole=True, target=met("95"), rank=Rank(1, 17)),
        {},
        "年初预算执行率101.5%（支出大于年初预算，需说明原因）。",
    ),
    (none("FND-03", Status.ZERO_DENOMINATOR), {}, "未安排年初预算，执行率不适用。"),
    (make_figure("FND-05", "9.70", rank=Rank(2, 9, group="乡镇")), {}, "人均经费9.70元，居乡镇9个单位第2位。"),
]


@pytest.mark.parametrize(
    ("figure", "answers", "words"),
    [*LEADERSHIP, *RECRUITMENT, *MILITIA, *EMERGENCY, *GRASSROOTS, *EDUCATION, *SUPPORT, *FUNDS],
)
def test_town(figure: Figure, answers: dict[str, Answer], words: str) -> None:
    assert said(figure, **answers) == (f"云岭镇{words}" if words else "")


@pytest.mark.parametrize(
    ("figure", "answers", "words"),
    [
        (none("REC-10", Status.NO_PREVIOUS), {}, ""),
        (
            none("SUP-03", Status.NO_PREVIOUS),
            {"sup_allowance_standard": ok("18000")},
            "云岭镇义务兵家庭优待金年标准为18000元。",
        ),
        (make_figure("EDU-01", "20", last_year=NEVER), {}, "云岭镇全年开展国防教育活动20场。"),
    ],
)
def test_first_return_is_not_compared_and_says_so_in_no_domain(
    figure: Figure, answers: dict[str, Answer], words: str
) -> None:
    assert said(figure, first=True, **answers) == words


# --- the county


def towns(code: str, *figures: Figure) -> dict[str, Figure | None]:
    """The figures of 甲镇, 乙镇 and so on."""
    return {unit.name: figure for unit, figure in zip(SEVEN, figures, strict=False)}


def of_units(code: str, done: int, failed: int) -> dict[str, Figure | None]:
    return towns(code, *(yes(code) for _ in range(done)), *(no(code) for _ in range(failed)))


SOME_FAILED = {"target": unmet(gap="25.0")}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SYS-01", "每季度召开党委议军会议，已上报的4个单位中3个做到，1个未做到（丁镇），全县上年无数据。"),
        ("SYS-03", "书记党管武装述职，已上报的4个单位中3个已述职，1个未述职（丁镇），全县上年无数据。"),
        ("SYS-04", "党管武装“四纳入”，已上报的4个单位中3个全部落实，1个未全部落实（丁镇），全县上年无数据。"),
        ("SYS-05", "过“军事日”，已上报的4个单位中3个落实，1个未落实（丁镇），全县上年无数据。"),
        ("REC-01", "全年征集任务，已上报的4个单位中3个完成，1个未完成（丁镇），全县上年无数据。"),
        ("MIL-02", "整组大会五项程序，已上报的4个单位中3个全部落实，1个未全部落实（丁镇），全县上年无数据。"),
        ("EMG-05", "应急队伍纳入地方应急力量体系，已上报的4个单位中3个已纳入，1个未纳入（丁镇），全县上年无数据。"),
        ("BLD-03", "基层武装部规范化验收，已上报的4个单位中3个达优，1个未达优（丁镇），全县上年无数据。"),
        ("EDU-04", "全民国防教育日活动，已上报的4个单位中3个按期开展，1个未开展（丁镇），全县上年无数据。"),
        ("EDU-05", "集中国防教育每期7天的要求，已上报的4个单位中3个达到，1个未达到（丁镇），全县上年无数据。"),
        ("SUP-01", "八一、春节走访部队，已上报的4个单位中3个落实，1个未落实（丁镇），全县上年无数据。"),
    ],
)
def test_county_counts_its_units_and_names_those_that_failed(code: str, words: str) -> None:
    assert of_county(county(code, "75.0", **SOME_FAILED), of_units(code, 3, 1)) == f"安澜县{words}"


def test_county_names_five_units_and_counts_the_rest() -> None:
    text = of_county(county("EDU-04", "14.3", **SOME_FAILED), of_units("EDU-04", 1, 6))
    assert (
        "全民国防教育日活动，已上报的7个单位中1个按期开展，6个未开展（乙镇、丙镇、丁镇、戊镇、己镇等6个单位）" in text
    )


def test_county_says_what_nobody_did() -> None:
    text = of_county(county("SYS-04", "0.0", **SOME_FAILED), of_units("SYS-04", 0, 2))
    assert text == "安澜县党管武装“四纳入”，已上报的2个单位均未全部落实，全县上年无数据。"


def test_county_counts_only_the_units_that_sent_a_return() -> None:
    figures = {**of_units("EDU-04", 2, 0), "丙镇": none("EDU-04", Status.NOT_REPORTED)}
    text = of_county(county("EDU-04", "100.0", target=met()), figures, absent=(SEVEN[2],))
    assert text == "安澜县全民国防教育日活动，已上报的2个单位均按期开展。"


def test_county_tells_hidden_undecided_and_inapplicable_units_apart() -> None:
    figures = towns(
        "SUP-05",
        yes("SUP-05"),
        make_figure("SUP-05", "50.0", target=unmet(gap="50.0")),
        hidden("SUP-05"),
        none("SUP-05", Status.MISSING, target=undecided()),
        none("SUP-05", Status.ZERO_DENOMINATOR, target=Target("not_applicable")),
    )
    text = of_county(county("SUP-05", "90.0", units=5, target=unmet(gap="10.0")), figures)
    assert text == (
        "安澜县立功喜报送达率90.0%，未达到目标要求（100%），差10.0个百分点，上年无数据，"
        "5个单位中1个达标，1个未达标（乙镇），1个不公布，1个缺数或概数不能判定，1个不适用。"
    )


def test_county_figure_that_is_hidden_leaves_its_units_states() -> None:
    figures = towns("BLD-04", hidden("BLD-04", met()), hidden("BLD-04", unmet()), hidden("BLD-04"))
    text = of_county(hidden("BLD-04", unmet(), unit=COUNTY), figures)
    assert text == (
        "安澜县专武干部未全部配齐，上年无数据，3个单位中1个达标，1个未达标（乙镇），1个不公布。"
        "“专武干部配备率”因数值过小不公布。"
    )


def test_county_figure_and_units_that_are_all_hidden_leave_one_line() -> None:
    figures = towns("BLD-04", hidden("BLD-04"), hidden("BLD-04"))
    assert of_county(hidden("BLD-04", unit=COUNTY), figures) == "安澜县“专武干部配备率”因数值过小不公布。"


def test_county_counts_units_against_a_target_that_asks_for_less_than_all() -> None:
    three = make_figure("SYS-01", "75.0", target=met("50"))
    text = of_county(
        county("SYS-01", "93.8", target=met("50")), towns("SYS-01", yes("SYS-01", target=met("50")), three)
    )
    assert text == "安澜县“党委议军会议季度落实率”，已上报的2个单位均达标。"


def test_county_count_is_told_where_no_town_may_be() -> None:
    figure = county("EDU-04", "88.2", met=15, decided=17)
    assert of_county(figure, {"甲镇": None}) == "安澜县全民国防教育日活动，已知情况的17个单位中15个按期开展。"


def test_county_share_that_nobody_tells_is_no_sentence() -> None:
    assert of_county(county("EDU-04", "88.2"), {"甲镇": None}) == ""


def test_sum_over_fewer_units_than_due_is_never_the_countys() -> None:
    figure = county("EDU-01", "325", units=3, due=4)
    figures: dict[str, Figure | None] = towns("EDU-01", *(make_figure("EDU-01", "9") for _ in range(4)))
    assert of_county(figure, figures) == "安澜县已上报单位全年开展国防教育活动325场（按有数据的3个单位计算）。"


def test_county_row_is_told_apart_from_the_units_of_a_sum() -> None:
    own = make_figure("FND-01", "200.00", unit=COUNTY)
    figures: dict[str, Figure | None] = towns("FND-01", *(make_figure("FND-01", "9.00") for _ in range(4)))
    text = of_county(county("FND-01", "227.00", units=4, due=5), figures, own=own)
    assert text == ("安澜县已上报单位武装工作经费投入（含县级本级）合计227.00万元（按有数据的3个单位和县级本级计算）。")


def test_median_is_called_so_and_units_beside_it_are_counted() -> None:
    figures = towns(
        "MIL-03",
        make_figure("MIL-03", "96.0", target=met("95")),
        make_figure("MIL-03", "94.0", target=unmet("95", "1.0")),
    )
    text = of_county(county("MIL-03", "95.0", target=met("95")), figures)
    assert (
        text == "安澜县整组点验到点率的中位数为95.0%，达到目标要求（不低于95%），2个单位中1个达标，1个未达标（乙镇）。"
    )


def test_budget_overspent_in_the_whole_county_is_explained_and_not_praised() -> None:
    text = of_county(county("FND-03", "101.9", target=met("95")))
    assert text == "安澜县年初预算执行率101.9%（支出大于年初预算，需说明原因）。"


def test_county_target_that_missing_units_leave_undecided_says_so() -> None:
    text = of_county(county("MIL-01", "100.0", target=undecided()))
    assert text == "安澜县民兵整组完成率100.0%，因缺数或概数，不能判定是否达到目标要求（100%）。"
