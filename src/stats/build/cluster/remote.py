"""What runs in a dask worker: it introduces itself and hands orders to delegate processes of its own. Makes nothing."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import psutil

from stats.build.cluster.delegate import MARK, surroundings
from stats.build.cluster.fingerprint import fingerprint
from stats.build.cluster.ports import reachable
from stats.build.processes.process_tags import kill_marked

if TYPE_CHECKING:
    from distributed import Worker

END_SECONDS = 10.0
IDLE_SECONDS = 120.0

Answer = tuple[Literal["made", "replaced", "W-DEAD", "W-HANGS", "W-START"], bytes]


def introduce(workspace: str, year: int, edition: str, inputs: list[str], notebooks: list[str]) -> dict[str, Any]:
    """Who this worker is, what it sees, and the ports it leaves open; built-in types only."""
    worker = _worker()
    return {
        "id": worker.id,
        "looks": fingerprint(workspace, year, edition, inputs, notebooks),
        "ports": _open_ports(worker),
    }


def make(order: bytes, run: str, worker: str, seconds: float) -> Answer:
    """Have a pickled order carried out by a delegate, within so many seconds of wall clock.

    A delegate that dies or hangs is ended with everything it started. Nothing is begun if this is not the ``worker``
    that was checked but another one at the same address, or if the run is over.
    """
    if _worker().id != worker or not _DELEGATES.is_wanted(run):
        return "replaced", b""
    try:
        delegate = _DELEGATES.take(run)
    except OSError:
        logging.getLogger(__name__).exception("no delegate process could be started")
        return "W-START", b""
    try:
        answer = delegate.carry_out(order, seconds)
    except BaseException:
        _DELEGATES.drop(run, delegate)
        raise
    if answer[0] == "made":
        _DELEGATES.put_back(run, delegate)
    else:
        _DELEGATES.drop(run, delegate)
    return answer


def end_run(run: str) -> None:
    """End every delegate of the run, busy or not, without waiting for it."""
    _DELEGATES.end_run(run)


def _worker() -> Worker:
    from distributed import get_worker

    return get_worker()


def _open_ports(worker: Worker) -> list[int]:
    """The nanny is this process's parent and listens too."""
    own = psutil.Process()
    parent = own.parent()
    processes = [own, parent] if worker.nanny and parent else [own]
    addresses = [urlsplit(address) for address in (worker.address, worker.nanny or "")]
    return reachable(processes, encrypted={part.port for part in addresses if part.scheme == "tls" and part.port})


class _Delegate:
    """A child that makes documents, in a session of its own; its standard input is the way to it."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix=f"stats-{os.getpid()}-")
        self.pipe, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "stats.build.cluster.delegate", self.folder]
        self.process = subprocess.Popen(
            command,
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=surroundings(self.folder),
            start_new_session=True,
        )
        theirs.close()
        self.idle_since = time.monotonic()

    def carry_out(self, order: bytes, seconds: float) -> Answer:
        try:
            self.pipe.send_bytes(order)
            if not self.pipe.poll(seconds):
                return "W-HANGS", b""
            return "made", self.pipe.recv_bytes()
        except (EOFError, OSError):
            return "W-DEAD", b""

    def ask_to_end(self) -> None:
        """Begin its end: it then ends what it started and removes its files."""
        self.process.terminate()

    def end(self) -> None:
        """End it, and whatever it started or left, by force if need be."""
        self.pipe.close()
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        kill_marked(MARK, self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)


class _Delegates:
    """The delegates of this dask worker, kept from one order to the next; those idle for long are ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[str, list[_Delegate]] = {}
        self._busy: dict[str, list[_Delegate]] = {}
        self._over: deque[str] = deque(maxlen=1000)
        self._sweeper: threading.Thread | None = None

    def is_wanted(self, run: str) -> bool:
        return run not in self._over

    def take(self, run: str) -> _Delegate:
        with self._lock:
            idle = self._idle.get(run)
            delegate = idle.pop() if idle else _Delegate()
            self._busy.setdefault(run, []).append(delegate)
            return delegate

    def put_back(self, run: str, delegate: _Delegate) -> None:
        delegate.idle_since = time.monotonic()
        with self._lock:
            self._no_longer_busy(run, delegate)
            is_wanted = self.is_wanted(run)
            if is_wanted:
                self._idle.setdefault(run, []).append(delegate)
                self._start_sweeper()
        if not is_wanted:
            delegate.end()

    def drop(self, run: str, delegate: _Delegate) -> None:
        """A delegate that is of no more use."""
        with self._lock:
            self._no_longer_busy(run, delegate)
        delegate.end()

    def _no_longer_busy(self, run: str, delegate: _Delegate) -> None:
        busy = self._busy.get(run, [])
        if delegate in busy:
            busy.remove(delegate)
        if not busy:
            self._busy.pop(run, None)

    def end_run(self, run: str) -> None:
        with self._lock:
            self._over.append(run)
            busy, idle = self._busy.pop(run, []), self._idle.pop(run, [])
        for delegate in busy:
            delegate.ask_to_end()  # the thread that waits for it sees it end
        for delegate in idle:
            threading.Thread(target=delegate.end, daemon=True).start()

    def _start_sweeper(self) -> None:
        if self._sweeper is None:
            self._sweeper = threading.Thread(target=self._sweep, daemon=True, name="stats-delegates")
            self._sweeper.start()

    def _sweep(self) -> None:
        """For ever: a run whose own process was killed never says that it is over."""
        while True:
            time.sleep(IDLE_SECONDS / 4)
            for delegate in self._idle_for_long():
                delegate.end()

    def _idle_for_long(self) -> list[_Delegate]:
        before = time.monotonic() - IDLE_SECONDS
        with self._lock:
            old = [delegate for idle in self._idle.values() for delegate in idle if delegate.idle_since < before]
            self._idle = {run: [each for each in idle if each not in old] for run, idle in self._idle.items()}
        return old


_DELEGATES = _Delegates()
