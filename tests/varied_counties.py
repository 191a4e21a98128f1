"""Small counties as real ones are: towns of the demonstration county with answers of their own that hang together.

Two years of returns with blanks, masks, approximations and other answers, but never what a hard check refuses; other
targets, a declared break, a return that did not come. A seed gives the same county for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from random import Random

import demo
from demo import CellKey
from demo.writing import rounded_down
from stats import compare, disclosure, params, returns, validate
from stats.answers import Answers
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import not_applicable, periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions, variables
from stats.compare import Results
from stats.findings import Finding, Severity
from stats.params import Break, Edition, Params, TargetValue, Unit
from stats.report import Examined, Session, years_shown
from stats.returns import Cell

ROOT = Path(__file__).resolve().parents[1]
YEARS = (2020, 2021)
EASY = ((">=", "0"), ("<=", "100"))
GOALS = ("0", "1", "50", "80", "95", "100", "100", "100", "100", "12.5")
MASK = "xx"
KEY = bytes(range(32))

Texts = Mapping[CellKey, str]


@dataclass(frozen=True)
class VariedCounty:
    """Parameters, who sent a return in which year, and the answers that stand, all read and checked as ever."""

    params: Params
    received: Mapping[int, frozenset[str]]
    cells: tuple[Cell, ...]

    def runs(self, editions: Iterable[Edition] = ("full", "meeting", "public")) -> dict[Edition, Session]:
        """What each edition may show, each with its own protection."""
        return {edition: self._run(edition) for edition in editions}

    def without_demands(self) -> VariedCounty:
        """The same county with targets that everybody meets."""
        nothing, all_of_it = (TargetValue.model_validate({"op": op, "value": v, "basis": "param"}) for op, v in EASY)
        easy = {code: all_of_it if entry.direction == "lower" else nothing for code, entry in indicators().items()}
        met = {code: target for code, target in easy.items() if indicators()[code].kind != "growth"}
        return replace(self, params=self.params.model_copy(update={"targets": dict.fromkeys(YEARS, met)}))

    def _run(self, edition: Edition) -> Session:
        run = self.params.model_copy(update={"edition": edition})
        released = disclosure.release(self._results, self.cells, edition, key=lambda: KEY)
        return Session(run, Examined(self.cells, self._findings, self.received, {}), released)

    @cached_property
    def _results(self) -> Results:
        answers = Answers.from_cells(self.cells, self.params, years_shown(self.params.year), self.received)
        return compare.compute(answers, self.params, ())

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        absent = returns.absent(self.params, self.received, ())
        return (*absent, *validate.validate(self.cells, self.params), *validate.outliers(self.cells, self.params))


@cache
def _demonstration() -> Params:
    return params.load(ROOT, year=YEARS[-1], edition="full")


def varied_county(seed: int) -> VariedCounty:
    """The county of this seed."""
    chance = Random(seed)
    run = _parameters(chance)
    received = {year: _received(chance, run) for year in YEARS}
    true = {place: text for place, text in demo.answers(seed).items() if place.unit in received.get(place.year, ())}
    written = _changed(chance, true)
    cells = tuple(_cells(written))
    while broken := _refused(cells, run):
        written = {place: true[place] if (place.unit, place.variable) in broken else t for place, t in written.items()}
        cells = tuple(_cells(written))
    return VariedCounty(run, received, cells)


def _parameters(chance: Random) -> Params:
    whole = _demonstration()
    units = tuple(sorted(chance.sample(whole.units, chance.choice((4, 4, 5, 5, 6, 7))), key=lambda unit: unit.code))
    codes = {unit.code for unit in units}
    return whole.model_copy(
        update={
            "units": units,
            "groups": {name: tuple(u for u in group if u in codes) for name, group in whole.groups.items()},
            "targets": {year: _targets(chance) for year in YEARS if chance.random() < 0.9},
            "breaks": _breaks(chance, units),
            "rounding": chance.choice(("gb8170", "half_up")),
            "workspace": Path("no-such-workspace"),
        }
    )


def _targets(chance: Random) -> dict[str, TargetValue]:
    return {
        code: TargetValue.model_validate(
            {"op": "<=" if entry.direction == "lower" else ">=", "value": chance.choice(GOALS), "basis": "param"}
        )
        for code, entry in indicators().items()
        if entry.direction != "neutral" and chance.random() < 0.85
    }


def _breaks(chance: Random, units: tuple[Unit, ...]) -> tuple[Break, ...]:
    codes = tuple(chance.sample(list(indicators()), chance.choice((0, 1, 4))))
    towns = tuple(chance.sample([unit.code for unit in units], chance.choice((0, 1, 3))))
    return (Break(year=YEARS[-1], indicators=codes, units=towns, reason="区划调整"),) if codes else ()


def _received(chance: Random, run: Params) -> frozenset[str]:
    """Who sent a return: all, or all but one town, or all but the county itself."""
    absent = chance.choice(("", "", chance.choice(run.units).code, run.county.code if chance.random() < 0.3 else ""))
    return frozenset({*(unit.code for unit in run.units), run.county.code} - {absent})


def _changed(chance: Random, true: Texts) -> dict[CellKey, str]:
    """The answers as written: some blank, masked, approximate or other ones, all towns of another size."""
    rough = chance.choice((0.02, 0.08, 0.2))
    size = {unit: chance.choice((Decimal(1), Decimal("1.3"), Decimal(3))) for unit in sorted({p.unit for p in true})}
    written = {place: _answer(chance, place, text, rough) for place, text in true.items()}
    people = [place for place in true if place.variable == "bas_population"]
    return {**written, **{place: f"{int(true[place]) * size[place.unit]:.0f}" for place in people}}


def _answer(chance: Random, place: CellKey, text: str, rough: float) -> str:
    variable, luck = variables()[place.variable], chance.random()
    if luck > rough:
        return text
    if luck < rough / 3:
        return chance.choice(("", MASK))
    if not variable.is_number:
        return chance.choice(variable.choices or ("是", "否"))
    return _other_number(chance, text, variable) if text.replace(".", "").isdigit() else text


def _other_number(chance: Random, text: str, variable: Variable) -> str:
    """About the number, some more than its first digits, or less of it."""
    if chance.random() < 0.5:
        is_long = variable.kind == "int" and len(text) > 1
        return f"{rounded_down(text)}余" if is_long and chance.random() < 0.7 else f"约{text}"
    share = chance.choice((Decimal("0.5"), Decimal("0.9"), Decimal(0)))
    return f"{(Decimal(text) * share).quantize(Decimal(text)):f}"


def _cells(written: Texts) -> Iterator[Cell]:
    """One for each question due of each unit that sent a return, in order of year and unit."""
    county = _demonstration().county.code
    for year, unit in sorted({(place.year, place.unit) for place in written}):
        for variable in (each for each in questions() if each.asked_of(county=unit == county)):
            for period in periods_due(year) if variable.seasonal else ("year",):
                place = CellKey(unit, year, period, variable.name)
                yield _read(place, written.get(place, ""))
            for period in not_applicable(year) if variable.seasonal else ():
                yield _cell(CellKey(unit, year, period, variable.name), Status.NOT_APPLICABLE)


def _read(place: CellKey, text: str) -> Cell:
    reading = returns.parse(text, variables()[place.variable])
    return _cell(place, reading.status, text, (reading.value, reading.lower, reading.upper))


def _cell(place: CellKey, status: Status, raw: str = "", numbers: tuple[str, str, str] = ("", "", "")) -> Cell:
    value, lower, upper = numbers
    return Cell(
        **place._asdict(),
        raw=raw,
        status=status,
        value=value,
        lower=lower,
        upper=upper,
        note="",
        file=f"{place.year}/报表.csv",
        sheet="",
        cell="B2",
    )


def _refused(cells: tuple[Cell, ...], run: Params) -> frozenset[tuple[str, str]]:
    """Which questions of which units a hard check refuses as written."""
    found = (finding for finding in validate.validate(cells, run) if finding.severity is Severity.ERROR)
    return frozenset((finding.unit, name) for finding in found for name in finding.variables)
