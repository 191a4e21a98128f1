"""A sheet on which charts are drawn in print: sizes, greys, letters, SVG. Knows no indicators and measures no text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from io import StringIO
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform

from stats.errors import PublishError

Anchor = Literal["start", "middle", "end"]
Grey = tuple[float, float, float]

MM = 72 / 25.4
"""One millimetre in points."""
WIDTH = 156.0 * MM
"""The text block of a page [pt]."""
SIZE = 8.5
"""The size of the letters [pt]; below 8 pt print is hard to read."""
TO_MIDDLE = 3.3
"""How far the letters' baseline lies below the middle of a line of them [pt]; the same for 汉字 and digits."""
LINE = 10.4
"""From one baseline to the next where a text has two lines [pt]."""

WHITE: Grey = (1.0, 1.0, 1.0)
"""What is left open."""
LETTER = 3.1 * MM
"""The room of a 汉字 [pt]."""
_DIGIT = 1.7 * MM
DARK, MIDDLE, LIGHT = ((grey, grey, grey) for grey in (0.35, 0.62, 0.86))
"""Greys far enough apart for a black-and-white print."""
_BLACK: Grey = (0.0, 0.0, 0.0)

_HATCH, _HATCH_WIDTH = "////", 0.5
_FAMILIES = {"FandolHei": "FandolHei-Regular.otf", "LXGW WenKai Light": "LXGWWenKai-Light.ttf"}
_LETTERS = f"font-size: {SIZE}px; font-family: {', '.join(map(repr, _FAMILIES))}"
_NO_METADATA = {"Date": None, "Creator": None, "Type": None, "Format": None}
_TICK = Path([(0.0, 0.0), (0.0, -3.5)])
_DOT = Path.circle((0.0, 0.0), 2.6)
_DIAMOND = Path([(-3.6055, 0.0), (0.0, 3.6055), (3.6055, 0.0), (0.0, -3.6055), (-3.6055, 0.0)], closed=True)


class Sheet:
    """Draws through matplotlib's SVG renderer; places in points, to the right and down from the upper left corner.

    What a figure with axes would work out for every chart anew (layout of each text, ticks, margins) is known here
    beforehand, see docs/decisions/0015.
    """

    def __init__(self, height: float) -> None:
        self._file = StringIO()
        self._texts: list[str] = []
        self._upright = Affine2D().scale(1.0, -1.0).translate(0.0, height)
        self._renderer = _renderer(height, self._file)
        self._renderer.writer.start("g", style=_LETTERS)

    def bar(self, left: float, top: float, width: float, height: float, grey: Grey | None) -> None:
        """A bar with a thin edge in a grey, or hatched where ``grey`` is None."""
        right, bottom = left + width, top + height
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        self._path(Path(corners, closed=True), self._pen(0.5, hatched=grey is None), grey or WHITE)

    def line(self, *, start: tuple[float, float], end: tuple[float, float], width: float, dashed: bool = False) -> None:
        """A black line."""
        self._path(Path([start, end]), self._pen(width, dashed=dashed))

    def ticks(self, places: Sequence[tuple[float, float]]) -> None:
        """A short stroke down from each place of an axis."""
        self._marks(_TICK, places, self._pen(0.6), None)

    def diamonds(self, places: Sequence[tuple[float, float]]) -> None:
        """A white diamond at each place."""
        self._marks(_DIAMOND, places, self._pen(0.9, joined="round"), WHITE)

    def dots(self, places: Sequence[tuple[float, float]], grey: Grey) -> None:
        """A round dot at each place."""
        self._marks(_DOT, places, self._pen(0.9), grey)

    def text(self, text: str, across: float, baseline: float, anchor: Anchor = "middle") -> None:
        """One line of letters whose start, middle or end is at ``across``; the program that shows it sets them."""
        self._texts.append(text)
        place = {"x": f"{across:.2f}", "y": f"{baseline:.2f}", "style": f"text-anchor: {anchor}"}
        self._renderer.writer.element("text", text, attrib=place)

    def svg(self, *, prefix: str) -> str:
        """The drawing as SVG with text as text, the same for the same content; ids start with ``prefix``.

        PublishError lists the characters that no font has. Nothing can be drawn afterwards.
        """
        _refuse_missing_glyphs(self._texts)
        self._renderer.finalize()
        return _inline(self._file.getvalue(), prefix)

    def _pen(
        self, width: float, *, hatched: bool = False, dashed: bool = False, joined: Literal["miter", "round"] = "miter"
    ) -> Any:
        pen = self._renderer.new_gc()
        pen.set_foreground(_BLACK)
        pen.set_linewidth(width)
        pen.set_joinstyle(joined)
        if dashed:
            pen.set_dashes(0, (4.0, 2.0))
        if hatched:
            pen.set_hatch(_HATCH)
            pen.set_hatch_color(_BLACK)
            pen.set_hatch_linewidth(_HATCH_WIDTH)
        return pen

    def _path(self, path: Path, pen: Any, fill: Grey | None = None) -> None:
        with _ids():
            self._renderer.draw_path(pen, path, self._upright, fill)

    def _marks(self, mark: Path, places: Sequence[tuple[float, float]], pen: Any, fill: Grey | None) -> None:
        if places:
            with _ids():
                self._renderer.draw_markers(pen, mark, IdentityTransform(), Path(places), self._upright, fill)


def room(text: str) -> float:
    """About how wide a text is [pt]; nothing here measures letters."""
    return sum(LETTER if ord(sign) > 255 else _DIGIT for sign in text)


def prepare() -> None:
    """Draw every kind of mark once, so that processes forked afterwards have at hand what is made at first use."""
    sheet = Sheet(LINE)
    for grey in (LIGHT, None):
        sheet.bar(0.0, 0.0, LINE, LINE, grey)
    sheet.line(start=(0.0, 0.0), end=(LINE, LINE), width=1.0, dashed=True)
    sheet.ticks([(0.0, 0.0)])
    sheet.diamonds([(0.0, 0.0)])
    sheet.dots([(0.0, 0.0)], MIDDLE)
    sheet.text("字", 0.0, LINE)
    sheet.svg(prefix="none")


def _renderer(height: float, file: StringIO) -> Any:
    return RendererSVG(WIDTH, height, file, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]


@contextmanager
def _ids() -> Iterator[None]:
    """Ids that follow from what they name, so that the same drawing has the same bytes."""
    before = mpl.rcParams["svg.hashsalt"]
    mpl.rcParams["svg.hashsalt"] = "stats"
    try:
        yield
    finally:
        mpl.rcParams["svg.hashsalt"] = before


@cache
def _fonts() -> tuple[FT2Font, ...]:
    """The fonts that come with the project, opened once."""
    folder = files("stats").joinpath("publish", "fonts")
    opened = []
    for name in _FAMILIES.values():
        with as_file(folder.joinpath(name)) as path:
            opened.append(FT2Font(str(path)))
    return tuple(opened)


@cache
def _is_missing(sign: str) -> bool:
    return not any(font.get_char_index(ord(sign)) for font in _fonts())


def _refuse_missing_glyphs(texts: Sequence[str]) -> None:
    missing = [sign for sign in dict.fromkeys("".join(texts)) if _is_missing(sign)]
    if missing:
        listed = "、".join(f"{sign}（U+{ord(sign):04X}）" for sign in missing)
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
