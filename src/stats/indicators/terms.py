"""The terms of a definition evaluated over all units and years. Knows no indicator."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np

from stats.answers import Answers
from stats.catalogue.indicator import Term
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.measures import Quantity, code


def term_sum(terms: tuple[Term, ...] | int, answers: Answers) -> Quantity:
    """The sum of a numerator's or denominator's terms, with the worst of their statuses."""
    if isinstance(terms, int):
        return Quantity.constant(terms, answers.shape)
    return reduce(add, (_term(term, answers) for term in terms))


def _term(term: Term, answers: Answers) -> Quantity:
    if term.test == "amount":
        return answers.numbers[term.variable]
    if term.test == "at_least":
        return _at_least(answers.numbers[term.variable], term.threshold)
    choice = "是" if term.test == "yes" else term.choice
    given = answers.choices[term.variable]
    holds = (given.chosen == variables()[term.variable].choices.index(choice)).astype(np.int64)
    return Quantity(holds, holds, holds, given.status)


def _at_least(quantity: Quantity, threshold: int) -> Quantity:
    """1 where a number reaches the threshold; an approximation that decides it either way is exact here."""
    least = threshold * 10**quantity.places
    low, high = ((bound >= least).astype(np.int64) for bound in (quantity.low, quantity.high))
    decided = (quantity.status == code(Status.APPROX)) & (low == high)
    status = np.where(decided, code(Status.OK), quantity.status).astype(np.int8)
    return Quantity((quantity.value >= least).astype(np.int64), low, high, status)
