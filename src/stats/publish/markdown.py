"""Reads the little Markdown a document may hold: `#` headings and plain paragraphs. Refuses all other Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from stats.errors import PublishError
from stats.present.blocks import Paragraph

_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*")
_MARKS_ANYWHERE = re.compile(r"[*_`<\[\]|\\$]|~~|://|&[#\w]+;")
_MARKS_AT_START = re.compile(r"(?: {4}|\t|>|#|[-+][ \t]|\d+[.)][ \t]|-{3,}|={3,}|:::)")


@dataclass(frozen=True, slots=True)
class MarkdownHeading:
    """A heading with its number of `#`; which level of the document that is depends on the whole notebook."""

    text: str
    level: int


def read_markdown(source: str, cell: int) -> Iterator[MarkdownHeading | Paragraph]:
    """The headings and paragraphs of a Markdown cell; lines of a paragraph are joined without a space.

    Raises PublishError for lists, emphasis, links, tables, HTML, formulas, code, entities and rules, naming the cell.

    >>> list(read_markdown("## 一、兵员征集\\n\\n本章数据\\n来自年报。", 4))
    [MarkdownHeading(text='一、兵员征集', level=2), Paragraph(text='本章数据来自年报。')]
    """
    for blank, lines in groupby(source.splitlines(), key=lambda line: not line.strip()):
        if not blank:
            yield from _group(list(lines), cell)


def _group(lines: list[str], cell: int) -> Iterator[MarkdownHeading | Paragraph]:
    paragraph: list[str] = []
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading is None:
            _refuse(_MARKS_ANYWHERE.search(line) or _MARKS_AT_START.match(line), cell)
            paragraph.append(line.strip())
            continue
        _refuse(_MARKS_ANYWHERE.search(heading.group(2)), cell)
        if paragraph:
            yield Paragraph("".join(paragraph))
            paragraph = []
        yield MarkdownHeading(heading.group(2), len(heading.group(1)))
    if paragraph:
        yield Paragraph("".join(paragraph))


def _refuse(found: re.Match[str] | None, cell: int) -> None:
    if found:
        raise PublishError(
            f"第 {cell} 个单元格的 Markdown 含有“{found.group().strip() or '缩进'}”，只允许 # 标题和普通段落",
            "请改写该单元格；含数字的文字、表和图由 present 的函数给出",
        )
