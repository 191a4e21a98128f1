"""No document of the demonstration county or of generated ones says what the full edition knows to be otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import nbformat
import pytest

from contradictions import Document, Figures, Known, contradictions
from stats import present, report
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.numbers import standing
from stats.params import Edition
from stats.present.drawn import undrawn
from stats.present.sentences import (
    change,
    judgements,
    outline,
    recruitment,
    references,
    strengths,
    targets,
    units,
    values,
)
from stats.present.sentences.subject import Subject
from stats.report import CountyReport, Report, Session
from varied_counties import varied_county

ROOT = Path(__file__).resolve().parents[1]
EDITIONS: tuple[Edition, ...] = ("full", "meeting", "public")
CALL = re.compile(r"present\.(\w+)\((?:town|county)(?:, ([0-9]))?\)")
HEAD = ("key_figures", "county_figures", "summary", "changed")
"""What stands before all tables: figures at a glance, and the summary."""
VARIED = range(40)
UNDEMANDING = (0, 12, 24, 36)
"""Counties in which nobody misses a target, so that their documents may say so."""
IN_FULL = 10
"""Of so many counties the full edition is checked too, which can contradict itself only."""


@cache
def demonstration(edition: Edition, year: int) -> Session:
    return report.load.__wrapped__(ROOT, year=year, edition=edition)


@cache
def varied_runs(seed: int, *, with_targets: bool = True) -> Mapping[Edition, Session]:
    """A small county of its own answers, each edition with its own protection."""
    county = varied_county(seed)
    return (county if with_targets else county.without_demands()).runs()


@cache
def calls(kind: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What the cells of a shipped notebook call, each with what else it gives."""
    cells = nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", 4).cells  # type: ignore[no-untyped-call]
    found = (CALL.fullmatch(cell.source) for cell in cells if cell.cell_type == "code")
    return tuple((each[1], (int(each[2]),) if each[2] else ()) for each in found if each)


def shown(own: Report, kind: str) -> Document:
    """What a reader of the document has, and the sentences that the other documents choose from."""
    head: list[str] = []
    others: list[str] = []
    cells: set[str] = set()
    with undrawn():
        blocks = [(name, getattr(present, name)(own, *given)) for name, given in calls(kind)]
    for name, block in blocks:
        (head if name in HEAD else others).append(block.to_text())
        for table in tables(block.payload()):
            for row in table["rows"]:
                cells |= {number for cell in row for number in re.findall(r"[0-9]+(?:\.[0-9]+)?", cell)}
    domains = {domain: present.sentences(own, domain).to_text() for domain in DOMAINS}
    return Document("\n".join(head), domains, "\n".join(others), frozenset(cells))


def tables(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if payload["kind"] == "table":
        yield payload
    for inner in payload.get("blocks", ()):
        yield from tables(inner)


@dataclass(frozen=True)
class Sides:
    """A run and what the full edition knows of the same county."""

    run: Session
    full: Session

    @cached_property
    def _towns(self) -> tuple[Mapping[str, Figures], Mapping[str, Figures]]:
        """The figures of the towns that sent a return, by name: in full and as the edition shows them."""
        run, year = self.run, self.run.params.year
        sent = run.examined.received.get(year, frozenset())
        names = {unit.code: unit.name for unit in run.params.due(year) if unit.code in sent}
        in_full, shown = self.full.figures(), run.figures()
        return {n: in_full[unit] for unit, n in names.items()}, {n: shown[unit] for unit, n in names.items()}

    def known(self, own: Report) -> Known:
        """What is known of the unit of a document."""
        year = self.run.params.year
        before = {code: self.full.released.figure(own.unit.code, year - 1, code) for code in indicators()}
        return Known(
            full=self.full.figures()[own.unit.code],
            last={code: figure for code, figure in before.items() if figure is not None},
            shown=own.figures,
            towns=self._towns[0],
            towns_shown=self._towns[1],
            is_county=isinstance(own, CountyReport),
        )


def documents(run: Session) -> Iterator[tuple[str, Report]]:
    yield "county", run.county()
    for unit in run.params.due(run.params.year):
        if (town := run.town(unit.code)).received:
            yield "town", town


def found_in(run: Session, full: Session, most: int = 1000) -> list[str]:
    """Every contradiction in every document of a run, up to so many."""
    found: list[str] = []
    sides = Sides(run, full)
    for kind, own in documents(run):
        where = f"{own.unit.name} {run.params.edition} {run.params.year}"
        found += [f"{where}: {text}" for text in contradictions(shown(own, kind), sides.known(own))]
        if len(found) >= most:
            break
    return found


@pytest.mark.parametrize("year", [2020, 2021])
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_document_of_the_demonstration_county_contradicts_what_is_known(edition: Edition, year: int) -> None:
    assert found_in(demonstration(edition, year), demonstration("full", year)) == []


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[] if seed % 3 == 0 else pytest.mark.soak) for seed in VARIED]
)
def test_no_document_of_a_varied_county_contradicts_what_is_known(seed: int) -> None:
    made = varied_runs(seed, with_targets=seed not in UNDEMANDING)
    editions = EDITIONS if seed < IN_FULL else ("meeting", "public")
    assert [text for edition in editions for text in found_in(made[edition], made["full"])] == []


# --- with a rule switched off the check must find it


def met_if_hidden(figure: Figure) -> str:
    stated = standing(figure)
    return "met" if stated == "hidden" else stated


def without_missed(of: Subject, figure: Figure) -> str:
    return "" if figure.target.state == "unmet" else targets.target(of, figure)


def first_of_recruitment(of: Subject) -> str:
    return present.sentences(of.report, "REC").to_text().partition("\n")[0]


SWITCHED_OFF: dict[str, list[tuple[Any, str, Callable[..., Any]]]] = {
    "hidden is not met": [(judgements, "standing", met_if_hidden)],
    "missed targets are told": [(outline, "target", without_missed), (outline, "last_state", lambda *_: "")],
    "also of indicators without words of their own": [(outline, "_others", lambda *_: "")],
    "last year's state is told as it was": [(targets, "last_state", lambda *_: "上年已达标")],
    "only telling places are told": [(references, "is_telling", lambda rank: rank.place is not None)],
    "both ends of an interval must agree": [(change, "_agreed", lambda low, high: "up" if high > 0 else "down")],
    "units of a change are said": [(outline, "matched", lambda *_: "")],
    "a small base is said": [(values, "small_base", lambda *_: ""), (recruitment, "small_base", lambda *_: "")],
    "nothing missed is claimed only where all is known": [(judgements, "none_unmet", lambda *_: "没有未达标的指标")],
    "units that are not told are counted": [(units, "rest", lambda _: iter(()))],
    "marks stay in tables": [(outline, "_without_number", lambda of, outline, figure: figure.status.mark)],
    "the summary repeats nothing": [(strengths, "paragraph", first_of_recruitment)],
    "missing is not undone": [(outline, "reason", lambda _: "未落实")],
    "a number stands in a table": [(outline, "value", lambda *_: "约314159.26%")],
    "also one of the summary": [(strengths, "value", lambda *_: "约314159.26%")],
    "nothing is told as nothing that is something": [(change, "_was_nothing", lambda *_: True)],
    "names of units are those of units": [(units, "names", lambda *_: "张家湾镇")],
}


@pytest.mark.parametrize("rule", SWITCHED_OFF)
def test_a_rule_that_is_switched_off_is_found(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, replacement in SWITCHED_OFF[rule]:
        monkeypatch.setattr(module, name, replacement)
    places = ((demonstration("meeting", 2021), demonstration("full", 2021)), *several())
    assert next((True for run, full in places if found_in(run, full, most=1)), False)


def several() -> Iterator[tuple[Session, Session]]:
    """Generated counties, made only as far as they are looked at; of the first nobody misses a target."""
    for seed, with_targets in ((0, False), (1, True), (2, True)):
        made = varied_runs(seed, with_targets=with_targets)
        yield from ((made[edition], made["full"]) for edition in ("meeting", "full"))
