"""What one run is: county, year, edition, roster and targets, read strictly from ``params/``; reads no return."""

from __future__ import annotations

from stats.params.loading import find_workspace, load
from stats.params.meant import unit_meant
from stats.params.models import Break, County, Edition, Params, TargetValue, Unit, UnitType
from stats.params.region import counties, find_region, is_region, region_of, shared_folders
from stats.params.values import unit_code

__all__ = [
    "Break",
    "County",
    "Edition",
    "Params",
    "TargetValue",
    "Unit",
    "UnitType",
    "counties",
    "find_region",
    "find_workspace",
    "is_region",
    "load",
    "region_of",
    "shared_folders",
    "unit_code",
    "unit_meant",
]
