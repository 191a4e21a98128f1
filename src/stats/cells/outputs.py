"""What a notebook's cells may put out, and how printed text is joined, whichever kernel runs them. Runs no cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output

MEBIBYTE = 1 << 20
_CONTENT = ("text", "data", "traceback")


@dataclass(frozen=True, slots=True)
class OutputLimits:
    """How much a notebook may put out [bytes]: altogether, and as printed text of one cell."""

    total: int = 64 * MEBIBYTE
    printed: int = MEBIBYTE


class OutputLimitError(CellControlSignal):  # type: ignore[misc]
    """A notebook puts out more than it may; its kernel has been ended."""

    def __init__(self, limit: int, cell_index: int, *, printed: bool) -> None:
        super().__init__(f"cell {cell_index + 1} put out more than {limit} bytes")
        self.limit = limit
        self.cell_index = cell_index
        self.printed = printed


class OutputCount:
    """Adds up what one notebook puts out."""

    def __init__(self, limits: OutputLimits) -> None:
        self.limits = limits
        self.total = 0
        self._cell = -1
        self._printed = 0

    def add(self, content: Mapping[str, Any], cell_index: int, *, printed: bool) -> None:
        """Count one output or message of a kernel. OutputLimitError when it is one too many."""
        size = sum(_size(content.get(part)) for part in _CONTENT)
        self.total += size
        if self.total > self.limits.total:
            raise OutputLimitError(self.limits.total, cell_index, printed=False)
        if not printed:
            return
        if cell_index != self._cell:
            self._cell, self._printed = cell_index, 0
        self._printed += size
        if self._printed > self.limits.printed:
            raise OutputLimitError(self.limits.printed, cell_index, printed=True)


class Outputs:
    """Puts what a process sends into the cells of its notebook, as nbclient does with a kernel's messages.

    With ``joins``, all that a cell prints on one stream is one output, else only what comes in a row.
    """

    def __init__(self, limits: OutputLimits, *, joins: bool) -> None:
        self._count = OutputCount(limits)
        self._joins = joins
        self._displayed: dict[str, list[NotebookNode]] = {}
        self._clears = False

    def begin(self, cell: NotebookNode) -> None:
        """Nothing of an earlier run stays in the cell."""
        cell.outputs = []
        self._clears = False

    def clear(self, cell: NotebookNode, *, wait: bool) -> None:
        """Remove what the cell has put out, at once or when it puts out more."""
        self._clears = wait
        if not wait:
            cell.outputs = []

    def take(self, message: Mapping[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode:
        """The output in a message, now in the cell. OutputLimitError when it is one too many."""
        parts, display = message["output"], message["display_id"]
        self._count.add(parts, cell_index, printed=parts["output_type"] == "stream")
        output = output_of(parts)
        for earlier in self._displayed.get(display, ()):
            earlier.data, earlier.metadata = output.data, output.metadata
        if message["update"]:
            return output
        if self._clears:
            self.clear(cell, wait=False)
        if display:
            self._displayed.setdefault(display, []).append(output)
        if not _appended(cell.outputs if self._joins else cell.outputs[-1:], output):
            cell.outputs.append(output)
        return output

    def end(self, cell: NotebookNode) -> None:
        """Leave the cell as a reader wants it."""
        if self._joins:
            cell.outputs = tidied(cell.outputs)


def output_of(parts: Mapping[str, Any]) -> NotebookNode:
    """An output of a notebook, checked against nbformat's schema only where it could fail."""
    if parts["output_type"] in ("display_data", "execute_result") and not _is_plain(parts["data"], parts["metadata"]):
        return new_output(**parts)  # type: ignore[no-any-return, no-untyped-call]
    return from_dict(parts)  # type: ignore[no-any-return, no-untyped-call]


def _is_plain(data: Any, metadata: Any) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(metadata, dict)
        and all(isinstance(part, str) or kind.endswith("json") for kind, part in data.items())
    )


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs with all that was printed on one stream in one, as nbclient's ``coalesce_streams`` does it."""
    whole: list[NotebookNode] = []
    for output in outputs:
        if not _appended(whole, output):
            whole.append(output)
    return tidied(whole)


def _appended(outputs: list[NotebookNode], output: NotebookNode) -> bool:
    """Add printed text to what its stream has printed before; False when that is nothing."""
    for earlier in outputs if output["output_type"] == "stream" else ():
        if _stream(earlier) == output["name"]:
            earlier["text"] += output["text"]
            return True
    return False


def tidied(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """As nbclient leaves joined streams: overwritten text gone, stdout before a stderr right in front of it.

    nbclient's own pattern takes a time that grows with the square of the longest line.
    """
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = overwritten(output["text"])
    tidy = list(outputs)
    for at in range(len(tidy) - 1):
        if _stream(tidy[at]) == "stderr" and _stream(tidy[at + 1]) == "stdout":
            tidy[at], tidy[at + 1] = tidy[at + 1], tidy[at]
    return tidy


def overwritten(text: str) -> str:
    r"""The text without what a carriage return took back to the start of its line.

    >>> overwritten("10%\r20%\r\ndone")
    '20%\r\ndone'
    """
    if "\r" not in text:
        return text
    return "\n".join(line[line.rfind("\r", 0, max(0, len(line) - 1)) + 1 :] for line in text.split("\n"))


def _stream(output: NotebookNode) -> str | None:
    return str(output["name"]) if output["output_type"] == "stream" else None


def _size(content: Any) -> int:
    if content is None:
        return 0
    if isinstance(content, str):
        return len(content) if content.isascii() else len(content.encode("utf-8", errors="replace"))
    if isinstance(content, dict):
        return sum(_size(part) for part in content.values())
    if isinstance(content, list):
        return sum(_size(part) for part in content)
    return len(json.dumps(content))
