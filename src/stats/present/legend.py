"""What holds for all tables and charts of a document, said once: marks, columns, source. Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue import marks
from stats.present import notes
from stats.present.blocks import Group, Note
from stats.quality import QualityReport

if TYPE_CHECKING:
    from stats.report import Report

_CHANGES = (
    "同比为与上年之差（比率为百分点），带%的为增减幅度；有一方为概数的，列出可能的范围（一端无从限定的写以上、以下），增减不能确定的写大体相当。"
    "差和幅度按未舍入的数计算，可能与表列数之差相差末位数1。"
)
_WHOLE = (
    "比率、人均和按程度计算的落实率为各单位汇总后相除，计数和金额为合计，只报比率的为中位数，"
    "是或否的项目为做到的单位数/有数据的单位数"
)
_TOWN_COLUMNS = (
    f"表中各栏：{_CHANGES}全县含本单位，{_WHOLE}，例会次数为中位数。"
    "位次为本单位位次/参加排位的单位数；空格的不排位，为不分优劣或不作评比的指标，有其他原因的见表注。"
    "目标为空格的未设目标。图中■为本单位，◇为全县，┃为目标。"
)
_COUNTY_COLUMNS = (
    f"表中各栏：{_CHANGES}全县合计（已上报单位合计）：{_WHOLE}，本年栏中是或否的项目为做到的单位占比。"
    "状态后括号内为达标的单位数/可以判定的单位数。应报单位为名册内的{due}个单位，另有县级本级。"
    "图中虚线为全县，实线为目标。"
)
_PARTIAL = "全县栏只含已上报单位（合计为已上报单位合计）：应报{due}个单位，有的指标缺{span}个单位的数。"
_NO_CITY = "全市平均数据未提供。"
_UNFIT_CITY = "全市数据文件有误，本次没有采用，不作比较。"


def legend(report: Report | QualityReport) -> Group:
    """The marks, what the columns are, what was not provided, and the source: a note each."""
    return Group(tuple(Note(text) for text in (marks.LEGEND, *_columns(report), _source(report))))


def _columns(report: Report | QualityReport) -> tuple[str, ...]:
    if isinstance(report, QualityReport):
        return ()
    if report.unit.type == "县级本级":
        return (_COUNTY_COLUMNS.format(due=len(report.params.due(report.year))),)
    has_city = any(figure.city.reference is not None for figure in report.figures.values())
    without = _UNFIT_CITY if report.has_unfit_outside else _NO_CITY
    return (_TOWN_COLUMNS + _missing(report) + ("" if has_city else without),)


def _missing(report: Report) -> str:
    """That units are missing behind the 全县 columns of a town's tables, and how many; empty where none is."""
    given = [figure.county for figure in report.figures.values() if figure.county.reference is not None]
    missing = [each.due - each.units for each in given if each.units < each.due]
    if not missing:
        return ""
    span = str(missing[0]) if len(set(missing)) == 1 else f"{min(missing)}至{max(missing)}"
    return _PARTIAL.format(due=len(report.params.due(report.year)), span=span)


def _source(report: Report | QualityReport) -> str:
    return f"资料来源：{notes.source(report)}；另有来源的见表下。"
