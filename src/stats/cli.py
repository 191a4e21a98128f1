"""The command ``stats``: reads the command line, calls the library, shows the result. Holds no rule."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from stats.errors import ExitCode, ParamsError, StatsError, SurroundingsError

if TYPE_CHECKING:
    from stats.params import Params

FORMATS = ("html", "pdf")

_WORDS = (
    ("Usage: ", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]"),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("[default: ", "[默认 "),
    ("[x>=1]", "[至少为 1]"),
    (" <int>", ""),
    ("Show this message and exit.", "显示本帮助"),
)


class _ChineseHelp(TyperCommand):
    """A command whose help page has no English words."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


class _ChineseHelpOfAll(TyperGroup):
    """The same for the list of commands."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


def _in_chinese(page: str) -> str:
    for english, chinese in _WORDS:
        page = page.replace(english, chinese)
    return page


app = typer.Typer(
    cls=_ChineseHelpOfAll,
    help="由各单位上报的表格生成全县年度统计附件。",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

YearArgument = Annotated[int | None, typer.Argument(metavar="年度", help="默认取 params/county.yaml 的 year")]
WorkspaceOption = Annotated[Path | None, typer.Option("--workspace", metavar="文件夹", help="默认为当前文件夹")]
UnitOption = Annotated[list[str] | None, typer.Option("--unit", metavar="代码", help="只处理该单位，可重复")]
EditionOption = Annotated[str | None, typer.Option("--edition", metavar="版本", help="full、meeting 或 public")]
FormatOption = Annotated[str, typer.Option("--format", metavar="格式", help="html、pdf，用逗号隔开")]
JobsOption = Annotated[int | None, typer.Option("--jobs", min=1, metavar="个数", help="同时生成几份，默认同处理器个数")]
ForceOption = Annotated[bool, typer.Option("--force", help="没有变化的也重新生成")]
OverwriteOption = Annotated[bool, typer.Option("--force", help="已有内容不同的报表也覆盖")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出机器可读的结果")]
FolderArgument = Annotated[Path, typer.Argument(metavar="文件夹", help="要新建的文件夹")]


class Terminated(BaseException):
    """The process was asked to end (SIGTERM, SIGHUP)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; every error becomes a line of problem and a line of remedy."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_process()
    try:
        code = int(app(arguments, prog_name="stats", standalone_mode=False) or 0)
    except StatsError as error:
        return _report(error, as_json="--json" in arguments)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
            return ExitCode.USAGE
        return _report(_usage_error(error), as_json=False)
    except Terminated:
        return _stopped(ExitCode.TERMINATED)
    except OSError as error:
        problem = f"读写 {error.filename or '文件'} 失败（{error.strerror or error}）"
        return _report(SurroundingsError(problem, "请检查磁盘空间和权限后重新运行"), as_json="--json" in arguments)
    except Exception:
        traceback.print_exc()
        return _report(StatsError("程序内部出错", "请把以上内容报告给维护人员"), as_json="--json" in arguments)
    return _stopped(ExitCode.INTERRUPTED) if code == ExitCode.INTERRUPTED else code


@app.command("new", cls=_ChineseHelp, help="新建一个空的工作目录。")
def new(folder: FolderArgument) -> int:
    from stats.batch import blank

    blank.write(folder)
    print(f"已建立工作目录 {folder}，请先读其中的 说明.md")
    return ExitCode.COMPLETE


@app.command("demo", cls=_ChineseHelp, help="新建一个带虚构演示县数据的工作目录。")
def demo(folder: FolderArgument) -> int:
    from stats import demo as demonstration
    from stats.batch.blank import refuse_filled

    refuse_filled(folder)
    demonstration.write(folder)
    print(f"已把演示县（虚构）写入 {folder}，可运行 stats build --workspace {folder}")
    return ExitCode.COMPLETE


@app.command("form", cls=_ChineseHelp, help="生成当年空白报表，每个单位一份。")
def form(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    unit: UnitOption = None,
    force: OverwriteOption = False,
    as_json: JsonOption = False,
) -> int:
    from stats.batch import collection, screen

    params = _params(workspace, year, None)
    result = collection.write_forms(params, units=_units(params, unit), force=force)
    if as_json:
        _print_json(collection.to_json(params, result))
    else:
        screen.show_forms(result, folder=result.folder.relative_to(params.workspace).as_posix())
    return result.exit_code


@app.command("check", cls=_ChineseHelp, help="读取并核对全部来文，写出 findings.csv，不生成附件。")
def check(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> int:
    from stats import report
    from stats.batch import check as checking
    from stats.batch import screen
    from stats.batch.findings_table import write_findings
    from stats.batch.places import Places

    params = _params(workspace, year, None)
    units = _units(params, unit)
    examined = report.examine(params, Places(params.workspace, params.year, params.edition).memory())
    result = checking.check(params, examined, units=units)
    path = write_findings(params, examined.findings).relative_to(params.workspace).as_posix()
    if as_json:
        _print_json(checking.to_json(params, result, written=path))
    else:
        screen.show_check(result, written=path)
    return result.exit_code


@app.command("build", cls=_ChineseHelp, help="生成全套附件。")
def build(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    unit: UnitOption = None,
    formats: FormatOption = "html,pdf",
    jobs: JobsOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> int:
    from stats.batch import run, screen
    from stats.batch.state import Options

    params = _params(workspace, year, edition)
    options = Options(jobs or _cores(), _formats(formats), _units(params, unit), force)
    progress = screen.ProgressScreen()
    try:
        result = run.build(params, options, progress)
    finally:
        progress.end()
    folder = result.folder.relative_to(params.workspace).as_posix()
    if as_json:
        _print_json(run.to_json(params, result, folder=folder))
    else:
        screen.show_result(result, folder=folder)
    return result.exit_code


def _params(workspace: Path | None, year: int | None, edition: str | None) -> Params:
    from stats import params

    folder = params.find_workspace() if workspace is None else workspace.resolve()
    return params.load(folder, year=year, edition=edition)


def _units(params: Params, codes: Sequence[str] | None) -> frozenset[str]:
    return frozenset(params.unit(code).code for code in codes or ())


def _formats(text: str) -> tuple[str, ...]:
    wanted = {part.strip() for part in text.split(",")}
    unknown = sorted(wanted - set(FORMATS))
    if unknown:
        raise ParamsError(f"不认识的格式“{unknown[0]}”", f"可用的格式：{'、'.join(FORMATS)}，多个用逗号隔开")
    return tuple(name for name in FORMATS if name in wanted)


def _cores() -> int:
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _prepare_process() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _stopped(code: ExitCode) -> ExitCode:
    print("已中断；已完成的附件是完整的，其余未动。再次运行即可接着做完。", file=sys.stderr)
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
    print(error.problem, f"处理办法：{error.remedy}", sep="\n", file=sys.stderr)
    if as_json:
        _print_json({"exit_code": error.exit_code, "problem": error.problem, "remedy": error.remedy})
    return error.exit_code


def _print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1))
