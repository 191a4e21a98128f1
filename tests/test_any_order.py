"""Edits, builds, kills, full disks, power cuts and tampering in any order: a build always ends as a clean one does."""

from __future__ import annotations

import errno
import json
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from deliveries import internal_folder, leftovers, published_files, set_folder
from fault_checks import NEW, OLD, Ground
from fault_driver import set_version
from fault_shim import CHANGES, Action, Fault, Kind
from power_cut import Loss, cut
from stats import params as parameters
from stats.build.state.build_state import Options
from stats.build.state.status import status
from stats.build.verify import verify
from stats.errors import ExitCode

# A run over an older set makes about a hundred calls that change the disk.
CALLS = st.integers(1, 110)


class AnyOrder(RuleBasedStateMachine):
    """One workspace, beginning without a set; ``touched`` are the files somebody has laid hands on since a build."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.versions = {OLD: ground.old, NEW: ground.new}
        self.text = NEW
        self.touched: set[str] = set()
        ground.restore(empty=True)

    @property
    def folder(self) -> Path:
        return set_folder(self.ground.workspace)

    @property
    def internal(self) -> Path:
        return internal_folder(self.ground.workspace)

    @property
    def ledger(self) -> Path:
        return self.internal / "ledger.jsonl"

    @rule(text=st.sampled_from([OLD, NEW]))
    def put_in_other_returns(self, text: str) -> None:
        self.text = text
        set_version(self.ground.workspace, text)

    @rule()
    def build(self) -> None:
        ending = self.ground.driver.build(self.ground.workspace, self.text)
        assert ending.code == ExitCode.COMPLETE, ending
        self.touched.clear()
        assert published_files(self.folder) == self.versions[self.text]
        assert leftovers(self.ground.workspace) == []
        params = parameters.load(self.ground.workspace)
        assert verify(params).differences == ()
        assert set(status(params, Options(jobs=1)).counts) == {"current"}
        assert self.ground.driver.build(self.ground.workspace, self.text).made == []

    @rule(nth=CALLS, action=st.sampled_from([Action.DIE, Action.DIE_TORN]))
    def build_and_be_killed(self, nth: int, action: Action) -> None:
        self._build_with(Fault(self.ground.reports, CHANGES, nth, action))

    @rule(nth=CALLS, error=st.sampled_from([errno.ENOSPC, errno.EIO]))
    def build_on_a_failing_disk(self, nth: int, error: int) -> None:
        action = Action.FAIL_ONCE if error == errno.EIO else Action.FAIL_ON
        self._build_with(Fault(self.ground.reports, Kind.OPEN | Kind.WRITE | Kind.SYNC, nth, action, error))

    @rule(nth=CALLS, loss=st.sampled_from(Loss))
    def build_until_the_power_goes(self, nth: int, loss: Loss) -> None:
        log, keep = self.ground.folder / "log", self.ground.folder / "keep"
        shutil.rmtree(keep, ignore_errors=True)
        keep.mkdir()
        log.write_bytes(b"")
        self._build_with(Fault(self.ground.reports, CHANGES, nth, Action.DIE, log=log, keep=keep))
        cut(self.ground.reports, log, keep, loss)

    def _build_with(self, fault: Fault) -> None:
        ending = self.ground.driver.build(self.ground.workspace, self.text, fault)
        assert ending.signal == 9 or ending.code in (ExitCode.COMPLETE, ExitCode.ENVIRONMENT), ending

    @precondition(lambda self: self.folder.exists())
    @rule(place=st.integers(0, 30), how=st.sampled_from(["edit", "empty", "delete"]))
    def tamper_with_a_file(self, place: int, how: str) -> None:
        names = sorted(name for name in published_files(self.folder) if not name.endswith(".part"))
        if not names:
            return
        name = names[place % len(names)]
        self.touched.add(name)
        if how == "delete":
            (self.folder / name).unlink()
        else:
            (self.folder / name).write_text("手改" if how == "edit" else "", encoding="utf-8")

    @precondition(lambda self: self.ledger.exists() and self.ledger.stat().st_size > 0)
    @rule(place=st.floats(0, 1, exclude_max=True), how=st.sampled_from(["cut off", "damage", "lose"]))
    def damage_the_ledger(self, place: float, how: str) -> None:
        content = self.ledger.read_bytes()
        at = int(place * len(content))
        if how == "lose":
            self.ledger.unlink()
        else:
            self.ledger.write_bytes(content[:at] if how == "cut off" else content[:at] + b"\xff" + content[at + 1 :])
        # what is no longer on record may be of any version
        self.touched |= set(published_files(self.folder))

    @precondition(lambda self: self.internal.exists())
    @rule()
    def leave_a_dead_owners_lock(self) -> None:
        owner = {"pid": 2**22 + 1, "started": 1, "host": socket.gethostname(), "since": "2021-01-01T00:00:00+08:00"}
        (self.internal / "lock.json").write_text(json.dumps(owner), encoding="utf-8")

    @invariant()
    def every_file_nobody_touched_is_old_or_new(self) -> None:
        for name, content in published_files(self.folder).items() if self.folder.exists() else ():
            if name not in self.touched and name.endswith((".pdf", ".ipynb", ".csv", ".xlsx")):
                assert content in (self.ground.old.get(name), self.ground.new.get(name)), name

    def teardown(self) -> None:
        self.build()


QUICK = settings(max_examples=4, stateful_step_count=8, derandomize=True, database=None)
LONG = settings(max_examples=120, stateful_step_count=20, database=None)


@pytest.mark.parametrize("how_long", [QUICK, pytest.param(LONG, marks=pytest.mark.soak)], ids=["quick", "long"])
def test_in_any_order_a_build_ends_as_a_clean_one(ground: Ground, how_long: settings) -> None:
    run_state_machine_as_test(
        lambda: AnyOrder(ground),
        settings=settings(how_long, suppress_health_check=list(HealthCheck)),
    )
