"""What is said of each domain: branches are Python, one module a domain. Computes nothing, invents no reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.present.sentences import (
    education,
    emergency,
    funds,
    grassroots,
    leadership,
    militia,
    recruitment,
    support,
)
from stats.present.sentences.outline import text
from stats.present.sentences.subject import Subject, is_county

if TYPE_CHECKING:
    from stats.report import Report

DOMAINS_SAID = {
    "SYS": leadership,
    "REC": recruitment,
    "MIL": militia,
    "EMG": emergency,
    "BLD": grassroots,
    "EDU": education,
    "SUP": support,
    "FND": funds,
}


def sentences(report: Report, domain: str) -> tuple[str, ...]:
    """The sentences of a domain for a town or for the county; none where the edition leaves no word of it."""
    words = DOMAINS_SAID[domain]
    return text(Subject(report), words.COUNTY if is_county(report) else words.TOWN, domain)
