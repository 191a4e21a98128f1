"""What the terminal shows of a check or a run: tables, one line per problem and per remedy. Decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stats.build import reasons
from stats.build.check import Check, UnitCheck
from stats.build.documents.failure import Failure, stage_label
from stats.build.state.content_regressions import WHAT_LABELS, ContentRegressions
from stats.build.state.manifest import Entry, counted, explanation
from stats.findings import Finding, Severity
from stats.receipt import Receipt
from stats.terminal import say, say_table

if TYPE_CHECKING:
    from stats.build.issuing import Issue
    from stats.build.run import Result
    from stats.build.state.status import Status
    from stats.build.verify import Verification
    from stats.build.workspace.blank_forms import FormsWritten
    from stats.params import Params

_MOST_NAMED = 8
SHOWN = (Severity.FATAL, Severity.ERROR, Severity.WARNING)


def finding_lines(finding: Finding, names: Sequence[str] = ()) -> tuple[str, str]:
    """A finding as one line of problem (units, year, message, place) and one of remedy.

    ``names`` are those of all units of which it says the same.
    """
    who = " ".join(part for part in (_listed(names or (finding.unit_name,)), str(finding.year or "")) if part)
    where = " ".join(part for part in (finding.file, finding.sheet, finding.cell) if part)
    place = f"（{where}）" if where and finding.file not in finding.message else ""
    problem = f"[{finding.severity.label}] {who} {finding.rule}：{finding.message}{place}"
    return problem, f"  处理办法：{finding.remedy}"


def failure_lines(failure: Failure) -> tuple[str, str]:
    """A failed document as one line of problem and one of remedy."""
    return (
        f"[失败] {failure.document} {stage_label(failure.stage)}（{failure.code}）：{failure.message}",
        f"  处理办法：{failure.remedy}",
    )


def fewer_lines(fewer: ContentRegressions) -> tuple[str, str]:
    """A document that has lost charts or tables as one line of problem and one of remedy."""
    label = WHAT_LABELS[fewer.what]
    return (
        f"[提示] {fewer.document} 有{label} {fewer.now} 个，上次发布时有 {fewer.before} 个",
        "  处理办法：请打开该附件核对是否漏了一节；如果是有意改动笔记本或数据所致，无须处理",
    )


def show_check(result: Check, *, written: str) -> None:
    """The table of units, then every refusal and hint with its remedy; mere notes are only counted."""
    heads = ("代码", "单位", "报表", *(severity.label for severity in Severity))
    say_table(heads, map(_check_row, result.units), numbers=range(3, len(heads)))
    for severity in SHOWN:
        _say_findings(f for f in result.findings if f.severity is severity and not f.explanation)
    if answered := sum(bool(finding.explanation) for finding in result.findings):
        say(f"另有已作说明的提示 {answered} 条")
    notes = sum(finding.severity is Severity.NOTE for finding in result.findings)
    say(f"另有说明 {notes} 条；全部问题见 {written}（含填报数值，只供县里使用，不外发）")


def show_result(result: Result, *, folder: str, internal: str) -> None:
    """The table of documents and the reasons of those that are not there."""
    say_table(("附件", "单位", "状态", "说明"), (_result_row(result, entry) for entry in result.entries))
    _say_findings((*result.refusals, *result.lying))
    for each in result.fewer:
        _say(fewer_lines(each))
    if result.unread:
        say(f"[提示] 运行记录中有 {result.unread} 行读不懂（已损坏或来自别的版本），没有采用，所涉附件重新核对过")
    for path in result.strangers:
        say(f"[提示] {folder} 中的 {path} 不属于本套附件，外发前请移走")
    say(f"问题清单、退回核对表和运行记录在 {internal}，只供县里使用，不外发")
    say(f"{result_summary(result)}；成品在 {folder}，目录页为 index.html，外发只用这个文件夹")


def result_summary(result: Result) -> str:
    """A run in one line."""
    rest = "".join(f"，{label} {count} 份" for label, count in counted(result.entries).items())
    lost = len({each.document for each in result.fewer})
    less = f"，其中 {lost} 份的图或表比上次少" if lost else ""
    return f"本次生成 {len(result.built)} 份{less}，共 {len(result.entries)} 份{rest}"


def result_reason(result: Result, params: Params) -> str:
    """Why a run did not end with 0."""
    if result.failures:
        return reasons.of_failures(result.failures)
    asked = {finding.unit for finding in result.refusals}
    receipts = {e.unit_name: Receipt(e.receipt) for e in result.entries if e.receipt and e.unit_code in asked}
    return reasons.of_data(result.refusals, receipts, params.year, params.county.name)


def check_reason(result: Check, params: Params) -> str:
    """Why a check did not end with 0."""
    receipts = {each.unit.name: each.receipt for each in result.units}
    return reasons.of_data(result.refusals, receipts, params.year, params.county.name)


def status_reason(found: Status, params: Params) -> str:
    """Why a status did not end with 0."""
    receipts = {each.unit_name: Receipt(each.receipt) for each in found.standings if each.receipt}
    return reasons.of_data(found.refusals, receipts, params.year, params.county.name)


def forms_reason(result: FormsWritten) -> str:
    """Why forms were not all written."""
    return f"{len(result.kept)} 份已有同名文件，没有覆盖"


def check_summary(result: Check) -> str:
    """A check in one line."""
    counts = Counter(finding.severity for finding in result.findings)
    return f"{len(result.units)} 个单位：{'，'.join(f'{each.label} {counts[each]} 条' for each in Severity)}"


def status_summary(found: Status) -> str:
    """How a set stands in one line."""
    from stats.build.state.status import KIND_LABELS

    order = list(KIND_LABELS)
    labels = Counter(each.label for each in sorted(found.standings, key=lambda each: order.index(each.kind)))
    return f"共 {len(found.standings)} 份：{'；'.join(f'{label} {count} 份' for label, count in labels.items())}"


def verification_summary(found: Verification) -> str:
    """A verification in one line."""
    against = "重新生成的一套" if found.rebuilt else "manifest.json"
    if found.differences:
        return f"核对 {found.files} 个文件，{len(found.differences)} 处与{against}不符"
    return f"核对 {found.files} 个文件，与{against}逐字节一致"


def issue_summary(found: Issue) -> str:
    """A set put on record in one line."""
    if not found.is_new:
        return f"与上次登记的数相同，不另登记（{found.file}）"
    shown, hidden = len(found.record.shown), len(found.record.hidden)
    counts = f"受保护的数印出 {shown} 个、隐去 {hidden} 个" if shown or hidden else "本版不含受保护的数"
    return f"已登记印发：{found.file}，{counts}"


def show_issue(found: Issue) -> None:
    """The record, what the set goes out without, and what to do with the file."""
    for name in found.withheld:
        say(f"[提示] {name}：数据待核对，这次印发的是待核对说明页，不含统计数据")
    say(issue_summary(found))
    if found.is_new:
        say("请随工作目录保存，不要改动；以后各版、各年附件会连同这次已印发的数一起保护")


def show_status(found: Status, *, folder: str) -> None:
    """The table of documents with how each stands and why, and the counts."""
    rows = [(each.number, each.unit_name, each.label, "；".join(each.why)) for each in found.standings]
    say_table(("附件", "单位", "状态", "原因"), rows)
    say(f"{status_summary(found)}；成品在 {folder}")


def show_verification(found: Verification, *, folder: str) -> None:
    """Every file that is not as it should be, then one line that sums up."""
    from stats.build.verify import KIND_LABELS

    for difference in found.differences:
        say(f"[不符] {difference.path}：{KIND_LABELS[difference.kind]}")
    say(f"{verification_summary(found)}（{folder}）")
    if found.differences:
        say("处理办法：先用 stats status 看数据是否已有变化；没有变化的，用 stats build 重新生成被改动的附件")


def show_forms(result: FormsWritten, *, folder: str) -> None:
    """How many forms were written, and which files were left because they may have been filled in."""
    say(f"空白报表在 {folder}，表式版本 {result.version}")
    say(f"新写 {len(result.written)} 份，无变化 {len(result.unchanged)} 份")
    for name in result.kept:
        say(f"未覆盖 {name}：已有同名文件，内容不同（可能已经填写）", error=True)
    for name in result.others:
        say(f"没有动 {name}：不是本年应发的报表（单位已改名、不再应报，或是副本），可能已经填写", error=True)
    if result.others:
        say("处理办法：填过的，把答案移到现用名称的那一份；核对后移走，以免同一单位发出两份", error=True)
    if result.kept:
        say("处理办法：请先把这些文件移走再运行；确需覆盖的，加 --force", error=True)


def _say_findings(findings: Iterable[Finding]) -> None:
    """Each with its remedy; what is found of several units in the same words, as of a file refused whole, once."""
    names: dict[Finding, dict[str, None]] = {}
    for finding in findings:
        names.setdefault(replace(finding, unit="", unit_name=""), {})[finding.unit_name] = None
    for finding, given in names.items():
        _say(finding_lines(finding, tuple(given)))


def _listed(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个单位" if len(names) > _MOST_NAMED else ""
    return f"{'、'.join(name for name in names[:_MOST_NAMED] if name)}{more}"


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _check_row(unit: UnitCheck) -> tuple[str, ...]:
    counts = (str(unit.counts[severity] or "") for severity in Severity)
    return (unit.unit.code, unit.unit.name, unit.receipt.label, *counts)


def _result_row(result: Result, entry: Entry) -> tuple[str, ...]:
    fresh = "本次生成" if entry.name in result.built else "无变化" if entry.files else ""
    why = "；".join(part for part in (fresh, explanation(entry)) if part)
    return entry.number, entry.unit_name, entry.label, why
