"""Indicators of funds (FND). Declares; computes nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator, amount, average, growth, money, ratio

INDICATORS: tuple[Indicator, ...] = (
    money(
        "FND-01",
        "武装工作经费投入合计",
        "Total funds",
        amount("fnd_total"),
        level="both",
        source="004:13;000:5",
        note="县表不得将镇填报中已含的县级资金与县本级重复相加",
    ),
    # The source asks for a rank without naming it among the comparisons; the rank column decides.
    growth(
        "FND-02",
        "武装工作经费增速",
        "Growth of funds",
        amount("fnd_total"),
        level="both",
        ranked=True,
        source="000:5;004:16",
        note="名义值,不作价格调整",
    ),
    # May exceed 100 % after a supplementary budget: remarkable, not wrong.
    ratio(
        "FND-03",
        "预算执行率",
        "Budget execution rate",
        amount("fnd_spent"),
        amount("fnd_budget"),
        level="both",
        ranked=True,
        best_at=100,
        capped="warn",
        source="001:6;003:7",
        note="有追加预算时可大于100%",
    ),
    # The source names a rank among the comparisons but declares the indicator unranked: neutral, so not ranked.
    ratio(
        "FND-04",
        "镇级投入占比",
        "Town share of funds",
        amount("fnd_town"),
        amount("fnd_total"),
        level="both",
        direction="neutral",
        source="004:13",
    ),
    # 万元 to 元: the multiplier converts the unit of the answer.
    average(
        "FND-05",
        "人均武装工作经费",
        "Funds per resident",
        "元/人",
        amount("fnd_total"),
        amount("bas_population"),
        times=10000,
        year_on_year="percent",
        decimals=2,
        ranked=True,
        falls_with_size=True,
        source="004:13",
        note="万元×10000换算为元",
    ),
    # The source names a rank among the comparisons but declares the indicator unranked: neutral, so not ranked.
    ratio(
        "FND-06",
        "基层规范化建设投入占比",
        "Grass-roots building share",
        amount("fnd_building"),
        amount("fnd_total"),
        level="both",
        direction="neutral",
        source="004:13;001:10",
    ),
)
