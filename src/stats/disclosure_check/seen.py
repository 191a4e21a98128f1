"""One printed number or mark about one figure or answer, and where it stands. Concludes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stats.disclosure_check.names import Meaning
from stats.disclosure_check.printed import Printed

Aspect = Literal["value", "change", "met", "unmet"]


@dataclass(frozen=True, slots=True)
class Position:
    """A file, and what of it."""

    file: str
    spot: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a document shows: of which unit (the county's code: the whole county), year and question or indicator.

    ``period`` tells seasons apart. A ``change`` is from last year; ``met`` and ``unmet`` say that of a target.
    ``units`` is how many units are said to stand behind a county figure, or behind its change.
    """

    unit: str
    year: int
    of: Meaning
    printed: Printed
    place: Position
    period: str = "year"
    aspect: Aspect = "value"
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A target as a document prints it: at least or at most so much."""

    year: int
    code: str
    operator: Literal[">=", "<="]
    value: str
