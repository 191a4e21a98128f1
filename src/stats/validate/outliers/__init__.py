"""Answers that are possible but unlikely: jumps, slips of the unit, swaps, repeats. Refuses and repairs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stats.catalogue.variables import questions
from stats.findings import Finding
from stats.params import Params
from stats.returns import Cell
from stats.validate.outliers import messages
from stats.validate.outliers.candidates import Candidate, candidates
from stats.validate.outliers.causes import is_jump, slip, transpositions
from stats.validate.outliers.peers import Peers
from stats.validate.outliers.series import Levels
from stats.validate.outliers.stale_copies import StaleCopies

__all__ = ["outliers"]

Explained = tuple[tuple[Candidate, ...], Finding]


def outliers(cells: Iterable[Cell], params: Params) -> tuple[Finding, ...]:
    """The unlikely answers of every unit and year among the cells, as warnings in order of unit, year and rule.

    Whole years are compared; approximate, masked and missing answers, answers across a declared break, and small
    ones are not judged. An answer is named once, with the likeliest cause: swapped with its neighbour, a slip of
    the unit of measure, or a jump; what was named one year is no measure for the next. Time is linear in the
    number of cells, but for sorting.
    """
    named: dict[tuple[int, str], set[str]] = {}
    peers = Peers(Levels.of(cells, params), named)
    names = {unit.code: unit.name for unit in (*params.units, params.county_unit)}
    findings: list[Finding] = []
    for year in peers.levels.years:
        repeats = StaleCopies()
        for odds, finding in _explained(_odd_by_unit(peers, year, repeats), names):
            findings.append(finding)
            for odd in odds:
                named.setdefault((year, odd.variable.name), set()).add(odd.unit)
        findings += (messages.repeated(pairs, names.get(unit, "")) for unit, pairs in repeats.found())
    return tuple(sorted(findings, key=_order))


def _odd_by_unit(peers: Peers, year: int, repeats: StaleCopies) -> dict[str, dict[str, Candidate]]:
    """The odd answers of a year by unit, then variable in the order of the form; fills ``repeats`` on the way."""
    by_unit: dict[str, dict[str, Candidate]] = {}
    for name in (question.name for question in questions() if question.is_number):
        compared = peers.last(year, name)
        peers.add(year, name, compared)
        repeats.add(name, compared)
        for odd in candidates(peers, year, name, compared):
            by_unit.setdefault(odd.unit, {})[name] = odd
    return by_unit


def _explained(by_unit: dict[str, dict[str, Candidate]], names: dict[str, str]) -> Iterator[Explained]:
    """The likeliest cause of each odd answer that calls for a finding."""
    for unit, odds in by_unit.items():
        name, rest = names.get(unit, ""), dict(odds)
        for one, other in transpositions(odds):
            del rest[one.variable.name], rest[other.variable.name]
            yield (one, other), messages.swapped(one, other, name)
        for odd in rest.values():
            found = slip(odd)
            if found is not None:
                yield (odd,), messages.slipped(odd, found, name)
            elif is_jump(odd):
                yield (odd,), messages.jump(odd, name)


def _order(finding: Finding) -> tuple[str, int, str, tuple[str, ...]]:
    return finding.unit, finding.year or 0, finding.rule, finding.variables
