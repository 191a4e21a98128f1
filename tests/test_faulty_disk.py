"""The n-th write, flush, rename or closing fails, for every n: each file is old or new, and the run never says "ok"."""

from __future__ import annotations

import errno
import re

import pytest

from deliveries import internal_folder, published_files, set_folder
from fault_checks import Ground
from fault_shim import CHANGES, Action, Fault, Kind
from make_workspace import FINE
from stats.errors import ExitCode

# How many of the calls are tried by the quick suite: each has its turn in `pytest -m soak`.
STRIDE = 7

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

PAGES = ("附件2-全县统计汇总-会议本.html", f"附件3-01-{FINE}-沐云街道-会议本.html", "附件4-数据质量报告-会议本.html")


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


def try_calls(ground: Ground, name: str, *, stride: int) -> None:
    kinds, action, error = FAULTS[name]
    total = ground.calls(Fault(ground.reports, kinds))
    assert total, "no such call is made"
    found = []
    for nth in range(1 + len(name) % min(stride, total), total + 1, stride):
        found += faults_found(ground, Fault(ground.reports, kinds, nth, action, error), nth)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", FAULTS)
def test_after_a_failing_call_every_file_is_old_or_new(ground: Ground, name: str) -> None:
    try_calls(ground, name, stride=STRIDE)


@pytest.mark.soak
@pytest.mark.parametrize("name", FAULTS)
def test_after_any_failing_call_every_file_is_old_or_new(ground: Ground, name: str) -> None:
    try_calls(ground, name, stride=1)


@pytest.mark.parametrize("action", [Action.FAIL_ON, Action.TEAR])
def test_a_run_whose_record_cannot_be_written_stops_and_publishes_nothing_unrecorded(
    ground: Ground, action: Action
) -> None:
    """Two lines for each of two documents, one for the whole: whichever is refused, no further file gets a name."""
    ledger = internal_folder(ground.workspace) / "ledger.jsonl"
    for nth, named in enumerate([0, 1, 1, 2, 2], start=1):
        ground.restore()
        ending = ground.run(Fault(ledger, Kind.WRITE, nth, action, errno.ENOSPC))
        assert ending.code == ExitCode.ENVIRONMENT
        assert re.search(r"写不进运行记录 .*ledger\.jsonl：No space left.*剩余空间 [\d,]+ 字节", ending.problem)
        lying = published_files(set_folder(ground.workspace))
        assert sum(lying[name] == ground.new[name] != ground.old[name] for name in PAGES) == named
        assert ground.faults_of_the_set() + ground.faults_after_resuming() == []
