"""Declared corrections as an edition may tell them. Corrects nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.figures import Amendment
from stats.params import Edition
from stats.returns import Correction
from stats.texts.privacy import shown

_COUNT = re.compile(r"[0-9０-９]|[一二两三四五六七八九十]+(?:余|多)?[人名个户件次位]")


def amendments(made: Iterable[Correction], edition: Edition, *, unit: str, year: int) -> tuple[Amendment, ...]:
    """The corrections of one unit's return of one year, in the order declared.

    In an edition that hides small counts those of questions with small counts are told without their texts, and no
    reason that speaks of a number is told, since it might be one of them; questions the edition does not hold are
    left out.
    """
    rules, asked = EDITIONS[edition], variables()
    told = (entry for entry in made if (entry.unit, entry.year) == (unit, year))
    return tuple(
        _amendment(entry, hides=rules.threshold > 0) for entry in told if rules.shows_answer(asked[entry.variable])
    )


def _amendment(entry: Correction, *, hides: bool) -> Amendment:
    is_hidden = hides and is_small_cell(variables()[entry.variable])
    says_number = hides and _COUNT.search(entry.reason) is not None
    return Amendment(
        variable=entry.variable,
        period=entry.period,
        old=None if is_hidden else shown(entry.old.strip()),
        new=None if is_hidden else shown(entry.new.strip()),
        reason=None if is_hidden or says_number else entry.reason,
        role=entry.role,
        date=entry.date.isoformat(),
    )
