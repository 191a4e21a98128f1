"""Starts the fork server and asks it for processes, from any process of the user. Runs nothing in the child itself."""

from __future__ import annotations

import math
import os
import select
import signal
import socket
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from stats.errors import RunEnvironmentError

START_SECONDS = 60.0
STOP_SECONDS = 10.0
GOODBYE = b"."
"""What tells the server that it is to end; without it, whoever started it has died."""
_LONGEST_ADDRESS = 100
_REMEDY = "请关闭其他程序或减少同时进行的份数（--jobs）后重新运行；仍不行，请查看 .internal 内 logs 中的运行记录"


class ForkError(RunEnvironmentError):
    """No process could be forked: the fork server has gone, refused, or the system has no room for another."""


def available() -> bool:
    """Whether this system can fork at all (not Windows)."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and hasattr(socket, "send_fds")


def start(
    roles: Mapping[str, Callable[[socket.socket], None]], *, prepare: Callable[[], object], folder: Path
) -> ForkServer:
    """Fork the server at once; it runs ``prepare()`` and then forks a process for each request.

    Each process plays one of ``roles``: the function gets its end of a channel to whoever asked. The caller must
    have one thread only, and ``folder`` be closed to other users; a folder holds one server, which removes it when the
    caller dies without stopping it.
    """
    from stats.warm import process, server_loop  # needs fork, which Windows does not have

    address = address_in(folder)
    if len(os.fsencode(address)) > _LONGEST_ADDRESS:
        raise RunEnvironmentError(f"临时文件夹的路径过长（{folder}）", "请把环境变量 TMPDIR 设为较短的路径，如 /tmp")
    if threading.active_count() != 1:
        raise RuntimeError("a process with several threads cannot be forked safely")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    os.chmod(address, 0o600)
    listener.listen(64)
    theirs, lifeline = os.pipe()
    process.flush()
    driver = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # until the server can take them
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of numeric libraries, which mind forks
            pid = os.fork()
        if pid == 0:
            os.close(lifeline)
            server_loop.serve(listener, theirs, driver, roles, prepare)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    listener.close()
    os.close(theirs)
    return ForkServer(address, pid, lifeline)


def address_in(folder: Path) -> str:
    """Where the server of this folder listens."""
    return str(folder / "fork")


class ForkServer:
    """The server as the process sees it that started it; ends with it, and with everything it forked."""

    def __init__(self, address: str, pid: int, lifeline: int) -> None:
        self.address = address
        self.pid = pid
        self._lifeline = lifeline
        self._ended = False

    def stop(self) -> None:
        """End the server and everything it forked, and wait until that is done; a second call does nothing."""
        if self._ended:
            return
        self._ended = True
        with suppress(BrokenPipeError):  # it has ended already
            os.write(self._lifeline, GOODBYE)
        os.close(self._lifeline)
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            time.sleep(0.002)
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        Path(self.address).unlink(missing_ok=True)

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def fork(address: str, role: str, *, timeout: float = START_SECONDS) -> Child:
    """Have the server at ``address`` fork a process that plays ``role``. ForkError when it does not."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    ours, theirs = socket.socketpair()
    try:
        control.settimeout(timeout)
        control.connect(address)
        socket.send_fds(control, [f"{role}\n".encode()], [theirs.fileno()])
        child = Child(control, ours)
        child.pid = _number(child.read_line(timeout))
    except OSError as error:
        ours.close()
        control.close()
        raise ForkError(f"预热进程没有回应（{error}）", _REMEDY) from error
    except ForkError:
        ours.close()
        control.close()
        raise
    finally:
        theirs.close()
    return child


def is_serving(address: str, *, timeout: float = START_SECONDS) -> bool:
    """Whether the server at ``address`` answers, or at least might: what it is asked for has no name."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
        control.settimeout(timeout)
        try:
            control.connect(address)
            control.send(b"\n")
            return bool(control.recv(1))
        except TimeoutError:
            return True
        except OSError:
            return False


class Child:
    """A forked process: our end of its channel, its end, and orders to it. It lives no longer than this process.

    ``is_forsaken`` once it is known to have ended because the server has.
    """

    def __init__(self, control: socket.socket, channel: socket.socket) -> None:
        self.channel = channel
        self.pid = 0
        self._control = control
        self._received = b""
        self._status: int | None = None
        self.is_forsaken = False

    def fileno(self) -> int:
        """For selectors and waits: readable as soon as the process has ended."""
        return self._control.fileno()

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit status, or the signal that ended it as a negative number; None while it runs after ``timeout``."""
        if self._status is None:
            line = self.read_line(timeout)
            if line is None:
                return None
            # A server that has gone takes its children along, by the kernel's hand.
            self.is_forsaken = not line
            self._status = _number(line) if line else -signal.SIGKILL
        return self._status

    def kill(self) -> None:
        """Kill it with its whole process group; what it started outside the group follows as soon as it is dead."""
        with suppress(OSError):  # the server has gone, and its children with it
            self._control.send(b"k")

    def close(self) -> None:
        """End it, if it still runs, with everything it started, and wait until nothing of that is left."""
        if self._control.fileno() < 0:
            return
        self.channel.close()
        if self._status is None:
            self.kill()
            self.wait(STOP_SECONDS)
        self.read_line(STOP_SECONDS)  # the server closes the connection when the last descendant has gone
        self._control.close()

    def read_line(self, timeout: float | None) -> str | None:
        """The server's next line, empty when it closed the connection, None when there was none in time."""
        until = math.inf if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._received:
            seconds = None if timeout is None else max(0.0, until - time.monotonic())
            if not select.select([self._control], [], [], seconds)[0]:
                return None
            try:
                content = self._control.recv(1000)
            except ConnectionResetError:
                content = b""
            if not content:
                return ""
            self._received += content
        line, _, self._received = self._received.partition(b"\n")
        return line.decode()


def _number(line: str | None) -> int:
    """The number in a line of the server."""
    kind, _, rest = (line or "").partition(" ")
    if kind in ("pid", "exit"):
        return int(rest)
    problem = {None: "预热进程没有及时回应", "": "预热进程已经退出"}.get(line, f"预热进程没有分出新进程（{rest}）")
    raise ForkError(problem, _REMEDY)
