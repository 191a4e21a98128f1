"""The application the commands belong to, and what is said before any of them acts. Does no work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import stats
from stats.cli.options import ChineseHelpOfAll
from stats.terminal import say

if TYPE_CHECKING:
    from stats.params import Params

app = typer.Typer(
    cls=ChineseHelpOfAll,
    help="由各单位上报的表格生成全县年度统计附件。",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        say(f"stats-annex {stats.__version__}")
        raise typer.Exit


@app.callback()
def everywhere(
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_say_version, help="显示版本")] = False,
) -> None:
    """What may stand before any command."""


def tell_beforehand(params: Params) -> None:
    """What a person should know of the parameters before anything is done with them.

    Who forgot to go into the own county's folder would else work on the demonstration county without noticing.
    """
    if params.demonstration:
        where = f"演示县（虚构的{params.county.name}）：{params.workspace}"
        say(f"注意：这是{where}。做自己的县，请到自己的工作目录（stats new 建立的）里运行", error=True)
    carried = [code for code, target in params.targets.get(params.year, {}).items() if target.carried]
    if carried:
        file = f"params/targets/{params.year}.yaml"
        say(f"[提示] {file} 中 {len(carried)} 条目标值沿用往年，尚未确认：{'、'.join(carried)}", error=True)
        say("  处理办法：逐条核对，改好或确认后删去该条的 carried", error=True)
