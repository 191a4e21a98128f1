"""A new workspace: a county's own to be filled in, or the demonstration county's as shipped. Invents nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

from pydantic import TypeAdapter, ValidationError

from stats import inputs
from stats import params as parameters
from stats.build.state.output_paths import make_folder
from stats.build.workspace.blank_forms import write_flat_form
from stats.catalogue.indicators import indicators
from stats.errors import ParamsError
from stats.files import write_atomically
from stats.inputs import blamed
from stats.inputs.doors import RETURNS, ROSTER, text_in
from stats.params import County, Params, Unit
from stats.params.explaining import explain
from stats.params.roster import COLUMNS, Roster
from stats.params.values import Code
from stats.returns.sandboxed_reader import Reader

_FILES = {
    "params/county.yaml": "blank_county.yaml",
    "params/roster.csv": "blank_roster.csv",
    "说明.md": "blank_guide.md",
}
_ROSTER = "params/roster.csv"
_COUNTED = frozenset({"序号", "编号"})
# Digit 7 of a code says what kind of unit it is; a name never does.
_TYPES = {"0": "街道", "1": "镇", "2": "乡", "3": "乡"}
_OF_A_TABLE = b"PK"


def write(
    folder: Path, *, county: County | None = None, units: Sequence[Unit] = (), year: int | None = None
) -> Params | None:
    """Write a workspace for a year's report (last year's, if none is given) into a new or empty folder.

    ParamsError for a folder that holds anything. With the county and its units the workspace is ready for use, blank
    tables for its year and the two before included, and its parameters are returned.
    """
    year = date.today().year - 1 if year is None else year
    refuse_filled(folder)
    for target, name in _FILES.items():
        make_folder((folder / target).parent)
        text = files(__package__).joinpath(name).read_text(encoding="utf-8").replace("{{year}}", str(year))
        text = text.replace("{{indicators}}", "\n".join(_indicators()))
        if county is not None and target == "params/county.yaml":
            text = text.replace("code:      #", f'code: "{county.code}"  #').replace(
                "name:      #", f'name: "{county.name}"  #'
            )
        (folder / target).write_text(text, encoding="utf-8")
    for empty in (f"data/returns/{year}", "data/benchmarks", "params/targets"):
        make_folder(folder / empty)
    if county is None or not units:
        return None
    write_atomically(folder / _ROSTER, _roster_text(units).encode("utf-8-sig"))
    params = parameters.load(folder)
    for each in (year, year - 1, year - 2):
        write_flat_form(params.model_copy(update={"year": each}))
    return params


def write_demonstration(folder: Path) -> None:
    """Unpack the demonstration county into a new or empty folder; ParamsError for one that holds anything."""
    refuse_filled(folder)
    with files(__package__).joinpath("demonstration.zip").open("rb") as file, ZipFile(file) as packed:
        packed.extractall(folder)


def _indicators() -> Iterator[str]:
    for code, indicator in indicators().items():
        yield f"- {code} {indicator.name}{f'（{indicator.unit}）' if indicator.unit else ''}"


def refuse_filled(folder: Path) -> None:
    """ParamsError if the folder holds anything: nothing of the user's is written over."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ParamsError(f"{folder} 已存在且不是空文件夹", "请换一个新的文件夹名，以免覆盖已有文件")


def county_of(code: str, name: str) -> County:
    """The county with this code, of 12 digits or the first 6, and name; ParamsError for what is none."""
    text = code.strip()
    whole = f"{text}000000" if text.isascii() and text.isdecimal() and len(text) == 6 else text
    try:
        return County(code=whole, name=name)
    except ValidationError as error:
        refusal = explain(error, file="县", lines={})
        raise ParamsError(refusal.problem, "请核对县的名称和代码（6 位，或 12 位且后六位为 000000）") from error


def units_of(path: Path, county: County) -> tuple[Unit, ...]:
    """The units of a roster file, CSV or XLSX; ParamsError where they are not this county's.

    A column of numbers is passed over. Where no column says the types, they are those of the codes.
    """
    roster = Roster(_as_text(_cells(path)), path.name)
    if not roster.units:
        raise ParamsError(f"{path.name} 中没有单位", "名册每行一个单位：代码、名称、类型")
    for unit in roster.units:
        if unit.code[:6] != county.code[:6]:
            problem = f"{path.name} 第 {roster.line_of[unit.code]} 行{unit.name}的代码 {unit.code} 不属于{county.name}"
            raise ParamsError(problem, f"请核对代码；{county.name}的代码是 {county.code}")
    return roster.units


def _cells(path: Path) -> list[list[str]]:
    with blamed(ParamsError, path.name):
        data = inputs.content(path, path.name, largest=max(ROSTER.largest, RETURNS.largest))
        if not data.startswith(_OF_A_TABLE):
            return list(csv.reader(io.StringIO(text_in(data), newline="")))
    with Reader() as reader:
        return reader.read(data, path.name).grids[0].rows


def _as_text(cells: Sequence[Sequence[str]]) -> str:
    heads = [head.strip() for head in cells[0]] if cells else []
    kept = [place for place, head in enumerate(heads) if head not in _COUNTED]
    lines = [[line[place] if place < len(line) else "" for place in kept] for line in cells]
    labels = {column.key: (column.key, *column.labels) for column in COLUMNS}
    if lines and not set(lines[0]) & set(labels["type"]):
        code = next((n for n, head in enumerate(lines[0]) if head in labels["code"]), None)
        types = (_type_of(line[code]) if code is not None else "" for line in lines[1:])
        lines = [[*lines[0], "类型"], *([*line, kind] for line, kind in zip(lines[1:], types, strict=True))]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _type_of(code: str) -> str:
    try:
        return _TYPES.get(TypeAdapter(Code).validate_python(code)[6], "其他")
    except ValidationError:
        return "其他" if code.strip() else ""


def _roster_text(units: Sequence[Unit]) -> str:
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([column.shown for column in COLUMNS])
    for unit in units:
        former, successor = "、".join(unit.former_names), "、".join(unit.successor)
        lines.writerow([unit.code, unit.name, unit.type, former, unit.since or "", unit.until or "", successor])
    return text.getvalue()
