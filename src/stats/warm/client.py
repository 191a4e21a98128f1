"""nbclient's client on a forked kernel, with limits on what is put out; all outputs are made by nbclient itself."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient import NotebookClient
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async, run_hook, run_sync
from nbformat import NotebookNode
from traitlets import Bool, Instance, Integer, Unicode

from stats import import_path
from stats.warm import ending, surroundings
from stats.warm.connection import KernelConnection, KernelEndedError, KernelProcess
from stats.warm.drain import drained
from stats.warm.messages import Message, TooLargeError
from stats.warm.outputs import MEBIBYTE, OutputCount, OutputLimitError, OutputLimits, append, output_of, tidied

FINISH_SECONDS = 15.0
KERNELS = ("", "python", NATIVE_KERNEL_NAME)  # only this Python's own can be forked
_LATE = ("stream", "display_data", "update_display_data", "error", "clear_output")
_HOOKS = ("on_cell_start", "on_cell_execute", "on_cell_complete", "on_cell_executed", "on_cell_error")


class LimitedNotebookClient(NotebookClient):  # type: ignore[misc]
    """nbclient's client on any kernel; ends the kernel of a notebook that puts out too much, joins streams in time."""

    output_limits = Instance(OutputLimits, ())
    coalesce_streams = Bool(help=NotebookClient.coalesce_streams.help)
    clear_before_next_output: bool
    _joins = False
    _over: OutputLimitError | None = None
    late_outputs = Bool(
        False, help="Put into the last cell what threads and tasks of earlier cells put out later (else it is lost)."
    )

    def reset_execution_trackers(self) -> None:
        super().reset_execution_trackers()
        self._strays: list[Message] = []
        self._number = 0
        self._count = OutputCount(self.output_limits)

    def process_message(self, msg: Message, cell: NotebookNode, cell_index: int) -> Any:
        if self._over is not None:
            return None
        self._number = cell_index
        self._count.add(msg, cell_index)
        return super().process_message(msg, cell, cell_index)

    def output(self, outs: list[NotebookNode], msg: Message, display_id: str | None, cell_index: int) -> Any:
        """nbclient's own, which besides checks every output against a schema and joins streams afterwards."""
        hooks = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if hooks:
            return super().output(outs, msg, display_id, cell_index)
        try:
            made = output_of(msg)
        except ValueError:
            self.log.error(f"unhandled iopub msg: {msg['msg_type']}")
            return None
        if self.clear_before_next_output:
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
        if not (self._joins and made["output_type"] == "stream" and append(outs, made["text"], made["name"])):
            outs.append(made)
        return made

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> Any:
        joins = self._joins
        self._joins = joins or bool(self.coalesce_streams)
        self.coalesce_streams = False
        try:
            return await super().async_execute_cell(cell, cell_index, execution_count, store_history)
        except DeadKernelError:
            if self._over is not None:
                raise self._over from None
            raise KernelEndedError(_status(self.km)) from None
        finally:
            if self._joins and cell.get("outputs"):
                cell.outputs = tidied(cell.outputs)
            self.coalesce_streams, self._joins = self._joins, joins

    execute_cell = run_sync(async_execute_cell)

    def _stray(self, message: Message) -> None:
        """Keep what belongs to a cell that has already ended."""
        if self.late_outputs and message.get("msg_type") in _LATE:
            self._count.add(message, self._number)
            self._strays.append(message)

    async def _async_poll_kernel_alive(self) -> None:
        """nbclient's own, which goes on after an error in the cell and fails as soon as the kernel has been left."""
        await asyncio.sleep(1)
        while self.kc is not None:
            try:
                await self._async_check_alive()
            except DeadKernelError:
                if self.task_poll_for_reply is not None:
                    self.task_poll_for_reply.cancel()
                return
            await asyncio.sleep(1)

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: NotebookNode, cell_index: int) -> None:
        try:
            while True:
                message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=None))
                if message["parent_header"].get("msg_id") == parent_msg_id:
                    self.process_message(message, cell, cell_index)
                else:
                    self._stray(message)
        except CellExecutionComplete:
            return
        except OutputLimitError as error:
            self._over = error
            self.shutdown_kernel = "immediate"
            if self.task_poll_for_reply is not None:
                self.task_poll_for_reply.cancel()
            raise


class WarmNotebookClient(LimitedNotebookClient):
    """The same on a kernel forked by the server at ``fork_server``; ``memory`` [bytes] limits what it may allocate."""

    fork_server = Unicode()
    memory = Integer(None, allow_none=True)
    _folder = Path()
    _last: tuple[str, NotebookNode, int] | None = None

    def create_kernel_manager(self) -> Any:
        name = self.kernel_name or self.nb.metadata.get("kernelspec", {}).get("name", "")
        if not self.fork_server or name not in KERNELS or "kernel_manager_class" in self._trait_values:
            return super().create_kernel_manager()
        self.km = KernelProcess(self.fork_server, memory=self.memory)
        return self.km

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start it in its folder, from which it imports nothing."""
        self._folder = Path(kwargs.get("cwd") or self.resources.get("metadata", {}).get("path") or os.curdir)
        kwargs["env"] = import_path.environment(self._folder, kwargs.get("env") or os.environ)
        if isinstance(self.km, KernelProcess):
            kwargs.setdefault("timeout", self.startup_timeout)
            await super().async_start_new_kernel(**kwargs)
            return
        with drained() as output:
            await super().async_start_new_kernel(**{"stdout": output, "stderr": output, **kwargs})

    async def async_start_new_kernel_client(self) -> Any:
        connection = await super().async_start_new_kernel_client()
        pid = getattr(getattr(self.km, "provisioner", None), "pid", None)
        if self.memory is not None and pid is not None:
            surroundings.limit_memory_of(pid, self.memory)
        if isinstance(connection, KernelConnection):
            connection.largest = self.output_limits.total + MEBIBYTE
        elif (self._folder / "matplotlibrc").exists() and getattr(self.km, "ipykernel", False):
            sent = connection.execute(import_path.MATPLOTLIB_FROM_ELSEWHERE, silent=True, store_history=False)
            await self.async_wait_for_reply(sent)
        return connection

    # What nbclient calls from code that is not asynchronous.
    start_new_kernel = run_sync(async_start_new_kernel)
    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    def execute_cell(self, cell: NotebookNode, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        """Run one cell, without an event loop where no hook may need one."""
        if not isinstance(self.kc, KernelConnection) or any(getattr(self, hook) is not None for hook in _HOOKS):
            return run_sync(self.async_execute_cell)(cell, cell_index, *args, **kwargs)
        return _run_through(self._run_cell(cell, cell_index, *args, waits=True, **kwargs))

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(self.kc, KernelConnection):
            return await super().async_execute_cell(cell, cell_index, *args, **kwargs)
        return await self._run_cell(cell, cell_index, *args, waits=False, **kwargs)

    def set_widgets_metadata(self) -> None:
        """Record what is known when all cells have run; before, hear what threads and tasks still have to say."""
        self._finish()
        super().set_widgets_metadata()

    async def _run_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
        *,
        waits: bool,
    ) -> Any:
        """nbclient's ``async_execute_cell``, on one ordered connection instead of several sockets and tasks."""
        await run_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        allows_errors = not self.force_raise_errors and (self.allow_errors or "raises-exception" in tags)
        await run_hook(self.on_cell_execute, cell=cell, cell_index=cell_index)
        sent = self.kc.execute(cell.source, store_history=store_history, stop_on_error=not allows_errors)
        await run_hook(self.on_cell_complete, cell=cell, cell_index=cell_index)
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        self._last = (sent, cell, cell_index)
        self._joins = self.coalesce_streams
        try:
            reply = await self._replied(sent, cell, cell_index, waits=waits)
        except OutputLimitError:
            self.km.kill()
            raise
        finally:
            if self._joins and cell.outputs:
                cell.outputs = tidied(cell.outputs)
        if execution_count:
            cell["execution_count"] = execution_count
        await run_hook(self.on_cell_executed, cell=cell, cell_index=cell_index, execute_reply=reply)
        await self._check_raise_for_error(cell, cell_index, reply)
        self.nb["cells"][cell_index] = cell
        return cell

    async def _replied(self, sent: str, cell: NotebookNode, cell_index: int, *, waits: bool) -> Message:
        """The reply to the request ``sent``, when every output before it is in the cell too."""
        timeout = self._get_timeout(cell)
        deadline = None if timeout is None else time.monotonic() + timeout
        reply: Message | None = None
        idle = False
        while reply is None or not idle:
            message = await self._next(deadline, cell_index, waits=waits)
            if message is None:
                if reply is not None:
                    return self._without_rest(reply, cell)
                reply = await self._async_handle_timeout(timeout, cell)
                deadline = time.monotonic() + (timeout if reply is None else self.iopub_timeout)
            elif message["parent_header"].get("msg_id") != sent:
                self._stray(message)
            elif message["channel"] == "shell":
                reply = reply or message
                deadline = time.monotonic() + self.iopub_timeout
                if self.record_timing:
                    cell["metadata"]["execution"]["shell.execute_reply"] = timestamp(message)
            else:
                idle = self._processed(message, cell, cell_index)
                if idle and reply is None:  # it comes first, or never
                    raise DeadKernelError("Kernel sent no reply")
        return reply

    async def _next(self, deadline: float | None, cell_index: int, *, waits: bool) -> Message | None:
        seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            message: Message | None = self.kc.receive(seconds) if waits else await self.kc.receive_async(seconds)
        except TooLargeError:
            raise OutputLimitError(self.output_limits.total, cell_index, printed=False) from None
        return message

    def _processed(self, message: Message, cell: NotebookNode, cell_index: int) -> bool:
        """Whether this was the last message of the cell."""
        try:
            self.process_message(message, cell, cell_index)
        except CellExecutionComplete:
            return True
        return False

    def _without_rest(self, reply: Message, cell: NotebookNode) -> Message:
        if self.raise_on_iopub_timeout:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Timeout waiting for IOPub output", self.iopub_timeout, cell
            )
        self.log.warning("Timeout waiting for IOPub output")
        return reply

    def _finish(self) -> None:
        """Put what is printed after the last cell, by threads above all, into that cell."""
        if not isinstance(self.kc, KernelConnection):
            if self.late_outputs:
                run_sync(self._finish_stock)()
            return
        if self._last is None:
            return
        sent, cell, cell_index = self._last
        self.kc.request("finish_request", {})
        deadline = time.monotonic() + FINISH_SECONDS
        late = [*self._strays, *self.kc.iopub_channel.taken()]
        while (message := _run_through(self._next(deadline, cell_index, waits=True))) is not None:
            if message["channel"] == "finish":
                break
            late.append(message)
        for message in late:
            if message.get("msg_type") in _LATE:  # whatever request it came after: no other cell can show it
                message["parent_header"]["msg_id"] = sent
                self.process_message(message, cell, cell_index)

    async def _finish_stock(self) -> None:
        """The same for a kernel that knows nothing of it."""
        places = [place for place, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]
        if not places:
            return
        sent = self.kc.execute(ending.IN_ANY_KERNEL, silent=True, store_history=False, stop_on_error=False)
        await self.async_wait_for_reply(sent)
        while True:
            message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=self.iopub_timeout))
            self._stray(message)
            if message["parent_header"].get("msg_id") == sent and message["content"].get("execution_state") == "idle":
                break
        for message in self._strays:
            self.process_message(message, self.nb.cells[places[-1]], places[-1])


def _status(process: Any) -> int | None:
    """How the process of a stock kernel ended."""
    started = getattr(getattr(process, "provisioner", None), "process", None)
    return None if started is None else started.poll()


def _run_through(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing but by blocking, so that it needs no event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("this cell needs an event loop")
