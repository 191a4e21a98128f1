"""O-REPEAT: whole domains whose answers are last year's digit by digit. Words nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stats.catalogue.variables import variables
from stats.validate.outliers.series import Compared, Level
from stats.validate.outliers.settings import REPEAT_ANSWERS, REPEAT_DIGITS, SLOW

# This year's and last year's answer, by variable in the order of the form.
Pairs = Mapping[str, tuple[Level, Level]]


@dataclass
class _Domain:
    """One unit's answers of one domain as they are met: equal ones, and whether any differs."""

    equal: dict[str, tuple[Level, Level]] = field(default_factory=dict)
    differs: bool = False


@dataclass
class StaleCopies:
    """The domains of one year, filled question by question in the order of the form."""

    domains: dict[tuple[str, str], _Domain] = field(default_factory=dict)

    def add(self, variable: str, compared: Sequence[Compared]) -> None:
        """Takes in the answers to one question; zeros and slow-moving questions say nothing.

        Nor do counts that an edition may hide: being told that one repeats would show it to who knows last year's.
        """
        asked = variables()[variable]
        if variable in SLOW or asked.sensitivity == "small_cell":
            return
        for unit, now, last in compared:
            if now.value != last.value:
                self.domains.setdefault((unit, asked.domain), _Domain()).differs = True
            elif now.value > 0:
                self.domains.setdefault((unit, asked.domain), _Domain()).equal[variable] = now, last

    def found(self) -> Iterator[tuple[str, Pairs]]:
        """Each unit and the answers of a domain that all repeat last year's."""
        for (unit, _), domain in self.domains.items():
            if not domain.differs and _is_telling(domain.equal):
                yield unit, domain.equal


def _is_telling(equal: Pairs) -> bool:
    digits = sum(len(cell.value.replace(".", "").lstrip("0")) for now, _ in equal.values() for cell in now.cells)
    return len(equal) >= REPEAT_ANSWERS.value and digits >= REPEAT_DIGITS.value
