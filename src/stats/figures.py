"""The shape of a figure and of what it is compared with. Computes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from stats.catalogue.status import Status

Trend = Literal["up", "down", "flat", "about", "none"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure against a reference: the reference and the difference, each rounded once.

    ``status`` says why there is no difference (NO_PREVIOUS, NOT_PROVIDED, ...); APPROX where either side is
    an approximation. ``reference_status`` is that of the reference itself. ``difference`` is rounded to the
    decimals of the comparison and comes from unrounded values; ``exact`` is what the comparison is about
    (difference, percent or share) to 12 places. ``percent`` is the relative difference (1 decimal) where the
    comparison is by percent, None where the reference is 0; ``multiple`` then says how many times the
    reference (1 decimal). ``trend`` comes from the rounded difference; where either side is an approximation
    ``low`` and ``high`` (and ``percent_low``, ``percent_high``) are the rounded ends of the interval the difference
    lies in, and ``trend`` is "about" where they point different ways. ``units`` of ``due`` units stand behind a
    county reference. A county's difference from last year is taken over the ``matched`` units usable in both years;
    ``is_partial`` says that these are not all units of both figures, so that the difference does not follow from
    figure and reference (marked 〔可比〕).
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
    low: Decimal | None = None
    high: Decimal | None = None
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    matched: int = 0
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The year's target and whether the figure meets it; ``gap`` is its rounded distance when unmet.

    "unknown" is for missing or approximate data only; "hidden" is a state an edition does not tell. A hidden figure
    may carry "met" or "unmet" where the edition tells the state without the figure.
    """

    state: Literal["met", "unmet", "hidden", "unknown", "not_applicable", "none"]
    operator: Literal[">=", "<=", ""] = ""
    value: Decimal | None = None
    gap: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """The place among comparable units, or the reason why there is none.

    ``sharing`` units have this place (1: it alone); ``group`` names the group of units it was ranked in, empty for
    all. Reasons: "neutral", "not_ranked", "no_value", "approx", "small_base", "hidden", "size" (falls with a unit's
    size, so ranked in groups only), "above_best" (over 100 where 100 is best).
    """

    place: int | None = None
    of: int = 0
    tied: bool = False
    reason: str = ""
    sharing: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit (or of the whole county) in one year, with all its comparisons.

    ``value``, ``low`` and ``high`` are plain decimals to at most 12 places; ``rounded`` has exactly the
    indicator's decimals and is what is ranked, worded, drawn and printed. ``numerator`` and ``denominator``
    are those of the definition, without the multiplier. For the county, ``units`` of ``due`` units were
    usable. ``multiple`` is a growth figure's this year over last year (1 decimal). ``share_met`` is the
    county's share of units at target (1 decimal) where the indicator's county value is a median, ``median`` the
    median where its value is a sum. ``corrected`` says that a unit's figure rests on a corrected answer. ``precise``
    is the value with as many further digits as show that it misses its target, where ``rounded`` would seem to meet
    it (or meets it, where that would seem to miss it), and is printed in its place. Of the county's units ``met`` meet
    the target of ``decided`` whose state is known; a share of units and a degree count full mark in a year without one.
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
    multiple: Decimal | None = None
    share_met: Decimal | None = None
    median: Decimal | None = None
    corrected: bool = False
    precise: Decimal | None = None
    met: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One released answer of a unit: its status and what may be printed (a plain number or a choice)."""

    status: Status
    text: str = ""
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """What ``units`` of ``due`` units asked answered to one question together: a sum, or how many say yes."""

    value: Decimal
    status: Status
    units: int
    due: int


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


def with_reason(figure: Figure, *, is_refused: Callable[[int], bool], is_unfit: bool) -> Figure:
    """The figure with the reason told; ``is_refused`` says of a year whether the unit's return was refused.

    ``is_unfit`` says that figures from outside were provided and could not be used.
    """
    if figure.status is Status.NOT_REPORTED and is_refused(figure.year):
        figure = replace(figure, status=Status.REFUSED)
    if is_unfit and figure.city.status is Status.NOT_PROVIDED:
        figure = replace(figure, city=replace(figure.city, status=Status.UNFIT))
    lacks_last_year = Status.NO_PREVIOUS in (figure.status, figure.last_year.status)
    return _without_last_year(figure) if lacks_last_year and is_refused(figure.year - 1) else figure


def _without_last_year(figure: Figure) -> Figure:
    status = Status.PREVIOUS_REFUSED if figure.status is Status.NO_PREVIOUS else figure.status
    return replace(figure, status=status, last_year=_comparison(figure.last_year))


def _comparison(given: Comparison) -> Comparison:
    return replace(given, status=Status.PREVIOUS_REFUSED) if given.status is Status.NO_PREVIOUS else given
