"""The house style of charts: letters, greys, sizes, and a sheet measured in millimetres. Knows no kind of chart.

A chart is drawn on one pair of axes that covers the whole sheet, and values are scaled to their place on it before
seaborn draws them: axes, ticks and locators cost time, marks do not. No part of pyplot is used, so that a figure
belongs to nobody but its caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

WIDTH = 156.0
"""The text block of a page [mm]."""
SIZE = 8.0
"""The size of the letters [pt]."""
LINE = 3.6
"""From one line of letters to the next [mm]."""
BLACK, DARK, MIDDLE, LIGHT, WHITE = "#000000", "#4d4d4d", "#8c8c8c", "#d0d0d0", "#ffffff"
"""Greys far enough apart for a black-and-white print."""
_FACES = {
    "FandolHei": "FandolHei-Regular.otf",
    "LXGW WenKai Light": "LXGWWenKai-Light.ttf",
    "Stats Rare": "StatsRare-Regular.ttf",
}
# Whatever else the user's own configuration says is as matplotlib ships it.
_OTHERS = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith("backend")}
_SETTINGS: Any = _OTHERS | {
    "font.family": list(_FACES),
    "font.size": SIZE,
    "svg.fonttype": "none",
    "svg.hashsalt": "stats",
    "text.hinting": "none",
    "axes.unicode_minus": False,
    "lines.solid_capstyle": "butt",
}
_NO_METADATA = {"Date": None, "Creator": None, "Type": None, "Format": None}
_NUMBER = re.compile(r"\d+\.\d{3,}")


@cache
def _fonts() -> None:
    """Make the shipped faces known before those of the system, which may have others of the same names."""
    for name, file in _FACES.items():
        with as_file(files("stats.publish").joinpath("fonts", file)) as path:
            fontManager.ttflist.insert(0, FontEntry(fname=str(path), name=name, size="scalable"))


def sheet(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """A figure of so many millimetres with one pair of axes: places to the right and down from the upper left corner.

    >>> figure, axes = sheet(50.0)
    >>> [float(end) for end in (*axes.get_xlim(), *axes.get_ylim())]
    [0.0, 156.0, 50.0, 0.0]
    """
    _fonts()
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(width / 25.4, height / 25.4))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0.0, width)
        axes.set_ylim(height, 0.0)
        axes.set_autoscale_on(False)
    return figure, axes


def keep(axes: Axes, width: float, height: float) -> None:
    """The axes as they were made, whatever seaborn set: limits, no frame, no names."""
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(height, 0.0)


def style() -> Any:
    """The settings everything is drawn under, as a context."""
    _fonts()
    return mpl.rc_context(_SETTINGS)


def words(
    axes: Axes, x: float, y: float, text: str, *, align: str = "left", size: float = SIZE, grey: str = BLACK
) -> None:
    """A line of letters whose middle is at ``y``; a dollar sign in a name begins no formula."""
    if text:
        axes.text(x, y, text, ha=align, va="center_baseline", fontsize=size, color=grey, parse_math=False)


def scaled(values: Iterable[float], low: float, high: float, start: float, end: float) -> list[float]:
    """Values of a range from ``low`` to ``high`` as places from ``start`` to ``end``; a range of nothing is its middle.

    >>> scaled([10.0, 15.0], 10.0, 20.0, 100.0, 0.0)
    [100.0, 50.0]
    """
    if high == low:
        return [(start + end) / 2 for _ in values]
    return [start + (value - low) / (high - low) * (end - start) for value in values]


def svg(figure: Figure) -> str:
    """A figure as SVG with its words as text: the same bytes for the same figure, whenever and wherever."""
    written = StringIO()
    with style():
        figure.savefig(written, format="svg", metadata=_NO_METADATA)
    text = written.getvalue()
    return _NUMBER.sub(lambda number: f"{float(number[0]):.2f}", text[text.index("<svg") :])
