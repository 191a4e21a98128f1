"""The standard output and error of a kernel, whether printed or written to the file descriptor; keeps none of it."""

from __future__ import annotations

import codecs
import os
import select
import threading
import time
from typing import Any

from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from jupyter_client.session import Session

_PART = 1 << 16
# As much printed text is sent at once, whatever the time: what prints without end must not fill the memory instead.
_LARGEST = 1 << 20


class Publisher(IOPubThread):  # type: ignore[misc]
    """Stands where ipykernel has a thread that owns the ZeroMQ socket: here every thread sends for itself."""

    def __init__(self) -> None:
        self.socket = object()
        self.io_loop = None
        self.thread = threading.Thread(name="IOPub")  # never started: whoever flushes does so at once
        self.background_socket = BackgroundSocket(self)

    def schedule(self, action: Any) -> None:
        action()


class Stream(OutStream):  # type: ignore[misc]
    """ipykernel's stream, fed by its file descriptor too, in the order in which things were written."""

    _flush_pending: bool
    _held = 0

    def __init__(self, session: Session, publisher: Publisher, name: str, descriptor: int, flusher: Flusher) -> None:
        super().__init__(session, publisher, name, watchfd=False)
        self._original_stdstream_copy = os.dup(descriptor)
        self.pipe, entry = os.pipe()
        os.set_blocking(self.pipe, False)
        os.dup2(entry, descriptor)
        os.close(entry)
        self._lock = threading.RLock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._flusher = flusher
        flusher.streams.append(self)
        os.register_at_fork(after_in_child=self._after_fork)

    def write(self, string: str) -> int | None:
        self.take_in()
        return self._add(string)

    def flush(self) -> None:
        with self._lock:  # so that nothing a thread is just sending is overtaken
            self.take_in()
            self._flush()

    def take_in(self) -> None:
        """Add what was written to the file descriptor since."""
        if not self._is_master_process():
            return
        with self._lock:
            while part := self._part():
                self._add(self._decoder.decode(part))

    def _add(self, string: str) -> int | None:
        written: int | None = super().write(string)
        self._held += written or 0
        if self._held >= _LARGEST:
            self._flush()
        return written

    def _part(self) -> bytes:
        try:
            return os.read(self.pipe, _PART)
        except BlockingIOError:
            return b""

    def _flush(self) -> None:
        with self._lock:
            self._held = 0
            super()._flush()

    def _schedule_flush(self) -> None:
        if not self._flush_pending:
            self._flush_pending = True
            self._flusher.wake()

    def _after_fork(self) -> None:
        self._lock = threading.RLock()
        self._buffer_lock = threading.RLock()


class Flusher:
    """One thread that empties the descriptors' pipes, so that no writer waits, and sends what is printed in time."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def start(self) -> None:
        """Begin, once both streams are there."""
        threading.Thread(target=self._run, name="Flusher", daemon=True).start()

    def wake(self) -> None:
        """Something was printed: see to it that it is sent within ``OutStream.flush_interval``."""
        os.write(self._wake, b"x")

    def _run(self) -> None:
        watched = {stream.pipe: stream for stream in self.streams}
        due: float | None = None
        while True:
            seconds = None if due is None else max(0.0, due - time.monotonic())
            ready = select.select([self._woken, *watched], [], [], seconds)[0]
            if self._woken in ready:
                os.read(self._woken, _PART)
                due = due or time.monotonic() + OutStream.flush_interval
            for pipe in watched.keys() & ready:
                watched[pipe].take_in()
            if due is not None and time.monotonic() >= due:
                due = None
                for stream in self.streams:
                    stream.flush()
