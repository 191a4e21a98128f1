"""What is usual among a county's towns: how an answer moved this year, and how high it stands. Judges no unit.

Only division, multiplication and comparison of numbers occur, no logarithm: these are rounded the same on every
machine, and so are the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from stats.catalogue.variables import variables
from stats.validate.outliers.series import Compared, Levels
from stats.validate.outliers.settings import PEERS_LEAST, SPREADS, is_per_head

# The units whose answer is already under suspicion, by year and variable.
Suspects = Mapping[tuple[int, str], set[str]]
# County, year and variable.
SeriesKey = tuple[str, int, str]

COUNTY_DIGITS = 6
COUNTY_ENDING = "000000"
PER_HEADS = 10_000


@dataclass(frozen=True)
class Peers:
    """The bands of every county, year and question, each computed once."""

    levels: Levels
    suspects: Suspects
    changes: dict[SeriesKey, Band | None] = field(default_factory=dict)
    standings: dict[SeriesKey, Band | None] = field(default_factory=dict)

    def add(self, year: int, variable: str, compared: Sequence[Compared]) -> None:
        """Computes the bands of one question in one year, for every county; ``compared`` is what last gave."""
        moved = ((unit, now.value / then.value) for unit, now, then in compared if now.value > 0 and then.value > 0)
        for target, numbers in ((self.changes, moved), (self.standings, self._standings(year, variable))):
            bands = {(county, year, variable): band(found) for county, found in _by_county(numbers).items()}
            target.update(bands)

    def change(self, unit: str, year: int, variable: str) -> Band | None:
        """How the towns' answers moved against last year's; None for the county's own row and where few moved."""
        return self.changes.get((_county(unit), year, variable))

    def standing(self, unit: str, year: int, variable: str) -> Band | None:
        """How high the towns' answers stand, per 10,000 heads where they grow with the population."""
        return self.standings.get((_county(unit), year, variable))

    def per_heads(self, unit: str, variable: str) -> float | None:
        """What the unit's answer is divided by to compare it; None where its population is unknown."""
        if not is_per_head(variables()[variable]):
            return 1.0
        heads = self.levels.heads.get(unit)
        return None if heads is None else heads / PER_HEADS

    def is_suspect(self, unit: str, year: int, variable: str) -> bool:
        """Whether the answer was named by a finding."""
        return unit in self.suspects.get((year, variable), ())

    def last(self, year: int, variable: str) -> list[Compared]:
        """Each unit with this year's answer and the last one's, where the two may be compared."""
        before = self.levels.of_year(variable, year - 1)
        left_out = self.levels.not_comparable(variable, year) | self.suspects.get((year - 1, variable), set())
        return [
            (unit, now, before[unit])
            for unit, now in self.levels.of_year(variable, year).items()
            if unit in before and unit not in left_out
        ]

    def _standings(self, year: int, variable: str) -> Iterator[tuple[str, float]]:
        heads = self.levels.heads if is_per_head(variables()[variable]) else None
        for unit, now in self.levels.of_year(variable, year).items():
            if now.value > 0 and (heads is None or unit in heads):
                yield unit, now.value if heads is None else now.value / (heads[unit] / PER_HEADS)


def _by_county(numbers: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    by_county: dict[str, list[float]] = {}
    for unit, number in numbers:
        if not unit.endswith(COUNTY_ENDING):
            by_county.setdefault(unit[:COUNTY_DIGITS], []).append(number)
    return by_county


def _county(unit: str) -> str:
    """The county a town belongs to; none for a county's own row, which has no peers."""
    return "" if unit.endswith(COUNTY_ENDING) else unit[:COUNTY_DIGITS]


class Band(NamedTuple):
    """The median, the median factor by which numbers deviate from it (at least 1), and the quartiles."""

    centre: float
    spread: float
    low: float
    high: float

    @property
    def limit(self) -> float:
        """The deviation beyond which a number is unlikely: the spread to the power of SPREADS."""
        limit = 1.0
        for _ in range(SPREADS):
            limit *= self.spread
        return limit


def band(numbers: Sequence[float]) -> Band | None:
    """The band of positive numbers; None where there are too few.

    The lower of two middle numbers is the median, so that it is always one of them.

    >>> band([1.0, 2.0, 4.0, 8.0, 100.0])
    Band(centre=4.0, spread=2.0, low=2.0, high=8.0)
    """
    if len(numbers) < PEERS_LEAST.value:
        return None
    ordered = sorted(numbers)
    last = len(ordered) - 1
    centre = ordered[last // 2]
    deviations = sorted(number / centre if number > centre else centre / number for number in ordered)
    return Band(centre, deviations[last // 2], ordered[last // 4], ordered[last - last // 4])


def deviation(number: float, expected: float) -> float:
    """By which factor, at least 1, two positive numbers differ.

    >>> deviation(2, 8), deviation(8, 2)
    (4.0, 4.0)
    """
    return number / expected if number > expected else expected / number
