"""Large sets: nothing fails, nothing grows, nothing is left, and what is killed, poisoned or refused changes no other.

The sizes are those of `make soak`; an environment variable named with each test makes it smaller or larger.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import region

from command import Command, built
from deliveries import Deliveries, Unwatched, internal_folder, leftovers, published_files
from deliveries import set_folder as trivial_set
from demo.county import YEARS
from misbehaving import Trouble, county, give_trouble, roster
from stats import params as parameters
from stats.build.documents.job import Job, Outcome
from stats.build.run import build
from stats.build.state.build_state import Options
from stats.errors import ExitCode

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs signals and /proc"),
]

MEGABYTE = 2**20


@pytest.fixture(autouse=True)
def _there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("command.LONGEST", 7200.0)


def size(name: str, usual: int) -> int:
    """How large a load is: as the environment says, else as usual."""
    return int(os.environ.get(f"STATS_LOAD_{name}", usual))


def set_folder(workspace: Path) -> Path:
    return workspace / f"reports/{YEARS[-1]}/meeting"


# Counties of real documents.


def test_a_county_of_20_towns_is_built_whole_by_2_workers(tmp_path: Path) -> None:
    """STATS_LOAD_FEW."""
    codes = region.county(tmp_path / "county", towns=size("FEW", 20))
    assert whole(tmp_path / "county", codes, "--jobs", "2") == {8}


def test_a_county_of_400_towns_is_built_whole_by_8_workers_and_any_20_alone_are_the_same(tmp_path: Path) -> None:
    """STATS_LOAD_MANY."""
    codes = region.county(tmp_path / "county", towns=size("MANY", 400))
    assert whole(tmp_path / "county", codes, "--jobs", "8") == {8}
    together = published_files(set_folder(tmp_path / "county"))
    chosen = sorted(random.Random(1).sample(codes, min(20, len(codes))))
    region.county(tmp_path / "alone", towns=len(codes))
    options = [part for code in chosen for part in ("--unit", code)]
    assert built(tmp_path / "alone", "--jobs", "2", *options)[0] == ExitCode.COMPLETE
    alone = {
        name: content
        for name, content in published_files(set_folder(tmp_path / "alone")).items()
        if any(code in name for code in chosen)
    }
    assert len(alone) == 3 * len(chosen)
    assert [name for name, content in alone.items() if together[name] != content] == []


def whole(workspace: Path, codes: Sequence[str], *options: str) -> set[int]:
    """Build a set in which nothing may go wrong; how many charts its towns have."""
    code, names = built(workspace, *options)
    assert code == ExitCode.COMPLETE
    assert len(names) == len(codes) + 2
    documents = json.loads((set_folder(workspace) / "manifest.json").read_bytes())["documents"]
    assert {each["state"] for each in documents} == {"complete"}
    return {each["images"] for each in documents if each["unit_code"] in codes}


def test_the_command_does_not_grow_over_a_region_of_many_counties(tmp_path: Path) -> None:
    """STATS_LOAD_REGION (towns altogether)."""
    region.write(tmp_path / "region", towns=size("REGION", 600))
    command = Command.build(tmp_path / "region", "--jobs", "2", "--format", "html")
    process, seen = psutil.Process(command.process.pid), []
    assert command.process.stdout is not None
    for line in command.process.stdout:
        if line.startswith(region.code_of(0)[:2]) and command.process.poll() is None:
            seen.append((process.memory_info().rss / MEGABYTE, process.num_fds()))
    code, errors = command.end()
    assert code == ExitCode.COMPLETE, errors
    assert command.left() == []
    memory, files = zip(*seen, strict=True)
    print(f"memory after each county {[round(each) for each in memory]} MB, files {files}")
    assert len(seen) >= 3
    assert max(memory) - memory[0] < 50
    assert max(files) - min(files) < 3, "one or two may be open at the moment of looking, not one more for each county"


# A whole nation, whose documents are delivered the moment they are asked for.


@dataclass
class Stopping(Deliveries):
    """Delivers so many documents, and then the run is told to end."""

    last: int = -1
    told: list[str] = field(default_factory=list)

    def outcomes(self, jobs: Sequence[Job], *, retries: int) -> Iterator[Outcome]:
        for outcome in super().outcomes(jobs, retries=retries):
            if len(self.told) == self.last:
                raise KeyboardInterrupt
            self.told.append(outcome.document)
            yield outcome


def test_a_nation_of_40000_towns_is_scheduled_resumed_and_kept_in_few_files(
    fast_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STATS_LOAD_NATION (towns altogether)."""
    towns = size("NATION", 40_000)
    region.write(fast_folder, towns=towns)
    counties = [parameters.load(folder) for folder in parameters.counties(fast_folder)]
    deliveries = Stopping()
    monkeypatch.setattr("stats.build.processes.workers.team", deliveries.team)
    memory, started = [], time.process_time()
    for place, params in enumerate(counties):
        if place == len(counties) // 2:
            stop_and_go_on(params, deliveries)
        assert build(params, Options(jobs=2), Unwatched()).exit_code == ExitCode.COMPLETE
        memory.append(psutil.Process().memory_info().rss / MEGABYTE)
    spent, started = time.process_time() - started, time.process_time()
    assert all(not build(params, Options(jobs=2), Unwatched()).built for params in counties)
    again = time.process_time() - started
    print(
        f"{towns} towns in {len(counties)} counties: {1000 * spent / towns:.2f} ms of CPU a town with reading, "
        f"{again:.1f} s to see that nothing is left to do; memory {memory[0]:.0f} to {max(memory):.0f} MB"
    )
    beside = sum(1 for folder in fast_folder.glob("counties/*/reports/*/.internal/*") for path in folder.rglob("*"))
    assert beside < 2 * towns + 20 * len(counties)
    assert max(memory) - memory[0] < 150, "figures of the largest county are held while it is built"


def stop_and_go_on(params: parameters.Params, deliveries: Stopping) -> None:
    """Stop a county's run in the middle; the next one makes the rest and nothing else."""
    deliveries.told.clear()
    deliveries.last = len(params.units) // 2
    with pytest.raises(KeyboardInterrupt):
        build(params, Options(jobs=2), Unwatched())
    deliveries.last = -1
    result = build(params, Options(jobs=2), Unwatched())
    assert len(result.built) == len(params.units) + 2 - len(deliveries.told[: len(params.units) // 2])


# Poison, bad data and random kills together; a disk that is nearly full.


def test_poison_bad_data_and_random_kills_end_in_the_set_of_a_quiet_run(tmp_path: Path) -> None:
    """STATS_LOAD_POISONED (towns), STATS_LOAD_KILLS."""
    towns, kills = size("POISONED", 400), size("KILLS", 20)
    units = roster(f"第{place}镇" for place in range(towns))
    draw = random.Random(5)
    poisoned = draw.sample(list(units), max(1, towns // 100))
    refused = set(draw.sample(sorted(set(units) - set(poisoned)), max(1, towns // 20)))
    county(tmp_path / "quiet", units, refused=refused)
    assert built(tmp_path / "quiet")[0] == ExitCode.DATA_REFUSED
    clean = published_files(trivial_set(tmp_path / "quiet"))
    workspace = county(tmp_path / "county", units, refused=refused).workspace
    deadly = Trouble("", "", source="import os\nos._exit(1)")
    give_trouble(workspace, {units[name]: deadly for name in poisoned})
    done = sum(killed_once(workspace, draw) for _ in range(kills))
    print(f"{done} of {kills} runs were hit before they ended")
    code, _ = built(workspace, "--retry", "1")
    failures = json.loads((internal_folder(workspace) / "failures.json").read_bytes())
    assert code == ExitCode.RUN_FAILED
    assert {each["unit"] for each in failures} == {units[name] for name in poisoned}
    give_trouble(workspace, {})
    code, names = built(workspace)
    assert (code, len(names)) == (ExitCode.DATA_REFUSED, len(poisoned))
    assert published_files(trivial_set(workspace)) == clean


def killed_once(workspace: Path, draw: random.Random) -> bool:
    """A run in which something is killed at a random moment: the command, the fork server or a worker."""
    command = Command.build(workspace, "--jobs", "4")
    whom = draw.choice(("command", "server", "worker"))
    time.sleep(draw.uniform(1, 8))
    was_running = command.process.poll() is None
    if was_running:
        kill(command, whom)
    command.end()
    assert command.left() == []
    return was_running


def kill(command: Command, whom: str) -> None:
    victims = {"command": [command.process.pid], "server": [each.pid for each in command.servers()]}
    for pid in victims.get(whom, command.workers()[:1]):
        os.kill(pid, signal.SIGKILL)


def test_a_disk_that_fills_up_ends_the_run_and_the_next_one_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """STATS_LOAD_FULL (towns)."""
    units = roster(f"第{place}镇" for place in range(size("FULL", 60)))
    county(tmp_path / "roomy", units)
    assert built(tmp_path / "roomy")[0] == ExitCode.COMPLETE
    clean = published_files(trivial_set(tmp_path / "roomy"))
    workspace = county(tmp_path / "county", units).workspace
    (workspace / "reports").mkdir()
    with small_disk(workspace / "reports", 24 * MEGABYTE):
        command = Command.build(workspace, "--jobs", "2")
        command.wait_for(lambda: any(workspace.glob("reports/*/*/*.pdf")))
        ballast(workspace / "reports", leaving=MEGABYTE // 4)
        code, errors = command.end()
        assert code == ExitCode.ENVIRONMENT
        assert "剩余空间" in errors
        assert command.left() == []
        lying = published_files(trivial_set(workspace))
        assert [name for name, content in lying.items() if "附件3" in name and content != clean[name]] == []
        assert len(lying) < len(clean)
        (workspace / "reports/ballast").unlink()
        code, names = built(workspace)
        assert (code, published_files(trivial_set(workspace)) == clean) == (ExitCode.COMPLETE, True)
        assert len(names) < len(units)
        assert leftovers(workspace) == []


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system of this size [bytes] at this folder."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def ballast(folder: Path, *, leaving: int) -> None:
    """Fill a file system but for so many bytes."""
    with (folder / "ballast").open("wb") as file:
        free = os.statvfs(folder)
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - leaving)
