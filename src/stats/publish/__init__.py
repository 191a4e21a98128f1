"""Executed notebook → HTML and PDF, fonts included. Publishes what the blocks say; computes and formats no figure."""

from __future__ import annotations

from stats.publish.characters import check_characters
from stats.publish.document import Document, document, left_out
from stats.publish.html import to_html
from stats.publish.preload import prepare
from stats.publish.typst_compiler import may_be_forked

__all__ = [
    "Document",
    "check_characters",
    "document",
    "left_out",
    "may_be_forked",
    "prepare",
    "to_html",
]
