"""How many more processes and threads, and so workers, the system lets this account start. Starts none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

import psutil

from stats.build.documents.job import Engine
from stats.build.processes import control_groups

# A limit on the account as high as this is no limit; counting what runs already takes a while.
_HIGH = 20_000


# Processes and threads of one worker at most: its own, its clock's and typesetter's, and its kernel's, which in a
# stock one are many. Found by trying with ever lower limits.
OF_A_WORKER: dict[Engine, int] = {"warm": 6, "stock": 25}
OF_THEM_ALL = 1


def fitting_workers(engine: Engine, room: int | None) -> int | None:
    """How many workers may run at a time where there is ``room`` for so many processes and threads more.

    >>> fitting_workers("warm", 20), fitting_workers("warm", 3), fitting_workers("warm", None)
    (3, 0, None)
    """
    return None if room is None else max(0, room - OF_THEM_ALL) // OF_A_WORKER[engine]


def process_room() -> int | None:
    """The least of what the control groups and the account have left; None where the system sets no limit."""
    return min(_rooms(), default=None)


def _rooms() -> Iterator[int]:
    for folder in control_groups.folders("pids"):
        with suppress(OSError, ValueError):  # no such group, or "max"
            limit, used = (int((folder / f"pids.{name}").read_text(encoding="ascii")) for name in ("max", "current"))
            yield limit - used
    own = _of_account()
    if own is not None and own < _HIGH:
        yield own - _running()


def _of_account() -> int | None:
    """The account's own limit; the administrator's account has none."""
    if os.name != "posix" or os.geteuid() == 0:
        return None
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    return None if soft == resource.RLIM_INFINITY else soft


def _running() -> int:
    """The threads of all processes of this account."""
    own, count = os.geteuid(), 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == own:
                count += process.num_threads()
    return count
