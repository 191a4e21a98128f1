"""Cuts the shipped fonts down to the characters a page shows. Decides nothing about text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Literal

from stats.files import write_atomically
from stats.publish.faces import FACES, FOLDER, Role, chain, characters, checksum
from stats.publish.glyphs import copied

# Letters, digits and signs that the style sheet or a table may bring in are always there.
ALWAYS = frozenset(range(0x20, 0x7F)) | frozenset(map(ord, "—…、。，；：（）％～"))
# A document that shows at least this share of the common characters takes them as one subset, made once for all
# documents, and only its own rarer ones are copied for it; the choice depends on the document alone.
COMMON_SHARE = 0.6
COMMON_FILE = FOLDER / "common.txt"
# Part of the cache key: raise it when an option below changes.
_RECIPE = "1"


@dataclass(frozen=True, slots=True)
class WebFont:
    """One part of a face, with the CSS family name it goes by, its bytes and the CSS name of their format."""

    family: str
    data: bytes
    format: Literal["woff2", "opentype"]


def web_fonts(wanted: Mapping[Role, Iterable[int]], cache: Path | None = None) -> tuple[WebFont, ...]:
    """The fonts a page needs so that each character has a glyph in the chain of the face it is set in.

    ``wanted`` gives the code points by face; ``cache`` is a folder in which the subsets of common characters are
    kept between runs. A face that nothing is set in is left out. The bytes depend only on the character sets, the
    font files and fontTools.
    """
    faces = by_face(wanted)
    return tuple(font for face in FACES if face in faces for font in _fonts(face, faces[face], cache))


def by_face(wanted: Mapping[Role, Iterable[int]]) -> dict[Role, set[int]]:
    """The characters each face has to supply when every role's own face comes first and then its fallback.

    >>> sorted(face for face, points in by_face({"song": [ord("镇"), ord("垟")]}).items())
    ['kai', 'song']
    """
    found: dict[Role, set[int]] = {}
    for role, points in wanted.items():
        for point in {*points, *ALWAYS}:
            face = next((face for face in chain(role) if point in characters(face)), None)
            if face is not None:
                found.setdefault(face, set()).add(point)
    return found


def css_families(role: Role) -> tuple[str, ...]:
    """The CSS family names of a chain, the common part of each face before its rarer one.

    >>> css_families("song")
    ('stats-song', 'stats-song-more', 'stats-kai', 'stats-kai-more')
    """
    return tuple(f"stats-{face}{part}" for face in chain(role) for part in ("", "-more"))


def _fonts(face: Role, points: set[int], cache: Path | None) -> Iterator[WebFont]:
    """The common characters as one subset if most of them are shown, and a copy of all others."""
    family, common = f"stats-{face}", common_characters().get(face, frozenset())
    if common and len(points & common) >= COMMON_SHARE * len(common):
        yield WebFont(family, _cached(face, common, cache), "woff2")
        family, points = f"{family}-more", points - common
    if points:
        yield WebFont(family, copied(face, points), "opentype")


@lru_cache(maxsize=1)
def common_characters() -> Mapping[Role, frozenset[int]]:
    """The characters nearly every appendix shows, by face, as listed in ``fonts/common.txt``.

    The list only saves room: a document that shows other characters gets copies of those.
    """
    lines = COMMON_FILE.read_text("utf-8").splitlines() if COMMON_FILE.is_file() else []
    pairs = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    listed = {face: frozenset(map(ord, text)) for face, text in pairs}
    return {face: (listed[face] | ALWAYS) & characters(face) for face in FACES if face in listed}


def _cached(face: Role, points: frozenset[int], cache: Path | None) -> bytes:
    if cache is None:
        return _subset(face, points)
    file = cache / f"{face}-{_key(face, points)}.woff2"
    if file.is_file():
        return file.read_bytes()
    data = _subset(face, points)
    cache.mkdir(parents=True, exist_ok=True)
    write_atomically(file, data)
    return data


def _key(face: Role, points: frozenset[int]) -> str:
    from fontTools import version

    parts = (_RECIPE, version, checksum(face), ",".join(map(str, sorted(points))))
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=16)
def _subset(face: Role, points: frozenset[int]) -> bytes:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(
        flavor="woff2",
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=[],
        drop_tables=["GPOS", "GSUB", "GDEF", "BASE", "VORG", "vhea", "vmtx", "gasp"],
    )
    font = load_font(str(FACES[face].path), options, lazy=True, dontLoadGlyphNames=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(points))
    subsetter.subset(font)
    # The licence of LXGW WenKai reserves its name for the unmodified font.
    font["name"].setName(f"stats-{face}", 1, 3, 1, 0x409)
    font["name"].setName("Regular", 2, 3, 1, 0x409)
    file = BytesIO()
    save_font(font, file, options)
    return file.getvalue()
