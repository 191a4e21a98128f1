"""One small line over the years without words, for a tile. Knows no numbers but those it is given."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from stats.charts.style import BLACK, keep, scaled, sheet, style

_WIDTH, _HEIGHT, _EDGE = 34.0, 8.0, 1.2


def spark(frame: pd.DataFrame) -> Figure:
    """A line over ``year`` (int) and ``value`` (float64, NaN where there is none), its last point marked.

    A year between two without a value, which no line reaches, is a small point.
    """
    with style():
        figure, axes = sheet(_HEIGHT, _WIDTH)
        known = frame.dropna(subset="value")
        x = scaled(known["year"], frame["year"].min(), frame["year"].max(), _EDGE, _WIDTH - _EDGE)
        y = scaled(known["value"], known["value"].min(), known["value"].max(), _HEIGHT - _EDGE, _EDGE)
        part = frame["value"].isna().cumsum()[known.index]
        points = pd.DataFrame({"x": x, "y": y, "part": part.to_numpy()})
        sns.lineplot(points, x="x", y="y", units="part", estimator=None, color=BLACK, linewidth=1.0, ax=axes)
        alone = points[~points["part"].duplicated(keep=False)]
        sns.scatterplot(alone, x="x", y="y", color=BLACK, s=4, linewidth=0, legend=False, ax=axes)
        sns.scatterplot(points.tail(1), x="x", y="y", color=BLACK, s=10, linewidth=0, legend=False, ax=axes)
        keep(axes, _WIDTH, _HEIGHT)
    return figure
