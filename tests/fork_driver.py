"""A process that starts a fork server in FOLDER, prints its address and number, and stops it when its input ends.

``python fork_driver.py FOLDER cells`` forks processes that run notebooks, ``... plain`` the roles below.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from stats.warm import fork_server
from waiting import LONGEST

Role = Callable[[socket.socket], None]


def echo(channel: socket.socket) -> None:
    while content := channel.recv(100):
        channel.send(content + b"!")


def leave(channel: socket.socket) -> None:
    sys.exit(7)


def fail(channel: socket.socket) -> None:
    raise ValueError("a role failed")


def crash(channel: socket.socket) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def parent(channel: socket.socket) -> None:
    """Starts one process in its group and two outside, one of which has lost its own parent."""
    subprocess.Popen(["sleep", "600"])
    subprocess.Popen(["setsid", "sleep", "600"])
    subprocess.run(["sh", "-c", "setsid sleep 600 >/dev/null 2>&1 &"], check=True)
    channel.send(b"started")
    channel.recv(100)


def stubborn(channel: socket.socket) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    channel.send(b"ready")
    time.sleep(600)


def descriptors(channel: socket.socket) -> None:
    entries = [Path(f"/proc/self/fd/{number}") for number in range(100)]
    kinds = [os.readlink(entry) if entry.exists() else "" for entry in entries]
    own = [number for number, kind in enumerate(kinds) if any(word in kind for word in ("socket", "event", "pipe"))]
    channel.send(str([number for number in own if number not in (1, 2, channel.fileno())]).encode() + kinds[0].encode())


def signals(channel: socket.socket) -> None:
    found = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGINT)]
    fine = [signal.SIG_DFL] * 3 + [signal.default_int_handler]
    channel.send(str(found == fine and os.getsid(0) == os.getpid()).encode())


def tidy(channel: socket.socket) -> None:
    atexit.register(lambda: channel.send(b"at exit"))


def run_notebook(channel: socket.socket) -> None:
    """Runs the notebooks it is sent, each in a folder and with options of the engine."""
    from stats.cells.engine import WarmEngine

    pipe = Connection(channel.detach())
    while True:
        try:
            notebook, folder, options = pipe.recv()
        except EOFError:
            return
        os.chdir(folder)
        pipe.send(WarmEngine.execute_notebook(notebook, "python3", progress_bar=False, **options))


ROLES: Mapping[str, Role] = {
    role.__name__: role for role in (echo, leave, fail, crash, parent, stubborn, descriptors, signals, tidy)
}


def roles(kind: str, folder: Path) -> tuple[Mapping[str, Role], Callable[[], object]]:
    if kind == "cells":
        import seaborn  # noqa: F401  # brings pyplot, which processes forked later have to make their own

        from stats.cells import running

        return {"cells": run_notebook}, lambda: running.prepare(folder)
    if kind == "broken":
        return ROLES, lambda: 1 // 0
    return ROLES, lambda: None


def main(folder: Path, kind: str) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        chosen, prepare = roles(kind, folder)
        with fork_server.start(chosen, prepare=prepare, folder=folder) as server:
            print(server.address, server.pid, kept, flush=True)
            sys.stdin.read()


class Driver:
    """Such a process, as a test sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            raise RuntimeError("the driver's output is not piped")
        self.process = process
        self.address, pid, kept = process.stdout.readline().split()
        self.server = int(pid)
        self.kept = Path(kept)


def run_there(running: Driver, notebook: NotebookNode, folder: Path, **options: Any) -> NotebookNode:
    """The notebook executed in a folder, in a process forked from one forked by a driver of ``cells``."""
    child = fork_server.fork(running.address, "cells")
    with Connection(child.channel.detach()) as pipe:
        pipe.send((notebook, folder, options))
        executed: NotebookNode = pipe.recv()
    child.wait(LONGEST)
    child.close()
    return executed


@contextmanager
def driver(folder: Path, kind: str = "plain", *, path: str = "") -> Iterator[Driver]:
    """A driver in ``folder``, gone with all it started when the block ends; it looks for modules in ``path`` too."""
    command = [sys.executable, __file__, str(folder), kind]
    surroundings = {**os.environ, **({"PYTHONPATH": path} if path else {})}
    surroundings.pop("PYTEST_CURRENT_TEST", None)  # cells look like those of any user
    with subprocess.Popen(
        command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Driver(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(timeout=LONGEST)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
