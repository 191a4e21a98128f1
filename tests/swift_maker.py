"""Stands in for what makes a document in a dask worker, for tests about who makes it: a file that names the worker."""

from __future__ import annotations

import hashlib
import time
import uuid

from distributed import get_worker

from stats.build.documents.job import Outcome
from stats_cluster.handover import Delivery, Order


def make(order: Order) -> Delivery:
    """The same answer as that of ``stats_cluster.document_maker.make``, after a tenth of a second."""
    time.sleep(0.1)
    content = get_worker().id.encode()
    digests = {"html": hashlib.sha256(content).hexdigest()}
    return Delivery(uuid.uuid4().hex, Outcome(order.job.document), digests, {"html": content})
