"""The open hints on a return, as an edition may tell them. Judges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue.variables import variables
from stats.disclosure.editions import EDITIONS
from stats.disclosure.texts import kind, listable
from stats.findings import Finding

if TYPE_CHECKING:
    from stats.report import Report


def hints(report: Report) -> tuple[str, ...]:
    """The open warnings with their remedies, each once; none that rests on a protected count outside the full edition.

    Not even their number is told of one town: that a hidden count is doubtful would narrow it down.
    """
    said = (_hint(report, finding) for finding in listable(report.findings, report.params.edition) if finding.is_open)
    return tuple(dict.fromkeys(text for text in said if text))


def explained(report: Report) -> tuple[str, ...]:
    """The warnings that were answered, with the answer in the edition that shows all; it may speak of small counts."""
    said = (_explained(report, finding) for finding in listable(report.findings, report.params.edition))
    return tuple(dict.fromkeys(text for text in said if text))


def _explained(report: Report, finding: Finding) -> str:
    if not finding.explanation:
        return ""
    if report.params.edition == "full":
        return f"{finding.message.rstrip('。')}。说明：{finding.explanation.rstrip('。')}。"
    what = _what(report, finding)
    return f"{what}：已作说明。" if what else ""


def _hint(report: Report, finding: Finding) -> str:
    """A finding as the edition may tell it: with its values in the full one, else only what was checked."""
    if report.params.edition == "full":
        return f"{finding.message.rstrip('。')}。处理办法：{finding.remedy.rstrip('。')}。"
    what = _what(report, finding)
    has_labels = any(name in variables() for name in finding.variables)
    remedy = f"处理办法：{finding.remedy.rstrip('。')}。" if has_labels else ""
    return f"{what}。{remedy}" if what else ""


def _what(report: Report, finding: Finding) -> str:
    """What was checked and of which answers, without their values; empty where the edition holds one of them not."""
    if not EDITIONS[report.params.edition].shows_answers(finding.variables):
        return ""
    asked = variables()
    labels = "、".join(f"“{asked[name].full_name}”" for name in finding.variables if name in asked)
    what = kind(finding.rule)
    return f"{what}（涉及{labels}）" if labels else what
