"""Finished figures → blocks a reader sees: what the notebooks call, one function a cell. Computes nothing.

Every function takes the report of a town or of the county. For a town of whose return nothing can be used, or that
sent none, all but the cover, the summary and the statement show nothing, so that the same notebook gives its one page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from stats.catalogue.domains import DOMAINS
from stats.present import (
    charts,
    contents,
    county_charts,
    county_head,
    county_tables,
    county_work,
    definitions,
    duty,
    front_and_back_matter,
    matrices,
    overview,
    quality_findings,
    quality_tables,
    speech,
    town_head,
    wording,
    workbook,
)
from stats.present import county_indicators as county_indicator_tables
from stats.present import indicator_table as indicator_tables
from stats.present import legend as legends
from stats.present import pending as pending_pages
from stats.present import summary as summaries
from stats.present import work_done as work_tables
from stats.present.blocks import Block, End, Group, Note, Paragraph
from stats.quality import QualityReport
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport, Report, Session

OWN_WORDS = "以上文字由县人武部供稿。"

P = ParamSpec("P")
Made = TypeVar("Made", bound=Block)
Of = TypeVar("Of", bound="Report")


def _is_silent(report: Report | QualityReport) -> bool:
    """Whether there is nothing to show because the town sent no return, or nothing of it can be used."""
    return not isinstance(report, QualityReport) and not report.received and not wording.is_county(report)


def _unless_silent(make: Callable[Concatenate[Report, P], Made]) -> Callable[Concatenate[Report, P], Made | Group]:
    @wraps(make)
    def shown(report: Report, /, *given: P.args, **named: P.kwargs) -> Made | Group:
        return Group() if _is_silent(report) else make(report, *given, **named)

    return shown


def _or_why_not(make: Callable[Concatenate[Of, P], Block]) -> Callable[Concatenate[Of, P], Block]:
    """For a document that stands in its own place: what it shows, or why there is nothing to show."""

    @wraps(make)
    def shown(report: Of, /, *given: P.args, **named: P.kwargs) -> Block:
        if report.receipt.is_withheld:
            return pending_pages.pending(report)
        return summaries.unreported(report) if _is_silent(report) else make(report, *given, **named)

    return shown


def _unless_withheld(make: Callable[Concatenate[Of, P], Block]) -> Callable[Concatenate[Of, P], Block]:
    @wraps(make)
    def shown(report: Of, /, *given: P.args, **named: P.kwargs) -> Block:
        is_shown = not report.receipt.is_withheld and not _is_silent(report)
        return make(report, *given, **named) if is_shown else Group()

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
def explanations(report: Report) -> Group:
    """What the table of indicators cannot say, a paragraph a domain."""
    said = ((DOMAINS[domain], wording.explanations(report, domain)) for domain in DOMAINS)
    return Group(tuple(Paragraph(f"{name}：{text}") for name, text in said if text))


def legend(report: Report | QualityReport) -> Group:
    """What marks and columns of the tables mean and where the numbers come from; printed in every document."""
    return Group() if _is_silent(report) else legends.legend(report)


def end(report: Report | QualityReport | Session) -> End:
    """The mark that the notebook ran to its end."""
    return End()


# In every document, whatever came in.
cover = front_and_back_matter.cover
statement = front_and_back_matter.statement
pending_cover = pending_pages.cover
pending = pending_pages.pending

# Of a town that sent something.
key_figures = _unless_silent(town_head.key_figures)
to_act_on = _unless_silent(town_head.to_act_on)
indicator_table = _unless_silent(indicator_tables.indicator_table)
years_chart = _unless_silent(charts.years_chart)
funnel_chart = _unless_silent(charts.funnel_chart)
quality = _unless_silent(front_and_back_matter.quality)
work_done = _unless_silent(work_tables.work_done)

# A town's report on duty.
duty_table = _or_why_not(duty.duty_table)

# Of the county and over its units.
county_figures = county_head.key_figures
peers = county_tables.peers_table
unmet = county_head.unmet_table
county_indicators = county_indicator_tables.indicator_table
ranked_matrix = matrices.ranked_matrix
targets_matrix = matrices.targets_matrix
units_table = county_tables.units_table
dots_charts = county_charts.dots_charts
changed = summaries.changed
county_years_chart = county_charts.years_chart
county_funnel_chart = county_charts.funnel_chart
funds_chart = county_work.funds_chart
funds_table = county_work.funds_table
scatter_chart = county_charts.scatter_chart
own = county_tables.own_table
county_work_done = county_work.work_table

# The county on one page.
overview_tiles = _or_why_not(overview.tiles)
strengths_and_gaps = _unless_withheld(overview.strengths_and_gaps)


@_unless_withheld
def own_words(report: CountyReport, document: str) -> Group:
    """What the county says itself where figures cannot, each line a paragraph, marked as its own; nothing where not."""
    said = report.own_words.get(document, ())
    return Group((*map(Paragraph, said), Note(OWN_WORDS)) if said else ())


# What a leader quotes.
speech_table = _or_why_not(speech.speech_table)
speech_not_held = _unless_withheld(speech.not_held)

# Of the set.
contents_table = contents.contents_table
who_may_have_it = contents.who_may_have_it
how_to_read = contents.how_to_read
definitions_table = definitions.definitions_table

# Of the workbook, which is made of the whole run.
workbook_cover = workbook.cover
workbook_about = workbook.about
workbook_sheets = workbook.sheets

# Of the data-quality report.
quality_cover = quality_tables.cover
quality_summary = quality_tables.summary
quality_units = quality_tables.units_table
inexact_answers = quality_tables.inexact
missing_answers = quality_tables.missing
corrected_answers = quality_tables.corrections
broken_rules = quality_findings.rules
definition_changes = quality_findings.definitions
