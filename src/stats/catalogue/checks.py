"""The cross-field checks, one line each. Evaluates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from stats.catalogue.check_shapes import (
    Rule,
    above,
    at_least,
    at_least_share,
    at_most,
    at_most_sum,
    equals,
    implies,
    near_last_year,
    not_below_last_year,
    sum_at_most,
    sums_to,
    within_factor,
)
from stats.findings import Severity

_REMEDIES = {
    Severity.ERROR: "请对照原始资料核对所涉各项，更正后重新上报；更正前这些数不参与计算",
    Severity.WARNING: "请对照原始资料核对所涉各项，有误的更正后重新上报，属实的在备注中说明原因",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: where it looks, how much a violation stops, the rule, and what it says to the town.

    ``scope`` "row" looks at each period of a unit by itself, "year" at whole-year answers (seasons added up),
    "last_year" at whole-year answers of this year and the year before.
    """

    id: str
    scope: Literal["row", "year", "last_year"]
    severity: Severity
    rule: Rule
    message: str
    own_remedy: str = ""
    source: str = ""

    @property
    def remedy(self) -> str:
        """What to do about a violation."""
        return self.own_remedy or _REMEDIES[self.severity]


def _hard(id: str, scope: Literal["row", "year"], rule: Rule, message: str, source: str, *, remedy: str = "") -> Check:
    return Check(id, scope, Severity.ERROR, rule, message, remedy, source)


def _soft(
    id: str, scope: Literal["row", "year", "last_year"], rule: Rule, message: str, source: str, *, remedy: str = ""
) -> Check:
    return Check(id, scope, Severity.WARNING, rule, message, remedy, source)


# fmt: off
CHECKS: tuple[Check, ...] = (
    _hard("V01", "row", at_most("rec_enlisted_graduates", "rec_enlisted_college"),
          "大学毕业生数不应大于大学生数", "004:12"),
    _hard("V02", "row", at_most("rec_enlisted_college", "rec_enlisted"),
          "大学生数不应大于征集新兵数", "004:12"),
    _hard("V03", "row", at_most("rec_enlisted", "rec_both_passed"),
          "征集新兵数不应大于双合格人数", "001:13"),
    _hard("V04", "row", at_most("rec_both_passed", "rec_exam_passed"),
          "双合格人数不应大于体检合格人数", "001:13"),
    _hard("V05", "row", at_most("rec_exam_passed", "rec_exam_attended"),
          "体检合格人数不应大于上站体检人数", "001:13"),
    _hard("V06", "row", at_most("rec_exam_attended", "rec_applied"),
          "上站体检人数不应大于报名人数", "001:13"),
    _hard("V07", "row", at_most("rec_applied_college", "rec_applied"),
          "报名大学生数不应大于报名人数", "004:12"),
    _hard("V08", "row", at_most("rec_returned", "rec_enlisted"),
          "退兵数不应大于征集新兵数", "public"),
    _hard("V09", "year", at_most("rec_registered", "rec_register_due"),
          "已登记人数不应大于应登记人数", "001:11"),
    _soft("V10", "year", at_most("rec_followup_done", "rec_enlisted"),
          "回访人数大于当年新兵数，请核对是否含往年新兵", "001:13"),
    _hard("V11", "row", at_most("sys_council_quarters", "sys_council_meetings"),
          "季度数不应大于会议次数", "001:7"),
    _hard("V12", "row", implies(above(0, "sys_council_meetings"), at_least(1, "sys_council_quarters")),
          "有会议次数时季度数至少为1", "001:7"),
    _hard("V13", "row", at_most("sys_issues_resolved", "sys_issues_raised"),
          "办结事项不应大于提出事项", "003:7"),
    _hard("V14", "row", at_most("mil_reorg_done", "mil_reorg_due"),
          "完成整组单位数不应大于应整组单位数", "001:6"),
    _soft("V15", "row", at_least_share("mil_reorg_due", "bas_villages", share="0.5"),
          "应整组单位数明显少于村（社区）数", "001:10"),
    _hard("V16", "row", sum_at_most("bld_star5", "bld_star4", "bld_star3", whole="bld_company_total"),
          "各星级之和不应大于民兵营（连）部总数", "001:10"),
    _soft("V17", "row", at_most("bld_star5_applied", "bld_company_total"),
          "申报数大于总数", "001:10"),
    _soft("V18", "row", at_most("cad_on_post", "cad_authorized"),
          "实配数大于应配数（超配），请说明", "004:23"),
    _hard("V19", "row", at_most("cad_certified", "cad_on_post"),
          "资格认证合格数不应大于实配数", "004:23"),
    _hard("V20", "row", at_most("cad_trained", "cad_on_post"),
          "参训数不应大于实配数", "001:9"),
    _hard("V21", "row", at_most("cad_minister_preferred", "cad_minister_on_post"),
          "“两优”来源数不应大于在位部长数", "004:23"),
    _hard("V22", "row", at_most("cad_minister_committee", "cad_minister_on_post"),
          "任委员数不应大于在位部长数", "004:23"),
    _hard("V23", "row", at_most("cad_officer_admin", "cad_officer_total"),
          "行政编制数不应大于武装干事数", "004:23"),
    _soft("V24", "row", sum_at_most("cad_minister_on_post", "cad_officer_total", whole="cad_on_post"),
          "部长与干事之和大于专武干部实配数，请核对口径", "004:23"),
    _hard("V25", "row", at_most("edu_schools_covered", "bas_schools"),
          "开展学校数不应大于学校总数", "001:11"),
    _soft("V26", "row", implies(above(0, "edu_events"), above(0, "edu_person_times")),
          "有活动场次而无受教育人次", "000:4"),
    _soft("V27", "row", at_most("edu_memorial_participants", "edu_person_times"),
          "纪念活动人次大于受教育总人次", "001:11"),
    _hard("V28", "row", at_most("sup_households_visited", "sup_households_due"),
          "走访户数（去重）不应大于应走访户数", "004:18"),
    _hard("V29", "row", at_most("sup_allowance_paid", "sup_allowance_due"),
          "已发户数不应大于应发户数", "003:7"),
    _hard("V30", "row", at_most("sup_merit_delivered", "sup_merit_due"),
          "送达数不应大于应送数", "004:18"),
    _hard("V31", "row", at_most("sup_cases_solved", "sup_cases_raised"),
          "办结数不应大于诉求数", "004:16"),
    _hard("V32", "row", sums_to("fnd_county", "fnd_pafd", "fnd_town", "fnd_other", whole="fnd_total", slack="0.05"),
          "经费各来源之和应等于合计（允许0.05万元舍入差）", "004:13"),
    _hard("V33", "row", sum_at_most("fnd_building", "fnd_emergency", "fnd_edu", whole="fnd_total", slack="0.05"),
          "其中项之和不应大于合计", "004:13"),
    _soft("V34", "row", at_most("fnd_spent", "fnd_budget", times="1.5"),
          "支出超过年初预算50%以上，请核对单位或追加预算", "public"),
    _soft("V35", "row",
          implies(equals(0, "emg_persons"), equals(0, "emg_health_person_times", "emg_disaster_person_times")),
          "有人次而参加人数为0", "001:14"),
    _soft("V36", "row", at_most_sum("emg_persons", "emg_health_person_times", "emg_disaster_person_times"),
          "参加人数大于人次之和（人数应去重且不超过人次）", "001:14"),
    _soft("V37", "last_year", not_below_last_year("sup_allowance_standard"),
          "优待金标准低于上年（要求逐年递增）", "003:7"),
    _soft("V38", "last_year", not_below_last_year("fnd_total"),
          "经费合计低于上年（要求逐年增加、稳定投入）", "000:5;004:16"),
    _soft("V39", "last_year", near_last_year("bas_population", share="0.2"),
          "常住人口变动超过20%，请核对区划调整", "public"),
    _soft("V40", "last_year", within_factor("fnd_total", factor=50),
          "经费与上年相差50倍以上，疑似元、万元单位错误", "public",
          remedy="请核对填报单位是否为万元；有误的更正后重新上报，属实的在备注中说明原因"),
    # Says the same as V33 for the one item, and still speaks when the other items were left blank.
    _hard("V41", "row", at_most("fnd_building", "fnd_total", slack="0.05"),
          "规范化建设投入不应大于合计", "004:13"),
    _hard("V42", "row", implies(above(0, "sup_allowance_standard"), at_least(500, "sup_allowance_standard")),
          "优待金标准疑似以万元填报，应为元", "003:7",
          remedy="请改按元填报后重新上报；更正前此数不参与计算"),
)
# fmt: on


@cache
def checks() -> dict[str, Check]:
    """All checks by id, in order.

    >>> checks()["V02"].message
    '大学生数不应大于征集新兵数'
    """
    return {check.id: check for check in CHECKS}
