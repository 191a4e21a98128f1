"""Figures against a target: met, unmet, or not to be decided. Sets no targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from stats.catalogue.status import Status
from stats.measures import Codes, Exact, Flags, code

Operator = Literal[">=", "<="]


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a figure meets its target whatever it may be within its bounds, and where it fails it."""

    met: Flags
    unmet: Flags


def judge(status: Codes, value: Exact, low: Exact, high: Exact, operator: Operator, target: Decimal) -> Judged:
    """Unrounded values against the target (GB/T 8170—2008 全数值比较法).

    An approximation is met only if its worst end meets the target, unmet only if its best end does not.
    """
    places = max(0, -int(target.as_tuple().exponent))
    bound = Exact.of(np.asarray(int(target.scaleb(places))), 10**places)
    exact, approximate = status == code(Status.OK), status == code(Status.APPROX)
    if operator == ">=":
        meets, worst, best = value.at_least(bound), low.at_least(bound), high.at_least(bound)
    else:
        meets, worst, best = bound.at_least(value), bound.at_least(high), bound.at_least(low)
    return Judged(met=(exact & meets) | (approximate & worst), unmet=(exact & ~meets) | (approximate & ~best))
