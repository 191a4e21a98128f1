"""What an indicator is: the words of an entry in the catalogue. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["compliance", "ratio", "yesno", "count", "per_10k", "growth", "rate_only", "average", "amount"]
Direction = Literal["higher", "lower", "neutral"]
Aggregation = Literal[
    "share_compliant",
    "share_yes",
    "degree_and_share",
    "sum",
    "sum_ratio",
    "county_own",
    "median_and_share_compliant",
    "sum_and_median",
    "uniform_or_median",
]
YearOnYear = Literal["points", "percent", "difference", "state", "level", "none"]
VersusCounty = Literal["points", "difference", "median_points", "median_difference", "share", "units", "none"]


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a numerator or denominator: an answer, or 1/0 for what an answer says.

    ``test`` is "amount" (the number itself), "yes" (answered 是), "at_least" (number >= threshold)
    or "is" (the answer is this choice).
    """

    variable: str
    test: Literal["amount", "yes", "at_least", "is"] = "amount"
    threshold: int = 0
    choice: str = ""


def amount(*names: str) -> tuple[Term, ...]:
    """The sum of these answers."""
    return tuple(Term(name) for name in names)


def yes(*names: str) -> tuple[Term, ...]:
    """How many of these questions were answered 是."""
    return tuple(Term(name, "yes") for name in names)


def at_least(**thresholds: int) -> tuple[Term, ...]:
    """How many of these answers reach their threshold."""
    return tuple(Term(name, "at_least", threshold=number) for name, number in thresholds.items())


def answered(name: str, *choices: str) -> tuple[Term, ...]:
    """1 where the answer is one of these choices, else 0."""
    return tuple(Term(name, "is", choice=choice) for choice in choices)


@dataclass(frozen=True)
class Indicator:
    """One indicator: what it measures, how it is computed, compared, printed and protected.

    ``value = times * numerator / denominator``. A growth indicator gives the measured quantity as its
    numerator and no denominator: its value is ``times * (this year - last year) / last year``.
    A county's ``degree_and_share`` is the units' pooled degree, none counted beyond full, beside which stands how
    many units are at target. ``minimum_base`` is the smallest denominator that is ranked; ``capped`` says that a
    numerator above its denominator is a mistake ("no" where there is no such limit, "warn" where it is only
    remarkable). ``best_at`` is the best value there is: what lies above it has to be explained and is not ranked.
    ``falls_with_size`` says that large units have small values, so that only units of like size are ranked.
    """

    code: str
    name: str
    name_en: str
    kind: Kind
    unit: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] | int
    times: int
    level: Literal["town", "county", "both"]
    direction: Direction
    aggregation: Aggregation
    year_on_year: YearOnYear
    versus_county: VersusCounty
    decimals: int
    versus_city: bool = False
    ranked: bool = False
    minimum_base: int = 0
    best_at: int | None = None
    falls_with_size: bool = False
    capped: Literal["yes", "warn", "no"] = "no"
    publish: Literal["open", "internal"] = "internal"
    source: str = ""
    note: str = ""

    @property
    def domain(self) -> str:
        """The code of the domain it belongs to, e.g. ``REC``."""
        return self.code.partition("-")[0]

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables it is computed from, each once, in order."""
        terms = self.numerator + (self.denominator if isinstance(self.denominator, tuple) else ())
        return tuple(dict.fromkeys(term.variable for term in terms))

    @property
    def is_yes_or_no(self) -> bool:
        """Whether one unit's value is only ever yes or no, and is printed as 是 or 否."""
        return self.year_on_year == "state"
