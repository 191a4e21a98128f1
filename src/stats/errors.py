"""The exception tree and the exit codes. Knows nothing of statistics."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command tells the shell."""

    COMPLETE = 0
    USAGE = 1
    DATA_REFUSED = 2
    RUN_FAILED = 3
    ENVIRONMENT = 4
    LOCKED = 5
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """What it stands for, in words; nothing where all is done."""
        return _MEANINGS.get(self, "")


_REMEDY = "处理办法："


_MEANINGS = {
    ExitCode.USAGE: "命令、参数或县里填写的文件有误",
    ExitCode.DATA_REFUSED: "数据不能采用或待核对",
    ExitCode.RUN_FAILED: "没有做成，或与应有的不符",
    ExitCode.ENVIRONMENT: "电脑或磁盘有问题",
    ExitCode.LOCKED: "另一次运行正在进行",
    ExitCode.INTERRUPTED: "被人中断",
    ExitCode.TERMINATED: "被系统终止",
}


class StatsError(Exception):
    """A problem an analyst can act on: one line of problem, one of remedy, both in Chinese.

    >>> print(StatsError("找不到 params/county.yaml", "请在工作目录中运行，或用 --workspace 指明"))
    找不到 params/county.yaml
    处理办法：请在工作目录中运行，或用 --workspace 指明
    """

    exit_code = ExitCode.RUN_FAILED

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n{_REMEDY}{self.remedy}"

    def _render_traceback_(self) -> list[str]:
        """What IPython shows where it would show a traceback: a person is to act on it, not to debug."""
        return str(self).splitlines()


def told_by(text: str) -> tuple[str, str]:
    """Problem and remedy of an error by its text, from another process; empty where it has none.

    >>> told_by(str(StatsError("没有", "请找")))
    ('没有', '请找')
    >>> told_by("division by zero")
    ('division by zero', '')
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    remedies = (line.removeprefix(_REMEDY) for line in lines[1:] if line.startswith(_REMEDY))
    return (lines[0] if lines else ""), next(remedies, "")


class ParamsError(StatsError):
    """The parameters of the run are not usable."""

    exit_code = ExitCode.USAGE


class ReturnError(StatsError):
    """A return cannot be read or used."""

    exit_code = ExitCode.DATA_REFUSED


class CorrectionError(ParamsError):
    """A declared correction or explanation cannot be understood, so nothing is computed without it."""


class DisclosureError(StatsError):
    """A figure could not be protected, so nothing may be released."""


class PublishError(StatsError):
    """A document could not be produced."""


class RunEnvironmentError(StatsError):
    """The machine lacks something the run needs: disk, fonts, permission."""

    exit_code = ExitCode.ENVIRONMENT


class UnreadableError(RunEnvironmentError):
    """What was delivered cannot be read for a reason that is not in it, so nothing may be said of it."""


class AbsentError(UnreadableError):
    """There is no such file."""


class LockedError(StatsError):
    """Another run holds the output folder."""

    exit_code = ExitCode.LOCKED


class ClusterError(StatsError):
    """The cluster that documents were handed to is lost; what was built is complete, the rest was not begun."""
