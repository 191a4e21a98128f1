"""What one command costs with everything it starts: CPU seconds, wall clock, and the most memory at one time."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.25


@dataclass(frozen=True)
class Cost:
    """CPU and wall-clock seconds; ``memory`` is the largest sum of PSS over all processes [MB], 0 if not looked at."""

    cpu: float
    wall: float
    memory: float
    code: int


def cost(command: Sequence[str], *, folder: Path, surroundings: Mapping[str, str] = {}, memory: bool = False) -> Cost:
    """Run a command to its end. CPU is what the system counts for it and all descendants that were waited for."""
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **surroundings},
        )
        peak = _peak(process.pid) if memory else 0.0
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak, process.returncode)


def _peak(pid: int) -> float:
    """Sample until the process has ended; shared pages count once (PSS)."""
    most = 0.0
    family = psutil.Process(pid)
    while family.is_running() and family.status() != psutil.STATUS_ZOMBIE:
        most = max(most, sum(_share(each) for each in _members(family)))
        time.sleep(SAMPLE_SECONDS)
    return most


def _members(family: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [family, *family.children(recursive=True)]
    return []


def _share(process: psutil.Process) -> float:
    with suppress(psutil.Error, OSError):
        return float(process.memory_full_info().pss) / 2**20
    return 0.0
