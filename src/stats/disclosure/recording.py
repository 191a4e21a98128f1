"""A released edition as the record of what goes out with it. Writes no file."""

from __future__ import annotations

from stats.disclosure.issued.record import Record, digest
from stats.disclosure.published import Published
from stats.disclosure.released import Released, shows_protected_counts
from stats.disclosure.suppression import Hidden


def recorded(released: Released, number: int, key: bytes) -> Record:
    """The record of this edition as the ``number``-th issue of its year.

    It has a head only where the edition holds no question whose small counts are protected.
    """
    params = released.results.params
    rules = released.rules
    if not shows_protected_counts(rules):
        return Record(params.county.code, params.year, released.edition, number, rules.threshold)
    counts, hidden = released.reported, released.hidden
    published = Published(released.results, counts)
    statement = published.statement(hidden)
    return Record(
        county=params.county.code,
        year=params.year,
        edition=released.edition,
        number=number,
        threshold=rules.threshold,
        shown=statement.shown,
        hidden=frozenset(statement.largest),
        digests={count: digest(count, value, key) for count, value in counts.values.items()},
        facts=tuple(fact for year in hidden for fact in published.printed_facts(year, hidden)),
        withheld={
            year: Hidden(figures=each.figures, changes=each.changes, states_told=each.states_told)
            for year, each in hidden.items()
        },
    )
