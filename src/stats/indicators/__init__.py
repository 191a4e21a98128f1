"""Answers to figures, by walking the catalogue. Compares nothing and hides nothing."""

from stats.indicators.county import CountyFigures, county_figures
from stats.indicators.pooling import SHARES, Pooled, pooled, usable
from stats.indicators.targets import Judged, judge
from stats.indicators.units import UnitFigures, answered, unit_figures

__all__ = [
    "SHARES",
    "CountyFigures",
    "Judged",
    "Pooled",
    "UnitFigures",
    "answered",
    "county_figures",
    "judge",
    "pooled",
    "unit_figures",
    "usable",
]
