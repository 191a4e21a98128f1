"""The recruitment funnel: how many of each stage were left at the next, in spring and in autumn. Formats no number."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from stats.charts.style import DARK, LIGHT, LINE, SIZE, WIDTH, keep, scaled, sheet, style, words

_ROW, _HEAD, _GAP, _NAME, _NUMBER = 5.6, 6.0, 6.0, 19.0, 11.0


def funnel(frame: pd.DataFrame) -> Figure:
    """Bars from zero, a stage each, one panel a season; this year's dark, last year's light below it.

    ``frame`` has a row a season and stage, in order: ``season``, ``stage`` (str), ``value``, ``last`` (float64, NaN
    where there is none to draw), ``text``, ``last_text`` (as printed, or the mark of why there is no number).
    """
    seasons = list(dict.fromkeys(frame["season"]))
    most = len(frame) and frame.groupby("season", sort=False).size().max()
    height, pitch = _HEAD + _ROW * most, (WIDTH + _GAP) / max(len(seasons), 1)
    longest = max([*frame["value"].dropna(), *frame["last"].dropna()], default=1.0) or 1.0
    with style():
        figure, axes = sheet(height)
        for nth, season in enumerate(seasons):
            _season(axes, frame[frame["season"] == season], nth * pitch, pitch - _GAP, longest)
        keep(axes, WIDTH, height)
    return figure


def _season(axes: object, rows: pd.DataFrame, left: float, width: float, longest: float) -> None:
    words(axes, left, LINE / 2, rows["season"].iloc[0], size=SIZE + 1)  # type: ignore[arg-type]
    start, end = left + _NAME, left + width - _NUMBER
    middles = [_HEAD + _ROW * (nth + 0.5) for nth in range(len(rows))]
    for column, shift, grey, thick in (("value", -1.1, DARK, 2.6), ("last", 1.5, LIGHT, 1.8)):
        ends = scaled(rows[column].fillna(0.0), 0.0, longest, start, end)
        bars = pd.DataFrame({"y": [middle + shift for middle in middles], "length": [x - start for x in ends]})
        sns.barplot(
            bars, x="length", y="y", orient="h", native_scale=True, width=thick / _ROW, left=start, color=grey,
            saturation=1, errorbar=None, legend=False, ax=axes,
        )  # fmt: skip
    for middle, row in zip(middles, rows.itertuples(), strict=True):
        words(axes, start - 1.5, middle, str(row.stage), align="right")  # type: ignore[arg-type]
        x = scaled([0.0 if pd.isna(row.value) else float(row.value)], 0.0, longest, start, end)[0]  # type: ignore[arg-type]
        before = scaled([0.0 if pd.isna(row.last) else float(row.last)], 0.0, longest, start, end)[0]  # type: ignore[arg-type]
        words(axes, x + 1.0, middle - 1.1, str(row.text))  # type: ignore[arg-type]
        words(axes, before + 1.0, middle + 1.6, str(row.last_text), size=6.5, grey=DARK)  # type: ignore[arg-type]
