"""Stands in for what makes a document in a dask worker, for tests about who makes it: a file that names the worker."""

from __future__ import annotations

import hashlib
import pickle
import time

from stats.build.documents.job import Outcome
from stats.build.processes.handover import Delivery, Order


def make(order: bytes, run: str, worker: str, seconds: float) -> tuple[str, bytes]:
    """The same answer as that of ``stats.build.cluster.remote.make``, after a tenth of a second."""
    asked: Order = pickle.loads(order)
    time.sleep(0.1)
    content = worker.encode()
    digests = {"html": hashlib.sha256(content).hexdigest()}
    return "made", pickle.dumps(Delivery(Outcome(asked.job.document), digests, {"html": content}))
