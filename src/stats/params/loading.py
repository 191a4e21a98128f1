"""The files under ``params/`` become one Params value; nothing outside ``params/`` is read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from stats import inputs
from stats.errors import AbsentError, ParamsError
from stats.inputs import blamed
from stats.inputs.doors import COUNTY, TARGETS, UNIT, text_in
from stats.params.explaining import explain
from stats.params.meant import breaks_of, refuse_unfit_ends
from stats.params.models import (
    Edition,
    Params,
    RosterError,
    Settings,
    TargetValue,
    Unit,
    UnitOverride,
    refuse_stranger,
)
from stats.params.plain_yaml import KeyPath, Plain, parse, read
from stats.params.private import refuse_private
from stats.params.region import COUNTY_FILE, check_code, refuse_region, shared_folders
from stats.params.roster import Roster
from stats.params.unit_names import fault_of, with_stand_in, with_stand_ins
from stats.params.values import IndicatorCode, Year

Model = TypeVar("Model")
_COMMAND_LINE = "请改正命令行，或去掉该项而用 params/county.yaml 中的"


_NO_WORKSPACE = "请在工作目录中运行，或用 --workspace 指明；新建工作目录用 stats new，演示数据用 stats demo"


def find_workspace(start: Path | None = None, *, remedy: str = _NO_WORKSPACE) -> Path:
    """The nearest folder, from ``start`` (default: the current one) upwards, that holds ``params/county.yaml``."""
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / COUNTY_FILE).exists():
            return folder
        refuse_region(folder)
    raise ParamsError(
        f"从 {begin} 往上都找不到 {COUNTY_FILE}",
        remedy,
    )


def load(workspace: Path, *, year: int | None = None, edition: str | None = None, tolerant: bool = False) -> Params:
    """The parameters of a run in this workspace; ``year`` and ``edition`` replace those of ``params/county.yaml``.

    Returns units in code order with ``params/units/<code>.yaml`` applied and the targets of every year that has a
    file, here or else in the region the county belongs to. Raises ParamsError naming file, line, key and value for
    whatever is not exactly as declared, UnreadableError where the system does not give the bytes of a file. With
    ``tolerant`` a file of targets that is not as declared is left out and told in :attr:`Params.faults`.
    """
    refuse_region(workspace)
    settings, faults = _settings(workspace)
    check_code(workspace, settings.county.code)
    names = {name for unit in settings.units for name in (unit.name, *unit.former_names)} | {settings.county.name}
    chosen: dict[str, Any] = {**dict(settings), "units": _with_overrides(workspace, settings, names, faults)}
    if year is not None:
        chosen["year"] = _given(Year, year, "年度")
    if edition is not None:
        chosen["edition"] = _given(Edition, edition, "edition")
    _refuse_unfit_ends(chosen["units"])
    chosen["breaks"] = (*settings.breaks, *breaks_of(chosen["units"]))
    targets, unfit = _targets(workspace)
    if unfit and not tolerant:
        raise unfit[0]
    chosen["faults"] = tuple((error.problem, error.remedy) for error in unfit)
    rest = {"targets": targets, "name_faults": faults, "workspace": workspace.resolve()}
    return _validated(Params, {**chosen, **rest}, COUNTY_FILE, {})


def _settings(workspace: Path) -> tuple[Settings, dict[str, str]]:
    """What ``county.yaml`` says, with the roster; and by code which units have a name that cannot be printed."""
    try:
        document = read(COUNTY, workspace / COUNTY_FILE, COUNTY_FILE)
    except AbsentError as error:
        raise ParamsError(f"{workspace.name} 中没有 {COUNTY_FILE}", "请核对文件夹；新建工作目录用 stats new") from error
    refuse_private(document, COUNTY_FILE)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("units"), str):
        if isinstance(data, dict) and isinstance(data.get("units"), list):
            units, faults = with_stand_ins(data["units"])
            return _validated(Settings, {**data, "units": units}, COUNTY_FILE, document.lines), faults
        return _validated(Settings, data, COUNTY_FILE, document.lines), {}
    roster = Roster.of(workspace, str(data["units"]))
    try:
        return TypeAdapter(Settings).validate_python({**data, "units": roster.units}), roster.faults
    except ValidationError as error:
        if fault := _roster_fault(error):
            problem = f"{roster.file} 第 {roster.line_of[fault.code]} 行：{fault}"
            raise ParamsError(problem, f"请打开 {roster.file} 按提示改正后重新运行") from error
        raise explain(error, file=COUNTY_FILE, lines=document.lines) from error


def _roster_fault(error: ValidationError) -> RosterError | None:
    causes = (detail.get("ctx", {}).get("error") for detail in error.errors(include_url=False))
    return next((cause for cause in causes if isinstance(cause, RosterError)), None)


def _given(kind: Any, value: Any, name: str) -> Any:
    """A value of the command line or of a notebook, which stands in no file."""
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        refusal = explain(error, file=f"所给的 {name}", lines={}, key=name)
        raise ParamsError(refusal.problem, f"{_COMMAND_LINE} {name}") from error


def _validated(model: type[Model], data: object, file: str, lines: dict[KeyPath, int]) -> Model:
    try:
        return TypeAdapter(model).validate_python(data)
    except ValidationError as error:
        raise explain(error, file=file, lines=lines) from error


def _with_overrides(
    workspace: Path, settings: Settings, names: Iterable[str], faults: dict[str, str]
) -> tuple[Unit, ...]:
    """The units with what their own files say; ``faults`` is kept up to date."""
    roster = {unit.code: unit for unit in settings.units}
    for path, file in _yaml_files(workspace / "params/units", "params/units"):
        if path.stem not in roster:
            raise ParamsError(f"{file} 对应的单位不在名册中", "请核对文件名中的 12 位代码，或删去该文件")
        document = read(UNIT, path, file)
        refuse_private(document, file, names)
        override = _validated(UnitOverride, _mended(document.data, path.stem, faults), file, document.lines)
        given = {key: getattr(override, key) for key in override.model_fields_set}
        roster[path.stem] = roster[path.stem].model_copy(update=given)
        _refuse_stranger(roster[path.stem], settings, file)
    return tuple(roster.values())


def _mended(data: Plain, code: str, faults: dict[str, str]) -> object:
    """What a unit's own file says, with its code for a name that cannot be printed; a name that can ends a fault."""
    if not isinstance(data, dict):
        return data
    if fault := fault_of({**data, "code": code}):
        faults[code] = fault
        mended = with_stand_in({**data, "code": code})
        return {key: value for key, value in mended.items() if key != "code" or "code" in data}
    if "name" in data:
        faults.pop(code, None)
    return data


def _refuse_stranger(unit: Unit, settings: Settings, file: str) -> None:
    try:
        refuse_stranger(unit, settings.county)
    except RosterError as fault:
        raise ParamsError(f"{file}：{fault}", f"请打开 {file} 按提示改正后重新运行") from fault


def _refuse_unfit_ends(units: Iterable[Unit]) -> None:
    try:
        refuse_unfit_ends(units)
    except RosterError as fault:
        raise ParamsError(f"名册：{fault}", "请改正名册（roster.csv 或 county.yaml 的 units）后重新运行") from fault


def _targets(workspace: Path) -> tuple[dict[int, dict[str, TargetValue]], list[ParamsError]]:
    """The targets by year, and the files that are not as declared.

    A year's file of the county replaces the whole file of its region.
    """
    targets: dict[int, dict[str, TargetValue]] = {}
    faults: list[ParamsError] = []
    for folder in reversed(shared_folders(workspace, "params/targets")):
        above = "" if folder.is_relative_to(workspace) else "多县工作目录的 "
        try:
            listed = _yaml_files(folder, f"{above}params/targets")
        except ParamsError as error:
            listed = []
            faults.append(error)
        for path, file in listed:
            try:
                year = _validated(Year, path.stem, file, {})
                targets[year] = _targets_of(_content(path, file), file)
            except ParamsError as error:
                faults.append(error)
    return targets, faults


def _content(path: Path, file: str) -> bytes:
    with blamed(ParamsError, file):
        return inputs.content(path, file, largest=TARGETS.largest)


# The counties of a region share their targets, and reading YAML takes longer than reading a county's returns.
@lru_cache(maxsize=64)
def _targets_of(content: bytes, file: str) -> dict[str, TargetValue]:
    with blamed(ParamsError, file):
        document = parse(text_in(content), file)
    refuse_private(document, file)
    return _validated(dict[IndicatorCode, TargetValue], document.data, file, document.lines)


def _yaml_files(folder: Path, shown: str) -> list[tuple[Path, str]]:
    """The files of a folder of parameters with what messages call them; ParamsError for one that nobody would read."""
    with blamed(ParamsError, shown):
        listed = inputs.names(folder, shown)
    found = [folder / name for name in listed if not name.startswith((".", "~$")) and not name.endswith(".md")]
    for path in found:
        if path.suffix != ".yaml":
            raise ParamsError(f"{shown}/{path.name} 的扩展名不是 .yaml", f"请改名为 {path.stem}.yaml，或移到别处")
    return [(path, f"{shown}/{path.name}") for path in found]
