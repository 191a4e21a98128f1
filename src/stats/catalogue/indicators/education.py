"""Indicators of defence education (EDU). Declares; computes nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator, amount, compliance, count, per_10k, ratio, yes, yes_or_no

INDICATORS: tuple[Indicator, ...] = (
    count(
        "EDU-01",
        "国防教育活动场次",
        "Defence-education events",
        "场",
        amount("edu_events"),
        publish="open",
        source="000:4;001:11",
    ),
    per_10k(
        "EDU-02",
        "每万人口国防教育受教育人次",
        "Participant-times per 10,000 residents",
        "人次/万人",
        amount("edu_person_times"),
        amount("bas_population"),
        decimals=0,
        ranked=True,
        falls_with_size=True,
        publish="open",
        source="000:4;001:11",
        note="人次可重复计",
    ),
    ratio(
        "EDU-03",
        "学校国防教育覆盖率",
        "School coverage",
        amount("edu_schools_covered"),
        amount("bas_schools"),
        ranked=True,
        best_at=100,
        publish="open",
        source="000:4;001:11",
        note="辖区无学校为不适用",
    ),
    yes_or_no(
        "EDU-04",
        "全民国防教育日活动开展",
        "Defence-education day held",
        yes("edu_defence_day"),
        publish="open",
        source="001:11;004:7",
    ),
    # Longer courses count as 100 %. The source compares a share with last year by difference.
    compliance(
        "EDU-05",
        "集中国防教育天数落实率",
        "Youth-camp days compliance",
        amount("edu_camp_days"),
        7,
        level="both",
        year_on_year="difference",
        publish="open",
        source="000:4",
        note="大于7天按100%计;未组织(—)不适用",
    ),
)
