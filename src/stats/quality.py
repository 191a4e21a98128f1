"""What the data-quality report holds: what came in, and what could not be taken as written. Words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.disclosure import EDITIONS, shown_text
from stats.figures import Amendment
from stats.findings import Finding
from stats.params import Params, Unit
from stats.receipt import Receipt
from stats.returns import Cell
from stats.texts.plain import in_words

LISTED = (Status.REDACTED, Status.APPROX, Status.ERROR, Status.MISSING)


@dataclass(frozen=True)
class Quality:
    """How many answers a unit owed, and of what kind they are; ``hidden`` are not shown in this edition."""

    due: int
    ok: int
    approx: int
    missing: int
    redacted: int
    not_applicable: int
    error: int
    hidden: int


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """One answer that is masked, approximate, wrong or missing, as the edition may tell it.

    ``raw`` is what was written, None where the edition may not repeat it; ``place`` names file, sheet and cell.
    """

    unit: str
    variable: str
    period: str
    status: Status
    raw: str | None
    place: str


@dataclass(frozen=True)
class QualityReport:
    """What the data-quality report shows in one edition; ``units`` are those due, the county's own row last.

    ``receipts`` (and those of last year), ``qualities``, ``corrections``, ``hidden_figures`` go by unit code;
    ``listed`` is empty in the edition that holds counts only; ``findings`` are those of the year and those of no year.
    Whether a return came late is not known: a return carries no date of receipt, and the date of a file is no evidence.
    """

    params: Params
    units: tuple[Unit, ...]
    strays: int
    receipts: Mapping[str, Receipt]
    last_receipts: Mapping[str, Receipt]
    qualities: Mapping[str, Quality]
    listed: tuple[ListedAnswer, ...]
    corrections: Mapping[str, tuple[Amendment, ...]]
    findings: tuple[Finding, ...]
    hidden_figures: Mapping[str, int]

    @property
    def year(self) -> int:
        """The year reported on."""
        return self.params.year

    @property
    def place(self) -> int:
        """That of the county."""
        return 0

    @property
    def unit(self) -> Unit:
        """The county, which the report is about."""
        return self.params.county_unit

    def answers(self, *statuses: Status) -> tuple[ListedAnswer, ...]:
        """The answers of these kinds, in order of unit and form."""
        return tuple(answer for answer in self.listed if answer.status in statuses)

    def units_with(self, *wanted: Receipt) -> tuple[Unit, ...]:
        """The towns whose return of this year became one of these, in code order."""
        towns = (unit for unit in self.units if unit.type != "县级本级")
        return tuple(unit for unit in towns if self.receipts[unit.code] in wanted)

    def findings_of(self, unit: str) -> tuple[Finding, ...]:
        """The findings about one unit's return; with "" those that fit no unit due."""
        due = {item.code for item in self.units}
        return tuple(f for f in self.findings if (f.unit if f.unit in due else "") == unit)


def listed_answers(cells: Iterable[Cell], params: Params) -> tuple[ListedAnswer, ...]:
    """The year's answers that are not plain numbers or choices, as the edition may tell them."""
    if EDITIONS[params.edition].open_only:
        return ()
    return tuple(_listed(cell, params) for cell in cells if cell.year == params.year and cell.status in LISTED)


def _listed(cell: Cell, params: Params) -> ListedAnswer:
    raw = shown_text(cell.raw, variables()[cell.variable], params.edition)
    file = f"{cell.file}「{cell.sheet}」" if cell.sheet else cell.file
    return ListedAnswer(
        cell.unit, cell.variable, cell.period, cell.status, raw, f"{file} {in_words(cell.cell)}".strip()
    )
