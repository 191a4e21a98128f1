"""Computes the formulas that add, subtract, multiply, divide, sum and round cells of their own sheet; exactly.

Whatever else a formula holds is not computed: no function with effects, no other sheet, no name, no array. Numbers are
fractions of whole numbers, so that the result is that of the decimals written in the cells. Texts in sums over cells
count as nothing and blank cells as 0, as spreadsheets do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from stats.returns.grid import Range, place_of
from stats.returns.sheet_scan import Address, Formula

_MOST_TOKENS, _MOST_STEPS, _DEEPEST = 400, 2_000_000, 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7}(?![\w.(!]))"
    r"|(?P<function>(?:SUM|ROUND)(?=\())|(?P<sign>[-+*/(),:%]))"
)
_EXTERNAL = re.compile(r"\[[^\[\]]*\][^,;()+*/&\[\]]*!|\|[^!]*!|(?<![\w\]])\[[0-9]+\]")
_STRING = re.compile(r'"[^"]*"')
# A word that may be a defined name: no part of a cell's address ($A$1), no sheet, no function.
_WORD = re.compile(r"(?<![\w$.\\?])(?:[^\W\d]|\\)[\w.\\?]*(?![\w.\\?$!(])")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class NotComputedError(Exception):
    """A formula that is none of the few kinds that are computed here."""


class ExternalError(NotComputedError):
    """A formula that leads to another file, itself or through a cell that it names."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a formula gives, whether it rests on blank cells alone, and whether a sum left out numbers kept as text."""

    value: Fraction
    is_of_blanks: bool
    left_out: bool = False


def external_names(names: Mapping[str, str]) -> frozenset[str]:
    """The defined names that lead to another file, directly or through other names.

    >>> sorted(external_names({"a": "[1]Sheet1!$B$2", "b": "a*2", "c": "Sheet1!$A$1"}))
    ['a', 'b']
    """
    found = {name for name, text in names.items() if _EXTERNAL.search(_STRING.sub("", text))}
    while more := {name for name, text in names.items() if name not in found and _words(text) & found}:
        found |= more
    return frozenset(found)


def is_external(formula: str, names: frozenset[str]) -> bool:
    """Whether a formula leads to another file, by itself or through one of these names."""
    if "[" not in formula and "|" not in formula and not names:
        return False
    text = _STRING.sub("", formula)
    return bool(_EXTERNAL.search(text)) or (bool(names) and not names.isdisjoint(_words(text)))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(_STRING.sub("", text))}


def agrees(saved: Decimal, computed: Fraction) -> bool:
    """Whether a saved result is the computed one, but for the tail of a binary number."""
    difference = abs(Fraction(saved) - computed)
    return difference <= Fraction(1, 10**12) + abs(computed) / 10**14


@dataclass(slots=True)
class Calculator:
    """Computes the formulas of one sheet; ``value`` gives what a cell holds (a number, a text, empty)."""

    formulas: Mapping[Address, Formula]
    value: Callable[[Address], Decimal | str]
    external: frozenset[str] = frozenset()
    _known: dict[Address, Result | type[NotComputedError]] = field(default_factory=dict)
    _steps: int = 0
    _depth: int = 0

    def result(self, place: Address) -> Result:
        """What the formula in a cell gives; NotComputedError for one that is not computed, ExternalError among them."""
        if place not in self._known:
            self._depth += 1
            try:
                self._known[place] = self._computed(place)
            except (NotComputedError, RecursionError) as error:
                self._known[place] = ExternalError if isinstance(error, ExternalError) else NotComputedError
            finally:
                self._depth -= 1
        known = self._known[place]
        if isinstance(known, Result):
            return known
        raise known

    def _computed(self, place: Address) -> Result:
        if is_external(self.formulas[place].text, self.external):
            raise ExternalError
        if self._depth > _DEEPEST:
            raise NotComputedError
        return _Parse(self, self.formulas[place]).result()

    def number_in(self, place: Address, *, in_sum: bool) -> tuple[Fraction, str]:
        """The number that a cell stands for in a formula, and what it holds besides: blank, text, number."""
        self._steps += 1
        if self._steps > _MOST_STEPS or min(place) < 0:
            raise NotComputedError
        if place in self.formulas:
            result = self.result(place)
            return result.value, "number"
        value = self.value(place)
        if isinstance(value, Decimal):
            return Fraction(value), "number"
        is_number = _NUMBER.fullmatch(value.strip()) is not None
        if not value or in_sum:
            return Fraction(0), "blank" if not value else "left out" if is_number else "text"
        if not is_number:
            raise NotComputedError
        return Fraction(value.strip()), "number"


class _Parse:
    """One formula, read from the left by the usual order of operations."""

    def __init__(self, calculator: Calculator, formula: Formula) -> None:
        if formula.is_array or not formula.text:
            raise NotComputedError
        self.calculator, self.formula = calculator, formula
        self.tokens = list(_tokens(formula.text))
        self.at = 0
        self.met: list[str] = []

    def result(self) -> Result:
        value = self._sum()
        if self.at < len(self.tokens):
            raise NotComputedError
        return Result(value, set(self.met) == {"blank"}, "left out" in self.met)

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _next(self, *expected: str) -> tuple[str, str]:
        if self.at >= len(self.tokens) or (expected and self._peek() not in expected):
            raise NotComputedError
        self.at += 1
        return self.tokens[self.at - 1]

    def _sum(self) -> Fraction:
        value = self._product()
        while self._peek() in ("+", "-"):
            sign = self._next()[1]
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while self._peek() in ("*", "/"):
            sign = self._next()[1]
            other = self._signed()
            if sign == "/" and not other:
                raise NotComputedError
            value = value * other if sign == "*" else value / other
        return value

    def _signed(self) -> Fraction:
        if self._peek() in ("+", "-"):
            return -self._signed() if self._next()[1] == "-" else self._signed()
        value = self._single()
        while self._peek() == "%":
            self._next()
            value /= 100
        return value

    def _single(self) -> Fraction:
        kind, text = self._next()
        if kind == "number":
            return Fraction(text)
        if kind == "cell":
            return self._cell(self._place(text), in_sum=False)
        if kind == "function":
            return self._function(text)
        if text == "(":
            value = self._sum()
            self._next(")")
            return value
        raise NotComputedError

    def _function(self, name: str) -> Fraction:
        self._next("(")
        if name == "ROUND":
            value = self._sum()
            self._next(",")
            places = self._sum()
            self._next(")")
            return _rounded(value, places)
        total = self._argument()
        while self._peek() == ",":
            self._next()
            total += self._argument()
        self._next(")")
        return total

    def _argument(self) -> Fraction:
        """An argument of SUM: a range or one cell, of which texts count as nothing, or a calculation."""
        after = self.tokens[self.at + 1][1] if self.at + 1 < len(self.tokens) else ""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "cell" and after in (":", ",", ")"):
            first = self._place(self._next()[1])
            last = first
            if after == ":":
                self._next()
                kind, text = self._next()
                if kind != "cell":
                    raise NotComputedError
                last = self._place(text)
            return sum((self._cell(place, in_sum=True) for place in _cells(Range(*first, *last))), Fraction(0))
        return self._sum()

    def _cell(self, place: Address, *, in_sum: bool) -> Fraction:
        value, held = self.calculator.number_in(place, in_sum=in_sum)
        self.met.append(held)
        return value

    def _place(self, name: str) -> Address:
        """The cell that a reference means here: moved with a shared formula, unless it is fixed by a sign."""
        try:
            row, column = place_of(name)
        except ValueError as error:  # row 0
            raise NotComputedError from error
        is_fixed_row, is_fixed_column = "$" in name[1:], name.startswith("$")
        return row + (0 if is_fixed_row else self.formula.down), column + (0 if is_fixed_column else self.formula.right)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, count = 0, 0
    text = text.removeprefix("=").strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        count += 1
        if match is None or match.lastgroup is None or count > _MOST_TOKENS:
            raise NotComputedError
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


def _cells(area: Range) -> Iterator[Address]:
    for row in area.rows:
        for column in area.columns:
            yield row, column


def _rounded(value: Fraction, places: Fraction) -> Fraction:
    """Half away from zero, as spreadsheets round."""
    if places.denominator != 1 or not -12 <= places <= 12:
        raise NotComputedError
    scale = Fraction(10) ** int(places)
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole) / scale * (1 if value >= 0 else -1)
