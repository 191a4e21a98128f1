"""All indicators of the county in one table, with the units that missed each target. Formats nothing itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue import marks
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.numbers import standing
from stats.present import levels, notes, numbering, unit_counts
from stats.present.blocks import Block, CellLook, Column, Group, Table
from stats.present.county_head import unmet_units
from stats.present.leaving_out import without_mute_columns
from stats.present.sentences.subject import Subject
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stats.report import CountyReport

SIZE = 9.0
_COVERAGE = "有效/应报"
_COLUMNS = (
    Column("指标", "left", 12.0),
    Column("单位", "center", 3.2),
    Column("本年", width=3.8),
    Column("上年", width=3.8),
    Column("同比", width=5.0),
    Column("全市", width=3.0),
    Column("目标", "center", 3.2),
    Column("判定", "center", 2.4),
    Column("未达标单位", "left", 13.0),
    Column(_COVERAGE),
)
_STATE = 7


def indicator_table(report: CountyReport) -> Block:
    """Every indicator the edition shows of the county: with last year, city, target, coverage, units that missed it."""
    shown = [pair for domain in DOMAINS for pair in numbering.released(report, domain)]
    if not shown:
        return Group()
    of = Subject(report)
    rows: list[tuple[str, ...]] = []
    groups: list[int] = []
    looks: list[CellLook] = []
    for domain in DOMAINS:
        pairs = numbering.released(report, domain)
        if pairs:
            groups.append(len(rows))
            rows.append((DOMAINS[domain], *[""] * (len(_COLUMNS) - 1)))
        for entry, figure in pairs:
            rows.extend(_level(report, entry))
            if numbers.sign(figure) == numbers.SIGNS["unmet"]:
                looks.append(CellLook(len(rows), _STATE, "unmet"))
            rows.append(_row(report, of, entry, figure))
    made = Table(
        number=numbering.table_number(report, "indicators"),
        title=title(report, f"党管武装工作指标{_partial(shown)}"),
        columns=_COLUMNS,
        rows=tuple(rows),
        notes=(*notes.series_breaks(shown), *notes.with_own(report, shown)),
        groups=tuple(groups),
        looks=tuple(looks),
        two_line=True,
        size=SIZE,
    )
    return without_mute_columns(unit_counts.in_note(matched_once(made, "同比"), _COVERAGE), ("全市",), {"全市": ""})


def _missed_by(report: CountyReport, of: Subject, figure: Figure) -> str:
    """The units that miss the target; where the county misses it they stand in the table of what is to be acted on."""
    units = unmet_units(of, figure.indicator)
    return f"见{numbering.table_number(report, 'problems')}" if units and standing(figure) == "unmet" else units


def _partial(shown: list[tuple[Indicator, Figure]]) -> str:
    """A sum over fewer units than are due is never the county's total, and the title says so."""
    sums = [figure for entry, figure in shown if entry.aggregation in ("sum", "sum_and_median")]
    return "（合计数为已上报单位合计）" if any(figure.units < figure.due for figure in sums) else ""


def matched_once(made: Table, head: str) -> Table:
    """The table with 〔可比〕 in a note instead of in most of its cells; the note names the rows that go without.

    >>> from stats.present.blocks import Column
    >>> rows = (("一", "+1〔可比〕"), ("二", "+2"), ("三", "0〔可比〕"))
    >>> full = Table("表1", "甲", (Column("指标"), Column("同比")), rows)
    >>> made = matched_once(full, "同比")
    >>> [row[1] for row in made.rows], made.notes
    (['+1', '+2', '0'], ('同比为〔可比〕口径，按两年均有数据的单位计算；“二”除外',))
    """
    place = [column.head for column in made.columns].index(head)
    sign = marks.MATCHED.sign
    marked = [row for row in made.rows if row[place].endswith(sign)]
    others = [row for row in made.rows if row[place] not in _NO_CHANGE and not row[place].endswith(sign)]
    if len(marked) <= len(others):
        return made
    named = "".join(f"“{row[0]}”" for row in others)
    note = f"同比为{sign}口径，按两年均有数据的单位计算{f'；{named}除外' if named else ''}"
    rows = tuple(tuple(c.removesuffix(sign) if n == place else c for n, c in enumerate(row)) for row in made.rows)
    return replace(made, rows=rows, notes=(*made.notes, note))


_NO_CHANGE = ("", marks.NOT_APPLICABLE.sign, marks.HIDDEN.sign)


def _level(report: CountyReport, entry: Indicator) -> Iterator[tuple[str, ...]]:
    level = levels.of_county(report, entry)
    if level is not None:
        yield (level.name, level.unit, level.now, level.before, level.change, "", "", "", "", level.units)


def _row(report: CountyReport, of: Subject, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    return (
        entry.name,
        entry.unit,
        numbers.display(figure, entry),
        numbers.last_year(figure, entry),
        numbers.change(figure, entry),
        numbers.city(figure),
        numbers.target(figure.target, entry, one_unit=False),
        numbers.sign(figure),
        _missed_by(report, of, figure),
        unit_counts.covered(report, figure),
    )
