"""Finished figures → blocks a reader sees: what the notebooks call, one function a cell. Computes nothing.

Every function takes the report of a town or of the county. For a town of whose return nothing can be used, or that
sent none, all but the cover, the summary and the statement show nothing, so that the same notebook gives its one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue.domains import DOMAINS
from stats.present import (
    charts,
    county_charts,
    county_head,
    county_tables,
    county_work,
    front_and_back_matter,
    matrices,
    quality_findings,
    quality_tables,
    tables,
    town_head,
    wording,
)
from stats.present import county_indicators as county_indicator_tables
from stats.present import indicator_table as indicator_tables
from stats.present import legend as legends
from stats.present import pending as pending_pages
from stats.present import summary as summaries
from stats.present import work_done as work_tables
from stats.present.blocks import Block, Cover, End, Group, Note, Paragraph
from stats.quality import QualityReport
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

_NOTHING = Group()


def _is_silent(report: Report) -> bool:
    """Whether there is nothing to show because the town sent no return, or nothing of it can be used."""
    return not report.received and not wording.is_county(report)


def cover(report: Report) -> Cover:
    """The head of the document: number, title, unit, code, year, edition, marking, banner."""
    return front_and_back_matter.cover(report)


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


def key_figures(report: Report) -> Block:
    """Four figures at a glance."""
    return _NOTHING if _is_silent(report) else town_head.key_figures(report)


def to_act_on(report: Report) -> Block:
    """要抓的事: the missed targets with gap, last year's state and place."""
    return _NOTHING if _is_silent(report) else town_head.to_act_on(report)


def indicator_table(report: Report) -> Block:
    """All indicators in one table, with where the town stands among the units."""
    return _NOTHING if _is_silent(report) else indicator_tables.indicator_table(report)


def explanations(report: Report) -> Group:
    """What the table of indicators cannot say, a paragraph a domain."""
    if _is_silent(report):
        return _NOTHING
    said = ((DOMAINS[domain], wording.explanations(report, domain)) for domain in DOMAINS)
    return Group(tuple(Paragraph(f"{name}：{text}") for name, text in said if text))


def work_done(report: Report) -> Block:
    """The answers of the town that no other table prints."""
    return _NOTHING if _is_silent(report) else work_tables.work_done(report)


def pending_cover(report: Report) -> Cover:
    """The head of the page that stands in the place of a document whose return is being looked into."""
    return pending_pages.cover(report)


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


def years_chart(report: Report) -> Block:
    """The main figures over the years, as small multiples."""
    return _NOTHING if _is_silent(report) else charts.years_chart(report)


def funnel_chart(report: Report) -> Block:
    """From applicants to recruits, season by season."""
    return _NOTHING if _is_silent(report) else charts.funnel_chart(report)


def season_table(report: Report) -> Block:
    """Spring and autumn beside the same seasons of last year."""
    return _NOTHING if _is_silent(report) else tables.season_table(report)


def problems(report: Report) -> Group:
    """Missed targets and open hints with their remedies."""
    return _NOTHING if _is_silent(report) else front_and_back_matter.problems(report)


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


def county_figures(report: CountyReport) -> Block:
    """Five figures at a glance."""
    return county_head.key_figures(report)


def unmet(report: CountyReport) -> Block:
    """The county's missed targets with the units that missed them."""
    return county_head.unmet_table(report)


def county_indicators(report: CountyReport) -> Block:
    """All indicators of the county in one table."""
    return county_indicator_tables.indicator_table(report)


def ranked_matrix(report: CountyReport) -> Block:
    """Units by ranked indicators: value and place."""
    return matrices.ranked_matrix(report)


def targets_matrix(report: CountyReport) -> Block:
    """Units by targets: who must act on what."""
    return matrices.targets_matrix(report)


def units_table(report: CountyReport, number: int) -> Block:
    """Every town's value of the indicators of two domains; ``number`` from 1 to 4."""
    return county_tables.units_table(report, number)


def dots_charts(report: CountyReport) -> Group:
    """Ranked dot plots of the indicators in which units differ."""
    return county_charts.dots_charts(report)


def county_years_chart(report: CountyReport) -> Block:
    """The county's main figures over the years."""
    return county_charts.years_chart(report)


def county_funnel_chart(report: CountyReport) -> Block:
    """From applicants to recruits over the county's units."""
    return county_charts.funnel_chart(report)


def scatter_chart(report: CountyReport) -> Block:
    """Money per head against population."""
    return county_charts.scatter_chart(report)


def funds_chart(report: CountyReport) -> Block:
    """Money by source and by use."""
    return county_work.funds_chart(report)


def funds_table(report: CountyReport) -> Block:
    """Money by source and by use, in figures."""
    return county_work.funds_table(report)


def county_work_done(report: CountyReport) -> Block:
    """What the units did together that no indicator tells."""
    return county_work.work_table(report)


def peers(report: CountyReport) -> Block:
    """The county beside the city and the peer counties."""
    return county_tables.peers_table(report)


def own(report: CountyReport) -> Block:
    """The four duties of the county's first secretary."""
    return county_tables.own_table(report)


def quality_cover(report: QualityReport) -> Cover:
    """The head of the data-quality report."""
    return quality_tables.cover(report)


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
