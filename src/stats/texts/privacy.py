"""Recognises what may never be copied (numbers of persons, troops, names); shows the rest safely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from stats.texts.drawable import drawn
from stats.texts.persons import has_unknown_words, is_bare_name, looks_personal, names_person
from stats.texts.plain import plain

__all__ = [
    "HIDDEN",
    "any_private",
    "has_private_number",
    "has_unknown_words",
    "is_private_label",
    "is_private_refused",
    "quoted",
    "shown",
]

HIDDEN = "（已隐去）"
LONGEST_SHOWN = 40
# A longer text is no name, answer or sentence; it is taken for private, since looking through it could take for ever.
LONGEST_JUDGED = 2_000

_NUMBERS = re.compile(
    r"(?<![0-9.])[0-9]{11,}"  # telephone, identity and account numbers; no answer is that large
    r"|(?<![0-9])[0-9]{17}[xX]"
    r"|(?<![0-9])1\.?[3-9][0-9][\s.-]?[0-9]{4}[\s.-]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])[0-9]{6}[\s-][0-9]{8}[\s-][0-9]{3}[0-9xX]"
    r"|(?<![0-9])\(?0[0-9]{2,3}(?:[\s-]|\)\s*)[0-9]{7,8}(?![0-9])"
)
# Number and kind of a troop unit, in figures, Chinese numerals or masked; 团员, 旅游, 营业 and the like are words.
_COUNT = r"[0-9〇零一二三四五六七八九十百]"
_TROOPS = re.compile(
    rf"(?:{_COUNT}|某|[xX*×]{{2}})\s*部队"
    rf"|(?:第?{_COUNT}{{1,8}}|某)(?:集团军|军分区|支队|[师旅团营连](?![范傅生资游行客店馆员委结购体业养地运销商续任冠]))"
    r"|(?:武警|陆军|海军|空军|火箭军|边防|预备役)[\u4e00-\u9fff]{0,6}?(?:部队|总队|支队|大队|中队|集团军|[师旅团营连])"
    r"|某部(?![门分位])"
)
_LETTERS = str.maketrans("OoQDlI|〇零一二三四五六七八九幺两", "00001110012345678912")
_FILLER = re.compile(r"(?<=[0-9])[^0-9A-Za-z\u3400-\u9fff、;；]+(?=[0-9])")
_BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_SHAPES = re.compile(
    r"(?<![0-9])(?:86)?1[3-9][0-9]{9}(?![0-9])"  # mobile telephone
    r"|(?<![0-9])0[1-9][0-9]{8,10}(?![0-9])"  # telephone with area code
    rf"|[1-9][0-9]{{5}}(?:19|20)[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}}[0-9xX]"  # identity number
    rf"|(?<![0-9])[1-9][0-9]{{5}}[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}}(?![0-9])"  # the same of 15 digits
)
_AFTER_POINT = re.compile(r"\.(?:[0-9]{11}|[0-9]{18})(?![0-9])")
_PUBLIC_CODE = re.compile(r"(?<![0-9])[1-9][0-9]{8}000(?![0-9])|(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
# Names of places may hold what elsewhere would be a troop unit (三团乡); a person's title is never part of them.
_PLACE = re.compile(
    r"(?<![\u3400-\u9fff])(?:(?!同志|部队|集团军|军分区)[\u3400-\u9fff]){1,24}"
    r"(?:镇|乡|街道|苏木|农场|林场|牧场|区|委员会|办事处|管理局|产业园)"
)
_WORDS = re.compile(r"[\u3400-\u9fff]+")


def has_private_number(raw: str) -> bool:
    """Whether there is something like an identity or telephone number or the designation of a troop unit.

    >>> has_private_number("联系电话138 0013 8000"), has_private_number("12345"), has_private_number("某旅")
    (True, False, True)
    """
    if len(raw) < 10 and raw.isascii() and raw.isdigit():
        return False
    if len(raw) > LONGEST_JUDGED:
        return True
    text = plain(raw)
    return bool(_NUMBERS.search(text) or _TROOPS.search(text))


def is_private_refused(raw: str) -> bool:
    """Whether a text that gave no number holds a number of a person in disguise, or may name a person.

    Letters and Chinese numerals count as digits here, and whatever stands between digits is passed over; for an
    answer that was understood that would be too strict.

    >>> is_private_refused("1380013800O"), is_private_refused("一三八〇〇一三八〇〇〇"), is_private_refused("1O")
    (True, True, False)
    """
    return len(raw) > LONGEST_JUDGED or _has_disguised_number(raw) or looks_personal(raw)


def _has_disguised_number(raw: str) -> bool:
    text = plain("".join(c for c in raw if unicodedata.category(c)[0] not in "CM"))
    return bool(_AFTER_POINT.search(text) or _SHAPES.search(_FILLER.sub("", text.translate(_LETTERS))))


def is_private_label(text: str) -> bool:
    """Whether a file name, sheet name, column head or remark holds what may not be copied; unit codes may be.

    >>> is_private_label("990118111000-双塘镇.xlsx"), is_private_label("双塘镇-张建国.xlsx"), is_private_label("统计表")
    (False, True, False)
    """
    if len(text) > LONGEST_JUDGED:
        return True
    rest = _without_places(text)
    if has_private_number(rest) or names_person(rest) or _has_disguised_number(rest):
        return True
    return any(map(is_bare_name, _WORDS.findall(rest)))


def _without_places(text: str) -> str:
    return _PLACE.sub(" ", _PUBLIC_CODE.sub(" ", plain(text)))


def any_private(texts: Iterable[str]) -> bool:
    """Whether one of a file's texts is private, so that nothing of the file may be kept beside it.

    >>> any_private(["12", "年末常住人口", "990118111000"]), any_private(["12", "13800138000"])
    (False, True)
    """
    return any(map(_is_private_text, dict.fromkeys(texts)))


@lru_cache(maxsize=65536)
def _is_private_text(text: str) -> bool:
    return not (len(text) < 7 and text.isascii()) and is_private_label(text)


def shown(raw: str) -> str:
    """A text from a return as a message may show it: short, without control characters, private content hidden.

    >>> print(shown("12\\t3"), shown("13800138000"), shown("王建国同志"))
    12\\t3 （已隐去） （已隐去）
    """
    if len(raw) > LONGEST_JUDGED:
        return HIDDEN
    rest = _without_places(raw)
    if has_private_number(rest) or names_person(rest) or _has_disguised_number(rest):
        return HIDDEN
    text = raw if len(raw) <= LONGEST_SHOWN else raw[:LONGEST_SHOWN] + "…"
    return drawn(text)


def quoted(raw: str) -> str:
    """A text of a hand-made file as a message may show it: as :func:`shown`, and nothing that is but a name either.

    >>> quoted("1e30"), quoted("张建国")
    ('1e30', '（已隐去）')
    """
    return HIDDEN if is_private_label(raw) else shown(raw)
