"""Document → PDF by typst, laid out after GB/T 9704—2012: PDF/A-2b, PDF/UA-1, the same bytes every time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import unescape
from typing import Any, Literal

from stats.errors import PublishError
from stats.present.blocks import Block, Chart, Cover, Heading, Note, Paragraph, Table, Tile, Tiles
from stats.publish.characters import check_characters
from stats.publish.document import Document
from stats.publish.fitting import End, fitted, tries
from stats.publish.font_faces import families
from stats.publish.labels import caption, notes, source, unit
from stats.publish.paper import (
    LANDSCAPE_PADDINGS,
    PORTRAIT_CHART_HEIGHT,
    PORTRAIT_WIDTH,
    ROOMY_PADDINGS,
    may_drift,
    sections,
    table_layout,
    table_room,
    year_end,
)
from stats.publish.row_headers import with_row_headers
from stats.publish.svg import drawing
from stats.publish.title import title_lines
from stats.publish.typst_compiler import compiled, forget_documents, marked

# In a finished file.
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_COUNT = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_TITLE = re.compile(rb"<dc:title>.*?</dc:title>", re.DOTALL)
_FONT = re.compile(rb"/FontFile[23]?\b")
TEMPLATE = "appendix.typ"
STANDARDS: tuple[Literal["a-2b", "ua-1"], ...] = ("a-2b", "ua-1")
# By how much of itself a chart shrinks where cells are a point tighter.
_CHARTS = 9
LONG_RUN = re.compile("[!-~]{15,}")


def make(document: Document) -> bytes:
    """The document as a PDF file.

    The creation date inside is the last day of the document's year. Raises PublishError if a character has no glyph,
    and as ``typst_compiler.compiled`` does.
    """
    check_characters(document)
    pdf = _fitted(document)[1]
    return with_row_headers(pdf, _name_columns([document]))


def make_bound(documents: Sequence[Document], title: str) -> bytes:
    """One PDF of several documents: a list, each on an odd page, numbered by itself and through all.

    Bookmarks have two levels, the documents and their parts. Marking, banner and year are the first document's. Raises
    as ``make`` does.
    """
    first = documents[0].cover
    own = Cover(
        "", title, (("统计年度", f"{first.year}年"), ("份数", f"{len(documents)}份")), first.marking, first.banner
    )
    for document in (*documents, Document(own, ())):
        check_characters(document)
    parts = [_data(each, _fitted(each)[0]) for each in documents]
    pdf = _set(_faces() | _data_of(own) | {"documents": parts}, first.year)
    forget_documents()
    return with_row_headers(pdf, _name_columns(documents))


def _fitted(document: Document) -> tuple[float, bytes]:
    """How tightly a document is set for its pages, and its file."""

    def at(tightness: float) -> tuple[bytes, End]:
        part = _data(document, tightness)
        pdf = _set(_faces() | part, document.cover.year)
        end = _end(part, *marked(TEMPLATE, "laid-out"))
        forget_documents()
        return pdf, end

    return fitted(document.cover.pages, at)


def _set(given: dict[str, Any], year: int) -> bytes:
    [pdf] = compiled(
        TEMPLATE,
        {"document": json.dumps(given, ensure_ascii=False)},
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=year_end(year),
    )
    return pdf


def _name_columns(documents: Sequence[Document]) -> list[tuple[int, ...]]:
    return [block.name_columns for document in documents for block in document.blocks if isinstance(block, Table)]


def _end(part: dict[str, Any], mark: dict[str, Any]) -> End:
    """Where a document ends, by what the template says: page, and place on the page in millimetres."""
    top, height = (27, 156) if part["sections"] and part["sections"][-1]["landscape"] else (37, 225)
    return End(mark["page"], (mark["y"] - top) / height)


def fault(content: bytes, document: Document) -> str:
    """What is lacking: its end, pages, fonts or this document's title; empty for a whole file."""
    if not (content.startswith(b"%PDF-") and b"%%EOF" in content[-64:]):
        return "PDF 没有写完"
    pages, said = len(_PAGE.findall(content)), _COUNT.search(content)
    if not pages or said is None or int(said[1]) != pages:
        return f"PDF 的页数不对（数出 {pages} 页）"
    if _FONT.search(content) is None:
        return "PDF 中没有嵌入字体"
    title, found = " ".join(document.cover.title.split()), _TITLE.search(content)
    is_titled = found is not None and title in unescape(found[0].decode("utf-8", "replace"))
    return "" if is_titled else f"PDF 的题名不是“{title}”"


def data(document: Document) -> dict[str, Any]:
    """What the template is given of one document."""
    return _faces() | _data(document, tries(document.cover.pages)[0])


def _faces() -> dict[str, Any]:
    faces = {role: families(role) for role in ("fang", "hei", "song", "kai")}
    return {"faces": faces | {"number": families("fang")}}


def _data_of(cover: Cover) -> dict[str, Any]:
    return {
        "title": f"{cover.attachment} {' '.join(cover.title.split())}".strip(),
        "description": "　".join(filter(None, (cover.banner, cover.marking))),
        "attachment": cover.attachment,
        "title-lines": title_lines(cover.title),
        "lines": cover.lines,
        "marking": cover.marking,
        "banner": cover.banner,
    }


def _data(document: Document, tightness: float) -> dict[str, Any]:
    parts = [
        {"landscape": wide, "blocks": [_block_data(blocks, nth, wide, tightness) for nth in range(len(blocks))]}
        for wide, blocks in sections(document.blocks)
    ]
    return _data_of(document.cover) | {"sections": parts}


def _block_data(blocks: list[Block], place: int, wide: bool, tightness: float) -> dict[str, Any]:
    block = blocks[place]
    match block:
        case Table():
            roomy = () if isinstance(blocks[-1], Note) else ROOMY_PADDINGS
            own = {"kind": "table", "room": table_room(blocks), "roomy": roomy}
            return own | _table_data(block, wide, tightness)
        case Chart():
            return {"kind": "chart", "drifts": may_drift(blocks, place), **_chart_data(block, tightness)}
        case Tiles():
            return {"kind": "tiles", "columns": block.columns, "tiles": [_tile_data(tile) for tile in block.tiles]}
        case Heading(text=text, level=level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text=text) | Note(text=text):
            return {"kind": block.kind, "text": text}
    raise PublishError(f"PDF 不认识的内容块：{block.kind}", "请交给维护人员")


def _table_data(table: Table, wide: bool, tightness: float) -> dict[str, Any]:
    layout = table_layout(table, wide)
    return {
        "caption": caption(table),
        "unit": unit(table),
        "size": layout.size,
        "paddings": LANDSCAPE_PADDINGS if wide else (layout.padding - tightness,),
        "whole": layout.whole,
        "shares": layout.shares,
        "aligns": [column.align for column in table.columns],
        "heads": layout.heads,
        "rows": table.rows,
        "strong": table.strong,
        "groups": table.groups,
        "strips": {f"{strip.row},{strip.column}": asdict(strip) for strip in table.strips},
        "looks": {f"{cell.row},{cell.column}": cell.look for cell in table.looks},
        "two-line": table.two_line,
        "long-runs": any(LONG_RUN.search(text) for text in _strings(table)),
        "notes": notes(table),
        "source": source(table),
    }


def _tile_data(tile: Tile) -> dict[str, Any]:
    if not tile.svg:
        return {"name": tile.name, "value": tile.value, "lines": tile.lines, "svg": "", "width": 0}
    picture = drawing(tile.svg, tile.name)
    svg = picture.markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return {"name": tile.name, "value": tile.value, "lines": tile.lines, "svg": svg, "width": picture.width}


def _strings(table: Table) -> Iterator[str]:
    yield from (column.head for column in table.columns)
    yield from (cell for row in table.rows for cell in row)
    yield from (*notes(table), source(table))


def _chart_data(chart: Chart, tightness: float) -> dict[str, Any]:
    picture = drawing(chart.svg, chart.title)
    scale = min(1.0, PORTRAIT_WIDTH / picture.width, PORTRAIT_CHART_HEIGHT / picture.height)
    font = ", ".join(families("hei"))
    svg = picture.markup.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{font}" ', 1)
    return {
        "caption": caption(chart),
        "svg": svg,
        "width": picture.width * scale * (1 - max(tightness, 0.0) / _CHARTS),
        "alt": chart.alt,
        "notes": notes(chart),
        "source": source(chart),
    }
