"""附件0: the list of the set, who may have it, and how its numbers are read. Only lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import documents
from stats.catalogue import marks
from stats.documents import DocumentEntry
from stats.present import legend
from stats.present.blocks import Column, Group, Note, Paragraph, Table
from stats.present.titles import title
from stats.present.wording import texts

if TYPE_CHECKING:
    from stats.report import CountyReport


def contents_table(report: CountyReport) -> Table:
    """Every document of the edition: number, title, whom it is for, how many there are."""
    return Table(
        number="",
        title=title(report, "党管武装工作统计附件目录"),
        columns=(
            Column("附件", "left", 2.2),
            Column("名称", "left", 2.6),
            Column("用途", "left", 8.0),
            Column("份数", "center", 1.0),
        ),
        rows=tuple(_row(report, entry) for entry in documents.chosen(report.params)),
        size=10.5,
    )


def _row(report: CountyReport, entry: DocumentEntry) -> tuple[str, ...]:
    places = [place for place, _ in entry.subjects(report.params)]
    return (entry.numbers(places), entry.title, entry.purpose, str(len(places)))


def who_may_have_it(report: CountyReport) -> Paragraph:
    """For whom the edition is."""
    said: str = texts()["who_may_have_it"][report.params.edition]
    return Paragraph(said)


def how_to_read(report: CountyReport) -> Group:
    """Places, county, changes, judgements, and what each sign means."""
    basis = documents.see(report.params, "definitions", "，依据见{}")
    words = {"whole": legend.WHOLE, "changes": legend.CHANGES, "due": len(report.units), "basis": basis}
    said: list[str] = texts()["how_to_read"]
    return Group((*(Paragraph(text.format(**words)) for text in said), Note(marks.LEGEND)))
