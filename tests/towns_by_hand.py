"""A few towns of a county, from returns written in a test to their figures: by the library and by the oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from oracle import Oracle
from stats.answers import Answers
from stats.benchmarks import Benchmark
from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import questions
from stats.compare import compute
from stats.figures import Figure
from stats.params import Break, County, Params, TargetValue, Unit
from stats.returns.cells import Cell
from stats.returns.reading import parse

COUNTY = "990118000000"
A, B, C, D = (f"9901181{place:02}000" for place in range(1, 5))
YEARS = (2018, 2019)
Returns = Mapping[str, Mapping[str, str]]


class Figures(Protocol):
    """What both computations answer."""

    def figure(self, unit: str, year: int, indicator: str, /) -> Figure | None: ...

    def own(self, year: int, indicator: str, /) -> Figure | None: ...


def towns(number: int) -> tuple[str, ...]:
    """The codes of so many towns; A, B, C and D are the first four."""
    return tuple(f"9901181{place:02}000" for place in range(1, number + 1))


def make_params(
    targets: Mapping[str, str],
    breaks: tuple[Break, ...],
    number: int = 4,
    groups: Mapping[str, tuple[str, ...]] | None = None,
    rounding: Literal["gb8170", "half_up"] = "gb8170",
) -> Params:
    """The parameters of 2019; a target is reached from below (``96``) or from above (``<=1``)."""
    aims = {code: _target(aim) for code, aim in targets.items()}
    return Params(
        county=County(code=COUNTY, name="甲县"),
        year=YEARS[1],
        units=tuple(Unit(code=code, name=f"第{code[7:9]}镇", type="镇") for code in towns(number)),
        targets=dict.fromkeys(YEARS, aims),
        groups=dict(groups or {}),
        rounding=rounding,
        breaks=breaks,
        workspace=Path("no-such-workspace"),
    )


def _target(aim: str) -> TargetValue:
    operator = "<=" if aim.startswith("<=") else ">="
    return TargetValue.model_validate({"op": operator, "value": aim.removeprefix("<="), "basis": "param"})


def cells(year: int, returns: Returns) -> Iterator[Cell]:
    """Whole returns: what is written, blanks elsewhere; until 2019 the seasons stand in the year's row."""
    assert periods_due(year) == ("year",)
    for unit, written in returns.items():
        for variable in questions():
            if variable.asked_of(county=unit == COUNTY):
                raw = written.get(variable.name, "")
                read = parse(raw, variable)
                bounds = read.value, read.lower, read.upper
                yield Cell(unit, year, "year", variable.name, raw, read.status, *bounds, "", "", "", "")


def inputs(now: Returns, last: Returns) -> tuple[list[Cell], dict[int, frozenset[str]]]:
    received = {2018: frozenset(last), 2019: frozenset(now)}
    return [*cells(2018, last), *cells(2019, now)], received


def by_library(params: Params, now: Returns, last: Returns, benchmarks: tuple[Benchmark, ...]) -> Figures:
    rows, received = inputs(now, last)
    return compute(Answers.from_cells(rows, params, YEARS, received), params, benchmarks)


def by_oracle(params: Params, now: Returns, last: Returns, benchmarks: tuple[Benchmark, ...]) -> Figures:
    rows, received = inputs(now, last)
    return Oracle(rows, params, YEARS, received, benchmarks)


COMPUTATIONS = (by_library, by_oracle)


def computed_by(computation: Callable[..., Figures]) -> Callable[..., Figures]:
    """Computes the figures of returns: this year's (2019), then by name last year's and what the parameters say."""

    def computed(now: Returns, last: Returns | None = None, **more: Any) -> Figures:
        settings = {key: more[key] for key in ("number", "groups", "rounding") if key in more}
        params = make_params(more.get("targets", {}), more.get("breaks", ()), **settings)
        return computation(params, now, last or {}, more.get("benchmarks", ()))

    return computed


def found(figures: Figures, unit: str, code: str) -> Figure:
    figure = figures.figure(unit, 2019, code)
    assert figure is not None
    return figure


def whole(figures: Figures, code: str) -> Figure:
    return found(figures, COUNTY, code)
