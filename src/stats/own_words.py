"""The county's own paragraphs beside the figures, from ``data/texts``: read strictly, private ones refused by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from stats.inputs import UnfitError, content, names
from stats.inputs.doors import TEXTS, text_in
from stats.inputs.opening import blamed
from stats.params import Params
from stats.texts.free_text import LONGEST_TEXT, problem_of_text
from stats.texts.privacy import quoted

PLACES = ("county", "speech")
"""The keys of the documents that have room for them."""
MOST = 8
"""Paragraphs of a document."""

OwnWords = Mapping[str, tuple[str, ...]]


def read(run: Params) -> tuple[OwnWords, dict[str, str]]:
    """The paragraphs of the year by document, and the SHA-256 of every file read.

    Every line is a paragraph. UnfitError, naming file and line and without the text, for one that may not be kept.
    """
    folder = f"data/texts/{run.year}"
    with blamed(UnfitError, folder):
        listed = names(run.workspace / folder, folder)
    places = frozenset(unit.name for unit in (*run.units, run.county_unit))
    words: dict[str, tuple[str, ...]] = {}
    inputs: dict[str, str] = {}
    for name in (name for name in listed if not name.startswith((".", "~$"))):
        key, file = name.removesuffix(".md"), f"{folder}/{name}"
        if key not in PLACES or key == name:
            usable = "、".join(f"{each}.md" for each in PLACES)
            raise UnfitError(f"{folder}/{quoted(name)} 不是可以加文字的附件", f"可用的文件名：{usable}；别的请移走")
        with blamed(UnfitError, file):
            data = content(run.workspace / file, file, largest=TEXTS.largest)
            text = text_in(data)
        inputs[file] = hashlib.sha256(data).hexdigest()
        words[key] = tuple(_paragraphs(text, file, places))
    return words, inputs


def _paragraphs(text: str, file: str, places: Iterable[str]) -> Iterator[str]:
    """The lines that hold something, each looked at before it is kept."""
    count = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not (paragraph := " ".join(line.split())):
            continue
        count += 1
        if problem := problem_of_text(paragraph, places):
            remedy = f"请改写：只写工作情况，不写个人和部队；每段一行，不超过 {LONGEST_TEXT} 字，地名写全称"
            raise UnfitError(f"{file} 第 {number} 行{problem}，内容未保留", remedy)
        if count > MOST:
            raise UnfitError(f"{file} 第 {number} 行起超过 {MOST} 段，附件放不下", "请精简，或另附材料")
        yield paragraph
