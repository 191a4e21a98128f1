"""要情摘要: what to act on first, then what went well, what changed, what is open. Only counts and picks figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.params import Unit
from stats.present import numbering
from stats.present.blocks import Group, Paragraph
from stats.present.county_head import unmet_units
from stats.present.sentences import changes, judgements, strengths
from stats.present.sentences.subject import Subject
from stats.present.sentences.units import names
from stats.present.sentences.values import quoted, value
from stats.present.wording import texts
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport, Report


NAMED = 2
"""How many missed targets the first page of the county names; its table has all."""


def town_summary(report: Report) -> Group:
    """What went well, what lies behind, what changed, and what is open in the return: a paragraph each."""
    of = Subject(report)
    return _paragraphs(strengths.paragraph(of), changes.paragraph(of))


def county_summary(report: CountyReport) -> Group:
    """Who reported, how the county stands to its targets, what went well, what did not and where: a paragraph each."""
    of = Subject(report)
    return _paragraphs(_coverage(report), judgements.paragraph(of), strengths.paragraph(of), _behind(of, report))


def _behind(of: Subject, report: CountyReport) -> str:
    """不足: the targets missed by most, with the units that missed them; the rest stand in the table."""
    missed = judgements.missed(of)
    if not missed:
        return ""
    named = "、".join(_missed_by(of, *pair) for pair in missed[:NAMED])
    more = f"等{len(missed)}项" if len(missed) > NAMED else ""
    return f"不足：未达标的有{named}{more}，见{numbering.table_number(report, 'problems')}。"


def _missed_by(of: Subject, entry: Indicator, figure: Figure) -> str:
    """A missed target with the units that missed it; of what units do or do not how many of how many."""
    units = unmet_units(of, entry.code)
    is_share = entry.aggregation in ("share_yes", "share_compliant") and figure.decided
    failed = f"{figure.decided}个单位中{figure.decided - figure.met}个未达到"
    amount = failed if is_share else value(of, figure)
    return f"{quoted(entry)}{amount}{f'（{units}）' if units else ''}"


def changed(report: Report) -> Group:
    """What moved since last year, in one paragraph."""
    return _paragraphs(changes.paragraph(Subject(report)))


def unreported(report: Report) -> Group:
    """What stands in the appendix of a unit that sent no return, and what to do."""
    said: list[str] = texts()["unreported"]
    strays: str = texts()["strays"] if report.strays else ""
    words = {"unit": report.unit.name, "year": report.year, "count": report.strays}
    return _paragraphs(*(text.format(strays=strays.format(**words), **words) for text in said))


def _paragraphs(*said: str) -> Group:
    return Group(tuple(Paragraph(text) for text in said if text))


def _coverage(report: CountyReport) -> str:
    """The one count of units due: the towns of the roster, the county's own row apart."""
    sent = len(report.units_with(Receipt.REPORTED, Receipt.IN_ERROR))
    lost = "".join(_named(each.label, report.units_with(each)) for each in (Receipt.REFUSED, Receipt.NOT_REPORTED))
    own = report.receipt.label if report.receipt is not Receipt.IN_ERROR else "已上报，有错误待核对"
    in_error = report.units_with(Receipt.IN_ERROR)
    open_ones = f"；已上报的单位中{_named('有错误待核对', in_error)[1:]}，有误的数未采用" if in_error else ""
    strays = f"；另有{report.strays}份来文不能采用，也认不出是哪个单位的" if report.strays else ""
    return f"{report.unit.name}应报单位{len(report.units)}个，已上报{sent}个{lost}；县级本级{own}{open_ones}{strays}。"


def _named(what: str, units: tuple[Unit, ...]) -> str:
    return f"，{what}{len(units)}个（{names(units)}）" if units else ""
