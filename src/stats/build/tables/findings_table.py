"""The findings as a table, the county's own work list: it shows reported values and is never handed out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from stats.build.state.folder import is_regular
from stats.build.state.older_layout import take_over_year
from stats.build.state.output_paths import OutputPaths, inside
from stats.build.tables.csv_text import to_csv
from stats.files import write_atomically
from stats.findings import Finding, Severity
from stats.frames.finding_rows import BETWEEN, FINDING_COLUMNS, finding_row
from stats.params import Params


def findings_csv(findings: Iterable[Finding]) -> bytes:
    """The findings, one row each, with the reported values that a message shows."""
    return to_csv(tuple(FINDING_COLUMNS), map(finding_row, findings))


def write_findings(params: Params, findings: Sequence[Finding]) -> Path:
    """Write the county's own work list with every value, ``reports/<year>/.internal/findings.csv``; its path."""
    paths = OutputPaths(params.workspace, params.year, params.edition)
    paths.prepare_year()
    take_over_year(paths)
    return write_findings_to(paths, findings)


def write_findings_to(paths: OutputPaths, findings: Sequence[Finding], *, draft_in: Path | None = None) -> Path:
    """The same, where these paths have it."""
    path = inside(paths.internal_of_year, paths.findings.name)
    write_atomically(path, findings_csv(findings), draft_in=draft_in)
    return path


def read_findings(path: Path) -> tuple[Finding, ...] | None:
    """The findings in a work list written by :func:`write_findings`; None where there is no such list."""
    if not is_regular(path):
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_finding(row) for row in csv.DictReader(file))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error):
        return None


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
    return tuple(text.split(BETWEEN)) if text else ()
