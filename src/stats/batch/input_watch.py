"""Notices when a return is changed or taken away while a run is at work with what it held before. Reads no figures."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from stats.batch.sources import sha256

# The watch takes at most this share of a run's time, however many files there are.
LARGEST_SHARE = 0.05
_Mark = tuple[int, int, int]


class InputWatch:
    """Compares files with what was read from them: at once by content, from then on by size, time stamp and place.

    ``inputs`` gives the SHA-256 of the bytes that were used, by path in the workspace.
    """

    def __init__(self, workspace: Path, inputs: Mapping[str, str]) -> None:
        self._paths = {name: workspace / name for name in inputs}
        self._marks = {name: _mark(path) for name, path in self._paths.items()}
        self._changed = next((name for name in inputs if not _is(self._paths[name], inputs[name])), "")
        self._next_look = 0.0

    def changed(self, *, thoroughly: bool = False) -> str:
        """The first file that is not what was read, empty for none. Looks less often where looking takes long."""
        started = time.monotonic()
        if self._changed or (started < self._next_look and not thoroughly):
            return self._changed
        self._changed = next((name for name, path in self._paths.items() if _mark(path) != self._marks[name]), "")
        ended = time.monotonic()
        self._next_look = ended + (ended - started) / LARGEST_SHARE
        return self._changed


def _mark(path: Path) -> _Mark | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _is(path: Path, digest: str) -> bool:
    try:
        return sha256(path) == digest
    except OSError:
        return False
