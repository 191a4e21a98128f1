"""Ranked dot plots: every unit's place by one indicator, several indicators a sheet. Formats no number."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stats.charts.style import BLACK, DARK, LIGHT, LINE, MIDDLE, SIZE, WHITE, WIDTH, keep, scaled, sheet, style, words

_ACROSS, _GAP = 3, 4.0
_HEAD, _FOOT, _ROW, _NAME, _NUMBER = 8.0, 5.0, 2.75, 17.0, 9.0
NAMED = 20
"""So many units have a line of their own with a name; of more only the first and the last three are named."""


def dots(frame: pd.DataFrame, lines: pd.DataFrame, *, across: int = _ACROSS) -> Figure:
    """Dots by value, best on top: ● this year, ○ last year; ◇ county, ▏ target, ┆ city across the panel.

    ``frame`` has a row a panel and unit, in the order of the places: ``panel``, ``unit`` (str), ``value`` (float64),
    ``last`` (float64, NaN where there is none), ``text`` (as printed), ``hollow`` (bool: approximate or small base).
    ``lines`` has a row a panel: ``panel``, ``county``, ``target``, ``city`` (float64, NaN where there is none). The
    axis of a panel runs over its values.
    """
    panels = list(dict.fromkeys(frame["panel"]))
    most = int(frame.groupby("panel").size().max())
    row = _ROW if most <= NAMED else _ROW * NAMED / most
    tall, pitch = _HEAD + row * most + _FOOT, (WIDTH + _GAP) / across
    height = tall * -(-len(panels) // across)
    with style():
        figure, axes = sheet(height)
        points, marks = [], []
        for nth, name in enumerate(panels):
            left, top = nth % across * pitch, nth // across * tall
            rows, given = frame[frame["panel"] == name], lines[lines["panel"] == name].iloc[0]
            points.append(_points(rows, given, left, top, pitch - _GAP, row))
            marks.append(_marks(rows, given, left, pitch - _GAP))
            _frame(axes, name, rows, marks[-1], left, top, pitch - _GAP, row)
        placed = pd.concat(points, ignore_index=True)
        for kind, size, face, edge in (
            ("last", 9, WHITE, MIDDLE),
            ("hollow", 12, WHITE, BLACK),
            ("value", 12, BLACK, BLACK),
        ):
            chosen = placed[placed["kind"] == kind]
            if len(chosen):
                sns.scatterplot(
                    chosen, x="x", y="y", s=size, color=face, edgecolor=edge, linewidth=0.6, legend=False, ax=axes
                )
        keep(axes, WIDTH, height)
    return figure


def _scale(rows: pd.DataFrame, given: pd.Series, left: float, width: float) -> tuple[float, float, float, float]:
    known = [*rows["value"].dropna(), *rows["last"].dropna(), *given[["county", "target", "city"]].dropna()]
    return min(known), max(known), left + _NAME + 1.5, left + width - _NUMBER - 1.0


def _points(rows: pd.DataFrame, given: pd.Series, left: float, top: float, width: float, row: float) -> pd.DataFrame:
    scale = _scale(rows, given, left, width)
    y = [top + _HEAD + row * (nth + 0.5) for nth in range(len(rows))]
    kinds = ["hollow" if hollow else "value" for hollow in rows["hollow"]]
    now = pd.DataFrame({"x": scaled(rows["value"], *scale), "y": y, "kind": kinds})
    last = pd.DataFrame({"x": scaled(rows["last"], *scale), "y": y, "kind": "last"})
    return pd.concat([last, now]).dropna(subset="x")


def _marks(rows: pd.DataFrame, given: pd.Series, left: float, width: float) -> dict[str, float]:
    scale = _scale(rows, given, left, width)
    return {name: scaled([given[name]], *scale)[0] for name in ("county", "target", "city") if pd.notna(given[name])}


def _frame(
    axes: Axes,
    name: str,
    rows: pd.DataFrame,
    marks: dict[str, float],
    left: float,
    top: float,
    width: float,
    row: float,
) -> None:
    words(axes, left, top + LINE / 2, name, size=SIZE)
    start, end = top + _HEAD, top + _HEAD + row * len(rows)
    for kind, dashes, weight in (("target", (0, ()), 1.2), ("city", (0, (1, 1)), 1.0), ("county", (0, ()), 0.5)):
        if kind in marks:
            axes.plot([marks[kind]] * 2, [start, end], color=MIDDLE, linewidth=weight, linestyle=dashes)
    if "county" in marks:
        axes.plot(
            [marks["county"]],
            [start - 1.6],
            marker="D",
            markersize=3.2,
            markerfacecolor=WHITE,
            color=BLACK,
            markeredgewidth=0.7,
        )
    named = range(len(rows)) if len(rows) <= NAMED else (*range(3), *range(len(rows) - 3, len(rows)))
    for nth in named:
        y = start + row * (nth + 0.5)
        one = rows.iloc[nth]
        axes.plot([left + _NAME, left + width - _NUMBER], [y, y], color=LIGHT, linewidth=0.3, zorder=0)
        words(axes, left + _NAME, y, str(one["unit"]), align="right", size=6.5)
        words(axes, left + width, y, str(one["text"]), align="right", size=6.5, grey=DARK)
