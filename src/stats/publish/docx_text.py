"""Texts of a Word document as WordprocessingML: runs, paragraphs, fields, captions. Escapes here, once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from stats.present.blocks import Chart, Table
from stats.publish.labels import caption

STRONG = '<w:rStyle w:val="Hei"/>'
_NUMBERED = re.compile(r"(表|图)(\d+)(（[一二三四五六七八九十]+）|)")


def run(text: str, properties: str = "") -> str:
    """A run of text; a line feed in it breaks the line.

    >>> run("甲\\n<乙>")
    '<w:r><w:t xml:space="preserve">甲</w:t><w:br/><w:t xml:space="preserve">&lt;乙&gt;</w:t></w:r>'
    """
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}{lines}</w:r>"


def paragraph(style: str, *runs: str, properties: str = "") -> str:
    """A paragraph of finished runs in a style, with what differs from the style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{"".join(runs)}</w:p>'


def calculated(instruction: str, shown: str) -> str:
    """A field with the result it has now."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    asked = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"{mark('begin')}{asked}{mark('separate')}{run(shown)}{mark('end')}"


@dataclass(slots=True)
class Captions:
    """The captions of one document: Word counts tables and charts itself and comes to the numbers printed elsewhere."""

    last: dict[str, int] = field(default_factory=dict)

    def of(self, block: Table | Chart) -> str:
        """The runs of a caption."""
        numbered = _NUMBERED.fullmatch(block.number.strip())
        if numbered is None:
            return run(caption(block))
        label, number = numbered[1], int(numbered[2])
        rest = caption(block).removeprefix(f"{label}{number}")
        return run(label) + calculated(f"SEQ {label} \\* ARABIC{self._switch(label, number)}", str(number)) + run(rest)

    def _switch(self, label: str, number: int) -> str:
        before, self.last[label] = self.last.get(label, 0), number
        if number == before:
            return r" \c"
        return "" if number == before + 1 else rf" \r {number}"
