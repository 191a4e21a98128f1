"""What all units answered to one question together: the sum, and over how many units. Hides nothing."""

from __future__ import annotations

import numpy as np

from stats.answers import Answers
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable
from stats.figures import Total
from stats.measures import CODES, decimal


def total(answers: Answers, year: int, variable: Variable) -> Total:
    """The sum of a question's whole-year answers over the units asked, or how many say yes of those that answered.

    Approximate answers count with their lower bound and make the sum approximate. Rates and choices of more than yes
    and no have no sum: ValueError.
    """
    row = answers.years.index(year)
    asked = answers.due[row] & np.array([variable.asked_of(county=not town) for town in answers.towns])
    due = int(asked.sum())
    if variable.kind == "bool":
        given = answers.choices[variable.name]
        known = asked & (given.status[row] == CODES.index(Status.OK))
        yes = known & (given.chosen[row] == variable.choices.index("是"))
        return Total(decimal(int(yes.sum()), 0), Status.OK, int(known.sum()), due)
    if variable.kind not in ("int", "decimal"):
        raise ValueError(f"{variable.name} has no sum")
    quantity = answers.numbers[variable.name]
    known = asked & quantity.known[row]
    approximate = bool((quantity.status[row][known] == CODES.index(Status.APPROX)).any())
    value = sum(map(int, quantity.value[row][known]))
    status = Status.MISSING if not known.any() else Status.APPROX if approximate else Status.OK
    return Total(decimal(value, quantity.places).normalize(), status, int(known.sum()), due)
