"""A document on its way from another process to this one: files by content or by a name of their own. Makes none."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from stats.build.documents.failure import DISK, Failure
from stats.build.documents.job import Job, Outcome
from stats.build.state.output_paths import inside
from stats.errors import RunEnvironmentError
from stats.files import write_atomically
from stats.formats import SUFFIXES

# How long a file written on another machine may take to show on a network file system.
VISIBLE_SECONDS = 10.0
LOG_BYTES = 20_000
_ATTEMPT = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Order:
    """A job of the run of this name."""

    job: Job
    run: str
    by_content: bool
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of an order: the outcome, the SHA-256 of each file, and the files themselves if asked for.

    ``attempt`` names the files: dask has an order carried out again when its worker is lost, and two attempts never
    write into the same file. Of a failure also the half-run notebook, and what was logged last.
    """

    attempt: str
    outcome: Outcome
    digests: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    half_run: bytes = b""
    log: bytes = b""


def at_home(job: Job, folder: Path) -> Job:
    """The job with every file it writes below ``folder``, where nobody else writes."""
    return replace(job, staged=folder / "staged", failed=folder / "failed")


def send(order: Order, outcome: Outcome, home: Path, *, log: Path) -> Delivery:
    """The files that a job ``at_home`` has made, put where the receiver looks for them."""
    attempt = uuid.uuid4().hex
    try:
        return _sent(order, attempt, outcome, at_home(order.job, home), log)
    except (OSError, RunEnvironmentError) as error:
        problem = error.problem if isinstance(error, RunEnvironmentError) else f"读写文件失败（{error.strerror}）"
        remedy = "请检查工作进程所在机器和共享文件夹的磁盘空间和写入权限"
        return Delivery(attempt, failed(order.job, DISK, problem, remedy))


def receive(order: Order, delivery: Delivery, *, logs: Path) -> Outcome:
    """The outcome with its files staged in this workspace, each found to be what was sent, else a failure (C-LOST)."""
    try:
        if delivery.outcome.failure is not None:
            _keep_traces(order.job, delivery, logs)
            return replace(delivery.outcome, document=order.job.document)
        return _received(order, delivery)
    except RunEnvironmentError as error:
        return failed(order.job, DISK, error.problem, error.remedy)


def failed(job: Job, code: str, message: str, remedy: str) -> Outcome:
    """The outcome of a job that failed on the way and not in the making."""
    return Outcome(job.document, failure=Failure(job.document, job.unit, "worker", code, message, remedy))


def _sent(order: Order, attempt: str, outcome: Outcome, made: Job, log: Path) -> Delivery:
    if outcome.failure is not None:
        logged = log.read_bytes()[-LOG_BYTES:] if log.is_file() else b""
        return Delivery(attempt, outcome, half_run=_taken(made.failed / f"{made.document}.ipynb"), log=logged)
    contents = {suffix: _taken(path) for suffix, path in outcome.files.items()}
    digests = {suffix: hashlib.sha256(content).hexdigest() for suffix, content in contents.items()}
    if not order.by_content:
        for suffix, content in contents.items():
            write_atomically(_staged(order, attempt, suffix), content)
        contents = {}
    return Delivery(attempt, replace(outcome, files={}), digests, contents)


def _taken(path: Path) -> bytes:
    """The bytes of a file that is then removed; none where there is no file."""
    if not path.is_file():
        return b""
    content = path.read_bytes()
    path.unlink()
    return content


def _received(order: Order, delivery: Delivery) -> Outcome:
    names = delivery.digests.keys()
    is_document = names <= set(SUFFIXES) and delivery.contents.keys() <= names
    if not (is_document and _ATTEMPT.fullmatch(delivery.attempt)):
        return failed(order.job, "C-ANSWER", "工作进程交回的不是附件的文件", "请检查该工作进程所装的程序版本")
    files = {suffix: _staged(order, delivery.attempt, suffix) for suffix in delivery.digests}
    for suffix, content in delivery.contents.items():
        write_atomically(files[suffix], content)
    outcome = replace(delivery.outcome, document=order.job.document, files=files)
    if all(_is_there(path, delivery.digests[suffix]) for suffix, path in files.items()):
        return outcome
    for path in files.values():
        path.unlink(missing_ok=True)
    return failed(
        order.job,
        "C-LOST",
        "工作进程写出的文件在本机看不到或不完整",
        "请检查共享文件夹；没有共享文件夹，请加 --return-bytes 重新运行",
    )


def _staged(order: Order, attempt: str, suffix: str) -> Path:
    return inside(order.job.staged, f"{attempt}.{suffix}")


def _keep_traces(job: Job, delivery: Delivery, logs: Path) -> None:
    if delivery.half_run:
        write_atomically(job.failed / f"{job.document}.ipynb", delivery.half_run)
    if delivery.log:
        write_atomically(logs / f"{job.document}.log", delivery.log)


def _is_there(path: Path, digest: str) -> bool:
    until = time.monotonic() + VISIBLE_SECONDS
    while True:
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
