"""Refuses parameters that tell of a person or of troops, before anything could quote or print them. Keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from stats.errors import ParamsError
from stats.params.plain_yaml import Document, KeyPath, Plain
from stats.texts.free_text import LONGEST_TEXT, problem_of_text
from stats.texts.privacy import is_private_label

NAME_KEYS = frozenset(("name", "former_names"))
_CODE = re.compile(r"[1-9][0-9]{11}", re.ASCII)
_OF_NAME = "疑似含有姓名、电话号码、证件号或部队番号"


def refuse_private(document: Document, file: str, names: Iterable[str] = ()) -> None:
    """ParamsError, with file and line and without the text, for any text or key that may not be kept.

    Every text of the document is looked at, whatever its key: what is added to the parameters one day is looked at
    too. Names of places are judged as names, and taken away before the other texts are; ``names`` are further ones.
    """
    texts = tuple(_texts(document.data, ()))
    places = frozenset(text for place, text in texts if _is_name(place)) | frozenset(names)
    for place, text in texts:
        # A key is quoted nowhere: it may be what must not be kept.
        what = "一个键" if place[-1:] == (text,) else f"“{_key(place)}”"
        problem = problem_of_name(text) if _is_name(place) else problem_of_other(text, places)
        if problem:
            line = next((document.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in document.lines), 0)
            raise ParamsError(f"{file} 第 {line} 行{what}{problem}，内容未保留", remedy(place))


def problem_of_name(text: str) -> str:
    """Why a name of a place may not be kept; empty where it may."""
    if len(text) > LONGEST_TEXT:
        return f"超过 {LONGEST_TEXT} 字"
    return _OF_NAME if is_private_label(text) else ""


def problem_of_other(text: str, names: Iterable[str]) -> str:
    """Why any other text of a hand-made file may not be kept; empty where it may."""
    return "" if text.isascii() and (len(text) < 10 or _CODE.fullmatch(text)) else problem_of_text(text, names)


def remedy(place: KeyPath) -> str:
    """What to do about it."""
    if _is_name(place):
        return "请改为地名的全称（如“…镇”“…县”），不写个人和部队"
    return "请改写为一句话：只写依据和原因，不写个人和部队；地名请写全称"


def _is_name(place: KeyPath) -> bool:
    return any(part in NAME_KEYS for part in place[-2:])


def _key(place: KeyPath) -> str:
    return next((str(part) for part in reversed(place) if isinstance(part, str)), "内容")[:20]


def _texts(data: Plain, place: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(data, str):
        yield place, data
        return
    items: Iterable[tuple[str | int, Plain]] = data.items() if isinstance(data, Mapping) else enumerate(data)
    for key, item in items:
        if isinstance(key, str):
            yield (*place, key), key
        yield from _texts(item, (*place, key))
