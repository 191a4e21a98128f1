"""The county's own key, which decides among counts to hide others with. Stands in no output."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from stats.errors import RunEnvironmentError
from stats.files import DRAFT, flush_folder

NAME = "disclosure.key"
LONGEST = 1024


def county_key(workspace: Path) -> bytes:
    """The key in ``params/disclosure.key``, made at random where there is none yet.

    Whoever knows it and the program could tell which counts are hidden for being small and which to hide those. The
    same key gives the same choice, so it stays with the workspace. RunEnvironmentError where it can neither be read nor
    made.
    """
    path = workspace / "params" / NAME
    try:
        return _read(path) or _made(path)
    except OSError as error:
        raise RunEnvironmentError(
            f"{path} 不能读取也不能建立（{error.strerror or error}）",
            "请检查文件夹权限；该文件为本县小数保护所用的密钥，随工作目录保存，不得对外提供",
        ) from error


def _read(path: Path) -> bytes:
    if not path.exists():
        return b""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("不是普通文件")
    with path.open("rb") as file:
        return file.read(LONGEST).strip()


def _made(path: Path) -> bytes:
    """A new key, for its owner's eyes; of several processes that make one at once all take the first.

    It is there whole or not at all: an empty file, which a key once interrupted in its making left, is replaced.
    """
    handle, name = tempfile.mkstemp(prefix=".", suffix=DRAFT, dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(path.parent)
    return _read(path)
