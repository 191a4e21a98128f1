"""The fictional county: its code, its towns, its years, and the parameters file that says so. Draws no chance."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MARK = "演示数据（虚构）"
COUNTY_CODE = "990118000000"  # province 99 is not assigned, so no real place can have it
COUNTY_NAME = "云汀县"
COUNTY_TYPE = "县级本级"
YEARS = (2017, 2018, 2019, 2020, 2021)
FIRST_YEAR = YEARS[0]


@dataclass(frozen=True, slots=True)
class Town:
    """A fictional town and what shapes its numbers.

    ``population`` is that of the first year and ``drift`` its yearly change per thousand; ``standing``
    (1 to 3) says how well the town does; ``cadres`` is its establishment; ``troops`` whether any are near.
    ``renamed`` is the first year of its present name, None where it never had another.
    """

    order: int
    code: str
    name: str
    type: str
    former_name: str
    renamed: int | None
    population: int
    drift: int
    villages: int
    schools: int
    standing: int
    cadres: int
    troops: bool

    def name_in(self, year: int) -> str:
        """The name the town had in this year."""
        return self.former_name if self.renamed is not None and year < self.renamed else self.name


def table(name: str) -> list[dict[str, str]]:
    """The rows of one of this package's CSV tables, all values as text."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _town(order: int, row: dict[str, str]) -> Town:
    return Town(
        order=order,
        code=row["code"],
        name=row["name"],
        type=row["type"],
        former_name=row["former_name"],
        renamed=int(row["renamed"]) if row["renamed"] else None,
        population=int(row["population"]),
        drift=int(row["drift"]),
        villages=int(row["villages"]),
        schools=int(row["schools"]),
        standing=int(row["standing"]),
        cadres=int(row["cadres"]),
        troops=row["troops"] == "是",
    )


@cache
def towns() -> tuple[Town, ...]:
    """The 18 towns in code order.

    >>> len(towns()), towns()[0].name
    (18, '沐云街道')
    """
    return tuple(_town(order, row) for order, row in enumerate(table("towns.csv")))


def parameters() -> str:
    """The text of ``params/county.yaml``."""
    return "\n".join([*_head(), *_roster(), *_groups(), *_breaks()]) + "\n"


def _head() -> Iterator[str]:
    yield f"# {MARK}：本县及所辖镇、乡、街道均为虚构，区划代码不存在，数据由程序生成。"
    yield "county:"
    yield f'  code: "{COUNTY_CODE}"'
    yield f"  name: {COUNTY_NAME}"
    yield f"year: {YEARS[-1]}"
    yield "edition: meeting        # full 县内工作本 · meeting 会议本 · public 公开本"
    yield 'marking: ""             # 可填：内部、内部事项 注意保管'
    yield "rounding: gb8170        # gb8170 四舍六入五成双 · half_up 四舍五入"
    yield "demonstration: true     # 每页标明演示数据（虚构）"


def _roster() -> Iterator[str]:
    yield "units:                  # 应报单位名录"
    for town in towns():
        former = f", former_names: [{town.former_name}]" if town.former_name else ""
        since = f"  # {town.renamed}年由{town.former_name}更名" if town.former_name else ""
        yield f'  - {{code: "{town.code}", name: {town.name}, type: {town.type}{former}}}{since}'


def _groups() -> Iterator[str]:
    yield "groups:                 # 规模相近的单位：人均、每万人口指标只在组内排位（可排位的至少9个）"
    yield "  各镇:"
    for town in towns():
        if town.type == "镇":
            yield f'    - "{town.code}"  # {town.name}'


def _breaks() -> Iterator[str]:
    yield "breaks:                 # 口径或区划调整：当年不作同比"
    yield "  - year: 2021"
    yield "    indicators: [MIL-05]"
    yield "    reason: 自2021年起，武装工作例会与民兵干部例会合并召开的只计1次"
