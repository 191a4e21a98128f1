"""How tightly each document of a file is set so that it keeps to its pages; sets and measures nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

LEAST_LAST_PAGE = 1 / 3
# What is taken from above and below the text of a cell, in points, in the order in which it is tried; below 0 it is
# added. A document of one page begins roomier, so that it fills its page.
TIGHTNESS = (-0.3, 0.0, 0.3, 0.6, 0.9, -0.6, -0.9)
ON_ONE_PAGE = (-2.4, -1.6, -0.8, *TIGHTNESS)


class End(NamedTuple):
    """Where a document ends: its last page, and how much of that page is filled."""

    pages: int
    filled: float


Setting = Callable[[tuple[float, ...]], tuple[bytes, Sequence[End]]]


def fits(budget: int, end: End) -> bool:
    """Whether a document keeps to its pages (0: any number) and does not end on a page under a third full.

    >>> fits(6, End(6, 0.4)), fits(6, End(7, 0.9)), fits(0, End(2, 0.1)), fits(1, End(1, 0.1))
    (True, False, False, True)
    """
    return end.pages <= (budget or end.pages) and (end.pages == 1 or end.filled >= LEAST_LAST_PAGE)


def tries(budget: int) -> tuple[float, ...]:
    """How tightly a document is set, in the order in which it is tried."""
    return ON_ONE_PAGE if budget == 1 else TIGHTNESS


def fitted(budgets: Sequence[int], setting: Setting) -> bytes:
    """The file whose documents are as loose as first meant, or where one does not fit, set as tightly as lets it fit.

    ``setting`` makes the file at one tightness a document and says where each ends. A document that fits at none is
    set at the first that keeps it to its pages, else to the fewest.
    """
    ended: list[dict[float, End]] = [{} for _ in budgets]
    chosen = tuple(tries(budget)[0] for budget in budgets)
    for step in range(max(len(tries(budget)) for budget in budgets)):
        chosen = tuple(
            at if at in tried and fits(budget, tried[at]) else tries(budget)[min(step, len(tries(budget)) - 1)]
            for budget, at, tried in zip(budgets, chosen, ended, strict=True)
        )
        file, ends = setting(chosen)
        for at, tried, end in zip(chosen, ended, ends, strict=True):
            tried[at] = end
        if all(map(fits, budgets, ends)):
            return file
    best = tuple(min(tried, key=_by_fit(budget, tried)) for budget, tried in zip(budgets, ended, strict=True))
    return file if best == chosen else setting(best)[0]


def _by_fit(budget: int, tried: dict[float, End]) -> Callable[[float], tuple[bool, int]]:
    return lambda at: (not fits(budget, tried[at]), max(tried[at].pages - (budget or tried[at].pages), 0))
