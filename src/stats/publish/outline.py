"""Puts a notebook's fixed headings in order: their levels, and none above an empty part. Words no heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stats.errors import PublishError
from stats.present.blocks import Block, Heading
from stats.publish.markdown import MarkdownHeading

LOWEST_LEVEL = 3
_NUMBER = re.compile(r"^(（?)([一二三四五六七八九十]+)(?=[、）])")
_DIGITS = "零一二三四五六七八九"


def outlined(items: Sequence[Block | MarkdownHeading]) -> list[Block]:
    """Blocks with the Markdown headings among them as headings of their level.

    The highest level the Markdown uses is level 1, since a notebook may keep ``#`` for its own title. A Markdown
    heading with nothing below it is left out (a unit without a return has most parts empty), and the numbers 一、 and
    （一） follow on from each other, whatever was left out or moved. Raises PublishError where a level is skipped.

    >>> outlined([MarkdownHeading("一、制度", 2), MarkdownHeading("三、说明", 2), Heading("1. 符号", 2)])
    [Heading(text='一、说明', level=1), Heading(text='1. 符号', level=2)]
    """
    kept = [item for place, item in enumerate(items) if not _is_empty(items, place)]
    top = min((item.level for item in kept if isinstance(item, MarkdownHeading)), default=1)
    levelled = [MarkdownHeading(i.text, i.level - top + 1) if isinstance(i, MarkdownHeading) else i for i in kept]
    numbered = _renumbered(levelled)
    blocks = [Heading(item.text, item.level) if isinstance(item, MarkdownHeading) else item for item in numbered]
    _check_levels(blocks)
    return blocks


def _is_empty(items: Sequence[Block | MarkdownHeading], place: int) -> bool:
    heading = items[place]
    if not isinstance(heading, MarkdownHeading):
        return False
    for item in items[place + 1 :]:
        if not isinstance(item, MarkdownHeading):
            return False
        if item.level <= heading.level:
            return True
    return True


def _renumbered(items: Sequence[Block | MarkdownHeading]) -> Iterator[Block | MarkdownHeading]:
    counts = [0] * (LOWEST_LEVEL + 1)
    for item in items:
        if isinstance(item, MarkdownHeading) and item.level <= LOWEST_LEVEL and _NUMBER.match(item.text):
            counts[item.level] += 1
            counts[item.level + 1 :] = [0] * (LOWEST_LEVEL - item.level)
            yield MarkdownHeading(_NUMBER.sub(rf"\g<1>{chinese(counts[item.level])}", item.text), item.level)
        else:
            yield item


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese figures.

    >>> [chinese(number) for number in (3, 10, 13, 20, 24)]
    ['三', '十', '十三', '二十', '二十四']
    """
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def _check_levels(blocks: Sequence[Block]) -> None:
    last = 0
    for block in blocks:
        if isinstance(block, Heading):
            if not 1 <= block.level <= min(last + 1, LOWEST_LEVEL):
                raise PublishError(
                    f"标题“{block.text}”是第 {block.level} 级，前一个标题是第 {last} 级，层次不连贯",
                    "标题最多三级，须逐级使用：一、 （一） 1.",
                )
            last = block.level
