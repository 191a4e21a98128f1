"""Document → one HTML file that needs nothing else: no script, no address outside, its own fonts."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stats.present.blocks import Block, Chart, Column, Heading, Table, Tiles, strip_svg
from stats.publish.characters import FURNITURE, check_characters, texts
from stats.publish.columns import head_lines
from stats.publish.document import Document
from stats.publish.font_faces import FACES, Role
from stats.publish.labels import caption, notes, source, unit
from stats.publish.links import Link
from stats.publish.svg import drawing
from stats.publish.title import title_lines, width
from stats.publish.webfonts import WebFont, css_families, web_fonts

TEMPLATES = Path(__file__).parent / "templates"
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
FURNITURE_ROLES: tuple[Role, ...] = ("fang", "hei")
# What a page without a document is set in.
PLAIN_ROLES: tuple[Role, ...] = ("fang", "hei", "song")
# The media type of a font by its format in CSS.
MEDIA = {"woff2": "woff2", "opentype": "sfnt"}
# A cell keeps so many full-width characters on a line, the first one and another, before the table is made to scroll.
LONGEST = (7.0, 9.0)
# What is left free on both sides of a cell, in such characters.
PADDING = 0.8
# The room of a telephone's screen in such characters, and that of a page.
NARROW_SCREEN = 25.0
PAGE = 60.0
# The room of a wide screen, where the widest tables are set smaller and closer; what each column takes less there.
WIDE_SCREEN, CLOSER = 96.0, 0.5
# A line of the title there; it is broken between words only.
NARROW_TITLE = 12.0
# A cell up to this many full-width characters stays on one line.
NARROW = 4.5


def to_html(document: Document) -> str:
    """The document as a self-contained HTML page for screen and paper.

    Raises PublishError if a character has no glyph or a chart is unfit.
    """
    check_characters(document)
    cover = document.cover
    title = " ".join(cover.title.split())
    return rendered(
        "appendix.html.j2",
        wanted_characters(document),
        cover=cover,
        name=f"{cover.attachment} {title}{f'（{cover.banner}）' if cover.banner else ''}",
        title_lines=[title_lines(line, NARROW_TITLE) for line in title_lines(cover.title)],
        items=items(document.blocks, document.links.units),
        links=document.links,
    )


def rendered(template: str, wanted: Mapping[Role, Iterable[int]] | None = None, **values: Any) -> str:
    """A page of one of the templates, with fonts for the ``wanted`` code points by face; without, for all it shows."""
    page = partial(_environment().get_template(template).render, policy=CONTENT_SECURITY_POLICY, **values)
    if wanted is None:
        wanted = dict.fromkeys(PLAIN_ROLES, frozenset(map(ord, FURNITURE + unescape(page(style="")))))
    # Our own style sheet and base64: no text of a document is in it.
    return str(page(style=Markup(_style(web_fonts(wanted)))))


def make(document: Document) -> bytes:
    """The page as the bytes of its file."""
    return to_html(document).encode("utf-8")


def fault(content: bytes, document: Document) -> str:
    """What is lacking: its end, a chart, a table or a line of the cover; empty for a whole page."""
    page, count = content.decode("utf-8"), Counter(type(block) for block in document.blocks)
    if not page.rstrip().endswith("</html>"):
        return "网页没有写完"
    if page.count("<svg ") < count[Chart]:
        return f"网页中的图少于 {count[Chart]} 幅"
    if page.count("<table") < count[Table]:
        return f"网页中的表少于 {count[Table]} 张"
    text = unescape(page)  # signs may be written in several ways: ' is &#39; to one and &#x27; to another
    lacking = [shown for _, shown in document.cover.lines if shown not in text]
    return f"网页中没有封面所写的“{lacking[0]}”" if lacking else ""


def wanted_characters(document: Document) -> dict[Role, set[int]]:
    """The code points a document's page shows, by the face they are set in."""
    wanted: defaultdict[Role, set[int]] = defaultdict(set)
    for role in FURNITURE_ROLES:
        wanted[role].update(map(ord, FURNITURE))
    wanted["fang"].update(map(ord, document.links.texts()))
    for text in texts(document):
        wanted[text.role].update(map(ord, text.text.replace("\n", "")))
    return wanted


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["narrow"] = _is_narrow
    return environment


def _is_narrow(cell: str, longest: float = NARROW) -> bool:
    return width(cell) <= longest


def _style(fonts: tuple[WebFont, ...]) -> str:
    faces = "".join(
        f"@font-face{{font-family:{font.family};font-display:block;"
        f"src:url(data:font/{MEDIA[font.format]};base64,{b64encode(font.data).decode('ascii')}) "
        f"format('{font.format}')}}\n"
        for font in fonts
    )
    chains = "".join(f"--{role}:{','.join(css_families(role))},serif;" for role in FACES)
    return f"{faces}:root{{{chains}}}\n{(TEMPLATES / 'appendix.css').read_text('utf-8')}"


@dataclass(frozen=True, slots=True)
class _Item:
    """A block with what its place in the page gives it."""

    block: Block
    kind: str
    anchor: str
    caption: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    drawing: Markup | None = None
    heads: tuple[str, ...] = ()
    min_width: float = 0.0
    fold: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    every_cell: bool = False
    strips: Mapping[tuple[int, int], Markup] = field(default_factory=dict)
    looks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    drawings: tuple[Markup, ...] = ()

    def address(self, name: str) -> str:
        """The document of the unit of this name, with what is said of it in brackets; empty where there is none."""
        return self.units.get(name) or self.units.get(name.partition("（")[0], "")


def items(blocks: Iterable[Block], units: Iterable[Link] = (), *, every_cell: bool = False) -> list[_Item]:
    """What a template needs of each block; names of ``units`` in the first column of a table, or every cell, are links.

    Two units of one name have no link.
    """
    addresses: dict[str, str] = {}
    for link in units:
        addresses[link.label] = "" if link.label in addresses else link.address
    found = (_item(block, f"{block.kind}-{place}", addresses) for place, block in enumerate(blocks, 1))
    return [replace(item, every_cell=every_cell) for item in found]


def _item(block: Block, anchor: str, units: Mapping[str, str]) -> _Item:
    match block:
        case Heading():
            return _Item(block, "heading", anchor, caption=block.text)
        case Table():
            block = _in_one_column(block)
            heads = tuple(head_lines(column.head, _head_room(column)) for column in block.columns)
            least = round(
                sum(
                    _least(place, [head, *(row[place] for row in block.rows if place or any(row[1:]))])
                    for place, head in enumerate(heads)
                ),
                1,
            )
            return _Item(
                block, "table", anchor, caption(block), unit(block), notes(block), source(block),
                heads=heads,
                min_width=least,
                fold=_fold(block, least),
                units=units,
                strips={(strip.row, strip.column): Markup(strip_svg(strip)) for strip in block.strips},
                looks={(cell.row, cell.column): cell.look for cell in block.looks},
            )  # fmt: skip
        case Tiles():
            lines = (_small(tile.svg, tile.name, f"{anchor}-{place}-") for place, tile in enumerate(block.tiles, 1))
            return _Item(block, "tiles", anchor, drawings=tuple(lines))
        case Chart():
            picture = drawing(block.svg, block.title, f"{anchor}-")
            size = f'<svg width="{picture.width / 0.75:g}" height="{picture.height / 0.75:g}" '
            described = f'role="img" aria-labelledby="{anchor}-name {anchor}-text" '
            names = Markup('<title id="{0}-name">{1}</title><desc id="{0}-text">{2}</desc>').format(
                anchor, caption(block), block.alt
            )
            head, _, rest = picture.markup.replace("<svg ", size + described, 1).partition(">")
            # The drawing has passed the allow-list of svg.py; title and description are escaped by format().
            svg = Markup(head + ">") + names + Markup(rest)
            return _Item(block, "chart", anchor, caption(block), "", notes(block), source(block), svg)
        case _:
            return _Item(block, block.kind, anchor)


def _in_one_column(table: Table) -> Table:
    """A table that has the same columns twice, to save paper, with its right half below its left one."""
    *_, middle = table.name_columns
    if not middle or table.strips or table.looks or table.strong or table.groups:
        return table
    rows = (*(row[:middle] for row in table.rows), *(row[middle:] for row in table.rows if any(row[middle:])))
    return replace(table, columns=table.columns[:middle], rows=rows)


def _fold(table: Table, least: float) -> str:
    """How the table fits a narrow screen: as it is, each row as a card, or sideways below a sign that says so.

    One wider than a page is ``far``, and ``farther`` if no screen holds it.
    """
    if least <= NARROW_SCREEN:
        return ""
    if least > PAGE:
        return "sideways far farther" if least - CLOSER * len(table.columns) > WIDE_SCREEN else "sideways far"
    return "sideways" if table.landscape else "cards"


def _small(svg: str, name: str, prefix: str) -> Markup:
    """A tile's line, which says nothing that its words do not say."""
    if not svg:
        return Markup("")
    picture = drawing(svg, name, prefix)
    size = f'<svg width="{picture.width / 0.75:g}" height="{picture.height / 0.75:g}" aria-hidden="true" '
    return Markup(picture.markup.replace("<svg ", size, 1))


def _head_room(column: Column) -> float:
    # Two lines as a rule, never more than three.
    return max(NARROW * max(column.width, 1.0), width(column.head) / 3 + 1)


def _least(place: int, cells: Iterable[str]) -> float:
    """The room of a column [em]: that of its longest line, but words may be broken into several."""
    longest = max(width(line) for cell in cells for line in cell.split("\n"))
    return min(longest, LONGEST[place > 0]) + PADDING
