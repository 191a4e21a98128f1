"""The fork server's own life: it forks on request, watches, reports and ends what it forked. Runs no cell itself."""

from __future__ import annotations

import gc
import logging
import os
import selectors
import shutil
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from stats.warm import process

LONGEST_ROLE = 200
LAST_SECONDS = 5.0
DRIVER_DIED = signal.SIGUSR2

Roles = Mapping[str, Callable[[socket.socket], None]]


@dataclass(slots=True, eq=False)
class _Client:
    """One connection, good for one child: first the request, then orders to it and the report of its end."""

    connection: socket.socket
    request: bytes = b""
    channel: int | None = None
    pid: int | None = None
    ended: bool = False


def serve(listener: socket.socket, lifeline: int, driver: int, roles: Roles, prepare: Callable[[], object]) -> None:
    """Prepare, then serve until the driver closes its end of ``lifeline`` or dies; never returns.

    If the driver has died, the folder of the server is removed, with all that its children kept there.
    """
    code = 1
    try:
        address = Path(listener.getsockname())
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        process.forget_inherited_exits()
        process.without_input()
        signal.signal(DRIVER_DIED, lambda *_: _end_alone(address.parent))
        process.die_with(driver, DRIVER_DIED)  # while preparing it has no child that could be left behind
        gc.disable()  # importing makes next to no garbage; looking for it takes a fifth of the time
        prepare()
        gc.freeze()  # what every child shares is not visited by its collector, and so not copied
        gc.enable()
        server = Server(listener, lifeline, driver, roles)
        process.die_with(driver, DRIVER_DIED)  # it may have died while nobody listened
        server.run()
        if not server.was_asked:  # the driver has died: nobody else is left to do it
            shutil.rmtree(address.parent, ignore_errors=True)
        code = 0
    except Exception:
        logging.getLogger(__name__).exception("the fork server ends")
    finally:
        process.flush()
        os._exit(code)


def _end_alone(folder: Path) -> None:
    """The driver has died while this process was preparing: nobody else is left to remove the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


class Server:
    """The loop: one thread, one selector; whatever one client does wrong costs that client only."""

    def __init__(self, listener: socket.socket, lifeline: int, driver: int, roles: Roles) -> None:
        self._listener = listener
        self._lifeline = lifeline
        self._driver = driver
        self._roles = roles
        self._clients: set[_Client] = set()
        self._living: dict[int, _Client | None] = {}
        self._going = True
        self.was_asked = False
        self._woken, self._wake = os.pipe()
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._woken, self._wake):
            os.set_blocking(descriptor, False)
        listener.setblocking(False)
        self._watch_signals()
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._selector.register(lifeline, selectors.EVENT_READ, self._heard_driver)
        self._selector.register(self._woken, selectors.EVENT_READ, self._signalled)

    def run(self) -> None:
        """Serve; afterwards nothing this server started is running."""
        while self._going:
            for key, _ in self._selector.select():
                try:
                    key.data()
                except Exception:
                    logging.getLogger(__name__).exception("one request to the fork server failed")
        self._end_all()

    def _watch_signals(self) -> None:
        process.adopt_orphans()
        signal.signal(signal.SIGCHLD, _only_wake)
        signal.signal(DRIVER_DIED, _only_wake)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)

    def _accept(self) -> None:
        with suppress(BlockingIOError, ConnectionError):  # it went away between its call and our answer
            connection, _ = self._listener.accept()
            if not _is_ours(connection):
                connection.close()
                return
            connection.setblocking(False)
            client = _Client(connection)
            self._clients.add(client)
            self._selector.register(connection, selectors.EVENT_READ, lambda: self._heard(client))

    def _heard(self, client: _Client) -> None:
        """A request, an order or the end of one client's connection."""
        try:
            content, descriptors, _, _ = socket.recv_fds(client.connection, LONGEST_ROLE, 4)
        except BlockingIOError:
            return
        except OSError:
            content, descriptors = b"", []
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
            if client.channel is None and client.pid is None:
                client.channel = descriptor
            else:
                os.close(descriptor)
        if not content:
            self._drop(client)
        elif client.pid is not None and not client.ended:  # the one order there is
            _signal_group(client.pid, signal.SIGKILL)
        elif client.pid is None:
            self._request(client, content)

    def _request(self, client: _Client, content: bytes) -> None:
        client.request += content
        if b"\n" not in client.request:
            if len(client.request) > LONGEST_ROLE:
                self._drop(client)
            return
        name = client.request.partition(b"\n")[0].decode("utf-8", errors="replace")
        role = self._roles.get(name)
        if role is None or client.channel is None:
            self._tell(client, f"error no role {name}" if role is None else "error no channel")
            self._drop(client)
            return
        try:
            self._fork(client, role, client.channel)
        except OSError as error:
            self._tell(client, f"error {error.strerror}")
            self._drop(client)

    def _fork(self, client: _Client, role: Callable[[socket.socket], None], channel: int) -> None:
        """Nothing of the server's life goes on in the child."""
        pid = process.forked(lambda: role(socket.socket(fileno=channel)), let_go=lambda: self._let_go(channel))
        os.close(channel)
        client.channel = None
        client.pid = pid
        self._living[pid] = client
        self._tell(client, f"pid {pid}")

    def _let_go(self, channel: int) -> None:
        signal.set_wakeup_fd(-1)
        self._selector.close()
        self._listener.close()
        for descriptor in (self._lifeline, self._woken, self._wake):
            os.close(descriptor)
        for client in self._clients:
            client.connection.close()
            if client.channel is not None and client.channel != channel:
                os.close(client.channel)

    def _drop(self, client: _Client) -> None:
        """The client has gone or may not stay; what was forked for it goes too."""
        if client in self._clients:
            self._clients.remove(client)
            self._selector.unregister(client.connection)
            client.connection.close()
        if client.channel is not None:
            os.close(client.channel)
            client.channel = None
        if client.pid is not None and not client.ended:
            self._living[client.pid] = None
            _signal_group(client.pid, signal.SIGKILL)

    def _tell(self, client: _Client, line: str) -> None:
        with suppress(OSError):  # it has gone: the end of its connection says so next
            client.connection.send(line.encode() + b"\n")

    def _signalled(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        if os.getppid() != self._driver:
            self._end()
        self._reap()

    def _reap(self) -> None:
        """Report who ended, end what they left running, and let clients go of whom nothing is left."""
        while (ended := _next_ended()) is not None:
            pid, status = ended
            if pid in self._living:
                _signal_group(pid, signal.SIGKILL)  # before its number is free to be given to another
            with suppress(ChildProcessError):  # reaped already, where it could not be told without
                os.waitpid(pid, os.WNOHANG)
            client = self._living.pop(pid, None)
            if client is not None:
                client.ended = True
                self._tell(client, f"exit {status}")
        if not self._kill_strays():
            for client in [client for client in self._clients if client.ended]:
                self._drop(client)

    def _kill_strays(self) -> bool:
        """Whether there are any: processes of a child that has ended, which came to this one."""
        strays = process.children() - self._living.keys()
        for pid in strays:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(strays)

    def _end(self) -> None:
        self._going = False

    def _heard_driver(self) -> None:
        """Its goodbye, or the end of its life."""
        self.was_asked = bool(os.read(self._lifeline, 1))
        self._end()

    def _end_all(self) -> None:
        Path(self._listener.getsockname()).unlink(missing_ok=True)
        self._listener.close()
        until = time.monotonic() + LAST_SECONDS
        while process.children() and time.monotonic() < until:
            for pid in self._living:
                _signal_group(pid, signal.SIGKILL)
            self._reap()
            time.sleep(0.002)


def _only_wake(*_: object) -> None:
    """Handle a signal by nothing but the byte that Python writes to wake the selector."""


def _next_ended() -> tuple[int, int] | None:
    """A child that ended, where possible not yet reaped, with its exit status or negative signal number."""
    try:
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            pid, status = os.waitpid(-1, os.WNOHANG)
            return (pid, os.waitstatus_to_exitcode(status)) if pid else None
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    if found is None:
        return None
    return found.si_pid, found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # it has not begun its own group yet, or macOS: a zombie's
        os.killpg(pid, number)
        return
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_ours(connection: socket.socket) -> bool:
    """Whether the same user is at the other end, where the system can say so."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return bool(user == os.getuid())
