"""Files to cells: reads the returns as delivered. Repairs nothing beyond the listed rules, computes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from stats.errors import CorrectionError
from stats.findings import Finding
from stats.params import Params
from stats.returns.cached_reader import RememberingReader
from stats.returns.cells import Cell, Reading, Remark
from stats.returns.corrections import correct
from stats.returns.declarations import (
    CORRECTIONS,
    EXPLANATIONS,
    Correction,
    Declared,
    Entry,
    Explanation,
    read_declared,
)
from stats.returns.finding_texts import unfit_parameters
from stats.returns.folder import YearFolder
from stats.returns.reading import parse
from stats.returns.roster import absent, unprintable_names
from stats.returns.sandboxed_reader import Reader
from stats.returns.unread import unread

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Cell",
    "Correction",
    "Reading",
    "Remark",
    "Returns",
    "absent",
    "parse",
    "read",
    "unprintable_names",
    "unread",
]


@dataclass(frozen=True, slots=True)
class Returns:
    """All answers of the years read, with what was found on the way.

    ``received`` holds by year the codes of the units (the county's own included) with a usable return; a unit with a
    refused row has none. Its years begin with the first one of which anything was delivered. ``inputs`` gives the
    SHA-256 of every file read, by its path in the workspace. ``remarks`` are the remarks as written, ``corrections``
    those that were made, ``explanations`` those the county declared.
    """

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    received: dict[int, frozenset[str]]
    inputs: dict[str, str]
    remarks: tuple[Remark, ...] = ()
    corrections: tuple[Correction, ...] = ()
    explanations: tuple[Declared[Explanation], ...] = ()

    def table(self) -> pd.DataFrame:
        """The cells as a table of text (``year`` is a whole number), one row per answer, columns as in Cell."""
        import pandas as pd  # a quarter of a second that a check need not wait for

        rows = [{**asdict(cell), "status": cell.status.value} for cell in self.cells]
        return pd.DataFrame(rows, columns=[column.name for column in fields(Cell)])


def read(params: Params, years: Iterable[int], memory: Path | None = None, *, tolerant: bool = False) -> Returns:
    """Reads ``data/returns/<year>`` of the workspace for each year, and puts the declared corrections in.

    Gives exactly one cell for each question due from each unit with a usable return, in order of year, unit and
    form. Whatever cannot be used becomes a finding; nothing is raised for the content of a file. CorrectionError
    where the county's own corrections or explanations are not written as they should be. ``memory`` is a folder in
    which the tables of each file are kept by its content; the result is the same with and without it. With ``tolerant``
    corrections and explanations that are not as declared are left out, all of a kind, and become a finding.
    """
    wanted = sorted(set(years))
    unfit: list[Finding] = []
    corrections, first = _declared(Correction, CORRECTIONS, params, wanted, unfit if tolerant else None)
    explanations, second = _declared(Explanation, EXPLANATIONS, params, wanted, unfit if tolerant else None)
    with RememberingReader(memory) if memory else Reader() as reader:
        folders = _begun([YearFolder.read(params, year, reader) for year in wanted])
    cells = [cell for folder in folders for cell in folder.cells]
    findings = [*unfit, *(finding for folder in folders for finding in folder.findings)]
    corrected = correct(cells, findings, corrections, params)
    return Returns(
        cells=corrected.cells,
        findings=corrected.findings,
        received={folder.year: folder.received for folder in folders},
        inputs={file: digest for folder in folders for file, digest in folder.inputs.items()} | first | second,
        remarks=tuple(remark for folder in folders for remark in folder.remarks),
        corrections=corrected.made,
        explanations=explanations,
    )


def _declared(
    model: type[Entry], kind: str, params: Params, years: list[int], unfit: list[Finding] | None
) -> tuple[tuple[Declared[Entry], ...], dict[str, str]]:
    """What the county declares; a fault goes to ``unfit`` where that is given."""
    try:
        return read_declared(model, kind, params, years)
    except CorrectionError as error:
        if unfit is None:
            raise
        unfit.append(unfit_parameters(params.year, error.problem, error.remedy))
        return (), {}


def _begun(folders: list[YearFolder]) -> list[YearFolder]:
    """The folders from the first in which anything lies: before, the county collected nothing that could be missed.

    The last is the year reported on, which is always there.
    """
    first = next((place for place, folder in enumerate(folders) if folder.inputs), len(folders) - 1)
    return folders[max(first, 0) :]
