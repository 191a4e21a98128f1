"""Amounts by source and by use, this year beside last year. Formats no number."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from stats.charts.style import DARK, LIGHT, SIZE, WIDTH, keep, scaled, sheet, style, words

_ROW, _HEAD, _NAME, _NUMBER = 7.0, 2.0, 46.0, 22.0


def sources(frame: pd.DataFrame) -> Figure:
    """Bars from zero: ``name`` (str), ``value``, ``last`` (float64, NaN for none), ``text``, ``last_text`` (str)."""
    height = _HEAD + _ROW * len(frame)
    longest = max([*frame["value"].dropna(), *frame["last"].dropna()], default=1.0) or 1.0
    start, end = _NAME, WIDTH - _NUMBER
    middles = [_HEAD + _ROW * (nth + 0.5) for nth in range(len(frame))]
    with style():
        figure, axes = sheet(height)
        for column, shift, grey, thick in (("value", -1.2, DARK, 2.8), ("last", 1.6, LIGHT, 2.0)):
            ends = scaled(frame[column].fillna(0.0), 0.0, longest, start, end)
            bars = pd.DataFrame({"y": [middle + shift for middle in middles], "length": [x - start for x in ends]})
            sns.barplot(
                bars, x="length", y="y", orient="h", native_scale=True, width=thick / _ROW, left=start, color=grey,
                saturation=1, errorbar=None, legend=False, ax=axes,
            )  # fmt: skip
            for x, middle, text in zip(ends, middles, frame["text" if column == "value" else "last_text"], strict=True):
                words(axes, x + 1.2, middle + shift, str(text), size=SIZE if column == "value" else 6.5)
        for middle, name in zip(middles, frame["name"], strict=True):
            words(axes, start - 1.5, middle, str(name), align="right")
        keep(axes, WIDTH, height)
    return figure
