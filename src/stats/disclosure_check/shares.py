"""What a printed figure says of the counts it is made from, as linear facts. Knows no document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from stats.catalogue.indicator import Indicator, Term
from stats.catalogue.indicators import indicators
from stats.disclosure.audit import Count, Fact, Terms, share_facts
from stats.disclosure.counts import largest
from stats.disclosure_check.seen import Printed

Known = Callable[[Terms], int | None]
MOST_DIGITS = 5
"""Further digits of a share of an unknown whole would make numbers that a solver cannot take."""
LARGEST_COEFFICIENT = 10**7


def summed(terms: Iterable[Term], units: Iterable[str], year: int) -> Terms:
    """The counts behind one side of a figure, over these units."""
    return tuple((Count(unit, year, term.variable, "year"), 1) for term in terms for unit in units)


def minus(terms: Terms) -> Terms:
    """The same with the other sign."""
    return tuple((count, -times) for count, times in terms)


def value_facts(
    code: str, units: tuple[str, ...], year: int, printed: Printed, where: str, known: Known
) -> Iterator[Fact]:
    """What an indicator's value over some units says; of a growth, over those of both years."""
    entry = indicators()[code]
    above = summed(entry.numerator, units, year)
    if printed.value is None or not units:
        return
    if entry.kind == "growth":
        before = summed(entry.numerator, units, year - 1)
        yield from _share((*above, *minus(before)), before, entry.times, printed.value, where, known)
    elif isinstance(entry.denominator, tuple):
        below = summed(entry.denominator, units, year)
        yield from _share(above, below, entry.times, printed.value, where, known)
    elif entry.times == 1 and printed.value == printed.value.to_integral_value():
        yield Fact(above, int(printed.value), int(printed.value), where)


def _share(above: Terms, below: Terms, times: int, printed: Decimal, where: str, known: Known) -> Iterator[Fact]:
    """``times * above / below`` as printed; where the sum below is known, in whole numbers at once."""
    base = known(below)
    if base is None:
        digits = min(MOST_DIGITS, max(0, -int(printed.as_tuple().exponent)))
        yield from share_facts(above, below, times=times, printed=round(printed, digits), where=where)
        return
    half = Fraction(1, 2) * Fraction(10) ** int(printed.as_tuple().exponent)
    low, high = ((Fraction(printed) + edge) * base / times for edge in (-half, half))
    yield Fact(above, ceil(low), floor(high), where)


def change_facts(
    code: str, units: tuple[str, ...], year: int, printed: Printed, where: str, known: Known
) -> Iterator[Fact]:
    """What an indicator's change from last year over some units says, as far as it is linear in what is not known.

    Of a count its difference or its growth in per cent; of a share its points, and of a rate its growth, where the
    sums of the denominators of both years are ``known``.
    """
    entry = indicators()[code]
    if printed.value is None or entry.kind == "growth" or not units:
        return
    above, before = summed(entry.numerator, units, year), summed(entry.numerator, units, year - 1)
    if not isinstance(entry.denominator, tuple):
        yield from _count_change(above, before, printed, where)
        return
    now, then = (known(summed(entry.denominator, units, of_year)) for of_year in (year, year - 1))
    if now and then:
        yield from _rate_change(entry, (above, now), (before, then), printed, where)


def _count_change(above: Terms, before: Terms, printed: Printed, where: str) -> Iterator[Fact]:
    value = printed.value
    if value is None:
        return
    if printed.is_percent:
        yield from share_facts((*above, *minus(before)), before, times=100, printed=value, where=where)
    elif value == value.to_integral_value():
        yield Fact((*above, *minus(before)), int(value), int(value), where)


def _rate_change(
    entry: Indicator, now: tuple[Terms, int], then: tuple[Terms, int], printed: Printed, where: str
) -> Iterator[Fact]:
    """``times * (above / below - above' / below')``, or that as a percentage of last year's rate, as printed."""
    (above, below), (before, below_before) = now, then
    value = printed.value or Decimal(0)
    half = Fraction(1, 2) * Fraction(10) ** int(value.as_tuple().exponent)
    for edge, is_least in ((Fraction(value) - half, True), (Fraction(value) + half, False)):
        if printed.is_percent:  # 100 * (above * below' - above' * below) against edge * above' * below
            left = (Fraction(100 * below_before), Fraction(-100 * below) - edge * below)
            right = Fraction(0)
        else:  # times * (above * below' - above' * below) against edge * below * below'
            left = (Fraction(entry.times * below_before), Fraction(-entry.times * below))
            right = edge * below * below_before
        scale = (left[0].denominator * left[1].denominator) * right.denominator
        terms = (
            *((count, int(times * left[0] * scale)) for count, times in above),
            *((count, int(times * left[1] * scale)) for count, times in before),
        )
        bound = int(right * scale)
        yield loosened(Fact(terms, low=bound if is_least else None, high=None if is_least else bound, where=where))


def loosened(fact: Fact) -> Fact:
    """The fact with coefficients a solver can take, a little weaker, so that all that agreed with it still does."""
    size = Fraction(max((abs(times) for _, times in fact.terms), default=0), LARGEST_COEFFICIENT)
    if size <= 1:
        return fact
    terms = tuple((count, round(times / size)) for count, times in fact.terms)
    slack = sum((Fraction(largest(count.variable), 2) for count, _ in fact.terms), Fraction(0))
    low = None if fact.low is None else floor(fact.low / size - slack)
    high = None if fact.high is None else ceil(fact.high / size + slack)
    return Fact(terms, low, high, fact.where)


def state_facts(
    code: str, unit: str, year: int, *, is_met: bool, operator: str, target: Fraction, where: str
) -> Iterator[Fact]:
    """What it says of a unit's counts that its figure reaches its target, or that it does not."""
    entry = indicators()[code]
    above = summed(entry.numerator, (unit,), year)
    if entry.kind == "growth":
        below = summed(entry.numerator, (unit,), year - 1)
        above = (*above, *minus(below))
    elif isinstance(entry.denominator, tuple):
        below = summed(entry.denominator, (unit,), year)
    else:
        return
    scale = target.denominator
    terms: dict[Count, int] = {}
    for count, times in above:
        terms[count] = terms.get(count, 0) + times * entry.times * scale
    for count, times in below:
        terms[count] = terms.get(count, 0) - times * target.numerator
    is_least = (operator == ">=") == is_met
    edge = 0 if is_met else (1 if is_least else -1)
    yield Fact(tuple(terms.items()), low=edge if is_least else None, high=None if is_least else edge, where=where)
