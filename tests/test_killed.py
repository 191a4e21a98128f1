"""A run is killed, or the power goes, at any instant: what lies there is old or new, and the next run finishes it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from deliveries import internal_folder, published_files, set_folder
from fault_checks import NEW, OLD, Ground
from fault_driver import set_version
from fault_shim import CHANGES, Action, Fault, Kind
from make_workspace import FINE
from power_cut import Call, Loss, calls, cut
from stats.errors import ExitCode

# How many instants are tried by the quick suite: each has its turn in `pytest -m soak`.
STRIDE = 7
QUICK_KILLS, ALL_KILLS = 25, 200


def total(ground: Ground, kinds: Kind, *, first_run: bool = False) -> int:
    return ground.calls(Fault(ground.reports, kinds), empty=first_run)


# At the n-th call, for every n: before each change of the disk, and in the middle of each write.


def faults_when_killed(ground: Ground, fault: Fault) -> list[str]:
    ground.restore()
    ending = ground.run(fault)
    found = [] if ending.signal == 9 else [f"was not killed but ended with {ending}"]
    found += [*ground.faults_of_the_set(killed=True), *ground.faults_after_resuming()]
    return [f"call {fault.nth}: {problem}" for problem in found]


@pytest.mark.parametrize(("kinds", "action"), [(CHANGES, Action.DIE), (Kind.WRITE, Action.DIE_TORN)])
@pytest.mark.parametrize("stride", [STRIDE, pytest.param(1, marks=pytest.mark.soak)])
def test_killed_before_or_in_any_call_every_file_is_old_or_new(
    ground: Ground, kinds: Kind, action: Action, stride: int
) -> None:
    found: list[str] = []
    for nth in range(1, total(ground, kinds) + 1, stride):
        found += faults_when_killed(ground, Fault(ground.reports, kinds, nth, action))
    assert not found, "\n".join(found)


# A power cut: also lost is what was not flushed.


def faults_when_the_power_goes(ground: Ground, nth: int, loss: Loss, *, first_run: bool) -> list[str]:
    ground.restore(empty=first_run)
    log, keep = ground.folder / "log", ground.folder / "keep"
    shutil.rmtree(keep, ignore_errors=True)
    keep.mkdir()
    log.write_bytes(b"")
    ground.run(Fault(ground.reports, CHANGES, nth, Action.DIE, log=log, keep=keep))
    cut(ground.reports, log, keep, loss)
    found = [*ground.faults_of_the_set(killed=True), *ground.faults_after_resuming()]
    return [f"call {nth}, {loss.value} lost: {problem}" for problem in found]


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("first_run", [False, True])
@pytest.mark.parametrize("stride", [2 * STRIDE, pytest.param(1, marks=pytest.mark.soak)])
def test_after_a_power_cut_every_file_is_old_or_new(ground: Ground, loss: Loss, first_run: bool, stride: int) -> None:
    found: list[str] = []
    first = 1 + 3 * list(Loss).index(loss) % stride
    for nth in range(first, total(ground, CHANGES, first_run=first_run) + 1, stride):
        found += faults_when_the_power_goes(ground, nth, loss, first_run=first_run)
    assert not found, "\n".join(found)


def test_a_power_cut_is_told_from_a_kill_by_what_it_takes_away(tmp_path: Path) -> None:
    """The simulation itself: bytes and names that were not flushed are lost, and those that were are not."""
    folder, keep, log = tmp_path / "reports", tmp_path / "keep", tmp_path / "log"
    folder.mkdir()
    keep.mkdir()
    for name, content in (("flushed", "新"), ("unflushed", "新"), ("renamed", "新")):
        (folder / name).write_text(content, encoding="utf-8")
    (keep / "1").write_text("旧", encoding="utf-8")
    number = {name: (folder / name).stat().st_ino for name in ("flushed", "unflushed", "renamed")}
    lines = [
        ("create", number["flushed"], 0, folder / "flushed", "", 0),
        ("sync", number["flushed"], 3, folder / "flushed", "", 0),
        ("sync", 1, 0, folder, "", 0),
        ("open", number["unflushed"], 1, folder / "unflushed", "", 0),
        ("rename", number["renamed"], 3, folder / "draft", folder / "renamed", 1),
    ]
    log.write_text("".join("\t".join(map(str, line)) + "\n" for line in lines), encoding="utf-8")
    cut(folder, log, keep, Loss.BOTH)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "flushed": "新".encode(),
        "unflushed": "新".encode()[:1],
        "renamed": "旧".encode(),
        "draft": "新".encode(),
    }


@pytest.fixture(scope="module")
def order(ground: Ground) -> list[Call]:
    """Every change of the disk in a run in which nothing goes wrong."""
    log = ground.folder / "order"
    ground.restore()
    assert ground.run(Fault(ground.reports, CHANGES, log=log)).code == ExitCode.COMPLETE
    return calls(log)


def is_published(call: Call) -> bool:
    return call.what == "rename" and ".internal" not in call.second.parts


def is_ledger(call: Call) -> bool:
    return call.first.name == "ledger.jsonl"


def test_no_file_gets_its_name_before_its_bytes_are_flushed(order: list[Call]) -> None:
    named = [place for place, call in enumerate(order) if is_published(call)]
    assert len(named) == 2 * 4 + 4, "two documents, the indicators, the volume, the index page and the manifest"
    for place in named:
        inode = order[place].inode
        last = [call.what for call in order[:place] if call.inode == inode and call.what in ("write", "sync")][-1]
        assert last == "sync", order[place].second.name


def test_no_document_gets_its_name_before_the_ledger_is_flushed(order: list[Call]) -> None:
    ledger = [(place, call.what) for place, call in enumerate(order) if is_ledger(call)]
    for place, call in enumerate(order):
        if is_published(call) and call.first.parent.name == "staged":
            assert [what for at, what in ledger if at < place][-1] == "sync", call.second.name


def test_the_folder_is_flushed_after_a_document_has_its_names_and_before_the_ledger_says_so(
    order: list[Call],
) -> None:
    for place, call in enumerate(order):
        if is_published(call) and call.first.parent.name == "staged":
            flushed = [at for at, other in enumerate(order) if other.what == "sync" and other.first == call.folder]
            lines = [
                at for at, other in enumerate(order) if (other.what, other.first.name) == ("write", "ledger.jsonl")
            ]
            assert min(at for at in flushed if at > place) < min(at for at in lines if at > place)


# At a random instant, one after the other, the returns going back and forth between two states.


def kill_again_and_again(ground: Ground, *, times: int, seed: int) -> None:
    chance = random.Random(seed)
    ground.restore()
    found: list[str] = []
    killed = 0
    for time in range(times):
        text = chance.choice([OLD, NEW])
        set_version(ground.workspace, text)
        ending = ground.driver.build(ground.workspace, text, after=chance.uniform(0, 0.12))
        killed += ending.signal == 9
        found += [f"kill {time}: {problem}" for problem in ground.faults_of_the_set(killed=True)]
    set_version(ground.workspace, NEW)
    found += ground.faults_after_resuming()
    assert not found, "\n".join(found)
    assert killed, "every run ended before it was killed"


def test_killed_at_random_instants_every_file_is_old_or_new(ground: Ground) -> None:
    kill_again_and_again(ground, times=QUICK_KILLS, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 6))
def test_killed_two_hundred_times_every_file_is_old_or_new(ground: Ground, seed: int) -> None:
    kill_again_and_again(ground, times=ALL_KILLS, seed=seed)


def test_resuming_redoes_only_what_was_unfinished(ground: Ground) -> None:
    """Killed while the second of two documents is published: the first is not delivered a second time."""
    ground.restore()
    ledger = internal_folder(ground.workspace) / "ledger.jsonl"
    # the ledger's first two lines of a run tell of the first document, the third of the second
    killed = ground.run(Fault(ledger, Kind.WRITE, 3, Action.DIE))
    assert killed.signal == 9
    resumed = ground.run()
    assert resumed.made == [f"附件3-01-{FINE}-沐云街道-会议本"]
    assert published_files(set_folder(ground.workspace)) == ground.new


def test_a_document_whose_files_were_all_staged_is_not_delivered_again(ground: Ground) -> None:
    ground.restore()
    ledger = internal_folder(ground.workspace) / "ledger.jsonl"
    assert ground.run(Fault(ledger, Kind.WRITE, 4, Action.DIE)).signal == 9
    assert ground.run().made == []
    assert published_files(set_folder(ground.workspace)) == ground.new
