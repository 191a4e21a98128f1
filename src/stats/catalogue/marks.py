"""The marks a table may print, and the fixed texts that explain them. Formats nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One sign in a table and what it means; the sign of "no data" is empty."""

    sign: str
    meaning: str

    @property
    def legend(self) -> str:
        """The clause of the legend.

        >>> SMALL_BASE.legend
        '“※”表示基数较小，仅供参考'
        """
        return f"“{self.sign}”表示{self.meaning}" if self.sign else f"空格表示{self.meaning}"


NO_DATA = Mark("", "无数据（未填报、未上报、数据拒收或填报有误）")
BELOW_UNIT = Mark("…", "不足本表最小单位")
NOT_APPLICABLE = Mark("—", "不适用")
APPROXIMATE = Mark("约", "概数，按下限计算，不参与排位")
SMALL_BASE = Mark("※", "基数较小，仅供参考")
HIDDEN = Mark("[隐]", "数值过小，为保护个人信息隐去")
REDACTED = Mark("[遮]", "填报单位用“×”等符号代替了数字，不参与计算")
CORRECTED = Mark("[更]", "据核实更正后的数计算")
MATCHED = Mark("〔可比〕", "按两年均有数据的单位计算，不能由表列两数相减得出")

MARKS: tuple[Mark, ...] = (
    NO_DATA,
    BELOW_UNIT,
    NOT_APPLICABLE,
    APPROXIMATE,
    SMALL_BASE,
    HIDDEN,
    REDACTED,
    CORRECTED,
    MATCHED,
)

LEGEND = "表中符号：" + "；".join(mark.legend for mark in MARKS) + "。"

_PROTECTION = (
    "数据保护说明：本资料只含以单位为范围的汇总统计数，不收集、不记载个人姓名、证件号码、联系电话、住址"
    "和健康、政治考核原因，不涉及部队名称、番号、驻地以及武器装备、战备值勤、训练内容和征集任务基数。"
)
_HIDING = (
    "为保护个人信息，涉及个人和家庭的计数为1至{largest}的，比其总数少1至{largest}的，连同可由其推出的数，均不公布，"
    "表中以“[隐]”表示；只有少数单位不为零的，各单位的数都不公布，只列全县数。不公布的指标不算达标，也不算未达标，"
    "另行计数；能够说明是否达标的，只用文字说明，不列数字。不得以其他资料反推。"
)
_OPEN_ONLY = (
    "公开本只列可以公开的指标，不列涉及个人和家庭的计数；"
    "兵员征集情况和专武干部的人员情况只列全县数。不得以其他资料反推。"
)
_NO_HIDING = "本资料为县级工作底稿，小数未作隐去，只供本单位核对使用，不得外传。"


def data_protection(*, hidden_below: int | None, open_only: bool = False) -> str:
    """The statement printed in every appendix: what is not collected, which counts are hidden and how they count.

    ``hidden_below`` is the edition's threshold (counts from 1 up to, but not including, it are hidden), None for
    an edition that hides nothing; ``open_only`` for the one that holds open matters and none of those counts.

    >>> "1至2的" in data_protection(hidden_below=3)
    True
    >>> "不得外传" in data_protection(hidden_below=None)
    True
    >>> "不列涉及个人和家庭的计数" in data_protection(hidden_below=None, open_only=True)
    True
    """
    if hidden_below is None:
        return _PROTECTION + (_OPEN_ONLY if open_only else _NO_HIDING)
    return _PROTECTION + _HIDING.format(largest=hidden_below - 1)
