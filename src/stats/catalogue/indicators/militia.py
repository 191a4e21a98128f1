"""Indicators of the reorganisation and training of the militia (MIL). Declares; computes nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator, amount, compliance, count, ratio, reported_rate

INDICATORS: tuple[Indicator, ...] = (
    ratio(
        "MIL-01",
        "民兵整组完成率",
        "Reorganisation completion rate (by unit)",
        amount("mil_reorg_done"),
        amount("mil_reorg_due"),
        ranked=True,
        best_at=100,
        source="001:6,7;003:9",
        note="按村(社区、单位)个数计,不涉及编组人数",
    ),
    compliance(
        "MIL-02",
        "整组大会五项程序落实率",
        "Muster-meeting programme rate",
        amount("mil_reorg_items"),
        5,
        publish="open",
        source="001:7",
    ),
    reported_rate(
        "MIL-03",
        "整组点验到点率",
        "Muster attendance rate",
        amount("mil_muster_rate"),
        source="001:7",
        note="镇级只报比率;县级用中位数和达标单位占比,不得求算术平均",
    ),
    reported_rate(
        "MIL-04",
        "年度训练参训率",
        "Training attendance rate",
        amount("mil_train_rate"),
        source="001:9;004:7,10",
        note="同上;不收集训练内容、成绩与装备",
    ),
    count(
        "MIL-05",
        "武装工作和民兵干部例会次数",
        "Regular meetings held",
        "次",
        amount("mil_meetings"),
        direction="neutral",
        aggregation="sum_and_median",
        year_on_year="difference",
        versus_county="median_difference",
        publish="open",
        source="001:7",
    ),
)
