"""What a town's secretary reads in half a minute: four figures, and what is to be acted on. Only picks figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present import numbering
from stats.present.blocks import Block, Column, Paragraph, Table, Tile, Tiles
from stats.present.sentences import change, judgements, references
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import last_state
from stats.present.titles import title

if TYPE_CHECKING:
    from stats.report import Report

_FIGURES = ("REC-02", "REC-04", "FND-01")


def key_figures(report: Report) -> Tiles:
    """How the town stands to its targets, and three figures that every conference asks for."""
    return Tiles((_targets(report), *(tile(report, code) for code in _FIGURES if code in report.figures)))


def _targets(report: Report) -> Tile:
    states = judgements.tally(Subject(report))
    lines = [f"未达标{states['unmet']}项"]
    lines += [f"不公布{states['hidden']}项"] if states["hidden"] else []
    lines += [f"不能判定{states['unknown']}项"] if states["unknown"] else []
    total = sum(states[name] for name in ("met", "unmet", "hidden", "unknown"))
    return Tile(f"设目标{total}项", f"达标{states['met']}项", ("，".join(lines),))


def tile(report: Report, code: str) -> Tile:
    """A figure at a glance, with its change and how it stands to the city."""
    entry, figure = indicators()[code], report.figures[code]
    if figure.status is Status.HIDDEN:
        return Tile(entry.name, "不公布", ("数值过小",))
    if not figure.status.has_value:
        return Tile(entry.name, figure.status.label)
    moved = change.last_year(figure, first_return=True)  # why there is no last year is said below, once
    # The change of a sum over other units than it is does not follow from the sums.
    moved += "（可比）" if moved and figure.last_year.is_partial and entry.unit != "%" else ""
    city = references.city(figure).replace("平均水平", "") if figure.city.reference is not None else ""
    said = (moved, city)
    small = "（基数较小）" if figure.small_base else ""
    return Tile(entry.name, numbers.with_unit(figure, entry), tuple(line for line in (*said, small) if line))


def to_act_on(report: Report) -> Block:
    """The targets that were missed, the largest gap first; a sentence where none is known to be."""
    of = Subject(report)
    missed = judgements.missed(of)
    if not missed:
        return nothing_missed(of)
    further = len(missed) - judgements.LISTED
    return Table(
        number=numbering.table_number(report, "problems"),
        title=title(report, "要抓的事"),
        columns=(
            Column("指标", "left", 3.6),
            Column("本年", width=1.4),
            Column("目标", "center", 1.2),
            Column("差距", width=1.2),
            Column("上年", "center", 1.6),
            Column("位次", "center", 1.3),
        ),
        rows=tuple(_missed(of, entry, figure) for entry, figure in missed[: judgements.LISTED]),
        notes=(f"另有{further}项未达标，见指标表判定栏为×的各项",) if further > 0 else (),
    )


def nothing_missed(of: Subject) -> Paragraph:
    """That no missed target is known, without saying more than the edition may."""
    states = judgements.tally(of)
    return Paragraph(f"本年度{judgements.none_unmet(states['hidden'], states['unknown'])}。")


def _missed(of: Subject, entry: Indicator, figure: Figure) -> tuple[str, ...]:
    return (
        entry.name,
        numbers.with_unit(figure, entry) if figure.status.has_value else figure.status.mark,
        numbers.target_with_unit(figure.target, entry) if not entry.is_yes_or_no else "是",
        _gap(entry, figure),
        last_state(of, figure).removeprefix("上年"),
        numbers.place(figure.rank) if figure.rank.of > 1 else "",  # first out of one is no place
    )


def _gap(entry: Indicator, figure: Figure) -> str:
    """How far the target is missed; nothing of a hidden figure, and yes or no have no distance."""
    if not figure.status.has_value or figure.target.gap is None or numbers.says_yes_or_no(figure, entry):
        return ""
    return numbers.number(figure.target.gap)
