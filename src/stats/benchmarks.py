"""Figures of the city and of peer counties to compare with, from ``data/benchmarks``. Compares nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

from stats.findings import Finding
from stats.inputs import UnfitError
from stats.inputs.doors import BENCHMARKS, text_in, yearly_files
from stats.inputs.tables import Column, Line, decimal, read_table
from stats.params.values import indicator_code
from stats.returns.finding_texts import unfit_parameters
from stats.texts.drawable import listed, undrawable
from stats.texts.free_text import LONGEST_NAME, problem_of_text
from stats.texts.privacy import is_private_label, quoted

Level: TypeAlias = Literal["city", "peer"]

COLUMNS = (
    Column("indicator", ("指标", "指标代码", "指标编号", "代码")),
    Column("level", ("级别", "层级")),
    Column("name", ("名称", "单位", "地区")),
    Column("value", ("数值", "值", "数据")),
    Column("source", ("来源", "数据来源", "资料来源")),
)
LEVELS: Mapping[str, Level] = {"city": "city", "全市": "city", "peer": "peer", "兄弟县": "peer"}
_MEANT = {"市": "全市", "市级": "全市", "县": "兄弟县", "兄弟县区": "兄弟县", "同类县": "兄弟县", "County": "peer"}


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One outside figure: 全市 (``city``) or a 兄弟县 (``peer``) in one year, in the indicator's unit."""

    year: int
    indicator: str
    level: Level
    name: str
    value: Decimal
    source: str


def read(workspace: Path, years: Iterable[int]) -> tuple[tuple[Benchmark, ...], dict[str, str], tuple[Finding, ...]]:
    """The benchmarks of these years, the SHA-256 of every file read, and what is not written as it should be.

    A year without a file has none. One fault in a file, and none of its figures is used: each fault is a finding of
    that year, with file and line. A file that nobody would read is a fault of every year asked for.
    """
    wanted = set(years)
    found: list[Benchmark] = []
    inputs: dict[str, str] = {}
    faults: list[Finding] = []
    try:
        for file, data, year in yearly_files(workspace, BENCHMARKS, wanted):
            inputs[file] = hashlib.sha256(data).hexdigest()
            made, unfit = _read_file(data, file, year)
            found += [] if unfit else made
            faults += (unfit_parameters(year, each.problem, each.remedy) for each in unfit)
    except UnfitError as unfit:
        return (), inputs, tuple(unfit_parameters(year, unfit.problem, unfit.remedy) for year in sorted(wanted))
    return tuple(found), inputs, tuple(faults)


def _read_file(data: bytes, file: str, year: int) -> tuple[list[Benchmark], list[UnfitError]]:
    """The figures of a file, and what is wrong with it, line by line."""
    try:
        lines = read_table(text_in(data), COLUMNS)
    except UnfitError as unfit:
        return [], [UnfitError(f"{file} {unfit.problem}", unfit.remedy)]
    seen: dict[tuple[str, ...], int] = {}
    found: list[Benchmark] = []
    faults: list[UnfitError] = []
    for line in lines:
        where = f"{file} 第 {line.number} 行"
        try:
            made = _benchmark(line, year, where)
            _refuse_second(made, line.number, where, seen)
            found.append(made)
        except UnfitError as unfit:
            faults.append(unfit)
    return found, faults


def _refuse_second(made: Benchmark, number: int, where: str, seen: dict[tuple[str, ...], int]) -> None:
    """The city has one figure; of a peer county one is known by its name."""
    key = (made.indicator, made.level, made.name if made.level == "peer" else "")
    if seen.setdefault(key, number) != number:
        problem = f"{where}与第 {seen[key]} 行是同一个数（{made.indicator}，{quoted(made.name)}）"
        raise UnfitError(problem, "只能保留一行，请核对后删去另一行")


def _benchmark(line: Line, year: int, where: str) -> Benchmark:
    for column in COLUMNS:
        if column.key not in line.texts and column.key != "source":
            raise UnfitError(f"{where}的“{column.shown}”是空的", "请填写；没有数的，删去该行")
    name, source = line.texts["name"], line.texts.get("source", "")
    _refuse_unprintable(name, source, where)
    try:
        code = indicator_code(line.texts["indicator"])
    except ValueError as error:
        raise UnfitError(f"{where}的{error}", "请按指标一览表核对指标代码，改正该行") from error
    try:
        value = decimal(line.texts["value"])
    except ValueError as error:
        raise UnfitError(f"{where}的{error}", _remedy(line.texts["value"])) from error
    return Benchmark(year, code, _level(line.texts["level"], where), name, value, source)


def _refuse_unprintable(name: str, source: str, where: str) -> None:
    """Both are printed in every edition."""
    if missing := undrawable(name):
        problem = f"{where}的“名称”含有看不见的字符、表情符号或字体没有的字（{listed(missing)}）"
        raise UnfitError(problem, "请重新键入市、县的全称")
    if len(name) > LONGEST_NAME:
        raise UnfitError(f"{where}的“名称”超过 {LONGEST_NAME} 字", "请写市、县的全称")
    if is_private_label(name):
        problem = f"{where}的“名称”疑似含有姓名、电话号码、证件号或部队番号，内容未保留"
        raise UnfitError(problem, "请写市、县的全称")
    if problem := problem_of_text(source, (name,)):
        raise UnfitError(f"{where}的“来源”{problem}，内容未保留", "请写文件或公报的名称，不写个人和部队")


def _level(text: str, where: str) -> Level:
    if text not in LEVELS:
        hint = f"是否应为“{_MEANT[text]}”；" if text in _MEANT else ""
        raise UnfitError(f"{where}的级别“{quoted(text)}”不能用", f"{hint}只能是 全市（city）或 兄弟县（peer）")
    return LEVELS[text]


def _remedy(value: str) -> str:
    if value.endswith(("%", "％")):
        return "请去掉百分号：97.5% 写 97.5"
    return "请按表头核对该行；数值填普通写法的数，如 62.5"
