"""The three kinds of chart: a unit against county and target, years, towns in order. Formats no number."""

from __future__ import annotations

from collections.abc import Sequence

import seaborn as sns
from matplotlib.axes import Axes

from stats.present.bars import Against, Bar, Panel
from stats.present.drawing import DARK, HATCH, LIGHT, MIDDLE, SIZE, WIDTH, add_axes, canvas, svg

_ROW = 7.0
_TOWN_ROW = 4.8
_HEAD = 7.0
_FOOT = 6.0
_LABELS = 54.0
_COLUMN = 15.0
_PANEL = 46.0
_LETTER = 3.1
_DIGIT = 1.7
_GAP = 8.0
_EDGE = 2.0
_POINTS = 72 / 25.4


def against(rows: Sequence[Against], *, prefix: str, unit_name: str) -> str:
    """Horizontal bars in percent; the county a diamond, the target a stroke, all numbers in columns beside them."""
    with canvas(_HEAD + _ROW * len(rows) + _FOOT) as figure:
        width = WIDTH - _LABELS - 3 * _COLUMN - 4
        axes = add_axes(figure, left=_LABELS, width=width, bottom=_FOOT, top=_HEAD)
        _bars(axes, [row.bar for row in rows])
        _strokes(axes, rows)
        _diamonds(axes, rows)
        longest = max([100.0, *(row.bar.length or 0 for row in rows), *(row.county or 0 for row in rows)])
        axes.set(xlim=(0, longest * 1.02), ylim=(len(rows) - 0.5, -0.5), xlabel="", ylabel="")
        axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
        _number_columns(axes, rows, width, unit_name)
        return svg(figure, prefix=prefix)


def _bars(axes: Axes, bars: Sequence[Bar]) -> None:
    """Horizontal bars from the top down, grey where exact, hatched where not."""
    places = list(range(len(bars)))
    lengths = [bar.length if bar.length is not None else 0.0 for bar in bars]
    sns.barplot(x=lengths, y=places, orient="h", ax=axes, color=MIDDLE, width=0.62, errorbar=None, saturation=1)
    for patch, bar in zip(axes.patches, bars, strict=True):
        patch.set(edgecolor="0", linewidth=0.5)
        if bar.pale:
            patch.set(facecolor="1", hatch=HATCH)
    axes.set_yticks(places, [bar.name for bar in bars])


def _strokes(axes: Axes, rows: Sequence[Against]) -> None:
    """The targets, as strokes across their rows."""
    marked = [(nth, row.target) for nth, row in enumerate(rows) if row.target is not None]
    for nth, target in marked:
        axes.plot(
            [target, target], [nth - 0.44, nth + 0.44], color="0", linewidth=2.0, solid_capstyle="butt", clip_on=False
        )


def _diamonds(axes: Axes, rows: Sequence[Against]) -> None:
    """The county's figures, as white diamonds."""
    marked = [(row.county, nth) for nth, row in enumerate(rows) if row.county is not None]
    if marked:
        across, down = zip(*marked, strict=True)
        sns.scatterplot(
            x=list(across),
            y=list(down),
            ax=axes,
            marker="D",
            s=26,
            color="1",
            edgecolor="0",
            linewidth=0.9,
            zorder=5,
            clip_on=False,
        )


def _number_columns(axes: Axes, rows: Sequence[Against], width: float, unit_name: str) -> None:
    """The numbers right of the bars, under heads that explain the signs."""
    heads = (f"■{unit_name}", "◇全县", "┃目标")
    texts = [(row.bar.text, row.county_text, row.target_text) for row in rows]
    for nth, head in enumerate(heads):
        across = 1 + (4 + _COLUMN * (nth + 0.5)) / width
        transform = axes.get_yaxis_transform()
        axes.text(across, -0.5 - 0.25, head, transform=transform, ha="center", va="bottom")
        for place, row in enumerate(texts):
            axes.text(across, place, row[nth], transform=transform, ha="center", va="center")


def development(panels: Sequence[Panel], *, prefix: str) -> str:
    """One panel of columns per indicator, the last year dark; up to three panels beside each other."""
    across = min(len(panels), 3 if _labels_fit(panels, 3) else 2)
    down = -(-len(panels) // across)
    width = _panel_width(across)
    with canvas(_PANEL * down) as figure:
        for nth, panel in enumerate(panels):
            row, column = divmod(nth, across)
            left = _EDGE + column * (width + _GAP)
            bottom = _FOOT + (down - 1 - row) * _PANEL
            axes = add_axes(figure, left=left, width=width, bottom=bottom, top=10 + row * _PANEL)
            _columns(axes, panel, letters=int(width / _LETTER))
        return svg(figure, prefix=prefix)


def _panel_width(across: int) -> float:
    return (WIDTH - 2 * _EDGE - _GAP * (across - 1)) / across


def _labels_fit(panels: Sequence[Panel], across: int) -> bool:
    """Whether the numbers above neighbouring columns stay apart."""
    room = _panel_width(across) / max(len(panel.bars) for panel in panels)
    widest = max(sum(_LETTER if ord(c) > 255 else _DIGIT for c in bar.text) for p in panels for bar in p.bars)
    return widest < room


def _columns(axes: Axes, panel: Panel, *, letters: int) -> None:
    places = list(range(len(panel.bars)))
    heights = [bar.length if bar.length is not None else 0.0 for bar in panel.bars]
    sns.barplot(x=places, y=heights, ax=axes, color=LIGHT, width=0.66, errorbar=None, saturation=1)
    for nth, (patch, bar) in enumerate(zip(axes.patches, panel.bars, strict=True)):
        patch.set(edgecolor="0", linewidth=0.5, facecolor=DARK if nth == places[-1] else LIGHT)
        if bar.pale:
            patch.set(facecolor="1", hatch=HATCH)
        axes.annotate(bar.text, (nth, heights[nth]), (0, 2), textcoords="offset points", ha="center", va="bottom")
    known = [bar.length for bar in panel.bars if bar.length is not None]
    top = max([*known, 0.0]) or 1.0
    axes.set(ylim=(0, top * 1.22), xlim=(-0.6, len(places) - 0.4), xlabel="", ylabel="")
    axes.set_xticks(places, [bar.name for bar in panel.bars])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(_in_two_lines(panel.title, letters), fontsize=SIZE, loc="left", pad=4)


def _names_width(bars: Sequence[Bar]) -> float:
    """The room the longest name needs, up to half the page."""
    return min(WIDTH / 2, 5 + _LETTER * max(len(bar.name) for bar in bars))


def _in_two_lines(title: str, letters: int) -> str:
    """A title that is too long for its panel with the unit on a line of its own."""
    return title if len(title) <= letters else "\n（".join(title.rsplit("（", 1))


def ranked(bars: Sequence[Bar], *, county: float | None, county_text: str, prefix: str) -> str:
    """One horizontal bar per town in the given order, the county's figure a dashed line."""
    with canvas(_HEAD + _TOWN_ROW * len(bars) + 2) as figure:
        left, right = _names_width(bars), 18.0
        axes = add_axes(figure, left=left, width=WIDTH - left - right, bottom=2, top=_HEAD)
        _bars(axes, bars)
        longest = max([county or 0.0, *(bar.length or 0.0 for bar in bars)]) or 1.0
        axes.set(xlim=(0, longest * 1.02), ylim=(len(bars) - 0.5, -0.5), xlabel="", ylabel="")
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        for nth, bar in enumerate(bars):
            axes.annotate(
                bar.text,
                (1, nth),
                (right * _POINTS, 0),
                ("axes fraction", "data"),
                "offset points",
                ha="right",
                va="center",
            )
        if county is not None:
            axes.axvline(county, color="0", linewidth=1.0, linestyle=(0, (4, 2)), zorder=4)
            axes.annotate(county_text, (county, -0.5), (0, 2), textcoords="offset points", ha="center", va="bottom")
        return svg(figure, prefix=prefix)
