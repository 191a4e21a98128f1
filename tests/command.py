"""The command in a process of its own, with temporary files of its own, and what there is of it afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deliveries import leftovers
from misbehaving import gone, processes_of
from waiting import LONGEST

SOURCE = Path(__file__).resolve().parents[1] / "src"


@dataclass
class Command:
    """``stats build`` at work in a workspace."""

    process: subprocess.Popen[str]
    workspace: Path
    temporary: Path

    @classmethod
    def build(
        cls,
        workspace: Path,
        *options: str,
        surroundings: Mapping[str, str] = {},
        before: Callable[[], None] | None = None,
    ) -> Command:
        """Start it; ``before`` is called in the new process."""
        temporary = Path(tempfile.mkdtemp(prefix="t-"))

        def begin() -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored below a shell that started us with &
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored below nohup
            if before is not None:
                before()

        process = subprocess.Popen(
            [sys.executable, "-m", "stats", "build", "--workspace", str(workspace), *options],
            env={**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(temporary), **surroundings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=begin,
        )
        return cls(process, workspace, temporary)

    def wait_for(self, there: Callable[[], bool]) -> None:
        """Until something is there, while the command is at work."""
        until = time.monotonic() + LONGEST
        while not there():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"it did not come to that: {self.process.communicate()}")
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        """Everything it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def servers(self) -> list[psutil.Process]:
        """The process that the workers and kernels are forked from, if it is there."""
        return psutil.Process(self.process.pid).children()

    def workers(self) -> list[int]:
        """The processes that make documents."""
        logs = self.workspace.glob("reports/*/.internal/*/logs/worker-*.log")
        found = [int(path.stem.partition("-")[2]) for path in logs]
        return [pid for pid in found if psutil.pid_exists(pid)]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said on the error output."""
        _, errors = self.process.communicate(timeout=LONGEST)
        return self.process.returncode, errors

    def left(self) -> list[str]:
        """What does not go after its end: processes, temporary files, locks; the folder goes now."""
        found = gone(
            lambda: [
                *processes_of(self.workspace),
                *processes_of(self.temporary),
                *map(str, self.temporary.iterdir()),
            ]
        )
        if not found:
            self.temporary.rmdir()
        return found


def built(workspace: Path, *options: str) -> tuple[int, set[str]]:
    """Build to the end; the exit code and the names of the documents that were built."""
    command = Command.build(workspace, "--json", *options)
    output, _ = command.process.communicate(timeout=LONGEST)
    found = command.left() + leftovers(workspace)
    if found:
        raise RuntimeError(f"left behind: {found}")
    answer: dict[str, Any] = json.loads(output)
    return command.process.returncode, {each["name"] for each in answer["documents"] if each["built"]}
