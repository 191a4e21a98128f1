"""Everything an edition publishes, as text: every document's blocks and ``indicators.csv``. Understands nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stats import present
from stats.build.tables.released_tables import indicators_csv
from stats.catalogue.domains import DOMAINS
from stats.present.blocks import Block
from stats.present.drawn import undrawn
from stats.report import Session

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """One document: whose it is (the county's code for the county's and the data-quality report) and its blocks."""

    kind: Literal["town", "county", "quality", "workbook"]
    unit: str
    blocks: tuple[Payload, ...]

    def tables(self) -> Iterator[Payload]:
        """Its tables in order."""
        return (block for block in self.blocks if block["kind"] == "table")

    def texts(self) -> Iterator[str]:
        """Its running text, each paragraph or note, and what charts say in place of their drawing."""
        for block in self.blocks:
            if block["kind"] in ("paragraph", "note"):
                yield block["text"]
            elif block["kind"] == "chart":
                yield block["alt"]
            elif block["kind"] == "table" and block["columns"][0]["head"] in ("表述", "成绩"):
                yield from (cell for row in block["rows"] for cell in row)
            elif block["kind"] == "tiles":
                yield from ("，".join((f"{each['name']}{each['value']}", *each["lines"])) for each in block["tiles"])


@dataclass(frozen=True)
class Edition:
    """All documents of one edition of one year, and the rows of ``indicators.csv``."""

    year: int
    edition: str
    documents: tuple[Document, ...]
    rows: tuple[Mapping[str, str], ...]


def published(run: Session, domains: tuple[str, ...] = tuple(DOMAINS)) -> Edition:
    """What a run publishes; ``domains`` may leave out chapters that hold no count of persons, to save time."""
    with undrawn():
        towns = tuple(_town(run, unit.code, domains) for unit in run.params.due(run.params.year))
        sheets = Document(
            "workbook", run.params.county.code, tuple(_flat(iter([present.workbook_sheets(run).payload()])))
        )
        documents = (_county(run), *towns, _quality(run), sheets)
    text = indicators_csv(run.params, run.figures()).decode("utf-8-sig")
    rows = tuple(csv.DictReader(io.StringIO(text)))
    return Edition(run.params.year, run.params.edition, documents, rows)


def _town(run: Session, code: str, domains: tuple[str, ...]) -> Document:
    report = run.town(code)
    said: list[Block] = [present.cover(report), present.key_figures(report), present.to_act_on(report)]
    said += [present.summary(report), present.indicator_table(report)]
    said += [present.sentences(report, domain) for domain in domains]
    said += [present.years_chart(report), present.funnel_chart(report), present.work_done(report)]
    said += [present.duty_table(report), present.quality(report), present.legend(report), present.statement(report)]
    return Document("town", code, tuple(_flat(block.payload() for block in said)))


def _county(run: Session) -> Document:
    report = run.county()
    said: list[Block] = [present.cover(report), present.county_figures(report), present.summary(report)]
    said += [present.peers(report), present.unmet(report), present.county_indicators(report)]
    said += [present.ranked_matrix(report), present.targets_matrix(report)]
    said += [present.units_table(report, number) for number in range(1, 5)]
    said += [present.dots_charts(report), present.county_years_chart(report), present.county_funnel_chart(report)]
    said += [present.own(report), present.county_work_done(report), present.changed(report)]
    said += [present.overview_tiles(report), present.strengths_and_gaps(report), present.speech_table(report)]
    said += [present.legend(report), present.statement(report)]
    return Document("county", run.params.county.code, tuple(_flat(block.payload() for block in said)))


def _quality(run: Session) -> Document:
    report = run.quality()
    said: list[Block] = [
        present.quality_cover(report),
        present.quality_summary(report),
        present.quality_units(report),
        present.inexact_answers(report),
        present.missing_answers(report),
        present.corrected_answers(report),
        present.broken_rules(report),
        present.definition_changes(report),
        present.legend(report),
        present.statement(report),
    ]
    return Document("quality", run.params.county.code, tuple(_flat(block.payload() for block in said)))


def _flat(payloads: Iterator[Payload]) -> Iterator[Payload]:
    for payload in payloads:
        if payload["kind"] == "group":
            yield from _flat(iter(payload["blocks"]))
        else:
            yield payload
