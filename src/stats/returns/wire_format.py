"""The tables of a file as bytes of plain values, between processes and in the cache: nothing is ever unpickled."""

from __future__ import annotations

import marshal
from dataclasses import fields
from operator import attrgetter
from typing import Any

from stats.findings import Finding, Severity
from stats.returns.grid import Grid, Mark, Range
from stats.returns.parsed_file import Delivered

DAMAGED = (ValueError, TypeError, KeyError, EOFError)
_of_mark = attrgetter("note", "question", "problem", "remedy")
_of_range = attrgetter("first_row", "first_column", "last_row", "last_column")
_WITHOUT_REFERENCES = 2  # so that a table of millions of texts needs no list of those already seen


def packed(answer: Delivered | Finding) -> bytes:
    """The tables of a file, or the finding that refuses it.

    >>> unpacked(packed(Delivered((Grid("a.csv", "", [["1"]], {(0, 0): Mark("x")}),)))).grids[0].marks
    {(0, 0): Mark(note='x', question='', problem='', remedy='')}
    """
    if isinstance(answer, Finding):
        return marshal.dumps(_finding(answer), _WITHOUT_REFERENCES)
    parts = [*map(_grid, answer.grids)], [*map(_finding, answer.findings)]
    return marshal.dumps(parts, _WITHOUT_REFERENCES)


def unpacked(content: bytes) -> Delivered | Finding:
    """The inverse; one of DAMAGED for anything else."""
    parts = marshal.loads(content)
    if isinstance(parts, dict):
        return _as_finding(parts)
    grids, findings = parts
    return Delivered(tuple(map(_as_grid, grids)), tuple(map(_as_finding, findings)))


def _values(record: Finding | Grid) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _finding(finding: Finding) -> dict[str, Any]:
    return _values(finding) | {"severity": finding.severity.value}


def _as_finding(values: dict[str, Any]) -> Finding:
    return Finding(**values | {"severity": Severity(values["severity"])})


def _grid(grid: Grid) -> dict[str, Any]:
    return _values(grid) | {
        "marks": {place: _of_mark(mark) for place, mark in grid.marks.items()},
        "merged": [*map(_of_range, grid.merged)],
        "over": [(_of_range(cells), _of_mark(mark)) for cells, mark in grid.over],
    }


def _as_grid(values: dict[str, Any]) -> Grid:
    changed = {
        "marks": {place: Mark(*words) for place, words in values["marks"].items()},
        "merged": tuple(Range(*ends) for ends in values["merged"]),
        "over": tuple((Range(*ends), Mark(*words)) for ends, words in values["over"]),
    }
    return Grid(**values | changed)
