"""Puts a file where a person's may lie, which is never lost unless somebody says so. Makes no content."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from stats import inputs
from stats.files import write_atomically
from stats.inputs.doors import RETURNS

Put = Literal["written", "unchanged", "kept"]


def put(path: Path, content: bytes, *, force: bool) -> Put:
    """Write a file, unless one of another content lies there and ``force`` is not given; says what was done."""
    if path.exists():
        if holds(path, content):
            return "unchanged"
        if not force:
            return "kept"
    write_atomically(path, content)
    return "written"


def holds(path: Path, content: bytes) -> bool:
    """Whether a file lies there with this very content."""
    try:
        return inputs.content(path, path.name, largest=RETURNS.largest) == content
    except inputs.UnfitError:
        return False
