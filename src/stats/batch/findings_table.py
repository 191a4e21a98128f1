"""The findings as a table: the county's work list with every value, and the shorter one that may go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from stats.batch.csv_text import to_csv
from stats.batch.places import Places, inside, make_folder
from stats.files import write_atomically
from stats.findings import Finding
from stats.params import Params

_WHERE_COLUMNS = ("severity", "label", "rule", "unit_code", "unit_name", "year", "period", "variables")
FINDING_COLUMNS = (*_WHERE_COLUMNS, "values", "file", "sheet", "cell", "message", "remedy", "explanation")


def findings_csv(findings: Iterable[Finding], *, values: bool) -> bytes:
    """The findings, one row each; without ``values`` only where and what kind, no number, message or place.

    A message shows the reported values, which an edition may have to hide: with values is for the county's own use.
    """
    columns = FINDING_COLUMNS if values else _WHERE_COLUMNS
    rows = (_finding_row(finding) for finding in findings)
    return to_csv(columns, ({name: row[name] for name in columns} for row in rows))


def _finding_row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "label": finding.severity.label,
        "rule": finding.rule,
        "unit_code": finding.unit,
        "unit_name": finding.unit_name,
        "year": "" if finding.year is None else str(finding.year),
        "period": finding.period,
        "variables": "；".join(finding.variables),
        "values": "；".join(finding.values),
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "message": finding.message,
        "remedy": finding.remedy,
        "explanation": finding.explanation,
    }


def write_findings(params: Params, findings: Sequence[Finding]) -> Path:
    """Write ``reports/<year>/findings.csv``, the county's own work list with every value, and return its path."""
    places = Places(params.workspace, params.year, params.edition)
    make_folder(places.year_folder)
    path = inside(places.year_folder, "findings.csv")
    write_atomically(path, findings_csv(findings, values=True))
    return path
