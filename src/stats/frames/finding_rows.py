"""Findings as rows of a table, as far as an edition may tell them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stats.disclosure import EDITIONS
from stats.disclosure.texts import listable, problem, remedy
from stats.findings import Finding, Severity
from stats.frames.figure_rows import Row
from stats.params import Edition

BETWEEN = "；"
_TEXTS = ("variables", "values", "file", "sheet", "cell", "message", "remedy", "explanation")
FINDING_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("severity", "label", "rule", "unit_code", "unit_name"), "str"),
    "year": "Int64",
    **dict.fromkeys(("period", *_TEXTS), "str"),
}
_FULL_ONLY = ("values", "file", "sheet", "cell", "explanation")


def finding_rows(findings: Iterable[Finding], edition: Edition) -> Iterator[Row]:
    """The findings that an edition tells; outside the full one without values, places and notes, in general words."""
    if edition == "full":
        yield from map(finding_row, findings)
        return
    for finding in listable(findings, edition):
        if finding.severity is not Severity.NOTE and EDITIONS[edition].shows_answers(finding.variables):
            yield {
                **finding_row(finding),
                **dict.fromkeys(_FULL_ONLY, ""),
                "message": problem(finding, edition),
                "remedy": remedy(finding, edition),
            }


def finding_row(finding: Finding) -> Row:
    """One finding with everything it holds, the reported values too."""
    return {
        "severity": finding.severity.value,
        "label": finding.severity.label,
        "rule": finding.rule,
        "unit_code": finding.unit,
        "unit_name": finding.unit_name,
        "year": finding.year,
        "period": finding.period,
        "variables": BETWEEN.join(finding.variables),
        "values": BETWEEN.join(finding.values),
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "message": finding.message,
        "remedy": finding.remedy,
        "explanation": finding.explanation,
    }
