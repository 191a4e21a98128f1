"""What a finding says in an edition: with its values in the full one, else only what kind it is. Judges none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stats.catalogue.variables import variables
from stats.disclosure.editions import is_small_cell
from stats.disclosure.finding_kinds import kind
from stats.findings import Finding
from stats.params import Edition
from stats.texts.addresses import in_words

_REMEDY = "请核对所涉各项，有误的更正后重新上报，属实的写明原因"
_FIXED = "填0"
PERIODS = {"spring": "春季", "autumn": "秋季"}


def is_protected(finding: Finding) -> bool:
    """Whether the finding rests on a count that is protected: outside the full edition only their number is told.

    That such a count is above another, or near last year's, narrows it down.
    """
    return any(is_small_cell(variables()[name]) for name in finding.variables if name in variables())


def told(findings: Iterable[Finding], edition: Edition) -> tuple[Finding, ...]:
    """The findings an edition may tell one by one."""
    return tuple(finding for finding in findings if edition == "full" or not is_protected(finding))


def problem(finding: Finding, edition: Edition) -> str:
    """What is wrong."""
    return finding.message if edition == "full" else kind(finding.rule)


def remedy(finding: Finding, edition: Edition) -> str:
    """What to do; a remedy that suggests a number is told in the full edition only."""
    without_year = finding.remedy.replace(_FIXED, "").replace(str(finding.year), "")
    return finding.remedy if edition == "full" or not re.search(r"[0-9]", without_year) else _REMEDY


def labels(finding: Finding) -> str:
    """The questions a finding is about, with the season."""
    season = PERIODS.get(finding.period, "")
    asked = [variables()[name].full_name for name in finding.variables if name in variables()]
    return "、".join(f"{label}（{season}）" if season else label for label in asked)


def place(finding: Finding) -> str:
    """Where it stands: file, sheet and cell, as far as they are known."""
    return " ".join(part for part in (finding.file, finding.sheet, in_words(finding.cell)) if part)
