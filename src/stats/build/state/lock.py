"""One run at a time per output folder: a lock file that names its owner and is locked by it until it ends or dies."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from stats.build.state.folder import is_regular
from stats.errors import LockedError, RunEnvironmentError

# Windows lets nobody else read what is locked: one byte far behind the text is.
_BEHIND = 2**30


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` while the block runs. LockedError names who holds it (process, host, since when)."""
    descriptor = _taken(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}).encode())
        yield
    finally:
        os.ftruncate(descriptor, 0)
        with suppress(PermissionError):  # of what is open, on Windows
            if _lies_at(path, descriptor):
                path.unlink()
        os.close(descriptor)


def refuse_if_held(path: Path) -> None:
    """LockedError if a living process holds the lock at ``path``, which is not taken."""
    if _is_there(path):
        os.close(_taken(path))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="microseconds")


def _taken(path: Path) -> int:
    """The locked file. One that its last owner took away meanwhile is another than that which lies there now."""
    while True:
        owner = _owner(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            # No machine sees who of another one is alive: its lock stays until a person removes it.
            if owner.get("host", socket.gethostname()) != socket.gethostname() or not _lock(descriptor):
                raise _locked(path)
        except BaseException:
            os.close(descriptor)
            raise
        if _lies_at(path, descriptor):
            return descriptor
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Whether the file could be locked; the system unlocks it when the process ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(descriptor, _BEHIND, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _lies_at(path: Path, descriptor: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False


def _is_there(path: Path) -> bool:
    if is_regular(path):
        return True
    if os.path.lexists(path):
        raise RunEnvironmentError(f"{path} 不是普通文件", "请确认没有另一次运行后移走它，再重新运行")
    return False


def _owner(path: Path) -> dict[str, Any]:
    """What the lock says of who holds it or held it; nothing where that cannot be understood."""
    with suppress(FileNotFoundError, ValueError, RecursionError):
        owner = json.loads(path.read_text(encoding="utf-8", errors="replace")) if _is_there(path) else {}
        return owner if isinstance(owner, dict) else {}
    return {}


def _locked(path: Path) -> LockedError:
    owner = _owner(path)
    return LockedError(
        f"另一次运行正在使用该输出文件夹（进程 {owner.get('pid', '不明')}，主机 {owner.get('host', '不明')}，"
        f"自 {owner.get('since', '不明')}）",
        f"请等它结束；确认它已不在运行时，可删除 {path} 后重试",
    )
