"""Every indicator's worked example, computed by hand, comes out of the library and out of the oracle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from oracle import Oracle
from oracle_amounts import rounded
from stats.answers import Answers
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import questions
from stats.compare import compute
from stats.figures import Figure
from stats.numbers import display
from stats.params import County, Params, Unit
from stats.returns.cells import Cell
from stats.returns.reading import parse

COUNTY, TOWN = "990118000000", "990118101000"
ROUNDINGS: tuple[Literal["gb8170", "half_up"], ...] = ("gb8170", "half_up")
Example = Mapping[str, Any]


@cache
def examples() -> tuple[Example, ...]:
    """The examples, then the awkward cases."""
    text = (Path(__file__).parent / "examples" / "indicators.yaml").read_text(encoding="utf-8")
    groups = yaml.safe_load(text)
    return (*groups["examples"], *groups["edges"])


def titles() -> list[str]:
    return [f"{example['indicator']} {example.get('name', '')}".strip() for example in examples()]


def params(example: Example, rounding: Literal["gb8170", "half_up"]) -> Params:
    return Params(
        county=County(code=COUNTY, name="甲县"),
        year=example.get("year", 2021),
        rounding=rounding,
        units=(Unit(code=TOWN, name="乙镇", type="镇"),),
        workspace=Path("no-such-workspace"),
    )


def unit(example: Example) -> str:
    return COUNTY if example.get("unit") == "county" else TOWN


def cells(unit: str, year: int, written: Mapping[str, Any]) -> Iterator[Cell]:
    """The whole return: what is written where it is written, blanks elsewhere."""
    for variable in questions():
        if not variable.asked_of(county=unit == COUNTY):
            continue
        for period in periods_due(year) if variable.seasonal else ("year",):
            answer = written.get(variable.name, "")
            raw = answer.get(period, "") if isinstance(answer, dict) else answer
            read = parse(raw, variable)
            yield Cell(
                unit, year, period, variable.name, raw, read.status, read.value, read.lower, read.upper, "", "", "", ""
            )


def returns(example: Example) -> tuple[list[Cell], tuple[int, int], dict[int, frozenset[str]]]:
    year = example.get("year", 2021)
    found, received = list(cells(unit(example), year, example["answers"])), {year: frozenset({unit(example)})}
    if "last_year" in example:
        found += cells(unit(example), year - 1, example["last_year"])
        received[year - 1] = frozenset({unit(example)})
    return found, (year - 1, year), {year - 1: frozenset(), **received}


def by_library(example: Example, rounding: Literal["gb8170", "half_up"]) -> Figure:
    rows, years, received = returns(example)
    run = params(example, rounding)
    results = compute(Answers.from_cells(rows, run, years, received), run, ())
    code = example["indicator"]
    figure = results.own(years[1], code) if unit(example) == COUNTY else results.figure(TOWN, years[1], code)
    assert figure is not None
    return figure


def by_oracle(example: Example, rounding: Literal["gb8170", "half_up"]) -> Figure:
    rows, years, received = returns(example)
    oracle = Oracle(rows, params(example, rounding), years, received)
    code = example["indicator"]
    figure = oracle.own(years[1], code) if unit(example) == COUNTY else oracle.figure(TOWN, years[1], code)
    assert figure is not None
    return figure


def expected(example: Example, field: str) -> Decimal | None:
    """A number of the example to 12 places, None where the example has none."""
    return rounded(Fraction(example[field]), 12, "gb8170") if field in example else None


def check(example: Example, figure: Figure, rounding: Literal["gb8170", "half_up"]) -> None:
    assert figure.status.value == example.get("status", "ok"), example["steps"]
    for field in ("numerator", "denominator", "value"):
        assert getattr(figure, field) == expected(example, field), f"{field}: {example['steps']}"
    for field in {"low", "high"} & example.keys():
        assert getattr(figure, field) == expected(example, field), f"{field}: {example['steps']}"
    printed = example.get("display_half_up", example["display"]) if rounding == "half_up" else example["display"]
    minus = printed.replace("-", "−")
    assert display(figure, indicators()[example["indicator"]]).removesuffix("※") == minus, example["steps"]


def test_every_indicator_has_its_worked_example() -> None:
    assert {example["indicator"] for example in examples() if "name" not in example} == indicators().keys()


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("number", range(len(examples())), ids=titles())
def test_the_library_agrees_with_the_example_worked_by_hand(
    number: int, rounding: Literal["gb8170", "half_up"]
) -> None:
    check(examples()[number], by_library(examples()[number], rounding), rounding)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("number", range(len(examples())), ids=titles())
def test_the_oracle_agrees_with_the_example_worked_by_hand(number: int, rounding: Literal["gb8170", "half_up"]) -> None:
    check(examples()[number], by_oracle(examples()[number], rounding), rounding)
