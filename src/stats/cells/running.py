"""Runs the cells of one notebook in this process, which has been forked for it and ends with it. Forks nothing."""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
from collections.abc import Iterable, Sequence
from contextlib import chdir
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from stats.cells import ending, environment, shell
from stats.cells.shell import ZMQInteractiveShell
from stats.cells.sink import Sink
from stats.cells.streams import captured

# Imported by IPython only when first needed: for a traceback or a shell command.
_LATE = ("pexpect", "pygments.formatters.terminal256", "stack_data")
# And by matplotlib for a figure. The inline backend is not among them: imported before there is a shell, it would
# never show one.
_LATE_FOR_FIGURES = ("IPython.core.pylabtools", "matplotlib.backends.backend_agg")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to be run: its place in the notebook, and whether the next ones run although it fails."""

    place: int
    source: str
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What a process that runs cells begins with; ``private`` is a folder closed to others, ``memory`` is in bytes."""

    folder: Path
    environment: dict[str, str]
    private: Path
    memory: int | None = None


class _Prepared:
    """What ``prepare`` leaves for the processes forked afterwards."""

    shell: ZMQInteractiveShell | None = None
    home = ""


def prepare(folder: Path) -> None:
    """Build the shell, in a process with one thread that only forks from then on.

    What this process has imported by then, the cells have at hand.
    """
    with environment.kept_environment():
        _Prepared.home = environment.script_folder()  # the shell has a main module of its own
        _Prepared.shell = shell.built(folder)
        for module in (*_LATE, *(_LATE_FOR_FIGURES if "matplotlib.pyplot" in sys.modules else ())):
            importlib.import_module(module)
        environment.set_inline_backend()  # finding it takes longer than all the rest that is left to the fork


def run(cells: Sequence[Cell], begun: Begun, connection: Connection) -> None:
    """Run the cells one after the other up to one that fails; all that they put out goes over the connection."""
    sink = Sink(connection)
    try:
        _begin(begun, sink)
    except (OSError, RuntimeError) as error:  # no room for a thread, for one
        sink.send("refused", error=str(error))
        return
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_run(cells, ZMQInteractiveShell.instance(), sink))


def _begin(begun: Begun, sink: Sink) -> None:
    gc.freeze()  # what was there before is not visited by the collector, and so not copied
    environment.renew(
        folder=str(begun.folder), environment=begun.environment, home=_Prepared.home or environment.script_folder()
    )
    here = _Prepared.shell or shell.built(begun.private)
    here.sink = sink
    captured(sink)
    shell.refuse_what_needs_a_kernel()
    environment.set_colours()
    environment.set_inline_backend()
    if (begun.folder / "matplotlibrc").exists():
        with chdir(sys.prefix):  # settings lying among data are not the user's
            importlib.import_module("matplotlib")
    environment.limit_memory(begun.memory)


async def _run(cells: Iterable[Cell], here: ZMQInteractiveShell, sink: Sink) -> None:
    tasks = ending.watched_tasks(asyncio.get_running_loop())
    for cell in cells:
        error = await _run_cell(here, cell.source)
        await asyncio.sleep(0)
        _flush()
        count = here.execution_count - 1
        sink.send("end", count=count, error=error, goes_on=error is not None and cell.may_fail)
        if here.exit_now:
            return
        if error and not cell.may_fail:
            break
    await ending.finish(tasks)
    _flush()
    sink.send("done")


async def _run_cell(here: ZMQInteractiveShell, source: str) -> dict[str, Any] | None:
    """The error that the cell ended with, as ipykernel would answer; None if it went well."""
    here.error, here.has_failed_to_show = None, False
    transformed, failure = source, None
    try:
        transformed = here.transform_cell(source)
    except Exception:
        failure = sys.exc_info()
    prepared: dict[str, Any] = {"transformed_cell": transformed, "preprocessing_exc_tuple": failure}
    if here.should_run_async(source, **prepared):
        result = None
        try:
            result = await asyncio.ensure_future(here.run_cell_async(source, store_history=True, **prepared))
        finally:
            here.events.trigger("post_execute")
            here.events.trigger("post_run_cell", result)
    else:
        result = here.run_cell(source, store_history=True)
    if result.success and not here.has_failed_to_show:
        return None
    error = result.error_before_exec or result.error_in_exec
    return {"traceback": [], **(here.error or {}), "ename": type(error).__name__, "evalue": str(error)}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
