"""No document of the demonstration county or of generated ones says what the full edition knows to be otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from contradictions import Document, Known, contradictions
from random_returns import LARGE, random_county
from stats import compare, disclosure, present, report
from stats.answers import Answers
from stats.catalogue.domains import DOMAINS
from stats.figures import Figure
from stats.params import Edition
from stats.report import CountyReport, Examined, Report, Run, years_shown

ROOT = Path(__file__).resolve().parents[1]
EDITIONS: tuple[Edition, ...] = ("full", "meeting", "public")
CALL = re.compile(r'present\.(\w+)\((?:town|county)(?:, "([A-Z]{3})")?\)')
SEEDS = (*range(14), *range(LARGE, LARGE + 26))
NAMES = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往"


@cache
def demonstration(edition: Edition, year: int) -> Run:
    return report.load.__wrapped__(ROOT, year=year, edition=edition)


@cache
def generated(seed: int) -> dict[Edition, Run]:
    """A county of up to 20 towns in every edition, from answers that need not make sense together."""
    county = random_county(seed)
    named = tuple(u.model_copy(update={"name": f"{n}镇"}) for u, n in zip(county.params.units, NAMES, strict=False))
    params = county.params.model_copy(update={"units": named})
    years = years_shown(county.params.year)
    answers = Answers.from_cells(county.cells, params, years, county.received)
    results = compare.compute(answers, params, county.benchmarks)
    examined = Examined(county.cells, (), county.received, {})
    return {
        edition: Run(
            params.model_copy(update={"edition": edition}),
            examined,
            disclosure.release(results, county.cells, edition),
        )
        for edition in EDITIONS
    }


@cache
def calls(kind: str) -> tuple[tuple[str, str], ...]:
    """What the cells of a shipped notebook call, each with its domain."""
    cells = nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", 4).cells  # type: ignore[no-untyped-call]
    found = (CALL.fullmatch(cell.source) for cell in cells if cell.cell_type == "code")
    return tuple((each[1], each[2] or "") for each in found if each)


def shown(own: Report, kind: str) -> Document:
    """What a reader of the document has."""
    texts: dict[str, str] = {}
    cells: set[str] = set()
    for name, domain in calls(kind):
        if name == "chart":
            continue
        block = getattr(present, name)(own, *([domain] if domain else []))
        texts[f"{name} {domain}".strip()] = block.to_text()
        for table in tables(json.loads(json.dumps(block.payload()))):
            for row in table["rows"]:
                cells |= {number for cell in row for number in re.findall(r"[0-9]+(?:\.[0-9]+)?", cell)}
    summary = texts.pop("summary")
    domains = {domain: texts.pop(f"sentences {domain}") for domain in DOMAINS}
    return Document(summary, domains, "\n".join(texts.values()), frozenset(cells))


def tables(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if payload["kind"] == "table":
        yield payload
    for inner in payload.get("blocks", ()):
        yield from tables(inner)


def known(own: Report, run: Run, full: Run) -> Known:
    """What the full edition knows of the document's unit and, for the county, of its towns that sent a return."""
    year, code = run.params.year, own.unit.code
    names = {
        unit.code: unit.name
        for unit in run.params.due(year)
        if unit.code in run.examined.received.get(year, frozenset())
    }
    of_full, of_run = full.figures(), run.figures()
    truth: dict[str, Figure] = dict(of_full[code])
    history = (full.county() if isinstance(own, CountyReport) else full.town(code)).history
    return Known(
        full=truth,
        last={code: years[year - 1] for code, years in history.items() if year - 1 in years},
        shown=own.figures,
        towns={name: of_full[unit] for unit, name in names.items()},
        towns_shown={name: of_run[unit] for unit, name in names.items()},
        is_county=isinstance(own, CountyReport),
        answers=frozenset(given.text for given in own.answers.values() if given.status.has_value),
    )


def documents(run: Run) -> Iterator[tuple[str, Report]]:
    yield "county", run.county()
    for unit in run.params.due(run.params.year):
        if (town := run.town(unit.code)).received:
            yield "town", town


def found_in(run: Run, full: Run, most: int = 1000) -> list[str]:
    """Every contradiction in every document of a run."""
    found: list[str] = []
    for kind, own in documents(run):
        where = f"{own.unit.name} {run.params.edition} {run.params.year}"
        found += [f"{where}: {text}" for text in contradictions(shown(own, kind), known(own, run, full))]
        if len(found) >= most:
            break
    return found


@pytest.mark.parametrize("year", [2020, 2021])
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_document_of_the_demonstration_county_contradicts_what_is_known(edition: Edition, year: int) -> None:
    assert found_in(demonstration(edition, year), demonstration("full", year)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_no_document_of_a_generated_county_contradicts_what_is_known(seed: int) -> None:
    runs = generated(seed)
    for edition in EDITIONS:
        assert found_in(runs[edition], runs["full"]) == []
