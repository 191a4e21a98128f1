"""What a power cut leaves: whatever was not flushed before it is undone on the disk, by the record of the shim."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Loss(Enum):
    """What of the unflushed is lost: the bytes of files, the names in folders, or both."""

    BYTES = "bytes"
    NAMES = "names"
    BOTH = "bytes and names"


@dataclass(frozen=True)
class Call:
    """One call that changed something: the file's number and size afterwards, and its names.

    ``kept`` is the name under which what lost its name by this call was kept, 0 for none.
    """

    what: str
    inode: int
    size: int
    first: Path
    second: Path
    kept: int

    @property
    def folder(self) -> Path:
        """The folder that has to be flushed for a changed name to survive."""
        return (self.second if self.what in ("rename", "link") else self.first).parent


def calls(log: Path) -> list[Call]:
    """All calls in their order."""
    return [_call(line) for line in log.read_text(encoding="utf-8").splitlines()]


def _call(line: str) -> Call:
    what, inode, size, first, second, kept = line.split("\t")
    return Call(what, int(inode), int(size), Path(first), Path(second), int(kept))


def cut(folder: Path, log: Path, keep: Path, loss: Loss) -> None:
    """Take from what lies below ``folder`` all that was not flushed when the calls in ``log`` ended."""
    done = calls(log)
    if loss is not Loss.BYTES:
        _lose_names(done, keep)
    if loss is not Loss.NAMES:
        _lose_bytes(done, folder)


def _lose_names(done: list[Call], keep: Path) -> None:
    flushed: set[Path] = set()
    for call in reversed(done):
        if call.what == "sync":
            flushed.add(call.first)
        elif call.folder not in flushed:
            _undo(call, keep)


def _undo(call: Call, keep: Path) -> None:
    if call.what == "create":
        call.first.unlink(missing_ok=True)
    elif call.what == "rename" and call.second.exists():
        call.second.rename(call.first)
    elif call.what == "link":
        call.second.unlink(missing_ok=True)
    if call.kept:
        os.link(keep / str(call.kept), call.first if call.what == "unlink" else call.second)


def _lose_bytes(done: list[Call], folder: Path) -> None:
    """Cut every file that was written to down to the size it had when it was flushed last."""
    safe: dict[int, int] = {}
    for call in done:
        if call.what == "create":
            safe[call.inode] = 0
        elif call.what == "open":
            safe.setdefault(call.inode, call.size)
        elif call.what == "sync":
            safe[call.inode] = call.size
    for path in folder.rglob("*"):
        found = path.lstat()
        if path.is_file() and found.st_size > safe.get(found.st_ino, found.st_size):
            os.truncate(path, safe[found.st_ino])
