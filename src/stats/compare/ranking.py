"""Places among comparable units: who takes part, in which group, and which places are worth telling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from stats.answers import Answers
from stats.catalogue.indicator import Direction
from stats.catalogue.status import Status
from stats.compare.precision import Precise, keys
from stats.figures import Rank
from stats.indicators import UnitFigures
from stats.measures import Flags, Integers, code, competition_ranks

# Among fewer units a place says little; a third of the field is where good and bad begin.
FEWEST_RANKED = 9
PART_TOLD = 3


@dataclass(frozen=True, slots=True)
class RankVectors:
    """Vectors over years and units: the place (0: none), how many were ranked, how many units have this place."""

    place: Integers
    of: Integers
    sharing: Integers


def ranks(figures: UnitFigures, precise: Precise, groups: Mapping[str, str], answers: Answers) -> RankVectors:
    """Each town's place in its county by the printed figure, standard competition ranking (1 2 2 4).

    Only exact figures on a large enough base take part, and only where the catalogue says that a rank means
    something; a county's own row never does, nor what lies above a best value. What falls with a unit's size is ranked
    within ``groups`` (unit → group) of at least :data:`FEWEST_RANKED` ranked units only.
    """
    indicator = figures.indicator
    takes_part = np.full(answers.shape, indicator.ranked and indicator.direction != "neutral")
    eligible = takes_part & answers.towns & (figures.status == code(Status.OK)) & ~figures.small_base
    eligible &= ~above_best(figures)
    rows = [
        _row(keys(figures.rounded[row], row, precise, indicator.decimals), eligible[row], figures, groups, answers)
        for row in range(len(answers.years))
    ]
    place, of, sharing = (np.stack(part) for part in zip(*rows, strict=True))
    return RankVectors(place, of, sharing)


def above_best(figures: UnitFigures) -> Flags:
    """Where a printed figure lies above what is best."""
    best = figures.indicator.best_at
    if best is None:
        return np.zeros(figures.status.shape, dtype=np.bool_)
    return np.asarray(figures.rounded > best * 10**figures.indicator.decimals, dtype=np.bool_)


def _row(
    printed: Integers, eligible: Flags, figures: UnitFigures, groups: Mapping[str, str], answers: Answers
) -> Sequence[Integers]:
    descending = figures.indicator.direction == "higher"
    if not figures.indicator.falls_with_size:
        return competition_ranks(printed, eligible, answers.groups, descending=descending)
    names = np.array([groups.get(unit, "") for unit in answers.units])
    total = np.zeros((3, len(answers.units)), dtype=np.int64)
    for name in sorted(set(groups.values())):
        found = np.stack(competition_ranks(printed, eligible & (names == name), answers.groups, descending=descending))
        total += np.where(found[1] >= FEWEST_RANKED, found, 0)
    return tuple(total)


def ranked_among(values: Mapping[str, Decimal], direction: Direction, group: str = "") -> dict[str, Rank]:
    """The places of printed values among each other, by unit; in a group that is too small, that there are none.

    >>> ranked_among({"a": Decimal("9.0"), "b": Decimal("7.0"), "c": Decimal("7.0")}, "higher")["c"]
    Rank(place=2, of=3, tied=True, reason='', sharing=2, group='')
    """
    if group and len(values) < FEWEST_RANKED:
        return dict.fromkeys(values, Rank(reason="size"))
    sign = -1 if direction == "higher" else 1
    ordered = sorted(sign * value for value in values.values())
    times = Counter(ordered)
    return {
        unit: Rank(
            ordered.index(sign * value) + 1,
            len(ordered),
            times[sign * value] > 1,
            sharing=times[sign * value],
            group=group,
        )
        for unit, value in values.items()
    }


def is_telling(rank: Rank) -> bool:
    """Whether a place is worth telling in words: of enough units, shared by few, and near either end.

    At least 9 units are ranked, at most a third of them have this place, and it lies in the first or the last third,
    counted from either end, so that as many places are told of the best as of the worst.

    >>> is_telling(Rank(3, 9)), is_telling(Rank(4, 9)), is_telling(Rank(7, 9)), is_telling(Rank(1, 8))
    (True, False, True, False)
    """
    return is_leading(rank) or is_trailing(rank)


def is_leading(rank: Rank) -> bool:
    """Whether it is a telling place in the first third."""
    return rank.place is not None and _is_distinct(rank) and PART_TOLD * rank.place <= rank.of


def is_trailing(rank: Rank) -> bool:
    """Whether it is a telling place in the last third."""
    return rank.place is not None and _is_distinct(rank) and PART_TOLD * (rank.of + 1 - rank.place) <= rank.of


def _is_distinct(rank: Rank) -> bool:
    return rank.of >= FEWEST_RANKED and PART_TOLD * rank.sharing <= rank.of
