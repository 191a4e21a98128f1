"""Copies a few glyphs of a shipped face into a small OpenType font of their own. Decides nothing about text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO

import uharfbuzz
from fontTools.ttLib import TTFont, newTable

from stats.publish.font_faces import FACES, Role

# What a page asks of a font: outlines, widths, the map of characters and the heights of lines.
_KEPT = {"CFF ", "OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"}


def copied(face: Role, points: Iterable[int]) -> bytes:
    """A font of these code points, with the metrics and outlines of the face and without hints.

    The same code points give the same bytes, in whatever order they come.
    """
    source = _source(face)
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(set(points))
    wanted.drop_table_tag_set.update({_tag(name) for name in source.table_tags if name not in _KEPT})
    return _named(uharfbuzz.subset(source, wanted).blob.data, f"stats-{face}")


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


@lru_cache(maxsize=8)
def _source(face: Role) -> uharfbuzz.Face:
    """The face, read into memory once."""
    return uharfbuzz.Face(uharfbuzz.Blob(FACES[face].path.read_bytes()))


def _named(data: bytes, family: str) -> bytes:
    """A font under a name of its own: the licence of LXGW WenKai reserves its name for the unmodified font."""
    font = TTFont(BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    font["name"] = newTable("name")
    font["name"].names = []
    for number, text in ((1, family), (2, "Regular"), (4, family), (6, family)):
        font["name"].setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [family]
        top.topDictIndex[0].rawDict.pop("FullName", None)
        top.topDictIndex[0].rawDict.pop("FamilyName", None)
        top.topDictIndex[0].rawDict.pop("Notice", None)
    file = BytesIO()
    font.save(file)
    return file.getvalue()
