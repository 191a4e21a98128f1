"""Whether the PDF, Word and notebook files and the volume say anything that the pages, which are proved, do not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from stats.disclosure_check import strings
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut, Page

Pieces = Mapping[str, tuple[str, ...]]
"""What a page says, piece by piece, by first character."""

# What the formats write themselves: numbers of pages, dates, programs, the marks of every page, the volume's title.
_FURNITURE = re.compile(
    r"—\d+—|总第\d+页|页\d+|示意\d+|\d{4}-12-31T00:00:00(Z|\+00:00)|D:\d{4}1231000000Z|Typst[\d.]+|sRGB(v[\d.]+)?|zh-CN"
    r"|演示数据（虚构）|内部事项注意保管|内部|\.{3,}\d+|份数\d+份|\w{1,12}\d{4}年度党管武装工作统计附件合订本（\w+）"
    r"|&R|&C第&P页，共&N页|历年情况，各数见第2行"
)
_BETWEEN = re.compile(r"[\s：]")
_FIRST_PAGE = re.compile(r"—\s*1\s*—")
# Before a note and a source, in print.
_NUMBER = re.compile(r"^(注：)?([0-9]+\.)?\s*|^资料来源：")
_CERTAIN, _TOLD = 6, 30


def elsewhere(handed_out: HandedOut, pages: Iterable[Page]) -> Iterator[Leak]:
    """A finding for each stretch of text that the page of the same document does not hold, and for a damaged file."""
    said = {Path(page.file).stem: (*_said(page), handed_out.units.get(page.unit, "")) for page in pages}
    for path in sorted(handed_out.folder.iterdir()):
        if path.suffix in strings.OF:
            try:
                yield from _of_file(path, handed_out, said)
            except Exception as error:  # a reader of damaged files raises what it likes
                yield damaged(path.name, error)


def damaged(file: str, error: Exception) -> Leak:
    """The finding that a file cannot be read."""
    return Leak("damaged", file, "", f"打不开或不完整（{type(error).__name__}），不能核对")


def _of_file(path: Path, handed_out: HandedOut, said: Mapping[str, tuple[str, ...]]) -> Iterator[Leak]:
    content = handed_out.content(path.name)
    if path.stem in said and path.suffix == ".pdf":
        yield from beyond_pages(path.name, strings.pages_of_pdf(content), said[path.stem])
        yield from beyond(path.name, strings.beside_pages(content), said[path.stem])
    elif path.stem in said:
        yield from beyond(path.name, strings.OF[path.suffix](content), said[path.stem])
    elif path.suffix == ".pdf" and path.name.startswith("合订本"):
        yield from _of_volume(path.name, content, handed_out, said)
    elif f"{path.stem}.html" in handed_out.documents and not path.with_suffix(".xlsx").exists():
        yield Leak("elsewhere", path.name, "", "没有同名的网页，不能核对；请连网页一起生成")


def _of_volume(name: str, content: bytes, handed_out: HandedOut, said: Mapping[str, tuple[str, ...]]) -> Iterator[Leak]:
    """Its documents in the order of the set, each from its own first page; before them a list of their titles."""
    stems = [stem for page in handed_out.documents if (stem := Path(page).stem) in said]
    pages = strings.pages_of_pdf(content)
    starts = [nth for nth, text in enumerate(pages) if _FIRST_PAGE.search(text)]
    everything = [piece for stem in stems for piece in said[stem]]
    if len(starts) != len(stems):
        yield Leak("elsewhere", name, "", f"有 {len(starts)} 份附件，网页有 {len(stems)} 份，不能核对")
        return
    for stem, start, end in zip(stems, starts, [*starts[1:], len(pages)], strict=True):
        yield from beyond_pages(f"{name} {stem}", pages[start:end], said[stem])
    yield from beyond_pages(name, pages[: starts[0]], everything)
    yield from beyond(name, strings.beside_pages(content), everything)


def _said(page: Page) -> Iterator[str]:
    """A text, what a tile says in turn, a row of a table, the labels of a chart each as one piece."""
    for text in page.texts:
        yield from (text.text, *text.parts, _NUMBER.sub("", text.text), "".join(text.labels))
    for table in page.tables:
        yield from ("".join(row) for row in (table.heads, *table.rows))


def beyond_pages(file: str, pages: Iterable[str], said: Iterable[str]) -> Iterator[Leak]:
    """The same of the pages of a PDF, where a picture at the end of a page may part a sentence."""
    bare = [_bare(page) for page in pages]
    pieces = tuple(filter(None, map(_bare, said)))
    halves = (half for turn in pairwise(bare) for piece in pieces for half in _halves(piece, *turn))
    yield from beyond(file, ["".join(bare)], (*pieces, *halves))


def _halves(piece: str, before: str, after: str) -> tuple[str, ...]:
    """The two parts of a text of which one page holds the first and the next page begins with the second."""
    at = piece.find(after[:1] or "\n", 1)
    while at > 0:
        if after.startswith(piece[at:]) and piece[:at] in before:
            return piece[:at], piece[at:]
        at = piece.find(after[:1], at + 1)
    return ()


def beyond(file: str, texts: Iterable[str], said: Iterable[str]) -> Iterator[Leak]:
    """A finding for each stretch of a text that is not put together from what is said elsewhere."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for piece in filter(None, map(_bare, said)):
        known[piece[0]].add(piece)
    by_first = {first: tuple(sorted(of, key=len)) for first, of in known.items()}
    for text in texts:
        for stretch in _not_made_of(_bare(text), by_first):
            yield _unsaid(file, stretch)


def other_than(file: str, texts: Iterable[str], said: Iterable[str]) -> Iterator[Leak]:
    """A finding for each text that is not said elsewhere as a whole: cells together could say anything.

    A figure among what the formats write themselves is none that a cell says.
    """
    known = {"", *map(_bare, said)}
    for text in texts:
        bare = _bare(text)
        if bare not in known or (bare != _BETWEEN.sub("", text) and re.search("[0-9]", bare)):
            yield _unsaid(file, bare)


def _unsaid(file: str, text: str) -> Leak:
    return Leak("elsewhere", file, "", f"“{text[:_TOLD]}”不在已核对的网页和表中，不能核对")


def _bare(text: str) -> str:
    """A text without what differs from format to format."""
    return _FURNITURE.sub("", _BETWEEN.sub("", text))


def _not_made_of(text: str, pieces: Pieces) -> Iterator[str]:
    """Where a text cannot be put together from pieces, up to where it certainly can again."""
    place = 0
    while (place := _made_up_to(text, place, pieces)) < len(text):
        again = next((at for at in range(place + 1, len(text)) if _begins(text, at, pieces)), len(text))
        yield text[place:again]
        place = again


def _begins(text: str, at: int, pieces: Pieces) -> bool:
    return any(len(piece) >= _CERTAIN and text.startswith(piece, at) for piece in pieces.get(text[at], ()))


def _made_up_to(text: str, start: int, pieces: Pieces) -> int:
    """How far a text can be put together from pieces."""
    reached, furthest = {start}, start
    for place in range(start, len(text)):
        if place > furthest:
            break
        if place in reached:
            ends = [place + len(piece) for piece in pieces.get(text[place], ()) if text.startswith(piece, place)]
            reached.update(ends)
            furthest = max(furthest, *ends, furthest)
    return furthest
