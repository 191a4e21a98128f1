"""How many of the units due stand behind a county figure; the county's own row is told apart. Counts nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present.blocks import Table

if TYPE_CHECKING:
    from stats.report import CountyReport


def has_own(report: CountyReport, figure: Figure) -> bool:
    """Whether the county's own row is counted among the units of the figure: it is asked, and it applies to it."""
    own, entry = report.own.get(figure.indicator), indicators()[figure.indicator]
    return entry.level == "both" and own is not None and own.status is not Status.NOT_APPLICABLE


def covered(report: CountyReport, figure: Figure) -> str:
    """``17/18``: towns with usable data of the towns asked, without the county's own row."""
    counted = has_own(report, figure)
    usable = counted and report.own[figure.indicator].status.has_value
    return f"{figure.units - usable}/{figure.due - counted}"


def in_note(made: Table, head: str) -> Table:
    """The table without its column of units, which a note tells: what most rows have, then the rows that differ.

    >>> from stats.present.blocks import Column
    >>> rows = (("甲", "17/18"), ("乙", "17/18"), ("丙", "9/10"))
    >>> in_note(Table("表1", "指标", (Column("指标"), Column("有效/应报")), rows), "有效/应报").notes
    ('有效填报单位/应报单位为17/18；“丙”9/10',)
    """
    place = [column.head for column in made.columns].index(head)
    counts = Counter(row[place] for row in made.rows if row[place])
    if not counts:
        return made
    common = counts.most_common(1)[0][0]
    differing: dict[str, list[str]] = {}
    for row in made.rows:
        if row[place] not in ("", common):
            differing.setdefault(row[place], []).append(f"“{row[0]}”")
    others = "，".join(f"{''.join(names)}{units}" for units, names in differing.items())
    return replace(
        made,
        columns=tuple(column for nth, column in enumerate(made.columns) if nth != place),
        rows=tuple(tuple(cell for nth, cell in enumerate(row) if nth != place) for row in made.rows),
        notes=(*made.notes, f"有效填报单位/应报单位为{common}{f'；{others}' if others else ''}"),
    )


def said(counts: str) -> str:
    """``17/18`` as a note on a whole table.

    >>> said("17/18")
    '各指标有效填报单位均为17个（应报18个）'
    """
    usable, due = counts.split("/")
    return f"各指标有效填报单位均为{usable}个（应报{due}个）"
