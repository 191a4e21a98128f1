"""Leaves out the columns of a table that would print no more than marks, and says so. Makes no cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stats import numbers
from stats.catalogue import marks
from stats.present.blocks import Table

_MUTE = frozenset(
    {marks.NO_DATA.sign, marks.NOT_APPLICABLE.sign, marks.HIDDEN.sign, marks.REDACTED.sign, numbers.UNCERTAIN}
)


def without_mute_columns(made: Table, optional: Iterable[str], reasons: Mapping[str, str] | None = None) -> Table:
    """The table without those of the ``optional`` columns (by head) that hold nothing but marks or blanks.

    What is left out is named in a last note, by the column's own reason where ``reasons`` has one; an empty reason
    says nothing, where another note tells it.

    >>> from stats.present.blocks import Column
    >>> full = Table("表1", "甲", (Column("指标"), Column("上年")), (("办结率", "—"),))
    >>> lean = without_mute_columns(full, ["上年"])
    >>> lean.rows, lean.notes
    ((('办结率',),), ('上年栏没有可列的数，略去',))
    """
    heads = [column.head for column in made.columns]
    gone = [head for head in optional if head in heads and _is_mute(made, heads.index(head))]
    if not gone:
        return made
    kept = [place for place, head in enumerate(heads) if head not in gone]
    return _with_columns(made, kept, _said(gone, reasons or {}))


def _with_columns(made: Table, kept: list[int], more: tuple[str, ...]) -> Table:
    return replace(
        made,
        columns=tuple(made.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in made.rows),
        notes=(*made.notes, *more),
    )


def _is_mute(made: Table, place: int) -> bool:
    return all(row[place] in _MUTE for row in made.rows)


def _said(gone: list[str], reasons: Mapping[str, str]) -> tuple[str, ...]:
    plain = "、".join(head for head in gone if head not in reasons)
    own = dict.fromkeys(reasons[head] for head in gone if reasons.get(head))
    return (*((f"{plain}栏没有可列的数，略去",) if plain else ()), *own)
