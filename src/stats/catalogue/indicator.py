"""What an indicator is: the words of an entry in the catalogue. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

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
    aggregation: Aggregation
    year_on_year: YearOnYear
    versus_county: VersusCounty
    level: Literal["town", "county", "both"] = "town"
    direction: Direction = "higher"
    decimals: int = 1
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


Terms = tuple[Term, ...]
_SHARE: dict[str, Any] = {"unit": "%", "times": 100, "year_on_year": "points", "versus_county": "points"}


def ratio(code: str, name: str, name_en: str, part: Terms, whole: Terms, **own: Any) -> Indicator:
    """A part of a whole in percent; the county's is that of the sums."""
    alike = {"aggregation": "sum_ratio", "capped": "yes"}
    return Indicator(code, name, name_en, "ratio", numerator=part, denominator=whole, **{**_SHARE, **alike, **own})


def compliance(code: str, name: str, name_en: str, done: Terms, of: int, **own: Any) -> Indicator:
    """How many of a fixed number of duties were done, in percent; the county's is the units' pooled degree."""
    alike = {"aggregation": "degree_and_share", "capped": "yes"}
    return Indicator(code, name, name_en, "compliance", numerator=done, denominator=of, **{**_SHARE, **alike, **own})


def yes_or_no(code: str, name: str, name_en: str, said: Terms, **own: Any) -> Indicator:
    """Whether it was done; the county's is the share of units that did."""
    alike = {"aggregation": "share_yes", "year_on_year": "state", "versus_county": "units", "capped": "yes"}
    return Indicator(code, name, name_en, "yesno", numerator=said, denominator=1, **{**_SHARE, **alike, **own})


def count(code: str, name: str, name_en: str, unit: str, counted: Terms, **own: Any) -> Indicator:
    """A whole number; the county's is the sum, and a town is told its share of it."""
    alike = {"times": 1, "aggregation": "sum", "year_on_year": "percent", "versus_county": "share", "decimals": 0}
    return Indicator(code, name, name_en, "count", unit, counted, 1, **{**alike, **own})


def money(code: str, name: str, name_en: str, paid: Terms, **own: Any) -> Indicator:
    """An amount in 万元; the county's is the sum."""
    alike = {"times": 1, "aggregation": "sum", "year_on_year": "percent", "versus_county": "share", "decimals": 2}
    return Indicator(code, name, name_en, "amount", "万元", paid, 1, **{**alike, **own})


def growth(code: str, name: str, name_en: str, measured: Terms, **own: Any) -> Indicator:
    """The change of a quantity against last year in percent; it has no change of its own."""
    alike = {"aggregation": "sum_ratio", "year_on_year": "none"}
    return Indicator(code, name, name_en, "growth", numerator=measured, denominator=1, **{**_SHARE, **alike, **own})


def per_10k(code: str, name: str, name_en: str, unit: str, counted: Terms, persons: Terms, **own: Any) -> Indicator:
    """A count for 10,000 residents."""
    alike = {"aggregation": "sum_ratio", "year_on_year": "percent", "versus_county": "difference", "decimals": 2}
    return Indicator(code, name, name_en, "per_10k", unit, counted, persons, **{"times": 10000, **alike, **own})


def average(code: str, name: str, name_en: str, unit: str, counted: Terms, persons: Terms, **own: Any) -> Indicator:
    """A quantity for each of those it is for."""
    alike = {"aggregation": "sum_ratio", "year_on_year": "difference", "versus_county": "difference"}
    return Indicator(code, name, name_en, "average", unit, counted, persons, **{"times": 1, **alike, **own})


def reported_rate(code: str, name: str, name_en: str, rate: Terms, **own: Any) -> Indicator:
    """A rate that units report without its counts; the county's is the median."""
    alike = {"times": 1, "aggregation": "median_and_share_compliant", "versus_county": "median_points", "capped": "yes"}
    return Indicator(code, name, name_en, "rate_only", numerator=rate, denominator=1, **{**_SHARE, **alike, **own})
