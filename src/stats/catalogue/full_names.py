"""The names of questions whose label on the form needs the question before it. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping

FULL_NAMES: Mapping[str, str] = {
    "sys_issues_resolved": "议军会议事项年内办结数",
    "rec_enlisted_college": "征集新兵中的大学生人数",
    "rec_enlisted_graduates": "征集新兵中的大学毕业生人数",
    "bld_star5": "五星级民兵营（连）部数",
    "bld_star4": "四星级民兵营（连）部数",
    "bld_star3": "三星级民兵营（连）部数",
    "cad_certified": "资格认证合格的专武干部数",
    "cad_trained": "当年参加培训的专武干部数",
    "cad_minister_preferred": "“两优”来源的武装部部长数",
    "cad_minister_committee": "任党委（党工委）委员的武装部部长数",
    "cad_officer_admin": "行政编制的武装干事数",
    "sup_cases_solved": "年内办结的诉求件数",
    "fnd_building": "基层规范化建设投入",
    "fnd_emergency": "民兵应急力量和基础设施投入",
    "fnd_edu": "国防教育投入",
}
