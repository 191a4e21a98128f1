"""Chance that falls the same way on every machine. Knows nothing of the county."""

from __future__ import annotations

from random import Random


class Chance:
    """A stream of random whole numbers that depends only on its key.

    Each town, year and domain has a stream of its own, so that a change in one of them leaves all the
    others as they were. Only ``randrange`` is drawn from: its algorithm is the same in Python 3.11 to 3.13.

    >>> Chance(2021, "example").between(1, 6) == Chance(2021, "example").between(1, 6)
    True
    """

    def __init__(self, *key: object) -> None:
        self._random = Random("/".join(str(part) for part in key))

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return self._random.randrange(low, high + 1)

    def happens(self, percent: int) -> bool:
        """Whether something comes to pass that does so in this percentage of cases."""
        return self._random.randrange(100) < percent

    def part(self, whole: int, low: int, high: int, *, of: int = 100) -> int:
        """Between low and high hundredths (or other parts) of a whole number, rounded to the nearest one."""
        return (whole * self.between(low, high) + of // 2) // of

    def whole(self, part: int, low: int, high: int) -> int:
        """A whole number of which this part is about low to high percent, and never less than the part."""
        percent = self.between(low, high)
        return -(-part * 100 // percent)

    def all_but_few(self, number: int, percent: int, *, most: int = 1) -> int:
        """The full number in this percentage of cases, else up to ``most`` fewer, never below 0."""
        return number if self.happens(percent) else max(0, number - self.between(1, most))
