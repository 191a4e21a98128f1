"""What the child answers, as bytes of plain values: nothing made from a damaged file is ever unpickled."""

from __future__ import annotations

import marshal
from dataclasses import fields
from typing import Any

from stats.findings import Finding, Severity
from stats.returns.grid import Grid, Mark, Range
from stats.returns.parsed_file import Delivered

_WITHOUT_REFERENCES = 2  # so that a table of millions of texts needs no list of those already seen


def packed(answer: Delivered | Finding) -> bytes:
    """The tables of a file, or the finding that refuses it.

    >>> unpacked(packed(Delivered((Grid("a.csv", "", [["1"]], {(0, 0): Mark("x")}),)))).grids[0].marks
    {(0, 0): Mark(note='x', question='', problem='', remedy='')}
    """
    if isinstance(answer, Finding):
        return marshal.dumps(("refused", _finding(answer)), _WITHOUT_REFERENCES)
    parts = ([_grid(grid) for grid in answer.grids], [_finding(finding) for finding in answer.findings])
    return marshal.dumps(("read", *parts), _WITHOUT_REFERENCES)


def unpacked(content: bytes) -> Delivered | Finding:
    """The inverse; ValueError, TypeError, KeyError or EOFError for anything else."""
    kind, *parts = marshal.loads(content)
    if kind == "refused":
        return _as_finding(parts[0])
    grids, findings = parts
    return Delivered(tuple(map(_as_grid, grids)), tuple(map(_as_finding, findings)))


def _finding(finding: Finding) -> dict[str, Any]:
    values = {field.name: getattr(finding, field.name) for field in fields(finding)}
    return {**values, "severity": finding.severity.value}


def _as_finding(values: dict[str, Any]) -> Finding:
    return Finding(**{**values, "severity": Severity(values["severity"])})


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "file": grid.file,
        "sheet": grid.sheet,
        "rows": grid.rows,
        "marks": [(*place, *_words(mark)) for place, mark in grid.marks.items()],
        "exact_width": grid.exact_width,
        "ends_cleanly": grid.ends_cleanly,
        "merged": list(map(_ends, grid.merged)),
        "hidden_rows": sorted(grid.hidden_rows),
        "hidden_columns": sorted(grid.hidden_columns),
        "filtered": grid.filtered,
        "over": [(_ends(cells), _words(mark)) for cells, mark in grid.over],
    }


def _words(mark: Mark) -> tuple[str, ...]:
    return mark.note, mark.question, mark.problem, mark.remedy


def _ends(cells: Range) -> tuple[int, ...]:
    return cells.first_row, cells.first_column, cells.last_row, cells.last_column


def _as_grid(values: dict[str, Any]) -> Grid:
    return Grid(
        **{
            **values,
            "marks": {(row, column): Mark(*words) for row, column, *words in values["marks"]},
            "merged": tuple(Range(*ends) for ends in values["merged"]),
            "hidden_rows": frozenset(values["hidden_rows"]),
            "hidden_columns": frozenset(values["hidden_columns"]),
            "over": tuple((Range(*ends), Mark(*words)) for ends, words in values["over"]),
        }
    )
