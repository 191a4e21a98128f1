"""The control groups this process is in, which limit and count what it may have. Limits nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_ROOT = "/sys/fs/cgroup"


def folders(controller: str) -> Iterator[Path]:
    """The folders of the groups that ``controller`` (memory, pids) counts this process in, its own first."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, names, group = line.split(":", 2)
            if names in ("", controller):
                for above in (Path(group), *Path(group).parents):
                    yield from (Path(f"{root}{above}") for root in (_ROOT, f"{_ROOT}/{controller}"))


def killed_for_memory() -> int | None:
    """How often the system has killed a process of this group for want of memory; None where it does not count."""
    for folder in folders("memory"):
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError):
                for line in (folder / name).read_text(encoding="ascii").splitlines():
                    if line.startswith("oom_kill "):
                        return int(line.split()[1])
    return None
