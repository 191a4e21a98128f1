"""How a figure stands to its target as an edition may say it: hidden is neither met nor unmet. Prints nothing."""

from __future__ import annotations

from typing import Literal

from stats.catalogue.status import Status
from stats.figures import Figure

Standing = Literal["met", "unmet", "hidden", "unknown", "not_applicable", "none"]


def standing(figure: Figure) -> Standing:
    """The state of the target; "hidden" where the figure is hidden and its state is not told without it.

    >>> standing(Figure(2021, "990101101000", "SYS-02", Status.HIDDEN))
    'none'
    """
    state = figure.target.state
    return "hidden" if figure.status is Status.HIDDEN and state == "unknown" else state
