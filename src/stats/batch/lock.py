"""One run at a time per output folder: a lock file that names its owner; a dead owner's lock is taken over."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from stats.errors import LockedError


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` while the block runs. LockedError names who holds it (process, host, since when)."""
    mine = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()})
    _take(path, mine)
    try:
        yield
    finally:
        if _content(path) == mine:
            path.unlink()


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="microseconds")


def _take(path: Path, mine: str) -> None:
    if _create(path, mine):
        return
    found = _content(path)
    if found is not None and not _is_stale(found):
        raise _locked(path, found)
    _set_aside(path, found)
    if not _create(path, mine):
        raise _locked(path, _content(path) or "")


def _create(path: Path, mine: str) -> bool:
    """Whether the lock was free: the file appears at once and whole, or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(mine, encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _set_aside(path: Path, expected: str | None) -> None:
    """Remove the dead owner's lock, and only that one: another run may have taken it over in between."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.stale")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return
    if _content(aside) != expected:
        os.link(aside, path)
    aside.unlink()


def _owner(content: str) -> dict[str, Any]:
    try:
        owner = json.loads(content)
    except ValueError:
        return {}
    return owner if isinstance(owner, dict) else {}


def _is_stale(content: str) -> bool:
    owner = _owner(content)
    if not isinstance(owner.get("pid"), int):
        return True
    if owner.get("host") != socket.gethostname():
        return False
    try:
        born: float = psutil.Process(owner["pid"]).create_time()
        return born > datetime.fromisoformat(str(owner.get("since"))).timestamp() + 1
    except (psutil.NoSuchProcess, ValueError):
        return True


def _locked(path: Path, content: str) -> LockedError:
    owner = _owner(content)
    return LockedError(
        f"另一次运行正在使用该输出文件夹（进程 {owner.get('pid', '不明')}，主机 {owner.get('host', '不明')}，"
        f"自 {owner.get('since', '不明')}）",
        f"请等它结束；确认它已不在运行时，可删除 {path} 后重试",
    )
