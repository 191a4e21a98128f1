"""Files to cells: reads the returns as delivered. Repairs nothing beyond the listed rules, computes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import pandas as pd

from stats.findings import Finding
from stats.params import Params
from stats.returns.absent import absent
from stats.returns.cells import Cell, Reading
from stats.returns.folder import ClaimMade, YearFolder
from stats.returns.reading import parse

__all__ = ["Cell", "ClaimMade", "Reading", "Returns", "absent", "parse", "read"]


@dataclass(frozen=True, slots=True)
class Returns:
    """All answers of the years read, with what was found on the way.

    ``received`` holds by year the codes of the units (the county's own included) with a usable return; a unit
    with a refused row has none. ``inputs`` gives the SHA-256 of every file read, by its path in the workspace.
    ``claims`` are statements in the remark column that a computed figure can confirm.
    """

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    received: dict[int, frozenset[str]]
    inputs: dict[str, str]
    claims: tuple[ClaimMade, ...] = ()

    def table(self) -> pd.DataFrame:
        """The cells as a table of text (``year`` is a whole number), one row per answer, columns as in Cell."""
        rows = [{**asdict(cell), "status": cell.status.value} for cell in self.cells]
        return pd.DataFrame(rows, columns=[column.name for column in fields(Cell)])


def read(params: Params, years: Iterable[int]) -> Returns:
    """Reads ``data/returns/<year>`` of the workspace for each year.

    Gives exactly one cell for each question due from each unit with a usable return, in order of year, unit and
    form. Whatever cannot be used becomes a finding; nothing is raised for the content of a file.
    """
    folders = [YearFolder.read(params, year) for year in sorted(set(years))]
    return Returns(
        cells=tuple(cell for folder in folders for cell in folder.cells),
        findings=tuple(finding for folder in folders for finding in folder.findings),
        received={folder.year: folder.received for folder in folders},
        inputs={file: digest for folder in folders for file, digest in folder.inputs.items()},
        claims=tuple(claim for folder in folders for claim in folder.claims),
    )
