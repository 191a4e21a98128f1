"""The command ``stats``: runs what the command line says; every error becomes a line of problem and one of remedy."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

import typer

from stats.cli import commands as _commands  # noqa: F401  (the commands put themselves into the application)
from stats.cli import preparing as _preparing  # noqa: F401
from stats.cli.application import app
from stats.cli.ending import Stopped, prepare_process
from stats.cli.file_names import take_as_utf8
from stats.cli.streams import make_lasting, open_closed
from stats.errors import ExitCode, ParamsError, RunEnvironmentError, StatsError
from stats.terminal import guarded, say, say_ending, say_json


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; every error becomes a line of problem and a line of remedy."""
    if arguments is not None:
        return _guarded(list(arguments))
    open_closed()
    take_as_utf8()
    output = make_lasting()
    code = _guarded(sys.argv[1:])
    if output.loss is None or code != ExitCode.COMPLETE:
        return code
    problem = f"屏幕输出没有写全（{output.loss.strerror}），所做的事已经做完"
    return _report(RunEnvironmentError(problem, "请检查输出所到的文件或磁盘，再运行一次即可看到结果"), as_json=False)


def _guarded(arguments: list[str]) -> int:
    prepare_process()
    with guarded():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    try:
        code = int(app(arguments, prog_name="stats", standalone_mode=False) or 0)
    except StatsError as error:
        return _report(error, as_json="--json" in arguments)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            for line in error.format_message().splitlines():
                say(line, error=True)
            say_ending(ExitCode.USAGE, "没有写命令，用法见上", error=True)
            return ExitCode.USAGE
        return _report(_usage_error(error), as_json=False)
    except Stopped as stop:
        return _stopped(stop.code)
    except OSError as error:
        problem = f"读写 {error.filename or '文件'} 失败（{error.strerror or error}）"
        return _report(RunEnvironmentError(problem, "请检查磁盘空间和权限后重新运行"), as_json="--json" in arguments)
    except Exception:
        for line in traceback.format_exc().splitlines():
            say(f"  {line}", error=True)  # set in: a line that is data looks like none of ours
        return _report(StatsError("程序内部出错", "请把以上内容报告给维护人员"), as_json="--json" in arguments)
    return code


def _stopped(code: ExitCode) -> ExitCode:
    say_ending(code, "已中断；已完成的附件是完整的，其余未动。再次运行即可接着做完。", error=True)
    return code


def _usage_error(error: typer.TyperException) -> ParamsError:
    option = getattr(error, "option_name", None)
    argument = getattr(getattr(error, "param", None), "opts", None)
    kind = type(error).__name__
    if kind == "NoSuchOption":
        problem = f"不认识的选项 {option}"
    elif option:
        problem = f"选项 {option} 缺少值"
    elif kind == "MissingParameter":
        problem = "命令缺少必需的参数"
    elif argument:
        problem = f"{argument[0]} 的值不能用"
    else:
        problem = "命令写法不对，有不认识的命令或多余的参数"
    return ParamsError(problem, "请运行 stats --help 或 stats 命令 --help 查看用法")


def _report(error: StatsError, *, as_json: bool) -> ExitCode:
    say(error.problem, error=True)
    say(f"处理办法：{error.remedy}", error=True)
    if as_json:
        say_json({"exit_code": error.exit_code, "problem": error.problem, "remedy": error.remedy}, indent=1)
    say_ending(error.exit_code, f"{error.problem}；处理办法见上", error=True)
    return error.exit_code
