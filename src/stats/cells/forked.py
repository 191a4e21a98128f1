"""One notebook's cells in a process forked for it, watched by papermill's notes on the run. Knows no kernel."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode, from_dict
from papermill.log import logger

from stats import import_path
from stats.cells import running
from stats.cells.child import Child, OutOfTimeError, TooLargeError
from stats.cells.outputs import MEBIBYTE, OutputLimitError, OutputLimits, Outputs
from stats.cells.running import Begun, Cell
from stats.errors import RunEnvironmentError

_REMEDY = "请检查工作目录和内存，减少同时进行的份数（--jobs）后重做该单位"
LANGUAGE: Mapping[str, Any] = {
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": f"ipython{sys.version_info[0]}",
    "version": platform.python_version(),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What may be asked of a run: papermill's and nbclient's options of these names, and limits.

    ``execution_timeout`` [s] bounds each cell, ``seconds`` all of them, ``memory`` [bytes] what they may allocate.
    """

    execution_timeout: float | None = None
    allow_errors: bool = False
    force_raise_errors: bool = False
    skip_cells_with_tag: str = "skip-execution"
    coalesce_streams: bool = False
    log_output: bool = False
    stdout_file: Any = None
    stderr_file: Any = None
    seconds: float | None = None
    memory: int | None = None
    output_limits: OutputLimits = field(default_factory=OutputLimits)


class ForkedRun:
    """The run of one notebook; ``notes`` is papermill's NotebookExecutionManager, which holds and saves it."""

    def __init__(self, notes: Any, options: Options) -> None:
        self._notes = notes
        self._notebook: NotebookNode = notes.nb
        self._options = options
        self._outputs = Outputs(options.output_limits, joins=options.coalesce_streams)
        self._end = None if options.seconds is None else time.monotonic() + options.seconds
        self._cell_end: float | None = None

    def execute(self) -> None:
        """Run the cells into the notebook, up to one that fails, which is noted and not raised.

        EndedError when the process ends before; OutOfTimeError when ``seconds`` have passed, CellTimeoutError for one
        cell; OutputLimitError; RunEnvironmentError when no process could begin.
        """
        self._notebook.metadata["language_info"] = dict(LANGUAGE)
        cells = list(self._to_run())
        with tempfile.TemporaryDirectory(prefix="stats-") as private:
            here = Path.cwd()
            begun = Begun(here, import_path.environment(here, os.environ), Path(private), self._options.memory)
            try:
                child = Child(partial(running.run, cells, begun))
            except OSError as error:
                raise RunEnvironmentError(f"没有分出运行笔记本的进程（{error.strerror}）", _REMEDY) from error
            try:
                self._follow(child, {cell.place for cell in cells})
                child.leave()
            finally:
                child.close()

    def _to_run(self) -> Iterator[Cell]:
        for place, cell in enumerate(self._notebook.cells):
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and cell.source.strip() and self._options.skip_cells_with_tag not in tags:
                may_fail = self._options.allow_errors or "raises-exception" in tags
                yield Cell(place, cell.source, may_fail and not self._options.force_raise_errors)

    def _follow(self, child: Child, running: set[int]) -> None:
        largest = self._options.output_limits.total + MEBIBYTE
        messages = child.messages(self._deadline, largest=largest)
        last = None
        for place, cell in enumerate(self._notebook.cells):
            self._notes.cell_start(cell, place)
            try:
                if place in running:
                    last = place
                    self._outputs.begin(cell)
                    self._until("end", messages, place)
            except CellExecutionError as error:
                self._notes.cell_exception(cell, cell_index=place, exception=error)
                break
            finally:
                self._notes.cell_complete(cell, cell_index=place)
        self._cell_end = None
        self._until("done", messages, last)

    def _until(self, kind: str, messages: Iterator[dict[str, Any]], place: int | None) -> None:
        """Take in what comes up to a message of this kind; what comes after the last cell is put into that one."""
        cell = self._notebook.cells[place] if place is not None else _nowhere()
        if kind == "end" and self._options.execution_timeout:
            self._cell_end = time.monotonic() + self._options.execution_timeout
        try:
            for message in messages:
                self._take(message, cell, place or 0)
                if message["kind"] == kind:
                    break
        except TooLargeError:
            raise OutputLimitError(self._options.output_limits.total, place or 0, printed=False) from None
        except OutOfTimeError:
            if self._end is not None and time.monotonic() >= self._end:
                raise
            timeout = self._options.execution_timeout or 0
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", timeout, cell) from None
        finally:
            self._outputs.end(cell)
        if kind == "end":
            cell["execution_count"] = message["count"]
            if message["error"] and not message["goes_on"]:
                raise CellExecutionError.from_cell_and_msg(cell, message["error"])

    def _take(self, message: dict[str, Any], cell: NotebookNode, place: int) -> None:
        if message["kind"] == "output":
            self._log(self._outputs.take(message, cell, place), message["output"])
            self._notes.autosave_cell()
        elif message["kind"] == "clear":
            self._outputs.clear(cell, wait=message["wait"])
        elif message["kind"] == "refused":
            raise RunEnvironmentError(f"运行笔记本的进程没有开始（{message['error']}）", _REMEDY)

    def _log(self, output: NotebookNode, parts: Mapping[str, Any]) -> None:
        """As papermill does, to its log and to the files that are asked for."""
        options = self._options
        if output.output_type != "stream":
            if options.log_output and "text/plain" in output.get("data", {}):
                logger.info("".join(output.data["text/plain"]))
            return
        is_error = output.name == "stderr"
        if options.log_output:
            (logger.warning if is_error else logger.info)(parts["text"])
        file = options.stderr_file if is_error else options.stdout_file
        if file:
            file.write(parts["text"])
            file.flush()

    def _deadline(self) -> float | None:
        return min((each for each in (self._end, self._cell_end) if each is not None), default=None)


def _nowhere() -> NotebookNode:
    """A cell for what a notebook without cells puts out: nothing."""
    return from_dict({"outputs": []})  # type: ignore[no-any-return, no-untyped-call]
