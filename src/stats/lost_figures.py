"""A figure or comparison that is not there says why: a return or a file was refused, not that none came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stats.catalogue.status import Status
from stats.figures import Comparison, Figure


def with_reason(figure: Figure, *, is_refused: Callable[[int], bool], is_unfit: bool) -> Figure:
    """The figure with the reason told; ``is_refused`` says of a year whether the unit's return was refused.

    ``is_unfit`` says that figures from outside were provided and could not be used.
    """
    if figure.status is Status.NOT_REPORTED and is_refused(figure.year):
        figure = replace(figure, status=Status.REFUSED)
    if is_unfit and figure.city.status is Status.NOT_PROVIDED:
        figure = replace(figure, city=replace(figure.city, status=Status.UNFIT))
    lacks_last_year = Status.NO_PREVIOUS in (figure.status, figure.last_year.status)
    return _without_last_year(figure) if lacks_last_year and is_refused(figure.year - 1) else figure


def _without_last_year(figure: Figure) -> Figure:
    status = Status.PREVIOUS_REFUSED if figure.status is Status.NO_PREVIOUS else figure.status
    return replace(figure, status=status, last_year=_comparison(figure.last_year))


def _comparison(given: Comparison) -> Comparison:
    return replace(given, status=Status.PREVIOUS_REFUSED) if given.status is Status.NO_PREVIOUS else given
