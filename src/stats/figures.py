"""The shape of a figure and of what it is compared with. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from stats.catalogue.status import Status

Trend = Literal["up", "down", "flat", "none"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure against a reference: the reference and the difference, each rounded once.

    ``status`` says why there is no difference (NO_PREVIOUS, NOT_PROVIDED, ...); APPROX where either side is
    an approximation. ``reference_status`` is that of the reference itself. ``difference`` is rounded to the
    decimals of the comparison and comes from unrounded values; ``exact`` is what the comparison is about
    (difference, percent or share) to 12 places. ``percent`` is the relative difference (1 decimal) where the
    comparison is by percent, None where the reference is 0; ``multiple`` then says how many times the
    reference (1 decimal). ``trend`` comes from the rounded difference. ``units`` of ``due`` units stand
    behind a county reference.
    """

    status: Status
    reference_status: Status
    reference: Decimal | None = None
    difference: Decimal | None = None
    exact: Decimal | None = None
    percent: Decimal | None = None
    multiple: Decimal | None = None
    trend: Trend = "none"
    units: int = 0
    due: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The year's target and whether the figure meets it; ``gap`` is its rounded distance when unmet."""

    state: Literal["met", "unmet", "unknown", "not_applicable", "none"]
    operator: Literal[">=", "<=", ""] = ""
    value: Decimal | None = None
    gap: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """The place among comparable units, or the reason why there is none.

    Reasons: "neutral", "not_ranked", "no_value", "approx", "small_base", "hidden".
    """

    place: int | None = None
    of: int = 0
    tied: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit (or of the whole county) in one year, with all its comparisons.

    ``value``, ``low`` and ``high`` are plain decimals to at most 12 places; ``rounded`` has exactly the
    indicator's decimals and is what is ranked, worded, drawn and printed. ``numerator`` and ``denominator``
    are those of the definition, without the multiplier. For the county, ``units`` of ``due`` units were
    usable, and ``matched`` is the number of units behind its year-on-year comparison. ``multiple`` is a
    growth figure's this year over last year (1 decimal). ``share_met`` is the
    county's share of units at target (1 decimal) where the indicator's county value is a median, ``median`` the
    median where its value is a sum. ``corrected`` says that a unit's figure rests on a corrected answer.
    """

    year: int
    unit: str
    indicator: str
    status: Status
    value: Decimal | None = None
    rounded: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    small_base: bool = False
    exceeds_whole: bool = False
    last_year: Comparison = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)
    county: Comparison = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)
    city: Comparison = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)
    peers: tuple[Comparison, ...] = ()
    target: Target = Target("none")
    rank: Rank = Rank()
    units: int = 0
    due: int = 0
    matched: int = 0
    multiple: Decimal | None = None
    share_met: Decimal | None = None
    median: Decimal | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One released answer of a unit: its status and what may be printed (a plain number or a choice)."""

    status: Status
    text: str = ""
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Amendment:
    """A declared correction of one answer as an edition may tell it; what it may not is None."""

    variable: str
    period: str
    old: str | None
    new: str | None
    reason: str | None
    role: str
    date: str


HIDDEN_ANSWER = Answer(Status.HIDDEN)
