"""Writes the table by which traditional characters become simplified ones, from OpenCC's dictionaries.

    python tools/traditional.py FOLDER

FOLDER holds ``TSCharacters.txt`` and ``TSPhrases.txt``, as in ``data/dictionary`` of https://github.com/BYVoid/OpenCC
(Apache licence 2.0, which lies beside the table). Of several simplified forms the first is the usual one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src" / "stats" / "returns" / "traditional.txt"


def entries(folder: Path) -> Iterator[str]:
    """The lines of the table: what is written, a tab, what is meant; characters that stay as they are have none."""
    for name in ("TSPhrases", "TSCharacters"):
        for line in (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            written, _, meant = line.partition("\t")
            if len(written) > 1 or written != meant.split(" ")[0]:
                yield f"{written}\t{meant.split(' ')[0]}"


if __name__ == "__main__":
    TABLE.write_text("\n".join(entries(Path(sys.argv[1]))) + "\n", encoding="utf-8")
