"""Worker processes under supervision: one that hangs or dies costs its own document only. Makes no document."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import chdir, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing.connection import wait
from pathlib import Path

from stats import forking, publish
from stats.build.documents.failure import Failure
from stats.build.documents.job import Engine, Job, Outcome
from stats.build.processes import fork_server, scratch_dir
from stats.build.processes.starting import Process, Spawned, ending
from stats.build.processes.worker_main import (
    Setting,
    load_libraries,
    plotting_folder,
    prepare,
    read_and_prepare,
    serve_forked,
    serve_spawned,
)

# A notebook is ended at its time limit by the worker; the whole document a little later by us.
GRACE_SECONDS = 4.0
# A worker is replaced after so many documents: what typst remembers of them all is given back.
LONGEST_LIFE = 200
# The folder of several teams, where what they need is to be loaded in this process.
_SHARED: ContextVar[Path | None] = ContextVar("several teams", default=None)
# What may go better when it is tried again: the process died under it, which need not be its own fault.
WORTH_A_RETRY = frozenset({"W-DEAD", "K-DEAD", "K-OOM", "K-START"})


@dataclass(slots=True)
class _Worker:
    """A process, and what it is doing until when (monotonic clock)."""

    process: Process
    job: Job | None = None
    deadline: float = 0.0
    documents: int = 0


class Team:
    """At most ``size`` workers, each making one document at a time; ``start`` gives the process of a new one."""

    def __init__(self, size: int, start: Callable[[], Process]) -> None:
        self._size = size
        self._start = start
        self._workers: list[_Worker] = []
        self._is_stopped = False

    def outcomes(self, jobs: Iterable[Job], *, retries: int = 0) -> Generator[Outcome, None, None]:
        """The outcome of every job as it comes.

        A job is taken only when a worker is free for it, so ``jobs`` may be endless or wait for its next one. A worker
        that dies (W-DEAD) or does not answer in its document's time (W-HANGS) is replaced. A job whose process died
        is given out again up to ``retries`` times.
        """
        coming = iter(jobs)
        again: deque[Job] = deque()
        tried: defaultdict[str, list[Failure]] = defaultdict(list)
        while self._hand_out(again, coming):
            for job, outcome in self._collect():
                failure = outcome.failure
                is_worth_it = failure and failure.code in WORTH_A_RETRY and not self._is_stopped
                if failure and is_worth_it and len(tried[job.document]) < retries:
                    tried[job.document].append(failure)
                    again.append(job)
                else:
                    yield replace(outcome, earlier=tuple(tried[job.document]))

    def end(self) -> None:
        """End every worker: one that is idle by closing its pipe, a busy one at once with everything it started."""
        for worker in self._workers:
            if worker.job is not None:
                worker.process.kill()
        for worker in self._workers:
            worker.process.leave()
        self._workers.clear()

    def stop(self) -> None:
        """From another thread: what is being made is killed, and whoever waits for it sees that; no more is begun."""
        self._is_stopped = True
        for worker in list(self._workers):
            worker.process.kill()

    def _hand_out(self, again: deque[Job], coming: Iterator[Job]) -> bool:
        """Give every free place a job while there are jobs; False when there is nothing to wait for."""
        while not self._is_stopped and sum(worker.job is not None for worker in self._workers) < self._size:
            job = again.popleft() if again else next(coming, None)
            if job is None:
                break
            self._give(job, self._free())
        return any(worker.job for worker in self._workers)

    def _free(self) -> _Worker:
        """An idle worker, else a new one; one that has made enough documents is let go."""
        for worker in [each for each in self._workers if each.job is None]:
            if worker.documents < LONGEST_LIFE:
                return worker
            self._workers.remove(worker)
            worker.process.leave()
        self._workers.append(_Worker(self._start()))
        return self._workers[-1]

    def _give(self, job: Job, worker: _Worker) -> None:
        worker.job = job
        worker.deadline = time.monotonic() + job.seconds + GRACE_SECONDS
        if worker.documents == 0:
            worker.deadline += worker.process.start_seconds
        worker.documents += 1
        with suppress(OSError):  # it died while idle: collecting finds the pipe closed and says so
            worker.process.pipe.send(job)
        if self._is_stopped:  # while its process was being started
            worker.process.kill()

    def _collect(self) -> Iterator[tuple[Job, Outcome]]:
        """Wait until something happens, then the outcomes that are there."""
        busy = [(worker, worker.job) for worker in self._workers if worker.job is not None]
        seconds = max(0.0, min(worker.deadline for worker, _ in busy) - time.monotonic())
        ready = wait([worker.process.pipe for worker, _ in busy], timeout=seconds)
        for worker, job in busy:
            if worker.process.pipe in ready:
                yield job, self._received(worker, job)
            elif time.monotonic() >= worker.deadline:
                worker.process.kill()
                yield job, self._lost(worker, job, "W-HANGS", "工作进程在时限内没有结束，已中止")

    def _received(self, worker: _Worker, job: Job) -> Outcome:
        try:
            outcome: Outcome = worker.process.pipe.recv()
        except (EOFError, OSError):
            return self._lost(worker, job, "W-DEAD", "工作进程意外退出")
        worker.job = None
        if outcome.failure and outcome.failure.code in WORTH_A_RETRY:  # the kernel ends with that process too
            worker.process.blame_the_source()
        return outcome

    def _lost(self, worker: _Worker, job: Job, code: str, message: str) -> Outcome:
        self._workers.remove(worker)
        how = ending(worker.process.leave())
        worker.process.blame_the_source()
        remedy = "请检查内存是否不足，再单独重做该单位"
        told = f"{message}（{how}）" if how else message
        return Outcome(job.document, failure=Failure(job.document, job.unit, "worker", code, told, remedy))


@contextmanager
def team(
    *,
    size: int,
    engine: Engine,
    logs: Path,
    slow: tuple[str, ...] = (),
    read: Callable[[], object] = lambda: None,
) -> Iterator[Team]:
    """A team at work. When the block is left, by an exception included, every process is ended.

    With the engine ``warm`` this process is forked, with all it has read; where it has threads, a new one that has
    called ``read()``. ``slow`` names modules that the notebooks import and that take long. Temporary files of
    workers and kernels lie in one folder, closed to other users, that is removed at the end however the processes
    ended.
    """
    with scratch_dir.made() as private:
        setting = Setting(private=private, logs=logs, slow=slow)
        with _source(setting, engine, read) as start:
            members = Team(size, start)
            try:
                yield members
            finally:
                members.end()


@contextmanager
def several_teams() -> Iterator[None]:
    """For teams one after the other: what their processes need is loaded once, here, before the first of them."""
    with scratch_dir.made() as private:
        shared = _SHARED.set(private)
        try:
            yield
        finally:
            _SHARED.reset(shared)


@cache
def _load_here(folder: Path, slow: tuple[str, ...]) -> None:
    os.environ["MPLCONFIGDIR"] = plotting_folder(folder)
    with chdir(folder):  # a matplotlibrc in the current one is not for this
        load_libraries(slow)


@contextmanager
def _source(setting: Setting, engine: Engine, read: Callable[[], object]) -> Iterator[Callable[[], Process]]:
    if engine == "stock" or not forking.is_possible():
        yield partial(Spawned, partial(serve_spawned, setting))
        return
    play = partial(serve_forked, setting)
    if threading.active_count() > 1 or not publish.may_be_forked():
        prepared = partial(read_and_prepare, read, setting)
        server = fork_server.spawned(play, prepare=prepared, folder=setting.private)
    else:
        shared = _SHARED.get()
        if shared is not None:
            _load_here(shared, setting.slow)
        server = fork_server.forked(play, prepare=partial(prepare, setting), folder=setting.private)
    with server:
        yield server.fork
