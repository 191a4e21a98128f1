"""What a command line may say: arguments and options with their Chinese help. Runs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from stats.formats import SELECTABLE, selected

# As for every year of the parameters, which need not be loaded for a page of help.
FIRST_YEAR, LAST_YEAR = 2013, 2100

_WORDS = (
    ("Usage: ", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]"),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("[default: ", "[默认 "),
    ("[x>=1]", "[至少为 1]"),
    (f"[{FIRST_YEAR}<=x<={LAST_YEAR}]", ""),
    ("  [required]", ""),
    (" <path>", ""),
    (" <int>", ""),
    ("Show this message and exit.", "显示本帮助"),
)


class ChineseHelp(TyperCommand):
    """A command whose help page has no English words."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


class ChineseHelpOfAll(TyperGroup):
    """The same for the list of commands."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


def _in_chinese(page: str) -> str:
    for english, chinese in _WORDS:
        page = page.replace(english, chinese)
    return page


YearArgument = Annotated[int | None, typer.Argument(metavar="年度", help="默认取 params/county.yaml 的 year")]
WorkspaceOption = Annotated[Path | None, typer.Option("--workspace", metavar="文件夹", help="默认从当前文件夹往上找")]
UnitOption = Annotated[
    list[str] | None, typer.Option("--unit", metavar="代码", help="只处理该单位（也可写名册中的全名），可重复")
]
EditionOption = Annotated[str | None, typer.Option("--edition", metavar="版本", help="full、meeting 或 public")]
ALL_FORMATS = ",".join(SELECTABLE)
FormatOption = Annotated[str, typer.Option("--format", metavar="格式", help=f"{'、'.join(SELECTABLE)}，用逗号隔开")]
JobsOption = Annotated[int | None, typer.Option("--jobs", min=1, metavar="个数", help="同时生成几份，默认同处理器个数")]
ForceOption = Annotated[bool, typer.Option("--force", help="没有变化的也重新生成")]
OverwriteOption = Annotated[bool, typer.Option("--force", help="已有内容不同的报表也覆盖")]
EngineOption = Annotated[
    str,
    typer.Option("--engine", metavar="方式", help="warm 分出进程运行（默认）；stock 每份另起标准内核，慢而通用"),
]
SecondsOption = Annotated[int, typer.Option("--timeout", min=1, max=10**6, metavar="秒", help="每份附件的时限")]
MemoryOption = Annotated[int, typer.Option("--memory", min=256, max=2**33, metavar="MB", help="每个内核的内存上限")]
RetryOption = Annotated[int, typer.Option("--retry", min=0, metavar="次数", help="内核意外退出时重试几次")]
ClusterOption = Annotated[
    str, typer.Option("--cluster", metavar="地址", help="在 dask 集群上生成，如 tcp://127.0.0.1:8786")
]
BytesOption = Annotated[bool, typer.Option("--return-bytes", help="集群没有共享存储时，由网络送回成品")]
RebuildOption = Annotated[bool, typer.Option("--rebuild", help="重新生成一套，逐字节比较")]
TrustOption = Annotated[
    bool, typer.Option("--trust-notebooks", help="确认工作目录自己的笔记本可信并运行；看过内容再用，改动后须再确认")
]
DisclosureOption = Annotated[bool, typer.Option("--disclosure", help="只凭成品文件重新证明小数没有泄露")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出机器可读的结果")]
FolderArgument = Annotated[Path, typer.Argument(metavar="文件夹", help="要新建的文件夹")]
TableArgument = Annotated[Path, typer.Argument(metavar="文件", help="县里的汇总表（XLSX 或 CSV），不会被改动")]
TableYearOption = Annotated[int | None, typer.Option("--year", metavar="年度", help="表是哪一年的，默认看标题")]
YesOption = Annotated[bool, typer.Option("--yes", help="已核对，不再询问")]
CountyOption = Annotated[str, typer.Option("--county", metavar="名称", help="县（市、区）名称")]
CodeOption = Annotated[str, typer.Option("--code", metavar="代码", help="县级代码，6 位或 12 位")]
RosterOption = Annotated[
    Path | None, typer.Option("--roster", metavar="文件", help="名册（CSV 或 XLSX，各种编码都行）：代码、名称、类型")
]
ReportYearOption = Annotated[
    int | None, typer.Option("--year", min=FIRST_YEAR, max=LAST_YEAR, metavar="年度", help="统计年度，默认去年")
]
GroupOption = Annotated[
    list[str] | None, typer.Option("--group", metavar="表头", help="这个上级表头只是分组，不改变数的意思，可重复")
]


def selected_formats(text: str) -> tuple[str, ...]:
    """The formats in a list with commas; ParamsError for one that there is not."""
    return selected(part.strip() for part in text.split(","))
