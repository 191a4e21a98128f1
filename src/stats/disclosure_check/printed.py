"""What a cell or a number in a sentence says: a number with its printed digits, or a mark in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

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
