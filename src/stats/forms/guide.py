"""The page of instructions in every form. Writes nothing itself."""

from __future__ import annotations

from stats.catalogue.seasons import not_applicable, seasons
from stats.returns.form_layout import DATA_SHEET, PERIODS, form_periods

TITLE = "填报说明"


def guide(year: int, *, county: bool) -> tuple[tuple[str, ...], ...]:
    """The lines of the page: single texts, or a notation with its meaning."""
    return (*_FILLING, *_periods(year, county), *_NOTATIONS, *_RULES)


_FILLING: tuple[tuple[str, ...], ...] = (
    (f"一、在“{DATA_SHEET}”中填写白色格；灰色格不填，也改不了。工作表没有密码，请不要改动行、列和标识。",),
    ("二、点到一格会显示填法；计量单位见“计量单位”一列。是否类、等次类从下拉列表中选。",),
    ("三、“上年”一列是本单位上年上报的全年数，供核对。“核对”一列有字的，请对照原始资料改正；属实的在备注中写明原因。",),
)

_NOTATIONS: tuple[tuple[str, ...], ...] = (
    ("五、下面几种情况写法不同，不能混用：",),
    ("0", "没有发生（真正的零）"),
    ("留空", "不知道或没有统计，按“未填报”列出，不当作零"),
    ("—", "本来就没有这回事，不适用"),
    ("120余、近50、不少于3", "只知道大概；按区间计算，不参加位次"),
    ("xx、**", "不便写明；不参与计算"),
)

_RULES: tuple[tuple[str, ...], ...] = (
    ("六、一格只写一个数，不写算式（5+3）、范围（50-60）、“无”或字母；确需说明的写在备注里。",),
    ("七、不填写姓名、身份证号、电话、部队番号和驻地、征集任务数、战备训练内容；不得填写涉密内容。",),
    ("八、填好后保存为 XLSX，文件名不必改，报县里汇总。",),
)


def _periods(year: int, county: bool) -> tuple[tuple[str, ...], ...]:
    names = [PERIODS[period] for period in form_periods(year, county=county)]
    if len(names) == 1:
        return ((f"四、{year} 年不分季，全部填全年数。",),)
    held = "、".join(names[1:])
    reasons = [s.reason for s in seasons() if s.covers(year) and s.period in not_applicable(year)]
    left_out = f"其中有的季节不填：{'；'.join(reasons)}。" if reasons else ""
    return ((f"四、{held}两列只填征集项目，其余填在全年一列。{left_out}",),)
