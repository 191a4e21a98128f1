"""The executed notebook without what differs from run to run: clock, paths, addresses; changes no figure."""

from __future__ import annotations

import copy
import operator
import os
import re
from collections.abc import Iterable
from typing import Any

import nbformat
from nbformat import NotebookNode

from stats.build.documents.reduced import INJECTED, PARAMETERS, tags

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")


def strip_volatile(notebook: NotebookNode, *, hidden: Iterable[str]) -> NotebookNode:
    """A copy whose text is the same on every run and every machine; each text of ``hidden`` (paths) is cut out.

    What has nothing to be cut out is shared with the notebook given.
    """
    private = _Private(hidden)
    clean = copy.copy(notebook)
    clean.metadata = copy.deepcopy(notebook.metadata)
    for name in ("papermill", "widgets"):
        clean.metadata.pop(name, None)
    clean.metadata.get("language_info", {}).pop("version", None)
    clean.cells = [_normalised_cell(cell, private) for cell in _with_one_parameters_cell(notebook.cells)]
    return clean


def _with_one_parameters_cell(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells with the values that papermill gave in the place of those that the notebook gave by itself.

    Those come from whoever ran it last; and whoever opens the published notebook and runs it gets the same document.
    """
    given, standing = (next((c for c in cells if tag in tags(c)), None) for tag in (INJECTED, PARAMETERS))
    if given is None or standing is None:
        return cells
    one = copy.copy(given)
    one.id, one.metadata = standing.id, standing.metadata
    one.outputs = [*standing.outputs, *given.outputs]
    return [one if cell is standing else cell for cell in cells if cell is not given]


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as the bytes of its file: keys in order, one line feed at the end."""
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return f"{text.rstrip()}\n".encode()


class _Private:
    """Cuts out these paths, longest first, but not where they are a part of a longer word (or of encoded data)."""

    def __init__(self, hidden: Iterable[str]) -> None:
        self._paths = sorted({path for path in hidden if len(path) > 2}, key=len, reverse=True)
        # A sign that every path has: most texts lack it, and so need not be searched for each path.
        self._sign = next(sign for sign in (os.sep, "") if all(sign in path for path in self._paths))
        self._whole = re.compile(rf"(?<![\w+/.-])(?:{'|'.join(map(re.escape, self._paths)) or '(?!)'})(?![\w+=-])")

    def cut(self, content: Any) -> Any:
        """Text, or lists and dictionaries of text, without the paths: the very same where none is in it."""
        if isinstance(content, str):
            # looking for a path as it stands is many times faster than the pattern, and most texts hold none
            holds_one = self._sign in content and any(path in content for path in self._paths)
            return self._whole.sub("", content) if holds_one else content
        if isinstance(content, list):
            items = [self.cut(item) for item in content]
            return content if all(map(operator.is_, items, content)) else items
        if isinstance(content, dict):
            values = [self.cut(value) for value in content.values()]
            if all(map(operator.is_, values, content.values())):
                return content
            return type(content)(zip(content, values, strict=True))
        return content


def _normalised_cell(cell: NotebookNode, private: _Private) -> NotebookNode:
    clean = copy.copy(cell)
    clean.metadata = copy.deepcopy(cell.metadata)
    for name in ("papermill", "execution"):
        clean.metadata.pop(name, None)
    clean.source = private.cut(cell.source)
    if "outputs" in cell:
        clean.outputs = [_normalised_output(output, private) for output in cell.outputs]
    return clean


def _normalised_output(output: NotebookNode, private: _Private) -> NotebookNode:
    clean = copy.copy(output)
    if "text" in output:
        clean["text"] = _plain(output["text"], private)
    if "data" in output:
        data = {kind: _plain(c, private) if kind == "text/plain" else private.cut(c) for kind, c in output.data.items()}
        clean["data"] = type(output.data)(data)
    return clean


def _plain(text: Any, private: _Private) -> Any:
    return _ADDRESS.sub("0x0", private.cut(text)) if isinstance(text, str) else text
