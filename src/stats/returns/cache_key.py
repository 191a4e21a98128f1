"""A secret that makes what a folder keeps its own: copied elsewhere, or written by others, it is not believed."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

NAME = "key"
_LENGTH = 32


def secret_of(folder: Path) -> bytes | None:
    """The folder's secret, made if need be; None where it cannot be kept.

    It is a file of random bytes together with where and when the system made that file: who hands over a folder can
    choose the first, and nobody can choose the second.
    """
    found = _read(folder / NAME)
    if found is None:
        with suppress(OSError):
            _make(folder / NAME)
        found = _read(folder / NAME)
    return found


def _make(path: Path) -> None:
    if path.is_file() and not path.is_symlink():
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_LENGTH))
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        content = os.read(descriptor, _LENGTH + 1) if stat.S_ISREG(found.st_mode) else b""
    except OSError:
        return None
    finally:
        os.close(descriptor)
    made = f" {found.st_dev} {found.st_ino} {found.st_ctime_ns}".encode()
    return content + made if len(content) == _LENGTH else None
