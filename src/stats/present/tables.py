"""The tables of one unit: a domain's indicators, the seasons. Formats nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.seasons import not_applicable, periods_due
from stats.catalogue.variables import Variable, variables
from stats.figures import Answer, Figure
from stats.present import notes, numbering, numbers
from stats.present.blocks import Block, Column, Paragraph, Table

if TYPE_CHECKING:
    from stats.report import Report

_NAME = Column("指标", "left", 3.4)
_UNIT = Column("单位", "center", 1.3)
_STATE = Column("状态", "center", 1.4)
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
    Column("同比", width=1.3),
    Column("全市", width=1.1),
    Column("目标", "center", 1.1),
    _STATE,
    Column("有效/应报单位", "center", 1.3),
)
NOT_RELEASED = "按本版公布范围，本领域指标不列出。"
_SEASON_NAMES = {"spring": "春季", "autumn": "秋季"}


def domain_table(report: Report, domain: str) -> Block:
    """All released indicators of a domain: of a town beside its county, or of the whole county."""
    shown = numbering.released(report, domain)
    if not shown:
        return Paragraph(NOT_RELEASED)
    if report.unit.type == "县级本级":
        return _county_table(report, domain, shown)
    return _town_table(report, domain, shown)


def title(report: Report, content: str) -> str:
    """A title of time, place and content."""
    return f"{report.year}年{report.unit.name}{content}"


def _town_table(report: Report, domain: str, shown: tuple[tuple[Indicator, Figure], ...]) -> Table:
    rows = tuple(_town_row(entry, figure) for entry, figure in shown)
    entries, figures = [entry for entry, _ in shown], [figure for _, figure in shown]
    return Table(
        number=numbering.table_number(report, domain),
        title=title(report, f"{DOMAINS[domain]}情况"),
        columns=_TOWN_COLUMNS,
        rows=rows,
        notes=(
            notes.county_column(entries),
            notes.last_year_column(entries),
            *notes.county_coverage(figures),
            *notes.series_breaks(shown),
            *notes.exceeding(figures),
            *notes.used_marks(rows, blanks=(text for row in rows for text in row)),
        ),
        source=notes.source(report),
    )


def _town_row(entry: Indicator, figure: Figure) -> tuple[str, ...]:
    return (
        entry.name,
        numbers.printed_unit(figure, entry),
        numbers.display(figure, entry),
        numbers.last_year(figure, entry),
        numbers.change(figure, entry),
        numbers.versus_county(figure, entry),
        numbers.reference(figure.city),
        numbers.place(figure.rank),
        numbers.target(figure.target, entry),
        numbers.state(figure),
    )


def _county_table(report: Report, domain: str, shown: tuple[tuple[Indicator, Figure], ...]) -> Table:
    rows = tuple(_county_row(entry, figure) for entry, figure in shown)
    entries, figures = [entry for entry, _ in shown], [figure for _, figure in shown]
    return Table(
        number=numbering.table_number(report, domain),
        title=title(report, f"{DOMAINS[domain]}情况"),
        columns=_COUNTY_COLUMNS,
        rows=rows,
        notes=(
            notes.total("本年栏", entries),
            notes.last_year_column(entries),
            *notes.matched(figures),
            *notes.series_breaks(shown),
            *notes.used_marks(rows, blanks=(text for row in rows for text in row)),
        ),
        source=notes.source(report),
    )


def sum_name(entry: Indicator, figure: Figure) -> str:
    """An indicator's name in a county table: a sum over fewer units than are due is never the county's total."""
    is_partial_sum = entry.aggregation in ("sum", "sum_and_median") and figure.units < figure.due
    return f"{entry.name}（已上报单位合计）" if is_partial_sum else entry.name


def _county_row(entry: Indicator, figure: Figure) -> tuple[str, ...]:
    return (
        sum_name(entry, figure),
        entry.unit,
        numbers.display(figure, entry),
        numbers.last_year(figure, entry),
        numbers.change(figure, entry),
        numbers.reference(figure.city),
        numbers.target(figure.target, entry, one_unit=False),
        numbers.state(figure),
        f"{figure.units}/{figure.due}",
    )


def season_table(report: Report) -> Block:
    """The season questions in spring, autumn and the whole year, with the same season of last year."""
    year = report.year
    if periods_due(year) == ("year",):
        return Paragraph(f"{year}年一年一征，按全年一次填报，无分季数据。")
    if not numbering.has_seasons(report):
        return Paragraph("按本版公布范围，分季数据不列出。")
    rows = tuple(_season_row(report, variables()[name]) for name in report.seasons)
    return Table(
        number=numbering.table_number(report, "season"),
        title=title(report, "春秋两季征兵情况"),
        columns=_season_columns(),
        rows=rows,
        notes=(*_season_note(year), *notes.used_marks(rows, blanks=(text for row in rows for text in row))),
        source=notes.source(report),
    )


def _season_columns() -> tuple[Column, ...]:
    heads = ("春季", "上年春季", "秋季", "上年秋季", "全年", "上年全年")
    return (Column("项目", "left", 3.0), _UNIT, *(Column(head) for head in heads))


def _season_row(report: Report, variable: Variable) -> tuple[str, ...]:
    cells = [
        _answer(seasons.get(variable.name, {}).get(period))
        for period in _SEASON_NAMES
        for seasons in (report.seasons, report.last_seasons)
    ]
    whole = [_answer(given.get(variable.name)) for given in (report.answers, report.last_answers)]
    return (variable.label, variable.unit or "是/否", *cells, *whole)


def _answer(given: Answer | None) -> str:
    return "" if given is None else numbers.answer_in_table(given)


def _season_note(year: int) -> tuple[str, ...]:
    skipped = [(y, p) for y in (year, year - 1) for p in not_applicable(y)]
    return tuple(f"{y}年{_SEASON_NAMES[period]}不单独征兵，{_SEASON_NAMES[period]}栏不适用" for y, period in skipped)
