"""One indicator with all its comparisons, as vectors over years, units and counties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from stats.answers import Answers
from stats.benchmarks import Benchmark
from stats.catalogue.indicator import Indicator
from stats.compare.differences import Bounded, Differences
from stats.compare.precision import Precise, precise_figures
from stats.compare.ranking import RankVectors, ranks
from stats.compare.references import against_city, units_against_county
from stats.compare.years import CountyLastYear, county_last_year, units_last_year
from stats.indicators import SHARES, CountyFigures, Judged, UnitFigures, county_figures, judge, unit_figures
from stats.measures import Exact, Flags, Integers, Rounding
from stats.params import TargetValue

FULL_MARK = TargetValue(operator=">=", value=Decimal(100), basis="param", source="满分")


@dataclass(frozen=True, slots=True)
class Compared:
    """One indicator: the figures of units and counties, and everything each is compared with.

    ``precise`` and ``county_precise`` hold the few figures that need further digits to agree with what is judged.
    """

    units: UnitFigures
    county: CountyFigures
    judged: Judged
    county_judged: Judged
    last_year: Differences
    county_last_year: CountyLastYear
    against_county: Differences
    city: Differences
    county_city: Differences
    places: RankVectors
    precise: Precise
    county_precise: Precise


@dataclass(frozen=True, slots=True)
class Setting:
    """What a comparison needs besides the answers: rounding, targets, comparability and outside figures.

    ``comparable`` tells for an indicator where a unit's year may be compared with the year before (years by
    units), ``county_comparable`` the same for whole counties (years by counties). ``groups`` says in which group of
    like size a unit is ranked.
    """

    rounding: Rounding
    targets: Mapping[int, Mapping[str, TargetValue]]
    benchmarks: tuple[Benchmark, ...]
    comparable: Callable[[Indicator], Flags]
    county_comparable: Callable[[Indicator], Flags]
    groups: Mapping[str, str] = field(default_factory=dict)


def compare_one(indicator: Indicator, answers: Answers, setting: Setting) -> Compared:
    """One indicator's figures and comparisons over all years, units and counties."""
    figures = unit_figures(indicator, answers, setting.comparable(indicator), setting.rounding)
    judged = _judged(figures, answers, setting)
    counted = _counted(figures, judged, answers, setting)
    county = county_figures(figures, counted, answers, setting.rounding)
    city, provided = _city(indicator, answers, setting)
    county_judged = _judged_county(indicator, county, answers, setting)
    precise = _precise(
        indicator, figures.value, figures.rounded, judged, _targets(indicator, answers, setting), setting
    )
    return Compared(
        units=figures,
        county=county,
        judged=judged,
        county_judged=county_judged,
        last_year=units_last_year(figures, setting.rounding),
        county_last_year=county_last_year(
            figures, county, counted, answers, setting.county_comparable(indicator), setting.rounding
        ),
        against_county=units_against_county(figures, county, answers, setting.rounding),
        city=against_city(
            indicator,
            Bounded(figures.value, figures.low, figures.high),
            figures.status,
            city,
            provided,
            setting.rounding,
        ),
        county_city=against_city(
            indicator,
            Bounded(county.value, county.low, county.high),
            county.status,
            city,
            provided,
            setting.rounding,
        ),
        places=ranks(figures, precise, setting.groups, answers),
        precise=precise,
        county_precise=_precise(
            indicator,
            county.value,
            county.rounded,
            county_judged,
            _county_targets(indicator, answers, setting),
            setting,
        ),
    )


Targets = Sequence[TargetValue | None]


def _targets(indicator: Indicator, answers: Answers, setting: Setting) -> Targets:
    """Every year's target of a unit."""
    return [setting.targets.get(year, {}).get(indicator.code) for year in answers.years]


def _county_targets(indicator: Indicator, answers: Answers, setting: Setting) -> Targets:
    """Every year's target of the whole county."""
    return [county_target(indicator, target) for target in _targets(indicator, answers, setting)]


def _precise(
    indicator: Indicator, value: Exact, rounds: Integers, judged: Judged, targets: Targets, setting: Setting
) -> Precise:
    return precise_figures(value, rounds, judged, targets, decimals=indicator.decimals, rounding=setting.rounding)


def _by_year(status: Integers, value: Exact, low: Exact, high: Exact, targets: Targets) -> Judged:
    """Each year's figures against that year's target; a year without one is neither met nor unmet."""
    nothing = np.zeros(status.shape[1:], dtype=np.bool_)
    rows = [
        judge(status[row], value.row(row), low.row(row), high.row(row), target.operator, target.value)
        if target
        else Judged(nothing, nothing)
        for row, target in enumerate(targets)
    ]
    return Judged(np.stack([row.met for row in rows]), np.stack([row.unmet for row in rows]))


def _judged(figures: UnitFigures, answers: Answers, setting: Setting) -> Judged:
    targets = _targets(figures.indicator, answers, setting)
    return _by_year(figures.status, figures.value, figures.low, figures.high, targets)


def _counted(figures: UnitFigures, judged: Judged, answers: Answers, setting: Setting) -> Judged:
    """Which units are told as at target: where a share of units is asked for, at full mark in a year without target."""
    indicator = figures.indicator
    if indicator.aggregation not in ("share_compliant", "share_yes", "degree_and_share"):
        return judged
    targets = _targets(indicator, answers, setting)
    full = [FULL_MARK if indicator.aggregation == "share_yes" else target or FULL_MARK for target in targets]
    return _by_year(figures.status, figures.value, figures.low, figures.high, full)


def county_target(indicator: Indicator, target: TargetValue | None) -> TargetValue | None:
    """The target of the whole county: every unit at target where its figure is a share of units."""
    if target and indicator.aggregation in SHARES:
        return FULL_MARK.model_copy(update={"basis": target.basis, "source": target.source})
    return target


def _judged_county(indicator: Indicator, county: CountyFigures, answers: Answers, setting: Setting) -> Judged:
    """The county against its target; where all must reach it, missing units leave a met target undecided."""
    targets = _county_targets(indicator, answers, setting)
    judged = _by_year(county.status, county.value, county.low, county.high, targets)
    needs_all = np.array([[t is not None and t.operator == ">=" and t.value == 100] for t in targets])
    undecided = needs_all & (county.units < county.due)
    return Judged(judged.met & ~undecided, judged.unmet)


def _city(indicator: Indicator, answers: Answers, setting: Setting) -> tuple[Exact, Flags]:
    """The city's figure of every year as a column, and where there is one."""
    found = {b.year: b.value for b in setting.benchmarks if b.level == "city" and b.indicator == indicator.code}
    ratios = [found.get(year, Decimal(0)).as_integer_ratio() for year in answers.years]
    numerators, denominators = (np.array(part, dtype=np.int64)[:, None] for part in zip(*ratios, strict=True))
    return Exact(numerators, denominators), np.array([[year in found] for year in answers.years])
