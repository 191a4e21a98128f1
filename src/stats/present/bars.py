"""What a chart is drawn from: bars, their texts, marks beside them. Draws nothing and imports no drawing library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Look = Literal["exact", "approximate", "small_base"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length (None: no value), the text printed for it, and what kind of number it is."""

    name: str
    length: float | None
    text: str
    look: Look = "exact"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure all bars or points are held against: the county's or the target's."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """One unit in a plane: its name, where it lies, and what kind of number it is."""

    name: str
    across: float
    up: float
    look: Look = "exact"


@dataclass(frozen=True, slots=True)
class Against:
    """One rate beside its county's and its target's; None where there is none."""

    bar: Bar
    county: float | None
    county_text: str
    target: float | None
    target_text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One indicator over the years."""

    title: str
    bars: tuple[Bar, ...]


class Painter(Protocol):
    """Whoever makes a text of a chart's bars: the module ``plots`` an SVG, :class:`Inputs` the bars themselves."""

    def against(self, rows: Sequence[Against], *, prefix: str, unit_name: str) -> str:
        """A unit against county and target."""

    def development(self, panels: Sequence[Panel], *, prefix: str) -> str:
        """Indicators over the years."""

    def ranked(self, bars: Sequence[Bar], *, county: Line | None, target: Line | None, prefix: str) -> str:
        """The towns in order."""

    def scatter(
        self, points: Sequence[Point], *, across: str, up: str, county: Line | None, target: Line | None, prefix: str
    ) -> str:
        """The towns by two quantities."""


class Inputs:
    """Writes down what would be drawn. The drawing follows from nothing else, so equal texts mean equal charts."""

    def against(self, rows: Sequence[Against], *, prefix: str, unit_name: str) -> str:
        return repr(("against", tuple(rows), prefix, unit_name))

    def development(self, panels: Sequence[Panel], *, prefix: str) -> str:
        return repr(("development", tuple(panels), prefix))

    def ranked(self, bars: Sequence[Bar], *, county: Line | None, target: Line | None, prefix: str) -> str:
        return repr(("ranked", tuple(bars), county, target, prefix))

    def scatter(
        self, points: Sequence[Point], *, across: str, up: str, county: Line | None, target: Line | None, prefix: str
    ) -> str:
        return repr(("scatter", tuple(points), across, up, county, target, prefix))
