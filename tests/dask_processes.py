"""A dask scheduler and workers as processes of their own on this machine, to be stopped, killed and scaled."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from waiting import LONGEST, becomes_true

LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")


@dataclass
class Cluster:
    """Processes started for one test; whatever they started ends with them."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self, module: str, *arguments: str, python: Path = Path(sys.executable), **environment: str
    ) -> subprocess.Popen[bytes]:
        log = self.folder / f"{module}-{len(self.workers)}.log"
        surroundings = {**os.environ, **self.environment, **environment}
        command = [str(python), "-m", f"distributed.cli.{module}", *arguments]
        with log.open("wb") as written:
            return subprocess.Popen(
                command, cwd=self.folder, env=surroundings, stdout=written, stderr=written, start_new_session=True
            )

    def start_scheduler(self, *arguments: str) -> None:
        self.scheduler = self.start("dask_scheduler", *(arguments or (*LOOPBACK, "--port", "0")))
        self.address = self._announced(self.folder / "dask_scheduler-0.log")

    def start_worker(
        self, *arguments: str, threads: int = 1, python: Path = Path(sys.executable), **environment: str
    ) -> subprocess.Popen[bytes]:
        given = arguments or LOOPBACK
        local = ("--local-directory", str(self.folder), "--nthreads", str(threads))
        worker = self.start("dask_worker", self.address, *given, *local, python=python, **environment)
        self.workers.append(worker)
        return worker

    def end(self) -> None:
        """End all in good order, so that they remove their files; what does not end is killed."""
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            below = below_of(process.pid)
            process.terminate()
            _, alive = psutil.wait_procs([*below, psutil.Process(process.pid)] if process.poll() is None else below, 15)
            for each in alive:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            process.wait()

    def _announced(self, log: Path) -> str:
        def said() -> re.Match[str] | None:
            return re.search(r"Scheduler at:\s+(\S+)", log.read_text(encoding="utf-8"))

        becomes_true(said)
        if (found := said()) is None:
            raise TimeoutError(f"no scheduler: {log.read_text(encoding='utf-8')}")
        return found[1]


@contextmanager
def cluster(folder: Path, *, workers: int = 0, **environment: str) -> Iterator[Cluster]:
    """A scheduler and so many workers of one thread each, on loopback."""
    folder.mkdir(parents=True, exist_ok=True)
    given = Cluster(folder, environment)
    try:
        given.start_scheduler()
        for _ in range(workers):
            given.start_worker()
        yield given
    finally:
        given.end()


def worker_process(nanny: subprocess.Popen[bytes]) -> psutil.Process:
    """The process that does the work, below the nanny that starts it again when it dies."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        for child in psutil.Process(nanny.pid).children():
            if "spawn_main" in " ".join(child.cmdline()):
                return child
        time.sleep(0.1)
    raise TimeoutError("the nanny has started no worker")


def below_of(pid: int) -> list[psutil.Process]:
    """The processes below one that may be gone."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
