"""Returns, parameters and outside figures as they were read and checked: what every report is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from stats import benchmarks, disclosure, own_words, returns, validate
from stats.benchmarks import Benchmark
from stats.disclosure import issued
from stats.disclosure.issued import Record
from stats.errors import ParamsError, ReturnError
from stats.findings import Finding, Severity
from stats.inputs import UnfitError
from stats.own_words import OwnWords
from stats.params import Params
from stats.receipt import Receipt, receipt
from stats.returns import Cell, Correction
from stats.returns.finding_texts import UNFIT, unfit_parameters

YEARS_SHOWN = 5

Told = TypeVar("Told", Finding, Cell)


@dataclass(frozen=True)
class Examined:
    """The returns as read, corrected and checked: the answers that stand, what was found, who reported, which files.

    ``inputs`` gives the SHA-256 of every file read under ``data``; ``benchmarks`` are the figures from outside,
    ``issued`` the records of what has gone out.
    """

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    received: Mapping[int, frozenset[str]]
    inputs: Mapping[str, str]
    corrections: tuple[Correction, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    issued: tuple[Record, ...] = ()
    own_words: OwnWords = field(default_factory=dict)

    def of_unit(self, unit: str, year: int) -> tuple[Finding, ...]:
        """The findings about one unit's return of one year."""
        return self._findings.get((unit, year), ())

    def cells_of(self, unit: str, year: int) -> tuple[Cell, ...]:
        """The answers of one unit's return of one year."""
        return self._cells.get((unit, year), ())

    @cached_property
    def unfit_years(self) -> frozenset[int | None]:
        """The years of which figures from outside were provided and could not be used."""
        return frozenset(finding.year for finding in self.findings if finding.rule == UNFIT)

    @cached_property
    def _findings(self) -> Mapping[tuple[str, int | None], tuple[Finding, ...]]:
        return _grouped(self.findings)

    @cached_property
    def _cells(self) -> Mapping[tuple[str, int | None], tuple[Cell, ...]]:
        return _grouped(self.cells)

    def receipt(self, unit: str, year: int) -> Receipt:
        """What became of the unit's return."""
        return receipt(self.of_unit(unit, year), received=unit in self.received.get(year, frozenset()))

    def strays(self, year: int) -> int:
        """How many files of a year were refused, or parts of them, of which nobody knows whose they are."""
        return len({f.file for f in self.of_unit("", year) if f.severity is Severity.FATAL and f.file})

    def earlier_receipt(self, unit: str, year: int) -> Receipt:
        """The same of an earlier year: nobody can say that a unit sent nothing while a refused file may be its own."""
        became = self.receipt(unit, year)
        is_open = became is Receipt.NOT_REPORTED and self.strays(year) > 0
        return Receipt.REFUSED if is_open else became


def _grouped(items: Iterable[Told]) -> dict[tuple[str, int | None], tuple[Told, ...]]:
    """Findings or cells by unit and year, each group in the order given."""
    groups: defaultdict[tuple[str, int | None], list[Told]] = defaultdict(list)
    for item in items:
        groups[item.unit, item.year].append(item)
    return {place: tuple(group) for place, group in groups.items()}


def examine(run: Params, memory: Path | None = None, *, tolerant: bool = False) -> Examined:
    """Reads the returns of the years shown, checks them, and takes refused answers out.

    ``memory`` is a folder that keeps what was read, see :func:`stats.returns.read`. Outside figures that are not
    written as they should be are left out, with a finding; with ``tolerant`` so are corrections and explanations, for
    whoever only looks. Raises ReturnError where the year reported on has no folder of returns at all.
    """
    years = years_shown(run.year)
    if not (run.workspace / "data" / "returns" / str(run.year)).is_dir():
        raise _nothing_there(run)
    outside, files, unfit = benchmarks.read(run.workspace, years)
    issues, records = issued.read(run.workspace, run.county.code, partial(disclosure.county_key, run.workspace))
    words, texts, unkept = _own_words(run, tolerant=tolerant)
    delivered = returns.read(run, years, memory, tolerant=tolerant)
    unnamed = returns.unprintable_names(run)
    missing = returns.absent(run, delivered.received, (*delivered.findings, *unnamed))
    checked = (*validate.validate(delivered.cells, run), *validate.outliers(delivered.cells, run))
    findings = (*_unfit_targets(run), *unfit, *unkept, *unnamed, *delivered.findings, *missing, *checked)
    findings = validate.explain(findings, delivered.explanations, delivered.remarks, run)
    cells = validate.refuse(delivered.cells, findings)
    inputs = {**delivered.inputs, **files, **records, **texts}
    return Examined(cells, findings, delivered.received, inputs, delivered.corrections, outside, issues, words)


def _own_words(run: Params, *, tolerant: bool) -> tuple[OwnWords, dict[str, str], tuple[Finding, ...]]:
    """The county's own paragraphs; ParamsError, or a finding for whoever only looks, where one may not be kept."""
    try:
        return *own_words.read(run), ()
    except UnfitError as unfit:
        if not tolerant:
            raise ParamsError(unfit.problem, unfit.remedy) from unfit
        return {}, {}, (unfit_parameters(run.year, unfit.problem, unfit.remedy),)


def _unfit_targets(run: Params) -> tuple[Finding, ...]:
    return tuple(unfit_parameters(run.year, problem, remedy) for problem, remedy in run.faults)


def _nothing_there(run: Params) -> ReturnError:
    """The year has no folder: said with what lies beside it and may be the returns."""
    beside = [f"{finding.file} {finding.message}" for finding in returns.unread(run, ())]
    return ReturnError(
        f"没有 {run.year} 年的报表文件夹 data/returns/{run.year}",
        "请核对年度；年度无误的，建立该文件夹并放入各单位的报表" + "".join(f"；{each}" for each in beside[:5]),
    )


def years_shown(year: int) -> tuple[int, ...]:
    """The years a report speaks of, the reported one last.

    >>> years_shown(2021)
    (2017, 2018, 2019, 2020, 2021)
    """
    return tuple(range(year - YEARS_SHOWN + 1, year + 1))
