"""The page in the place of a document whose return is being looked into: what is refused, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import documents
from stats.disclosure import texts as disclosed
from stats.disclosure.editions import EDITIONS
from stats.findings import Finding, Severity
from stats.present import front_and_back_matter
from stats.present.blocks import Cover, Group, Paragraph
from stats.present.sentences.subject import is_county
from stats.present.wording import texts
from stats.receipt import REFUSING, Receipt
from stats.texts.plain import in_words

if TYPE_CHECKING:
    from stats.report import Report

_MOST = 12


def cover(report: Report, document: str = "") -> Cover:
    """The head of the page, which goes out in the place of the document."""
    return front_and_back_matter.headed(report, document or front_and_back_matter.main_document(report), "（待核对）")


def warning(report: Report) -> Group:
    """What heads the document itself, which is for whoever looks into the return and not for publication."""
    return Group(tuple(map(Paragraph, (_words(report, "not_for_print", what=_state(report)), *_told(report)))))


def pending(report: Report) -> Group:
    """What is refused or wrong, what that means for the county's figures, and what to do: a paragraph each."""
    if not report.receipt.is_withheld:
        return Group((Paragraph(_words(report, "nothing")),))
    said = _words(report, "withheld", what=_state(report))
    towns = documents.see(report.params, "town", "；各乡镇（街道）的数见各单位附件")
    counted = _words(report, "county_counted" if is_county(report) else f"{report.receipt.value}_counted", towns=towns)
    return Group(tuple(map(Paragraph, (said, *_told(report), counted, _words(report, "remedy")))))


def _words(report: Report, key: str, **more: str) -> str:
    text: str = texts()["pending"][key]
    return text.format(unit=report.unit.name, year=report.year, **more)


def _state(report: Report) -> str:
    return _words(report, "refused" if report.receipt is Receipt.REFUSED else "in_error")


def _told(report: Report) -> tuple[str, ...]:
    """Each problem that stops the document, as the edition may tell it, and where all of them stand.

    Of those that rest on a protected count it is not even told outside the full edition whether there are any.
    """
    stopping = [finding for finding in report.findings if finding.severity in REFUSING]
    edition = report.params.edition
    given = [
        finding
        for finding in disclosed.listable(stopping, edition)
        if EDITIONS[edition].shows_answers(finding.variables)
    ]
    lines = list(dict.fromkeys(_line(report, finding) for finding in given))
    numbered = (f"{nth}. {text}" if len(lines) > 1 else text for nth, text in enumerate(lines[:_MOST], start=1))
    return (*numbered, _words(report, "all_of_them"))


def _line(report: Report, finding: Finding) -> str:
    """What is wrong and what to do. The reason why a whole file is refused tells no answer, and is told in full."""
    edition = report.params.edition
    is_whole = finding.severity is Severity.FATAL and not finding.variables
    problem = finding.message if is_whole else disclosed.problem(finding, edition)
    labels = disclosed.labels(finding)
    about = f"（{labels}）" if labels and not is_whole else ""
    parts = [part for part in (finding.file, finding.sheet, in_words(finding.cell)) if part]
    where = f"（{' '.join(parts)}）" if parts and finding.file not in problem else ""
    remedy = finding.remedy if is_whole else disclosed.remedy(finding, edition)
    return f"{problem.rstrip('。')}{about}{where}。处理办法：{remedy.rstrip('。')}。"
