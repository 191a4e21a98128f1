"""The proof of protection from the published files, as a part of the command that verifies them. Proves nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from stats.build.state.output_paths import OutputPaths
from stats.build.workspace.region import Answer
from stats.disclosure_check import KIND_LABELS, Checked, check
from stats.errors import ExitCode
from stats.params import Params
from stats.terminal import say


def also_proved(params: Params, verified: Answer) -> Answer:
    """The answer of a verification with that of the proof beside it.

    Taken together with the set: the records of what went out before, and the sets of other editions and years.
    ParamsError where there is no set, for the full edition, and for a record that cannot be read.
    """
    paths = OutputPaths(params.workspace, params.year, params.edition)
    checked = check(paths.folder, workspace=params.workspace, reports=paths.reports)

    def show() -> None:
        verified.show()
        _show(checked)

    return Answer(
        ExitCode(max(verified.exit_code, checked.exit_code)),
        {
            **verified.content,
            "exit_code": max(verified.exit_code, checked.exit_code),
            "disclosure": _content(checked),
        },
        f"{verified.summary}；{_summary(checked)}",
        show,
        f"{verified.reason}；{_summary(checked)}",
    )


def _content(checked: Checked) -> dict[str, Any]:
    return {
        "exit_code": checked.exit_code,
        "beside": list(checked.beside),
        "hidden_counts": checked.hidden,
        "facts": checked.facts,
        "leaks": [asdict(leak) for leak in checked.leaks],
    }


def _summary(checked: Checked) -> str:
    """The proof in one line."""
    if checked.leaks:
        return f"小数保护核对出 {len(checked.leaks)} 处问题"
    return f"小数保护成立：{checked.hidden} 个隐去的数，由印出的 {checked.facts} 处合看都推不出"


def _show(checked: Checked) -> None:
    for leak in checked.leaks:
        where = f"{leak.file}（{leak.place}）" if leak.place else leak.file or "各份附件"
        say(f"[{KIND_LABELS[leak.kind]}] {where}：{leak.follows}")
    beside = f"；一并核对的有 {'、'.join(checked.beside)}" if checked.beside else ""
    say(f"{_summary(checked)}{beside}")
    if checked.leaks:
        say("处理办法：暂不印发；数据或文件被改动过的，用 stats build 重新生成后再核对，仍有的请报告维护人员")
