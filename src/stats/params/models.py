"""The shape of a run's parameters: which values each may take. Opens no file."""

from __future__ import annotations

import difflib
import hashlib
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stats.errors import ParamsError
from stats.params.values import Code, IndicatorCode, Line, Marking, Name, Number, Year, unit_code
from stats.texts.privacy import quoted

Edition = Literal["full", "meeting", "public"]
UnitType = Literal["镇", "乡", "街道", "其他", "县级本级"]


class RosterError(ValueError):
    """What is wrong with one unit of the roster; ``code`` tells where it stands."""

    def __init__(self, problem: str, code: str) -> None:
        super().__init__(problem)
        self.code = code


class Strict(BaseModel):
    """A frozen value whose unknown keys are refused with the likely intended one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        known = {name for key, field in cls.model_fields.items() for name in (field.alias, key) if name}
        for key in (k for k in data if k not in known) if isinstance(data, dict) else ():
            close = difflib.get_close_matches(str(key)[:40], known, n=1)
            hint = f"，是否应为“{close[0]}”" if close else f"；可用的键：{'、'.join(cls._printed_keys())}"
            raise ValueError(f"有不认识的键“{quoted(str(key))}”{hint}")
        return data

    @classmethod
    def _printed_keys(cls) -> list[str]:
        return [field.alias or key for key, field in cls.model_fields.items()]


class County(Strict):
    """The county a run is about."""

    code: Code
    name: Name

    @model_validator(mode="after")
    def _is_a_county(self) -> Self:
        if not self.code.endswith("000000"):
            raise ValueError(f"县级代码“{self.code}”的后六位应为 000000")
        return self


class Unit(Strict):
    """One unit of the roster, due from ``since`` to ``until`` (None: no limit); ``successor``: who took it over.

    >>> Unit(code="120118111000", name="双塘镇", type="镇").type
    '镇'
    """

    code: Code
    name: Name
    type: UnitType
    former_names: tuple[Name, ...] = ()
    since: Year | None = None
    until: Year | None = None
    successor: tuple[Code, ...] = ()

    def is_due(self, year: int) -> bool:
        """Whether it owes a return for this year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


class UnitOverride(Strict):
    """What ``params/units/<code>.yaml`` may say differently from the roster."""

    name: Name | None = None
    type: UnitType | None = None
    former_names: tuple[Name, ...] | None = None
    since: Year | None = None
    until: Year | None = None
    successor: tuple[Code, ...] | None = None


class Break(Strict):
    """A change of definition or boundary: no 同比 in ``year`` for these indicators and units (none named: all)."""

    year: Year
    indicators: tuple[IndicatorCode, ...] = ()
    units: tuple[Code, ...] = ()
    reason: str

    def covers(self, *, year: int, unit: str, indicator: str) -> bool:
        """Whether it suppresses the year-on-year comparison of this figure."""
        return (
            self.year == year
            and (not self.units or unit in self.units)
            and (not self.indicators or indicator in self.indicators)
        )


class TargetValue(Strict):
    """The target of one indicator in one year, in the indicator's unit, with where it comes from.

    ``carried`` is the year it was taken over from and not confirmed for its own; it changes no figure.
    """

    operator: Literal[">=", "<="] = Field(alias="op")
    value: Number
    basis: Literal["seed", "param", "public", "local"]
    source: str = ""
    carried: Year | None = Field(default=None, exclude=True)


class Settings(Strict):
    """What ``params/county.yaml`` may say.

    ``groups`` names units of like size, among which figures that fall with a unit's size are ranked. ``documents`` are
    the keys of those the county wants of the set, all where none is named. ``prepared_by``, ``data_until`` and
    ``contact`` stand on every cover: an office, a day, a role, never a person.
    """

    county: County
    year: Year
    edition: Edition = "meeting"
    marking: Marking = ""
    rounding: Literal["gb8170", "half_up"] = "gb8170"
    units: tuple[Unit, ...]
    breaks: tuple[Break, ...] = ()
    groups: dict[Name, tuple[Code, ...]] = {}
    demonstration: bool = False
    documents: tuple[str, ...] = ()
    prepared_by: Line = ""
    data_until: Line = ""
    contact: Line = ""

    @model_validator(mode="after")
    def _roster_fits_the_county(self) -> Self:
        codes: dict[str, str] = {}
        for unit in self.units:
            refuse_stranger(unit, self.county)
            if unit.code in codes:
                raise RosterError(f"名册中代码 {unit.code} 出现两次（{codes[unit.code]}、{unit.name}）", unit.code)
            codes[unit.code] = unit.name
        for code in (code for item in self.breaks for code in item.units if code not in codes):
            raise ValueError(f"breaks 中的单位代码 {code} 不在名册 units 中")
        return self

    @model_validator(mode="after")
    def _groups_fit_the_roster(self) -> Self:
        roster = {unit.code: unit.name for unit in self.units}
        group_of: dict[str, str] = {}
        for group, codes in self.groups.items():
            for code in codes:
                if code not in roster:
                    raise ValueError(f"groups 中“{group}”的单位代码 {code} 不在名册 units 中")
                if code in group_of:
                    both = f"“{group_of[code]}”和“{group}”两组" if group_of[code] != group else f"“{group}”中两次"
                    raise ValueError(f"groups：{roster[code]}（{code}）列在{both}，一个单位只能列入一组一次")
                group_of[code] = group
        return self

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not self.units:
            raise ValueError("名册 units 中没有单位")
        return self


def refuse_stranger(unit: Unit, county: County) -> None:
    """RosterError for a unit that is none of the county's."""
    if unit.type == "县级本级":
        raise RosterError(f"名册中的“{unit.name}”类型为县级本级；县本级不列入名册，由 county 一项说明", unit.code)
    if unit.code[:6] != county.code[:6] or not unit.code.endswith("000") or unit.code == county.code:
        problem = f"“{unit.name}”的代码 {unit.code} 不是 {county.name}（{county.code[:6]}）的乡级代码"
        raise RosterError(problem, unit.code)


class Params(Settings):
    """Everything that decides a run besides the returns themselves; ``units`` are in code order.

    ``targets`` holds every year that has a file; ``name_faults`` says by code what in a unit's name no document can
    show: such a unit goes by its code, and its own document is withheld. ``workspace`` is where the run happens and no
    part of what the run is: it is left out of :attr:`fingerprint`. ``faults`` are problem and remedy of the files of
    targets that were left out, for whoever only looks.
    """

    targets: dict[int, dict[str, TargetValue]] = {}
    name_faults: dict[str, str] = {}
    faults: tuple[tuple[str, str], ...] = Field(default=(), exclude=True)
    workspace: Path = Field(exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _sort_units(cls, data: Any) -> Any:
        units = data.get("units") if isinstance(data, dict) else None
        if units and all(isinstance(unit, Unit) for unit in units):
            return {**data, "units": tuple(sorted(units, key=attrgetter("code")))}
        return data

    @property
    def county_unit(self) -> Unit:
        """The county itself as a reporting unit (县级本级)."""
        return Unit(code=self.county.code, name=self.county.name, type="县级本级")

    def unit(self, code: str | int) -> Unit:
        """The unit of the roster (or the county itself) with this code; ParamsError names the nearest codes."""
        wanted = unit_code(code)
        for unit in (*self.units, self.county_unit):
            if unit.code == wanted:
                return unit
        near = difflib.get_close_matches(wanted, [unit.code for unit in self.units], n=3)
        listed = "、".join(f"{u.code} {u.name}" for u in self.units if u.code in near)
        raise ParamsError(
            f"单位代码 {wanted} 不在名册中",
            f"请核对代码；相近的有：{listed}" if listed else "请核对 params/county.yaml 的 units 一项",
        )

    def due(self, year: int) -> tuple[Unit, ...]:
        """The units that owe a return for this year, in code order."""
        return tuple(unit for unit in self.units if unit.is_due(year))

    def comparable(self, *, year: int, unit: str, indicator: str) -> bool:
        """Whether no break in definition or boundary stands between this figure and last year's."""
        return not any(item.covers(year=year, unit=unit, indicator=indicator) for item in self.breaks)

    @property
    def group_of(self) -> dict[str, str]:
        """The group of like size that a unit is ranked in, by unit code; units in no group are left out."""
        return {code: group for group, codes in self.groups.items() for code in codes}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that decides the run, the same wherever the workspace lies."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.fingerprint)
