"""Which notebooks this person has confirmed, remembered by content in the person's own folder. Reads no notebook.

The folder is ``stats-annex/trusted-notebooks`` in ``$XDG_CONFIG_HOME``, else in ``~/.config`` (Windows: ``%APPDATA%``).
A notebook is confirmed where a file named by its digest lies there; to take the confirmation back, remove that file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = ("stats-annex", "trusted-notebooks")
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Memory:
    """Where confirmations are remembered, or in Chinese why they are not."""

    folder: Path | None
    lacking: str = ""

    def holds(self, digest: str) -> bool:
        """Whether this person has confirmed a notebook of this digest."""
        return self.folder is not None and _is_own_file(self.folder / digest)

    def keep(self, digests: Iterable[tuple[str, str]]) -> Memory:
        """Remember these (digest, description); what comes back tells why it could not."""
        if self.folder is None:
            return self
        try:
            for folder in (*reversed([p for p in self.folder.parents if not p.exists()]), self.folder):
                folder.mkdir(mode=0o700, exist_ok=True)
            if not _is_private(self.folder):
                return Memory(None, f"{self.folder} 其他用户也能写，或不属于本用户")
            for digest, description in digests:
                _write(self.folder / digest, f"{date.today().isoformat()} {description}\n")
                if not self.holds(digest):
                    return Memory(None, f"{self.folder / digest} 其他用户也能写，或不属于本用户")
        except OSError as error:
            return Memory(None, f"{self.folder} 不能写入：{error.strerror or error}")
        return self


def memory(*outside: Path) -> Memory:
    """This person's memory. One that lies in a folder of ``outside`` is none: what came with data confirms nothing."""
    base = _base()
    if base is None:
        return Memory(None, "没有用户文件夹（环境变量 HOME 或 XDG_CONFIG_HOME）")
    folder = base.joinpath(*FOLDER)
    if any(folder.resolve().is_relative_to(each.resolve()) for each in outside):
        return Memory(None, f"{folder} 在工作目录之内")
    return Memory(folder)


def _base() -> Path | None:
    if os.name == "nt":
        given = os.environ.get("APPDATA", "")
        return Path(given) if Path(given).is_absolute() else None
    given, home = os.environ.get("XDG_CONFIG_HOME", ""), os.environ.get("HOME", "")
    if os.path.isabs(given):  # the rules say that any other is to be ignored
        return Path(given)
    return Path(home) / ".config" if os.path.isabs(home) else None


def _is_private(folder: Path) -> bool:
    """Whether nobody but this user can put a file there."""
    return all(_is_own(each, stat.S_ISDIR) for each in (folder.parent, folder))


def _is_own_file(path: Path) -> bool:
    return _is_own(path, stat.S_ISREG) and _is_private(path.parent)


def _is_own(path: Path, is_kind: Callable[[int], bool]) -> bool:
    with suppress(OSError):
        found = path.lstat()
        is_mine = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & _OTHERS_WRITE)
        return is_mine and is_kind(found.st_mode)
    return False


def _write(path: Path, text: str) -> None:
    """A new file for its owner's eyes; one that is there already stays."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with suppress(FileExistsError), os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
