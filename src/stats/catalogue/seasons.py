"""Which periods carry the season questions in which year, read from ``seasons.csv``. Computes nothing else."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

SEASON_NAMES = {"spring": "春季", "autumn": "秋季"}
PERIOD_NAMES = {"year": "全年", **SEASON_NAMES}


@dataclass(frozen=True, slots=True)
class Season:
    """One period of a span of years: whether its season questions are due, and why; no year means no limit."""

    from_year: int | None
    to_year: int | None
    period: str
    state: Literal["due", "not_applicable"]
    reason: str

    def covers(self, year: int) -> bool:
        """Whether the year lies in the span, both ends included."""
        return (self.from_year is None or self.from_year <= year) and (self.to_year is None or year <= self.to_year)


@cache
def seasons() -> tuple[Season, ...]:
    """All spans, in order of year and season."""
    text = files("stats.catalogue").joinpath("seasons.csv").read_text(encoding="utf-8")
    return tuple(_season(row) for row in csv.DictReader(text.splitlines()))


def _season(row: dict[str, str]) -> Season:
    return Season(
        from_year=int(row["from_year"]) if row["from_year"] else None,
        to_year=int(row["to_year"]) if row["to_year"] else None,
        period=row["period"],
        state=row["state"],  # type: ignore[arg-type]
        reason=row["reason"],
    )


@cache
def periods_due(year: int) -> tuple[str, ...]:
    """The periods on which the season questions are due: ``year`` until 2019, then the seasons held.

    The other questions are always due on ``year``.

    >>> periods_due(2019), periods_due(2020), periods_due(2021)
    (('year',), ('autumn',), ('spring', 'autumn'))
    """
    return _periods(year, "due")


@cache
def not_applicable(year: int) -> tuple[str, ...]:
    """The periods whose season questions do not apply, so that nothing is missing there.

    >>> not_applicable(2020), not_applicable(2021)
    (('spring',), ())
    """
    return _periods(year, "not_applicable")


def _periods(year: int, state: str) -> tuple[str, ...]:
    return tuple(season.period for season in seasons() if season.covers(year) and season.state == state)
