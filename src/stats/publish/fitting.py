"""How tightly a document is set so that it keeps to its pages; sets and measures nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

LEAST_LAST_PAGE, LEAST_OF_ROOMY = 1 / 3, 2 / 3
# What is taken from above and below the text of a cell, in points, in the order in which it is tried; below 0 it is
# added. A document of few pages begins roomier, so that it fills them.
TIGHTNESS = (-0.6, -0.2, 0.2, 0.6, 0.9, -1.0)
ROOMY, FEW_PAGES = (-2.4, -1.8, -1.2), 4


class End(NamedTuple):
    """Where a document ends: its last page, and how much of that page is filled."""

    pages: int
    filled: float


Setting = Callable[[float], tuple[bytes, End]]


def fits(budget: int, end: End, least: float = LEAST_LAST_PAGE) -> bool:
    """Whether a document keeps to its pages (0: any number) and does not end on a page under a third full.

    >>> fits(6, End(6, 0.4)), fits(6, End(7, 0.9)), fits(0, End(2, 0.1)), fits(1, End(1, 0.1))
    (True, False, False, True)
    """
    return end.pages <= (budget or end.pages) and (end.pages == 1 or end.filled >= least)


def tries(budget: int) -> tuple[float, ...]:
    """How tightly a document is set, in the order in which it is tried."""
    return (*ROOMY, *TIGHTNESS) if 0 < budget <= FEW_PAGES else TIGHTNESS


def fitted(budget: int, setting: Setting) -> tuple[float, bytes]:
    """The tightness that lets a document fit, the first that does, and its file.

    ``setting`` makes the file at a tightness and says where it ends. A roomy one is not to end on a page that is hardly
    begun. A document that fits at none is set at the first that keeps it to its pages, else to the fewest.
    """
    tried: dict[float, tuple[bytes, End]] = {}
    for tightness in tries(budget):
        file, end = tried[tightness] = setting(tightness)
        if fits(budget, end, LEAST_OF_ROOMY if tightness in ROOMY else LEAST_LAST_PAGE):
            return tightness, file
    best = min(tried, key=lambda at: (not fits(budget, tried[at][1]), _over(budget, tried[at][1])))
    return best, tried[best][0]


def _over(budget: int, end: End) -> int:
    return max(end.pages - (budget or end.pages), 0)
