"""What the terminal shows of a check or a run: tables, one line per problem and per remedy. Decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from stats.batch.check import Check
from stats.batch.failure import STAGE_LABELS, Failure
from stats.batch.manifest import STATE_LABELS, Entry, explanation
from stats.findings import Finding, Severity

if TYPE_CHECKING:
    from stats.batch.collection import FormsWritten
    from stats.batch.run import Result

SHOWN = (Severity.FATAL, Severity.ERROR, Severity.WARNING)
_RETURN_LABELS = {"due": "已上报", "not_reported": "未上报", "refused": "已上报，不予发布"}


def safe(text: str) -> str:
    """Text from data on one line of a terminal: no line break, no escape sequence.

    >>> safe("双塘镇\\x1b[31m\\n")
    '双塘镇�[31m�'
    """
    return "".join(character if character.isprintable() else "�" for character in text)


def finding_lines(finding: Finding) -> tuple[str, str]:
    """A finding as one line of problem (unit, year, message, place) and one of remedy."""
    who = " ".join(part for part in (finding.unit_name, str(finding.year or "")) if part)
    where = " ".join(part for part in (finding.file, finding.sheet, finding.cell) if part)
    place = f"（{where}）" if where and finding.file not in finding.message else ""
    problem = f"[{finding.severity.label}] {who} {finding.rule}：{finding.message}{place}"
    return safe(problem), safe(f"  处理办法：{finding.remedy}")


def failure_lines(failure: Failure) -> tuple[str, str]:
    """A failed document as one line of problem and one of remedy."""
    stage = STAGE_LABELS[failure.stage]
    return (
        safe(f"[失败] {failure.document} {stage}（{failure.code}）：{failure.message}"),
        safe(f"  处理办法：{failure.remedy}"),
    )


def show_check(result: Check, *, written: str) -> None:
    """The table of units, then every refusal and hint with its remedy; mere notes are only counted."""
    Console().print(_check_table(result))
    for severity in SHOWN:
        for finding in result.findings:
            if finding.severity is severity and not finding.explanation:
                _print(finding_lines(finding), sys.stdout)
    if answered := sum(bool(finding.explanation) for finding in result.findings):
        print(f"另有已作说明的提示 {answered} 条")
    notes = sum(finding.severity is Severity.NOTE for finding in result.findings)
    print(f"另有说明 {notes} 条；全部问题见 {written}")


def show_result(result: Result, *, folder: str) -> None:
    """The table of documents and the reasons of those that are not there."""
    Console().print(_result_table(result))
    refused = {entry.unit_code for entry in result.entries if entry.state == "refused"}
    for finding in result.findings:
        if finding.unit in refused and finding.severity in (Severity.FATAL, Severity.ERROR):
            _print(finding_lines(finding), sys.stdout)
    print(f"本次生成 {len(result.built)} 份，共 {len(result.entries)} 份；成品在 {folder}，目录页为 index.html")


def show_forms(result: FormsWritten, *, folder: str) -> None:
    """How many forms were written, and which files were left because they may have been filled in."""
    print(f"空白报表在 {folder}，表式版本 {result.version}")
    print(f"新写 {len(result.written)} 份，无变化 {len(result.unchanged)} 份")
    for name in result.kept:
        print(f"未覆盖 {name}：已有同名文件，内容不同（可能已经填写）", file=sys.stderr)
    if result.kept:
        print("处理办法：请先把这些文件移走再运行；确需覆盖的，加 --force", file=sys.stderr)


def _print(lines: Iterable[str], stream: TextIO) -> None:
    for line in lines:
        print(line, file=stream)


def _check_table(result: Check) -> Table:
    table = Table("代码", "单位", "报表")
    for severity in Severity:
        table.add_column(severity.label, justify="right")
    for unit in result.units:
        counts = [str(unit.counts[severity] or "") for severity in Severity]
        table.add_row(unit.unit.code, Text(safe(unit.unit.name)), _RETURN_LABELS[unit.state], *counts)
    return table


def _result_table(result: Result) -> Table:
    table = Table("附件", "单位", "状态", "说明")
    for entry in result.entries:
        fresh = "本次生成" if entry.name in result.built else "无变化" if entry.files else ""
        why = "；".join(part for part in (fresh, explanation(entry)) if part)
        table.add_row(entry.number, Text(safe(entry.unit_name)), STATE_LABELS[entry.state], Text(safe(why)))
    return table


class ProgressScreen:
    """Shows a bar while documents are built, where there is a terminal, and every failure as it happens."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("生成附件"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("")

    def begin(self, documents: int) -> None:
        """Start the bar."""
        self._bar.update(self._task, total=documents)
        self._bar.start()

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        """Move the bar on; tell of a failure at once."""
        self._bar.advance(self._task)
        if failure is not None:
            self._bar.console.print(Text("\n".join(failure_lines(failure))), soft_wrap=True)

    def end(self) -> None:
        """Take the bar away, however the run ended."""
        self._bar.stop()
