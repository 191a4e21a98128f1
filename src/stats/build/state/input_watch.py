"""Notices when an input is changed, taken away or added while a run is at work without it. Reads no figures."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from stats.inputs import digest
from stats.inputs.doors import RETURNS

# The watch takes at most this share of a run's time, however many files there are.
LARGEST_SHARE = 0.05
_Mark = tuple[int, int, int]


class InputWatch:
    """Compares files with what was read from them: at once by content, from then on by size, time stamp and place.

    ``inputs`` gives the SHA-256 of the bytes that were used, by path in the workspace; ``folders`` are those in which
    no file may appear: every notebook reads what lies there when it runs.
    """

    def __init__(self, workspace: Path, inputs: Mapping[str, str], folders: Iterable[str] = ()) -> None:
        self._folders = {name: workspace / name for name in folders}
        self._listings = {name: _listing(path) for name, path in self._folders.items()}
        self._paths = {name: workspace / name for name in inputs}
        self._marks = {name: _mark(path) for name, path in self._paths.items()}
        self._changed = next((name for name in inputs if not _is(self._paths[name], inputs[name])), "")
        self._next_look = 0.0

    def changed(self, *, thoroughly: bool = False) -> str:
        """The first file that is not what was read, empty for none. Looks less often where looking takes long."""
        started = time.monotonic()
        if self._changed or (started < self._next_look and not thoroughly):
            return self._changed
        self._changed = next(self._changes(), "")
        ended = time.monotonic()
        self._next_look = ended + (ended - started) / LARGEST_SHARE
        return self._changed

    def _changes(self) -> Iterator[str]:
        yield from (name for name, path in self._paths.items() if _mark(path) != self._marks[name])
        listed = self._listings
        yield from (f"{name} 中的文件" for name, path in self._folders.items() if _listing(path) != listed[name])


def _mark(path: Path) -> _Mark | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _is(path: Path, expected: str) -> bool:
    try:
        return digest(path, RETURNS.largest) == expected
    except OSError:
        return False


def _listing(folder: Path) -> frozenset[str]:
    """The names in a folder, without those that a program leaves there while somebody looks at a file."""
    try:
        return frozenset(name for name in os.listdir(folder) if not name.startswith(("~$", ".")))
    except OSError:
        return frozenset()
