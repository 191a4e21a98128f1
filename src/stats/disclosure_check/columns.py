"""Sparse columns: where few towns have a count other than 0, no town's count may stand anywhere. Proves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stats.disclosure.audit import Count
from stats.disclosure.counts import protected_variables
from stats.disclosure_check.facts import Said
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut
from stats.disclosure_check.presence import Presence

FEWEST = 5
"""Of so many towns at least the count is other than 0, and of at most two thirds it is 0."""


def sparse_columns(handed_out: HandedOut, said: Said, presence: Presence) -> Iterator[Leak]:
    """Columns that are sparse, whatever the hidden counts are, of which a count stands in a document.

    A town of which nothing is known may have a count other than 0.
    """
    columns: defaultdict[tuple[int, str, str], dict[str, int | None]] = defaultdict(dict)
    for count in said.hidden:
        columns[count.year, count.variable, count.period].setdefault(count.unit, None)
    for count, value in said.shown.items():
        columns[count.year, count.variable, count.period][count.unit] = value
    for (year, name, period), column in sorted(columns.items()):
        shown = {unit: value for unit, value in column.items() if value is not None}
        towns = (code for code in handed_out.units if code != handed_out.county)
        column |= {unit: None for unit in towns if unit not in column and presence.of(unit, year, name) == "unknown"}
        if name in protected_variables() and shown and _is_sparse(column):
            unit = min(shown)
            where = said.places.get(Count(unit, year, name, period), "")
            file, _, place = where.partition(" ")
            named = "、".join(handed_out.units.get(each, each) for each in sorted(shown)[:3])
            yield Leak(
                "sparse", file, place, f"{year}年这一项多数单位为 0 或不为 0 的不足 {FEWEST} 个，却印出了{named}的数"
            )


def _is_sparse(column: dict[str, int | None]) -> bool:
    zeros = sum(value == 0 for value in column.values())
    return len(column) - zeros < FEWEST or zeros * 3 > len(column) * 2
