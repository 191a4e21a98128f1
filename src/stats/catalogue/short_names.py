"""Names of indicators and of stages of recruitment for narrow heads and small charts; the full ones stand elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

SHORT_NAMES: Mapping[str, str] = {
    "SYS-01": "季度议军",
    "SYS-02": "议军办结",
    "SYS-03": "书记述职",
    "SYS-04": "四纳入",
    "SYS-05": "军事日",
    "SYS-06": "四个一",
    "SYS-07": "表彰书记",
    "REC-01": "征集任务",
    "REC-02": "征集新兵",
    "REC-03": "大学生",
    "REC-04": "大学毕业",
    "REC-05": "兵役登记",
    "REC-06": "报名上站",
    "REC-07": "双合格",
    "REC-08": "退兵",
    "REC-09": "每万人征",
    "REC-10": "报名增速",
    "MIL-01": "整组完成",
    "MIL-02": "整组程序",
    "MIL-03": "点验到点",
    "MIL-04": "训练参训",
    "MIL-05": "例会次数",
    "EMG-01": "疫情防控",
    "EMG-02": "抢险救灾",
    "EMG-03": "人均出动",
    "EMG-04": "乡村振兴",
    "EMG-05": "纳入应急",
    "EMG-06": "出动增速",
    "BLD-01": "三星以上",
    "BLD-02": "五星级",
    "BLD-03": "达优",
    "BLD-04": "专干配备",
    "BLD-05": "资格认证",
    "BLD-06": "两优",
    "BLD-07": "行政编制",
    "EDU-01": "教育活动",
    "EDU-02": "受教育",
    "EDU-03": "学校覆盖",
    "EDU-04": "教育日",
    "EDU-05": "集中教育",
    "SUP-01": "走访部队",
    "SUP-02": "走访优抚",
    "SUP-03": "优待标准",
    "SUP-04": "优待发放",
    "SUP-05": "喜报送达",
    "SUP-06": "诉求办结",
    "SUP-07": "双拥活动",
    "FND-01": "经费投入",
    "FND-02": "经费增速",
    "FND-03": "预算执行",
    "FND-04": "镇级占比",
    "FND-05": "人均经费",
    "FND-06": "规范化",
}

STAGES: Mapping[str, str] = {
    "rec_applied": "报名",
    "rec_exam_attended": "上站体检",
    "rec_exam_passed": "体检合格",
    "rec_both_passed": "双合格",
    "rec_enlisted": "新兵",
}
"""The questions that stand one after the other on the way from applicants to recruits."""


def short_name(code: str, name: str) -> str:
    """An indicator's short name; its full ``name`` where none is declared.

    >>> short_name("SYS-02", "议军事项办结率"), short_name("REC-99", "示例占比")
    ('议军办结', '示例占比')
    """
    return SHORT_NAMES.get(code, name)
