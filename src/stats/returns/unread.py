"""Files that were probably meant as returns and lie where nobody reads them. Moves and reads none as a return."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from stats import inputs
from stats.errors import UnreadableError
from stats.findings import Finding
from stats.inputs.doors import RETURNS as DOOR
from stats.params import Params
from stats.returns.cached_reader import RememberingReader
from stats.returns.finding_texts import RefusalError, found
from stats.returns.folder_files import files_in, is_system_file, shown_name
from stats.returns.form_table import form_rows, is_form
from stats.returns.grid import Grid
from stats.returns.headers import IDENTIFYING, Header, find_headers
from stats.returns.names import parse_code
from stats.returns.sandboxed_reader import Reader

RETURNS, FORMS = "data/returns", "data/forms"
_YEAR = re.compile("[12][0-9]{3}")


def unread(params: Params, received: Collection[str], memory: Path | None = None) -> tuple[Finding, ...]:
    """One warning for each file or folder that nobody reads: returns outside of a year's folder, filled forms.

    ``received`` are the codes of the units with a usable return of the year: only the forms of the others are looked
    into. ``memory`` is a folder that keeps what was read, see :func:`stats.returns.read`.
    """
    return (*_outside_of_years(params), *_filled_forms(params, received, memory))


def _outside_of_years(params: Params) -> Iterator[Finding]:
    """What lies in ``data/returns`` itself, in folders that are no year, and in years to come."""
    for name in _names(params, RETURNS):
        place = params.workspace / RETURNS / name
        file = f"{RETURNS}/{shown_name(name)}"
        if place.is_symlink() or not place.is_dir():
            if not is_system_file(name):
                yield _found(params, file, "不在任何年度的文件夹里")
        elif not (count := files_in(place)):
            continue
        elif not _YEAR.fullmatch(name):
            yield _found(params, file, f"文件夹的名称不是年度，其中 {count} 个文件")
        elif int(name) > params.year:
            yield _found(params, file, f"在报告年度 {params.year} 之后，其中 {count} 个文件")


def _filled_forms(params: Params, received: Collection[str], memory: Path | None) -> Iterator[Finding]:
    """Of the year the forms of units without a return; of earlier ones what is filled in while nothing came in."""
    owed = {unit.code for unit in (*params.due(params.year), params.county_unit)} - set(received)
    wanted = [(params.year, name) for name in _names(params, f"{FORMS}/{params.year}") if _may_hold_answers(name, owed)]
    for year in (params.year - 1, params.year - 2):
        if not _names(params, f"{RETURNS}/{year}"):
            wanted += [(year, name) for name in _names(params, f"{FORMS}/{year}") if not is_system_file(name)]
    if not wanted:
        return
    with RememberingReader(memory) if memory else Reader() as reader:
        for year, name in wanted:
            folder = f"{FORMS}/{year}"
            if _is_filled(params, year, f"{folder}/{name}", reader):
                yield _found(params, f"{folder}/{shown_name(name)}", "是已填写的表式，放在空白表式的文件夹里")


def _may_hold_answers(name: str, owed: Collection[str]) -> bool:
    code = parse_code(name[:12])
    return not is_system_file(name) and (bool(owed) if code is None else code in owed)


def _is_filled(params: Params, year: int, file: str, reader: Reader) -> bool:
    units = {unit.code: unit for unit in (*params.units, params.county_unit)}
    with suppress(RefusalError, UnreadableError, inputs.UnfitError):
        data = inputs.content(params.workspace / file, file, largest=DOOR.largest, links=False)
        for grid in reader.read(data, f"{year}/{Path(file).name}").grids:
            if is_form(grid):
                return bool(form_rows(grid, year, units)[0])
            if headers := find_headers(grid):
                return _is_answered(grid, headers[0][0])
    return False


def _is_answered(grid: Grid, header: Header) -> bool:
    """Whether anything stands in a flat table besides what identifies its rows."""
    asked = [column for name, column in header.columns.items() if name not in IDENTIFYING]
    rows = grid.rows[header.row + 1 :]
    return any(column < len(row) and bool(row[column].strip()) for row in rows for column in asked)


def _names(params: Params, folder: str) -> tuple[str, ...]:
    with suppress(inputs.UnfitError, UnreadableError):
        return inputs.names(params.workspace / folder, folder)
    return ()


def _found(params: Params, file: str, what: str) -> Finding:
    return found("R-UNREAD", {"year": params.year, "file": file}, what=what, year=params.year)
