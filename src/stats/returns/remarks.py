"""What a unit wrote in a remark column, and where. Judges nothing; who shows it asks the privacy guard first."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as written; ``variable`` is empty where it stands beside a whole row of a flat table.

    Its text may hold anything, so it stays out of the representation that a traceback or a log would show.
    """

    unit: str
    year: int
    period: str
    variable: str
    text: str = field(repr=False)
    file: str
    sheet: str
    cell: str
