"""How a document lies on A4, for every format with pages: turned pages, size and columns of a table. Sets no type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil

from stats.present.blocks import Block, Chart, Heading, Note, Table
from stats.publish.columns import column_shares, head_lines, needed_room, row_lines
from stats.publish.labels import notes, source
from stats.publish.title import width

# In points: the text block of a portrait page, and that of a landscape one (297 − 35 − 37 mm).
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 442.2, 637.8
# Above and below the text of a cell; on a landscape page the first that lets a table and its notes stay together.
PORTRAIT_PADDING, LANDSCAPE_PADDINGS = 2.6, (3.0, 2.5, 2.0, 1.6, 1.2, 0.8)
# Before these, where a table leaves less than a quarter of its page to another.
ROOMY_PADDINGS = (5.0, 4.0)
# How high a table may be to be kept on one page: half a portrait page, a landscape page less the headings above it.
PORTRAIT_ROOM, LANDSCAPE_ROOM, HEADING_HEIGHT = 320.0, 440.0, 29.7
PORTRAIT_CHART_HEIGHT = 560.0
TABLE_SIZES = (10.5, 9.0, 7.5)
SMALL, SMALL_PADDING, SENTENCE_PADDING = 9.0, 1.7, 2.2
NOTE_SIZE = 9.0
CELL_PADDING = 0.5  # in characters: 2.5 pt on either side


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table on paper: size of its letters in points, share and room in characters of each column, heads in lines.

    ``padding`` is that of a portrait page's cells. ``whole`` says whether it is kept on one page.
    """

    size: float
    shares: tuple[float, ...]
    rooms: tuple[float, ...]
    heads: tuple[str, ...]
    padding: float
    whole: bool


def table_layout(table: Table, wide: bool) -> TableLayout:
    """The layout of a table on a portrait page, or on a ``wide`` one."""
    points = LANDSCAPE_WIDTH if wide else PORTRAIT_WIDTH
    sizes = (table.size,) if table.size else TABLE_SIZES
    size = next((size for size in sizes if needed_room(table) <= points / size), sizes[-1])
    shares = column_shares(table, points / size)
    rooms = tuple(share * points / size - CELL_PADDING for share in shares)
    heads = tuple(head_lines(column.head, room) for column, room in zip(table.columns, rooms, strict=True))
    small = SENTENCE_PADDING if _is_of_sentences(table, rooms) else SMALL_PADDING
    padding = PORTRAIT_PADDING if size > SMALL else small
    whole = not wide and _estimated_height(table, rooms, size) <= PORTRAIT_ROOM
    return TableLayout(size, shares, rooms, heads, padding, whole)


def _is_of_sentences(table: Table, rooms: tuple[float, ...]) -> bool:
    """Whether most rows begin with several lines, which little room between the rows would run together."""
    first = [
        row_lines(replace(table, columns=table.columns[:1], rows=((row[0],),)), rooms[:1])[1] for row in table.rows
    ]
    return 2 * sum(lines > 1 for lines in first) > len(first)


def _estimated_height(table: Table, rooms: tuple[float, ...], size: float) -> float:
    rows = sum(lines * (size + 4.0) - 4.0 + 2 * PORTRAIT_PADDING for lines in row_lines(table, rooms))
    below = sum(ceil(width(note) * NOTE_SIZE / PORTRAIT_WIDTH) for note in (*notes(table), source(table)))
    return 40.0 + rows + below * (NOTE_SIZE + 4.0)


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


def table_room(blocks: list[Block]) -> float:
    """How high a table of a landscape section may be beside the headings above it, in points."""
    headings = next((place for place, block in enumerate(blocks) if not isinstance(block, Heading)), 0)
    return LANDSCAPE_ROOM - HEADING_HEIGHT * headings


def may_drift(blocks: Sequence[Block], place: int) -> bool:
    """Whether the chart at this place may stand at the head or foot of a page, for what follows it to fill the room.

    A heading never follows a heading for want of the chart between them, and the last chart is not followed at all.
    """
    following = next((block for block in blocks[place + 1 :] if not isinstance(block, Chart)), None)
    return following is not None and not isinstance(following, Heading)


def year_end(year: int) -> datetime:
    """What every format says of when it was made: the last day of the document's year."""
    return datetime(year or 1970, 12, 31, tzinfo=UTC)
