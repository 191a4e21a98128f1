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
from stats.report import Session

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """One document: whose it is (the county's code for the county's and the data-quality report) and its blocks."""

    kind: Literal["town", "county", "quality"]
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


@dataclass(frozen=True)
class Edition:
    """All documents of one edition of one year, and the rows of ``indicators.csv``."""

    year: int
    edition: str
    documents: tuple[Document, ...]
    rows: tuple[Mapping[str, str], ...]


def published(run: Session, domains: tuple[str, ...] = tuple(DOMAINS)) -> Edition:
    """What a run publishes; ``domains`` may leave out chapters that hold no count of persons, to save time."""
    towns = tuple(_town(run, unit.code, domains) for unit in run.params.due(run.params.year))
    text = indicators_csv(run.params, run.figures()).decode("utf-8-sig")
    rows = tuple(csv.DictReader(io.StringIO(text)))
    return Edition(run.params.year, run.params.edition, (_county(run, domains), *towns, _quality(run)), rows)


def _town(run: Session, code: str, domains: tuple[str, ...]) -> Document:
    report = run.town(code)
    said: list[Block] = [present.cover(report), present.summary(report)]
    for domain in domains:
        said += [present.sentences(report, domain), present.table(report, domain), present.sketch(report, domain)]
    said += [present.season_table(report), present.problems(report), present.bases(report), present.quality(report)]
    said += [present.legend(report), present.statement(report)]
    return Document("town", code, tuple(_flat(block.payload() for block in said)))


def _county(run: Session, domains: tuple[str, ...]) -> Document:
    report = run.county()
    said: list[Block] = [present.cover(report), present.summary(report)]
    said += [present.coverage(report), present.overview(report), present.own(report)]
    for domain in domains:
        said += [present.sentences(report, domain), present.table(report, domain), present.sketch(report, domain)]
        said += [present.basic_table(report, domain), present.compliance_table(report, domain)]
        said.append(present.ranking_table(report, domain))
    said += [present.peers(report), present.bases(report), present.quality(report)]
    said += [present.legend(report), present.statement(report)]
    return Document("county", run.params.county.code, tuple(_flat(block.payload() for block in said)))


def _quality(run: Session) -> Document:
    report = run.quality()
    said: list[Block] = [
        present.quality_cover(report),
        present.quality_summary(report),
        present.deliveries(report),
        present.answer_kinds(report),
        present.inexact_answers(report),
        present.missing_answers(report),
        present.corrected_answers(report),
        present.open_findings(report),
        present.broken_rules(report),
        present.definition_changes(report),
        present.hidden_counts(report),
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
