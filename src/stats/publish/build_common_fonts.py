"""Writes the characters nearly every appendix shows, as a list and as fonts. Run when wording changes."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import nbformat
from fontTools.subset import Options, Subsetter, load_font, save_font

from stats.publish.document import Document, document
from stats.publish.font_faces import FACES, Role
from stats.publish.html import wanted_characters
from stats.publish.webfonts import COMMON_FILE, by_face, common_characters, common_subset_file

_HEAD = "# The characters nearly every appendix shows, by face. Made by `python -m stats.publish.build_common_fonts`.\n"
# A character is common if at least this share of the documents shows it.
_SHARE = 0.8


def common_text(documents: Iterable[Document]) -> str:
    """The contents of ``fonts/common.txt`` for a set of documents: a line for each face."""
    counts: defaultdict[Role, Counter[int]] = defaultdict(Counter)
    total = 0
    for one in documents:
        total += 1
        for face, points in by_face(wanted_characters(one)).items():
            counts[face].update(points)
    lines = (f"{face} {_listed(counts[face], _SHARE * total)}\n" for face in FACES if face in counts)
    return _HEAD + "".join(lines)


def _listed(counts: Counter[int], least: float) -> str:
    return "".join(chr(point) for point, count in sorted(counts.items()) if count >= least and point > 0x7F)


def common_subset(face: Role) -> bytes:
    """A face cut down to its common characters, as WOFF2; about 1 s, most of it in the compression."""
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
    subsetter.populate(unicodes=sorted(common_characters()[face]))
    subsetter.subset(font)
    # The licence of LXGW WenKai reserves its name for the unmodified font.
    font["name"].setName(f"stats-{face}", 1, 3, 1, 0x409)
    font["name"].setName("Regular", 2, 3, 1, 0x409)
    file = BytesIO()
    save_font(font, file, options)
    return file.getvalue()


def main(notebooks: Iterable[Path]) -> None:
    """Write the list and the subsets; without notebooks, only the subsets of the list as it stands."""
    read = [nbformat.read(path, as_version=4) for path in notebooks]  # type: ignore[no-untyped-call]
    if read:
        COMMON_FILE.write_text(common_text(map(document, read)), "utf-8")
        common_characters.cache_clear()
    for face in common_characters():
        common_subset_file(face).write_bytes(common_subset(face))


if __name__ == "__main__":
    main(map(Path, sys.argv[1:]))
