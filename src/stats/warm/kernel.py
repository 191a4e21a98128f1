"""An IPython kernel in a forked process: prepared once before the forks, then one notebook each. Keeps no notebook."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import importlib.util
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from tornado.ioloop import IOLoop

from stats.warm import ending, surroundings
from stats.warm.application import WarmApplication
from stats.warm.lean_imports import without
from stats.warm.messages import Message, Wire
from stats.warm.streams import Flusher, Stream

# Imported by IPython only when first needed: for a traceback or a shell command.
_LATE = ("pexpect", "pygments.formatters.terminal256", "stack_data", "tornado.platform.asyncio")
# And by matplotlib for a figure. The inline backend is not among them: imported before there is a kernel, it would
# never show one.
_LATE_FOR_FIGURES = ("IPython.core.pylabtools", "matplotlib.backends.backend_agg")


class _Prepared:
    """What ``prepare`` leaves for the processes forked afterwards."""

    application: WarmApplication | None = None
    home = ""
    launcher = "ipykernel_launcher.py"


def prepare(folder: Path) -> None:
    """Build the kernel, in a process with one thread that only forks from then on.

    What this process has imported by then, its kernels have at hand. ``folder`` (closed to other users) takes
    IPython's profile, which stays empty: no configuration of the user counts.
    """
    with surroundings.kept_environment():
        os.environ["IPYTHONDIR"] = str(folder / "ipython")
        _without_debugger()
        _Prepared.home = _folder_of_the_script()
        launcher = importlib.util.find_spec("ipykernel_launcher")
        _Prepared.launcher = str(launcher.origin) if launcher else _Prepared.launcher
        _Prepared.application = WarmApplication.built(folder)
        _Prepared.application.shell.display_formatter.format(None)  # it makes its parts when it is first used
        for module in (*_LATE, *(_LATE_FOR_FIGURES if "matplotlib.pyplot" in sys.modules else ())):
            importlib.import_module(module)
        surroundings.set_inline_backend()  # finding it takes longer than all the rest that is left to the fork


def _folder_of_the_script() -> str:
    """What Python put on ``sys.path`` for the script that this process began with; empty where that is not there."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    folder = os.path.dirname(os.path.realpath(main)) if main else ""
    return folder if folder in sys.path[:1] else ""


def _without_debugger() -> None:
    """Leave out the debugger, which nobody can attach to these kernels and which changes threads on import."""
    with without("debugpy"):
        importlib.import_module("ipykernel.debugger")


def run(channel: socket.socket) -> None:
    """Be a kernel: begin as the first message says, run what follows, until the other end closes."""
    application = _Prepared.application
    if application is None:
        raise RuntimeError("prepare() must come before the fork")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a kernel does between cells
    for descriptor, output in zip(socket.recv_fds(channel, 1, 2)[1], (1, 2), strict=True):
        os.dup2(descriptor, output)
        os.close(descriptor)
    wire = Wire(channel)
    first = wire.receive(None)
    if first is None:
        return
    try:
        limit = _begin(application, wire, first["content"])
    except OSError as error:
        wire.send({"channel": "start", "content": {"error": str(error)}})
        return
    wire.send({"channel": "start", "content": {"memory": limit}})
    _serve(application, wire)


def _begin(application: WarmApplication, wire: Wire, content: dict[str, Any]) -> int | None:
    surroundings.renew(
        folder=content["folder"],
        environment=content["environment"],
        home=_Prepared.home,
        arguments=[_Prepared.launcher, *application.arguments],
    )
    wire.share()
    application.session.attach(wire)
    flusher = Flusher()
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        real = open(descriptor, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, f"__{name}__", real)
        setattr(sys, name, Stream(application.session, application.publisher, name, descriptor, flusher))
    flusher.start()
    application.attach()
    return surroundings.limit_memory(content.get("memory"))


def _serve(application: WarmApplication, wire: Wire) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    tasks = ending.watched_tasks(loop)
    kernel = application.kernel
    kernel.io_loop = IOLoop.current()
    context = contextvars.copy_context()  # one for all cells: what one sets in it, the next one finds
    waiting: set[asyncio.Task[None]] = set()

    async def handle(message: Message) -> None:
        if message["header"]["msg_type"] == "finish_request":
            await ending.finish(kernel, tasks)
            wire.send({"channel": "finish", "content": {}})
        else:
            await kernel.shell_main(None, message)

    def ended(task: asyncio.Task[None]) -> None:
        """A kernel that cannot answer is a dead one; whoever waits for it shall see that."""
        waiting.discard(task)
        if not task.cancelled() and task.exception() is not None:
            os._exit(1)

    def read() -> None:
        try:
            wire.read()
        except EOFError:
            loop.remove_reader(wire.connection)
            loop.stop()
            return
        while (message := wire.taken()) is not None:
            task = loop.create_task(handle(message), context=context)
            waiting.add(task)
            task.add_done_callback(ended)

    loop.add_reader(wire.connection, read)
    loop.run_forever()
