"""Builders of figures and reports for the tests of what readers see: each test changes only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import questions
from stats.figures import Answer, Comparison, Figure, Rank, Target
from stats.params import County, Params, Unit
from stats.receipt import Receipt
from stats.report import CountyReport, Quality, Report

COUNTY = "990101000000"
TOWN = "990101101000"
TOWNS = (Unit(code=TOWN, name="云岭镇", type="镇"), Unit(code="990101102000", name="石桥镇", type="镇"))


def number(text: str) -> Decimal:
    """A decimal as the figures hold it."""
    return Decimal(text)


def make_comparison(
    reference: str, difference: str | None = None, percent: str | None = None, **overrides: Any
) -> Comparison:
    """A comparison with an exact reference; the trend follows the difference."""
    gap = None if difference is None else number(difference)
    trend = "none" if gap is None else "up" if gap > 0 else "down" if gap < 0 else "flat"
    made = Comparison(
        Status.OK,
        Status.OK,
        reference=number(reference),
        difference=gap,
        percent=None if percent is None else number(percent),
        trend=trend,  # type: ignore[arg-type]
    )
    return replace(made, **overrides)


def make_figure(code: str = "SYS-02", printed: str | None = "85.0", **overrides: Any) -> Figure:
    """A town's figure; ``printed`` is what is printed, None for a missing one."""
    finished = None if printed is None else number(printed)
    made = Figure(
        year=2021,
        unit=TOWN,
        indicator=code,
        status=Status.MISSING if printed is None else Status.OK,
        value=finished,
        rounded=finished,
        rank=Rank(reason="not_ranked"),
    )
    return replace(made, **overrides)


def make_county_figure(code: str = "SYS-02", printed: str | None = "83.2", **overrides: Any) -> Figure:
    """The whole county's figure, with all 2 units behind it."""
    return make_figure(code, printed, **{"unit": COUNTY, "units": 2, "due": 2, **overrides})


def make_params(**overrides: Any) -> Params:
    """The parameters of a small fictional county."""
    settings = {
        "county": County(code=COUNTY, name="安澜县"),
        "year": 2021,
        "edition": "meeting",
        "units": TOWNS,
        "demonstration": True,
        "workspace": Path("."),
    }
    return Params(**{**settings, **overrides})


def all_figures(**by_code: Figure) -> dict[str, Figure]:
    """A town figure of every indicator; keys with an underscore name the ones a test changes."""
    made = {code: _plain_figure(code) for code, entry in indicators().items() if entry.level != "county"}
    return made | {key.replace("_", "-"): figure for key, figure in by_code.items()}


def _plain_figure(code: str) -> Figure:
    entry = indicators()[code]
    value = number("90").quantize(Decimal(1).scaleb(-entry.decimals))
    if entry.kind in ("yesno", "compliance"):
        value = number("100.0")
    before = make_comparison(str(value), str(value - value))
    return make_figure(
        code,
        str(value),
        last_year=before,
        county=make_comparison(str(value), str(value - value)),
        target=Target("met", ">=", number("90"), basis="param"),
        rank=Rank(3, 17) if entry.ranked else Rank(reason="not_ranked"),
    )


def all_answers(**by_name: Answer) -> dict[str, Answer]:
    """An answer to every question a town is asked."""
    made = {v.name: Answer(Status.OK, v.choices[0] if v.choices else "10") for v in questions()}
    return made | by_name


def make_report(**overrides: Any) -> Report:
    """A town's complete report, every indicator at 90 or 100."""
    figures: Mapping[str, Figure] = overrides.get("figures", all_figures())
    settings: dict[str, Any] = {
        "params": make_params(),
        "unit": TOWNS[0],
        "place": 1,
        "receipt": Receipt.REPORTED,
        "last_receipt": Receipt.REPORTED,
        "strays": 0,
        "figures": figures,
        "history": {code: _years(figure) for code, figure in figures.items()},
        "county_history": {code: {2021: make_county_figure(code, "88")} for code in figures},
        "answers": all_answers(),
        "last_answers": {},
        "seasons": {},
        "last_seasons": {},
        "findings": (),
        "quality": Quality(due=96, ok=90, approx=1, missing=3, redacted=1, not_applicable=1, error=0, hidden=0),
    }
    return Report(**{**settings, **overrides})


def make_county_report(**overrides: Any) -> CountyReport:
    """The county's report over two towns that both reported."""
    figures = {code: make_county_figure(code, str(_plain_figure(code).rounded)) for code in indicators()}
    settings: dict[str, Any] = {
        "params": make_params(),
        "unit": make_params().county_unit,
        "place": 0,
        "receipt": Receipt.REPORTED,
        "last_receipt": Receipt.REPORTED,
        "strays": 0,
        "figures": figures,
        "history": {code: _years(figure) for code, figure in figures.items()},
        "county_history": {code: _years(figure) for code, figure in figures.items()},
        "answers": {},
        "last_answers": {},
        "seasons": {},
        "last_seasons": {},
        "findings": (),
        "quality": Quality(due=10, ok=10, approx=0, missing=0, redacted=0, not_applicable=0, error=0, hidden=0),
        "towns": {unit.code: all_figures() for unit in TOWNS},
        "units": TOWNS,
        "receipts": {},
    }
    return CountyReport(**{**settings, **overrides})


def _years(figure: Figure) -> dict[int, Figure]:
    return {year: replace(figure, year=year) for year in range(2017, 2022)}
