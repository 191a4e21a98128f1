"""Writes the list of characters nearly every appendix shows. Run by a developer when wording changes."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import nbformat

from stats.publish.document import Document, document
from stats.publish.faces import FACES, Role
from stats.publish.html import wanted_characters
from stats.publish.webfonts import COMMON_FILE, by_face

_HEAD = "# The characters nearly every appendix shows, by face. Made by `python -m stats.publish.common`.\n"
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


if __name__ == "__main__":
    notebooks = (nbformat.read(path, as_version=4) for path in sys.argv[1:])  # type: ignore[no-untyped-call]
    Path(COMMON_FILE).write_text(common_text(map(document, notebooks)), "utf-8")
