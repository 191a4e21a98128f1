"""A child of a dask worker: makes documents one after the other as a local run does, and ends with its parent."""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from stats import import_path, report
from stats.build.documents.job import Job
from stats.build.documents.notebooks import slow_imports
from stats.build.processes import workers
from stats.build.processes.handover import Delivery, Order, at_home, failed, send
from stats.errors import StatsError

# Set in the environment of a delegate and inherited by all it starts, so that its parent can find them.
MARK = "STATS_DELEGATE"
ABANDONED_SECONDS = 20.0


def surroundings(folder: str) -> dict[str, str]:
    """The environment of a delegate whose files lie in ``folder``."""
    return {
        **import_path.environment(os.curdir, os.environ),
        MARK: folder,
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
    }


def main(folder: Path) -> None:
    """Carry out the orders that come by standard input until it closes or this process is asked to end.

    Orders and deliveries are pickles, of this package's own classes, between a process and its own child.
    """
    signal.signal(signal.SIGTERM, _leave)
    connection = Connection(os.dup(0))
    for name in ("staged", "failed", "logs"):
        (folder / name).mkdir()
    with suppress(EOFError, OSError):  # the parent is gone
        begun: list[Order] = [pickle.loads(connection.recv_bytes())]
        for delivery in _deliveries(connection, begun, folder):
            connection.send_bytes(pickle.dumps(delivery))


def _deliveries(connection: Connection, begun: list[Order], folder: Path) -> Iterator[Delivery]:
    """What comes of the orders, by the same machinery as in a local run, with one worker process that stays.

    The team may be forked from this process, so nothing else runs here before it is there.
    """
    logs = folder / "logs"
    try:
        _read_ahead(begun[0].job)
        job = begun[0].job
        slow = slow_imports([job.notebook])
        with workers.team(size=1, engine=job.engine, logs=logs, slow=slow) as team:
            orders: SimpleQueue[Order] = SimpleQueue()
            threading.Thread(target=_listen, args=(connection, orders), daemon=True).start()
            for outcome in team.outcomes(_jobs(orders, begun, folder), retries=begun[0].retries):
                yield send(begun.pop(), outcome, folder, log=_latest(logs))
    except StatsError as error:
        logging.getLogger(__name__).exception("the worker process could not be started")
        problem = f"工作进程没有启动：{error.problem}"
        yield Delivery(failed(begun.pop().job, "W-START", problem, "请检查工作进程所在的机器后重新运行"))


def _read_ahead(job: Job) -> None:
    """Read the returns once for all kernels forked below this process; a notebook that cannot tells of it itself."""
    given = dict(job.parameters)
    year, edition = given.get("year"), given.get("edition")
    if job.engine == "warm" and isinstance(year, int) and isinstance(edition, str):
        with suppress(StatsError):
            report.load(job.workspace, year=year, edition=edition)


def _jobs(orders: SimpleQueue[Order], begun: list[Order], folder: Path) -> Iterator[Job]:
    yield at_home(begun[0].job, folder)
    while True:
        order = orders.get()
        begun.append(order)
        yield at_home(order.job, folder)


def _latest(logs: Path) -> Path:
    """The log of the worker process at work: one that was replaced has left its own."""
    return max(logs.glob("worker-*.log"), key=lambda path: path.stat().st_mtime_ns, default=logs / "none")


def _listen(connection: Connection, orders: SimpleQueue[Order]) -> None:
    """Take orders until the parent is gone; then end this process, in good order if that is possible."""
    try:
        while True:
            orders.put(pickle.loads(connection.recv_bytes()))
    except (EOFError, OSError):
        last_resort = threading.Timer(ABANDONED_SECONDS, os._exit, (1,))
        last_resort.daemon = True
        last_resort.start()
        os.kill(os.getpid(), signal.SIGTERM)


def _leave(number: int, frame: FrameType | None) -> None:
    """Raised in the main thread: every process under this one is ended on the way out."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(1)


if __name__ == "__main__":
    home = Path(sys.argv[1])
    try:
        main(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
