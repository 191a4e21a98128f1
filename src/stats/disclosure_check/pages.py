"""A document's HTML as its tables and its texts, in order, each with where it stands. Understands no word of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_NO_TEXT = re.compile(r"<(style|script)\b.*?</\1>|<(?:path|g|use|rect|line|circle|text)\b[^>]*>|</text>", re.DOTALL)
_TEXTS = ("p", "li", "dd", "desc", "figcaption", "h1", "h2", "h3", "h4", "title")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, list item, heading or the words for a chart; ``heading`` is the one it stands under."""

    text: str
    heading: str = ""
    tag: str = "p"

    @property
    def place(self) -> str:
        """Where it stands, as messages say it."""
        return f"{self.heading}：{self.text[:20]}" if self.heading else self.text[:20]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, heads, rows of texts."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as messages say it."""
        return self.caption or self.heading


@dataclass
class _Open:
    caption: str = ""
    heads: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)


def read(html: str) -> tuple[tuple[Table, ...], tuple[Text, ...]]:
    """The tables and texts of a page."""
    reader = _Reader()
    reader.feed(_NO_TEXT.sub("", html))
    reader.close()
    return tuple(reader.tables), tuple(reader.texts)


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

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._table = _Open()
        elif tag == "thead":
            self._is_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th", "caption", *_TEXTS):
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption", *_TEXTS):
            self._ended(tag, "".join(self._words or ()).strip())
        elif tag == "tr" and self._table is not None:
            self._row_ended(self._table)
        elif tag == "thead":
            self._is_head = False
        elif tag == "table" and self._table is not None:
            table = self._table
            self.tables.append(Table(table.caption, table.heads, tuple(table.rows), self._heading))
            self._table = None

    def _ended(self, tag: str, text: str) -> None:
        self._words = None
        if tag in ("td", "th"):
            self._row.append(text)
        elif tag == "caption" and self._table is not None:
            self._table.caption = text
        elif tag in ("h1", "h2", "h3", "h4"):
            self._heading = text
        if text and tag not in ("td", "th"):
            self.texts.append(Text(text, self._heading, tag))

    def _row_ended(self, table: _Open) -> None:
        row = tuple(self._row)
        if self._is_head or not table.heads:
            table.heads = row
        else:
            table.rows.append(row)
