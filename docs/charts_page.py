"""The page of charts: one picture and the code that drew it for each kind, from small invented figures."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from textwrap import dedent

import pandas as pd
from matplotlib.figure import Figure

from stats import charts

NAN = float("nan")


def multiples() -> Figure:
    """历年情况：每项一格，各用自己的尺度；缺数的年份断开。"""
    frame = pd.DataFrame(
        {
            "panel": ["征集新兵（名）"] * 4 + ["兵役登记率（%）"] * 4,
            "year": [2018, 2019, 2020, 2021] * 2,
            "value": [12.0, NAN, 11.0, 14.0, 97.1, 98.0, 98.6, 99.2],
            "text": ["12", "", "11", "14", "97.1", "98.0", "98.6", "99.2"],
            "county": [NAN, NAN, NAN, NAN, 96.8, 97.2, 97.9, 98.3],
        }
    )
    return charts.multiples(frame)


def funnel() -> Figure:
    """征兵各环节：从零起的条形，深色本年，浅色上年同季。"""
    frame = pd.DataFrame(
        {
            "season": ["春季"] * 3 + ["秋季"] * 3,
            "stage": ["报名", "上站体检", "新兵"] * 2,
            "value": [12.0, 9.0, NAN, 48.0, 36.0, 10.0],
            "last": [NAN, NAN, NAN, 50.0, 30.0, 9.0],
            "text": ["12人", "9人", "[隐]", "48人", "36人", "10名"],
            "last_text": ["", "", "", "50", "30", "9"],
        }
    )
    return charts.funnel(frame)


def dots() -> Figure:
    """各单位由高到低：●本年，○上年，◇和细线全县，粗线目标，虚线全市。"""
    names = ["甲镇", "乙镇", "丙乡", "丁街道", "戊镇"]
    frame = pd.DataFrame(
        {
            "panel": "议军办结（%）",
            "unit": names,
            "value": [100.0, 95.5, 90.0, 85.7, 80.0],
            "last": [95.0, 96.0, NAN, 80.0, 82.0],
            "text": ["100.0", "95.5", "90.0", "约85.7", "80.0"],
            "hollow": [False, False, False, True, False],
        }
    )
    lines = pd.DataFrame([{"panel": "议军办结（%）", "county": 91.2, "target": 90.0, "city": 88.5}])
    return charts.dots(frame, lines)


def scatter() -> Figure:
    """随单位大小而变的指标：各单位对人口的位置。"""
    frame = pd.DataFrame(
        {
            "unit": ["甲镇", "乙镇", "丙乡", "丁街道", "戊镇"],
            "x": [31000.0, 18000.0, 9000.0, 52000.0, 24000.0],
            "y": [9.7, 12.4, 16.1, 7.2, 10.8],
            "x_text": ["31000人", "18000人", "9000人", "52000人", "24000人"],
            "y_text": ["9.70", "12.40", "16.10", "7.20", "10.80"],
            "hollow": [False, False, True, False, False],
        }
    )
    return charts.scatter(frame, x_name="年末常住人口（人）", y_name="人均武装工作经费（元）")


def sources() -> Figure:
    """经费来源和用途：从零起的条形，深色本年，浅色上年。"""
    frame = pd.DataFrame(
        {
            "name": ["县级财政投入", "镇街投入", "其他来源"],
            "value": [278.12, 401.3, 12.0],
            "last": [250.0, 388.0, NAN],
            "text": ["278.12", "401.30", "12.00"],
            "last_text": ["250.00", "388.00", ""],
        }
    )
    return charts.sources(frame)


def spark() -> Figure:
    """数字旁的小线：只有走向，没有字。"""
    return charts.spark(pd.DataFrame({"year": [2018, 2019, 2020, 2021], "value": [12.0, NAN, 11.0, 14.0]}))


KINDS: tuple[Callable[[], Figure], ...] = (multiples, funnel, dots, scatter, sources, spark)
"""Every kind of chart, as its example."""

_HEAD = """\
<!-- Written by `make docs` from docs/charts_page.py; do not edit. -->

# 图

每种图一个例子和画它的代码；数是虚构的。图由 `stats.charts` 用 seaborn 画成，一种一个函数：收整理好的表，给出图。
没有数的地方不画，数和字由调用者给出，图里不算数、不舍入。
"""


def page() -> str:
    """The page: a heading, what the kind shows, its picture and its code."""
    return "\n".join((_HEAD, *map(_section, KINDS)))


def pictures() -> dict[str, str]:
    """The pictures by file name."""
    return {f"{kind.__name__}.svg": charts.svg(kind()) + "\n" for kind in KINDS}


def _section(kind: Callable[[], Figure]) -> str:
    said = (kind.__doc__ or "").strip()
    lines = inspect.getsource(kind).splitlines()[2:]
    code = dedent("\n".join(lines)).replace("return ", "")
    picture = f"![{kind.__name__}：{said}](generated/charts/{kind.__name__}.svg)"
    return f"## {kind.__name__}\n\n{said}\n\n{picture}\n\n```python\n{code}\n```\n"
