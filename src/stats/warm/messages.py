"""Jupyter messages over one stream socket, whole and in order; no ZeroMQ, no signatures. Interprets none of them."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import json_packer, json_unpacker

Message = dict[str, Any]

_LENGTHS = struct.Struct("!QI")
_LENGTH = struct.Struct("!Q")
_PART = 1 << 18
_ENCODER = json.JSONEncoder(default=json_default, ensure_ascii=False, allow_nan=False)


class TooLargeError(Exception):
    """A message is announced that is larger than the receiver takes."""


class Wire:
    """One end of the socket. Any thread may send, and any process forked from the sender; one thread receives."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._received = bytearray()
        self._held: list[bytes] = []
        self._lock = threading.RLock()
        self._token: int | None = None
        self.broken = False

    def send(self, message: Message, buffers: Sequence[Any] = (), *, hold: bool = False) -> None:
        """Send one message, ``hold`` it to go together with the next; dropped when the other end has gone."""
        content = packed(message)
        parts = [bytes(buffer) for buffer in buffers]
        head = [_LENGTHS.pack(len(content), len(parts)), *(_LENGTH.pack(len(part)) for part in parts)]
        with self._alone():
            self._held += [*head, content, *parts]
            if hold and len(content) < _PART:
                return
            whole = b"".join(self._held)
            self._held.clear()
            try:
                self.connection.sendall(whole)
            except OSError:
                self.broken = True

    def receive(self, timeout: float | None, *, other: Any = None, largest: int | None = None) -> Message | None:
        """The next message; None when ``timeout`` passed, or ``other`` became readable first. EOFError at the end."""
        until = None if timeout is None else time.monotonic() + timeout
        watched = [self.connection] if other is None else [self.connection, other]
        while (message := self.taken(largest)) is None:
            seconds = None if until is None else max(0.0, until - time.monotonic())
            ready = select.select(watched, [], [], seconds)[0]
            if self.connection not in ready:
                return None
            self.read()
        return message

    def read(self) -> None:
        """Take in what has arrived, without waiting for more. EOFError when the other end has closed."""
        try:
            part = self.connection.recv(_PART, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except ConnectionError:
            part = b""
        if not part:
            raise EOFError
        self._received += part

    def taken(self, largest: int | None = None) -> Message | None:
        """The next message out of what has been read, None when it is not whole yet."""
        received = self._received
        if len(received) < _LENGTHS.size:
            return None
        length, count = _LENGTHS.unpack_from(received)
        start = _LENGTHS.size + count * _LENGTH.size
        if len(received) < start:
            return None
        lengths = [_LENGTH.unpack_from(received, _LENGTHS.size + at * _LENGTH.size)[0] for at in range(count)]
        whole = start + length + sum(lengths)
        if largest is not None and whole > largest:
            raise TooLargeError
        if len(received) < whole:
            return None
        message: Message = json_unpacker(bytes(received[start : start + length]))
        message["buffers"] = list(_cut(bytes(received[start + length : whole]), lengths))
        del received[:whole]
        return message

    def share(self) -> None:
        """Let processes forked from this one send too, one message at a time."""
        os.register_at_fork(
            before=self._before_fork, after_in_parent=self._lock.release, after_in_child=self._after_fork
        )

    def _before_fork(self) -> None:
        self._lock.acquire()
        if self._token is None:
            with tempfile.TemporaryFile() as token:
                self._token = os.dup(token.fileno())

    def _after_fork(self) -> None:
        self._held.clear()  # the parent sends it
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Neither another thread, nor a forked process, nor Ctrl-C comes between the parts of one message."""
        main = threading.current_thread() is threading.main_thread()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,)) if main else None
        try:
            with self._lock:
                if self._token is not None:
                    fcntl.lockf(self._token, fcntl.LOCK_EX)
                try:
                    yield
                finally:
                    if self._token is not None:
                        fcntl.lockf(self._token, fcntl.LOCK_UN)
        finally:
            if before is not None:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)


def packed(message: Message) -> bytes:
    """The message as jupyter_client writes it, also when a cell has replaced functions of ``json``."""
    try:
        return _ENCODER.encode(message).encode("utf-8", errors="surrogateescape")
    except (TypeError, ValueError):
        return json_packer(message)  # type: ignore[no-any-return]


def dated(message: Message) -> Message:
    """The message with the time in its header as a time."""
    date = message.get("header", {}).get("date")
    if isinstance(date, str):
        message["header"]["date"] = datetime.fromisoformat(date)
    return message


def _cut(content: bytes, lengths: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for length in lengths:
        yield content[start : start + length]
        start += length
