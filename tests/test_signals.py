"""The command and its processes are told to end, or are killed: nothing is torn, nothing is left, and it goes on."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from command import Command, built
from deliveries import Unwatched, internal_folder, leftovers, published_files, set_folder
from misbehaving import HANGING, Trouble, county, give_trouble, roster
from stats.build.run import build
from stats.build.state.build_state import Options
from stats.errors import ExitCode
from stats.formats import OF_TEXT
from waiting import LONGEST

pytestmark = pytest.mark.skipif(
    not os.path.exists("/proc/self/stat"), reason="what is sent and looked at here is Linux"
)

DONE = ("甲镇", "乙镇")
BUSY = ("不听镇", "苦算镇")
LATER = ("丙镇", "丁镇")
UNITS = roster((*DONE, *BUSY, *LATER))
# Neither ends by being asked: one does not listen, one computes in C and holds the interpreter's lock.
TROUBLES = {
    "不听镇": "import signal, time\n"
    "for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\n"
    f"while True: time.sleep({HANGING})",
    "苦算镇": "7 ** (2 * 10**8)",
}
# Ends when it may go on.
WAITING = "import time\nwhile not Path('trouble/go').exists(): time.sleep(0.05)"


@dataclass
class Ground:
    """A workspace and what a run without any trouble makes of it."""

    workspace: Path
    clean: dict[str, bytes]

    @property
    def folder(self) -> Path:
        return set_folder(self.workspace)

    @property
    def files(self) -> dict[str, bytes]:
        return published_files(self.folder)

    def begin(self, sources: dict[str, str], *options: str, **settings: object) -> Command:
        """The command, as soon as every town that has something to do in its cell is doing it."""
        give_trouble(self.workspace, {UNITS[name]: Trouble("", "", source=text) for name, text in sources.items()})
        command = Command.build(self.workspace, "--jobs", "2", *options, **settings)  # type: ignore[arg-type]
        command.wait_for(lambda: all(self.tries(name) for name in sources))
        return command

    def tries(self, name: str) -> int:
        path = self.workspace / f"trouble/{UNITS[name]}.tries"
        return path.stat().st_size if path.exists() else 0

    def stem(self, name: str) -> str:
        return next(Path(path).stem for path in self.clean if UNITS[name] in path)

    def states(self) -> dict[str, str]:
        documents = json.loads((self.folder / "manifest.json").read_bytes())["documents"]
        return {each["unit_name"]: each["state"] for each in documents}

    def torn(self) -> list[str]:
        """Published documents that are neither absent nor as they should be."""
        return [name for name, content in self.files.items() if name.startswith("附件") and content != self.clean[name]]

    def leading_to(self, name: str) -> set[str]:
        """The documents whose page leads to that of another when nothing fails."""
        to = f'href="{quote(f"{name}.html")}"'.encode()
        return {Path(page).stem for page, content in self.clean.items() if page.startswith("附件") and to in content}

    def finish(self) -> set[str]:
        """Build what is missing, without trouble; the names of the documents that were built."""
        give_trouble(self.workspace, {})
        code, names = built(self.workspace, "--jobs", "2")
        assert code == ExitCode.COMPLETE
        assert self.files == self.clean
        return names

    def unfinished(self) -> set[str]:
        """The documents of which not every file is there."""
        lying = set(self.files)
        stems = {Path(name).stem for name in self.clean if name.endswith(".ipynb")}
        return {stem for stem in stems if not {f"{stem}.{suffix}" for suffix in OF_TEXT} <= lying}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    workspace = tmp_path_factory.mktemp("clean") / "county"
    result = build(county(workspace, UNITS), Options(jobs=2), Unwatched())
    assert result.exit_code == ExitCode.COMPLETE
    return published_files(set_folder(workspace))


@pytest.fixture
def ground(tmp_path: Path, clean: dict[str, bytes]) -> Iterator[Ground]:
    county(tmp_path / "county", UNITS)
    others = set(psutil.Process().children(recursive=True))
    yield Ground(tmp_path / "county", clean)
    for process in set(psutil.Process().children(recursive=True)) - others:
        process.kill()  # only where a test has failed in the middle


def ignore_hangups() -> None:
    """What nohup does before it starts a command."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGINT, ExitCode.INTERRUPTED, marks=pytest.mark.soak),  # test_cli.py sends these two
        pytest.param(signal.SIGTERM, ExitCode.TERMINATED, marks=pytest.mark.soak),
        (signal.SIGHUP, ExitCode.TERMINATED),
    ],
)
def test_a_run_told_to_end_does_so_and_leaves_what_is_finished(
    number: signal.Signals, code: ExitCode, ground: Ground
) -> None:
    command = ground.begin(TROUBLES)
    family = command.family()
    command.send(number)
    returned, errors = command.end()
    assert (returned, "已中断" in errors) == (code, True)
    assert psutil.wait_procs(family, timeout=LONGEST)[1] == []
    assert command.left() + leftovers(ground.workspace) == []
    assert ground.torn() == []
    assert {name: ground.states()[name] for name in (*DONE, *BUSY, *LATER)} == {
        **dict.fromkeys(DONE, "complete"),
        **dict.fromkeys((*BUSY, *LATER), "not_built"),
    }


def test_a_run_told_to_end_twice_ends_at_once(ground: Ground) -> None:
    command = ground.begin(TROUBLES)
    command.send(signal.SIGSTOP)  # so that both are there before it can act on the first
    command.send(signal.SIGTERM)
    command.send(signal.SIGINT)
    command.send(signal.SIGCONT)
    assert command.end()[0] in (ExitCode.INTERRUPTED, ExitCode.TERMINATED)
    assert command.left() == []
    assert ground.torn() == []
    assert {ground.stem(name) for name in (*BUSY, *LATER)} <= ground.unfinished()


def test_a_killed_run_leaves_no_process_and_no_temporary_file_and_the_next_one_goes_on_from_there(
    ground: Ground,
) -> None:
    command = ground.begin(TROUBLES)
    family = command.family()
    command.send(signal.SIGKILL)
    assert command.end()[0] == -signal.SIGKILL
    assert psutil.wait_procs(family, timeout=LONGEST)[1] == []
    assert command.left() == []
    assert ground.torn() == []
    unfinished = ground.unfinished()
    assert not unfinished & {ground.stem(name) for name in DONE}
    assert ground.finish() == unfinished


def test_a_run_goes_on_after_a_hangup_it_was_told_to_ignore_a_pause_and_the_loss_of_a_worker(ground: Ground) -> None:
    waiting = dict.fromkeys(BUSY, WAITING)
    command = ground.begin(
        waiting, "--retry", "1", before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN) and None
    )
    command.send(signal.SIGHUP)
    command.send(signal.SIGSTOP)
    lost = command.workers()[0]
    os.kill(lost, signal.SIGKILL)
    time.sleep(0.5)
    command.send(signal.SIGCONT)
    command.wait_for(lambda: sum(map(ground.tries, BUSY)) == 3)
    (ground.workspace / "trouble/go").touch()
    assert command.end()[0] == ExitCode.COMPLETE
    assert command.left() == []
    assert ground.files == ground.clean
    ledger = (internal_folder(ground.workspace) / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    retried = [line for line in map(json.loads, ledger) if line["event"] == "retried"]
    assert [line["code"] for line in retried] == ["W-DEAD"]
    assert retried[0]["unit"] in {UNITS[name] for name in BUSY}


def test_the_loss_of_a_worker_costs_the_document_it_was_making_and_no_other(ground: Ground) -> None:
    command = ground.begin(dict.fromkeys(BUSY, WAITING))
    os.kill(command.workers()[0], signal.SIGKILL)
    (ground.workspace / "trouble/go").touch()
    assert command.end()[0] == ExitCode.RUN_FAILED
    assert command.left() == []
    failures = json.loads((internal_folder(ground.workspace) / "failures.json").read_bytes())
    assert [(each["stage"], each["code"]) for each in failures] == [("worker", "W-DEAD")]
    lost = failures[0]["document"]
    assert ground.unfinished() == {lost}
    assert set(ground.torn()) == {f"{name}.html" for name in ground.leading_to(lost)}  # made without it
    assert ground.finish() >= {lost} | ground.leading_to(lost)


def test_the_loss_of_the_fork_server_ends_the_run_as_a_matter_of_the_machine_and_blames_no_town(
    ground: Ground,
) -> None:
    command = ground.begin(TROUBLES)
    family = command.family()
    (server,) = command.servers()
    server.kill()
    code, errors = command.end()
    assert code == ExitCode.ENVIRONMENT
    assert "[失败]" not in errors
    problem, remedy, _ = errors.strip().splitlines()[-3:]
    assert "预热进程" in problem
    assert remedy.startswith("处理办法：")
    assert psutil.wait_procs(family, timeout=LONGEST)[1] == []
    assert command.left() + leftovers(ground.workspace) == []
    assert {ground.states()[name] for name in (*BUSY, *LATER)} == {"not_built"}
    assert ground.torn() == []
    assert json.loads((internal_folder(ground.workspace) / "failures.json").read_bytes()) == []


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_of_stock_kernels_leaves_nothing_either(number: signal.Signals, ground: Ground) -> None:
    command = ground.begin(TROUBLES, "--engine", "stock")
    family = command.family()
    command.send(number)
    assert command.end()[0] in (ExitCode.TERMINATED, -signal.SIGKILL)
    assert psutil.wait_procs(family, timeout=LONGEST)[1] == []
    assert command.left() == []
    unfinished = ground.unfinished()
    assert ground.finish() == unfinished
