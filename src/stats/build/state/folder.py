"""What lies in the folder that is handed out, whatever it is. Changes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDER = "文件夹"
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISLNK, "符号链接"),
    (stat.S_ISDIR, FOLDER),
    (stat.S_ISFIFO, "管道"),
    (stat.S_ISSOCK, "套接字"),
)


def is_regular(path: Path) -> bool:
    """Whether a file lies there, and no link, folder, pipe or socket; nothing is opened."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def irregular(path: Path) -> str:
    """What lies there instead of a file, in a word; empty where a file lies there, or nothing."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""
    return "" if stat.S_ISREG(mode) else next((word for is_one, word in _KINDS if is_one(mode)), "设备")


def lying(folder: Path) -> Iterator[str]:
    """The path below the folder of everything that lies in it, but for folders in which something lies.

    Links are not followed. Nothing for a folder that is not there.
    """
    yield from sorted(_below(folder, ""))


def _below(folder: Path, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except FileNotFoundError:
        return
    for entry in found:
        path = f"{prefix}{entry.name}"
        inner = list(_below(Path(entry.path), f"{path}/")) if entry.is_dir(follow_symlinks=False) else []
        yield from inner or [path]
