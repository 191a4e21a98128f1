"""Answers far from what last year's and the other towns' lead one to expect. Decides neither cause nor finding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stats.catalogue.variables import Variable, variables
from stats.validate.outliers.peers import Band, Peers, deviation
from stats.validate.outliers.series import Compared, Level
from stats.validate.outliers.settings import ALONE, JUMP, OWN_ROOM, SLIPS_WITHOUT_LAST_YEAR, SWAP_OWN, least


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer, what was expected, by which factor it differs, and beyond which factor that is unlikely.

    ``last`` is None where there is nothing to compare with but the other towns. ``change`` and ``standing`` are
    the towns' bands, ``scale`` what the answer is divided by to be compared with ``standing``. An answer of 0
    differs by an infinite factor.
    """

    unit: str
    year: int
    variable: Variable
    now: Level
    last: Level | None
    expected: float
    deviation: float
    limit: float
    change: Band | None
    standing: Band | None
    scale: float | None

    @property
    def is_unlikely(self) -> bool:
        """Whether the factor is beyond the limit."""
        return self.deviation > self.limit

    def distance(self, value: float) -> float | None:
        """By which factor a value would differ from the towns' middle standing; None where that is unknown."""
        if self.standing is None or self.scale is None or value <= 0:
            return None
        return deviation(value / self.scale, self.standing.centre)


def candidates(peers: Peers, year: int, variable: str, compared: Sequence[Compared]) -> Iterator[Candidate]:
    """The answers to one question in one year that differ enough to be looked at more closely.

    The bands of the question and year are those of ``peers``, and ``compared`` is what its ``last`` gave.
    """
    asked, vanished = variables()[variable], _vanished(compared)
    grown = [each for each in compared if each[2].value > 0]
    for unit, now, last in grown:
        if now.value > 0 or unit in vanished:
            odd = _against_last_year(peers, year, asked, (unit, now, last))
            if odd:
                yield odd
    judged = {unit for unit, _, _ in grown}
    for unit, now in peers.levels.of_year(variable, year).items():
        if unit not in judged and now.value > 0:
            yield from _against_peers(peers, year, asked, unit, now)


def _against_last_year(peers: Peers, year: int, asked: Variable, found: Compared) -> Candidate | None:
    unit, now, last = found
    change = peers.change(unit, year, asked.name)
    expected = last.value * (change.centre if change else 1.0)
    differs = deviation(now.value, expected) if now.value > 0 else math.inf
    if differs < SWAP_OWN.value or max(now.value, last.value) < least(asked):
        return None
    limit = max(JUMP.value, change.limit) if change else ALONE.value
    limit = max(limit, OWN_ROOM.value * _own_swing(peers, unit, year, asked.name))
    standing, scale = peers.standing(unit, year, asked.name), peers.per_heads(unit, asked.name)
    return Candidate(unit, year, asked, now, last, expected, differs, limit, change, standing, scale)


def _against_peers(peers: Peers, year: int, asked: Variable, unit: str, now: Level) -> Iterator[Candidate]:
    """The answer against the towns' standing alone: only what differs by a whole unit of measure is odd."""
    standing, scale = peers.standing(unit, year, asked.name), peers.per_heads(unit, asked.name)
    if standing is None or scale is None:
        return
    expected = standing.centre * scale
    differs, limit = deviation(now.value, expected), max(SLIPS_WITHOUT_LAST_YEAR[0] / 3, standing.limit)
    if differs > limit and max(now.value, expected) >= least(asked):
        yield Candidate(unit, year, asked, now, None, expected, differs, limit, None, standing, scale)


def _own_swing(peers: Peers, unit: str, year: int, variable: str) -> float:
    """The largest factor by which the unit's answer differed from the common movement in earlier years."""
    swings = [1.0]
    for earlier in (other for other in peers.levels.years if other < year):
        now, then = (peers.levels.of_year(variable, of).get(unit) for of in (earlier, earlier - 1))
        suspect = any(peers.is_suspect(unit, of, variable) for of in (earlier, earlier - 1))
        if now and then and now.value > 0 and then.value > 0 and not suspect:
            change = peers.change(unit, earlier, variable)
            swings.append(deviation(now.value, then.value * (change.centre if change else 1.0)))
    return max(swings)


def _vanished(compared: Sequence[Compared]) -> frozenset[str]:
    """The units whose answer became 0 where that of at most every fourth unit of the county did."""
    gone = [unit for unit, now, last in compared if now.value == 0 and last.value > 0]
    if not gone:
        return frozenset()
    gone_of = Counter(unit[:6] for unit in gone)
    all_of = Counter(unit[:6] for unit, _, last in compared if last.value > 0)
    return frozenset(unit for unit in gone if 4 * gone_of[unit[:6]] <= all_of[unit[:6]])
