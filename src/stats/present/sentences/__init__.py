"""What is said of each domain: branches are Python, one module a domain. Computes nothing, invents no reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.numbers import standing
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
    from stats.figures import Figure
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


_SAYS_MORE = frozenset({"SYS-01", "SYS-03", "SYS-05", "BLD-03", "EDU-05", "SUP-01", "SUP-03"})


def explanations(report: Report, domain: str) -> str:
    """What the table of indicators cannot say of a town's domain, as one paragraph; empty where that is nothing.

    Every missed target is named, with its gap and last year's state; said besides are how something was done, what lies
    above its whole, and which figures are not told.
    """
    of = Subject(report, is_brief=True)
    return "".join(text(of, DOMAINS_SAID[domain].TOWN, domain, wanted=_is_explained))


def _is_explained(figure: Figure) -> bool:
    return standing(figure) == "unmet" or figure.exceeds_whole or figure.indicator in _SAYS_MORE


def sentences(report: Report, domain: str) -> tuple[str, ...]:
    """The sentences of a domain for a town or for the county; none where the edition leaves no word of it."""
    words = DOMAINS_SAID[domain]
    return text(Subject(report), words.COUNTY if is_county(report) else words.TOWN, domain)
