"""One indicator's figures for every unit and year, exact and with a reason where there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.answers import Answers
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.indicators.terms import term_sum
from stats.measures import Codes, Exact, Flags, Integers, Quantity, Rounding, code, product


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Vectors over years and units; the numbers mean something where ``known`` holds.

    ``rounded`` counts units of the last printed place. ``comparable`` is false where a break in definition
    or boundary parts a year from the one before.
    """

    indicator: Indicator
    status: Codes
    numerator: Quantity
    denominator: Quantity
    value: Exact
    low: Exact
    high: Exact
    rounded: Integers
    small_base: Flags
    exceeds_whole: Flags
    comparable: Flags

    @property
    def known(self) -> Flags:
        """Where there is a figure, exact or approximate."""
        return np.asarray(self.status <= code(Status.APPROX), dtype=np.bool_)

    @property
    def summed(self) -> Flags:
        """Where numerator and denominator are both known, so that a county sum may use them; no part of nothing."""
        without_whole = (self.indicator.capped == "yes") & (self.numerator.low > 0)
        empty = (self.status == code(Status.ZERO_DENOMINATOR)) & ~without_whole
        return np.asarray(self.known | empty, dtype=np.bool_)


def unit_figures(indicator: Indicator, answers: Answers, comparable: Flags, rounding: Rounding) -> UnitFigures:
    """The figures of all units; those of units the indicator is not about are NOT_APPLICABLE.

    A ratio whose numerator exceeds its whole, a negative numerator and a zero denominator give a typed reason.
    A compliance above its full mark counts as full. Source: the catalogue's definition and GB/T 8170—2008.
    """
    if indicator.kind == "growth":
        return _growth(indicator, answers, comparable, rounding)
    numerator, denominator = (term_sum(terms, answers) for terms in (indicator.numerator, indicator.denominator))
    value, low, high = (
        part.times(indicator.times)
        for part in (
            numerator.exact().over(denominator.exact()),
            numerator.exact("low").over(denominator.exact("high")),
            numerator.exact("high").over(denominator.positive_low()),
        )
    )
    status = _level(_status(indicator, numerator, denominator), indicator, answers)
    if indicator.capped == "yes":
        approximate_share = (status == code(Status.APPROX)) & (indicator.kind == "ratio")
        where = np.full(answers.shape, indicator.kind == "compliance") | approximate_share
        value, low, high = (cut(part, indicator.times, where) for part in (value, low, high))
    more = product(numerator.value, np.asarray(10**denominator.places)) > product(
        denominator.value, np.asarray(10**numerator.places)
    )
    return UnitFigures(
        indicator=indicator,
        status=status,
        numerator=numerator,
        denominator=denominator,
        value=value,
        low=low,
        high=high,
        rounded=value.rounded(indicator.decimals, rounding),
        small_base=_small_base(indicator, denominator),
        exceeds_whole=more & (indicator.capped == "warn") & (status <= code(Status.APPROX)),
        comparable=comparable,
    )


def _status(indicator: Indicator, numerator: Quantity, denominator: Quantity) -> Codes:
    """The worst status of both sides, or the reason why they make no figure."""
    status = np.maximum(numerator.status, denominator.status)
    known = status <= code(Status.APPROX)
    if indicator.kind == "ratio" and indicator.capped == "yes":
        exceeds = ~denominator.exact("high").at_least(numerator.exact("low"))
        status = np.where(known & exceeds, code(Status.EXCEEDS_WHOLE), status)
    status = np.where(known & (numerator.value < 0), code(Status.NEGATIVE), status)
    return np.where(known & (denominator.value == 0), code(Status.ZERO_DENOMINATOR), status).astype(np.int8)


def answered(indicator: Indicator, answers: Answers) -> Flags:
    """Where the numerator is known of a unit that the indicator is about: the quantity that a growth measures."""
    return term_sum(indicator.numerator, answers).known & answers.due & _about(indicator, answers)


def _about(indicator: Indicator, answers: Answers) -> Flags:
    if indicator.level == "both":
        return np.full(len(answers.units), True)
    return np.asarray(answers.towns == (indicator.level == "town"), dtype=np.bool_)


def _level(status: Codes, indicator: Indicator, answers: Answers) -> Codes:
    """NOT_APPLICABLE for the units the indicator is not about, NOT_REPORTED before a unit owed any return."""
    about = _about(indicator, answers)
    status = np.where(answers.due, status, code(Status.NOT_REPORTED))
    return np.where(about, status, code(Status.NOT_APPLICABLE)).astype(np.int8)


def cut(value: Exact, most: int, where: Flags) -> Exact:
    """The same numbers, none above ``most`` where the flags hold."""
    limit = Exact.of(np.full(value.numerator.shape, most, dtype=np.int64))
    return limit.where(where & value.at_least(limit), value)


def _small_base(indicator: Indicator, denominator: Quantity) -> Flags:
    least = indicator.minimum_base * 10**denominator.places
    return np.asarray(denominator.value < least, dtype=np.bool_)


def _growth(indicator: Indicator, answers: Answers, comparable: Flags, rounding: Rounding) -> UnitFigures:
    """This year against last year: needs both, and a definition that did not change between them."""
    now = term_sum(indicator.numerator, answers)
    then = now.previous()
    before = np.concatenate([np.zeros_like(answers.due[:1]), answers.due[:-1]])
    status = np.maximum(now.status, np.where(now.known, _then_status(then, before), 0))
    status = np.where((status <= code(Status.APPROX)) & (then.value == 0), code(Status.ZERO_DENOMINATOR), status)
    status = np.where(comparable, status, code(Status.SERIES_BREAK)).astype(np.int8)
    full = Exact.of(np.full(answers.shape, 1, dtype=np.int64))
    value, low, high = (
        (part - full).times(indicator.times)
        for part in (
            now.exact().over(then.exact()),
            now.exact("low").over(then.exact("high")),
            now.exact("high").over(then.positive_low()),
        )
    )
    return UnitFigures(
        indicator=indicator,
        status=_level(status, indicator, answers),
        numerator=_change(now, then),
        denominator=then,
        value=value,
        low=low,
        high=high,
        rounded=value.rounded(indicator.decimals, rounding),
        small_base=_small_base(indicator, then),
        exceeds_whole=np.zeros(answers.shape, dtype=np.bool_),
        comparable=comparable,
    )


def _change(now: Quantity, then: Quantity) -> Quantity:
    sides = np.maximum(now.status, then.status)
    return Quantity(now.value - then.value, now.low - then.high, now.high - then.low, sides, now.places)


def _then_status(then: Quantity, due: Flags) -> Codes:
    """Last year's status as a reason of this year: where nothing was reported there is no previous figure."""
    nothing = (then.status == code(Status.NOT_REPORTED)) | ~due
    return np.where(nothing, code(Status.NO_PREVIOUS), then.status).astype(np.int8)
