"""The files under ``params/`` become one Params value; nothing outside ``params/`` is read."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from stats.errors import ParamsError
from stats.params.explaining import explain
from stats.params.models import Params, Settings, TargetValue, Unit, UnitOverride
from stats.params.plain_yaml import Document, Place, decode, parse
from stats.params.region import COUNTY_FILE, check_code, refuse_region, shared_folders
from stats.params.values import Year

Model = TypeVar("Model")


def find_workspace(start: Path | None = None) -> Path:
    """The nearest folder, from ``start`` (default: the current one) upwards, that holds ``params/county.yaml``."""
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / COUNTY_FILE).is_file():
            return folder
        refuse_region(folder)
    raise ParamsError(
        f"从 {begin} 往上都找不到 {COUNTY_FILE}",
        "请在工作目录中运行，或用 --workspace 指明；新建工作目录用 stats new，演示数据用 stats demo",
    )


def load(workspace: Path, *, year: int | None = None, edition: str | None = None) -> Params:
    """The parameters of a run in this workspace; ``year`` and ``edition`` replace those of ``params/county.yaml``.

    Returns units in code order with ``params/units/<code>.yaml`` applied and the targets of every year that has a
    file, here or else in the region the county belongs to. Raises ParamsError naming file, line, key and value for
    whatever is not exactly as declared.
    """
    refuse_region(workspace)
    settings = _settings(workspace)
    check_code(workspace, settings.county.code)
    chosen: dict[str, Any] = {**dict(settings), "units": _with_overrides(workspace, settings.units)}
    if year is not None:
        chosen["year"] = year
    if edition is not None:
        chosen["edition"] = edition
    targets = _targets(workspace)
    return _validated(Params, {**chosen, "targets": targets, "workspace": workspace.resolve()}, "运行参数", {})


def _settings(workspace: Path) -> Settings:
    document = _read(workspace / COUNTY_FILE, COUNTY_FILE)
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("units"), str):
        roster = _roster(workspace, str(data["units"]))
        return _validated(Settings, {**data, "units": roster}, COUNTY_FILE, document.lines)
    return _validated(Settings, data, COUNTY_FILE, document.lines)


def _read(path: Path, file: str) -> Document:
    return parse(decode(_content(path, file), file), file)


def _content(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ParamsError(
            f"读不到 {file}（{type(error).__name__}）", "请确认文件存在、未被其他程序占用且有权读取"
        ) from error


def _validated(model: type[Model], data: object, file: str, lines: dict[Place, int]) -> Model:
    try:
        return TypeAdapter(model).validate_python(data)
    except ValidationError as error:
        raise explain(error, file=file, lines=lines) from error


def _roster(workspace: Path, name: str) -> tuple[Unit, ...]:
    if not re.fullmatch(r"[^/\\]+\.csv", name):
        raise ParamsError(
            f"{COUNTY_FILE}：units 的值“{name[:40]}”不能用",
            "请逐个列出单位，或写 params 文件夹内 CSV 名册的文件名，如 roster.csv",
        )
    file = f"params/{name}"
    text = decode(_content(workspace / file, file), file)
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ParamsError(f"{file} 第 {reader.line_num} 行不是完整的 CSV（{error}）", "请检查引号是否成对") from error
    lines: dict[Place, int] = {(place,): line for place, (line, _) in enumerate(rows)}
    units = [_roster_row(row, f"{file} 第 {line} 行") for line, row in rows]
    return _validated(tuple[Unit, ...], units, file, lines)


def _roster_row(row: dict[str, Any], where: str) -> dict[str, Any]:
    if "" in row or None in row.values():
        raise ParamsError(f"{where}的列数与表头不符", "请使每行列数与表头相同；空着的格也要留逗号")
    filled = {key.strip(): value.strip() for key, value in row.items() if value.strip()}
    if "former_names" in filled:
        return {**filled, "former_names": filled["former_names"].split("|")}
    return filled


def _with_overrides(workspace: Path, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    roster = {unit.code: unit for unit in units}
    for path in _yaml_files(workspace / "params" / "units"):
        file = f"params/units/{path.name}"
        if path.stem not in roster:
            raise ParamsError(f"{file} 对应的单位不在名册中", "请核对文件名中的 12 位代码，或删去该文件")
        document = _read(path, file)
        override = _validated(UnitOverride, document.data, file, document.lines)
        given = {key: getattr(override, key) for key in override.model_fields_set}
        roster[path.stem] = roster[path.stem].model_copy(update=given)
    return tuple(roster.values())


def _targets(workspace: Path) -> dict[int, dict[str, TargetValue]]:
    """The targets by year; a year's file of the county replaces the whole file of its region."""
    targets: dict[int, dict[str, TargetValue]] = {}
    for folder in reversed(shared_folders(workspace, "params/targets")):
        above = "" if folder.is_relative_to(workspace) else "多县工作目录的 "
        for path in _yaml_files(folder):
            file = f"{above}params/targets/{path.name}"
            year = _validated(Year, path.stem, file, {})
            targets[year] = _targets_of(_content(path, file), file)
    return targets


# The counties of a region share their targets, and reading YAML takes longer than reading a county's returns.
@lru_cache(maxsize=64)
def _targets_of(content: bytes, file: str) -> dict[str, TargetValue]:
    document = parse(decode(content, file), file)
    return _validated(dict[str, TargetValue], document.data, file, document.lines)


def _yaml_files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*.y*ml") if not path.name.startswith("."))
    for path in found:
        if path.suffix != ".yaml":
            raise ParamsError(f"params/{folder.name}/{path.name} 的扩展名不是 .yaml", f"请改名为 {path.stem}.yaml")
    return found
