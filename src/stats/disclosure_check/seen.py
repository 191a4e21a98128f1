"""One printed number or mark as read, about one figure or answer, and where it stands. Concludes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from stats.disclosure_check.names import Meaning

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


Mark = Literal["number", "about", "hidden", "masked", "none", "blank", "words"]

_MARKS: dict[str, Mark] = {"[隐]": "hidden", "[遮]": "masked", "—": "none", "": "blank", "…": "blank"}
_DECORATION = re.compile(r"※|\[更\]|〔可比〕|\s")
_NUMBER = re.compile(r"(约)?([+−-]?)([0-9]+(?:\.[0-9]+)?)(%|[^0-9.]*)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed text as read; ``value`` of a number or an approximation, ``matched`` where it is over like units."""

    mark: Mark
    value: Decimal | None = None
    is_percent: bool = False
    matched: bool = False

    @property
    def has_data(self) -> bool:
        """Whether there is an answer behind it, shown or hidden."""
        return self.mark in ("number", "about", "hidden")

    @property
    def decimals(self) -> int:
        """How many digits stand behind the point."""
        return 0 if self.value is None else max(0, -int(self.value.as_tuple().exponent))


def read(text: str) -> Printed:
    """The text of a cell.

    >>> read("85.7※").value, read("−3.4〔可比〕").matched, read("约2703").mark, read("[隐]").mark, read("是").mark
    (Decimal('85.7'), True, 'about', 'hidden', 'words')
    """
    matched, bare = "〔可比〕" in text, _DECORATION.sub("", text)
    if bare in _MARKS:
        return Printed(_MARKS[bare], matched=matched)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return Printed("words", matched=matched)
    about, sign, digits, unit = found.groups()
    value = Decimal(digits) * (-1 if sign in ("−", "-") else 1)
    return Printed("about" if about else "number", value, is_percent=unit == "%", matched=matched)
