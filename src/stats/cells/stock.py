"""papermill's client on a stock kernel, with limits on what is put out, and what is put out late. Forks nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Bool, Instance, Integer

from stats import import_path
from stats.cells import ending, environment
from stats.cells.outputs import OutputCount, OutputLimitError, OutputLimits

_LATE = ("stream", "display_data", "update_display_data", "error", "clear_output")
LARGEST_LOG = 1 << 20
_PART = 1 << 16


class StockClient(PapermillNotebookClient):  # type: ignore[misc]
    """Ends the kernel of a notebook that puts out too much; ``memory`` [bytes] limits what it may allocate."""

    output_limits = Instance(OutputLimits, ())
    memory = Integer(None, allow_none=True)
    late_outputs = Bool(
        False, help="Put into the last cell what threads and tasks of earlier cells put out later (else it is lost)."
    )
    _place = 0
    _over: OutputLimitError | None = None

    def reset_execution_trackers(self) -> None:
        super().reset_execution_trackers()
        self._unclaimed: list[dict[str, Any]] = []
        self._count = OutputCount(self.output_limits)

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start it in its folder, from which it imports nothing."""
        kwargs["env"] = import_path.environment(Path.cwd(), kwargs.get("env") or os.environ)
        with _drained() as output:
            await super().async_start_new_kernel(**{"stdout": output, "stderr": output, **kwargs})

    async def async_start_new_kernel_client(self) -> Any:
        connection = await super().async_start_new_kernel_client()
        pid = getattr(self.km.provisioner, "pid", None)
        if self.memory is not None and pid is not None:
            environment.limit_memory_of(pid, self.memory)
        if Path("matplotlibrc").exists() and getattr(self.km, "ipykernel", False):
            sent = connection.execute(import_path.MATPLOTLIB_FROM_ELSEWHERE, silent=True, store_history=False)
            await self.async_wait_for_reply(sent)
        self._listen(connection.iopub_channel)
        return connection

    def _listen(self, channel: Any) -> None:
        """Count all that comes over the channel, and keep what nbclient passes over: that of cells already ended."""
        receive = channel.get_msg

        async def heard(*args: Any, **kwargs: Any) -> Any:
            message = await ensure_async(receive(*args, **kwargs))
            if message["msg_type"] in (*_LATE, "execute_result") and self._over is None:
                try:
                    printed = message["msg_type"] == "stream"
                    self._count.add(message["content"], self._place, printed=printed)
                except OutputLimitError as error:
                    self._over, self.shutdown_kernel = error, "immediate"
                    await self.km.provisioner.kill()
                self._unclaimed.append(message)
            return message

        channel.get_msg = heard

    def process_message(self, msg: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if self._unclaimed and self._unclaimed[-1] is msg:
            self._unclaimed.pop()
        if self._over is not None and msg["msg_type"] != "status":
            return None
        return super().process_message(msg, *args, **kwargs)

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        self._place = cell_index
        try:
            executed = await super().async_execute_cell(cell, cell_index, *args, **kwargs)
        except DeadKernelError as error:
            if self._over is None:
                error.status = _status(self.km)
                raise
        if self._over is not None:
            raise self._over from None
        return executed

    # What nbclient calls from code that is not asynchronous.
    start_new_kernel = run_sync(async_start_new_kernel)
    start_new_kernel_client = run_sync(async_start_new_kernel_client)
    execute_cell = run_sync(async_execute_cell)

    def set_widgets_metadata(self) -> None:
        """Record what is known when all cells have run; before, hear what threads and tasks still have to say."""
        if self.late_outputs:
            run_sync(self._finish)()
        super().set_widgets_metadata()

    async def _finish(self) -> None:
        places = [place for place, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]
        if not places:
            return
        sent = self.kc.execute(ending.IN_ANY_KERNEL, silent=True, store_history=False, stop_on_error=False)
        await self.async_wait_for_reply(sent)
        while True:
            message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=self.iopub_timeout))
            if message["parent_header"].get("msg_id") == sent and message["content"].get("execution_state") == "idle":
                break
        if self._over is not None:
            raise self._over
        for message in self._unclaimed:
            super().process_message(message, self.nb.cells[places[-1]], places[-1])


def _status(kernel: Any) -> int | None:
    """How the process of a kernel ended."""
    started = getattr(getattr(kernel, "provisioner", None), "process", None)
    return None if started is None else started.poll()


@contextmanager
def _drained(target: int = 2) -> Iterator[int]:
    """A file descriptor for the output of a process started in the block; no more than its beginning is kept.

    ipykernel copies to it whatever is written to file descriptors 1 and 2, which may be without end.
    """
    ours, theirs = os.pipe()
    threading.Thread(target=_drain, args=(ours, os.dup(target)), name="drain", daemon=True).start()
    try:
        yield theirs
    finally:
        os.close(theirs)


def _drain(source: int, target: int) -> None:
    room = LARGEST_LOG
    with os.fdopen(source, "rb", buffering=0) as read, os.fdopen(target, "wb", buffering=0) as write:
        while part := read.read(_PART):
            with suppress(OSError):  # a full disk must not stop the kernel
                write.write(part[:room])
            room = max(0, room - len(part))
