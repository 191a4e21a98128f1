"""This process's control groups, and how often one of theirs was killed for want of memory. Limits nothing."""

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


def control_groups(controller: str) -> list[str]:
    """The control groups of this process that this controller may be in, as paths; none where there are none."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [group for _, names, group in (line.split(":", 2) for line in lines) if names in ("", controller)]


def _places() -> list[str]:
    """The files that may hold the number, the group's own before those of the whole."""
    groups = [group for group in control_groups("memory") if group != "/"]
    return [pattern.format(group=group) for group in [*groups, ""] for pattern in _EVENTS]
