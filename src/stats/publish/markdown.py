"""Reads the little Markdown a document may hold: `#` headings and plain paragraphs. Refuses all other Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from stats.errors import PublishError
from stats.present.blocks import Paragraph

_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*")
_MARKS_ANYWHERE = re.compile(r"[*_`<\[\]|\\$]|~~|://|&[#\w]+;")
_MARKS_AT_START = re.compile(r" {4}|\t| {0,3}(?:>|#|[-+][ \t]|\d+[.)][ \t]|(?:-+|=+)[ \t]*$|:::)")


@dataclass(frozen=True, slots=True)
class MarkdownHeading:
    """A heading with its number of `#`; which level of the document that is depends on the whole notebook."""

    text: str
    level: int


def read_markdown(source: str, cell: int) -> Iterator[MarkdownHeading | Paragraph]:
    """The headings and paragraphs of a Markdown cell.

    Lines of a paragraph are joined as pandoc's ``east_asian_line_breaks`` joins them: without a blank between two wide
    characters, else with one. Two blanks at the end of a line break it, which is a line feed in the text.

    Raises PublishError for lists, emphasis, links, tables, HTML, formulas, code, entities and rules, naming the cell.

    >>> list(read_markdown("## 一、兵员征集\\n\\n本章数据\\n来自年报。", 4))
    [MarkdownHeading(text='一、兵员征集', level=2), Paragraph(text='本章数据来自年报。')]
    """
    for lines in _groups(source):
        yield from _group(lines, cell)


def count_paragraphs(source: str) -> int:
    """How many paragraphs a text has, whatever marks are in it."""
    return sum(1 for _ in _groups(source))


def _groups(source: str) -> Iterator[list[str]]:
    for blank, lines in groupby(source.splitlines(), key=lambda line: not line.strip()):
        if not blank:
            yield list(lines)


def _group(lines: list[str], cell: int) -> Iterator[MarkdownHeading | Paragraph]:
    paragraph: list[str] = []
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading is None:
            _refuse(_MARKS_ANYWHERE.search(line) or _MARKS_AT_START.match(line), cell)
            paragraph.append(line)
            continue
        _refuse(_MARKS_ANYWHERE.search(heading.group(2)), cell)
        if paragraph:
            yield Paragraph(_joined(paragraph))
            paragraph = []
        yield MarkdownHeading(heading.group(2), len(heading.group(1)))
    if paragraph:
        yield Paragraph(_joined(paragraph))


def _joined(lines: list[str]) -> str:
    text = ""
    for line, before in zip(lines, ["", *lines], strict=False):
        text += f"{_between(before, line)}{line.strip()}"
    return text


def _between(before: str, line: str) -> str:
    """What stands for the end of the line ``before``, which is empty where there is none."""
    if before.endswith("  "):
        return "\n"
    return " " if before and not (_is_wide(before.rstrip()[-1]) and _is_wide(line.lstrip()[0])) else ""


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"  # so of places kept for ideographs yet to come


def _refuse(found: re.Match[str] | None, cell: int) -> None:
    if found:
        raise PublishError(
            f"第 {cell} 个单元格的 Markdown 含有“{found.group().strip() or '缩进'}”，只允许 # 标题和普通段落",
            "请改写该单元格；含数字的文字、表和图由 present 的函数给出",
        )
