"""Reads fonts and templates once, in a process that others are forked from. Publishes nothing."""

from __future__ import annotations

from contextlib import suppress

from stats.errors import RunEnvironmentError
from stats.formats import FORMATS
from stats.present.blocks import Cover
from stats.publish.document import Document
from stats.publish.font_faces import FACES
from stats.publish.html import to_html
from stats.publish.pdf import TEMPLATE
from stats.publish.typst_compiler import compiler
from stats.publish.webfonts import common_characters, web_fonts

# A character that no list of common ones has, so that every face is opened for the copying of glyphs.
_RARE = ord("垟")
_LEAST = Document(Cover(attachment="附件", title="统计附件", lines=()), ())


def prepare() -> None:
    """Have at hand what every document needs: character maps, fonts, templates, typst.

    No PDF is made, so the process may still be forked.
    """
    common = common_characters()
    web_fonts({face: {*common.get(face, ()), _RARE} for face in FACES})
    to_html(_LEAST)
    compiler(TEMPLATE)
    for each in FORMATS:
        with suppress(RunEnvironmentError):  # whoever wants that format is told
            each.writer()
