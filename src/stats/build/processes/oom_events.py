"""How often the system has killed a process of this control group for want of memory. Limits nothing."""

from __future__ import annotations

import re
from pathlib import Path

_EVENTS = ("/sys/fs/cgroup{group}/memory.events", "/sys/fs/cgroup/memory{group}/memory.oom_control")


def killed_for_memory() -> int | None:
    """The number of such kills so far, None where the system does not count them."""
    for path in map(Path, _places()):
        try:
            found = re.search(r"^oom_kill (\d+)$", path.read_text(encoding="ascii"), re.MULTILINE)
        except OSError:
            continue
        if found:
            return int(found[1])
    return None


def _places() -> list[str]:
    """The files that may hold the number, the group's own before those of the whole."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    groups = [
        group for _, names, group in (line.split(":", 2) for line in lines) if names in ("", "memory") and group != "/"
    ]
    return [pattern.format(group=group) for group in [*groups, ""] for pattern in _EVENTS]
