"""What a notebook's cells may put out, and how printed text is joined, whichever kernel runs them. Runs no cell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode, from_dict
from nbformat.v4 import output_from_msg

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
    """Adds up what the messages of one notebook carry."""

    def __init__(self, limits: OutputLimits) -> None:
        self.limits = limits
        self.total = 0
        self._cell = -1
        self._printed = 0

    def add(self, message: dict[str, Any], cell_index: int) -> None:
        """Count one message. OutputLimitError when it is one too many."""
        content = message["content"]
        size = sum(_size(content.get(part)) for part in _CONTENT)
        self.total += size
        if self.total > self.limits.total:
            raise OutputLimitError(self.limits.total, cell_index, printed=False)
        if message["msg_type"] != "stream":
            return
        if cell_index != self._cell:
            self._cell, self._printed = cell_index, 0
        self._printed += size
        if self._printed > self.limits.printed:
            raise OutputLimitError(self.limits.printed, cell_index, printed=True)


def output_of(message: dict[str, Any]) -> Any:
    """nbformat's ``output_from_msg``, which checks each output against a schema only where it could fail."""
    kind, content = message["header"]["msg_type"], message["content"]
    if kind == "stream" and isinstance(content["text"], str):
        parts = {"output_type": kind, "name": content["name"], "text": content["text"]}
        return from_dict(parts)  # type: ignore[no-untyped-call]
    if kind in ("display_data", "execute_result") and _is_plain(content["data"], content["metadata"]):
        parts = {"output_type": kind, "metadata": content["metadata"], "data": content["data"]}
        if kind == "execute_result":
            parts["execution_count"] = content["execution_count"]
        return from_dict(parts)  # type: ignore[no-untyped-call]
    return output_from_msg(message)  # type: ignore[no-untyped-call]


def _is_plain(data: Any, metadata: Any) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(metadata, dict)
        and all(isinstance(part, str) or kind.endswith("json") for kind, part in data.items())
    )


def append(outputs: list[NotebookNode], text: str, name: str) -> bool:
    """Add printed text to what the stream ``name`` has printed before in this cell; False when that is nothing."""
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] == name:
            output["text"] += text
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
