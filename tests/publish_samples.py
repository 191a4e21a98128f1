"""Notebooks made from blocks, without a kernel, for the tests of publishing."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from stats.build.state.manifest import Entry
from stats.build.tables.index import index_html
from stats.present.blocks import MIME, Block, Chart, Column, Cover, Heading, Note, Paragraph, Table
from stats.publish.font_faces import FACES
from stats.report import CountyReport

COVER = Cover(
    attachment="附件3-07",
    title="云岭县清溪镇2021年度党管武装工作统计附件",
    lines=(
        ("填报单位", "清溪镇"),
        ("单位代码", "990118107000"),
        ("统计年度", "2021年"),
        ("版本", "会议版"),
        ("标识", "内部"),
    ),
    marking="内部",
    banner="演示数据（虚构）",
    unit="清溪镇",
    code="990118107000",
    year=2021,
    edition="meeting",
)
END: dict[str, Any] = {"kind": "end"}


def block_cell(*payloads: Block | dict[str, Any]) -> NotebookNode:
    """A code cell whose output is one block, or a group of several."""
    plain = [payload.payload() if isinstance(payload, Block) else payload for payload in payloads]
    payload = plain[0] if len(plain) == 1 else {"kind": "group", "blocks": plain}
    data = {MIME: payload, "text/plain": "内容块", "text/html": "<p>内容块</p>"}
    return new_code_cell("block", execution_count=1, outputs=[new_output("display_data", data)])


def notebook(*parts: Block | str | NotebookNode, cover: Cover | None = COVER, end: bool = True) -> NotebookNode:
    """An executed notebook: the cover, the parts (blocks, Markdown texts or whole cells) and the end mark.

    It goes through JSON as a file does, so that tuples come back as lists.
    """
    cells = [block_cell(cover)] if cover else []
    cells += [_cell(part) for part in parts]
    cells += [block_cell(END)] if end else []
    return nbformat.reads(nbformat.writes(new_notebook(cells=cells)), as_version=4)


def _cell(part: Block | str | NotebookNode) -> NotebookNode:
    if isinstance(part, Block):
        return block_cell(part)
    return new_markdown_cell(part) if isinstance(part, str) else part


def table(rows: Iterable[tuple[str, ...]] = (("清溪镇", "12"),), **changes: Any) -> Table:
    """A small table of two columns unless told otherwise."""
    values: dict[str, Any] = {
        "number": "表1",
        "title": "云岭县2021年征集情况",
        "columns": (Column("单位", "left", 2.0), Column("人数")),
        "rows": tuple(rows),
        "unit": "人",
    }
    return Table(**(values | changes))


def chart(**changes: Any) -> Chart:
    """A bar chart with Chinese labels."""
    values: dict[str, Any] = {
        "number": "图1",
        "title": "清溪镇近五年大学生征集比例",
        "svg": bar_chart(("2017", "2018", "2019", "2020", "2021"), "大学生占比（%）"),
        "alt": "柱形图：2017年至2021年大学生占比由52%升至71%。",
    }
    return Chart(**(values | changes))


@lru_cache(maxsize=8)
def bar_chart(labels: tuple[str, ...], axis: str) -> str:
    """A seaborn chart as SVG with text as text, hatched so that a black-and-white print carries it."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import seaborn
    from matplotlib import font_manager

    for role in ("hei", "kai"):
        font_manager.fontManager.addfont(FACES[role].path)
    settings = {"svg.fonttype": "none", "svg.hashsalt": "publish", "font.family": ["FandolHei"]}
    with matplotlib.rc_context(settings):
        figure, axes = plt.subplots(figsize=(6.0, 2.6))
        heights = [52.1, 58.0, 63.4, 66.7, 71.0]
        seaborn.barplot(x=list(labels), y=heights, color="0.75", edgecolor="0.2", hatch="//", ax=axes)
        axes.plot(range(5), [50.0, 55.5, 60.1, 63.0, 65.2], "o--", color="0.1", label="全县")
        axes.set(ylabel=axis, xlabel="年度")
        axes.legend()
        for place, value in enumerate(f"{height:.1f}" for height in heights):
            axes.annotate(value, (place, float(value)), ha="center", va="bottom")
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
        plt.close(figure)
    return file.getvalue()


INDICATOR_COLUMNS = (
    Column("指标", "left", 3.4),
    Column("单位", "center", 0.9),
    Column("2021年"),
    Column("2020年"),
    Column("同比"),
    Column("全县"),
    Column("全市"),
    Column("位次", "center", 0.9),
    Column("目标和状态", "center", 1.5),
)
INDICATOR_ROWS = (
    ("党委议军会议召开次数", "次", "4", "3", "+33.3%", "3.4", "", "1/17", "≥2　达标"),
    ("第一书记落实“四个一”要求的完成率", "%", "100.00", "75.00", "+25.00", "86.76", "88.10", "并列1/17", "=100　达标"),
    ("党管武装工作列入镇年度目标管理绩效考核", "—", "是", "是", "持平", "94.1", "…", "—", "—"),
    ("其中#：应征报名适龄青年中大学生占比", "%", "约63～68", "57.14", "约", "61.90", "60.25", "—", "无法判定"),
    ("每万人口基干民兵参加应急救援人次", "人次/万人", "−3.40", "[遮]", "—", "12.05", "全市平均数据未提供", "—", "—"),
    ("合计", "人", "1260", "1198", "+5.2%", "21345", "", "6/17", ""),
)


def rich_notebook() -> NotebookNode:
    """A town's appendix with everything in it: all heading levels, texts, tables, charts, a wide table."""
    indicators = table(
        INDICATOR_ROWS,
        number="表3-7-1",
        title="清溪镇2021年党管武装制度落实情况",
        columns=INDICATOR_COLUMNS,
        unit="",
        strong=(5,),
        notes=("“—”表示不适用，“…”表示不足最小单位，空格表示无数据。", "全县为已上报单位合计（17/18）。"),
        source="云岭县各镇年度统计报表",
    )
    wide = table(
        [wide_row(place) for place in range(18)],
        number="表2-1",
        title="云岭县2021年兵员征集和经费保障情况位次",
        columns=(Column("单位", "left", 1.8), *(Column(head) for head in WIDE_HEADS)),
        unit="人、万元、%",
        strong=(17,),
        landscape=True,
        notes=("位次按显示值排列，并列者同位。",),
        source="云岭县各镇年度统计报表",
    )
    sentence = (
        "2021年，清溪镇召开党委议军会议4次，比上年增加1次；第一书记“四个一”要求完成率为100.00%，比上年提高25.00个百分点，"
        "高于全县平均水平13.24个百分点，在17个可比单位中并列第1位，达到年度目标。"
    )
    return notebook(
        Heading("要情摘要"),
        Paragraph(sentence),
        Paragraph(sentence),
        "## 一、党管武装制度落实\n\n本章反映党委议军、第一书记履职和述职考核情况。",
        Heading("（一）党委议军", 2),
        Paragraph(sentence),
        indicators,
        Heading("1. 图示", 3),
        chart(notes=("虚线为全县平均。",), source="云岭县各镇年度统计报表"),
        Heading("二、兵员征集"),
        Paragraph("本年大学生征集比例稳步提高。垟塅村、犇牛岭、甪直巷、酇城、鄌郚、峧岭、㙍头等地名用字齐全。"),
        wide,
        Note("数据保护说明：本附件不含个人信息；会议版已隐去3以下的小数。"),
    )


WIDE_HEADS = (
    "应征报名人数", "大学生报名人数", "上站体检人数", "合格人数", "征集完成", "大学生比例", "毕业生比例",
    "退兵人数", "奖励经费", "优待金", "民兵训练经费", "装备维护经费", "经费落实率", "位次",
)  # fmt: skip


def wide_row(place: int) -> tuple[str, ...]:
    name = "全县（17/18）" if place == 17 else ("龙泉驿街道", "清溪镇", "垟塅镇", "石门坎乡")[place % 4]
    numbers = (f"{place * 37 % 800}", f"{place * 23 % 500}", f"{place * 11 % 300}", f"{place * 7 % 200}")
    amounts = (f"{place * 37 // 10}.{place * 37 % 10}0", "120.50", "35.00", "8.25")
    return (name, *numbers, "是", "71.05", "38.20", "[隐]", *amounts, "100.00", str(place + 1))


def index_of(report: CountyReport, state: Literal["complete", "refused"] = "complete") -> str:
    """The index page of a set of the county's document and one of each unit."""
    entries = [Entry("附件2", "附件2", report.unit.code, report.unit.name, state)]
    for unit in report.units:
        name = f"附件3-{unit.code}"
        entries.append(Entry(name, "附件3-01", unit.code, unit.name, "complete", files={f"{name}.html": "0" * 64}))
    return index_html(report.params, entries=entries, data=[], unattributed=0, county=report)
