"""Copies a few glyphs of a shipped face into a small OpenType font of their own. Decides nothing about text."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from stats.errors import PublishError
from stats.publish.font_faces import FACES, Role, glyph_names

_NOTDEF = ".notdef"
# Operators of a Type 2 charstring (Adobe Technical Note 5177): declarations of stems, masks of stems, calls of
# subroutines, and the first byte of an operator of two bytes.
_STEMS, _MASKS, _CALLS, _ESCAPE = frozenset({1, 3, 18, 23}), frozenset({19, 20}), frozenset({10, 29}), 12
_FIRST_NUMBER, _FIRST_OF_TWO, _SHORT, _FIXED = 32, 247, 28, 255


def copied(face: Role, points: Iterable[int]) -> bytes:
    """A font of these code points, with the metrics and outlines of the face and without hints.

    The glyphs are taken over as they are coded in the face, neither drawn nor compressed, so that a dozen cost a few
    milliseconds. The same code points give the same bytes.
    """
    from fontTools.fontBuilder import FontBuilder

    source, names = _source(face), glyph_names(face)
    wanted = sorted(set(points))
    glyphs = {_NOTDEF: _NOTDEF} | {f"u{point:X}": names[point] for point in wanted}
    builder = FontBuilder(unitsPerEm=source.tables["head"].unitsPerEm, isTTF=not source.is_cff)
    font = builder.font
    # the places of glyphs of a CFF face are not known without drawing them; those of the whole face hold for any part
    font.recalcBBoxes = not source.is_cff
    for tag, table in source.tables.items():
        font[tag] = deepcopy(table)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({point: f"u{point:X}" for point in wanted})
    builder.setupHorizontalMetrics({name: source.metrics[glyph] for name, glyph in glyphs.items()})
    builder.setupMaxp()
    if source.is_cff:
        _add_charstrings(builder, face, source, glyphs)
    else:
        builder.setupGlyf({name: deepcopy(source.outlines[glyph]) for name, glyph in glyphs.items()})
    # The licence of LXGW WenKai reserves its name for the unmodified font.
    builder.setupNameTable({"familyName": f"stats-{face}", "styleName": "Regular"}, mac=False)
    builder.setupPost(keepGlyphNames=False)
    file = BytesIO()
    font.save(file)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Source:
    """What is taken from a face: its glyphs and widths by glyph name, and the tables that go over whole."""

    tables: dict[str, Any]
    metrics: Any
    outlines: Any
    top: Any = None

    @property
    def is_cff(self) -> bool:
        return self.top is not None


@lru_cache(maxsize=8)
def _source(face: Role) -> _Source:
    """The open face. It is read into memory and its file closed: processes forked later share no file position."""
    from fontTools.ttLib import TTFont

    with TTFont(FACES[face].path, lazy=True) as font:
        tables = {tag: font[tag] for tag in ("head", "hhea", "OS/2")}
        if "glyf" in font:
            return _Source(tables, font["hmtx"], font["glyf"])
        top = font["CFF "].cff.topDictIndex[0]
        return _Source(tables, font["hmtx"], top.CharStrings, top)


def _add_charstrings(builder: Any, face: Role, source: _Source, glyphs: dict[str, str]) -> None:
    from fontTools.misc.psCharStrings import T2CharString

    private = source.top.FDArray[0].Private
    widths = {"defaultWidthX": private.defaultWidthX, "nominalWidthX": private.nominalWidthX}
    codes = {
        name: T2CharString(bytecode=without_hints(source.outlines[glyph].bytecode)) for name, glyph in glyphs.items()
    }
    builder.setupCFF(f"stats-{face}", {"FontBBox": source.top.FontBBox}, codes, widths)


@lru_cache(maxsize=4096)
def without_hints(code: bytes) -> bytes:
    """A Type 2 charstring without its stems and stem masks; the outline is the same.

    An odd number before the first stems is the glyph's width and stays. PublishError if it calls a subroutine, which
    no shipped face does.

    >>> without_hints(bytes([150, 149, 159, 1, 139, 144, 21, 14])).hex(" ")  # width 10 20 hstem 0 5 rmoveto endchar
    '96 8b 90 15 0e'
    """
    kept, numbers, stems, place = bytearray(), list[bytes](), 0, 0
    while place < len(code):
        first = code[place]
        end = place + _length(first)
        if first >= _FIRST_NUMBER or first == _SHORT:
            numbers.append(code[place:end])
        elif first in _STEMS or first in _MASKS:
            stems += len(numbers) // 2
            numbers = numbers[: len(numbers) % 2]
            end += (stems + 7) // 8 if first in _MASKS else 0
        elif first in _CALLS:
            raise PublishError("字体的字形调用子程序，不能逐字取用", "请重新安装本软件包，使用随软件包提供的字体文件")
        else:
            kept += b"".join(numbers) + code[place:end]
            numbers = []
        place = end
    return bytes(kept)


def _length(first: int) -> int:
    """The bytes of a number or an operator by its first."""
    if first == _FIXED:
        return 5
    if first == _SHORT:
        return 3
    return 2 if first >= _FIRST_OF_TWO or first == _ESCAPE else 1
