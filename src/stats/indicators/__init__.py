"""Answers to figures, by walking the catalogue. Compares nothing and hides nothing."""

from stats.indicators.county import CountyFigures, county_figures
from stats.indicators.targets import Judged, judge
from stats.indicators.units import UnitFigures, unit_figures

__all__ = ["CountyFigures", "Judged", "UnitFigures", "county_figures", "judge", "unit_figures"]
