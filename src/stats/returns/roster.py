"""Joins rows to the units due by their code; a name only confirms. Reads no answers, changes no roster."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import Params, Unit
from stats.returns.finding_texts import found
from stats.returns.grid import STORED_AS_NUMBER
from stats.returns.headers import IDENTIFYING
from stats.returns.names import (
    is_damaged_code,
    normalised_name,
    parse_code,
    parse_name,
    parse_period,
    parse_year,
)
from stats.returns.row import Row
from stats.returns.rows import has_exact_width
from stats.returns.text_normalisation import compact
from stats.returns.totals import town_answers
from stats.texts.persons import is_bare_name, looks_personal, names_person
from stats.texts.privacy import HIDDEN, is_private_label, shown

_PLACE_ENDINGS = ("镇", "乡", "街道", "县", "区", "市", "办事处", "苏木", "农场", "林场", "开发区")
# More answers than these to questions of towns under the county's code are no slip: it is a row of totals.
_MOST_MISPLACED = 2


@dataclass(frozen=True, slots=True)
class Identified:
    """A row of a unit of the roster, with its period."""

    row: Row
    unit: Unit
    period: str


@dataclass(frozen=True)
class Roster:
    """The units due and the county itself, by code."""

    params: Params
    year: int

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """Every unit that may send a return, the county included."""
        return {unit.code: unit for unit in (*self.params.units, self.params.county_unit)}

    @cached_property
    def by_name(self) -> dict[str, Unit]:
        """The same by name, in the form in which two spellings of one name are equal."""
        return {normalised_name(unit.name): unit for unit in self.by_code.values()}

    def identify(self, row: Row) -> tuple[Identified | None, list[Finding]]:
        """Which unit and period a row is about, with what was found on the way; None where the row is refused."""
        if problem := self._unusable(row):
            return None, [problem]
        is_number = row.mark("unit_code").note == STORED_AS_NUMBER
        unit = None if is_number else self.by_code.get(parse_code(row.text("unit_code")) or "")
        if unit is None:
            return None, [self._unknown(row)]
        where = self._where(row, unit)
        if not has_exact_width(row):
            cells, heads = len(row.grid.rows[row.number]), len(row.grid.rows[row.header.row])
            return None, [found("R-FIELDS", where, given=cells, expected=heads)]
        findings = [*self._name(row, unit), *self._type(row, unit), *self._year(row, unit)]
        if unit.type == "县级本级" and (count := town_answers(row)) > _MOST_MISPLACED:
            findings.append(found("R-COUNTY-TOTAL", where, count=count))
        period = parse_period(row.text("period"))
        if period is None:
            at = {**where, **row.where("period")}
            findings.append(found("R-PERIOD", at, given=shown(row.text("period"))))
        if period is None or any(finding.severity == "fatal" for finding in findings):
            return None, findings
        if not unit.is_due(self.year):
            since = unit.since is not None and self.year < unit.since
            why = f"自 {unit.since} 年起（since）才应上报" if since else f"报到 {unit.until} 年（until）为止"
            return None, [*findings, found("R-NOT-DUE", {**where, "unit": ""}, why=why)]
        return Identified(row, unit, period), findings

    def _unusable(self, row: Row) -> Finding | None:
        """The refusal of a row whose identification may not be used as it stands: struck out, or a bad formula."""
        for name in IDENTIFYING:
            mark = row.mark(name)
            if mark.problem:
                unit = self.by_code.get(parse_code(row.text("unit_code")) or "")
                where = {**self._where(row, unit), **row.where(name)}
                words = {"label": variables()[name].label, "problem": mark.problem, "remedy": mark.remedy}
                return found("R-IDENTITY", where, **words)
        return None

    def _where(self, row: Row, unit: Unit | None) -> dict[str, Any]:
        known = {"unit": unit.code, "unit_name": unit.name} if unit else {}
        return {**row.where(), "year": self.year, **known}

    def _unknown(self, row: Row) -> Finding:
        """The refusal of a row whose code is not on the roster, with the unit that may be meant."""
        given = row.text("unit_code")
        problem, remedy = self._code_problem(given, is_number=row.mark("unit_code").note == STORED_AS_NUMBER)
        namesake = self.by_name.get(parse_name(row.text("unit_name")).text)
        if namesake:
            remedy = f"本行名称与名册的“{namesake.name}”相同，代码是否应为 {namesake.code}？请核对后改正"
            remedy += self._of_an_old_file
        return found("R-CODE", self._where(row, None), given=_shown_code(given), problem=problem, remedy=remedy)

    def _code_problem(self, given: str, *, is_number: bool) -> tuple[str, str]:
        if not given.strip():
            return "空缺，不能认定是哪个单位", "请填写 12 位代码；只有名称的行不采用"
        if is_number or is_damaged_code(given):
            return "已被电子表格改成数值，末几位可能丢失", "请将代码列设为文本格式，重新填写 12 位代码"
        code = parse_code(given)
        if code is None:
            return "不是 12 位数字", "请按名册填写 12 位统计用区划代码"
        near = difflib.get_close_matches(code, self.by_code, n=1, cutoff=0.8)
        likely = f"；相近的有 {near[0]} {self.by_code[near[0]].name}" if near else ""
        return "不在名册中", f"请核对代码{likely}；如为新设单位请先加入名册{self._of_an_old_file}"

    @property
    def _of_an_old_file(self) -> str:
        """What to do where the unit was there when the file was made; the file itself stays as it is."""
        if self.year >= self.params.year:
            return ""
        return (
            "；已撤销、并入或改代码的，原件不改，名册中保留旧代码一行，写 until（止报年度）、successor（并入的单位）；"
            "只有一部分划给别的单位的，写 breaks"
        )

    def _name(self, row: Row, unit: Unit) -> list[Finding]:
        given = row.text("unit_name")
        if given == unit.name or unit.code in self.params.name_faults:  # the code alone tells whose row it is
            return []
        where = {**self._where(row, unit), **row.where("unit_name")}
        name = parse_name(given)
        words = {"given": _shown_name(given), "name": unit.name}
        if name.kind != "name":
            return [found("R-NAME-MISSING", where, name=unit.name)]
        if name.text == normalised_name(unit.name):
            return [found("R-NAME-NORMAL", where, **words)]
        if self.year < self.params.year and name.text in map(normalised_name, unit.former_names):
            return [found("R-NAME-FORMER", where, **words)]
        remedy = f"请核对代码和名称；如确为该单位，名称请写“{unit.name}”"
        if self.year < self.params.year:
            remedy += "；后来更名的，原件不改，把旧名写进名册的 former_names（曾用名）"
        if re.fullmatch(re.escape(compact(given)).replace(r"\?", "."), normalised_name(unit.name)):
            remedy = f"“?”处的字不能以 GBK 编码保存：请填写“{unit.name}”后另存为 CSV UTF-8 或 XLSX"
        return [found("R-NAME", where, **words, remedy=remedy)]

    def _type(self, row: Row, unit: Unit) -> list[Finding]:
        given = compact(row.text("unit_type"))
        if given == unit.type:
            return []
        where = {**self._where(row, unit), **row.where("unit_type")}
        if "县级本级" in (given, unit.type):
            return [found("R-COUNTY", where, given=_shown_name(given))]
        return [found("R-TYPE", where, given=_shown_name(given), type=unit.type)]

    def _year(self, row: Row, unit: Unit) -> list[Finding]:
        given = row.text("stat_year")
        if parse_year(given).year == self.year:
            return []
        where = {**self._where(row, unit), **row.where("stat_year")}
        remedy = "请核对年度；其他年度的报表请放入相应文件夹"
        if re.match(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月]", given.strip()):
            remedy = f"该格是日期，不是年份：请将单元格设为文本，填写 {self.year}"
        return [found("R-YEAR", where, given=shown(given), year=self.year, remedy=remedy)]


def _shown_code(given: str) -> str:
    """A damaged or unknown code may be shown unless it could be a person's number."""
    digits = parse_code(given)
    is_damaged = is_damaged_code(given) and not is_private_label(given)
    return digits if digits else given.strip()[:20] if is_damaged else shown(given)


def _shown_name(given: str) -> str:
    """A name as it may be shown: that of a place is none of a person, nor is an addition in brackets behind it."""
    name, _, addition = compact(given).partition("(")
    is_place = name.endswith(_PLACE_ENDINGS) and not names_person(addition) and not is_bare_name(addition.strip(")"))
    return HIDDEN if looks_personal(given) and not is_place else shown(given)


def absent(params: Params, received: Mapping[int, frozenset[str]], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each unit and year in ``received`` that owes a return and has none.

    Refused returns have their own finding. A year reported on without a single return is refused as a whole.
    """
    nothing = () if received.get(params.year) else (found("R-NOTHING", {"year": params.year}, year=params.year),)
    refused = {(f.year, f.unit) for f in findings if f.severity is Severity.FATAL}
    return nothing + tuple(
        found("R-ABSENT", {"unit": unit.code, "unit_name": unit.name, "year": year}, year=year)
        for year in sorted(received)
        for unit in (*params.due(year), params.county_unit)
        if unit.code not in received[year] and (year, unit.code) not in refused
    )


def unprintable_names(params: Params) -> tuple[Finding, ...]:
    """One refusal for each unit due whose name in the roster no document can show."""
    return tuple(
        found("R-ROSTER-NAME", {"unit": unit.code, "unit_name": unit.name, "year": params.year}, what=fault)
        for unit in params.due(params.year)
        if (fault := params.name_faults.get(unit.code))
    )
