"""A figure as a bar of a chart, and what its look means. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.present.bars import Bar, Look

_BARS: Mapping[Look, str] = {"approximate": "斜线条形为概数", "small_base": "空心条形为基数较小的数"}
_TOLD = (Status.MISSING, Status.NOT_REPORTED, Status.REFUSED)
_DOTS: Mapping[Look, str] = {"approximate": "菱形点为概数", "small_base": "空心点为基数较小的数"}


def has_value(figure: Figure | None) -> bool:
    """Whether there is a number to draw."""
    return figure is not None and figure.status.has_value


def printed(figure: Figure | None, entry: Indicator) -> str:
    """The label of a figure in a chart: as in the tables, a word where those leave a blank."""
    if figure is None:
        return "无数据"
    return numbers.display(figure, entry) or (figure.status.label if figure.status in _TOLD else "无数据")


def bar(name: str, figure: Figure | None, entry: Indicator) -> Bar:
    """The bar of a figure; without a length where it has no number to show."""
    return Bar(name, height(figure), printed(figure, entry), look(figure))


def look(figure: Figure | None) -> Look:
    """What kind of number it is."""
    if figure is None or not figure.status.has_value:
        return "exact"
    if figure.status is Status.APPROX:
        return "approximate"
    return "small_base" if figure.small_base else "exact"


def height(figure: Figure | None) -> float | None:
    """The printed number; None where nothing may be drawn."""
    return length(numbers.printed(figure)) if figure is not None and figure.status.has_value else None


def length(value: Decimal | None) -> float | None:
    """A number as drawing takes it."""
    return None if value is None else float(value)


def bar_notes(looks: Iterable[Look]) -> tuple[str, ...]:
    """What the bars that are not plain mean, as far as they are used."""
    used = set(looks)
    return tuple(words for name, words in _BARS.items() if name in used)


def dot_notes(looks: Iterable[Look]) -> tuple[str, ...]:
    """The same of dots."""
    used = set(looks)
    return tuple(words for name, words in _DOTS.items() if name in used)
