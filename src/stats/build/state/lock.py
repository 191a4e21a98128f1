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

from stats.build.state.folder import is_regular
from stats.errors import LockedError, RunEnvironmentError


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` while the block runs. LockedError names who holds it (process, host, since when)."""
    me = {"pid": os.getpid(), "started": _started(os.getpid()), "host": socket.gethostname(), "since": _now()}
    mine = json.dumps(me)
    with _alone(path.parent):
        _take(path, mine)
    try:
        _sweep(path)
        yield
    finally:
        if _content(path) == mine:
            path.unlink()


def refuse_if_held(path: Path) -> None:
    """LockedError if a living process holds the lock at ``path``, which is not taken."""
    found = _content(path)
    if found is not None and not _is_stale(found):
        raise _locked(path, found)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else on this machine looks for a dead owner's lock in the folder meanwhile (not on Windows)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


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
    while True:
        draft.write_text(mine, encoding="utf-8")
        try:
            os.link(draft, path)
            return True
        except FileExistsError:
            return False
        except FileNotFoundError:
            continue  # whoever holds the lock took the half-written draft for a dead owner's
        finally:
            draft.unlink(missing_ok=True)


def _content(path: Path) -> str | None:
    """What a lock says, whatever that is; None where there is none."""
    if not is_regular(path):
        if os.path.lexists(path):
            raise RunEnvironmentError(f"{path} 不是普通文件", "请确认没有另一次运行后移走它，再重新运行")
        return None
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _set_aside(path: Path, expected: str | None) -> None:
    """Remove the dead owner's lock, and only that one: another run may have taken it over in between."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.stale")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return
    if _content(aside) not in (None, expected):
        os.link(aside, path)
    aside.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove what processes now dead have left that were killed while they took the lock."""
    for left in path.parent.glob(f"{path.name}.*"):
        if is_regular(left) and _is_stale(_content(left) or ""):
            left.unlink(missing_ok=True)


def _owner(content: str) -> dict[str, Any]:
    try:
        owner = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return owner if isinstance(owner, dict) else {}


def _is_stale(content: str) -> bool:
    owner = _owner(content)
    if type(owner.get("pid")) is not int or not 0 < owner["pid"] < 2**31:
        return True
    if owner.get("host") != socket.gethostname():
        return False
    started = _started(owner["pid"])
    return started is None or owner.get("started", started) != started


def _started(pid: int) -> float | None:
    """When a process was started, in a measure that no change of the clock moves; None if it is no more."""
    if not Path("/proc/self/stat").exists():
        return _created(pid)
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # In ticks since the machine was started; what is killed and not yet waited for is a zombie.
    return None if state in "ZX" else int(fields[18])


def _created(pid: int) -> float | None:
    try:
        created: float = psutil.Process(pid).create_time()
        return created
    except psutil.NoSuchProcess:
        return None


def _locked(path: Path, content: str) -> LockedError:
    owner = _owner(content)
    return LockedError(
        f"另一次运行正在使用该输出文件夹（进程 {owner.get('pid', '不明')}，主机 {owner.get('host', '不明')}，"
        f"自 {owner.get('since', '不明')}）",
        f"请等它结束；确认它已不在运行时，可删除 {path} 后重试",
    )
