"""The shim of ``tests/faults/shim.c``: built by the machine's compiler, loaded before a process, armed from it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "faults/shim.c"


class Kind(IntFlag):
    """The kinds of calls that are counted."""

    OPEN = 1
    WRITE = 2
    SYNC = 4
    RENAME = 8
    CLOSE = 16
    UNLINK = 32
    READ = 64


CHANGES = Kind.OPEN | Kind.WRITE | Kind.SYNC | Kind.RENAME | Kind.CLOSE | Kind.UNLINK


class Action(IntEnum):
    """What happens at the n-th call: it fails, it and all later ones fail, half of it is written, the process dies."""

    FAIL_ONCE = 0
    FAIL_ON = 1
    TEAR = 2
    DIE = 3
    DIE_TORN = 4


@dataclass(frozen=True)
class Fault:
    """The ``nth`` call of one of these kinds below a path goes wrong; with 0 none does, and they are only counted.

    ``log`` is a file in which every call is written down; ``keep`` a folder for files that lose their name.
    """

    below: Path
    kinds: Kind = CHANGES
    nth: int = 0
    action: Action = Action.FAIL_ONCE
    error: int = 0
    log: Path | None = None
    keep: Path | None = None


def built(folder: Path) -> Path:
    """The shim as a library in this folder; the test is skipped where it cannot be."""
    compiler = shutil.which("cc")
    if compiler is None or not Path("/proc/self/fd").is_dir():
        pytest.skip("needs a C compiler and a system with LD_PRELOAD and /proc")
    library = folder / "shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    return library


def arm(fault: Fault) -> None:
    """From now on the calls of this process are counted, and one of them goes wrong."""
    log = -1 if fault.log is None else os.open(fault.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    below, keep = os.fsencode(fault.below), os.fsencode(fault.keep or "")
    _shim().fault_arm(below, int(fault.kinds), ctypes.c_long(fault.nth), int(fault.action), fault.error, log, keep)


def disarm() -> int:
    """Nothing goes wrong any more; returns how many calls were counted."""
    return int(_shim().fault_disarm())


def _shim() -> ctypes.CDLL:
    library = ctypes.CDLL(None)
    library.fault_disarm.restype = ctypes.c_long
    return library
