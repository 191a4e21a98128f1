"""What one figure is said to be: builders for the tests of sentences, each test changes only what it is about."""

from __future__ import annotations

from typing import Any

from make_report import COUNTY, TOWNS, make_county_report, make_figure, make_params, make_report, number
from stats.catalogue.status import Status
from stats.figures import HIDDEN_ANSWER, Answer, Comparison, Figure, Rank, Target
from stats.params import Unit
from stats.present.sentences import sentences
from stats.receipt import Receipt

MISSING, REDACTED = Answer(Status.MISSING), Answer(Status.REDACTED)
SEVEN = tuple(Unit(code=f"99010110{n}000", name=f"{name}镇", type="镇") for n, name in enumerate("甲乙丙丁戊己庚", 1))


def ok(text: str) -> Answer:
    """An exact answer."""
    return Answer(Status.OK, text)


def about(text: str) -> Answer:
    """An approximate answer."""
    return Answer(Status.APPROX, text)


def met(value: str = "100", operator: Any = ">=") -> Target:
    """A target that is met."""
    return Target("met", operator, number(value), basis="param")


def unmet(value: str = "100", gap: str | None = None, operator: Any = ">=") -> Target:
    """A target that is missed by this much."""
    return Target("unmet", operator, number(value), None if gap is None else number(gap), "param")


def undecided(value: str = "100") -> Target:
    """A target an approximation cannot be judged by."""
    return Target("unknown", ">=", number(value), basis="param")


def hidden(code: str, target: Target | None = None, **overrides: Any) -> Figure:
    """A figure the edition hides; its state too, unless a target tells it."""
    return make_figure(
        code, None, status=Status.HIDDEN, target=target or undecided(), rank=Rank(reason="hidden"), **overrides
    )


def none(code: str, status: Status, **overrides: Any) -> Figure:
    """A figure without a value."""
    return make_figure(code, None, status=status, **overrides)


def said(
    figure: Figure, *, last: Figure | None = None, first: bool = False, params: Any = None, **answers: Answer
) -> str:
    """The text of a domain of which a town has this figure and these answers; ``first``: it never reported before."""
    code = figure.indicator
    earlier = {} if first else {2019: figure}
    report = make_report(
        params=params or make_params(),
        figures={code: figure},
        history={code: {2021: figure, **({2020: last} if last else {}), **earlier}},
        answers=answers,
    )
    return "".join(sentences(report, code.partition("-")[0]))


def of_county(
    figure: Figure,
    towns: dict[str, Figure | None] | None = None,
    *,
    last: Figure | None = None,
    own: Figure | None = None,
    absent: tuple[Unit, ...] = (),
) -> str:
    """The text of a domain of which the county has this one figure; ``towns`` are its units' by name."""
    code, units = figure.indicator, TOWNS
    if towns is not None:
        units = tuple(unit for unit in SEVEN if unit.name in towns)
    report = make_county_report(
        figures={code: figure},
        history={code: {2021: figure, **({2020: last} if last else {})}},
        units=units,
        towns={
            unit.code: {code: given} if (given := (towns or {}).get(unit.name)) is not None else {} for unit in units
        },
        own={code: own} if own else {},
        receipts={unit.code: Receipt.NOT_REPORTED for unit in absent},
    )
    return "".join(sentences(report, code.partition("-")[0]))


def county(code: str, printed: str | None, **overrides: Any) -> Figure:
    """The whole county's figure."""
    return make_figure(code, printed, **{"unit": COUNTY, "units": 2, "due": 2, **overrides})


LAST_MET, LAST_UNMET = make_figure(target=met()), make_figure(target=unmet())
NO_COMPARISON = Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED)

__all__ = [
    "HIDDEN_ANSWER",
    "LAST_MET",
    "LAST_UNMET",
    "MISSING",
    "NO_COMPARISON",
    "REDACTED",
    "SEVEN",
    "about",
    "county",
    "hidden",
    "met",
    "none",
    "of_county",
    "ok",
    "said",
    "undecided",
    "unmet",
]
