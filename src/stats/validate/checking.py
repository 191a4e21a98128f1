"""The checks of the catalogue applied to every unit and year. Words and repairs nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from stats.catalogue.checks import CHECKS, Check, checks
from stats.catalogue.indicators import indicators
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import Params
from stats.returns import Cell
from stats.validate.check_evaluation import Operand, Row, from_cell, is_broken, of_whole_year, rows_by_unit
from stats.validate.finding_texts import detail, message, places, quantity
from stats.validate.outliers.settings import SENTENCES
from stats.validate.shifts import shifts

Rows = Mapping[str, Row]
Operands = dict[str, Operand]

_PERIODS = ("year", "spring", "autumn")


def validate(cells: Iterable[Cell], params: Params) -> tuple[Finding, ...]:
    """Every violated check of every unit and year among the cells, in order of unit, year, check and period.

    A check is not evaluated where one of its answers is missing, redacted, refused or not applicable. With an
    approximate answer it is violated only if it is whatever the true number is, and is then at most a warning. A
    check against last year is not evaluated across a declared break. Time is linear in the number of cells.
    """
    by_unit = rows_by_unit(cells)
    names = {unit.code: unit.name for unit in (*params.units, params.county_unit)}
    findings: list[Finding] = []
    for unit, year in sorted(by_unit):
        returned = _Returned(unit, names.get(unit, ""), year, by_unit[unit, year], by_unit.get((unit, year - 1), {}))
        findings += (finding for check in CHECKS for finding in returned.findings(check, params))
        for period in _PERIODS:
            findings += shifts(unit, returned.unit_name, year, period, returned.now.get(period, {}))
    return tuple(findings)


def without_values(finding: Finding) -> Finding:
    """The finding of a check or of an outlier with its numbers left out, for readers who may not see small counts.

    Other findings come back as they are.
    """
    check = checks().get(finding.rule)
    sentence = check.message if check else SENTENCES.get(finding.rule)
    return replace(finding, message=sentence, values=()) if sentence else finding


@dataclass(frozen=True, slots=True)
class _Returned:
    """What one unit returned for a year and for the year before, by period."""

    unit: str
    unit_name: str
    year: int
    now: Rows
    then: Rows

    def findings(self, check: Check, params: Params) -> Iterator[Finding]:
        if check.scope == "row":
            for period in _PERIODS:
                row = self.now.get(period)
                if row is not None and (operands := _of_row(check, row)):
                    yield from self._judge(check, period, operands, {})
        elif operands := _of_year(check, self.year, self.now):
            if check.scope == "year":
                yield from self._judge(check, "year", operands, {})
            elif self.then and self._is_comparable(check, params):
                last = _of_year(check, self.year - 1, self.then)
                yield from self._judge(check, "year", operands, last) if last else ()

    def _is_comparable(self, check: Check, params: Params) -> bool:
        """Whether no break covers all figures of the unit, or one that shows just what the check looks at."""
        shown = ("", *_indicators_of(check.id))
        return all(params.comparable(year=self.year, unit=self.unit, indicator=code) for code in shown)

    def _judge(self, check: Check, period: str, now: Operands, then: Operands) -> Iterator[Finding]:
        numbers, last = ({name: each.interval for name, each in operands.items()} for operands in (now, then))
        if is_broken(check.rule, numbers, last):
            yield self._finding(check, period, now, then)

    def _finding(self, check: Check, period: str, now: Operands, then: Operands) -> Finding:
        approximate = any(operand.approximate for operand in (*now.values(), *then.values()))
        offending = [cell for operand in (*now.values(), *then.values()) for cell in operand.cells]
        values = [quantity(operand) for operand in now.values()]
        values += [f"上年{quantity(operand)}" for operand in then.values()]
        return Finding(
            rule=check.id,
            severity=Severity.WARNING if approximate else check.severity,
            message=message(
                check.message,
                period=period,
                clause=detail(check.rule, now, then),
                where=places(offending),
                approximate=approximate,
            ),
            remedy=check.remedy,
            unit=self.unit,
            unit_name=self.unit_name,
            year=self.year,
            period=period,
            variables=tuple(now),
            values=tuple(values),
            file=offending[0].file,
            sheet=offending[0].sheet,
            cell=offending[0].cell,
        )


def _of_row(check: Check, row: Row) -> Operands:
    """The operands of one period; empty where any is without a number."""
    operands: Operands = {}
    for name in check.rule.variables:
        operand = from_cell(variables()[name], row.get(name))
        if operand is None:
            return {}
        operands[name] = operand
    return operands


def _of_year(check: Check, year: int, rows: Rows) -> Operands:
    """The operands of the whole year; empty where any is without a number."""
    operands: Operands = {}
    for name in check.rule.variables:
        operand = of_whole_year(variables()[name], year, rows)
        if operand is None:
            return {}
        operands[name] = operand
    return operands


@cache
def _indicators_of(check: str) -> tuple[str, ...]:
    """The indicators computed from the check's answers and no others."""
    names = set(checks()[check].rule.variables)
    return tuple(code for code, indicator in indicators().items() if set(indicator.variables) == names)
