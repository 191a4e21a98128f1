"""Small multiples: the same years in every panel, each on a scale of its own. Formats no number."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from stats.charts.style import BLACK, LINE, MIDDLE, SIZE, WIDTH, keep, scaled, sheet, style, words

_ACROSS = 4
_HEIGHT, _HEAD, _FOOT, _SIDE, _GAP = 26.0, 8.0, 5.0, 7.0, 3.0


def multiples(frame: pd.DataFrame, *, across: int = _ACROSS) -> Figure:
    """Lines over the years, a panel each: the unit black with dots, the county grey beside it.

    ``frame`` has a row a panel and year: ``panel`` (its title, str), ``year`` (int), ``value`` (float64, NaN where
    there is none), ``text`` (the value as printed); and ``county`` (float64) where a panel has a second line. Panels
    come in order of appearance. Every panel runs from its least to its greatest value; the first and the last value
    are printed, and the years below.
    """
    panels = list(dict.fromkeys(frame["panel"]))
    rows = -(-len(panels) // across)
    height, pitch = rows * _HEIGHT, (WIDTH + _GAP) / across
    with style():
        figure, axes = sheet(height)
        placed = [_placed(frame[frame["panel"] == name], nth, across, pitch) for nth, name in enumerate(panels)]
        lines = pd.concat(placed, ignore_index=True)
        sns.lineplot(
            lines, x="x", y="y", hue="line", style="line", units="part", estimator=None, legend=False, ax=axes,
            palette={"unit": BLACK, "county": MIDDLE}, dashes={"unit": (1, 0), "county": (3, 2)}, linewidth=1.1,
        )  # fmt: skip
        own = lines[lines["line"] == "unit"]
        sns.scatterplot(own, x="x", y="y", color=BLACK, s=9, linewidth=0, legend=False, ax=axes)
        for nth, name in enumerate(panels):
            _labelled(axes, frame[frame["panel"] == name], own[own["panel"] == name], nth, across, pitch)
        keep(axes, WIDTH, height)
    return figure


def _corner(nth: int, across: int, pitch: float) -> tuple[float, float]:
    return nth % across * pitch, nth // across * _HEIGHT


def _placed(rows: pd.DataFrame, nth: int, across: int, pitch: float) -> pd.DataFrame:
    """The points of one panel on the sheet; a year without a value parts the line."""
    left, top = _corner(nth, across, pitch)
    county = rows["county"] if "county" in rows else pd.Series(float("nan"), rows.index)
    known = [*rows["value"].dropna(), *county.dropna()]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    years = list(range(int(rows["year"].min()), int(rows["year"].max()) + 1))
    x = scaled(rows["year"], years[0], years[-1], left + _SIDE, left + pitch - _GAP - _SIDE)
    parts = []
    for line, values in (("unit", rows["value"]), ("county", county)):
        y = scaled(values, low, high, top + _HEIGHT - _FOOT - 2.5, top + _HEAD)
        part = [f"{nth} {line} {number}" for number in values.isna().cumsum()]
        parts.append(pd.DataFrame({"x": x, "y": y, "line": line, "part": part, "panel": rows["panel"].to_numpy()}))
    return pd.concat(parts).dropna(subset="y")


def _labelled(axes: object, rows: pd.DataFrame, own: pd.DataFrame, nth: int, across: int, pitch: float) -> None:
    left, top = _corner(nth, across, pitch)
    right = left + pitch - _GAP
    words(axes, left, top + LINE / 2, rows["panel"].iloc[0], size=SIZE)  # type: ignore[arg-type]
    axes.plot([left, right], [top + _HEIGHT - _FOOT] * 2, color=MIDDLE, linewidth=0.5)  # type: ignore[attr-defined]
    for year, x in zip((rows["year"].min(), rows["year"].max()), (left + _SIDE, right - _SIDE), strict=True):
        words(axes, x, top + _HEIGHT - _FOOT / 2, str(year), align="center", size=7.0)  # type: ignore[arg-type]
    shown = rows.dropna(subset="value")
    for place in {0, len(shown) - 1} if len(shown) else set():
        x, y = own["x"].iloc[place], own["y"].iloc[place]
        beside = own["y"].iloc[1 if place == 0 else place - 1] if len(own) > 1 else y + 1
        words(axes, x, y + (2.4 if beside < y else -2.4), shown["text"].iloc[place], align="center", size=7.5)  # type: ignore[arg-type]
