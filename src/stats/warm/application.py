"""ipykernel's application and kernel without sockets and threads, for a process still to be forked. Runs no cell."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.displayhook import ZMQDisplayHook
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session

from stats.warm import surroundings
from stats.warm.messages import Message, Wire
from stats.warm.streams import Publisher

REPLIES = "shell"
# Begin or end a cell, and wait for what follows them at once: one send and one waking of the reader for all.
_HELD = ("execute_input", "execute_result", "execute_reply")


class WarmSession(Session):  # type: ignore[misc]
    """Makes messages as any session does, and sends them over the wire of its process."""

    wire: Wire | None = None

    def attach(self, wire: Wire) -> None:
        """Be a session of its own from now on."""
        self.wire = wire
        self.session = uuid.uuid4().hex

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        if self.wire is not None:
            self.wire.send(
                {
                    "channel": REPLIES if stream == REPLIES else "iopub",
                    "header": message["header"],
                    "parent_header": {"msg_id": message["parent_header"].get("msg_id")},
                    "metadata": message["metadata"],
                    "content": message["content"],
                },
                buffers or message.get("buffers", ()),
                hold=message["msg_type"] in _HELD or message["content"].get("execution_state") == "busy",
            )
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        return [], msg_list

    def deserialize(self, msg_list: Message, content: bool = True, copy: bool = True) -> Message:
        """The message, which came whole and not as ZeroMQ's frames."""
        return msg_list


class WarmKernel(IPythonKernel):  # type: ignore[misc]
    """ipykernel's kernel; its requests come one by one from one client, so none has to be aborted."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """No request waits behind the one that failed."""


class _TransformedOnce:
    """Stands for the shell's ``transform_cell``, which kernel and shell call one after the other for the same cell.

    Only IPython's own transformations are spared the second time: what a notebook has added may count its calls.
    """

    def __init__(self, shell: Any) -> None:
        self._transform = shell.transform_cell
        self._shell = shell
        self._own = self._transformers()
        self._first: tuple[str, str] | None = None

    def __call__(self, raw_cell: str) -> str:
        first, self._first = self._first, None
        if first is not None and first[0] == raw_cell:
            return first[1]
        transformed: str = self._transform(raw_cell)
        if self._transformers() == self._own:
            self._first = raw_cell, transformed
        return transformed

    def _transformers(self) -> list[Any]:
        manager = self._shell.input_transformer_manager
        lists = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
        return [*self._shell.input_transformers_post, *(each for some in lists for each in some)]


class WarmApplication(IPKernelApp):  # type: ignore[misc]
    """ipykernel's application, initialised in two halves: ``built`` before the fork, ``attach`` after it."""

    arguments: list[str]
    publisher: Publisher

    @classmethod
    def built(cls, folder: Path) -> WarmApplication:
        """The application with kernel and shell, nothing of it bound to a process."""
        application: WarmApplication = cls.instance()
        application.arguments = ["-f", str(folder / "kernel.json"), "--HistoryManager.hist_file=:memory:"]
        application.ignore_cwd = True  # as PYTHONSAFEPATH, which a forked process comes too late for
        application.initialize(application.arguments)
        application.shell.transform_cell = _TransformedOnce(application.shell)
        application.log.setLevel(logging.WARNING)  # each cell leaves several lines for nobody to see
        return application

    def attach(self) -> None:
        """What a kernel does at its start that belongs to its process. ``sys.stdout`` and ``sys.stderr`` are set."""
        sys.excepthook = self.excepthook
        for handler in self.log.handlers:
            if isinstance(handler, logging.StreamHandler):  # to where errors go that belong to no cell
                handler.setStream(open(os.dup(sys.stderr.fileno()), "w", encoding="utf-8"))  # noqa: SIM115
        self.displayhook = ZMQDisplayHook(self.session, self.publisher.background_socket)
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count
        sys.displayhook = self.displayhook
        self.patch_io()
        super().init_path()
        self.shell.init_environment()
        surroundings.set_inline_backend()
        super().init_gui_pylab()

    def init_sockets(self) -> None:
        self.publisher = Publisher()
        self.session = WarmSession(parent=self)

    def init_kernel(self) -> None:
        channel = SimpleNamespace(get_subshell_to_shell_channel_socket=lambda subshell: REPLIES)
        self.kernel = WarmKernel.instance(
            parent=self,
            session=self.session,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread(), manager=channel),
            iopub_thread=self.publisher,
            iopub_socket=self.publisher.background_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.kernel._execute_sleep = 0  # nothing can be overtaken on one wire
        self.kernel._control_lock = asyncio.Lock()

    def _nothing_yet(self) -> None:
        """Belongs to the process of the kernel, or to ZeroMQ."""

    init_crash_handler = init_connection_file = init_poller = init_heartbeat = _nothing_yet
    write_connection_file = log_connection_info = init_io = init_signal = _nothing_yet
    init_path = init_gui_pylab = _nothing_yet
