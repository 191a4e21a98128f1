"""Document → one picture, for documents of one page: what the PDF shows, as high as it is, without a page's number."""

from __future__ import annotations

import json

from stats.publish.characters import check_characters
from stats.publish.document import Document
from stats.publish.pdf import TEMPLATE, data
from stats.publish.typst_compiler import compiled, forget_documents

# Points of colour an inch: a sheet is 1240 wide, which a telephone shows without loss.
DOTS = 150
_BEGIN, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def make(document: Document) -> bytes:
    """The picture as a PNG file. Raises as ``pdf.make`` does."""
    check_characters(document)
    given = json.dumps(data(document) | {"picture": True}, ensure_ascii=False)
    [picture] = compiled(TEMPLATE, {"document": given}, format="png", ppi=DOTS)
    forget_documents()
    return picture


def fault(content: bytes, document: Document) -> str:
    """What is lacking: its end; empty for a whole file. No word of the ``document`` can be found in it."""
    return "" if content.startswith(_BEGIN) and content.endswith(_END) else "图片没有写完"
