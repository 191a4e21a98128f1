"""Every answer of a town that no other table prints: what was done, and what its shares rest on. Formats nothing."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from stats.present import base_rows, numbering
from stats.present.blocks import Block, Column, Group, Table
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stats.report import Report

SIZE = 9.0
_HALF = (
    Column("项目", "left", 13.4),
    Column("单位", "center", 3.0),
    Column("本年", width=4.0),
    Column("上年", width=4.0),
)


def work_done(report: Report) -> Block:
    """Questions with this year's and last year's answers, in the order of the form, two beside each other in a row."""
    rows = base_rows.town_rows(report)
    if not rows:
        return Group()
    return Table(
        number=numbering.table_number(report, "work"),
        title=title(report, "工作数据和主要基数"),
        columns=(*_HALF, *_HALF),
        rows=two_in_a_row(rows),
        size=SIZE,
    )


def two_in_a_row(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows in two halves, one beside the other; what an odd number leaves over is empty.

    >>> two_in_a_row([("甲", "1"), ("乙", "2"), ("丙", "3")])
    (('甲', '1', '丙', '3'), ('乙', '2', '', ''))
    """
    middle = (len(rows) + 1) // 2
    pairs = zip_longest(rows[:middle], rows[middle:], fillvalue=("",) * len(rows[0]))
    return tuple((*left, *right) for left, right in pairs)
