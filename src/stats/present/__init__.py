"""Finished figures → blocks a reader sees: what the notebooks call, one function a cell. Computes nothing.

Every function takes the report of a town or of the county. For a town of whose return nothing can be used, or that
sent none, all but the cover, the summary and the statement show nothing, so that the same notebook gives its one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from stats.present.blocks import Block, Cover, End, Group, Note, Paragraph
from stats.quality import QualityReport
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

_NOTHING = Group()


def _is_silent(report: Report) -> bool:
    """Whether there is nothing to show because the town sent no return, or nothing of it can be used."""
    return not report.received and not wording.is_county(report)


def cover(report: Report, document: str = "") -> Cover:
    """The head of the document: number, title, unit, code, year, edition, marking, banner.

    ``document`` is its key in :mod:`stats.documents`, where it is not the main one of the town or the county.
    """
    return front_and_back_matter.cover(report, document)


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


def pending_cover(report: Report, document: str = "") -> Cover:
    """The head of the page that stands in the place of a document whose return is being looked into."""
    return pending_pages.cover(report, document)


def pending(report: Report) -> Group:
    """What is refused in a return or wrong in it, what that means for the county's figures, and what to do."""
    return pending_pages.pending(report)


def sentences(report: Report, domain: str) -> Group:
    """The sentences of a domain, each a paragraph."""
    if _is_silent(report):
        return _NOTHING
    return Group(tuple(Paragraph(text) for text in wording.sentences(report, domain)))


def table(report: Report, domain: str) -> Block:
    """The indicators of a domain with all their comparisons."""
    return _NOTHING if _is_silent(report) else tables.domain_table(report, domain)


def chart(report: Report, domain: str) -> Block:
    """The chart of a domain."""
    return _NOTHING if _is_silent(report) else charts.chart(report, domain)


def sketch(report: Report, domain: str) -> Block:
    """The chart of a domain with what it is drawn from in place of the drawing, for comparing documents."""
    return _NOTHING if _is_silent(report) else charts.sketch(report, domain)


def season_table(report: Report) -> Block:
    """Spring and autumn beside the same seasons of last year."""
    return _NOTHING if _is_silent(report) else tables.season_table(report)


def problems(report: Report) -> Group:
    """Missed targets and open hints with their remedies."""
    return _NOTHING if _is_silent(report) else front_and_back_matter.problems(report)


def bases(report: Report) -> Block:
    """The counts and amounts the figures of the document rest on."""
    if _is_silent(report):
        return _NOTHING
    return base_tables.of_county(report) if wording.is_county(report) else base_tables.of_town(report)  # type: ignore[arg-type]


def quality(report: Report) -> Group:
    """The quality of the return; in the county's document of every unit's."""
    if _is_silent(report):
        return _NOTHING
    if wording.is_county(report):
        return Group((front_and_back_matter.county_quality(report),))  # type: ignore[arg-type]
    return front_and_back_matter.quality(report)


def legend(report: Report | QualityReport) -> Group:
    """What marks and columns of the tables mean and where the numbers come from; printed in every document."""
    is_silent = not isinstance(report, QualityReport) and _is_silent(report)
    return _NOTHING if is_silent else legends.legend(report)


def statement(report: Report | QualityReport) -> Note:
    """The data-protection statement; printed in every document."""
    return front_and_back_matter.statement(report)


def end(report: Report | QualityReport) -> End:
    """The mark that the notebook ran to its end."""
    return End()


def coverage(report: CountyReport) -> Block:
    """Which units were due, reported, did not, or were refused."""
    return county_tables.coverage_table(report)


def overview(report: CountyReport) -> Block:
    """How many targets are met in each domain."""
    return county_tables.overview_table(report)


def peers(report: CountyReport) -> Block:
    """The county beside the city and the peer counties."""
    return county_tables.peers_table(report)


def basic_table(report: CountyReport, domain: str) -> Block:
    """Every town's value of every indicator of a domain."""
    return county_tables.basic_table(report, domain)


def compliance_table(report: CountyReport, domain: str) -> Block:
    """How many towns comply with each yes-or-no or compliance indicator of a domain."""
    return county_compliance.compliance_table(report, domain)


def ranking_table(report: CountyReport, domain: str) -> Group:
    """One ranking per ranked indicator of a domain."""
    return county_rankings.ranking_tables(report, domain)


def own(report: CountyReport) -> Block:
    """The four duties of the county's first secretary."""
    return county_tables.own_table(report)


def quality_cover(report: QualityReport, document: str = "quality") -> Cover:
    """The head of the data-quality report, or of another document about no return."""
    return quality_tables.cover(report, document)


def quality_summary(report: QualityReport) -> Group:
    """要情摘要 of the data-quality report."""
    return quality_tables.summary(report)


def deliveries(report: QualityReport) -> Block:
    """Which units were due, sent a return, did not, or have answers refused."""
    return quality_tables.delivery(report)


def answer_kinds(report: QualityReport) -> Block:
    """Every unit's answers by kind."""
    return quality_tables.kinds_table(report)


def inexact_answers(report: QualityReport) -> Block:
    """Every masked, approximate or refused answer with what was written."""
    return quality_tables.inexact(report)


def missing_answers(report: QualityReport) -> Block:
    """The questions each unit left blank."""
    return quality_tables.missing(report)


def corrected_answers(report: QualityReport) -> Block:
    """Every declared correction."""
    return quality_tables.corrections(report)


def open_findings(report: QualityReport) -> Block:
    """The findings by unit and severity."""
    return quality_findings.findings(report)


def broken_rules(report: QualityReport) -> Block:
    """Which rules found something, how often and in how many units."""
    return quality_findings.rules(report)


def definition_changes(report: QualityReport) -> Group:
    """What is not comparable with last year."""
    return quality_findings.definitions(report)


def hidden_counts(report: QualityReport) -> Block:
    """How much this edition hides, as counts."""
    return quality_tables.hidden(report)
