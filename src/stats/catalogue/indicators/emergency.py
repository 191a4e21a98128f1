"""Indicators of civil emergencies and help for local construction (EMG). Declares; computes nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator, amount, average, count, growth, yes, yes_or_no

INDICATORS: tuple[Indicator, ...] = (
    count(
        "EMG-01",
        "疫情防控等公共卫生任务人次",
        "Public-health person-times",
        "人次",
        amount("emg_health_person_times"),
        direction="neutral",
        publish="open",
        source="001:14;004:4,7",
        note="种子例:800余人次(下限值)",
    ),
    count(
        "EMG-02",
        "抢险救灾人次",
        "Disaster-relief person-times",
        "人次",
        amount("emg_disaster_person_times"),
        direction="neutral",
        publish="open",
        source="001:14;003:9;004:4,7",
        note="防汛、森林防火、地震等;不含维稳处突",
    ),
    average(
        "EMG-03",
        "参加人员人均出动次数",
        "Turn-outs per participant",
        "次/人",
        amount("emg_health_person_times", "emg_disaster_person_times"),
        amount("emg_persons"),
        direction="neutral",
        minimum_base=10,
        source="001:14",
        note="种子例:800余人次/120余名≈6.7次/人,两端均为下限,标“约”",
    ),
    count(
        "EMG-04",
        "乡村振兴和人居环境整治人次",
        "Rural-work person-times",
        "人次",
        amount("emg_rural_person_times"),
        direction="neutral",
        publish="open",
        source="000:7;004:7,17",
    ),
    yes_or_no(
        "EMG-05",
        "应急队伍纳入地方应急体系",
        "In local emergency system",
        yes("emg_in_local_system"),
        publish="open",
        source="001:14",
    ),
    # Growth of a sum: both years add public-health and disaster-relief person-times.
    growth(
        "EMG-06",
        "应急出动人次增速",
        "Growth of emergency person-times",
        amount("emg_health_person_times", "emg_disaster_person_times"),
        direction="neutral",
        minimum_base=50,
        publish="open",
        source="001:14;004:17",
        note="灾情年际差异大,方向中性,不评优劣",
    ),
)
