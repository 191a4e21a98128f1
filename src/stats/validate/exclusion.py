"""Answers that contradict each other are set aside. Judges nothing and changes no other answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stats.catalogue.seasons import periods_due
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.returns import Cell

# Unit, year, period and variable of one answer.
CellKey = tuple[str, int, str, str]


def refuse(cells: Iterable[Cell], findings: Iterable[Finding]) -> tuple[Cell, ...]:
    """The same answers, those named by a finding of severity error without their number.

    They get the status ERROR, so that no figure and no total uses them; raw text and place stay, and the note
    names the rule. A finding about a whole year sets a season question aside in each of its seasons.
    """
    rules = _rules_by_place(findings)
    return tuple(_refused(cell, rules.get((cell.unit, cell.year, cell.period, cell.variable))) for cell in cells)


def _rules_by_place(findings: Iterable[Finding]) -> dict[CellKey, list[str]]:
    rules: dict[CellKey, list[str]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.year is not None:
            for place in _places(finding, finding.year):
                rules.setdefault(place, []).append(finding.rule)
    return rules


def _places(finding: Finding, year: int) -> Iterable[CellKey]:
    for name in finding.variables:
        variable = variables().get(name)
        whole = variable is not None and variable.seasonal and finding.period == "year"
        for period in periods_due(year) if whole else (finding.period,):
            yield finding.unit, year, period, name


def _refused(cell: Cell, rules: list[str] | None) -> Cell:
    if rules is None or cell.status is Status.ERROR:
        return cell
    reason = f"未采用：与其他数不符（{'、'.join(dict.fromkeys(rules))}）"
    note = f"{cell.note}；{reason}" if cell.note else reason
    return replace(cell, status=Status.ERROR, value="", lower="", upper="", note=note)
