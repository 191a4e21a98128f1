"""Document → PDF by typst, laid out after GB/T 9704—2012: PDF/A-2b, PDF/UA-1, the same bytes every time."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from html import unescape
from math import ceil
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from stats.errors import PublishError, RunEnvironmentError
from stats.present.blocks import Block, Chart, Heading, Note, Paragraph, Table, Tile, Tiles
from stats.publish.characters import check_characters
from stats.publish.columns import column_shares, head_lines, needed_room, row_lines
from stats.publish.document import Document
from stats.publish.font_faces import FOLDER, families
from stats.publish.labels import caption, notes, source, unit
from stats.publish.svg import drawing
from stats.publish.title import title_lines, width
from stats.publish.typst_memory import forget_documents

if TYPE_CHECKING:
    from typst import Compiler

# In a finished file.
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_COUNT = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_TITLE = re.compile(rb"<dc:title>.*?</dc:title>", re.DOTALL)
_FONT = re.compile(rb"/FontFile[23]?\b")
_PROCESSES_WITH_THREADS: set[int] = set()
TEMPLATE = Path(__file__).parent / "templates" / "appendix.typ"
STANDARDS: tuple[Literal["a-2b", "ua-1"], ...] = ("a-2b", "ua-1")
# In points: the text block of a portrait page, and that of a landscape one (297 − 35 − 37 mm).
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 442.2, 637.8
# Above and below the text of a cell. On a landscape page, where a table and its notes should stay together, typst
# tries one after the other; elsewhere an estimate is enough and twice as fast.
PORTRAIT_PADDING, LANDSCAPE_PADDINGS = 2.6, (3.0, 2.5, 2.0, 1.6, 1.2, 0.8)
# How high a table may be to be kept on one page: half a portrait page, a landscape page less the headings above it.
PORTRAIT_ROOM, LANDSCAPE_ROOM, HEADING_HEIGHT = 320.0, 440.0, 29.7
PORTRAIT_CHART_HEIGHT = 560.0
TABLE_SIZES = (10.5, 9.0, 7.5)
SMALL, SMALL_PADDING = 9.0, 1.7
NOTE_SIZE = 9.0
LONG_RUN = re.compile("[!-~]{15,}")
CELL_PADDING = 0.5  # in characters: 2.5 pt on either side


def make(document: Document) -> bytes:
    """The document as a PDF file.

    The creation date inside is the last day of the document's year. Nothing is read from the clock, the locale,
    the system's fonts or the network. Do not fork a process after it has called this: typst keeps threads.

    Raises PublishError if a character has no glyph or typst refuses the document, RunEnvironmentError if typst is
    not to be had on this machine.
    """
    check_characters(document)
    typst = _typst()
    _PROCESSES_WITH_THREADS.add(os.getpid())
    try:
        pdf = _compiler().compile(
            format="pdf",
            sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False)},
            pdf_standards=list(STANDARDS),
            timestamp=_year_end(document.cover.year),
        )
    except typst.TypstError as error:
        raise PublishError(f"PDF 排版失败：{error.message}", "请把本信息连同笔记本交给维护人员") from error
    if not isinstance(pdf, bytes):
        raise PublishError("PDF 排版没有得到文件", "请重新运行；仍不行时交给维护人员")
    forget_documents()
    return pdf


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


def may_be_forked() -> bool:
    """Whether this process has made no PDF yet: afterwards typst keeps threads, which a forked process waits for."""
    return os.getpid() not in _PROCESSES_WITH_THREADS


def load_typst() -> None:
    """Load the fonts and the template. It makes no PDF and starts no thread: the process may be forked afterwards."""
    _compiler()


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError as error:
        raise RunEnvironmentError(
            "本机没有可用的 typst，不能生成 PDF",
            "HTML 不受影响；PDF 请在 x86-64 或 arm64 的 Linux、Windows 或 macOS 上生成",
        ) from error
    return typst


@lru_cache(maxsize=1)
def _compiler() -> Compiler:
    typst = _typst()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
    compiler: Compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)
    return compiler


def _year_end(year: int) -> datetime:
    return datetime(year or 1970, 12, 31, tzinfo=UTC)


def _data(document: Document) -> dict[str, Any]:
    cover = document.cover
    return {
        "faces": {role: families(role) for role in ("fang", "hei", "song", "kai")} | {"number": families("fang")},
        "title": f"{cover.attachment} {' '.join(cover.title.split())}".strip(),
        "description": "　".join(filter(None, (cover.banner, cover.marking))),
        "attachment": cover.attachment,
        "title-lines": title_lines(cover.title),
        "lines": cover.lines,
        "marking": cover.marking,
        "banner": cover.banner,
        "sections": [
            {"landscape": wide, "blocks": _section_data(blocks, wide)} for wide, blocks in sections(document.blocks)
        ],
    }


def sections(blocks: tuple[Block, ...]) -> Iterator[tuple[bool, list[Block]]]:
    """Runs of blocks for portrait and for landscape pages, in order.

    Headings directly above a wide table go with it, so that none is left behind alone.
    """
    wide, run = False, list[Block]()
    for block in blocks:
        if isinstance(block, Table) and block.landscape and not wide:
            start = len(run)
            while start and isinstance(run[start - 1], Heading):
                start -= 1
            if run[:start]:
                yield False, run[:start]
            wide, run = True, run[start:]
        elif wide and not (isinstance(block, Table) and block.landscape) and not isinstance(block, Note):
            yield True, run
            wide, run = False, []
        run.append(block)
    if run:
        yield wide, run


def _section_data(blocks: list[Block], wide: bool) -> list[dict[str, Any]]:
    headings = next((place for place, block in enumerate(blocks) if not isinstance(block, Heading)), 0)
    room = LANDSCAPE_ROOM - HEADING_HEIGHT * headings
    return [_block_data(block, wide, room) for block in blocks]


def _block_data(block: Block, wide: bool, room: float) -> dict[str, Any]:
    match block:
        case Table():
            return {"kind": "table", "room": room, **_table_data(block, wide)}
        case Chart():
            return {"kind": "chart", **_chart_data(block)}
        case Tiles():
            return {"kind": "tiles", "columns": block.columns, "tiles": [_tile_data(tile) for tile in block.tiles]}
        case Heading(text=text, level=level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text=text) | Note(text=text):
            return {"kind": block.kind, "text": text}
    raise PublishError(f"PDF 不认识的内容块：{block.kind}", "请交给维护人员")


def _table_data(table: Table, wide: bool) -> dict[str, Any]:
    points = LANDSCAPE_WIDTH if wide else PORTRAIT_WIDTH
    sizes = (table.size,) if table.size else TABLE_SIZES
    size = next((size for size in sizes if needed_room(table) <= points / size), sizes[-1])
    shares = column_shares(table, points / size)
    rooms = [share * points / size - CELL_PADDING for share in shares]
    return {
        "caption": caption(table),
        "unit": unit(table),
        "size": size,
        "paddings": LANDSCAPE_PADDINGS if wide else (PORTRAIT_PADDING if size > SMALL else SMALL_PADDING,),
        "whole": not wide and _estimated_height(table, rooms, size) <= PORTRAIT_ROOM,
        "shares": shares,
        "aligns": [column.align for column in table.columns],
        "heads": [head_lines(column.head, room) for column, room in zip(table.columns, rooms, strict=True)],
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


def _estimated_height(table: Table, rooms: list[float], size: float) -> float:
    rows = sum(lines * (size + 4.0) - 4.0 + 2 * PORTRAIT_PADDING for lines in row_lines(table, rooms))
    below = sum(ceil(width(note) * NOTE_SIZE / PORTRAIT_WIDTH) for note in (*notes(table), source(table)))
    return 40.0 + rows + below * (NOTE_SIZE + 4.0)


def _chart_data(chart: Chart) -> dict[str, Any]:
    picture = drawing(chart.svg, chart.title)
    scale = min(1.0, PORTRAIT_WIDTH / picture.width, PORTRAIT_CHART_HEIGHT / picture.height)
    font = ", ".join(families("hei"))
    svg = picture.markup.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{font}" ', 1)
    return {
        "caption": caption(chart),
        "svg": svg,
        "width": picture.width * scale,
        "alt": chart.alt,
        "notes": notes(chart),
        "source": source(chart),
    }
