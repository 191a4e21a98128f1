"""The titles of tables and charts: time, place and content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stats.quality import QualityReport
    from stats.report import Report


def title(report: Report | QualityReport, content: str) -> str:
    """A title of time, place and content."""
    return f"{report.year}年{report.unit.name}{content}"
