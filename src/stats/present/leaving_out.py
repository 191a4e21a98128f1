"""Leaves out the columns of a table that would print no more than marks, and says so. Makes no cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stats import numbers
from stats.catalogue import marks
from stats.present.blocks import Table

_MUTE = frozenset(
    {marks.NO_DATA.sign, marks.NOT_APPLICABLE.sign, marks.HIDDEN.sign, marks.REDACTED.sign, numbers.UNCERTAIN}
    | {numbers.SIGNS["hidden"], numbers.SIGNS["unknown"]}
)
_MISSED = numbers.SIGNS["unmet"]
MOSTLY = 2 / 3
"""Of the cells of a column in which every unit has one: so many marks leave nothing to compare."""


def without_mute_columns(
    made: Table, optional: Iterable[str], reasons: Mapping[str, str] | None = None, *, share: float = 1.0
) -> Table:
    """The table without those of the ``optional`` columns (by head) of which a ``share`` are but marks or blanks.

    A column that tells who missed a target stays. What is left out is named in a last note, by the column's own reason
    where ``reasons`` has one; an empty reason says nothing, where another note tells it.

    >>> from stats.present.blocks import Column
    >>> full = Table("表1", "甲", (Column("指标"), Column("上年")), (("办结率", "—"),))
    >>> lean = without_mute_columns(full, ["上年"])
    >>> lean.rows, lean.notes
    ((('办结率',),), ('上年栏没有可列的数，略去',))
    """
    heads = [column.head for column in made.columns]
    gone = [head for head in optional if head in heads and _is_mute(made, heads.index(head), share)]
    if not gone:
        return made
    kept = [place for place, head in enumerate(heads) if head not in gone]
    return _with_columns(made, kept, _said(gone, reasons or {}, share))


def without_columns_of_zero(made: Table) -> Table:
    """The table of counts without the columns that count nothing, of which a note tells.

    >>> from stats.present.blocks import Column
    >>> full = Table("表1", "甲", (Column("单位"), Column("概数")), (("甲镇", "0"), ("乙镇", "")))
    >>> lean = without_columns_of_zero(full)
    >>> lean.rows, lean.notes
    ((('甲镇',), ('乙镇',)), ('没有列出的类别均为0',))
    """
    places = range(len(made.columns))
    kept = [place for place in places if any(row[place] not in ("0", "") for row in made.rows)]
    return _with_columns(made, kept, ("没有列出的类别均为0",)) if len(kept) < len(places) else made


def _with_columns(made: Table, kept: list[int], more: tuple[str, ...]) -> Table:
    """The table of the columns kept, each cell with the look and the strip it had."""
    now = {before: after for after, before in enumerate(kept)}
    return replace(
        made,
        columns=tuple(made.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in made.rows),
        notes=(*made.notes, *more),
        looks=tuple(replace(each, column=now[each.column]) for each in made.looks if each.column in now),
        strips=tuple(replace(each, column=now[each.column]) for each in made.strips if each.column in now),
    )


def _is_mute(made: Table, place: int, share: float) -> bool:
    cells = [row[place] for row in made.rows]
    return sum(cell in _MUTE for cell in cells) >= share * len(cells) and not any(_MISSED in cell for cell in cells)


def _said(gone: list[str], reasons: Mapping[str, str], share: float) -> tuple[str, ...]:
    plain = "、".join(head.replace("\n", "") for head in gone if head not in reasons)
    own = dict.fromkeys(reasons[head] for head in gone if reasons.get(head))
    most = "" if share == 1 else "多数单位"
    return (*((f"{plain}栏{most}没有可列的数，略去",) if plain else ()), *own)
