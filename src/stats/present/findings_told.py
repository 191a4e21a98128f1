"""What a finding says in an edition: with its values in the full one, else only what kind it is. Judges none."""

from __future__ import annotations

import re

from stats.catalogue.checks import checks
from stats.catalogue.variables import variables
from stats.findings import Finding
from stats.params import Edition
from stats.present.sentences.values import label
from stats.returns.rules import rules
from stats.validate.outliers.settings import SENTENCES

_PLACE = re.compile(r"\{\w+\}")
_REMEDY = "请核对所列各项，有误的更正后重新上报，属实的写明原因"
_FIXED = "填0"
PERIODS = {"spring": "春季", "autumn": "秋季"}


def kind(rule: str) -> str:
    """What a rule finds, without label, value or name; the rule's id where it is not declared.

    >>> kind("R-MASKED")
    '某项以遮蔽形式填报，不参与计算'
    """
    if declared := checks().get(rule):
        return declared.message
    if rule in rules():
        return _PLACE.sub("……", rules()[rule].message.replace("“{label}”", "某项"))
    return SENTENCES.get(rule, rule)


def problem(finding: Finding, edition: Edition) -> str:
    """What is wrong."""
    return finding.message if edition == "full" else kind(finding.rule)


def remedy(finding: Finding, edition: Edition) -> str:
    """What to do; a remedy that suggests a number is told in the full edition only."""
    if edition == "full" or not re.search(r"[0-9]", finding.remedy.replace(_FIXED, "")):
        return finding.remedy
    return _REMEDY


def labels(finding: Finding) -> str:
    """The questions a finding is about, with the season."""
    season = PERIODS.get(finding.period, "")
    asked = [label(name) for name in finding.variables if name in variables()]
    return "、".join(f"{question}（{season}）" if season else question for question in asked)


def place(finding: Finding) -> str:
    """Where it stands: file, sheet and cell, as far as they are known."""
    return " ".join(part for part in (finding.file, finding.sheet, finding.cell) if part)
