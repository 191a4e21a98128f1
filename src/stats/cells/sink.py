"""The child's end of the way to whoever forked it: what cells put out, as messages. Reads nothing."""

from __future__ import annotations

import base64
import json
import numbers
import os
import threading
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any


class Sink:
    """Sends messages, one at a time, from any thread of the process it was made in; from others nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._owner = os.getpid()

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that runs the cells, and not one that a cell has forked."""
        return os.getpid() == self._owner

    def output(self, kind: str, *, display_id: str | None = None, update: bool = False, **parts: Any) -> None:
        """An output of nbformat; one with a ``display_id`` may be changed later by one that is an ``update``."""
        self.send("output", output={"output_type": kind, **parts}, display_id=display_id, update=update)

    def clear(self, *, wait: bool) -> None:
        """The outputs of the cell so far are to go, at once or when the next one comes."""
        self.send("clear", wait=wait)

    def send(self, message: str, **content: Any) -> None:
        """Send one message of this kind."""
        if not self.is_ours:
            return
        packed = _ENCODER.encode({"kind": message, **content}).encode()
        with self._lock:
            self._connection.send_bytes(packed)


def _plain(value: Any) -> Any:
    """What JSON has no word for, as kernels write it. TypeError for anything else."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be put out")


_ENCODER = json.JSONEncoder(default=_plain)  # made before a cell can replace functions of ``json``
