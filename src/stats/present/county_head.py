"""What a county's leaders read first: five figures, what was not reached and by whom. Only picks figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.numbers import standing
from stats.present import numbering
from stats.present.blocks import Block, Column, Table, Tiles
from stats.present.sentences import judgements
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import last_state
from stats.present.sentences.units import names, unit_states
from stats.present.titles import title
from stats.present.town_head import nothing_missed, tile

if TYPE_CHECKING:
    from stats.report import CountyReport

FIGURES = ("REC-02", "REC-04", "BLD-01", "SUP-02", "FND-01")


def key_figures(report: CountyReport) -> Tiles:
    """Five figures that a conference opens with."""
    return Tiles(tuple(tile(report, code) for code in FIGURES if code in report.figures), columns=5)


def unmet_table(report: CountyReport) -> Block:
    """Every target of the county that was missed, the largest gap first, with the units that missed it by name."""
    of = Subject(report)
    missed = judgements.missed(of)
    if not missed:
        return nothing_missed(of)
    return Table(
        number=numbering.table_number(report, "problems"),
        title=title(report, "未达标指标和单位"),
        columns=(
            Column("指标", "left", 13.0),
            Column("本年", width=3.6),
            Column("目标", "center", 3.2),
            Column("上年", "center", 5.0),
            Column("未达标单位", "left", 22.0),
        ),
        rows=tuple(_row(of, entry, figure) for entry, figure in missed),
        size=9.0,
    )


def _row(of: Subject, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    return (
        entry.name,
        numbers.display(figure, entry),
        numbers.target(figure.target, entry, one_unit=False),
        last_state(of, figure).removeprefix("上年"),
        unmet_units(of, entry.code),
    )


def unmet_units(of: Subject, code: str) -> str:
    """The units that are known to miss the target, by name, and how many are not told."""
    states = unit_states(of, code, standing)
    hidden = f"{'另有' if states.unmet else ''}{len(states.hidden)}个不公布" if states.hidden else ""
    return "；".join(part for part in (names(states.unmet), hidden) if part)
