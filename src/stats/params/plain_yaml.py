"""YAML as plain data: mappings, lists and text, with the line each stands on; interprets no value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from stats.errors import ParamsError
from stats.inputs import blamed
from stats.inputs.doors import Door, text_of
from stats.texts.privacy import quoted

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
KeyPath: TypeAlias = tuple[str | int, ...]

DEEPEST_NESTING = 10
MOST_VALUES = 200_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
# The parser in C, which all wheels have, is fifteen times as fast, and linear where the other one is not. Its events
# are taken one by one: composing a tree recurses in C, and ends the process where a file is nested deep enough.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file's data, and the line (from 1) on which each key or item begins."""

    data: Plain
    lines: dict[KeyPath, int] = field(default_factory=dict)


def read(door: Door, path: Path, file: str) -> Document:
    """The document in a file of this kind; ParamsError naming the file where it is none."""
    with blamed(ParamsError, file):
        return parse(text_of(door, path, file), file)


def parse(text: str, file: str) -> Document:
    """The data of one YAML document: every scalar as the text that is written, so ``no`` and ``017`` stay as they are.

    A control character stands there as the mark of what cannot be read: where a text may stand, whoever takes it
    refuses it, and no more than that. A key without a value counts as not written; an empty file is an empty mapping.
    Tags, anchors, doubled keys, deep nesting and too many values raise ParamsError with file and line, as soon as they
    are met: the rest is not parsed.

    >>> parse("rounding: no\\ncode: 017", "county.yaml").data
    {'rounding': 'no', 'code': '017'}
    """
    lines: dict[KeyPath, int] = {}
    text = _CONTROLS.sub("\ufffd", text)
    try:
        return Document(_Builder(file, yaml.parse(text, Loader=_LOADER), lines).document(), lines)
    except yaml.YAMLError as error:
        raise ParamsError(f"{file}{_where(error)}的写法不符合 YAML", _SYNTAX_REMEDY) from error


_SYNTAX_REMEDY = "请检查该行及上一行：冒号用半角且后面空一格，引号成对，缩进用空格且上下对齐"


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" 第 {mark.line + 1} 行" if mark is not None else " "


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 0


class _Builder:
    """Builds plain data from parser events, refusing what a parameter file never needs."""

    def __init__(self, file: str, events: Iterator[yaml.Event], lines: dict[KeyPath, int]) -> None:
        self.file = file
        self.events = events
        self.lines = lines
        self.values = 0

    def document(self) -> Plain:
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                data = self._value(event, ())
                self._refuse_second_document()
                return data
        return {}

    def _refuse_second_document(self) -> None:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self._error(event, "出现了第二份文档（---）", "一个参数文件只能有一份文档，请删去多余的部分")

    def _value(self, event: yaml.Event, place: KeyPath) -> Plain:
        self._refuse_live_features(event, place)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return str(event.value) if isinstance(event, yaml.ScalarEvent) else ""

    def _refuse_live_features(self, event: yaml.Event, place: KeyPath) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._error(event, "用了锚点或引用（& 或 *）", "请把内容直接写出；如是文字，请加引号")
        if getattr(event, "tag", None) is not None:
            raise self._error(event, "用了类型标签（!）", "参数文件只写文字和数字；如是文字，请加引号")
        if len(place) > DEEPEST_NESTING:
            raise self._error(event, f"嵌套超过 {DEEPEST_NESTING} 层", "请检查缩进和括号")
        self.values += 1
        if self.values > MOST_VALUES:
            raise self._error(event, f"起已超过 {MOST_VALUES} 项", "请确认没有放错文件；删去无关内容，或分成几个文件")

    def _sequence(self, place: KeyPath) -> list[Plain]:
        items: list[Plain] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*place, len(items))
            self.lines[here] = _line(event)
            items.append(self._value(event, here))
        return items

    def _mapping(self, place: KeyPath) -> dict[str, Plain]:
        pairs: dict[str, Plain] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, place)
            here = (*place, key)
            self._refuse_doubled(event, here)
            self.lines[here] = _line(event)
            if (value := self._value(next(self.events), here)) != "":
                pairs[key] = value
        return pairs

    def _key(self, event: yaml.Event, place: KeyPath) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(event, "的键不是文字", "键只能是一个词，写法为“键: 值”")
        self._refuse_live_features(event, place)
        return str(event.value)

    def _refuse_doubled(self, event: yaml.Event, here: KeyPath) -> None:
        if here in self.lines:
            raise self._error(
                event,
                f"重复写了“{quoted(str(here[-1]))}”（已见于第 {self.lines[here]} 行）",
                "两处只能保留一处，请核对后删去另一处",
            )

    def _error(self, event: yaml.Event, problem: str, remedy: str) -> ParamsError:
        return ParamsError(f"{self.file} 第 {_line(event)} 行{problem}", remedy)
