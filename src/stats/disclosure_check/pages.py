"""A document's HTML as its tables, charts and texts, each with where it stands. Understands no word of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from math import nan

_NO_TEXT = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_CHART = re.compile(r"<svg\b(?![^>]*aria-hidden)[^>]*>(.*?)</svg>", re.DOTALL)
_LABEL = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_TOLD = re.compile(r"<(?:title|desc)\b[^>]*>.*?</(?:title|desc)>", re.DOTALL)
_TEXTS = ("p", "li", "dt", "dd", "desc", "figcaption", "h1", "h2", "h3", "h4", "title")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, list item, heading or the words for a chart (``desc``); ``heading`` is the one it stands under.

    ``labels`` are what stands in the chart itself; ``table`` is how many tables ended before it; ``parts`` are what it
    is put together from, as a tile is from its name, figure and lines.
    """

    text: str
    heading: str = ""
    tag: str = "p"
    labels: tuple[str, ...] = ()
    table: int = 0
    parts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, as messages say it."""
        return f"{self.heading}：{self.text[:20]}" if self.heading else self.text[:20]


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of marks in a cell: where on the line, from 0 to 1, stand the unit, its county, the target, the others."""

    own: tuple[float, ...]
    county: tuple[float, ...]
    target: tuple[float, ...]
    others: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, heads, rows of texts with the line breaks in cells; ``strips`` by row and column."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading: str = ""
    strips: Mapping[tuple[int, int], Strip] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it stands, as messages say it."""
        return self.caption or self.heading


@dataclass
class _Open:
    caption: str = ""
    heads: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    strips: dict[tuple[int, int], Strip] = field(default_factory=dict)


def read(html: str) -> tuple[tuple[Table, ...], tuple[Text, ...]]:
    """The tables and texts of a page."""
    reader = _Reader()
    reader.feed(_CHART.sub(_in_words, _NO_TEXT.sub("", html)))
    reader.close()
    return tuple(reader.tables), tuple(reader.texts)


def _in_words(chart: re.Match[str]) -> str:
    """A chart as its title, its words and the labels drawn in it."""
    labels = "\n".join(re.sub("<[^>]*>", "", label[1]) for label in _LABEL.finditer(chart[1]))
    return f"{''.join(_TOLD.findall(chart[1]))}<data>{labels}</data>"


def _strip(drawn: list[tuple[str, Mapping[str, float]]]) -> Strip | None:
    """The marks of a drawn line: its first stroke is the axis, strokes of two pixels mark the target."""
    if not drawn:
        return None
    (_, axis), *marks = drawn
    start, length = axis.get("x1", nan), axis.get("x2", nan) - axis.get("x1", nan)

    def at(kind: str, place: str, *, heavy: bool = False) -> tuple[float, ...]:
        of_kind = (each for tag, each in marks if tag == kind and (each.get("stroke-width", 0) >= _TARGET) == heavy)
        return tuple((each.get(place, nan) - start) / (length or nan) for each in of_kind)

    return Strip(at("circle", "cx"), at("polygon", "points"), at("line", "x1", heavy=True), at("line", "x1"))


_TARGET = 2.0
_MARKS = ("line", "circle", "polygon")


def _number(text: str | None) -> float:
    """The first number of an attribute; NaN where it is none."""
    found = re.match(r"\s*(-?[0-9]+(?:\.[0-9]+)?)", text or "")
    return float(found[1]) if found else nan


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.texts: list[Text] = []
        self._heading = ""
        self._table: _Open | None = None
        self._row: list[str] = []
        self._words: list[str] | None = None
        self._is_head = False
        self._drawn: list[tuple[str, Mapping[str, float]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _MARKS and self._table is not None:
            self._drawn.append((tag, {name: _number(text) for name, text in attributes}))
        elif tag in ("br", "small") and self._words is not None and self._table is not None:
            self._words.append("\n")
        elif tag == "table":
            self._table = _Open()
        elif tag == "thead":
            self._is_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th", "caption", "data", *_TEXTS):
            self._words, self._drawn = [], []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption", "data", *_TEXTS):
            self._ended(tag, "".join(self._words or ()).strip())
        elif tag == "tr" and self._table is not None:
            self._row_ended(self._table)
        elif tag == "thead":
            self._is_head = False
        elif tag == "table" and self._table is not None:
            table = self._table
            self.tables.append(Table(table.caption, table.heads, tuple(table.rows), self._heading, table.strips))
            self._table = None

    def _ended(self, tag: str, text: str) -> None:
        parts, self._words = tuple(self._words or ()), None
        if tag in ("td", "th"):
            if self._table is not None and (strip := _strip(self._drawn)):
                self._table.strips[len(self._table.rows), len(self._row)] = strip
            self._row.append(text)
        elif tag == "data":
            if self.texts and self.texts[-1].tag == "desc":
                self.texts[-1] = replace(self.texts[-1], labels=tuple(text.split("\n")))
            else:
                self.texts.append(Text(text, self._heading, tag))
        elif tag == "caption" and self._table is not None:
            self._table.caption = text
        elif tag in ("h1", "h2", "h3", "h4"):
            self._heading = text
        if text and tag not in ("td", "th", "data"):
            self.texts.append(Text(text, self._heading, tag, table=len(self.tables), parts=parts))

    def _row_ended(self, table: _Open) -> None:
        row = tuple(self._row)
        if self._is_head or not table.heads:
            table.heads = row
        else:
            table.rows.append(row)
