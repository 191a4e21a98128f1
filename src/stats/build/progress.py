"""What is seen of a run while it goes on: a bar for a person, a line an event for a machine. Decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from stats.build.console import failure_lines
from stats.build.documents.failure import Failure
from stats.build.state.manifest import Entry
from stats.build.workspace.confirmation import Used
from stats.terminal import console, say_above, say_json


class ProgressBar:
    """Shows a bar with throughput and time left where there is a terminal, and every failure as it happens."""

    def __init__(self) -> None:
        drawn = console(error=True)
        self._bar = Progress(
            TextColumn("生成附件"),
            BarColumn(),
            MofNCompleteColumn(),
            _Throughput(),
            _TimeLeft(),
            TextColumn("已用"),
            TimeElapsedColumn(),
            console=drawn,
            transient=True,
            # Drawn when something happens, by no thread: a process with threads could not be forked any more.
            auto_refresh=False,
            disable=not drawn.is_terminal,
        )
        self._task = self._bar.add_task("", total=0)
        self._due = 0
        self._told: set[str] = set()

    def uses_own(self, used: Used) -> None:
        """Say so, once a folder: the counties of a region may share theirs."""
        self._say_once(used.lines())

    def remark(self, line: str) -> None:
        """Say so, once: it holds for many documents."""
        self._say_once((f"[提示] {line}",))

    def _say_once(self, told: Iterable[str]) -> None:
        lines = [line for line in told if line not in self._told]
        self._told.update(lines)
        if lines:
            say_above(self._bar.console, lines)

    def begin(self, documents: int) -> None:
        """So many more documents will be built."""
        self._due += documents
        self._bar.update(self._task, total=self._due)
        self._bar.start()
        self._bar.refresh()

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        """Move the bar on; tell of a failure at once."""
        self._bar.advance(self._task)
        if failure is not None:
            say_above(self._bar.console, failure_lines(failure))
        self._bar.refresh()

    def pause(self) -> None:
        """Take the bar away until more begins, so that something else can be printed."""
        self._bar.stop()

    def end(self) -> None:
        """Take the bar away, however the run ended."""
        self._bar.stop()


class _Throughput(ProgressColumn):
    """Documents a minute, over the last half minute."""

    def render(self, task: Task) -> Text:
        speed = task.speed
        return Text(f"每分钟 {speed * 60:.0f} 份" if speed else "每分钟 — 份")


class _TimeLeft(ProgressColumn):
    """How long the rest will take at this pace."""

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        if left is None:
            return Text("剩余 —")
        minutes, seconds = divmod(int(left), 60)
        hours, minutes = divmod(minutes, 60)
        return Text(f"剩余 {hours}:{minutes:02d}:{seconds:02d}" if hours else f"剩余 {minutes}:{seconds:02d}")


class Events:
    """One line of JSON for each event: ``own_notebooks``, ``remark``, ``begin``, ``finished``, ``end``."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._done = 0
        self._due = 0

    def uses_own(self, used: Used) -> None:
        """These notebooks are the workspace's own."""
        self._tell(
            "own_notebooks",
            notebooks=[{"name": each.name, "folder": str(each.own), "digest": each.digest} for each in used.notebooks],
            newly_confirmed=used.newly,
            remembered=used.memory.folder is not None,
        )

    def remark(self, line: str) -> None:
        """Something to be known of a notebook."""
        self._tell("remark", text=line)

    def begin(self, documents: int) -> None:
        """So many more documents will be built."""
        self._due += documents
        self._tell("begin", documents=documents)

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        """One more has been built, or has failed."""
        self._done += 1
        told = None if failure is None else asdict(failure)
        self._tell(
            "finished",
            document=entry.name,
            unit=entry.unit_code,
            state=entry.state,
            failure=told,
            done=self._done,
            due=self._due,
        )

    def pause(self) -> None:
        """Events and results go to different streams: nothing has to be cleared."""

    def end(self) -> None:
        """The run is over; its result follows on the other stream."""
        self._tell("end", done=self._done, due=self._due)

    def _tell(self, event: str, **content: Any) -> None:
        say_json({"event": event, **content}, self._stream)
