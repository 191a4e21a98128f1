"""What a reader sees, as small frozen values a notebook can show. Formats no numbers."""

from __future__ import annotations

import base64
import re
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any, ClassVar, Literal

MIME = "application/vnd.stats.block+json"

# In the colour of the letters, and charts on paper: JupyterLab may be dark.
_RULE, _THIN = "1.5pt solid", "0.5pt solid"
_PAPER = '<rect width="100%" height="100%" fill="#fff"/>'
_SVG = re.compile(r"<svg\b[^>]*>")


class Block:
    """Base of all blocks: shows itself as HTML in JupyterLab and carries its structure for the exporters."""

    kind: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The block as plain JSON data, with its kind."""
        return {"kind": self.kind, **asdict(self)}  # type: ignore[call-overload]

    def to_html(self) -> str:
        """The block as HTML for interactive review, with every text escaped."""
        raise NotImplementedError

    def to_text(self) -> str:
        """The block as plain text."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {MIME: self.payload(), "text/html": self.to_html(), "text/plain": self.to_text()}


@dataclass(frozen=True, slots=True)
class Cover(Block):
    """The head of an appendix: its number, title and cover lines; sets the banner and marking of every page.

    ``pages`` is how many pages the document may have on paper; 0 is any number.
    """

    kind: ClassVar[str] = "cover"
    attachment: str
    title: str
    lines: tuple[tuple[str, str], ...]
    marking: str = ""
    banner: str = ""
    unit: str = ""
    code: str = ""
    year: int = 0
    edition: str = ""
    pages: int = 0

    def to_html(self) -> str:
        above = "".join(f"<p>{escape(text)}</p>" for text in (self.banner, self.marking, self.attachment) if text)
        lines = "".join(f"<tr><th>{escape(head)}</th><td>{escape(text)}</td></tr>" for head, text in self.lines)
        return f"{above}<h1>{escape(self.title)}</h1><table>{lines}</table>"

    def to_text(self) -> str:
        above = [text for text in (self.banner, self.marking, self.attachment, self.title) if text]
        return "\n".join([*above, *(f"{head}：{text}" for head, text in self.lines)])


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading; level 1 is 一、, 2 is （一）, 3 is 1."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1

    def to_html(self) -> str:
        return f"<h{self.level + 1}>{escape(self.text)}</h{self.level + 1}>"

    def to_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """One paragraph of running text."""

    kind: ClassVar[str] = "paragraph"
    text: str

    def to_html(self) -> str:
        return f'<p style="text-indent:2em">{escape(self.text)}</p>'

    def to_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Note(Block):
    """A small-print paragraph: legend, statement, remark."""

    kind: ClassVar[str] = "note"
    text: str

    def to_html(self) -> str:
        return f"<p><small>{escape(self.text)}</small></p>"

    def to_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its head, alignment and relative width."""

    head: str
    align: Literal["left", "center", "right"] = "right"
    width: float = 1.0


Look = Literal["shaded", "unmet", "quiet"]


@dataclass(frozen=True, slots=True)
class CellLook:
    """How one cell of a table looks: on a grey ground, as a missed target, or small and grey. ``row`` counts from 0."""

    row: int
    column: int
    look: Look


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of marks in an otherwise empty cell: this unit, its county, the target and the other units.

    Places are shares of the line's length, from 0 to 1, taken from printed figures; None where there is no mark. A
    hollow mark is that of an approximate figure or of a small base.
    """

    row: int
    column: int
    own: float | None
    county: float | None = None
    target: float | None = None
    others: tuple[float, ...] = ()
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A three-line table of finished texts.

    ``strong`` lists the rows printed bold (totals), ``groups`` the rows whose first cell is a heading over the rows
    below it and whose other cells are empty. In a ``two_line`` table what follows a line break in a cell is printed
    small, as a place under a value. ``size`` fixes the size of its letters in points; 0 leaves it to the page.
    """

    kind: ClassVar[str] = "table"
    number: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    strong: tuple[int, ...] = ()
    landscape: bool = False
    groups: tuple[int, ...] = ()
    strips: tuple[Strip, ...] = ()
    looks: tuple[CellLook, ...] = ()
    two_line: bool = False
    size: float = 0.0

    def to_html(self) -> str:
        unit = f'<p style="text-align:right"><small>单位：{escape(self.unit)}</small></p>' if self.unit else ""
        head = "".join(f'<th scope="col" style="{_cell(c, _THIN)}">{escape(c.head)}</th>' for c in self.columns)
        body = "".join(self._row(place, row) for place, row in enumerate(self.rows))
        style = f"border-collapse:collapse;border-top:{_RULE};border-bottom:{_RULE}"
        caption = f"<caption>{escape(self._caption)}</caption>"
        table = f'<table style="{style}">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return f"{unit}{table}{_below(self.notes, self.source)}"

    def to_text(self) -> str:
        rows = ["\t".join(column.head for column in self.columns), *("\t".join(row) for row in self.rows)]
        unit = [f"单位：{self.unit}"] if self.unit else []
        return "\n".join([self._caption, *unit, *rows, *_below_text(self.notes, self.source)])

    @property
    def name_columns(self) -> tuple[int, ...]:
        """The columns that name a row: the first, or that of each half where all columns stand twice."""
        middle = len(self.columns) // 2
        return (0, middle) if self.columns[:middle] == self.columns[middle:] else (0,)

    @property
    def _caption(self) -> str:
        return f"{self.number}　{self.title}" if self.number else self.title

    def _row(self, place: int, row: tuple[str, ...]) -> str:
        if place in self.groups:
            return f'<tr><th scope="rowgroup" colspan="{len(row)}" style="text-align:left">{escape(row[0])}</th></tr>'
        weight = ";font-weight:bold" if place in self.strong else ""
        strips = {strip.column: strip_svg(strip) for strip in self.strips if strip.row == place}
        pairs = enumerate(zip(self.columns, row, strict=True))
        cells = (_table_cell(nth, column, text, weight, strips.get(nth, "")) for nth, (column, text) in pairs)
        return f"<tr>{''.join(cells)}</tr>"


class Sheet(Table):
    """A table of a workbook: whole in its structure, its first rows in a notebook, where nobody reads a thousand."""

    __slots__ = ()
    SHOWN: ClassVar[int] = 20

    def to_html(self) -> str:
        return Table.to_html(self._first_rows())

    def to_text(self) -> str:
        return Table.to_text(self._first_rows())

    def _first_rows(self) -> Table:
        if len(self.rows) <= self.SHOWN:
            return self
        said = f"这里只列前{self.SHOWN}行，全表{len(self.rows)}行见电子表。"
        return replace(self, rows=self.rows[: self.SHOWN], notes=(*self.notes, said))


def _table_cell(nth: int, column: Column, text: str, weight: str, strip: str = "") -> str:
    tag, scope = ("th", ' scope="row"') if nth == 0 else ("td", "")
    weight = weight or (";font-weight:normal" if nth == 0 else "")
    return f'<{tag}{scope} style="{_cell(column)}{weight};white-space:pre-line">{strip or escape(text)}</{tag}>'


def strip_svg(strip: Strip, width: float = 120, height: float = 14) -> str:
    """A strip as SVG in pixels: a line, thin ticks for the other units, ▏ target, ◇ county, ● this unit.

    It says nothing that the cells of its row do not say in figures, so it is hidden from readers of screens.
    """
    middle, left, length = height / 2, 5.0, width - 10.0

    def at(share: float) -> str:
        return f"{left + length * share:.1f}"

    def upright(share: float, half: float, stroke: float) -> str:
        x = at(share)
        ends = f'x1="{x}" x2="{x}" y1="{middle - half:g}" y2="{middle + half:g}"'
        return f'<line {ends} stroke="currentColor" stroke-width="{stroke:g}"/>'

    axis = f'<line x1="{at(0)}" x2="{at(1)}" y1="{middle:g}" y2="{middle:g}" stroke="currentColor" stroke-width="0.5"/>'
    marks = [axis, *(upright(share, 2.5, 0.7) for share in strip.others)]
    if strip.target is not None:
        marks.append(upright(strip.target, 6, 2))
    if strip.county is not None:
        x = left + length * strip.county
        diamond = f"{x:.1f},{middle - 4.5:g} {x + 4.5:.1f},{middle:g} {x:.1f},{middle + 4.5:g} {x - 4.5:.1f},{middle:g}"
        marks.append(f'<polygon points="{diamond}" fill="#fff" stroke="currentColor"/>')
    if strip.own is not None:
        fill = "#fff" if strip.hollow else "currentColor"
        marks.append(f'<circle cx="{at(strip.own)}" cy="{middle:g}" r="3.4" fill="{fill}" stroke="currentColor"/>')
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return f'<svg {size} aria-hidden="true">{"".join(marks)}</svg>'


def _cell(column: Column, rule: str = "") -> str:
    return f"text-align:{column.align};padding:2px 6px" + (f";border-bottom:{rule}" if rule else "")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure to be seen at a glance: its name, the figure with its unit, words on it, a small line.

    ``svg`` is a drawing without words, which says nothing that ``lines`` do not say; empty where there is none.
    """

    name: str
    value: str
    lines: tuple[str, ...] = ()
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Tiles(Block):
    """A few figures side by side, ``columns`` in a row."""

    kind: ClassVar[str] = "tiles"
    tiles: tuple[Tile, ...]
    columns: int = 4

    def to_html(self) -> str:
        style = "display:inline-block;border-top:1.5pt solid;margin:4px 12px 4px 0;vertical-align:top"
        return "".join(f'<div style="{style}">{_tile(tile)}</div>' for tile in self.tiles)

    def to_text(self) -> str:
        return "\n".join("　".join((f"{tile.name}：{tile.value}", *tile.lines)) for tile in self.tiles)


def _tile(tile: Tile) -> str:
    lines = "".join(f"<br><small>{escape(line)}</small>" for line in tile.lines)
    picture = ""
    if tile.svg:
        data = base64.b64encode(_SVG.sub(lambda o: f"{o.group()}{_PAPER}", tile.svg, count=1).encode()).decode()
        picture = f'<br><img src="data:image/svg+xml;base64,{data}" alt="">'
    return f"{escape(tile.name)}<br><big>{escape(tile.value)}</big>{lines}{picture}"


@dataclass(frozen=True, slots=True)
class Chart(Block):
    """A chart as a self-contained SVG whose labels are text, with an alternative text."""

    kind: ClassVar[str] = "chart"
    number: str
    title: str
    svg: str
    alt: str
    notes: tuple[str, ...] = ()
    source: str = ""

    def to_html(self) -> str:
        """The chart as an image, which JupyterLab shows in notebooks it does not trust, too."""
        on_paper = _SVG.sub(lambda opening: f"{opening.group()}{_PAPER}", self.svg, count=1)
        data = base64.b64encode(on_paper.encode()).decode()
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}">'
        caption = f"<figcaption>{escape(self.number)}　{escape(self.title)}</figcaption>"
        return f"<figure>{image}{caption}{_below(self.notes, self.source)}</figure>"

    def to_text(self) -> str:
        return "\n".join([f"{self.number}　{self.title}", self.alt, *_below_text(self.notes, self.source)])


@dataclass(frozen=True, slots=True)
class Group(Block):
    """Several blocks shown one after the other; an empty one shows nothing."""

    kind: ClassVar[str] = "group"
    blocks: tuple[Block, ...] = ()

    def payload(self) -> dict[str, Any]:
        """``{"kind": "group", "blocks": [...]}``, each block with its own kind."""
        return {"kind": self.kind, "blocks": [block.payload() for block in self.blocks]}

    def to_html(self) -> str:
        return "".join(block.to_html() for block in self.blocks)

    def to_text(self) -> str:
        return "\n".join(block.to_text() for block in self.blocks)


@dataclass(frozen=True, slots=True)
class End(Block):
    """The last block of a finished document: a notebook without it did not run to its end."""

    kind: ClassVar[str] = "end"

    def to_html(self) -> str:
        return ""

    def to_text(self) -> str:
        return ""


def _below(notes: tuple[str, ...], source: str) -> str:
    return "".join(f"<p><small>{escape(text)}</small></p>" for text in _below_text(notes, source))


def _below_text(notes: tuple[str, ...], source: str) -> list[str]:
    """The lines under a table or chart: 注, numbered where there are several, then the source."""
    if len(notes) == 1:
        lines = [f"注：{notes[0]}"]
    else:
        lines = [f"{'注：' if nth == 1 else ''}{nth}.{note}" for nth, note in enumerate(notes, start=1)]
    return [*lines, f"资料来源：{source}"] if source else lines


__all__ = [
    "MIME",
    "Block",
    "CellLook",
    "Chart",
    "Column",
    "Cover",
    "End",
    "Group",
    "Heading",
    "Note",
    "Paragraph",
    "Strip",
    "Table",
    "Tile",
    "Tiles",
    "escape",
    "strip_svg",
]
