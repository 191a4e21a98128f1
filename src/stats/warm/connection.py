"""A forked kernel as nbclient expects one: its process and the connection to it. Reads no notebook."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Mapping
from functools import cache
from queue import Empty
from typing import Any

from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError

from stats.warm.fork_server import Child, ForkError, fork
from stats.warm.messages import Message, Wire, dated

ROLE = "kernel"
SHUTDOWN_SECONDS = 5.0


class KernelEndedError(DeadKernelError):  # type: ignore[misc]
    """The kernel's process ended; ``status`` is its exit status, or the signal as a negative number."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"Kernel died ({described(status)})")
        self.status = status


def described(status: int | None) -> str:
    """An exit status in words: ``exit status 1``, ``signal SIGKILL``.

    >>> described(-11)
    'signal SIGSEGV'
    """
    if status is None:
        return "exit status unknown"
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


@cache
def _session() -> Session:
    return Session()


class KernelProcess:
    """Stands where nbclient has a kernel manager."""

    ipykernel = False  # its history file is in memory as it is
    kernel_id: str | None = None

    def __init__(self, address: str, *, memory: int | None = None) -> None:
        self._address = address
        self._memory = memory
        self.child: Child | None = None
        self._killed = False
        self._wire: Wire | None = None

    @property
    def has_kernel(self) -> bool:
        return self.child is not None

    def start_kernel(
        self, *, cwd: str | None = None, env: Mapping[str, str] | None = None, timeout: float = 60.0, **_: Any
    ) -> None:
        """Have the process forked and begin in ``cwd``. ForkError when it does not."""
        self.child = fork(self._address, ROLE, timeout=timeout)
        if self._killed:  # while it was not there yet
            self.child.kill()
        self._wire = Wire(self.child.channel)
        socket.send_fds(self.child.channel, [b"\0"], [1, 2])
        content = {
            "folder": os.path.abspath(cwd or os.getcwd()),
            "environment": dict(os.environ if env is None else env),
            "memory": self._memory,
        }
        self._wire.send({"content": content})
        try:
            answer = self._wire.receive(timeout)
        except EOFError:
            answer = {"content": {"error": described(self.child.wait(SHUTDOWN_SECONDS))}}
        error = "no answer" if answer is None else answer["content"].get("error")
        if error:
            self.cleanup_resources()
            raise ForkError(f"内核没有启动（{error}）", "请检查工作目录和内存，再重做该单位")

    def client(self) -> KernelConnection:
        if self.child is None or self._wire is None:
            raise RuntimeError("No kernel is running!")
        return KernelConnection(self.child, self._wire)

    def is_alive(self) -> bool:
        return self.child is not None and self.child.wait(0) is None

    def interrupt_kernel(self) -> None:
        if self.child is not None:
            self.child.interrupt()

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._killed = True
        if self.child is not None:
            self.child.kill()

    def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        """Let it do what it does at its end, unless ``now``, and end it."""
        if self.child is not None and not now:
            self.child.channel.close()
            self.child.wait(SHUTDOWN_SECONDS)
        self.cleanup_resources()

    def cleanup_resources(self, restart: bool = False) -> None:
        if self.child is not None:
            self.child.close()
            self.child = None


class KernelConnection:
    """Stands where nbclient has a kernel client: requests to the kernel, and what it sends."""

    allow_stdin = False

    def __init__(self, child: Child, wire: Wire) -> None:
        self.session = _session()
        self.shell_channel = Channel(self, "shell")
        self.iopub_channel = Channel(self, "iopub")
        self._child = child
        self._wire = wire
        self.largest: int | None = None

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True, **_: Any) -> str:
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": self.allow_stdin,
            "stop_on_error": stop_on_error,
        }
        return self.request("execute_request", content)

    def kernel_info(self) -> str:
        return self.request("kernel_info_request", {})

    def request(self, kind: str, content: dict[str, Any]) -> str:
        """Send a request; its id, which everything that answers it names as parent."""
        message = self.session.msg(kind, content)
        self.send(message)
        return str(message["msg_id"])

    def send(self, message: Message) -> None:
        self._wire.send(message, message.get("buffers") or ())

    def receive(self, timeout: float | None) -> Message | None:
        """The next message, None when ``timeout`` passed. KernelEndedError when the process has and all is received."""
        until = None if timeout is None else time.monotonic() + timeout
        while (message := self._taken()) is None:
            seconds = None if until is None else max(0.0, until - time.monotonic())
            ready = select.select([self._wire.connection.fileno(), self._child.fileno()], [], [], seconds)[0]
            if not ready:
                return None
            self._read(self._wire.connection.fileno() in ready)
        return message

    async def receive_async(self, timeout: float | None) -> Message | None:
        """As ``receive``, while other tasks of the loop go on."""
        until = None if timeout is None else time.monotonic() + timeout
        while (message := self._taken()) is None:
            seconds = None if until is None else max(0.0, until - time.monotonic())
            if not await self._readable(seconds):
                return None
            self._read(bool(select.select([self._wire.connection], [], [], 0)[0]))
        return message

    def is_alive(self) -> bool:
        return self._child.wait(0) is None

    def start_channels(self) -> None:
        """They are open since the fork."""

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """It answered when it began."""

    def stop_channels(self) -> None:
        self._wire.connection.close()

    def _taken(self) -> Message | None:
        message = self._wire.taken(self.largest)
        if message is None:
            return None
        header = message.get("header")
        if header:
            message["msg_type"], message["msg_id"] = header["msg_type"], header["msg_id"]
        message.setdefault("parent_header", {})
        return dated(message)

    def _read(self, readable: bool) -> None:
        """Take in what has come; where nothing has, the process has ended."""
        try:
            if readable:
                self._wire.read()
                return
        except EOFError:
            raise KernelEndedError(self._child.wait(SHUTDOWN_SECONDS)) from None
        raise KernelEndedError(self._child.wait(SHUTDOWN_SECONDS))

    async def _readable(self, timeout: float | None) -> bool:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        watched = (self._wire.connection.fileno(), self._child.fileno())

        def come() -> None:
            if not ready.done():
                ready.set_result(None)

        for descriptor in watched:
            loop.add_reader(descriptor, come)
        try:
            await asyncio.wait_for(ready, timeout)
        except TimeoutError:
            return False
        finally:
            for descriptor in watched:
                loop.remove_reader(descriptor)
        return True


class Channel:
    """One kind of message out of the connection, for code that asks for them by channel."""

    def __init__(self, connection: KernelConnection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._waiting: deque[Message] = deque()

    def get_msg(self, timeout: float | None = None) -> Message:
        """The next message of this channel. Empty when there is none in time."""
        while not self._waiting:
            message = self._connection.receive(timeout)
            if message is None:
                raise Empty
            channel = getattr(self._connection, f"{message['channel']}_channel", None)
            if channel is not None:
                channel._waiting.append(message)
        return self._waiting.popleft()

    def taken(self) -> list[Message]:
        """What has come on this channel while another was waited for."""
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting

    def send(self, message: Message) -> None:
        self._connection.send(message)
