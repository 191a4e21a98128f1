"""One unit's report, or the county's: the stages in order. Formats nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from stats import compare, disclosure, params
from stats.answers import Answers
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import not_applicable, periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import questions, variables
from stats.disclosure import EDITIONS, Released
from stats.examining import Examined as Examined
from stats.examining import examine as examine
from stats.examining import years_shown as years_shown
from stats.figures import Amendment, Answer, Figure, Total, with_reason
from stats.findings import Finding
from stats.params import Params, Unit
from stats.quality import Quality as Quality
from stats.quality import QualityReport, listed_answers
from stats.receipt import Receipt

# Whoever loads a report runs a notebook, perhaps in a folder elsewhere.
_NO_WORKSPACE = "请在笔记本的参数中写明工作目录：workspace（papermill 用 -p workspace 文件夹），或在工作目录中运行"
# For so many units and years the figures are kept: 0.6 MB for a unit; beyond 800 units they are made anew.
FIGURES_REMEMBERED = 4000


@dataclass(frozen=True)
class Report:
    """What a document shows of one unit in one edition; what the edition does not hold is absent.

    ``place`` is the unit's in code order, 0 for the county, and numbers its documents.
    ``figures`` are this year's by indicator; ``history`` and ``county_history`` hold them by indicator and
    year; ``answers`` and ``last_answers`` whole-year answers by variable; ``seasons`` and ``last_seasons``
    season answers by variable and period; ``corrections`` are those made in this year's answers. ``receipt`` and
    ``last_receipt`` tell what became of the unit's return of this year and of last year, in the county's report of
    its own row; ``strays`` counts this year's refused files of which nobody knows whose they are;
    ``has_unfit_outside`` says that figures from outside were provided and could not be used.
    ``unit_values`` are by indicator the different exact figures that the edition shows of the county's towns, as they
    are printed, in ascending order.
    """

    params: Params
    unit: Unit
    place: int
    receipt: Receipt
    last_receipt: Receipt
    strays: int
    figures: Mapping[str, Figure]
    history: Mapping[str, Mapping[int, Figure]]
    county_history: Mapping[str, Mapping[int, Figure]]
    answers: Mapping[str, Answer]
    last_answers: Mapping[str, Answer]
    seasons: Mapping[str, Mapping[str, Answer]]
    last_seasons: Mapping[str, Mapping[str, Answer]]
    findings: tuple[Finding, ...]
    quality: Quality
    corrections: tuple[Amendment, ...] = ()
    has_unfit_outside: bool = False
    unit_values: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year reported on."""
        return self.params.year

    @property
    def received(self) -> bool:
        """Whether anything of the unit's return of this year can be used."""
        return self.receipt in (Receipt.REPORTED, Receipt.IN_ERROR)


@dataclass(frozen=True)
class CountyReport(Report):
    """What the county's document shows: the whole county's figures and every town's.

    ``answers`` are those of the county's own row, ``own`` the figures made from them; ``towns``, ``town_answers``,
    ``receipts`` and ``last_receipts`` go by unit code; ``qualities`` tells each town's answers apart by kind.
    ``totals`` are the sums of what units answered to questions that are no protected counts, by question.
    ``own_words`` are the county's own paragraphs by document.
    """

    units: tuple[Unit, ...] = ()
    towns: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    town_answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    own: Mapping[str, Figure] = field(default_factory=dict)
    qualities: Mapping[str, Quality] = field(default_factory=dict)
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    last_receipts: Mapping[str, Receipt] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)
    last_totals: Mapping[str, Total] = field(default_factory=dict)
    own_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def units_with(self, *wanted: Receipt) -> tuple[Unit, ...]:
        """The units due whose return of this year became one of these, in code order."""
        return tuple(unit for unit in self.units if self.receipts.get(unit.code, Receipt.REPORTED) in wanted)


@dataclass(frozen=True)
class Session:
    """A whole run in one edition: what was examined and what may be shown of it."""

    params: Params
    examined: Examined
    released: Released

    @property
    def years(self) -> tuple[int, ...]:
        """The years shown: of those before the first return nothing was collected, so that nothing is missing."""
        return tuple(sorted(self.examined.received)) or (self.params.year,)

    def town(self, code: str) -> Report:
        """One town's report."""
        return Report(**self._parts(self.params.unit(code)))

    def county(self) -> CountyReport:
        """The county's report."""
        run, year = self.params, self.params.year
        units = run.due(year)
        return CountyReport(
            **self._parts(run.county_unit),
            units=units,
            towns={unit.code: self._figures(unit.code, year) for unit in units},
            town_answers={unit.code: self.answers(unit.code, year) for unit in units},
            own={c: self._with_reason(f, whole=False) for c in indicators() if (f := self.released.own(year, c))},
            qualities={unit.code: self._quality(unit.code) for unit in units},
            receipts=self._receipts[year],
            last_receipts=self._receipts.get(year - 1, {}),
            own_words=self.examined.own_words,
            totals=self._totals(year),
            last_totals=self._totals(year - 1) if year - 1 in self.years else {},
        )

    def _totals(self, year: int) -> dict[str, Total]:
        found = {v.name: self.released.total(year, v) for v in questions()}
        return {name: total for name, total in found.items() if total is not None}

    def figures(self) -> Mapping[str, Mapping[str, Figure]]:
        """This year's figures by unit code (the county's code: the whole county) and indicator."""
        run = self.params
        codes = [*(unit.code for unit in run.due(run.year)), run.county.code]
        return {code: self._figures(code, run.year) for code in codes}

    def quality(self) -> QualityReport:
        """The report on the quality of the data: what came in and what could not be taken as written."""
        run, year, examined = self.params, self.params.year, self.examined
        units = (*run.due(year), run.county_unit)
        return QualityReport(
            params=run,
            units=units,
            strays=examined.strays(year),
            receipts=self._receipts[year],
            last_receipts=self._receipts.get(year - 1, {}),
            qualities={unit.code: self._quality(unit.code) for unit in units},
            listed=listed_answers(examined.cells, run),
            corrections={
                unit.code: disclosure.amendments(examined.corrections, run.edition, unit=unit.code, year=year)
                for unit in units
            },
            findings=tuple(finding for finding in examined.findings if finding.year in (year, None)),
            hidden_figures={
                unit.code: sum(figure.status is Status.HIDDEN for figure in self._figures(unit.code, year).values())
                for unit in units
            },
        )

    @cached_property
    def _unit_values(self) -> Mapping[str, tuple[Decimal, ...]]:
        printed = {code: self.released.printed(self.params.year, code).values() for code in indicators()}
        return {code: tuple(sorted(set(values))) for code, values in printed.items() if values}

    @cached_property
    def _county_history(self) -> Mapping[str, Mapping[int, Figure]]:
        return self.history(self.params.county.code)

    def history(self, code: str) -> Mapping[str, Mapping[int, Figure]]:
        """A unit's figures of the years shown by indicator and year."""
        return _history({year: self._figures(code, year) for year in self.years})

    def _parts(self, unit: Unit) -> dict[str, Any]:
        run, year = self.params, self.params.year
        return {
            "params": run,
            "unit": unit,
            "place": self._places.get(unit.code, 0),
            "receipt": self.examined.receipt(unit.code, year),
            "last_receipt": self.examined.earlier_receipt(unit.code, year - 1),
            "strays": self.examined.strays(year),
            "has_unfit_outside": year in self.examined.unfit_years,
            "figures": self._figures(unit.code, year),
            "history": self.history(unit.code),
            "county_history": self._county_history,
            "unit_values": self._unit_values,
            "answers": self.answers(unit.code, year),
            "last_answers": self.answers(unit.code, year - 1) if year - 1 in self.years else {},
            "seasons": self.seasons(unit.code, year),
            "last_seasons": self.seasons(unit.code, year - 1) if year - 1 in self.years else {},
            "findings": self.examined.of_unit(unit.code, year),
            "quality": self._quality(unit.code),
            "corrections": disclosure.amendments(self.examined.corrections, run.edition, unit=unit.code, year=year),
        }

    @cached_property
    def _places(self) -> Mapping[str, int]:
        due = self.params.due(self.params.year)
        others = (unit for unit in self.params.units if unit not in due)  # a notebook may be run for one by hand
        return {unit.code: place for place, unit in enumerate((*due, *others), start=1)}

    def _figures(self, code: str, year: int) -> Mapping[str, Figure]:
        return self._remembered(code, year)

    @cached_property
    def _remembered(self) -> Callable[[str, int], Mapping[str, Figure]]:
        """The figures of the units last asked for: documents ask for the same ones, in processes forked from this."""
        return lru_cache(maxsize=FIGURES_REMEMBERED)(self._made_figures)

    def _made_figures(self, code: str, year: int) -> dict[str, Figure]:
        found = {indicator: self.released.figure(code, year, indicator) for indicator in indicators()}
        return {indicator: self._with_reason(figure) for indicator, figure in found.items() if figure is not None}

    @cached_property
    def _receipts(self) -> Mapping[int, Mapping[str, Receipt]]:
        """What became of the returns of every year shown by unit code, the county's own row last."""
        last, examined = self.params.year, self.examined
        became = {}
        for year in self.years:
            codes = [*(unit.code for unit in self.params.due(year)), self.params.county.code]
            of_unit = examined.receipt if year == last else examined.earlier_receipt
            became[year] = {code: of_unit(code, year) for code in codes}
        return became

    def _with_reason(self, figure: Figure, *, whole: bool = True) -> Figure:
        """The figure with the reason why it, or a comparison, is not there; ``whole``: the county's code is all of it.

        The whole county lacks a figure for that reason where the return of any of its units was refused; its own row is
        one unit.
        """
        return with_reason(
            figure,
            is_refused=lambda year: self._is_refused(figure.unit, year, whole=whole),
            is_unfit=figure.year in self.examined.unfit_years,
        )

    def _is_refused(self, code: str, year: int, *, whole: bool) -> bool:
        became = self._receipts.get(year, {})
        if whole and code == self.params.county.code:
            return Receipt.REFUSED in became.values()
        return became.get(code) is Receipt.REFUSED

    def answers(self, code: str, year: int) -> dict[str, Answer]:
        """A unit's whole-year answers of a year by variable."""
        found = {v.name: self.released.answer(code, year, v.name) for v in questions()}
        return {name: answer for name, answer in found.items() if answer is not None}

    def seasons(self, code: str, year: int) -> dict[str, dict[str, Answer]]:
        """A unit's season answers of a year by variable and period."""
        periods = (*not_applicable(year), *periods_due(year))
        found = {
            v.name: {p: a for p in periods if (a := self.released.season(code, year, v.name, p)) is not None}
            for v in questions()
            if v.seasonal
        }
        return {name: by_period for name, by_period in found.items() if by_period}

    @cached_property
    def _hidden_counts(self) -> Counter[str]:
        """How many counts of this year are hidden, by unit: of the edition's own questions only."""
        rules, asked = EDITIONS[self.params.edition], variables()
        counts = self.released.hidden[self.params.year].counts
        return Counter(unit for unit, name in counts if rules.shows_answer(asked[name]))

    def _quality(self, code: str) -> Quality:
        year = self.params.year
        given = self.examined.cells_of(code, year)
        kinds = Counter(cell.status for cell in given)
        return Quality(
            due=len(given) - kinds[Status.NOT_APPLICABLE],
            ok=kinds[Status.OK],
            approx=kinds[Status.APPROX],
            missing=kinds[Status.MISSING],
            redacted=kinds[Status.REDACTED],
            not_applicable=kinds[Status.NOT_APPLICABLE],
            error=kinds[Status.ERROR],
            hidden=self._hidden_counts[code],
        )


def _history(by_year: Mapping[int, Mapping[str, Figure]]) -> dict[str, dict[int, Figure]]:
    """Figures of several years by indicator and year."""
    return {
        indicator: {year: figures[indicator] for year, figures in by_year.items() if indicator in figures}
        for indicator in indicators()
        if any(indicator in figures for figures in by_year.values())
    }


@cache
def load(workspace: Path, *, year: int | None = None, edition: str | None = None) -> Session:
    """The stages in order: parameters, returns, checks, figures, comparisons, disclosure."""
    run = params.load(workspace, year=year, edition=edition)
    examined = examine(run)
    years = years_shown(run.year)
    answers = Answers.from_cells(examined.cells, run, years, examined.received)
    key = partial(disclosure.county_key, run.workspace)
    results = compare.compute(answers, run, examined.benchmarks)
    released = disclosure.release(results, examined.cells, run.edition, key=key, issued=examined.issued)
    return Session(run, examined, released)


def _workspace(folder: str) -> Path:
    return Path(folder).resolve() if folder else params.find_workspace(remedy=_NO_WORKSPACE)


def town(unit: str | int, *, year: int | None = None, edition: str | None = None, workspace: str = "") -> Report:
    """One town's report, by the unit's code or name.

    Without a workspace it is the nearest folder upward that holds params/county.yaml.
    """
    run = load(_workspace(workspace), year=year, edition=edition)
    return run.town(params.unit_meant(run.params, unit).code)


def county(*, year: int | None = None, edition: str | None = None, workspace: str = "") -> CountyReport:
    """The county's report."""
    return load(_workspace(workspace), year=year, edition=edition).county()


def whole(*, year: int | None = None, edition: str | None = None, workspace: str = "") -> Session:
    """The whole run: every unit and year."""
    return load(_workspace(workspace), year=year, edition=edition)


def quality(*, year: int | None = None, edition: str | None = None, workspace: str = "") -> QualityReport:
    """The report on the quality of the data."""
    return load(_workspace(workspace), year=year, edition=edition).quality()
