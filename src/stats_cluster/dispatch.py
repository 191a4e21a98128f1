"""A plan's jobs on a dask cluster: one unit's failure, or a worker's, is its own. Makes and publishes no document."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Future, KilledWorker

from stats.build.documents.job import Job, Outcome
from stats.build.state.sources import Sources
from stats.errors import ClusterError, RunEnvironmentError
from stats.params import Params
from stats.terminal import say
from stats_cluster import document_maker
from stats_cluster.connection import ANSWER_SECONDS, LOST, Link, connect
from stats_cluster.fingerprint import EnvironmentFingerprint, fingerprint
from stats_cluster.handover import Order, failed, receive

SURVEY_SECONDS = 1.0
# How long a run waits for a worker that fits, at the start and when all are gone.
JOIN_SECONDS = 30.0


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
) -> Generator[Outcome, None, None]:
    """The outcome of every job as it comes, from the workers of the dask scheduler at ``address``.

    Only workers that see the run's ``sources`` in the workspace and run the same code get a unit; others are told of
    in Chinese by ``tell``. Files come by the shared workspace, or with ``by_content`` over the connection. A job is
    taken only when a worker has room for it; one whose process died is tried again up to ``retries`` times there.
    RunEnvironmentError if no worker fits; ClusterError if the scheduler is lost. When the caller stops early, by an
    exception included, everything begun for this run is ended.
    """
    link = connect(address)
    try:
        dispatch = _Dispatch(link, jobs, logs, by_content, retries, tell or partial(say, error=True))
        with closing(dispatch):
            dispatch.invite(_expected(params, sources), params)
            yield from dispatch.outcomes()
    finally:
        link.close()


def _expected(params: Params, sources: Sources) -> EnvironmentFingerprint:
    """What this machine itself is and sees; of the data, what the figures of this run were read from."""
    seen = fingerprint(params.workspace, params.year, params.edition, [], list(sources.notebooks))
    return {**seen, "inputs": dict(sources.inputs)}


class _Dispatch:
    """One run on a cluster: as many orders on their way as fit workers have threads, and what has come.

    dask makes an order again whose worker was lost, and gives it up with more lost workers than the scheduler's
    ``allowed-failures``. It may have been beside the one to blame: it then is a suspect, which waits for the end and
    is tried again alone, and given up for good (C-POISON) when that loses as many workers again.
    """

    def __init__(
        self,
        link: Link,
        jobs: Iterable[Job],
        logs: Path,
        by_content: bool,
        retries: int,
        tell: Callable[[str], None],
    ) -> None:
        self._link = link
        self._jobs = iter(jobs)
        self._has_more = True
        self._logs = logs
        self._by_content = by_content
        self._retries = retries
        self._tell = tell
        self._run = f"stats-{uuid.uuid4().hex}"
        self._orders: dict[Future, Order] = {}
        self._suspects: deque[Job] = deque()
        self._alone: Future | None = None
        self._events: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._refused: dict[str, str] = {}
        self._met: dict[str, float] = {}
        self._room = 0
        self._surveyed_at = -SURVEY_SECONDS
        self._fit_at = time.monotonic()

    def invite(self, expected: EnvironmentFingerprint, params: Params) -> None:
        """Have every worker looked at, those that are there and those that will join, without waiting for one."""
        self._link.listen(self._run, self._events.put)
        maker = document_maker.DocumentMaker(self._run, expected, params.workspace, params.year, params.edition)
        threading.Thread(target=self._register, args=(maker,), daemon=True).start()

    def outcomes(self) -> Generator[Outcome, None, None]:
        while True:
            if time.monotonic() - self._surveyed_at >= SURVEY_SECONDS:
                self._survey()
            self._hand_out()
            if not self._orders and not self._has_more:
                return
            yield from self._come_back()

    def close(self) -> None:
        """Leave nothing of this run on the cluster."""
        self._link.leave(self._run, list(self._orders))
        self._orders.clear()

    def _register(self, maker: document_maker.DocumentMaker) -> None:
        try:
            self._link.register(maker)
        except Exception:  # of one of many workers: it gives no answer, and the others may be well
            logging.getLogger(__name__).debug("a worker did not take the plugin", exc_info=True)

    def _survey(self) -> None:
        """Take in who has joined and who left; nobody waits for ever for a worker that fits."""
        present = self._link.workers()
        now = self._surveyed_at = time.monotonic()
        for event in _taken(self._events):
            self._refuse(event["worker"], "；".join(event["refusal"]))
        rooms = {address: int(worker["resources"].get(self._run, 0)) for address, worker in present.items()}
        self._room = sum(rooms.values())
        unanswered = [address for address, room in rooms.items() if not room and address not in self._refused]
        for address in unanswered:
            if now - self._met.setdefault(address, now) > JOIN_SECONDS:
                self._refuse(address, "没有安装本程序，或版本相差太大，或没有回答")
        if self._room:
            self._fit_at = now
        elif not unanswered and now - self._fit_at > JOIN_SECONDS:
            raise _no_worker_fits(self._refused)

    def _refuse(self, address: str, why: str) -> None:
        self._refused[address] = why
        self._tell(f"集群工作进程 {address} 不参加本次运行：{why}")

    def _hand_out(self) -> None:
        """One unit per thread; a suspect only when nothing else is on its way."""
        while self._has_more and len(self._orders) < self._room:
            job = next(self._jobs, None)
            if job is None:
                self._has_more = False
            else:
                self._order(job)
        if self._room and self._suspects and not self._orders and not self._has_more:
            self._alone = self._order(self._suspects.popleft())

    def _order(self, job: Job) -> Future:
        order = Order(job, self._run, self._by_content, self._retries)
        future = self._link.submit(document_maker.make, order, resource=self._run)
        self._orders[future] = order
        return future

    def _come_back(self) -> Iterator[Outcome]:
        """What has come back when something has, or when it is time to look around."""
        seconds = max(0.01, self._surveyed_at + SURVEY_SECONDS - time.monotonic())
        if not self._orders:
            time.sleep(min(seconds, 0.1))
            return
        for future in self._link.done(list(self._orders), seconds):
            outcome = self._outcome(future)
            if outcome is not None:
                yield outcome

    def _outcome(self, future: Future) -> Outcome | None:
        """The outcome that has come back; None if it is still to come."""
        order = self._orders[future]
        outcome: Outcome | None
        try:
            outcome = receive(order, future.result(timeout=ANSWER_SECONDS), logs=self._logs)
        except KilledWorker as error:
            outcome = self._without_worker(future, order.job, error.allowed_failures + 1)
        except CancelledError as error:
            raise ClusterError(*LOST) from error
        except TimeoutError:  # the worker that had it went just now: it is made again
            return None
        except Exception as error:
            logging.getLogger(__name__).warning("an order failed on its worker", exc_info=True)
            outcome = failed(order.job, "W-DEAD", f"工作进程出错（{type(error).__name__}）", _LOOK_AT_IT)
        del self._orders[future]
        return outcome

    def _without_worker(self, future: Future, job: Job, losses: int) -> Outcome | None:
        if future is not self._alone:
            self._suspects.append(job)
            return None
        return failed(
            job,
            "C-POISON",
            f"单独生成该单位时先后有 {losses} 个工作进程退出，不再重试",
            "请在本机单独重做该单位（stats build --unit 代码），查看出错原因",
        )


_LOOK_AT_IT = "请检查该机器的内存和磁盘是否不足，再单独重做该单位"


def _taken(events: SimpleQueue[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    while True:
        try:
            yield events.get_nowait()
        except Empty:
            return


def _no_worker_fits(refused: dict[str, str]) -> RunEnvironmentError:
    if not refused:
        return RunEnvironmentError(
            f"集群中没有可用的工作进程（已等待 {JOIN_SECONDS:g} 秒）", "请启动工作进程后重新运行（见 docs/cluster.md）"
        )
    address, why = next(iter(refused.items()))
    return RunEnvironmentError(
        f"集群的工作进程都不能参加本次运行；{address}：{why}",
        "请在各机器上安装同一版本，共用同一工作目录，并按 docs/cluster.md 启动工作进程",
    )
