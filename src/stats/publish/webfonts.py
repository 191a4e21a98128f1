"""The fonts inside a page: the shipped subsets and copies of what they lack. Decides nothing about text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from stats.publish.font_faces import FACES, FOLDER, Role, chain, characters
from stats.publish.glyphs import copied

# Letters, digits and signs that the style sheet or a table may bring in are always there.
ALWAYS = frozenset(range(0x20, 0x7F)) | frozenset(map(ord, "—…、。，；：（）％～"))
# A document that shows at least this share of the common characters takes them as the subset that is shipped, and only
# its own rarer ones are copied for it; the choice depends on the document alone.
COMMON_SHARE = 0.6
COMMON_FILE = FOLDER / "common.txt"


@dataclass(frozen=True, slots=True)
class WebFont:
    """One part of a face, with the CSS family name it goes by, its bytes and the CSS name of their format."""

    family: str
    data: bytes
    format: Literal["woff2", "opentype"]


def web_fonts(wanted: Mapping[Role, Iterable[int]]) -> tuple[WebFont, ...]:
    """The fonts a page needs so that each character has a glyph in the chain of the face it is set in.

    ``wanted`` gives the code points by face. A face that nothing is set in is left out. The bytes depend only on the
    character sets, the font files and fontTools.
    """
    faces = by_face(wanted)
    return tuple(font for face in FACES if face in faces for font in _fonts(face, faces[face]))


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
    ('stats-song', 'stats-song-more', 'stats-kai', 'stats-kai-more', 'stats-rare', 'stats-rare-more')
    """
    return tuple(f"stats-{face}{part}" for face in chain(role) for part in ("", "-more"))


def _fonts(face: Role, points: set[int]) -> Iterator[WebFont]:
    """The common characters as one subset if most of them are shown, and a copy of all others."""
    family, common = f"stats-{face}", common_characters().get(face, frozenset())
    if common and len(points & common) >= COMMON_SHARE * len(common):
        yield WebFont(family, _common_subset(face), "woff2")
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


def common_subset_file(face: Role) -> Path:
    """Where the subset of a face's common characters lies (made by ``python -m stats.publish.build_common_fonts``)."""
    return FOLDER / f"common-{face}.woff2"


@lru_cache(maxsize=8)
def _common_subset(face: Role) -> bytes:
    return common_subset_file(face).read_bytes()
