"""The fork server's own life: it forks on request, watches, reports and ends what it forked. Runs no cell itself."""

from __future__ import annotations

import gc
import logging
import os
import selectors
import shutil
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from stats import forking
from stats.build.processes.fork_server import FORK, Play

LAST_SECONDS = 5.0
DRIVER_DIED = signal.SIGUSR2


@dataclass(slots=True, eq=False)
class _Client:
    """A child's other side: the connection by which its driver gives orders and learns of its end."""

    connection: socket.socket
    pid: int = 0
    ended: bool = False


def serve(control: socket.socket, driver: int, play: Play, prepare: Callable[[], object], folder: Path) -> None:
    """Prepare, then serve until the driver closes its end of ``control`` or dies; never returns.

    Then the ``folder`` is removed, with all that the server's children kept there: a driver that is told twice to end
    has no time for it.
    """
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        forking.forget_inherited_exits()
        forking.without_input()
        signal.signal(DRIVER_DIED, lambda *_: _end_alone(driver, folder))
        forking.die_with(driver, DRIVER_DIED)  # while preparing it has no child that could be left behind
        gc.disable()  # importing makes next to no garbage; looking for it takes a fifth of the time
        prepare()
        gc.freeze()  # what every child shares is not visited by its collector, and so not copied
        gc.enable()
        server = Server(control, driver, play)
        forking.die_with(driver, DRIVER_DIED)  # it may have died while nobody listened
        server.run()
        shutil.rmtree(folder, ignore_errors=True)
        code = 0
    except Exception:
        logging.getLogger(__name__).exception("the fork server ends")
    finally:
        forking.flush()
        os._exit(code)


def _end_alone(driver: int, folder: Path) -> None:
    """The driver has died while this process was preparing: nobody else is left to remove the folder.

    The signal also comes when only the driver's thread that started this process has ended.
    """
    if os.getppid() != driver:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


class Server:
    """The loop: one thread, one selector; whatever becomes of one child costs that child only."""

    def __init__(self, control: socket.socket, driver: int, play: Play) -> None:
        self._control = control
        self._driver = driver
        self._play = play
        self._clients: set[_Client] = set()
        self._living: dict[int, _Client | None] = {}
        self._going = True
        self._woken, self._wake = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for each in (self._woken, self._wake):
            each.setblocking(False)
        self._watch_signals()
        self._selector.register(control, selectors.EVENT_READ, self._heard_driver)
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
        forking.adopt_orphans()
        signal.signal(signal.SIGCHLD, _only_wake)
        signal.signal(DRIVER_DIED, _only_wake)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)

    def _heard_driver(self) -> None:
        """A request with the server's ends of two connections, or the end of its life."""
        content, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        if content != FORK:
            self._end()
            return
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        connection, pipe = descriptors
        self._fork(_Client(socket.socket(fileno=connection)), pipe)

    def _fork(self, client: _Client, pipe: int) -> None:
        """Nothing of the server's life goes on in the child."""
        self._clients.add(client)
        try:
            client.pid = forking.forked(lambda: self._play(Connection(pipe)), let_go=self._let_go)
        except OSError as error:
            client.ended = True
            self._tell(client, f"error {error.strerror}")
            self._clients.remove(client)
            client.connection.close()
            return
        finally:
            os.close(pipe)
        self._living[client.pid] = client
        client.connection.setblocking(False)
        self._selector.register(client.connection, selectors.EVENT_READ, lambda: self._heard(client))
        self._tell(client, f"pid {client.pid}")

    def _let_go(self) -> None:
        signal.set_wakeup_fd(-1)
        self._selector.close()
        for each in (self._control, self._woken, self._wake, *(client.connection for client in self._clients)):
            each.close()

    def _heard(self, client: _Client) -> None:
        """The one order there is, or the end of the connection."""
        try:
            content = client.connection.recv(100)
        except BlockingIOError:
            return
        except OSError:
            content = b""
        if not content:
            self._drop(client)
        elif not client.ended:
            _signal_group(client.pid, signal.SIGKILL)

    def _drop(self, client: _Client) -> None:
        """The client has gone or may not stay; what was forked for it goes too."""
        if client in self._clients:
            self._clients.remove(client)
            self._selector.unregister(client.connection)
            client.connection.close()
        if not client.ended:
            self._living[client.pid] = None
            _signal_group(client.pid, signal.SIGKILL)

    def _tell(self, client: _Client, line: str) -> None:
        with suppress(OSError):  # it has gone: the end of its connection says so next
            client.connection.send(line.encode() + b"\n")

    def _signalled(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
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
        strays = forking.children() - self._living.keys()
        for pid in strays:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(strays)

    def _end(self) -> None:
        self._going = False

    def _end_all(self) -> None:
        until = time.monotonic() + LAST_SECONDS
        while forking.children() and time.monotonic() < until:
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
