"""The tables of one unit: a domain's indicators, the seasons. Formats nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.seasons import SEASON_NAMES, not_applicable, periods_due
from stats.catalogue.variables import Variable, variables
from stats.figures import Figure
from stats.present import levels, notes, numbering, unit_counts
from stats.present.blocks import Block, Column, Paragraph, Table
from stats.present.leaving_out import without_mute_columns

if TYPE_CHECKING:
    from stats.quality import QualityReport
    from stats.report import CountyReport, Report

_NAME = Column("指标", "left", 3.4)
_UNIT = Column("单位", "center", 1.3)
_STATE = Column("状态", "center", 1.6)
_TOWN_COLUMNS = (
    Column("指标", "left", 3.05),
    Column("单位", "center", 1.2),
    Column("本年", width=1.15),
    Column("上年", width=1.35),
    Column("同比", width=1.5),
    Column("全县", width=1.2),
    Column("全市", width=0.85),
    Column("位次", "center", 1.55),
    Column("目标", "center", 0.95),
    Column("状态", "center", 1.55),
)
_COUNTY_COLUMNS = (
    _NAME,
    _UNIT,
    Column("本年", width=1.3),
    Column("上年", width=1.3),
    Column("同比", width=1.5),
    Column("全市", width=1.1),
    Column("目标", "center", 1.1),
    _STATE,
    Column("有效/应报单位", "center", 1.3),
)
_OPTIONAL = ("上年", "同比", "全县", "全市", "位次", "目标", "状态")
_WHY_LEFT_OUT = {"全市": "", "位次": "本表指标不排位", "目标": "本表指标未设目标", "状态": ""}
NOT_RELEASED = "按本版公布范围，本领域指标不列出。"
_SEASON_HEADS = ("春季", "上年春季", "秋季", "上年秋季", "全年", "上年全年")


def domain_table(report: Report, domain: str) -> Block:
    """All released indicators of a domain: of a town beside its county, or of the whole county."""
    shown = numbering.released(report, domain)
    if not shown:
        return Paragraph(NOT_RELEASED)
    if report.unit.type == "县级本级":
        return _county_table(report, domain, shown)  # type: ignore[arg-type]
    return _town_table(report, domain, shown)


def title(report: Report | QualityReport, content: str) -> str:
    """A title of time, place and content."""
    return f"{report.year}年{report.unit.name}{content}"


def _town_table(report: Report, domain: str, shown: tuple[tuple[Indicator, Figure], ...]) -> Table:
    rows = tuple(row for entry, figure in shown for row in (*_level(report, entry), _town_row(report, entry, figure)))
    made = Table(
        number=numbering.table_number(report, domain),
        title=title(report, f"{DOMAINS[domain]}情况"),
        columns=_TOWN_COLUMNS,
        rows=rows,
        notes=(
            *notes.series_breaks(shown),
            *notes.exceeding(shown),
            *notes.unranked(shown),
        ),
    )
    return without_mute_columns(made, _OPTIONAL, _WHY_LEFT_OUT)


def _level(report: Report, entry: Indicator) -> tuple[tuple[str, ...], ...]:
    """The row of what a growth indicator measures, above the growth."""
    level = levels.of_town(report, entry)
    if level is None:
        return ()
    return ((level.name, level.unit, level.now, level.before, level.change, "", "", "", "", ""),)


def _town_row(report: Report, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    whole = report.county_history.get(entry.code, {}).get(report.year)
    return (
        entry.name,
        numbers.printed_unit(figure, entry),
        numbers.display(figure, entry),
        numbers.last_year(figure, entry),
        numbers.change(figure, entry),
        numbers.versus_county(figure, entry, whole),
        numbers.city(figure),
        numbers.place(figure.rank),
        numbers.target(figure.target, entry),
        numbers.state(figure),
    )


def _county_table(report: CountyReport, domain: str, shown: tuple[tuple[Indicator, Figure], ...]) -> Table:
    groups = ((*_county_level(report, entry), _county_row(report, entry, figure)) for entry, figure in shown)
    made = Table(
        number=numbering.table_number(report, domain),
        title=title(report, f"{DOMAINS[domain]}情况"),
        columns=_COUNTY_COLUMNS,
        rows=tuple(row for group in groups for row in group),
        notes=(*notes.series_breaks(shown), *notes.with_own(report, shown)),
    )
    return unit_counts.once(without_mute_columns(made, _OPTIONAL, _WHY_LEFT_OUT), "有效/应报单位")


def sum_name(entry: Indicator, figure: Figure) -> str:
    """An indicator's name in a county table: a sum over fewer units than are due is never the county's total."""
    is_partial_sum = entry.aggregation in ("sum", "sum_and_median") and figure.units < figure.due
    return f"{entry.name}（已上报单位合计）" if is_partial_sum else entry.name


def _county_level(report: CountyReport, entry: Indicator) -> tuple[tuple[str, ...], ...]:
    level = levels.of_county(report, entry)
    if level is None:
        return ()
    return ((level.name, level.unit, level.now, level.before, level.change, "", "", "", level.units),)


def _county_row(report: CountyReport, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    return (
        sum_name(entry, figure),
        entry.unit,
        numbers.display(figure, entry),
        numbers.last_year(figure, entry),
        numbers.change(figure, entry),
        numbers.city(figure),
        numbers.target(figure.target, entry, one_unit=False),
        numbers.judgement(figure, entry),
        unit_counts.covered(report, figure),
    )


def season_table(report: Report) -> Block:
    """The season questions in spring, autumn and the whole year, with the same season of last year."""
    year = report.year
    if periods_due(year) == ("year",):
        return Paragraph(f"{year}年一年一征，按全年一次填报，无分季数据。")
    if not numbering.has_seasons(report):
        return Paragraph("按本版公布范围，分季数据不列出。")
    made = Table(
        number=numbering.table_number(report, "season"),
        title=title(report, "春秋两季征兵情况"),
        columns=(Column("项目", "left", 3.0), _UNIT, *(Column(head) for head in _SEASON_HEADS)),
        rows=tuple(_season_row(report, variables()[name]) for name in report.seasons),
    )
    return without_mute_columns(made, _SEASON_HEADS, _skipped(year))


def _season_row(report: Report, variable: Variable) -> tuple[str, ...]:
    cells = [
        numbers.answer_in_table(seasons.get(variable.name, {}).get(period))
        for period in SEASON_NAMES
        for seasons in (report.seasons, report.last_seasons)
    ]
    whole = [numbers.answer_in_table(given.get(variable.name)) for given in (report.answers, report.last_answers)]
    return (variable.full_name, variable.unit or "是/否", *cells, *whole)


def _skipped(year: int) -> dict[str, str]:
    """The heads of the seasons of this and last year in which nothing was asked, with the reason."""
    years = {"": year, "上年": year - 1}
    return {
        f"{last}{SEASON_NAMES[period]}": f"{each}年{SEASON_NAMES[period]}不单独征兵"
        for last, each in years.items()
        for period in not_applicable(each)
    }
