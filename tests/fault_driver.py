"""A process that has imported everything and builds a set in a fork of itself as often as it is asked to.

Started by :class:`Driver` with the shim loaded; takes orders as lines of JSON and answers each with one. What does
not depend on the disk (the figures and tables of one state of the returns) is computed once, before the first fork.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import fault_shim
from deliveries import Deliveries, change_returns, returns_file
from fault_shim import Action, Fault, Kind
from make_workspace import make_workspace
from stats import params as parameters
from stats.build import planning
from stats.build.processes import workers
from stats.build.state import side_outputs
from stats.build.state.sources import sha256
from stats.errors import StatsError
from waiting import LONGEST

VERSIONS = {"一": 5, "二": 6}


@dataclass(frozen=True)
class Ending:
    """How a run ended: its exit code and message, or the signal that killed it; and how many calls were counted."""

    code: int = -1
    problem: str = ""
    signal: int = 0
    counted: int = 0
    made: list[str] = field(default_factory=list)


class Driver:
    """The process, seen from a test. ``codes`` are the units of the counties it builds."""

    def __init__(self, folder: Path, library: Path, codes: tuple[str, ...]) -> None:
        self.codes = codes
        tests = Path(__file__).parent
        environment = {
            **os.environ,
            "LD_PRELOAD": str(library),
            "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent / "src")]),
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, __file__, str(folder / "warm"), *codes]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._hear()

    def build(
        self,
        workspace: Path,
        text: str,
        fault: Fault | None = None,
        *,
        after: float = -1,
        forget: bool = False,
        file_size: int = 0,
    ) -> Ending:
        """Build the set of a workspace whose returns are of this version, killed ``after`` so many seconds.

        With ``forget`` the returns are read even if they are known; no file may grow beyond ``file_size`` bytes.
        """
        order: dict[str, Any] = {"workspace": str(workspace), "text": text, "after": after}
        order |= {"forget": forget, "file_size": file_size}
        if fault is not None:
            order["fault"] = {
                name: str(value) if isinstance(value, Path) else value for name, value in asdict(fault).items()
            }
        return self._ask(order)

    def end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(LONGEST)

    def _ask(self, order: dict[str, Any]) -> Ending:
        if self._process.stdin is None:
            raise RuntimeError("the driver takes no orders")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Ending(**self._hear())

    def _hear(self) -> dict[str, Any]:
        if self._process.stdout is None or not (line := self._process.stdout.readline()):
            raise RuntimeError("the driver has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def county(folder: Path, codes: tuple[str, ...], text: str = "一") -> Path:
    """A new workspace with the returns of this version."""
    make_workspace(folder, codes=codes)
    set_version(folder, text)
    return folder


def set_version(workspace: Path, text: str) -> None:
    """Put in the returns that belong to what is delivered with this text."""
    change_returns(workspace, enlisted=VERSIONS[text])


# In the driver itself.


class VersionedDeliveries(Deliveries):
    """As real documents do, those change that show what has changed in the returns, and the others do not."""

    def text_of(self, document: str) -> str:
        return "质" if document.startswith("附件4") else self.text


_KNOWN: list[dict[str, Any]] = []


def _remembered(function: Callable[..., Any], key: Callable[..., str]) -> Callable[..., Any]:
    known: dict[str, Any] = {}
    _KNOWN.append(known)

    @wraps(function)
    def remembering(*arguments: Any) -> Any:
        name = key(*arguments)
        if name not in known:
            result = function(*arguments)
            known[name] = list(result) if isinstance(result, Iterator) else result
        return known[name]

    return remembering


def _warm(folder: Path, codes: tuple[str, ...]) -> None:
    planning._loaded = _remembered(planning._loaded, lambda params: sha256(returns_file(params.workspace)))  # type: ignore[assignment]
    side_outputs._tables = _remembered(side_outputs._tables, lambda run: sha256(returns_file(run.params.workspace)))  # type: ignore[assignment]
    workspace = county(folder, codes)
    for text in VERSIONS:
        set_version(workspace, text)
        _build({"workspace": str(workspace), "text": text})


def _build(order: dict[str, Any]) -> dict[str, Any]:
    given = VersionedDeliveries(order["text"])
    if order.get("forget"):
        for known in _KNOWN:
            known.clear()
    if order.get("file_size"):
        import resource  # not there on Windows, where nothing of this runs

        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], resource.RLIM_INFINITY))
    params = parameters.load(Path(order["workspace"]))
    with _in_place_of_workers(given):
        if "fault" in order:
            fault_shim.arm(_fault(order["fault"]))
        try:
            result = given.build(params)
            ending = {"code": int(result.exit_code)}
        except StatsError as error:
            ending = {"code": int(error.exit_code), "problem": str(error)}
        except BaseException:
            ending = {"code": -1, "problem": traceback.format_exc()}
        counted = fault_shim.disarm()
    return {**ending, "counted": counted, "made": given.made}


@contextmanager
def _in_place_of_workers(given: Deliveries) -> Iterator[None]:
    original = workers.team
    workers.team = given.team  # type: ignore[assignment]
    try:
        yield
    finally:
        workers.team = original


def _fault(given: dict[str, Any]) -> Fault:
    paths = {name: Path(given[name]) if given[name] else None for name in ("log", "keep")}
    return Fault(
        below=Path(given["below"]),
        kinds=Kind(given["kinds"]),
        nth=given["nth"],
        action=Action(given["action"]),
        error=given["error"],
        **paths,
    )


def _in_a_fork(order: dict[str, Any]) -> dict[str, Any]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        with os.fdopen(theirs, "w") as pipe:
            json.dump(_build(order), pipe)
        os._exit(0)
    os.close(theirs)
    if order.get("after", -1) >= 0:
        time.sleep(order["after"])
        os.kill(child, signal.SIGKILL)
    with os.fdopen(ours) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(answer) if answer else {"signal": os.WTERMSIG(status)}


def _serve(folder: Path, codes: tuple[str, ...]) -> None:
    _warm(folder, codes)
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_in_a_fork(json.loads(line))), flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), tuple(sys.argv[2:]))
