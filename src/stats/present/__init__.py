"""Finished figures → blocks a reader sees: what the notebooks call, one function a cell. Computes nothing.

Every function takes the report of a town or of the county. For a town of whose return nothing can be used, or that
sent none, all but the cover, the summary and the statement show nothing, so that the same notebook gives its one page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from stats.present import bases as base_tables
from stats.present import (
    charts,
    county_compliance,
    county_rankings,
    county_tables,
    front_and_back_matter,
    quality_findings,
    quality_tables,
    tables,
    wording,
)
from stats.present import legend as legends
from stats.present import pending as pending_pages
from stats.present import summary as summaries
from stats.present.blocks import Block, End, Group, Paragraph
from stats.quality import QualityReport
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import Report

P = ParamSpec("P")
Made = TypeVar("Made", bound=Block)


def _is_silent(report: Report | QualityReport) -> bool:
    """Whether there is nothing to show because the town sent no return, or nothing of it can be used."""
    return not isinstance(report, QualityReport) and not report.received and not wording.is_county(report)


def _unless_silent(make: Callable[Concatenate[Report, P], Made]) -> Callable[Concatenate[Report, P], Made | Group]:
    @wraps(make)
    def shown(report: Report, /, *given: P.args, **named: P.kwargs) -> Made | Group:
        return Group() if _is_silent(report) else make(report, *given, **named)

    return shown


def summary(report: Report) -> Group:
    """要情摘要; for a unit without a return what that means and what to do."""
    if report.receipt is Receipt.NOT_REPORTED and not wording.is_county(report):
        return summaries.unreported(report)
    warning = pending_pages.warning(report).blocks if report.receipt.is_withheld else ()
    if _is_silent(report):
        return Group(warning)
    if wording.is_county(report):
        return Group((*warning, *summaries.county_summary(report).blocks))  # type: ignore[arg-type]
    return Group((*warning, *summaries.town_summary(report).blocks))


@_unless_silent
def sentences(report: Report, domain: str) -> Group:
    """The sentences of a domain, each a paragraph."""
    return Group(tuple(Paragraph(text) for text in wording.sentences(report, domain)))


@_unless_silent
def bases(report: Report) -> Block:
    """The counts and amounts the figures of the document rest on."""
    return base_tables.of_county(report) if wording.is_county(report) else base_tables.of_town(report)  # type: ignore[arg-type]


@_unless_silent
def quality(report: Report) -> Group:
    """The quality of the return; in the county's document of every unit's."""
    if wording.is_county(report):
        return Group((front_and_back_matter.county_quality(report),))  # type: ignore[arg-type]
    return front_and_back_matter.quality(report)


def legend(report: Report | QualityReport) -> Group:
    """What marks and columns of the tables mean and where the numbers come from; printed in every document."""
    return Group() if _is_silent(report) else legends.legend(report)


def end(report: Report | QualityReport) -> End:
    """The mark that the notebook ran to its end."""
    return End()


# In every document, whatever came in.
cover = front_and_back_matter.cover
statement = front_and_back_matter.statement
pending_cover = pending_pages.cover
pending = pending_pages.pending

# Of a unit that sent something, or of the county.
table = _unless_silent(tables.domain_table)
chart = _unless_silent(charts.chart)
sketch = _unless_silent(charts.sketch)
season_table = _unless_silent(tables.season_table)
problems = _unless_silent(front_and_back_matter.problems)

# Of the county over its units.
coverage = county_tables.coverage_table
overview = county_tables.overview_table
peers = county_tables.peers_table
basic_table = county_tables.basic_table
compliance_table = county_compliance.compliance_table
ranking_table = county_rankings.ranking_tables
own = county_tables.own_table

# Of the data-quality report.
quality_cover = quality_tables.cover
quality_summary = quality_tables.summary
deliveries = quality_tables.delivery
answer_kinds = quality_tables.kinds_table
inexact_answers = quality_tables.inexact
missing_answers = quality_tables.missing
corrected_answers = quality_tables.corrections
open_findings = quality_findings.findings
broken_rules = quality_findings.rules
definition_changes = quality_findings.definitions
hidden_counts = quality_tables.hidden
