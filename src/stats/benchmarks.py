"""Figures of the city and of peer counties to compare with, from ``data/benchmarks``. Compares nothing."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from stats.catalogue.indicators import indicators
from stats.errors import ReturnError

COLUMNS = ("indicator", "level", "name", "value", "source")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One outside figure: 全市 (``city``) or a 兄弟县 (``peer``) in one year, in the indicator's unit."""

    year: int
    indicator: str
    level: Literal["city", "peer"]
    name: str
    value: Decimal
    source: str


def read(workspace: Path, years: Iterable[int]) -> tuple[Benchmark, ...]:
    """The benchmarks of these years; a year without a file has none. ReturnError names file and line."""
    found: list[Benchmark] = []
    for year in years:
        path = workspace / "data" / "benchmarks" / f"{year}.csv"
        if path.is_file():
            found += _read_file(path, year)
    return tuple(found)


def _read_file(path: Path, year: int) -> list[Benchmark]:
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    where = f"data/benchmarks/{path.name}"
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ReturnError(f"{where} 的表头不对", f"第一行应为：{','.join(COLUMNS)}")
    return [_benchmark(row, year, f"{where} 第{line}行") for line, row in enumerate(rows[1:], start=2) if any(row)]


def _benchmark(row: list[str], year: int, where: str) -> Benchmark:
    if len(row) != len(COLUMNS):
        raise ReturnError(f"{where} 有 {len(row)} 栏，应为 {len(COLUMNS)} 栏", "请检查该行的逗号")
    indicator, level, name, value, source = (text.strip() for text in row)
    if indicator not in indicators():
        near = difflib.get_close_matches(indicator, indicators(), n=1)
        raise ReturnError(
            f"{where} 的指标“{indicator[:20]}”不存在", f"是否应为 {near[0]}" if near else "请核对指标代码"
        )
    if level not in ("city", "peer"):
        raise ReturnError(f"{where} 的 level“{level[:20]}”不能用", "应为 city（全市）或 peer（兄弟县）")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ReturnError(f"{where} 的数值“{value[:20]}”不是数", "请填普通写法的数，如 62.5") from None
    if not number.is_finite():
        raise ReturnError(f"{where} 的数值“{value[:20]}”不是数", "请填普通写法的数，如 62.5")
    return Benchmark(year, indicator, level, name, number, source)  # type: ignore[arg-type]
