"""How a chart looks in print and becomes SVG: sizes, greys, fonts. Knows no indicators."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from stats.errors import PublishError

WIDTH = 156.0
"""The text block of a page [mm]."""
SIZE = 8.5
"""The size of the letters [pt]; below 8 pt print is hard to read."""

DARK, MIDDLE, LIGHT = "0.35", "0.62", "0.86"
"""Greys far enough apart for a black-and-white print."""
HATCH = "////"

_FONTS = {"FandolHei-Regular.otf": "FandolHei", "LXGWWenKai-Light.ttf": "LXGW WenKai Light"}
_MM_PER_INCH = 25.4
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "stats",
    "svg.id": None,
    "text.parse_math": False,
    "text.hinting": "none",
    "font.size": SIZE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "hatch.linewidth": 0.5,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "savefig.transparent": True,
}
_NO_METADATA = {"Date": None, "Creator": None, "Type": None, "Format": None}


@cache
def _families() -> tuple[str, ...]:
    """Registers the fonts that come with the project and gives their family names, as matplotlib knows them."""
    for name in _FONTS:
        with as_file(files("stats").joinpath("publish", "fonts", name)) as path:
            fontManager.addfont(str(path))
    return tuple(_FONTS.values())


@contextmanager
def canvas(height: float) -> Iterator[Figure]:
    """An empty figure of the page's width and this height [mm] within the style of all charts."""
    style: Any = {**_STYLE, "font.family": list(_families())}
    with mpl.rc_context(style):
        figure = Figure(figsize=(WIDTH / _MM_PER_INCH, height / _MM_PER_INCH))
        FigureCanvasSVG(figure)
        yield figure


def add_axes(figure: Figure, *, left: float, width: float, bottom: float, top: float) -> Axes:
    """Axes with fixed margins [mm]: nothing is measured to place them."""
    height = figure.get_size_inches()[1] * _MM_PER_INCH
    return figure.add_axes((left / WIDTH, bottom / height, width / WIDTH, (height - bottom - top) / height))


def svg(figure: Figure, *, prefix: str) -> str:
    """The figure as SVG with text as text, the same for the same content; ids start with ``prefix``.

    PublishError lists the characters that no font has.
    """
    target = StringIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(target, format="svg", metadata=_NO_METADATA)
    _refuse_missing_glyphs([str(warning.message) for warning in caught])
    return _inline(target.getvalue(), prefix)


def _refuse_missing_glyphs(messages: list[str]) -> None:
    missing = [match for message in messages if (match := re.match(r"Glyph (\d+)", message))]
    if missing:
        listed = "、".join(dict.fromkeys(f"{chr(int(m[1]))}（U+{int(m[1]):04X}）" for m in missing))
        raise PublishError(
            f"图中有字体不含的字符：{listed}", "请核对单位名称等文字，或在字体目录中补充含有这些字的字体"
        )


def _inline(text: str, prefix: str) -> str:
    """The SVG without prolog and with ids of its own, so that several can stand in one page."""
    body = text[text.index("<svg") :]
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', body))

    def rename(match: re.Match[str]) -> str:
        return f' id="{prefix}-{match[1]}"' if match[1] in used else ""

    body = re.sub(r' id="([^"]+)"', rename, body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", body)
    return re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", "", body, flags=re.DOTALL).strip()
