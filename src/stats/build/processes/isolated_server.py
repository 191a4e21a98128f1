"""A fork server below a process of its own, for a caller that has several threads and so must not be forked itself."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection

from stats import import_path
from stats.build.processes.worker_main import Setting, prepare, roles
from stats.errors import RunEnvironmentError
from stats.warm import fork_server

_SPAWNING = multiprocessing.get_context("spawn")
_PATIENCE = 15.0


@contextmanager
def served(setting: Setting, read: Callable[[], object]) -> Iterator[str]:
    """The address of a fork server that has called ``read()`` once; it ends with the block, or with this process."""
    ours, theirs = _SPAWNING.Pipe()
    process = _SPAWNING.Process(target=_serve, args=(theirs, setting, read), daemon=False)
    with import_path.current_folder_left_out():
        process.start()
    theirs.close()
    try:
        yield _address(ours)
    finally:
        ours.close()
        process.join(_PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()


def _address(pipe: Connection) -> str:
    try:
        return str(pipe.recv())
    except EOFError as error:
        raise RunEnvironmentError("预热进程没有启动", "请查看以上信息，重新安装运行环境后再试") from error


def _serve(pipe: Connection, setting: Setting, read: Callable[[], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # whoever started this process decides, by closing the pipe
    read()
    with (
        fork_server.start(roles(setting), prepare=partial(prepare, setting), folder=setting.private) as server,
        suppress(EOFError),
    ):
        pipe.send(server.address)
        pipe.recv()
