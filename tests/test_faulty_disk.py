"""The n-th write, flush, rename or closing fails, for every n: each file is old or new, and the run never says "ok"."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fault_checks import Ground
from fault_driver import Driver
from fault_shim import CHANGES, Action, Fault, Kind, built
from make_workspace import FINE
from stats.errors import ExitCode

# How many of the calls are tried by the quick suite: each has its turn in `pytest -m soak`.
STRIDE = 5

FAULTS = {
    "disk full": (Kind.OPEN | Kind.WRITE, Action.FAIL_ON, errno.ENOSPC),
    "disk full in the middle of a write": (Kind.WRITE, Action.TEAR, errno.ENOSPC),
    "quota used up": (Kind.OPEN | Kind.WRITE | Kind.RENAME, Action.FAIL_ON, errno.EDQUOT),
    "input and output error of a write": (Kind.WRITE, Action.FAIL_ONCE, errno.EIO),
    "of a flush": (Kind.SYNC, Action.FAIL_ONCE, errno.EIO),
    "of a rename": (Kind.RENAME, Action.FAIL_ONCE, errno.EIO),
    "of closing": (Kind.CLOSE, Action.FAIL_ONCE, errno.EIO),
    "of opening": (Kind.OPEN, Action.FAIL_ONCE, errno.EIO),
    "of removing": (Kind.UNLINK, Action.FAIL_ONCE, errno.EIO),
    "of everything from then on": (CHANGES, Action.FAIL_ON, errno.EIO),
}


@pytest.fixture(scope="module")
def ground(fast_folder: Path) -> Iterator[Ground]:
    driver = Driver(fast_folder, built(fast_folder), (FINE,))
    try:
        yield Ground.laid(driver, fast_folder)
    finally:
        driver.end()


def faults_found(ground: Ground, fault: Fault, nth: int) -> list[str]:
    """What is wrong after the n-th call went wrong, and after the run that followed."""
    ground.restore()
    ending = ground.run(fault)
    # where removing fails as well, temporary files are left until the next run
    found = ground.faults_of_the_set(killed=Kind.UNLINK in fault.kinds)
    if ending.code not in (ExitCode.COMPLETE, ExitCode.ENVIRONMENT):
        found.append(f"ended with {ending.code}: {ending.problem}")
    if ending.code == ExitCode.ENVIRONMENT and not re.search(r"reports.*剩余空间 [\d,]+ 字节", ending.problem):
        found.append(f"no path or free space in: {ending.problem}")
    return [f"call {nth}: {problem}" for problem in (*found, *ground.faults_after_resuming())]


def try_calls(ground: Ground, name: str, *, first: int, stride: int) -> None:
    kinds, action, error = FAULTS[name]
    total = ground.calls(Fault(ground.reports, kinds))
    assert total >= 2
    found = []
    for nth in range(first, total + 1, stride):
        found += faults_found(ground, Fault(ground.reports, kinds, nth, action, error), nth)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", FAULTS)
def test_after_a_failing_call_every_file_is_old_or_new(ground: Ground, name: str) -> None:
    try_calls(ground, name, first=1 + len(name) % STRIDE, stride=STRIDE)


@pytest.mark.soak
@pytest.mark.parametrize("name", FAULTS)
def test_after_any_failing_call_every_file_is_old_or_new(ground: Ground, name: str) -> None:
    try_calls(ground, name, first=1, stride=1)
