"""Finds the characters no font has, before anything is drawn, so that no reader ever meets an empty box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stats.errors import PublishError
from stats.present.blocks import Block, Chart, Cover, Heading, Note, Paragraph, Table, Tiles
from stats.publish.document import Document
from stats.publish.font_faces import Role, chain, characters
from stats.publish.svg import svg_texts
from stats.texts.printable import is_printable

HEADING_ROLES: tuple[Role, Role, Role] = ("hei", "kai", "fang")
# Words and signs the templates add themselves.
FURNITURE = (
    "目录跳到正文单位注资料来源图表（）：；。、—. 0123456789附件演示数据内部事项意保管总本份上下左右滑动看全回一"
)
_PLACES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Text:
    """One string of a document, the face it is set in, and where it stands, in words."""

    role: Role
    place: str
    text: str


@lru_cache(maxsize=4)
def texts(document: Document) -> tuple[Text, ...]:
    """Every string of a document that a reader can meet, labels of charts included; every format asks for them."""
    return (*_cover(document.cover), *(text for block in document.blocks for text in _block(block)))


def check_characters(document: Document) -> None:
    """Raises PublishError with every character that no font has and where each one stands.

    A line break is allowed in a string and needs no glyph; other control characters are listed like any
    missing character.
    """
    missing: dict[str, dict[str, None]] = {}
    for text in texts(document):
        shown = set(text.text).difference("\n")
        if not _drawable(text.role).issuperset(shown):
            for character in sorted(shown - _drawable(text.role)):
                missing.setdefault(character, {})[text.place] = None
    if missing:
        listed = "；".join(_described(character, list(places)) for character, places in sorted(missing.items()))
        raise PublishError(
            f"有 {len(missing)} 个字所带字体都没有，文档未生成：{listed}",
            "请核对这些字是否录错；确为人名地名用字的，请在 fonts 文件夹补充含该字的字体",
        )


@lru_cache(maxsize=8)
def _drawable(role: Role) -> frozenset[str]:
    """The characters that a part of a document can show."""
    return frozenset(chr(point) for face in chain(role) for point in characters(face))


def _described(character: str, places: list[str]) -> str:
    shown = character if is_printable(character) else "（此处不显示）"
    more = f"等 {len(places)} 处" if len(places) > _PLACES_SHOWN else ""
    return f"U+{ord(character):04X} {shown}（{'、'.join(places[:_PLACES_SHOWN])}{more}）"


def _cover(cover: Cover) -> Iterator[Text]:
    yield Text("hei", "封面的附件号", cover.attachment)
    yield Text("song", "封面标题", cover.title)
    yield Text("hei", "密级标识", cover.marking)
    yield Text("hei", "页眉提示", cover.banner)
    for label, value in cover.lines:
        yield Text("hei", f"封面“{label}”", label)
        yield Text("fang", f"封面“{label}”", value)


def _block(block: Block) -> Iterator[Text]:
    match block:
        case Heading(text=text, level=level):
            yield Text(HEADING_ROLES[level - 1], f"标题“{text}”", text)
            yield Text("fang", f"标题“{text}”", text)  # once more in the table of contents
        case Paragraph(text=text) | Note(text=text):
            yield Text("fang", f"{'段落' if isinstance(block, Paragraph) else '注'}“{text[:12]}”", text)
        case Table():
            yield from _table(block)
        case Chart():
            yield from _chart(block)
        case Tiles():
            yield from _tiles(block)


def _table(table: Table) -> Iterator[Text]:
    name = f"{table.number}“{table.title}”"
    yield Text("hei", f"{name}的题目", f"{table.number} {table.title}")
    for small in (table.unit, table.source, *table.notes):
        yield Text("fang", f"{name}的单位或注", small)
    for place, column in enumerate(table.columns, 1):
        yield Text("hei", f"{name}的表头第 {place} 列", column.head)
    for line, row in enumerate(table.rows):
        role: Role = "hei" if line in table.strong or line in table.groups else "fang"
        for place, cell in enumerate(row, 1):
            yield Text(role, f"{name}第 {line + 1} 行第 {place} 列", cell)


def _tiles(tiles: Tiles) -> Iterator[Text]:
    for tile in tiles.tiles:
        yield Text("hei", f"“{tile.name}”的数值", tile.value)
        for small in (tile.name, *tile.lines):
            yield Text("fang", f"“{tile.name}”的说明", small)


def _chart(chart: Chart) -> Iterator[Text]:
    name = f"{chart.number}“{chart.title}”"
    yield Text("hei", f"{name}的题目", f"{chart.number} {chart.title}")
    for small in (chart.source, *chart.notes):
        yield Text("fang", f"{name}的注", small)
    yield Text("fang", f"{name}的替代文字", chart.alt)
    for label in svg_texts(chart.svg, chart.title):
        yield Text("hei", f"{name}的图中文字“{label}”", label)
