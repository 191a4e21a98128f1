"""The executed notebook without what differs from run to run: clock, paths, addresses; changes no figure."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

import nbformat
from nbformat import NotebookNode

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_INJECTED = "injected-parameters"


def normalise(notebook: NotebookNode, *, hidden: Iterable[str]) -> NotebookNode:
    """A copy whose text is the same on every run and every machine; each text of ``hidden`` (paths) is cut out."""
    clean = copy.deepcopy(notebook)
    private = _whole_paths(hidden)
    for name in ("papermill", "widgets"):
        clean.metadata.pop(name, None)
    clean.metadata.get("language_info", {}).pop("version", None)
    for cell in clean.cells:
        _normalise_cell(cell, private)
    return clean


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as the bytes of its file: keys in order, one line feed at the end."""
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return f"{text.rstrip()}\n".encode()


def _whole_paths(hidden: Iterable[str]) -> re.Pattern[str]:
    """Matches these paths, longest first, but not as a part of a longer word (or of encoded data)."""
    paths = sorted({path for path in hidden if len(path) > 2}, key=len, reverse=True)
    return re.compile(rf"(?<![\w+/.-])(?:{'|'.join(map(re.escape, paths)) or '(?!)'})(?![\w+=-])")


def _normalise_cell(cell: NotebookNode, private: re.Pattern[str]) -> None:
    for name in ("papermill", "execution"):
        cell.metadata.pop(name, None)
    if _INJECTED in cell.metadata.get("tags", []):
        cell["id"] = _INJECTED
    cell.source = _cut(cell.source, private)
    for output in cell.get("outputs", []):
        _normalise_output(output, private)


def _normalise_output(output: NotebookNode, private: re.Pattern[str]) -> None:
    if "text" in output:
        output["text"] = _plain(output["text"], private)
    data = output.get("data", {})
    for kind, content in data.items():
        data[kind] = _plain(content, private) if kind == "text/plain" else _cut(content, private)


def _plain(text: Any, private: re.Pattern[str]) -> Any:
    return _ADDRESS.sub("0x0", _cut(text, private)) if isinstance(text, str) else text


def _cut(content: Any, private: re.Pattern[str]) -> Any:
    if isinstance(content, str):
        return private.sub("", content)
    if isinstance(content, list):
        return [_cut(item, private) for item in content]
    if isinstance(content, dict):
        return type(content)({key: _cut(item, private) for key, item in content.items()})
    return content
