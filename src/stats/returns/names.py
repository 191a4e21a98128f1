"""Names, codes, years and periods as written in the columns that identify a row. Joins nothing to the roster."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from stats.returns.notations import MASK
from stats.returns.text_normalisation import compact, has_odd_digits, simplified, without_pinyin
from stats.texts.plain import plain

NameKind = Literal["name", "missing_name", "drop", "blank"]
YearKind = Literal["year", "redacted_year", "blank", "error"]

# What is never collected, masked or not: persons and troop units.
_NEVER_KEPT = re.compile(r"同志|部队|军分区|舰|团$|营$|旅$|师$")
_MASKED_NAME = re.compile(r"[\u3400-\u9fff]{0,8}[xX*×□某]+[\u3400-\u9fff]{0,8}")
_PERIODS = {
    "year": "year", "全年": "year", "年": "year", "年度": "year",
    "spring": "spring", "春季": "spring", "春": "spring",
    "autumn": "autumn", "秋季": "autumn", "秋": "autumn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameReading:
    """A name as it may be used: normalised text, or why there is none (then ``text`` is empty)."""

    kind: NameKind
    text: str = ""


def parse_name(raw: str) -> NameReading:
    """A unit's name: pinyin annotations dropped, simplified, spaces and width normalised; masked names are missing.

    >>> parse_name("團(tuán)泊鎮(zhèn)").text, parse_name("XXX镇").kind, parse_name("XX部队").kind
    ('团泊镇', 'missing_name', 'drop')
    """
    text = normalised_name(raw)
    if not text:
        return NameReading("blank")
    if _MASKED_NAME.fullmatch(text):
        return NameReading("drop" if _NEVER_KEPT.search(text) else "missing_name")
    return NameReading("name", text)


def normalised_name(raw: str) -> str:
    """The form in which two spellings of one name are equal.

    >>> normalised_name("党（工） 委")
    '党(工)委'
    """
    return simplified("".join(without_pinyin(raw).split()))


@dataclass(frozen=True, slots=True)
class YearReading:
    """A reference year, or why there is none."""

    kind: YearKind
    year: int = 0


def parse_year(raw: str) -> YearReading:
    """A reference year of four digits, with or without 年; a masked year is never 20.

    >>> parse_year("２０２１年"), parse_year("20xx年").kind, parse_year("21年").kind
    (YearReading(kind='year', year=2021), 'redacted_year', 'error')
    """
    text = compact(raw)
    if not text:
        return YearReading("blank")
    if MASK.search(text):
        return YearReading("redacted_year")
    match = None if has_odd_digits(raw) else re.fullmatch(r"([12][0-9]{3})年?", text)
    return YearReading("year", int(match[1])) if match else YearReading("error")


def parse_period(raw: str) -> str | None:
    """``year``, ``spring`` or ``autumn``; None for anything else.

    >>> parse_period("春季"), parse_period("上半年")
    ('spring', None)
    """
    return _PERIODS.get(compact(raw).lower())


def parse_code(raw: str) -> str | None:
    """A code of 12 digits, or None; spaces around it and full-width digits are the same code.

    >>> parse_code("１２０１１８１１１０００"), parse_code("1.20118E+11")
    ('120118111000', None)
    """
    text = plain(raw)
    return text if re.fullmatch(r"[1-9][0-9]{11}", text, re.ASCII) and not has_odd_digits(raw) else None


def is_damaged_code(raw: str) -> bool:
    """Whether a spreadsheet turned the code into a number (1.20118E+11, 120118111000.0)."""
    return bool(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?(?:[eE]\+?[0-9]+)|[0-9]{12}\.0+", plain(raw)))
