"""What is still to come when the last cell has run: from threads, pools and tasks, and of what is collected."""

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

from stats.terminal import say

JOIN_SECONDS = 5.0
# For a kernel that was not forked; if it has this package.
IN_ANY_KERNEL = "await __import__('stats.cells.ending', fromlist=['finish']).finish_unprepared()"


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
    await finish(weakref.WeakSet(failed))


async def finish(tasks: weakref.WeakSet[asyncio.Task[Any]]) -> None:
    """Wait for threads as Python does at its end, let failures be reported, and send what that printed.

    A thread that does not end is one of the failures: nobody could say what of its output belongs to the document.
    """
    await asyncio.sleep(0)
    until = time.monotonic() + JOIN_SECONDS
    _let_pools_end()
    for thread in filter(_is_the_notebooks, threading.enumerate()):
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            say(f"后台线程 {thread.name} 没有结束", error=True)
    for task in list(tasks):
        if task.done() and getattr(task, "_log_traceback", False):  # it failed and nobody asked
            asyncio.get_running_loop().call_exception_handler(
                {"message": "Task exception was never retrieved", "exception": task.exception(), "task": task}
            )
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def _let_pools_end() -> None:
    """Tell the members of pools of threads, as Python does at its end, that no more work will come."""
    pools._shutdown = True
    for queue in list(getattr(pools, "_threads_queues", {}).values()):
        queue.put(None)


def _is_the_notebooks(thread: threading.Thread) -> bool:
    """Whether it is waited for: all but libraries' own that Python does not wait for either."""
    if thread is threading.main_thread():
        return False
    target = getattr(thread, "_target", None)
    return not thread.daemon or "__main__" in (type(thread).__module__, getattr(target, "__module__", None))
