"""Which file each unit's return arrived in, and what it looks like. Writes no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from demo.county import COUNTY_CODE, COUNTY_NAME, COUNTY_TYPE, MARK, towns
from demo.true_answers import CellKey
from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import Variable, variables

EVERY_TOWN = tuple(town.code for town in towns())
IDENTITY = ("unit_code", "unit_name", "unit_type", "stat_year", "period")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file of returns: a flat table with a title row, one row per unit and period."""

    year: int
    name: str
    container: Literal["csv", "xlsx"]
    units: tuple[str, ...]
    headed_by: Literal["name", "label"]
    encoding: str = "utf-8"
    note: str = ""

    @property
    def path(self) -> str:
        """Where it lies in a workspace."""
        return f"data/returns/{self.year}/演示数据（虚构）-{self.year}年{self.name}.{self.container}"

    @property
    def title(self) -> str:
        """The title row above the header."""
        return f"{MARK} {COUNTY_NAME}{self.year}年武装工作统计报表（{self.name}）"


def _codes(*digits: str) -> tuple[str, ...]:
    return tuple(f"{COUNTY_CODE[:6]}{three}000" for three in digits)


STREETS = _codes("001", "002", "003")
TOWNS = _codes("100", "101", "102", "103", "104", "105", "106", "107", "108", "109", "110")
WEST = _codes("100", "102", "103", "104", "200")
EAST = _codes("105", "106", "107", "108", "109", "110")
TOWNSHIPS = _codes("200", "201", "202", "203")

DELIVERIES = (
    Delivery(2017, "各镇乡街道和县本级", "csv", (*EVERY_TOWN, COUNTY_CODE), "name"),
    Delivery(2018, "各镇乡街道和县本级", "xlsx", (*EVERY_TOWN, COUNTY_CODE), "label"),
    Delivery(2019, "各街道和镇", "csv", (*STREETS, *TOWNS), "label", encoding="gb18030"),
    Delivery(2019, "各乡和县本级", "xlsx", (*TOWNSHIPS, COUNTY_CODE), "name"),
    Delivery(2020, "各镇乡街道", "csv", EVERY_TOWN, "label", encoding="utf-8-sig"),
    Delivery(2020, "县本级", "csv", (COUNTY_CODE,), "label", encoding="utf-8-sig"),
    Delivery(2021, "各街道", "csv", STREETS, "label", encoding="utf-8-sig"),
    Delivery(2021, "西片镇乡", "csv", WEST, "label", encoding="gb18030"),
    Delivery(2021, "东片各镇", "xlsx", EAST, "label", note=f"注：{MARK}，所列单位和数字均与真实单位无关。"),
    Delivery(2021, "龙泓镇", "xlsx", _codes("101"), "label"),
    Delivery(2021, "南片各乡", "csv", _codes("201", "202"), "name"),
    Delivery(2021, "县本级", "csv", (COUNTY_CODE,), "name"),
)


@cache
def columns(delivery: Delivery) -> tuple[Variable, ...]:
    """The columns of the file: what identifies a row, then every question any of its units answers."""
    kinds = {unit == COUNTY_CODE for unit in delivery.units}
    return tuple(
        variable
        for variable in variables().values()
        if variable.name in IDENTITY or any(variable.asked_of(county=county) for county in kinds)
    )


def periods(unit: str, year: int) -> tuple[str, ...]:
    """The rows a unit has in a year: the whole year, and the seasons if they have rows of their own."""
    if unit == COUNTY_CODE:
        return ("year",)
    return tuple(dict.fromkeys(("year", *periods_due(year))))


def rows(delivery: Delivery, answers: Mapping[CellKey, str]) -> Iterator[dict[str, str]]:
    """The rows of a file by variable name, blank where the row has no such question."""
    for unit in delivery.units:
        for period in periods(unit, delivery.year):
            yield {
                variable.name: answers.get(CellKey(unit, delivery.year, period, variable.name), "")
                for variable in columns(delivery)
            }


def identities() -> dict[CellKey, str]:
    """What identifies each row of every file: code, name at the time, type, year and period."""
    known = {town.code: (town.type, town.name_in) for town in towns()}
    known[COUNTY_CODE] = (COUNTY_TYPE, lambda year: COUNTY_NAME)
    found = {}
    for delivery in DELIVERIES:
        for unit in delivery.units:
            kind, name_in = known[unit]
            for period in periods(unit, delivery.year):
                values = (unit, name_in(delivery.year), kind, str(delivery.year), period)
                for variable, value in zip(IDENTITY, values, strict=True):
                    found[CellKey(unit, delivery.year, period, variable)] = value
    return found
