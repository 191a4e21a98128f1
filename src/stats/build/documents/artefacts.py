"""Looks at finished files before they are published: whole, of this document, with all its charts. Changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from stats.build.documents.failure import DocumentError, Stage
from stats.present.blocks import Chart, Table
from stats.publish import Document

_REMEDY = "请单独重做该单位；仍不行，请查看 .internal 内 logs 中的运行记录并报告给维护人员"
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_COUNT = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_TITLE = re.compile(rb"<dc:title>.*?</dc:title>", re.DOTALL)
_FONT = re.compile(rb"/FontFile[23]?\b")


def whole_html(page: str, document: Document) -> bytes:
    """The page as bytes, if it ends as a page does and holds its cover lines and every table and chart."""
    count = Counter(type(block) for block in document.blocks)
    _require("html", page.rstrip().endswith("</html>"), "网页没有写完")
    _require("html", page.count("<svg ") >= count[Chart], f"网页中的图少于 {count[Chart]} 幅")
    _require("html", page.count("<table") >= count[Table], f"网页中的表少于 {count[Table]} 张")
    text = unescape(page)  # signs may be written in several ways: ' is &#39; to one and &#x27; to another
    for _, shown in document.cover.lines:
        _require("html", shown in text, f"网页中没有封面所写的“{shown}”")
    return page.encode("utf-8")


def whole_pdf(content: bytes, document: Document) -> bytes:
    """The PDF, if it ends as a PDF does, has as many pages as it says, fonts inside, and this document's title."""
    _require("pdf", content.startswith(b"%PDF-") and b"%%EOF" in content[-64:], "PDF 没有写完")
    pages, said = len(_PAGE.findall(content)), _COUNT.search(content)
    _require("pdf", pages > 0 and said is not None and int(said[1]) == pages, f"PDF 的页数不对（数出 {pages} 页）")
    _require("pdf", _FONT.search(content) is not None, "PDF 中没有嵌入字体")
    title, found = " ".join(document.cover.title.split()), _TITLE.search(content)
    is_titled = found is not None and title in unescape(found[0].decode("utf-8", "replace"))
    _require("pdf", is_titled, f"PDF 的题名不是“{title}”")
    return content


def _require(stage: Stage, holds: bool, problem: str) -> None:
    if not holds:
        raise DocumentError(stage, "P-ARTEFACT", problem, _REMEDY)
