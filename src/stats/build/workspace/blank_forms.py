"""Puts the year's blank collection forms under ``data/forms``: the work of ``stats form``. Fills in none of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stats import inputs, returns
from stats.build.state.output_paths import inside, make_folder
from stats.build.workspace.overwriting import put
from stats.documents import code_name
from stats.errors import ExitCode
from stats.forms import flat_form, form, known
from stats.params import Params, Unit
from stats.returns.form_layout import form_version

FORMS = Path("data/forms")
_OF_A_UNIT = re.compile(r"[0-9]{12}\b.*\.xlsx", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FormsWritten:
    """What was done: the forms written, those already there with the same content, and those left as they were.

    ``others`` are forms in the folder that are none of this year's: of a unit that has another name now, or is not due.
    """

    folder: Path
    version: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """USAGE where a file of another content or name was left: not every form is this year's blank one."""
        return ExitCode.USAGE if self.kept or self.others else ExitCode.COMPLETE


def write_forms(params: Params, *, units: Collection[str] = (), force: bool = False) -> FormsWritten:
    """Write a form for each unit due and for the county itself (``units``: only for these).

    A file already there with other content may have been filled in: it is kept unless ``force`` is given.
    """
    folder = params.workspace / FORMS / str(params.year)
    for each in (folder.parent, folder):
        make_folder(each)
    last_year = known(returns.read(params, [params.year - 1]).cells)
    done: dict[str, list[str]] = {"written": [], "unchanged": [], "kept": []}
    asked = (*params.due(params.year), params.county_unit)
    for unit in asked:
        if not units or unit.code in units:
            path = inside(folder, file_name(unit))
            state = put(path, form(params, unit, last_year.get(unit.code, {})), force=force)
            done[state].append(path.name)
    states = {state: tuple(names) for state, names in done.items()}
    others = tuple(sorted(_forms_in(folder) - {file_name(unit) for unit in asked}))
    return FormsWritten(folder, form_version(params.year), **states, others=others)


def _forms_in(folder: Path) -> set[str]:
    return {name for name in inputs.names(folder, folder.name) if _OF_A_UNIT.fullmatch(name)}


def write_flat_form(params: Params) -> Path:
    """Write the year's blank flat table unless there is one, which may have been filled in; returns where it lies."""
    folder = params.workspace / FORMS / str(params.year)
    for each in (folder.parent.parent, folder.parent, folder):
        make_folder(each)
    path = inside(folder, f"{params.year}年一览表.xlsx")
    put(path, flat_form(params), force=False)
    return path


def file_name(unit: Unit) -> str:
    """The file name of a unit's form: its code and its name from the roster.

    >>> file_name(Unit(code="990118111000", name="双塘镇", type="镇"))
    '990118111000-双塘镇.xlsx'
    """
    return f"{code_name(unit)}.xlsx"


def to_json(params: Params, result: FormsWritten) -> dict[str, Any]:
    """The result for machines."""
    return {
        "year": params.year,
        "exit_code": result.exit_code,
        "form_version": result.version,
        "folder": result.folder.relative_to(params.workspace).as_posix(),
        "written": list(result.written),
        "unchanged": list(result.unchanged),
        "kept": list(result.kept),
        "others": list(result.others),
    }
