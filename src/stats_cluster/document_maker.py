"""What a dask worker does for a run: it is looked at, and makes documents as a local run does. Decides nothing."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
from distributed import Status, WorkerPlugin, get_worker

from stats import report
from stats.build.documents.notebooks import slow_imports
from stats.build.processes import workers
from stats.errors import RunEnvironmentError, StatsError
from stats_cluster.fingerprint import EnvironmentFingerprint, differences, fingerprint
from stats_cluster.handover import Delivery, Order, at_home, failed, send
from stats_cluster.ports import reachable

if TYPE_CHECKING:
    from distributed import Worker

IDLE_SECONDS = 120.0


def make(order: Order) -> Delivery:
    """The document that is ordered, made by the processes that this dask worker keeps for the run."""
    maker: DocumentMaker = get_worker().plugins[order.run]
    return maker.make(order)


class DocumentMaker(WorkerPlugin):  # type: ignore[misc]
    """Looks, on every worker there is and every one that joins, whether it fits, and makes documents there.

    A worker that fits is given the resource named like the run, one for each of its threads: dask then hands it as many
    orders at a time and hands none to others. One that does not says so under the same topic, in Chinese.
    """

    def __init__(self, run: str, expected: EnvironmentFingerprint, workspace: Path, year: int, edition: str) -> None:
        self.name = run
        self._expected = expected
        self._county = (workspace, year, edition)

    async def setup(self, worker: Worker) -> None:
        self._lock = threading.Lock()
        self._home = Path(worker.local_directory) / self.name  # dask removes it with the worker's own
        self._rooms: list[_Room] = []
        self._is_over = False
        self._idle_since = time.monotonic()
        multiprocessing.current_process().daemon = False  # dask's nannies forbid their workers children of their own
        found = await asyncio.to_thread(self._refusal, worker)
        if found:
            worker.log_event(self.name, {"worker": worker.address, "refusal": found})
            return
        await worker.set_resources(**{self.name: worker.state.nthreads})
        # The scheduler looks again for a worker for what none was fit for when one that paused goes on.
        worker.status = Status.paused
        worker.status = Status.running
        self._watch = asyncio.create_task(self._rest())

    async def teardown(self, worker: Worker) -> None:
        self._is_over = True
        if self.name in worker.state.total_resources:
            self._watch.cancel()
            with suppress(OSError, KeyError):  # the scheduler is gone, or has let this worker go
                await worker.set_resources(**{self.name: 0})
        await asyncio.to_thread(self._end)

    def make(self, order: Order) -> Delivery:
        """The document, by processes that stay for the next order; nothing is begun once the run is over."""
        room = self._taken(order)
        try:
            return room.make(order)
        except RunEnvironmentError as error:
            room.close()
            return Delivery("", failed(order.job, "W-START", f"工作进程没有启动：{error.problem}", error.remedy))
        except BaseException:
            room.close()
            raise
        finally:
            self._put_back(room)

    def _refusal(self, worker: Worker) -> list[str]:
        workspace, year, edition = self._county
        seen = fingerprint(workspace, year, edition, list(self._expected["inputs"]), list(self._expected["notebooks"]))
        ports = "、".join(map(str, _open_ports(worker)))
        return [*([f"未加密而对外开放端口 {ports}"] if ports else []), *differences(self._expected, seen)]

    def _taken(self, order: Order) -> _Room:
        with self._lock:
            room = next((each for each in self._rooms if not each.is_busy), None)
            if room is None:
                room = _Room(self._home / str(len(self._rooms)), partial(_read_ahead, *self._county))
                self._rooms.append(room)
            room.is_busy = True
            return room

    def _put_back(self, room: _Room) -> None:
        with self._lock:
            room.is_busy = False
            self._idle_since = time.monotonic()
            if self._is_over:
                room.close()

    def _end(self) -> None:
        """What is being made is killed, and the thread that waits for it sees it end; the rest is let go."""
        with self._lock:
            for room in self._rooms:
                room.stop() if room.is_busy else room.close()

    async def _rest(self) -> None:
        """For as long as the run goes on: one whose own process was killed never says that it is over."""
        while True:
            await asyncio.sleep(IDLE_SECONDS / 4)
            if time.monotonic() - self._idle_since > IDLE_SECONDS:
                await asyncio.to_thread(self._close_idle)

    def _close_idle(self) -> None:
        with self._lock:
            for room in self._rooms:
                if not room.is_busy:
                    room.close()


class _Room:
    """One document at a time: the team that makes it, kept from one to the next, and the folder for its files."""

    def __init__(self, folder: Path, read: partial[None]) -> None:
        self.is_busy = False
        self._folder = folder
        self._read = read
        self._stack = ExitStack()
        self._team: workers.Team | None = None
        self._is_stopped = False

    def make(self, order: Order) -> Delivery:
        job = at_home(order.job, self._folder)
        if self._team is None:
            for folder in (job.staged, job.failed, self._logs):
                folder.mkdir(parents=True, exist_ok=True)
            slow = slow_imports([job.notebook])
            self._team = self._stack.enter_context(
                workers.team(size=1, engine=job.engine, logs=self._logs, slow=slow, read=self._read)
            )
            if self._is_stopped:
                self._team.stop()
        (outcome,) = self._team.outcomes([job], retries=order.retries)
        return send(order, outcome, self._folder, log=self._latest_log())

    def stop(self) -> None:
        """From another thread: what is being made comes to nothing."""
        self._is_stopped = True
        if self._team is not None:
            self._team.stop()

    def close(self) -> None:
        """Everything of it ends; the next order begins anew."""
        self._stack.close()
        self._team = None

    @property
    def _logs(self) -> Path:
        return self._folder / "logs"

    def _latest_log(self) -> Path:
        """The log of the worker process at work: one that was replaced has left its own."""
        logs = self._logs.glob("worker-*.log")
        return max(logs, key=lambda path: path.stat().st_mtime_ns, default=self._logs / "none")


def _read_ahead(workspace: Path, year: int, edition: str) -> None:
    """Read the returns once for all documents; a notebook that cannot tells of it itself."""
    with suppress(StatsError):
        report.load(workspace, year=year, edition=edition)


def _open_ports(worker: Worker) -> list[int]:
    """The nanny is this process's parent and listens too."""
    own = psutil.Process()
    parent = own.parent()
    processes = [own, parent] if worker.nanny and parent else [own]
    addresses = [urlsplit(address) for address in (worker.address, worker.nanny or "")]
    return reachable(processes, encrypted={part.port for part in addresses if part.scheme == "tls" and part.port})
