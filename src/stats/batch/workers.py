"""Worker processes under supervision: one that hangs or dies costs its own document only. Makes no document."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from stats.batch.failure import Failure
from stats.batch.job import Job, Outcome
from stats.errors import SurroundingsError

GRACE_SECONDS = 60.0
LONGEST_FOLDER = 70
_PROCESSES = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    """A process, the pipe to it, and what it is doing until when (monotonic clock)."""

    process: multiprocessing.process.BaseProcess
    pipe: Connection
    job: Job | None = None
    deadline: float = 0.0


def run(
    jobs: Iterable[Job], *, workers: int, logs: Path, surroundings: Mapping[str, str]
) -> Generator[Outcome, None, None]:
    """The outcome of every job as it comes, with at most ``workers`` processes, each making one document at a time.

    A job is taken from ``jobs`` only when a worker is free for it, and every outcome is handed over before the next
    is taken: ``jobs`` may be endless, or wait for its next job to arrive.

    ``surroundings`` are set in the environment of each process. A worker that dies (W-DEAD) or does not answer
    after its document's time limit (W-HANGS) is replaced. When the caller stops early, by an exception included,
    every process is ended. Temporary files of workers and kernels lie in one folder, closed to other users, that is
    removed at the end even if a worker had to be killed.
    """
    waiting = iter(jobs)
    team: list[_Worker] = []
    with TemporaryDirectory(prefix="stats-", ignore_cleanup_errors=True) as private:
        _refuse_long_path(private)
        start = partial(_start, logs, {**surroundings, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), private)})
        try:
            while _hand_out(waiting, team, workers, start):
                yield from _collect(team)
        finally:
            for worker in team:
                _end(worker)


def _refuse_long_path(folder: str) -> None:
    """A socket's path may have about 100 bytes; below ``folder`` it needs 30."""
    if os.name == "posix" and len(os.fsencode(folder)) > LONGEST_FOLDER:
        raise SurroundingsError(f"临时文件夹的路径过长（{folder}）", "请把环境变量 TMPDIR 设为较短的路径，如 /tmp")


def _hand_out(waiting: Iterator[Job], team: list[_Worker], workers: int, start: Callable[[int], _Worker]) -> bool:
    """Give every free place a job while there are jobs; False when there is nothing to wait for."""
    while sum(worker.job is not None for worker in team) < workers:
        job = next(waiting, None)
        if job is None:
            break
        _give(job, _free(team, start))
    return any(worker.job for worker in team)


def _free(team: list[_Worker], start: Callable[[int], _Worker]) -> _Worker:
    """An idle worker, else a new one."""
    for worker in team:
        if worker.job is None:
            return worker
    team.append(start(len(team) + 1))
    return team[-1]


def _give(job: Job, worker: _Worker) -> None:
    worker.job = job
    worker.deadline = time.monotonic() + job.seconds + GRACE_SECONDS
    with suppress(OSError):  # it died while idle: collecting finds the pipe closed and says so
        worker.pipe.send(job)


def _start(logs: Path, surroundings: Mapping[str, str], number: int) -> _Worker:
    ours, theirs = _PROCESSES.Pipe()
    log = str(logs / f"worker-{number}.log")
    process = _PROCESSES.Process(target=_serve, args=(theirs, log, dict(surroundings)), daemon=False)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _collect(team: list[_Worker]) -> Iterator[Outcome]:
    """Wait until something happens, then the outcomes that are there."""
    busy = [worker for worker in team if worker.job]
    seconds = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
    ready = wait([worker.pipe for worker in busy], timeout=seconds)
    for worker in busy:
        if worker.pipe in ready:
            yield _received(worker, team)
        elif time.monotonic() >= worker.deadline:
            yield _lost(worker, team, "W-HANGS", "工作进程在时限内没有结束，已中止")


def _received(worker: _Worker, team: list[_Worker]) -> Outcome:
    try:
        outcome = worker.pipe.recv()
    except (EOFError, ConnectionError):
        return _lost(worker, team, "W-DEAD", "工作进程意外退出")
    worker.job = None
    return outcome  # type: ignore[no-any-return]


def _lost(worker: _Worker, team: list[_Worker], code: str, message: str) -> Outcome:
    job = worker.job
    if job is None:
        raise RuntimeError("a worker without a job cannot lose one")
    team.remove(worker)
    _end(worker)
    remedy = "请检查内存是否不足，再单独重做该单位"
    return Outcome(job.document, failure=Failure(job.document, job.unit, "worker", code, message, remedy))


def _end(worker: _Worker) -> None:
    """End a worker: by closing its pipe when it is idle, else at once with everything it started."""
    worker.pipe.close()
    if worker.job is not None and worker.process.pid is not None:
        _kill(worker.process.pid)
    worker.process.join(timeout=10)
    if worker.process.is_alive() and worker.process.pid is not None:
        _kill(worker.process.pid)
        worker.process.join()


def _kill(pid: int) -> None:
    """Kill a process and everything below it, those that already ended aside."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for member in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                member.kill()


def _serve(pipe: Connection, log: str, surroundings: dict[str, str]) -> None:
    """The life of a worker: documents one after the other until the pipe closes."""
    _detach(log)
    os.environ.update(surroundings)
    tempfile.tempdir = None  # so that the folder just set counts, whatever was asked for before
    from stats.batch.produce import produce  # brings papermill, which the parent does without

    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(produce(job))


def _detach(log: str) -> None:
    """Leave the terminal: its Ctrl-C goes to the parent only, and what libraries print goes to the log."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(os, "setsid"):
        os.setsid()
    sys.stdout.flush()
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(target, stream)
    os.close(target)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)


def _die_with_parent() -> None:
    """However the parent ends, nothing of this worker outlives it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    from stats.batch.kernel import end_children

    end_children()
    os._exit(1)
