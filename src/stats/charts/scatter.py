"""A figure that depends on how large a unit is, against its population. Formats no number."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from stats.charts.style import BLACK, MIDDLE, WHITE, WIDTH, keep, scaled, sheet, style, words

_HEIGHT, _LEFT, _FOOT, _TOP, _RIGHT = 62.0, 14.0, 10.0, 7.0, 18.0


def scatter(frame: pd.DataFrame, *, x_name: str, y_name: str) -> Figure:
    """Units as dots with names: ``unit`` (str), ``x``, ``y`` (float64), ``x_text``, ``y_text``, ``hollow`` (bool).

    The axes are labelled at the least and the greatest value.
    """
    with style():
        figure, axes = sheet(_HEIGHT)
        x = scaled(frame["x"], frame["x"].min(), frame["x"].max(), _LEFT + 3, WIDTH - _RIGHT)
        y = scaled(frame["y"], frame["y"].min(), frame["y"].max(), _HEIGHT - _FOOT - 3, _TOP + 3)
        placed = frame.assign(x=x, y=y)
        for hollow, face in ((False, BLACK), (True, WHITE)):
            chosen = placed[placed["hollow"] == hollow]
            if len(chosen):
                sns.scatterplot(
                    chosen, x="x", y="y", s=16, color=face, edgecolor=BLACK, linewidth=0.7, legend=False, ax=axes
                )
        axes.plot([_LEFT, _LEFT, WIDTH], [_TOP, _HEIGHT - _FOOT, _HEIGHT - _FOOT], color=MIDDLE, linewidth=0.6)
        for row in placed.itertuples():
            words(axes, float(row.x) + 1.5, float(row.y) - 1.2, str(row.unit), size=6.5)  # type: ignore[arg-type]
        for place in {frame["x"].argmin(), frame["x"].argmax()}:
            words(axes, x[place], _HEIGHT - _FOOT + 2.2, frame["x_text"].iloc[place], align="center", size=7)
        for place in {frame["y"].argmin(), frame["y"].argmax()}:
            words(axes, _LEFT - 1.2, y[place], frame["y_text"].iloc[place], align="right", size=7)
        words(axes, WIDTH, _HEIGHT - 2.5, x_name, align="right")
        words(axes, 0.0, 2.2, y_name)
        keep(axes, WIDTH, _HEIGHT)
    return figure
