"""The command ``stats``: reads the command line, calls the library, shows the result. Holds no rule."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from stats.errors import ExitCode, ParamsError, StatsError, SurroundingsError

if TYPE_CHECKING:
    from stats.batch.counties import Answer, Chosen
    from stats.batch.progress import Events, Screen
    from stats.batch.state import Engine
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
EngineOption = Annotated[
    str, typer.Option("--engine", metavar="方式", help="warm 预热内核（默认）；stock 每份另起标准内核，慢而通用")
]
SecondsOption = Annotated[int, typer.Option("--timeout", min=1, metavar="秒", help="每份附件的时限")]
MemoryOption = Annotated[int, typer.Option("--memory", min=256, metavar="MB", help="每个内核的内存上限")]
RetryOption = Annotated[int, typer.Option("--retry", min=0, metavar="次数", help="内核意外退出时重试几次")]
ClusterOption = Annotated[
    str, typer.Option("--cluster", metavar="地址", help="在 dask 集群上生成，如 tcp://127.0.0.1:8786")
]
BytesOption = Annotated[bool, typer.Option("--return-bytes", help="集群没有共享存储时，由网络送回成品")]
RebuildOption = Annotated[bool, typer.Option("--rebuild", help="重新生成一套，逐字节比较")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出机器可读的结果")]
FolderArgument = Annotated[Path, typer.Argument(metavar="文件夹", help="要新建的文件夹")]


class Stopped(BaseException):
    """The process was asked to end (SIGINT, SIGTERM, SIGHUP); what it was doing is left in good order."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code)
        self.code = code


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
    except Stopped as stop:
        return _stopped(stop.code)
    except OSError as error:
        problem = f"读写 {error.filename or '文件'} 失败（{error.strerror or error}）"
        return _report(SurroundingsError(problem, "请检查磁盘空间和权限后重新运行"), as_json="--json" in arguments)
    except Exception:
        traceback.print_exc()
        return _report(StatsError("程序内部出错", "请把以上内容报告给维护人员"), as_json="--json" in arguments)
    return code


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
    from stats.batch.counties import Answer, Chosen

    chosen = Chosen(year, units=tuple(unit or ()))

    def act(params: Params) -> Answer:
        result = collection.write_forms(params, units=chosen.units_of(params), force=force)
        folder = result.folder.relative_to(params.workspace).as_posix()
        return Answer(
            result.exit_code,
            collection.to_json(params, result),
            f"新写 {len(result.written)} 份，无变化 {len(result.unchanged)} 份，未覆盖 {len(result.kept)} 份",
            partial(screen.show_forms, result, folder=folder),
        )

    return _answered(workspace, chosen, act, as_json=as_json)


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
    from stats.batch.counties import Answer, Chosen
    from stats.batch.findings_table import write_findings
    from stats.batch.places import Places

    chosen = Chosen(year, units=tuple(unit or ()))

    def act(params: Params) -> Answer:
        units = chosen.units_of(params)
        examined = report.examine(params, Places(params.workspace, params.year, params.edition).memory())
        result = checking.check(params, examined, units=units)
        path = write_findings(params, examined.findings).relative_to(params.workspace).as_posix()
        return Answer(
            result.exit_code,
            checking.to_json(params, result, written=path),
            screen.check_summary(result),
            partial(screen.show_check, result, written=path),
        )

    return _answered(workspace, chosen, act, as_json=as_json)


@app.command("build", cls=_ChineseHelp, help="生成全套附件；没有变化的不重做。")
def build(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    unit: UnitOption = None,
    formats: FormatOption = "html,pdf",
    jobs: JobsOption = None,
    engine: EngineOption = "warm",
    timeout: SecondsOption = 600,
    memory: MemoryOption = 3072,
    retry: RetryOption = 0,
    cluster: ClusterOption = "",
    return_bytes: BytesOption = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> int:
    from stats.batch import run, screen
    from stats.batch.counties import Answer, Chosen
    from stats.batch.state import Options

    chosen = Chosen(year, edition, tuple(unit or ()))
    options = Options(
        jobs=jobs or _cores(),
        formats=_formats(formats),
        force=force,
        engine=_engine(engine),
        seconds=timeout,
        memory=memory * 2**20,
        retries=retry,
        cluster=cluster,
        return_bytes=return_bytes,
    )
    with _watched(as_json) as watcher:

        def act(params: Params) -> Answer:
            result = run.build(params, replace(options, units=chosen.units_of(params)), watcher)
            folder = _shown(result.folder, params)
            return Answer(
                result.exit_code,
                run.to_json(params, result, folder=folder),
                screen.result_summary(result),
                partial(screen.show_result, result, folder=folder),
            )

        return _answered(workspace, chosen, act, as_json=as_json, before=watcher.pause)


@app.command("status", cls=_ChineseHelp, help="逐份说明附件是否最新、为什么要重做；不生成。")
def status(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    formats: FormatOption = "html,pdf",
    as_json: JsonOption = False,
) -> int:
    from stats.batch import screen
    from stats.batch import status as standing
    from stats.batch.counties import Answer, Chosen
    from stats.batch.state import Options

    options = Options(jobs=1, formats=_formats(formats))

    def act(params: Params) -> Answer:
        found = standing.status(params, options)
        folder = _shown(found.folder, params)
        return Answer(
            found.exit_code,
            standing.to_json(params, found, folder=folder),
            screen.status_summary(found),
            partial(screen.show_status, found, folder=folder),
        )

    return _answered(workspace, Chosen(year, edition), act, as_json=as_json)


@app.command("verify", cls=_ChineseHelp, help="核对已发布的文件与清单是否一致。")
def verify(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    rebuild: RebuildOption = False,
    formats: FormatOption = "html,pdf",
    jobs: JobsOption = None,
    engine: EngineOption = "warm",
    as_json: JsonOption = False,
) -> int:
    from stats.batch import screen
    from stats.batch import verify as verifying
    from stats.batch.counties import Answer, Chosen
    from stats.batch.state import Options

    options = Options(jobs=jobs or _cores(), formats=_formats(formats), engine=_engine(engine))
    with _watched(as_json) as watcher:

        def act(params: Params) -> Answer:
            found = verifying.verify(params)
            if rebuild and not found.differences:
                found = verifying.rebuild(params, options, watcher)
            folder = _shown(found.folder, params)
            return Answer(
                found.exit_code,
                verifying.to_json(params, found, folder=folder),
                screen.verification_summary(found),
                partial(screen.show_verification, found, folder=folder),
            )

        return _answered(workspace, Chosen(year, edition), act, as_json=as_json, before=watcher.pause)


def _answered(
    workspace: Path | None,
    chosen: Chosen,
    act: Callable[[Params], Answer],
    *,
    as_json: bool,
    before: Callable[[], None] = lambda: None,
) -> int:
    """Act in the county, or in every county of a region, and show what came of it; ``before`` clears the screen."""
    from stats import params as parameters
    from stats.batch.counties import each, gravest

    region = parameters.find_region() if workspace is None else workspace.resolve()
    if region is None or not parameters.is_region(region):
        answer = act(chosen.load(parameters.find_workspace() if region is None else region))
        before()
        if as_json:
            _print_json(answer.content)
        else:
            answer.show()
        return answer.exit_code
    codes, contents = set(), []
    for name, answer in each(region, chosen, act):
        codes.add(answer.exit_code)
        before()
        if as_json:
            contents.append({"county": name, **answer.content})
        else:
            print(f"{name}：{answer.summary}", flush=True)
    if as_json:
        _print_json({"exit_code": gravest(codes), "counties": contents})
    return gravest(codes)


@contextmanager
def _watched(as_json: bool) -> Iterator[Events | Screen]:
    """Whoever watches a run: the person at the terminal, or a machine."""
    from stats.batch.progress import Events, Screen

    watcher = Events() if as_json else Screen()
    try:
        yield watcher
    finally:
        watcher.end()


def _shown(folder: Path, params: Params) -> str:
    return folder.relative_to(params.workspace).as_posix()


def _formats(text: str) -> tuple[str, ...]:
    wanted = {part.strip() for part in text.split(",")}
    unknown = sorted(wanted - set(FORMATS))
    if unknown:
        raise ParamsError(f"不认识的格式“{unknown[0]}”", f"可用的格式：{'、'.join(FORMATS)}，多个用逗号隔开")
    return tuple(name for name in FORMATS if name in wanted)


def _engine(name: str) -> Engine:
    engines: dict[str, Engine] = {"warm": "warm", "stock": "stock"}
    if name not in engines:
        raise ParamsError(f"不认识的运行方式“{name}”", f"可用的运行方式：{'、'.join(engines)}")
    return engines[name]


def _cores() -> int:
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _prepare_process() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    stop = _Stop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What whoever started us had switched off (nohup) stays off.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)


class _Stop:
    """Handles the signals to end: the first time in good order, the second time at once."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        code = ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED
        if self._asked:
            os._exit(code)  # the processes of the run end with this one, by the kernel's hand
        self._asked = True
        raise Stopped(code)


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
