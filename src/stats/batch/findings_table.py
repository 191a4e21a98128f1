"""The findings as a table: the county's work list with every value, and the shorter one that may go out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from stats.batch.csv_text import to_csv
from stats.batch.places import Places, inside, make_folder
from stats.files import write_atomically
from stats.findings import Finding, Severity
from stats.params import Params
from stats.present.findings_told import is_protected

_BETWEEN = "；"
_WITHHELD = "涉及受保护的小数项目，不列出"
_WHERE_COLUMNS = ("severity", "label", "rule", "unit_code", "unit_name", "year", "period", "variables")
FINDING_COLUMNS = (*_WHERE_COLUMNS, "values", "file", "sheet", "cell", "message", "remedy", "explanation")


def findings_csv(findings: Iterable[Finding], *, values: bool) -> bytes:
    """The findings, one row each; without ``values`` only where and what kind, no number, message or place.

    A message shows the reported values, which an edition may have to hide: with values is for the county's own use.
    Without values a finding that rests on a protected count is a last row that says no more than that there is one.
    """
    if values:
        return to_csv(FINDING_COLUMNS, map(_finding_row, findings))
    given = list(findings)
    shown = [_finding_row(finding) for finding in given if not is_protected(finding)]
    withheld = [{name: _WITHHELD if name == "label" else "" for name in _WHERE_COLUMNS}] * (len(given) - len(shown))
    return to_csv(_WHERE_COLUMNS, ({name: row[name] for name in _WHERE_COLUMNS} for row in (*shown, *withheld)))


def _finding_row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "label": finding.severity.label,
        "rule": finding.rule,
        "unit_code": finding.unit,
        "unit_name": finding.unit_name,
        "year": "" if finding.year is None else str(finding.year),
        "period": finding.period,
        "variables": _BETWEEN.join(finding.variables),
        "values": _BETWEEN.join(finding.values),
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
    return write_findings_to(places, findings)


def write_findings_to(places: Places, findings: Sequence[Finding], *, draft_in: Path | None = None) -> Path:
    """The same, into the year's folder of these places."""
    path = inside(places.year_folder, places.findings.name)
    write_atomically(path, findings_csv(findings, values=True), draft_in=draft_in)
    return path


def read_findings(path: Path) -> tuple[Finding, ...]:
    """The findings in a work list written by :func:`write_findings`; none where there is no such file."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_finding(row) for row in csv.DictReader(file))


def _finding(row: dict[str, str]) -> Finding:
    return Finding(
        rule=row["rule"],
        severity=Severity(row["severity"]),
        message=row["message"],
        remedy=row["remedy"],
        unit=row["unit_code"],
        unit_name=row["unit_name"],
        year=int(row["year"]) if row["year"] else None,
        period=row["period"],
        variables=_parts(row["variables"]),
        values=_parts(row["values"]),
        file=row["file"],
        sheet=row["sheet"],
        cell=row["cell"],
        explanation=row["explanation"],
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(_BETWEEN)) if text else ()
