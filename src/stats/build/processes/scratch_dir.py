"""One folder for the temporary files of a run, closed to other users, which no ending of the run leaves behind."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from stats.build.processes.preflight import temporary_folder

_NAME = re.compile(r"stats-(\d+)-\w+")


@contextmanager
def made() -> Iterator[Path]:
    """A new folder (mode 0700) whose name tells its owner's process; first, those of processes now dead are removed."""
    parent = temporary_folder()
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"stats-{os.getpid()}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    for folder in parent.glob("stats-*"):
        named = _NAME.fullmatch(folder.name)
        if named and _is_mine(folder) and not psutil.pid_exists(int(named[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_mine(folder: Path) -> bool:
    """Whether this user made it: other users' folders, and links, are left alone."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
