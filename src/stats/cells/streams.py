"""Standard output and error of a process that runs cells, printed or written to the descriptor; keeps none of it."""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import threading
import time
from collections.abc import Sequence

from stats.cells.sink import Sink

FLUSH_SECONDS = 0.2
_PART = 1 << 16
# As much printed text is sent at once, whatever the time: what prints without end must not fill the memory instead.
_LARGEST = 1 << 18


class Captured(io.TextIOBase):
    """What is printed, and what is written to the file descriptor, in the order in which it was written."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, name: str, descriptor: int, sink: Sink, woken: Woken) -> None:
        self.name = name
        self.pipe, entry = os.pipe()
        os.set_blocking(self.pipe, False)
        os.dup2(entry, descriptor)
        os.close(entry)
        self._descriptor = descriptor
        self._sink = sink
        self._woken = woken
        self._held: list[str] = []
        self._size = 0
        self._lock = threading.RLock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        """Print; in a process that a cell has forked, by way of the descriptor."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if not self._sink.is_ours:
            os.write(self._descriptor, text.encode("utf-8", errors="replace"))
            return len(text)
        with self._lock:
            self.take_in()
            self._add(text)
        return len(text)

    def flush(self) -> None:
        if not self._sink.is_ours:
            return
        with self._lock:
            self.take_in()
            self._send()

    def take_in(self) -> None:
        """Add what was written to the file descriptor since."""
        with self._lock:
            while part := self._part():
                self._add(self._decoder.decode(part))

    def _add(self, text: str) -> None:
        if not self._held:
            self._woken.wake()
        self._held.append(text)
        self._size += len(text)
        if self._size >= _LARGEST:
            self._send()

    def _send(self) -> None:
        text = "".join(self._held)
        self._held.clear()
        self._size = 0
        if text:
            self._sink.output("stream", name=self.name, text=text)

    def _part(self) -> bytes:
        try:
            return os.read(self.pipe, _PART)
        except BlockingIOError:
            return b""


class Woken:
    """Tells the thread below that something was printed."""

    def __init__(self) -> None:
        self.end, self._wake = os.pipe()
        os.set_blocking(self.end, False)
        os.set_blocking(self._wake, False)

    def wake(self) -> None:
        """Wake it, unless it is woken already."""
        try:
            os.write(self._wake, b"x")
        except BlockingIOError:
            return


def captured(sink: Sink) -> tuple[Captured, Captured]:
    """Both streams of this process, from now on; a thread sends what they hold in time, so that no writer waits."""
    woken = Woken()
    out, error = (Captured(name, number, sink, woken) for name, number in (("stdout", 1), ("stderr", 2)))
    for stream in (out, error):
        real = open(stream.fileno(), "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, f"__{stream.name}__", real)
        setattr(sys, stream.name, stream)
    threading.Thread(target=_keep_sending, args=((out, error), woken), name="Flusher", daemon=True).start()
    return out, error


def _keep_sending(streams: Sequence[Captured], woken: Woken) -> None:
    watched = {stream.pipe: stream for stream in streams}
    due: float | None = None
    while True:
        seconds = None if due is None else max(0.0, due - time.monotonic())
        ready = select.select([woken.end, *watched], [], [], seconds)[0]
        if woken.end in ready:
            os.read(woken.end, _PART)
            due = due or time.monotonic() + FLUSH_SECONDS
        for pipe in watched.keys() & ready:
            watched[pipe].take_in()
        if due is not None and time.monotonic() >= due:
            due = None
            for stream in streams:
                stream.flush()
