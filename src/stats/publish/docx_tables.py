"""Tables of a Word document: three lines, heads on every page, row groups merged; tiles. Formats no figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from xml.sax.saxutils import quoteattr

from stats.present.blocks import Strip, Table, Tile, Tiles, strip_svg
from stats.publish.columns import row_lines
from stats.publish.docx_pictures import Pictures
from stats.publish.docx_text import STRONG, Captions, paragraph, run
from stats.publish.labels import caption, notes, source, unit
from stats.publish.paper import (
    LANDSCAPE_PADDINGS,
    LANDSCAPE_WIDTH,
    NOTE_SIZE,
    PORTRAIT_WIDTH,
    TableLayout,
    table_layout,
)
from stats.publish.svg import drawing
from stats.publish.title import width

KEPT = "<w:keepNext/>"
# Between the lines of a cell, in points, and of one with a small second line; half of it stands above and below too.
_LEADING, _TIGHT, _TIGHTEST = 3.0, 1.6, 1.0
# Above and below a cell's text, in points: lines of a Word document are a little fuller, so that more cells break.
_WORD_ADDS = 0.7
# Of a table that fills a turned page: its caption and the gap after it.
_CAPTION_HEIGHT = 44.0
_SIDE = 50  # beside the text of a cell, in twentieths of a point
_STRIP_SCALE = 0.68  # of a point a pixel: 14 pixels high, a strip keeps within a line of 9 points
_SECOND_LINE, _QUIET = 0.78, 0.86
_GAP = paragraph("Space")


def table_markup(table: Table, wide: bool, room: float, captions: Captions, pictures: Pictures) -> str:
    """A table with its caption, unit, notes and source, on a ``wide`` page no higher than ``room`` points if it can."""
    layout = table_layout(table, wide)
    below = [*notes(table), *filter(None, [source(table)])]
    above = paragraph("Caption", captions.of(table))
    if table.unit:
        above += paragraph("TableText", run(unit(table)), properties=f'{KEPT}<w:jc w:val="right"/>')
    rows = _Rows(table, layout, wide, room, pictures, bool(below)).markup()
    return above + rows + note_markup(below) + _GAP


def note_markup(lines: Sequence[str], *, kept: bool = False) -> str:
    """Notes and source in small print; those under a chart are ``kept`` with what follows."""
    keeping = KEPT if kept else ""
    return "".join(paragraph("TableNote", run(line), properties=keeping) for line in lines)


class _Rows:
    """The rows of one table as they are written."""

    def __init__(
        self, table: Table, layout: TableLayout, wide: bool, room: float, pictures: Pictures, noted: bool
    ) -> None:
        self.table, self.layout, self.pictures, self.noted = table, layout, pictures, noted
        points = LANDSCAPE_WIDTH if wide else PORTRAIT_WIDTH
        self.widths = [twips(share * points) for share in layout.shares]
        self.leading = _LEADING if not table.two_line else _TIGHTEST if wide else _TIGHT
        self.padding = self._padding(wide, room)
        self.strips = {(strip.row, strip.column): strip for strip in table.strips}
        self.looks = {(cell.row, cell.column): cell.look for cell in table.looks}

    def markup(self) -> str:
        return table_frame(
            self.widths,
            [self._head(), *(self._row(line) for line in range(len(self.table.rows)))],
            style="ThreeLines",
            padding=twips(max(self.padding - self.leading / 2, 0.0)),
            name=caption(self.table),
        )

    def _padding(self, wide: bool, room: float) -> float:
        if not wide:
            return self.layout.padding - _WORD_ADDS
        lines = sum(row_lines(self.table, self.layout.rooms)) * (self.layout.size + self.leading)
        texts = (*notes(self.table), source(self.table))
        below = sum(ceil(width(text) * NOTE_SIZE / LANDSCAPE_WIDTH) for text in texts) * (NOTE_SIZE + 4.0)
        rows = len(self.table.rows) + 1
        left = (room - _CAPTION_HEIGHT - below - lines + self.leading * rows) / (2 * rows)
        least = self.leading / 2
        # Lines are counted at their most, so that what just fails to fit does fit.
        otherwise = least if left > -least else LANDSCAPE_PADDINGS[0]
        return next((padding for padding in (*LANDSCAPE_PADDINGS, least) if padding <= left), otherwise)

    def _head(self) -> str:
        heads = zip(self.widths, self.layout.heads, strict=True)
        cells = (cell(wide, self._paragraph(run(head, STRONG), "center", kept=True)) for wide, head in heads)
        return row(cells, "<w:cantSplit/><w:tblHeader/>")

    def _row(self, line: int) -> str:
        texts = self.table.rows[line]
        if line in self.table.groups:
            shown = self._paragraph(run(texts[0], STRONG), "left", kept=True, spacing='<w:spacing w:before="40"/>')
            return row([cell(sum(self.widths), shown, f'<w:gridSpan w:val="{len(texts)}"/>')])
        return row(self._cell(line, nth, text) for nth, text in enumerate(texts))

    def _cell(self, line: int, nth: int, text: str) -> str:
        align, look = self.table.columns[nth].align, self.looks.get((line, nth), "")
        strip = self.strips.get((line, nth))
        shown = self._strip(strip, self.widths[nth] / 20 - 5) if strip else self._words(text, line, look)
        is_last = line == len(self.table.rows) - 1
        more = '<w:shd w:val="clear" w:color="auto" w:fill="CDCDCD"/>' if look == "shaded" else ""
        if nth and align == "left":
            more += '<w:tcMar><w:left w:w="140" w:type="dxa"/></w:tcMar>'
        kept = self.noted if is_last else self.layout.whole
        return cell(self.widths[nth], self._paragraph(shown, align, kept=kept), more)

    def _words(self, text: str, line: int, look: str) -> str:
        properties = STRONG if line in self.table.strong else ""
        if look == "quiet":
            return run(text, f'{properties}<w:color w:val="5A5A5A"/>{_size(self.layout.size * _QUIET)}')
        first, broken, second = text.partition("\n") if self.table.two_line else (text, "", "")
        return run(first, properties) + (run(broken + second, f"{properties}{self._second}") if broken else "")

    @property
    def _second(self) -> str:
        return _size(self.layout.size * _SECOND_LINE)

    def _strip(self, strip: Strip, room: float) -> str:
        svg = strip_svg(strip, width=round(room / _STRIP_SCALE))
        size = svg[svg.index("viewBox") :]
        return self.pictures.show(f"<svg {size}", room, 14 * _STRIP_SCALE, lowered=2)

    def _paragraph(self, runs: str, align: str, *, kept: bool = False, spacing: str = "") -> str:
        style = table_style(self.layout.size, self.leading)
        return paragraph(style, runs, properties=f'{KEPT if kept else ""}{spacing}<w:jc w:val="{align}"/>')


def table_style(size: float, leading: float) -> str:
    """The id of the style of a table's text: size and line pitch in tenths of a point."""
    return f"TableText{size * 10:.0f}-{(size + leading) * 10:.0f}"


def tiles_markup(tiles: Tiles, pictures: Pictures) -> str:
    """Figures side by side under a rule."""
    wide = twips(PORTRAIT_WIDTH / tiles.columns)
    rule = '<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/></w:tcBorders>'
    rule += '<w:tcMar><w:right w:w="160" w:type="dxa"/></w:tcMar>'
    cells = [cell(wide, _tile(tile, pictures), rule, align="top") for tile in tiles.tiles]
    lines = [cells[start : start + tiles.columns] for start in range(0, len(cells), tiles.columns)]
    lines[-1] += [cell(wide, paragraph("TableText"))] * (tiles.columns - len(lines[-1]))
    return _GAP + table_frame([wide] * tiles.columns, [row(line) for line in lines]) + _GAP


def _tile(tile: Tile, pictures: Pictures) -> str:
    shown = [paragraph("TableText", run(tile.name))]
    value = run(tile.value, f'{STRONG}<w:sz w:val="32"/><w:szCs w:val="32"/>')
    shown.append(paragraph("TableText", value, properties='<w:spacing w:line="420" w:lineRule="exact"/>'))
    shown += [paragraph("TableText", run(line, _size(NOTE_SIZE))) for line in tile.lines]
    if tile.svg:
        picture = drawing(tile.svg, tile.name)
        scale = min(1.0, 100 / picture.width)
        shown.append(paragraph("Figure", pictures.show(picture.markup, picture.width * scale, picture.height * scale)))
    return "".join(shown)


def table_frame(
    widths: Sequence[int], rows: Iterable[str], *, style: str = "TableNormal", padding: int = 0, name: str = ""
) -> str:
    """A table of finished rows, its columns in twentieths of a point."""
    sides = (("top", padding), ("left", _SIDE), ("bottom", padding), ("right", _SIDE))
    margins = "".join(f'<w:{side} w:w="{wide}" w:type="dxa"/>' for side, wide in sides)
    grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/>{name and f"<w:tblCaption w:val={quoteattr(name)}/>"}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row(cells: Iterable[str], properties: str = "<w:cantSplit/>") -> str:
    """A row of finished cells; none is broken over two pages."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell(wide: int, content: str, more: str = "", *, align: str = "center") -> str:
    """A cell of finished paragraphs."""
    properties = f'<w:tcW w:w="{wide}" w:type="dxa"/>{more}<w:vAlign w:val="{align}"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def twips(points: float) -> int:
    """Points in twentieths of a point."""
    return round(points * 20)


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
