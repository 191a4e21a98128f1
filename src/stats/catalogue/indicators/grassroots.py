"""Indicators of grass-roots offices and full-time cadres (BLD). Declares; computes nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator, amount, answered, ratio, yes_or_no

INDICATORS: tuple[Indicator, ...] = (
    ratio(
        "BLD-01",
        "民兵营（连）部三星级及以上比例",
        "Share of offices at three stars or above",
        amount("bld_star5", "bld_star4", "bld_star3"),
        amount("bld_company_total"),
        ranked=True,
        minimum_base=5,
        publish="open",
        source="001:10;004:13",
    ),
    ratio(
        "BLD-02",
        "五星级民兵营（连）部比例",
        "Five-star share",
        amount("bld_star5"),
        amount("bld_company_total"),
        ranked=True,
        minimum_base=5,
        publish="open",
        source="001:10",
    ),
    yes_or_no(
        "BLD-03",
        "基层武装部达优",
        "Town department graded excellent",
        answered("bld_dept_grade", "达优"),
        publish="open",
        source="004:13;002:7",
        note="县表同时列达优、达标、未达标、未验收单位数",
    ),
    # May exceed 100 % (more cadres than authorised): remarkable, not wrong.
    ratio(
        "BLD-04",
        "专武干部配备率",
        "Cadre staffing rate",
        amount("cad_on_post"),
        amount("cad_authorized"),
        ranked=True,
        best_at=100,
        capped="warn",
        source="003:7;004:23",
        note="超编可大于100%,标注超配",
    ),
    ratio(
        "BLD-05",
        "专武干部资格认证合格率",
        "Certified cadre rate",
        amount("cad_certified"),
        amount("cad_on_post"),
        ranked=True,
        best_at=100,
        source="004:23",
    ),
    # The source names a rank among the comparisons but declares the indicator unranked: not ranked.
    ratio(
        "BLD-06",
        "武装部部长“两优”比例",
        "Preferred-source share of department heads",
        amount("cad_minister_preferred"),
        amount("cad_minister_on_post"),
        source="004:23",
        note="镇级分母多为1,镇级以是/否显示,县级给比例",
    ),
    ratio(
        "BLD-07",
        "武装干事行政编制比例",
        "Officers on administrative establishment",
        amount("cad_officer_admin"),
        amount("cad_officer_total"),
        ranked=True,
        best_at=100,
        source="004:23",
    ),
)
