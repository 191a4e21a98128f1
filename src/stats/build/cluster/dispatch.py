"""A plan's jobs on a dask cluster: one unit's failure, or a worker's, is its own. Makes and publishes no document."""

from __future__ import annotations

import pickle
import time
import uuid
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from stats.build.cluster import remote, scheduler
from stats.build.cluster.attempts import Attempts, JobState, Tally
from stats.build.cluster.cluster_workers import Crew, WorkerRecord, refusal
from stats.build.cluster.fingerprint import EnvironmentFingerprint, fingerprint
from stats.build.documents.job import Job, Outcome
from stats.build.processes.handover import Delivery, Order, failed, receive
from stats.build.state.sources import Sources
from stats.errors import ClusterError, RunEnvironmentError
from stats.params import Params
from stats.terminal import say

if TYPE_CHECKING:
    from distributed import Future

SURVEY_SECONDS = 1.0
# How long a run waits for a worker that fits, at the start and when all are gone.
JOIN_SECONDS = 30.0
# How long, at the end, for an attempt that may yet deliver something different.
HOLD_SECONDS = 60.0
# What a unit may take beyond its own limit: the delegate ends the worker process under it, else its parent ends the
# delegate; a task that is still not back then is held up somewhere else.
DELEGATE_GRACE_SECONDS = 90.0
TASK_GRACE_SECONDS = 150.0


@dataclass(slots=True)
class _Attempt:
    """A unit on its way: what was ordered, of whom, and until when (monotonic clock)."""

    order: Order
    member: WorkerRecord
    future: Future
    deadline: float
    is_silent: bool = False


def run(
    jobs: Iterable[Job],
    *,
    address: str,
    params: Params,
    sources: Sources,
    logs: Path,
    by_content: bool = False,
    retries: int = 0,
    tell: Callable[[str], None] | None = None,
    tally: Tally | None = None,
) -> Generator[Outcome, None, None]:
    """The outcome of every job as it comes, from the workers of the dask scheduler at ``address``.

    Only workers that see the run's ``sources`` in the workspace and run the same code get a unit; others are told of
    in Chinese by ``tell``. Files come by the shared workspace, or with ``by_content`` over the connection. A job is
    taken only when a worker has room for it; one whose process died is tried again up to ``retries`` times there.
    RunEnvironmentError if no worker fits; ClusterError if the scheduler is lost. When the caller stops early, by an
    exception included, everything begun for this run is ended.
    """
    link = scheduler.connect(address)
    try:
        attempts = Attempts(jobs, tally if tally is not None else Tally())
        expected = _expected(params, sources)
        drive = _Drive(link, attempts, expected, params, logs, by_content, retries, tell or partial(say, error=True))
        with closing(drive):
            yield from drive.outcomes()
    finally:
        link.close()


def _expected(params: Params, sources: Sources) -> EnvironmentFingerprint:
    """What this machine itself is and sees; of the data, what the figures of this run were read from."""
    seen = fingerprint(str(params.workspace), params.year, params.edition, [], list(sources.notebooks))
    return {**seen, "inputs": dict(sources.inputs)}


class _Drive:
    """One run on a cluster: who is there, what is on its way, and what has come."""

    def __init__(
        self,
        link: scheduler.Link,
        attempts: Attempts,
        expected: EnvironmentFingerprint,
        params: Params,
        logs: Path,
        by_content: bool,
        retries: int,
        tell: Callable[[str], None],
    ) -> None:
        self._link = link
        self._attempts = attempts
        self._expected = expected
        self._params = params
        self._logs = logs
        self._by_content = by_content
        self._retries = retries
        self._tell = tell
        self._run = uuid.uuid4().hex
        self._crew = Crew()
        self._used: set[str] = set()
        self._checks: dict[str, tuple[WorkerRecord, Future]] = {}
        self._live: dict[str, _Attempt] = {}
        self._events: SimpleQueue[str] = SimpleQueue()
        self._surveyed_at = -SURVEY_SECONDS
        self._alone_since = self._held_since = time.monotonic()

    def outcomes(self) -> Generator[Outcome, None, None]:
        while True:
            if time.monotonic() - self._surveyed_at >= SURVEY_SECONDS:
                self._survey()
            self._hand_out()
            yield from self._attempts.settled()
            if self._attempts.is_done:
                return
            self._await_events()

    def close(self) -> None:
        """Leave nothing of this run on the cluster."""
        futures = {key: attempt.future for key, attempt in self._live.items()}
        self._link.cancel({**futures, **{key: future for key, (_, future) in self._checks.items()}})
        self._live.clear()
        self._checks.clear()
        present = [member.address for member in self._crew if member.address in self._used and not member.is_silent]
        self._link.tell(remote.end_run, self._run, workers=present)

    def _survey(self) -> None:
        """Take in who has joined, left or fallen silent, and what has taken too long."""
        seen = self._link.workers()
        now = self._surveyed_at = time.monotonic()
        for member in self._crew.gone(seen):
            self._lose(member)
        for member in self._crew.update(seen, now):
            self._check(member)
        for member in self._crew.fallen_silent(now):
            self._attempts.tally.lost += member.is_fit
            for key in list(member.running):
                self._give_elsewhere(key)
        for key, attempt in list(self._live.items()):
            if now > attempt.deadline:
                self._give_elsewhere(key)
        self._refuse_to_wait_for_ever(now)

    def _check(self, member: WorkerRecord) -> None:
        key = f"stats-check-{self._run}-{uuid.uuid4().hex}"
        future = self._link.submit(
            remote.introduce,
            str(self._params.workspace),
            self._params.year,
            self._params.edition,
            list(self._expected["inputs"]),
            list(self._expected["notebooks"]),
            key=key,
            worker=member.address,
            done=self._events.put,
        )
        self._checks[key] = member, future

    def _hand_out(self) -> None:
        """One unit per thread; what lost a worker before runs on a worker that does nothing else meanwhile."""
        for member in self._crew:
            while member.has_room and (unit := self._attempts.next_unit()) is not None:
                self._order(unit, member)
        for member in self._crew:
            if member.is_idle and (unit := self._attempts.next_suspect()) is not None:
                member.is_alone = True
                self._order(unit, member)

    def _order(self, unit: JobState, member: WorkerRecord) -> None:
        attempt = uuid.uuid4().hex
        order = Order(unit.job, attempt, self._by_content, self._retries)
        seconds = (unit.job.seconds + DELEGATE_GRACE_SECONDS) * (1 + self._retries)
        self._attempts.begin(unit, attempt)
        member.running.add(attempt)
        self._used.add(member.address)
        future = self._link.submit(
            remote.make,
            pickle.dumps(order),
            self._run,
            member.identity,
            seconds,
            key=attempt,
            worker=member.address,
            done=self._events.put,
        )
        deadline = time.monotonic() + seconds + TASK_GRACE_SECONDS
        self._live[attempt] = _Attempt(order, member, future, deadline)

    def _await_events(self) -> None:
        """Wait until something has come back or it is time to look around, then take in all that is there."""
        wait = max(0.0, self._surveyed_at + SURVEY_SECONDS - time.monotonic())
        try:
            self._take_in(self._events.get(timeout=wait))
            while True:
                self._take_in(self._events.get_nowait())
        except Empty:
            return

    def _take_in(self, key: str) -> None:
        if key in self._checks:
            self._checked(*self._checks.pop(key))
        elif key in self._live:
            self._came_back(key, self._live[key])

    def _checked(self, member: WorkerRecord, future: Future) -> None:
        if member.address not in self._crew or self._crew[member.address] is not member:
            return
        introduced = self._result(future)
        error = type(future.exception(timeout=0)).__name__ if future.status == "error" else "没有回答"
        member.refusal = refusal(self._expected, introduced, error=error)
        if member.refusal:
            self._attempts.tally.refused += 1
            self._tell(f"集群工作进程 {member.address} 不参加本次运行：{'；'.join(member.refusal)}")
        elif introduced is not None:
            member.identity = introduced["id"]

    def _result(self, future: Future) -> Any:
        """What a task that is over gave back; None if it failed. ClusterError if it is the scheduler that is gone."""
        if future.status == "cancelled":
            raise ClusterError(*scheduler.LOST)
        if future.status != "finished":
            return None
        try:
            return future.result(timeout=scheduler.ANSWER_SECONDS)
        except CancelledError as error:
            raise ClusterError(*scheduler.LOST) from error
        except (OSError, TimeoutError):
            return None

    def _came_back(self, key: str, attempt: _Attempt) -> None:
        answer = self._result(attempt.future)
        if answer is None or answer[0] == "replaced":
            self._fell_through(attempt)
            return
        self._forget(key, attempt)
        made, content = answer
        if made == "made":
            delivery: Delivery = pickle.loads(content)
            outcome = receive(attempt.order, delivery, logs=self._logs)
            self._attempts.finished(key, outcome, delivery.digests)
        else:
            self._attempts.finished(key, _delegate_lost(attempt.order.job, made), {})

    def _fell_through(self, attempt: _Attempt) -> None:
        """No answer came, though the task is over: the worker went before it could be asked, or is another one."""
        self._crew.forget(attempt.member)
        self._lose(attempt.member)

    def _forget(self, key: str, attempt: _Attempt) -> None:
        del self._live[key]
        attempt.member.running.discard(key)
        if not attempt.member.running:
            attempt.member.is_alone = False
        attempt.future.release()

    def _lose(self, member: WorkerRecord) -> None:
        """A worker is gone: its units are to be made elsewhere."""
        if not member.is_silent and member.is_fit:
            self._attempts.tally.lost += 1
        gone = {key: attempt for key, attempt in self._live.items() if attempt.member is member}
        self._link.cancel({key: attempt.future for key, attempt in gone.items()})
        for key, attempt in gone.items():
            self._forget(key, attempt)
            self._attempts.lost(key, was_silent=attempt.is_silent)

    def _give_elsewhere(self, key: str) -> None:
        attempt = self._live.get(key)
        if attempt is not None and not attempt.is_silent:
            attempt.is_silent = True
            self._attempts.silent(key)

    def _refuse_to_wait_for_ever(self, now: float) -> None:
        if self._crew.fit:
            self._alone_since = now
        elif now - self._alone_since > JOIN_SECONDS and not self._crew.has_unchecked:
            raise _no_worker_fits(self._crew)
        if not self._attempts.only_held:
            self._held_since = now
        elif now - self._held_since > HOLD_SECONDS:
            self._attempts.release_held()


def _no_worker_fits(crew: Crew) -> RunEnvironmentError:
    refused = crew.refused
    if not refused:
        return RunEnvironmentError(
            f"集群中没有可用的工作进程（已等待 {JOIN_SECONDS:g} 秒）", "请启动工作进程后重新运行（见 docs/cluster.md）"
        )
    return RunEnvironmentError(
        f"集群的工作进程都不能参加本次运行；{refused[0].address}：{'；'.join(refused[0].refusal)}",
        "请在各机器上安装同一版本，共用同一工作目录，并按 docs/cluster.md 启动工作进程",
    )


_MESSAGES = {
    "W-DEAD": "工作进程意外退出",
    "W-HANGS": "工作进程在时限内没有结束，已中止",
    "W-START": "工作进程没有启动",
}


def _delegate_lost(job: Job, code: str) -> Outcome:
    return failed(job, code, _MESSAGES[code], "请检查该机器的内存和磁盘是否不足，再单独重做该单位")
