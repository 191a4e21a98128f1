"""Breaks a title into lines that form a trapezium or a diamond, words kept whole (GB/T 9704—2012, 7.3.1)."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from math import ceil

from stats.documents import DOCUMENTS

CHARACTERS_A_LINE = 19
_LONGEST_LINES = 4
# Words of the titles of this conference set; a name of a place is kept whole by its last character.
_WORDS = "|".join(re.escape(each.title) for each in DOCUMENTS) + (
    "|"
    "党管武装工作|党管武装|武装工作会议|武装工作|武装部|统计资料|统计|附件|年度|全县|各镇|"
    "汇总表?|位次表?|汇总|"
    "数据质量|报告|计算方法|目录|使用说明|一图读懂|未上报|待核对|兵员征集|民兵组织|国防教育|双拥优抚|经费保障|基层|情况|"
    "落实|制度|及其|以及|说明"
)
_PIECE = re.compile(
    rf"(?:{_WORDS})|[（(《“][^）)》”]*[）)》”]|\d+[年月日个]?度?|[A-Za-z0-9.\-]+"
    r"|[^\W\d_]{1,6}?(?:自治县|街道办事处|街道|县|镇|乡|市|区)(?!长|级|域)|[二〇零一三四五六七八九]{4}年度?|\S|\s"
)
_NOT_FIRST = "的和与及、，。：；）》”年度"
_NOT_LAST = "和与及（《“第"


def title_lines(title: str, longest: float = CHARACTERS_A_LINE) -> tuple[str, ...]:
    """The lines of a title, none longer than ``longest`` characters if its words allow it.

    A title with line breaks of its own keeps them. Two lines form a trapezium, three a trapezium or a diamond;
    of all breaks between words the one with the most even lines is taken.

    >>> title_lines("云岭县清溪镇2021年度统计附件")
    ('云岭县清溪镇2021年度统计附件',)
    >>> title_lines("云岭县清溪镇2021年度党管武装工作统计附件")
    ('云岭县清溪镇2021年度', '党管武装工作统计附件')
    """
    if "\n" in title:
        return tuple(line.strip() for line in title.splitlines() if line.strip())
    fewest = ceil(width(title) / longest)
    if not 1 < fewest <= _LONGEST_LINES:
        return (title,)
    pieces = _pieces(title)
    for count in range(fewest, _LONGEST_LINES + 1):
        candidates = [lines for lines in _splits(pieces, count) if max(map(width, lines)) <= longest]
        if candidates:
            return min(candidates, key=_unevenness)
    return (title,)


def width(text: str) -> float:
    """The width of a text in full-width characters; Latin letters and digits count half."""
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


def _pieces(title: str) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECE.findall(title):
        if pieces and (piece[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _splits(pieces: list[str], count: int) -> list[tuple[str, ...]]:
    cuts = combinations(range(1, len(pieces)), count - 1)
    bounds = ((0, *cut, len(pieces)) for cut in cuts)
    return [tuple("".join(pieces[start:end]).strip() for start, end in pairwise(bound)) for bound in bounds]


def _unevenness(lines: tuple[str, ...]) -> float:
    widths = [width(line) for line in lines]
    spread = max(widths) - min(widths)
    # An hourglass (middle line shortest) and a plain rectangle are the two shapes the standard avoids.
    hourglass = len(widths) > 2 and min(widths[1:-1]) < min(widths[0], widths[-1])
    return spread + (5.0 if hourglass else 0.0) + (1.5 if spread == 0 and len(widths) > 2 else 0.0)
