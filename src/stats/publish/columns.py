"""Shares a table's width among its columns so that numbers stay on one line. Knows no length but the character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from math import ceil

from stats.present.blocks import Table
from stats.publish.title import width

_UNBREAKABLE = re.compile(r"[!-~±×…—\[\]]+|\S")
_PADDING = 0.8
_LONGEST_WORD = 12.0
_MOST_LINES = 3


def needed_room(table: Table) -> float:
    """The full-width characters a table needs for each column to keep its longest unbreakable run on one line."""
    return sum(_needs(table))


def column_shares(table: Table, room: float) -> tuple[float, ...]:
    """The share of each column in the width of a table that has room for ``room`` full-width characters.

    Every column first gets what its longest unbreakable run needs (a number with its sign and percent, a code, at
    least two characters), then the rest is shared by the columns' own relative widths. The shares sum to 1. Where
    every unit has a row of figures, its name is kept on as few lines as the others allow.
    """
    needs = _needs(table)
    if table.columns[0].head == "单位" and all(column.align != "left" for column in table.columns[1:]):
        names = max((width(row[0]) for row in table.rows), default=0.0)
        lines = (ceil(names / count) + _PADDING for count in range(1, _MOST_LINES + 1))
        needs[0] = next((need for need in lines if needs[0] <= need <= room - sum(needs[1:])), needs[0])
    rest = max(room - sum(needs), 0.0)
    weights = [max(column.width, 0.01) for column in table.columns]
    wanted = [room * weight / sum(weights) for weight in weights]
    lacking = [max(want - need, 0.0) for want, need in zip(wanted, needs, strict=True)]
    extra = [rest * lack / (sum(lacking) or 1.0) for lack in lacking]
    widths = [need + more for need, more in zip(needs, extra, strict=True)]
    return tuple(round(one / sum(widths), 5) for one in widths)


def row_lines(table: Table, rooms: Sequence[float]) -> list[int]:
    """How many lines of text each row takes at most, the head first, if its columns have ``rooms`` characters of room.

    >>> from stats.present.blocks import Column
    >>> row_lines(Table("", "", (Column("单位"), Column("数")), (("清溪镇人民政府", "1"),)), (4.0, 2.0))
    [1, 2]
    """
    rows = ([column.head for column in table.columns], *table.rows)
    return [max(_lines(cell, room) for cell, room in zip(row, rooms, strict=True)) for row in rows]


def _lines(text: str, room: float) -> int:
    return sum(max(ceil(width(line) / max(room, 1.0)), 1) for line in text.split("\n"))


def head_lines(head: str, room: float) -> str:
    """A column head broken into even lines, the first the longest, for a column of ``room`` full-width characters.

    A head that has line breaks of its own keeps them; one that ends in brackets is broken before them if that does.

    >>> head_lines("大学生比例", 4), head_lines("优待金（万元）", 4.2), head_lines("2021年", 4)
    ('大学生\\n比例', '优待金\\n（万元）', '2021年')
    """
    if "\n" in head or width(head) <= room:
        return head
    before, bracket, rest = head.partition("（")
    if bracket and max(width(before), width(bracket + rest)) <= room:
        return f"{before}\n{bracket}{rest}"
    runs = _UNBREAKABLE.findall(head)
    lines = next((n for n in range(2, len(runs)) if ceil(width(head) / n) <= room), len(runs))
    return "\n".join(_even(runs, lines))


def _even(runs: list[str], lines: int) -> list[str]:
    filled: list[str] = []
    rest = list(runs)
    for left in range(lines, 0, -1):
        longest = ceil(width("".join(rest)) / left)
        line = ""
        while rest and (not line or width(line + rest[0]) <= longest):
            line += rest.pop(0)
        filled.append(line)
    return [line for line in [*filled[:-1], filled[-1] + "".join(rest)] if line]


def _needs(table: Table) -> list[float]:
    return [_need([column.head, *(row[place] for row in table.rows)]) for place, column in enumerate(table.columns)]


def _need(texts: list[str]) -> float:
    runs = chain.from_iterable(_UNBREAKABLE.findall(text) for text in texts)
    return min(max((width(run) for run in runs), default=1.0), _LONGEST_WORD) + _PADDING
