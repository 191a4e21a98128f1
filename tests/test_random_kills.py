"""A random process of a run gets a random signal at a random instant, while returns are read as well as later.

Whatever that was: every published document is the old or the new one, the command never says that all is there when
something is not, nothing is left behind, and the next run ends with the clean set.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from command import Command, built
from deliveries import Unwatched, internal_folder, leftovers, published_files, set_folder
from make_workspace import YEAR
from misbehaving import county, roster
from stats.build.run import build
from stats.build.state.build_state import Options
from stats.build.state.ledger import read
from stats.build.state.output_paths import OutputPaths
from stats.build.tables.findings_table import read_findings
from stats.errors import ExitCode
from stats.findings import Severity

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="what is sent here is Linux")

UNITS = roster(("甲镇", "乙镇", "丙镇"))
OPTIONS = ("--format", "html", "--jobs", "2")
QUICK, ALL = 12, 200
SIGNALS = (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV)
Files = dict[str, bytes]


def returns_of(workspace: Path, year: int, *, enlisted: int) -> None:
    """One file for each unit, so that reading them takes a while."""
    folder = workspace / f"data/returns/{year}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    head = "unit_code,unit_name,unit_type,stat_year,period,rec_enlisted,rec_enlisted_college\n"
    for name, code in UNITS.items():
        numbers = {"year": ",", "spring": "0,0", "autumn": f"{enlisted},4"}
        rows = [f"{code},{name},镇,{year},{period},{given}\n" for period, given in numbers.items()]
        (folder / f"{name}.csv").write_text(head + "".join(rows), encoding="utf-8")


@dataclass(frozen=True)
class Ground:
    """A workspace whose set is the old one and whose returns are the new ones; both sets as clean runs make them."""

    workspace: Path
    old: Files
    new: Files
    seconds: float

    def copy(self, folder: Path) -> Path:
        return shutil.copytree(self.workspace, folder)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("kills")
    workspace = folder / "old"
    params = county(workspace, UNITS)
    for year in (YEAR - 1, YEAR):
        returns_of(workspace, year, enlisted=5)
    options = Options(jobs=2, formats=("html",))
    assert build(params, options, Unwatched()).exit_code is ExitCode.COMPLETE
    old = published_files(set_folder(workspace))
    for year in (YEAR - 1, YEAR):
        returns_of(workspace, year, enlisted=6)
    clean = shutil.copytree(workspace, folder / "new")
    started = time.monotonic()
    code, names = built(clean, *OPTIONS)
    assert (code, len(names)) == (ExitCode.COMPLETE, len(UNITS) + 2)
    return Ground(workspace, old, published_files(set_folder(clean)), time.monotonic() - started)


@dataclass(frozen=True)
class Blow:
    """What is sent, and when: while the first process of the run is there (it reads the returns), or later."""

    number: signal.Signals
    reading: bool
    wait: float
    choice: float

    @classmethod
    def random(cls, seed: int, seconds: float) -> Blow:
        chance = random.Random(seed)
        reading = chance.random() < 0.4
        wait = chance.random() * (0.05 if reading else seconds)
        return cls(SIGNALS[seed % len(SIGNALS)], reading, wait, chance.random())


def strike(command: Command, blow: Blow) -> str:
    """Send it to one of the processes that are there; what was struck, in words."""
    if blow.reading:
        with suppress(RuntimeError):  # it may be over before anybody has looked
            command.wait_for(command.family)
    time.sleep(blow.wait)
    with suppress(psutil.Error):
        family = [psutil.Process(command.process.pid), *command.family()]
        struck = family[int(blow.choice * len(family))]
        told = (
            f"{blow.number.name} to process {family.index(struck)} of {len(family)}: {' '.join(struck.cmdline())[-60:]}"
        )
        struck.send_signal(blow.number)
        if blow.number is signal.SIGSTOP:
            time.sleep(0.3)
            struck.send_signal(signal.SIGCONT)
        return told
    return "nobody was there any more"


def faults_after(workspace: Path, ground: Ground, code: int) -> Iterator[str]:
    """What is not as it must be after a run that ended so."""
    files = published_files(set_folder(workspace))
    for name, content in files.items():
        if (
            name.startswith("附件")
            and name.endswith((".html", ".ipynb"))
            and content not in (ground.old[name], ground.new[name])
        ):
            yield f"{name} is neither old nor new"
    documents = {name for name in ground.old if name.startswith("附件")}
    if gone := sorted(documents - set(files)):
        yield f"no more there: {gone}"
    if code == ExitCode.COMPLETE and files != ground.new:
        yield "exit code 0, and not everything is there"
    if code == ExitCode.DATA_REFUSED:
        yield "the data were blamed"
    found = read_findings(OutputPaths(workspace, YEAR, "meeting").findings)
    if found is None:
        yield "no findings"
    yield from (f"refused: {each.message}" for each in found or () if each.severity is Severity.FATAL)


def faults_of_a_blow(workspace: Path, ground: Ground, blow: Blow) -> list[str]:
    command = Command.build(workspace, *OPTIONS)
    struck = strike(command, blow)
    try:
        code, errors = command.end()
    finally:
        if command.process.poll() is None:
            command.process.kill()
    found = [*faults_after(workspace, ground, code), *command.left()]
    code_of_next, _ = built(workspace, *OPTIONS)
    if code_of_next != ExitCode.COMPLETE:
        found.append(f"the next run ends with {code_of_next}")
    if published_files(set_folder(workspace)) != ground.new:
        found.append("the next run does not end with the clean set")
    found += leftovers(workspace)
    read(internal_folder(workspace) / "ledger.jsonl")
    return [f"{blow} ({struck}; code {code}, {errors.strip()[-200:]}): {fault}" for fault in found]


@pytest.mark.parametrize(
    "seed", [*range(QUICK), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(QUICK, ALL))]
)
def test_a_signal_to_any_process_at_any_instant_makes_no_lie(tmp_path: Path, ground: Ground, seed: int) -> None:
    workspace = ground.copy(tmp_path / "county")
    found = faults_of_a_blow(workspace, ground, Blow.random(seed, ground.seconds))
    assert not found, "\n".join(found)


def test_the_blows_are_of_every_kind() -> None:
    """Of the quick ones too: each signal, while returns are read and later."""
    for count in (QUICK, ALL):
        blows = [Blow.random(seed, 1.0) for seed in range(count)]
        assert {blow.number for blow in blows} == set(SIGNALS)
        assert {blow.reading for blow in blows} == {True, False}
