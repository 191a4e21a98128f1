"""What still has to be said when the last cell has run: failures of threads and tasks, and of what is collected."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
import weakref
from collections.abc import Coroutine
from concurrent.futures import thread as pools
from typing import Any

JOIN_SECONDS = 5.0
# For a kernel that was not forked; if it has this package.
IN_ANY_KERNEL = "await __import__('stats.warm.ending', fromlist=['finish']).finish_unprepared()"


def watched_tasks(loop: asyncio.AbstractEventLoop) -> weakref.WeakSet[asyncio.Task[Any]]:
    """All tasks that cells will begin in ``loop``."""
    tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()

    def begin(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **others: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **others)
        tasks.add(task)
        return task

    loop.set_task_factory(begin)  # type: ignore[arg-type]
    return tasks


async def finish_unprepared() -> None:
    """Finish in a kernel whose tasks were not watched: those that failed are found among everything there is."""
    failed = [each for each in gc.get_objects() if isinstance(each, asyncio.Task) and each.done()]
    await finish(None, weakref.WeakSet(failed))


async def finish(kernel: Any, tasks: weakref.WeakSet[asyncio.Task[Any]]) -> None:
    """Wait for threads as Python does at its end, let failures be reported, and send what that printed."""
    await asyncio.sleep(0)
    until = time.monotonic() + JOIN_SECONDS
    waiting = getattr(pools, "_threads_queues", {})  # members of pools, which wait for work for ever
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon and thread not in waiting:
            thread.join(max(0.0, until - time.monotonic()))
    for task in list(tasks):
        if task.done() and getattr(task, "_log_traceback", False):  # it failed and nobody asked
            asyncio.get_running_loop().call_exception_handler(
                {"message": "Task exception was never retrieved", "exception": task.exception(), "task": task}
            )
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
