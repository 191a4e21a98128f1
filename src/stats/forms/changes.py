"""What changed in the form from one year to the next. Computed from the layout of both years alone."""

from __future__ import annotations

from dataclasses import dataclass

from stats.catalogue.variables import Variable
from stats.returns.form_layout import answered_in, form_periods, form_rows


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between the forms of two years; questions in the order of the form."""

    periods: tuple[tuple[str, ...], tuple[str, ...]]
    added: tuple[Variable, ...]
    dropped: tuple[Variable, ...]
    moved: tuple[Variable, ...]


def changes(before: int, after: int) -> Change:
    """The questions added and dropped, and those asked for other periods.

    >>> [question.name for question in changes(2020, 2021).moved][:2]
    ['rec_applied', 'rec_applied_college']
    """
    old, new = _questions(before), _questions(after)
    return Change(
        periods=(form_periods(before, county=False), form_periods(after, county=False)),
        added=tuple(question for name, question in new.items() if name not in old),
        dropped=tuple(question for name, question in old.items() if name not in new),
        moved=tuple(v for name, v in new.items() if name in old and answered_in(v, before) != answered_in(v, after)),
    )


def _questions(year: int) -> dict[str, Variable]:
    rows = (*form_rows(year, county=False), *form_rows(year, county=True))
    return {row.question.name: row.question for row in rows if row.question}
