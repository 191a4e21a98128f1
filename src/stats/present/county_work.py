"""What the county's units did together: work no indicator tells, and money by source and use. Computes nothing."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from stats import numbers
from stats.catalogue import marks
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions, variables
from stats.figures import Total
from stats.present import base_rows, numbering
from stats.present.blocks import Block, Chart, Column, Group, Table
from stats.present.drawn import drawn
from stats.present.titles import title
from stats.present.work_done import two_in_a_row

if TYPE_CHECKING:
    from stats.report import CountyReport

SIZE = 9.0
MONEY = "万元"
SOURCES = {"fnd_county": "县级财政投入", "fnd_pafd": "县人武部投入", "fnd_town": "镇街投入", "fnd_other": "其他来源"}
USES = {"fnd_building": "用于基层规范化建设", "fnd_emergency": "用于民兵应急和基础设施", "fnd_edu": "用于国防教育"}
_HALF = (
    Column("项目", "left", 13.0),
    Column("单位", "center", 3.0),
    Column("本年", width=4.4),
    Column("上年", width=4.4),
)


def work_table(report: CountyReport) -> Block:
    """Sums over the units: what the ratios rest on, and every other question that no indicator tells, two in a row.

    How many units stand behind a sum is said in a note where it is so for most, else beside the name.
    """
    bases = base_rows.county_rows(report)
    told = {entry.variables[0] for entry in indicators().values() if base_rows.is_the_answer(entry)}
    named = {row[0] for row in bases}
    others = [q for q in questions() if q.name in report.totals and q.name not in {*told, *SOURCES, *USES}]
    rows = [*bases, *(_row(report, q) for q in others if q.full_name not in named)]
    if not rows:
        return Group()
    common = Counter(row[4] for row in rows).most_common(1)[0][0]
    cells = [(name + (f"（{units}）" if units != common else ""), *rest) for name, *rest, units in rows]
    return Table(
        number=numbering.table_number(report, "work"),
        title=title(report, "工作数据和主要基数"),
        columns=(*_HALF, *_HALF),
        rows=two_in_a_row(cells),
        notes=(
            "计数和金额为有数据的单位合计（比率的分子、分母为两者均有数据的单位合计），是或否的项目为做到的单位数",
            f"有效填报单位/应报单位为{common}，不同的在项目后括号内注明",
        ),
        size=SIZE,
    )


def _row(report: CountyReport, question: Variable) -> tuple[str, ...]:
    total = report.totals[question.name]
    unit = "个单位" if question.kind == "bool" else question.unit
    last = report.last_totals.get(question.name)
    return (question.full_name, unit, amount(total, unit), amount(last, unit), f"{total.units}/{total.due}")


def amount(total: Total | None, unit: str = MONEY) -> str:
    """A sum as printed: money with two decimals at least."""
    if total is None or not total.status.has_value:
        return ""
    least = 2 if unit == MONEY else 0
    value = (
        total.value if -int(total.value.as_tuple().exponent) >= least else total.value.quantize(Decimal(10) ** -least)
    )
    return f"{marks.APPROXIMATE.sign if total.status is Status.APPROX else ''}{numbers.number(value)}"


def funds_table(report: CountyReport) -> Block:
    """Money by source and by use: amount, share of all money, last year."""
    names = [name for name in (*SOURCES, *USES) if name in report.totals]
    if "fnd_total" not in report.totals or not names:
        return Group()
    rows = [_funds_row(report, name) for name in (*names, "fnd_total")]
    return Table(
        number=numbering.table_number(report, "funds"),
        title=title(report, "武装工作经费来源和用途"),
        columns=(
            Column("项目", "left", 4.0),
            Column("本年", width=1.4),
            Column("上年", width=1.4),
            Column("有效/应报", "center", 1.2),
        ),
        rows=tuple(rows),
        unit="万元",
        notes=("含县级本级；用途只列其中三项",),
        strong=(len(names),),
    )


def _funds_row(report: CountyReport, name: str) -> tuple[str, ...]:
    total = report.totals[name]
    label = {**SOURCES, **USES}.get(name, variables()[name].full_name)
    return (label, amount(total), amount(report.last_totals.get(name)), f"{total.units}/{total.due}")


def _most(frame: pd.DataFrame) -> str:
    """The message: the source that gave most; empty where none is known."""
    sources = frame[frame["name"].isin(SOURCES.values())].dropna(subset="value")
    return "" if sources.empty else f"：{sources['name'].iloc[sources['value'].argmax()]}最多"


def funds_chart(report: CountyReport) -> Block:
    """Bars of money by source and use; nothing where the edition holds no money."""
    names = [name for name in (*SOURCES, *USES) if name in report.totals]
    if not names:
        return Group()
    now = [report.totals[name] for name in names]
    last = [report.last_totals.get(name) for name in names]
    frame = pd.DataFrame(
        {
            "name": [{**SOURCES, **USES}[name] for name in names],
            "value": [float(total.value) if total.status.has_value else float("nan") for total in now],
            "last": [float(t.value) if t is not None and t.status.has_value else float("nan") for t in last],
            "text": [amount(total) for total in now],
            "last_text": [amount(total) for total in last],
        }
    )
    said = "，".join(f"{row.name_}{row.text}" for row in frame.rename(columns={"name": "name_"}).itertuples())
    return Chart(
        number=numbering.chart_number(report, "sources"),
        title=f"{title(report, '武装工作经费来源和用途（万元）')}{_most(frame)}",
        svg=drawn("sources", frame),
        alt=f"{said}。各数见{numbering.table_number(report, 'funds')}。",
        notes=("深色为本年，浅色为上年",),
    )
