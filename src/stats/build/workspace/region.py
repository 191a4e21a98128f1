"""The same command for one county or for every county of a region; one county's trouble is its own. Does no work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stats import params as parameters
from stats.errors import ExitCode, LockedError, ParamsError, ReturnError, StatsError, UnreadableError
from stats.params import Params

# Which of several exit codes is told: what stops everything first, then what most needs a person.
_GRAVITY = (
    ExitCode.ENVIRONMENT,
    ExitCode.RUN_FAILED,
    ExitCode.LOCKED,
    ExitCode.USAGE,
    ExitCode.DATA_REFUSED,
    ExitCode.COMPLETE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to in one county: for the shell, for a machine, in one line, and in full on the screen.

    ``reason`` says in one line why the exit code is not 0.
    """

    exit_code: ExitCode
    content: dict[str, Any]
    summary: str
    show: Callable[[], None]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which year, edition and units a command is about; None and empty stand for the county's own and for all.

    A ``tolerant`` command goes without targets that are not written as they should be, see :func:`stats.params.load`.
    """

    year: int | None = None
    edition: str | None = None
    units: tuple[str, ...] = ()
    tolerant: bool = False

    def load(self, workspace: Path) -> Params:
        """The county's parameters for what was chosen."""
        return parameters.load(workspace, year=self.year, edition=self.edition, tolerant=self.tolerant)

    def units_of(self, params: Params) -> frozenset[str]:
        """The chosen units of this county; ParamsError names one that is not on its roster."""
        return frozenset(parameters.unit_meant(params, each).code for each in self.units)

    def concerns(self, workspace: Path) -> bool:
        """Whether any chosen unit may belong to the county of this folder; all do where none was chosen."""
        return not self.units or any(code[:6] == workspace.name[:6] for code in self.units)


def each(folder: Path, chosen: Chosen, act: Callable[[Params], Answer]) -> Iterator[tuple[str, Answer]]:
    """The answer of every county concerned, with the county's folder name, as it comes.

    What is wrong with one county's parameters, data or lock, or fails in it, is that county's answer. A machine that
    cannot go on (RunEnvironmentError) ends it all. ParamsError where no county is concerned.
    """
    concerned = [workspace for workspace in parameters.counties(folder) if chosen.concerns(workspace)]
    if not concerned:
        raise ParamsError(f"{folder.name} 中没有所选单位所属的县", "请核对 --unit 的代码，前六位是县级代码")
    for workspace in concerned:
        yield workspace.name, _answer(workspace, chosen, act)


def _answer(workspace: Path, chosen: Chosen, act: Callable[[Params], Answer]) -> Answer:
    try:
        return act(chosen.load(workspace))
    except (ParamsError, ReturnError, LockedError, UnreadableError) as error:
        return _trouble(error)


def _trouble(error: StatsError) -> Answer:
    content = {"exit_code": error.exit_code, "problem": error.problem, "remedy": error.remedy}
    summary = f"{error.problem}；处理办法：{error.remedy}"
    return Answer(error.exit_code, content, summary, lambda: None, error.problem)


def gravest(codes: set[ExitCode]) -> ExitCode:
    """The one exit code for all counties.

    >>> gravest({ExitCode.COMPLETE, ExitCode.DATA_REFUSED, ExitCode.RUN_FAILED}).name
    'RUN_FAILED'
    """
    return next((code for code in _GRAVITY if code in codes), ExitCode.COMPLETE)
