"""Makes typst give back the memory of documents it has set. Sets nothing a reader sees."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Compiler

NOTHING = Path(__file__).parent / "templates" / "nothing.typ"
# typst keeps what it worked out until it has not been used in ten documents: 15 MB for a town's, ten times as much for
# the county's. Nine empty ones leave what every document uses, which the next one would have to work out again.
EMPTY_DOCUMENTS = 9


def forget_documents() -> None:
    """Let typst forget all but what the last document shares with those before; takes some thousandths of a second."""
    for _ in range(EMPTY_DOCUMENTS):
        _compiler().compile(format="svg")
    if _trim() is not None:
        _trim()(0)


@cache
def _compiler() -> Compiler:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
    return typst.Compiler(str(NOTHING), root=str(NOTHING.parent), font_paths=fonts)


@cache
def _trim() -> Any:
    """The function of the GNU C library that gives freed memory back to the system; None where there is none."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
