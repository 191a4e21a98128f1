"""The open hints on a return, as an edition may tell them. Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue.checks import checks
from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS
from stats.findings import Finding, Severity

if TYPE_CHECKING:
    from stats.report import Report


def hints(report: Report) -> tuple[str, ...]:
    """The open warnings with their remedies, each once."""
    told = (_hint(report, finding) for finding in report.findings if finding.severity is Severity.WARNING)
    return tuple(dict.fromkeys(text for text in told if text))


def _hint(report: Report, finding: Finding) -> str:
    """A finding as the edition may tell it: with its values in the full one, else only what was checked."""
    if report.params.edition == "full":
        return f"{finding.message.rstrip('。')}。处理办法：{finding.remedy.rstrip('。')}。"
    rules, asked = EDITIONS[report.params.edition], variables()
    if not all(rules.shows_answer(asked[name]) for name in finding.variables if name in asked):
        return ""
    declared = checks().get(finding.rule)
    labels = "、".join(asked[name].label for name in finding.variables if name in asked)
    what = declared.message if declared else "填报内容需要核对"
    return f"{what}（涉及：{labels}）。处理办法：{finding.remedy.rstrip('。')}。" if labels else f"{what}。"
