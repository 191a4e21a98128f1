"""Indicators of how the party committee leads the work (SYS). Declares; computes nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator, amount, answered, at_least, compliance, count, ratio, yes, yes_or_no

INDICATORS: tuple[Indicator, ...] = (
    # The denominator is the four quarters of a year: four meetings in one quarter are not compliance.
    compliance(
        "SYS-01",
        "党委议军会议季度落实率",
        "Quarterly committee-meeting compliance",
        amount("sys_council_quarters"),
        4,
        publish="open",
        source="001:7",
        note="达标=4个季度均召开;次数多但集中在同一季度不算达标。公开资料中另有“每年不少于2次”口径,目标值须可配置",
    ),
    ratio(
        "SYS-02",
        "议军事项办结率",
        "Resolution rate of issues raised",
        amount("sys_issues_resolved"),
        amount("sys_issues_raised"),
        ranked=True,
        minimum_base=3,
        best_at=100,
        publish="open",
        source="001:7;003:7;004:21",
    ),
    # In person or in writing: both count as done.
    yes_or_no(
        "SYS-03",
        "书记党管武装述职率",
        "Secretary duty-report rate",
        answered("sys_duty_report", "现场", "书面"),
        publish="open",
        source="002:10;004:3;003:7",
        note="另在县表列现场述职单位数及单位名",
    ),
    compliance(
        "SYS-04",
        "党管武装“四纳入”落实率",
        "Four-inclusion implementation rate",
        yes("sys_on_agenda", "sys_in_plan", "sys_in_budget", "sys_in_assessment"),
        4,
        publish="open",
        source="001:6;002:6;003:7",
        note="“四纳入”为本工具归纳名,四项须同时满足方为达标",
    ),
    compliance(
        "SYS-05",
        "过“军事日”落实",
        "Military-day activity held",
        at_least(sys_military_days=1),
        1,
        aggregation="share_compliant",
        year_on_year="state",
        versus_county="units",
        publish="open",
        source="000:3;003:7,9",
    ),
    # Answered by the county row alone, so there is nothing to aggregate and no town figure.
    compliance(
        "SYS-06",
        "第一书记“四个一”落实率",
        "Four-ones implementation by the first secretary",
        at_least(sys_fs_office_months=12, sys_fs_committee_quarters=4, sys_fs_talk_halves=2, sys_fs_research_count=1),
        4,
        level="county",
        aggregation="county_own",
        versus_county="none",
        publish="open",
        source="003:5",
        note="仅县级本级计算;另列四项各自完成数",
    ),
    count(
        "SYS-07",
        "受市级及以上表彰书记数",
        "Secretaries honoured at city level or above",
        "名",
        yes("sys_secretary_honoured"),
        year_on_year="difference",
        versus_county="none",
        source="000:2;002:10",
        note="种子例:10名;只计数不列姓名",
    ),
)
