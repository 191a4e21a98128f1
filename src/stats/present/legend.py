"""What holds for all tables and charts of a document, said once: marks, columns, source. Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import documents
from stats.catalogue import marks
from stats.present import county_indicators, county_tables, indicator_table, matrices, notes, work_done
from stats.present.blocks import Group, Note, Table
from stats.present.sentences.subject import is_county
from stats.quality import QualityReport

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

CHANGES = (
    "同比为与上年之差（比率为百分点），带%的为增减幅度，按未舍入的数计算，可能与表列数之差相差末位数1；"
    "有一方为概数的列出可能的范围，增减不能确定的写大体相当。"
)
WHOLE = "比率、人均和落实率为各单位汇总后相除，计数和金额为合计，只报比率的和例会次数为中位数"
_TOWN_COLUMNS = (
    f"指标表：{CHANGES}全县含本单位{{method}}，是或否的项目为做到的单位数/有数据的单位数。"
    "位次为本单位位次/参加排位的单位数。判定栏√为达标，×为未达标，隐为不公布，？为不能判定，空格为未设目标或不适用。"
    "标线两端为所标各数的最小和最大值，●为本单位（○为概数或基数较小），◇为全县，▏为目标，细竖线为各单位。"
)
_COUNTY_COLUMNS = (
    f"指标表：{CHANGES}{WHOLE}，是或否的项目为做到的单位占比。"
    "应报单位为名册内的{due}个单位，另有县级本级。"
    "窄栏表头为指标简称，全称见指标一览{defined}。"
)
_PARTIAL = "全县栏的合计为已上报单位合计：应报{due}个单位，有的指标缺{span}个单位的数。"
_NO_CITY = "全市平均数据未提供。"
_UNFIT_CITY = "全市数据文件有误，本次没有采用，不作比较。"


def legend(report: Report | QualityReport) -> Group:
    """The marks that the document uses, what the columns are, what was not provided, and the source: a note each."""
    return Group(tuple(Note(text) for text in (_marks(report), *_columns(report), _source(report)) if text))


def _marks(report: Report | QualityReport) -> str:
    """The marks in the tables of the document; of the quality report all of them."""
    if isinstance(report, QualityReport):
        return marks.LEGEND
    cells = {cell for table in _tables(report) for row in table.rows for cell in row}
    used = [mark for mark in marks.MARKS if (any(mark.sign in cell for cell in cells) if mark.sign else "" in cells)]
    return f"表中符号：{'；'.join(mark.legend for mark in used)}。" if used else ""


def _tables(report: Report) -> list[Table]:
    if is_county(report):
        county: CountyReport = report  # type: ignore[assignment]
        made = [county_indicators.indicator_table(county), matrices.ranked_matrix(county)]
        made += [county_tables.units_table(county, number) for number in range(1, 5)]
    else:
        made = [indicator_table.indicator_table(report), work_done.work_done(report)]
    return [block for block in made if isinstance(block, Table)]


def _columns(report: Report | QualityReport) -> tuple[str, ...]:
    if isinstance(report, QualityReport):
        return ()
    if report.unit.type == "县级本级":
        defined = documents.see(report.params, "definitions", "，定义见{}")
        return (_COUNTY_COLUMNS.format(due=len(report.params.due(report.year)), defined=defined),)
    has_city = any(figure.city.reference is not None for figure in report.figures.values())
    without = _UNFIT_CITY if report.has_unfit_outside else _NO_CITY
    method = documents.see(report.params, "definitions", "，汇总方法见{}")
    return (_TOWN_COLUMNS.format(method=method) + _missing(report) + ("" if has_city else without),)


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
