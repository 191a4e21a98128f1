"""What processes forked by a fork server do in tests, and a process that starts one of its own, to be killed.

``python fork_driver.py FOLDER`` forks a server and a process with relatives, prints both numbers and waits;
``python fork_driver.py FOLDER cells`` runs notebooks in processes forked by its server, as asked over its input.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from stats.build.processes import fork_server
from stats.build.processes.fork_server import Child, ForkServer
from waiting import LONGEST

Role = Callable[[Connection], None]


def play(pipe: Connection) -> None:
    """Whatever role the process is told first."""
    ROLES[pipe.recv_bytes().decode()](pipe)


def ask(server: ForkServer, role: str) -> Child:
    """A process that plays this role."""
    child = server.fork()
    child.pipe.send_bytes(role.encode())
    return child


def echo(pipe: Connection) -> None:
    while True:
        try:
            pipe.send_bytes(pipe.recv_bytes() + b"!")
        except EOFError:
            return


def leave(pipe: Connection) -> None:
    sys.exit(7)


def fail(pipe: Connection) -> None:
    raise ValueError("a role failed")


def crash(pipe: Connection) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def parent(pipe: Connection) -> None:
    """Starts one process in its group and two outside, one of which has lost its own parent."""
    subprocess.Popen(["sleep", "600"])
    subprocess.Popen(["setsid", "sleep", "600"])
    subprocess.run(["sh", "-c", "setsid sleep 600 >/dev/null 2>&1 &"], check=True)
    pipe.send_bytes(b"started")
    pipe.recv_bytes()


def stubborn(pipe: Connection) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    pipe.send_bytes(b"ready")
    time.sleep(600)


def descriptors(pipe: Connection) -> None:
    entries = [Path(f"/proc/self/fd/{number}") for number in range(100)]
    kinds = [os.readlink(entry) if entry.exists() else "" for entry in entries]
    own = [number for number, kind in enumerate(kinds) if any(word in kind for word in ("socket", "event"))]
    pipe.send_bytes(str([number for number in own if number not in (1, 2, pipe.fileno())]).encode() + kinds[0].encode())


def signals(pipe: Connection) -> None:
    found = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGINT)]
    fine = [signal.SIG_DFL] * 3 + [signal.default_int_handler]
    pipe.send_bytes(str(found == fine and os.getsid(0) == os.getpid()).encode())


def tidy(pipe: Connection) -> None:
    atexit.register(lambda: pipe.send_bytes(b"at exit"))


def run_notebook(pipe: Connection) -> None:
    """Runs the notebook it is sent, in a folder and with options of the engine."""
    from stats.cells.engine import WarmEngine

    notebook, folder, options = pipe.recv()
    os.chdir(folder)
    pipe.send(WarmEngine.execute_notebook(notebook, "python3", progress_bar=False, **options))


ROLES: Mapping[str, Role] = {
    role.__name__: role for role in (echo, leave, fail, crash, parent, stubborn, descriptors, signals, tidy)
}


def prepare_cells(folder: Path) -> None:
    import seaborn  # noqa: F401  # brings pyplot, which processes forked later have to make their own

    from stats.cells import running

    running.prepare(folder)


def prepare_nothing() -> None:
    """The roles need nothing."""


def serve_cells(folder: Path) -> None:
    """Runs one notebook after the other that comes over the input, each in a process of its own."""
    with fork_server.forked(run_notebook, prepare=partial(prepare_cells, folder), folder=folder) as server:
        asked, answers = Connection(os.dup(0)), Connection(os.dup(1))
        answers.send_bytes(b"ready")
        while True:
            try:
                request = asked.recv_bytes()
            except EOFError:
                return
            child = server.fork()
            child.pipe.send_bytes(request)
            answer = child.pipe.recv_bytes()
            child.leave()
            answers.send_bytes(answer)


def wait_to_be_killed(folder: Path) -> None:
    server = fork_server.forked(play, prepare=prepare_nothing, folder=folder)
    child = ask(server, "parent")
    child.pipe.recv_bytes()
    print(server.pid, child.pid, flush=True)
    sys.stdin.read()


class Driver:
    """A process that runs notebooks with a fork server of its own, as a test sees it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the driver's input and output are not piped")
        self.asking = Connection(os.dup(process.stdin.fileno()), readable=False)
        self.answers = Connection(os.dup(process.stdout.fileno()), writable=False)
        self.answers.recv_bytes()


def run_there(running: Driver, notebook: NotebookNode, folder: Path, **options: Any) -> NotebookNode:
    """The notebook executed in a folder, in a process forked from one forked by a driver."""
    running.asking.send_bytes(pickle.dumps((notebook, folder, options)))
    executed: NotebookNode = pickle.loads(running.answers.recv_bytes())
    return executed


@contextmanager
def driver(folder: Path, *, path: str = "") -> Iterator[Driver]:
    """A driver in ``folder``, gone with all it started when the block ends; it looks for modules in ``path`` too."""
    command = [sys.executable, __file__, str(folder), "cells"]
    surroundings = {**os.environ, **({"PYTHONPATH": path} if path else {})}
    surroundings.pop("PYTEST_CURRENT_TEST", None)  # cells look like those of any user
    with subprocess.Popen(command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        given = Driver(process)
        try:
            yield given
        finally:
            given.asking.close()
            given.answers.close()
            if process.stdin is not None:
                process.stdin.close()
            process.wait(timeout=LONGEST)


if __name__ == "__main__":
    (serve_cells if "cells" in sys.argv else wait_to_be_killed)(Path(sys.argv[1]))
