"""Everything that people hand in: where it lies, what it is, and how much of it is read. Opens nothing itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from stats.inputs.encoding import decode
from stats.inputs.opening import UnfitError, blamed, content, names
from stats.texts.privacy import quoted

_RESAVE = "请用记事本打开原件，另存为 UTF-8 编码"
KB = 2**10
MB = 2**20


@dataclass(frozen=True, slots=True)
class Door:
    """One kind of file: its place in the workspace, what it is called, its form, and at most how many bytes it has."""

    place: str
    what: str
    form: str
    largest: int


COUNTY = Door("params/county.yaml", "县、年度、名册、分组、口径变动", "YAML", MB)
ROSTER = Door("params/*.csv", "名册（county.yaml 的 units 写有文件名的）", "CSV", 4 * MB)
UNIT = Door("params/units/<12 位代码>.yaml", "一个单位与名册不同之处", "YAML", 128 * KB)
TARGETS = Door("params/targets/<年度>.yaml", "目标值", "YAML", 128 * KB)
BENCHMARKS = Door("data/benchmarks/<年度>.csv", "全市和兄弟县的数", "CSV", 4 * MB)
CORRECTIONS = Door("data/corrections/<年度>.yaml", "更正", "YAML", MB)
EXPLANATIONS = Door("data/explanations/<年度>.yaml", "说明", "YAML", MB)
TEXTS = Door("data/texts/<年度>/<附件>.md", "县人武部供稿的文字（county、speech 两种附件）", "文本", 64 * KB)
RETURNS = Door("data/returns/<年度>/*", "报表", "XLSX 或 CSV", 64 * MB)
NOTEBOOK = Door(
    "notebooks/*.ipynb", "笔记本（工作目录的，没有则用多县工作目录的，再没有则用软件包的）", "JSON", 16 * MB
)
ISSUED = Door("data/issued/<年度>-<版本>-<序号>.json", "已印发各版的登记（stats issue 写下，勿改）", "JSON", 64 * MB)
IMPORTS = Door("data/imports/<年度>/*.yaml", "汇总表的对照表（stats import 写下，核对后确认）", "YAML", MB)
DOORS = (
    COUNTY,
    ROSTER,
    UNIT,
    TARGETS,
    BENCHMARKS,
    CORRECTIONS,
    EXPLANATIONS,
    TEXTS,
    RETURNS,
    IMPORTS,
    ISSUED,
    NOTEBOOK,
)


def yearly_files(workspace: Path, door: Door, years: Collection[int]) -> Iterator[tuple[str, bytes, int]]:
    """The files of a folder whose names are years: what messages call each, its bytes, its year; only ``years``.

    Hidden files and notes (``.md``) are left alone; UnfitError, naming the file, for whatever else nobody would read.
    """
    folder, _, pattern = door.place.rpartition("/")
    suffix = pattern.rpartition(".")[2]
    with blamed(UnfitError, folder):
        listed = names(workspace / folder, folder)
    for name in (name for name in listed if not name.startswith((".", "~$")) and not name.endswith(".md")):
        file = f"{folder}/{name}"
        if not re.fullmatch(rf"[0-9]{{4}}\.{suffix}", name, re.ASCII):
            example = f"请改名为 年度.{suffix}，如 {max(years)}.{suffix}；内容是别的格式的，请先另存"
            raise UnfitError(f"{folder}/{quoted(name)} 的文件名不是年度", example)
        if int(name[:4]) in years:
            with blamed(UnfitError, file):
                yield file, content(workspace / file, file, largest=door.largest), int(name[:4])


def text_of(door: Door, path: Path, file: str) -> str:
    """The text of a hand-made file: UTF-8 (with or without BOM), UTF-16 with BOM, GB18030.

    UnfitError where it is no file, too large, or not text in one of these; AbsentError and UnreadableError as
    :func:`stats.inputs.content`.
    """
    return text_in(content(path, file, largest=door.largest))


def text_in(data: bytes) -> str:
    """The text of such bytes."""
    try:
        return decode(data)[0]
    except UnfitError as unfit:
        raise UnfitError(unfit.problem, _RESAVE) from unfit
