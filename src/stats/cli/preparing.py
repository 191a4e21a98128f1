"""The commands that prepare a county and its years: a new workspace, last year's table, the next year. Hold no rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stats.cli.application import app, tell_beforehand
from stats.cli.asking import asked, at_terminal, confirmed
from stats.cli.options import (
    ChineseHelp,
    CodeOption,
    CountyOption,
    FolderArgument,
    GroupOption,
    JsonOption,
    OverwriteOption,
    ReportYearOption,
    RosterOption,
    TableArgument,
    TableYearOption,
    WorkspaceOption,
    YesOption,
)
from stats.errors import ExitCode, ParamsError
from stats.terminal import say, say_ending, say_json

if TYPE_CHECKING:
    from stats.build.workspace.summary_table import Imported


@app.command("new", cls=ChineseHelp, help="新建一个空的工作目录。")
def new(
    folder: FolderArgument,
    county: CountyOption = "",
    code: CodeOption = "",
    roster: RosterOption = None,
    year: ReportYearOption = None,
) -> int:
    from stats.build.workspace import blank

    blank.refuse_filled(folder)
    if at_terminal():
        county = county or asked("县（市、区）名称？（不填则以后写进 params/county.yaml）")
        code = code or (asked("县级代码？（6 位或 12 位）") if county else "")
        roster = roster or (
            _path(asked("名册文件？（CSV 或 XLSX：代码、名称、类型；没有直接回车）")) if county else None
        )
    if bool(county) != bool(code) or (roster and not county):
        raise ParamsError("县的名称、代码须一起给出，名册须有县", "请加 --county 名称 --code 代码（--roster 名册文件）")
    chosen = blank.county_of(code, county) if county else None
    units = blank.units_of(roster, chosen) if chosen and roster else ()
    params = blank.write(folder, county=chosen, units=units, year=year)
    say(f"已建立工作目录 {folder}，请先读其中的 说明.md")
    if params:
        say(f"名册 {len(params.units)} 个单位；空白一览表在 {folder}/data/forms；以后的命令都到 {folder} 中运行")
    return ExitCode.COMPLETE


def _path(text: str) -> Path | None:
    """A file as somebody types or drags it into a terminal: with or without quotes."""
    bare = text.strip().strip("'\"")
    return Path(bare).expanduser() if bare else None


@app.command("demo", cls=ChineseHelp, help="新建一个带虚构演示县数据的工作目录。")
def demo(folder: FolderArgument) -> int:
    from stats.build.workspace import blank

    blank.write_demonstration(folder)
    say(f"已把演示县（虚构）写入 {folder}，可运行 stats build --workspace {folder}")
    return ExitCode.COMPLETE


@app.command("year", cls=ChineseHelp, help="转入下一年度：复制目标值待确认，建好文件夹，列出要做的事。")
def next_year(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> int:
    from stats import params as parameters
    from stats.build.workspace import next_year as moving

    params = parameters.load(parameters.find_workspace() if workspace is None else workspace.resolve())
    tell_beforehand(params)
    prepared = moving.prepare(params)
    if as_json:
        say_json(moving.to_json(prepared), indent=1)
        return ExitCode.COMPLETE
    for line in prepared.done:
        say(line)
    say("还要做的：")
    for number, line in enumerate(prepared.to_do, start=1):
        say(f"  {number}. {line}")
    return ExitCode.COMPLETE


@app.command("import", cls=ChineseHelp, help="把县里自己的汇总表（多行表头、没有代码也行）变成一览表，核对后导入。")
def import_(
    table: TableArgument,
    year: TableYearOption = None,
    yes: YesOption = False,
    group: GroupOption = None,
    force: OverwriteOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    from stats import params as parameters
    from stats.build.workspace import summary_table

    params = parameters.load(parameters.find_workspace() if workspace is None else workspace.resolve())
    tell_beforehand(params)

    def show(lines: tuple[str, ...], mapping: str) -> None:
        for line in () if as_json else (*lines, f"每一列、每一行怎么认的，见 {mapping}"):
            say(line)

    def confirm() -> bool:
        return yes or (at_terminal() and confirmed("以上核对无误，按此导入吗？"))

    groups = group or ()
    result = summary_table.import_table(
        params, table, year=year, show=show, confirm=confirm, force=force, groups=groups
    )
    if as_json:
        say_json(summary_table.to_json(params, result), indent=1)
    else:
        _show_import(result, params.workspace)
    say_ending(result.exit_code, "还没有导入" if result.state == "unconfirmed" else "没有导入", error=True)
    return result.exit_code


def _show_import(result: Imported, workspace: Path) -> None:
    mapping, table = (path.relative_to(workspace).as_posix() for path in (result.mapping, result.table))
    if result.state == "unconfirmed":
        say(f"还没有导入：请核对 {mapping}", error=True)
        say(
            "处理办法：核对（需要时改正）后再运行同一条命令，在屏幕上回答“是”，或加 --yes，或把文件中的 确认 改成 是",
            error=True,
        )
    elif result.state == "kept":
        say(f"没有导入：{table} 已存在且内容不同（可能改动过）", error=True)
        say("处理办法：请先把它移走再运行；确需覆盖的，加 --force", error=True)
    else:
        say(f"已导入 {table}，原表没有改动；请接着运行 stats check {result.year}")
