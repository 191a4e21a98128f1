"""Bytes between two processes of which neither can make the other wait for ever; looks at none of them."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

_LENGTH = 8
_PIECE = 2**20
_LOOK = 1.0  # seconds


class Patience:
    """So many seconds of waiting. What passes while this process itself is suspended does not count.

    The clock is looked at every second, and no look counts for more than two: a process that was stopped, or whose
    machine was asleep, finds its patience as it left it.
    """

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def wait(self, channel: socket.socket, event: int) -> None:
        """Until the channel is ready; TimeoutError when the patience is used up."""
        poll = select.poll()
        poll.register(channel, event)
        while True:
            before = time.monotonic()
            is_ready = poll.poll(1000 * min(_LOOK, max(0.0, self._left)))
            self._left -= min(time.monotonic() - before, 2 * _LOOK)
            if is_ready:
                return
            if self._left <= 0:
                raise TimeoutError("no answer in time")


def send(channel: socket.socket, content: bytes, patience: Patience) -> None:
    """Sends a message whole; OSError where nobody takes it (TimeoutError where nobody does so in time)."""
    for part in (len(content).to_bytes(_LENGTH, "big"), content):
        rest = memoryview(part)
        while rest:
            patience.wait(channel, select.POLLOUT)
            with suppress(BlockingIOError):  # the room there was may be gone again
                rest = rest[channel.send(rest[:_PIECE], socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]


def receive(channel: socket.socket, patience: Patience) -> bytes:
    """The next message; EOFError or OSError where the other end is gone, TimeoutError where it keeps silent."""
    length = int.from_bytes(b"".join(_parts(channel, _LENGTH, patience)), "big")
    return b"".join(_parts(channel, length, patience))


def _parts(channel: socket.socket, length: int, patience: Patience) -> Iterator[bytes]:
    while length:
        patience.wait(channel, select.POLLIN)
        try:
            part = channel.recv(min(length, _PIECE), socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue
        if not part:
            raise EOFError
        length -= len(part)
        yield part
