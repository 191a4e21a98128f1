"""附件6: a sheet for each table, codes as texts, printed numbers as numbers, hidden ones as signs, the same bytes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from stats import content_hash, formats, present, report
from stats.build.documents.notebooks import template
from stats.documents import NOTEBOOKS, entry
from stats.present.blocks import Column, Cover, Group, Paragraph, Table
from stats.present.workbook import SEASONS
from stats.publish import xlsx
from stats.publish.document import Document

PROJECT = Path(__file__).parents[1]
COVER = Cover("附件6", "安澜县汇总数据", (("单位", "安澜县"),), banner="演示数据（虚构）", year=2021, edition="会议本")


def document(*rows: tuple[str, ...], heads: tuple[str, ...] = ("本年",)) -> Document:
    columns = (Column("单位代码", "left"), Column("单位", "left"), *map(Column, heads))
    return Document(COVER, (Paragraph("供统计人员。"), Table("", "各镇宽表", columns, rows)))


def opened(made: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(xlsx.make(made)))


@pytest.mark.parametrize(
    ("text", "value", "look"),
    [
        ("85.0", 85, "0.0;−0.0"),
        ("−3.25", -3.25, "0.00;−0.00"),
        ("+1.5", 1.5, "+0.0;−0.0"),
        ("14", 14, "0;−0"),
        ("[隐]", "[隐]", "@"),
        ("约800", "约800", "@"),
        ("3.0※", "3.0※", "@"),
        ("=1+1", "=1+1", "@"),
    ],
)
def test_a_printed_number_is_a_number_with_its_digits_and_all_else_a_text(
    text: str, value: float | str, look: str
) -> None:
    sheet = opened(document(("990101101000", "云岭镇", text)))["各镇宽表"]
    cell = sheet["C2"]
    assert (cell.value, cell.number_format) == (value, look)
    assert cell.data_type == ("s" if isinstance(value, str) else "n")
    assert sheet["A2"].value == "990101101000"


def test_a_sheet_has_a_filter_a_frozen_head_and_is_set_up_to_be_printed() -> None:
    sheet = opened(document(("990101101000", "云岭镇", "1")))["各镇宽表"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:C2")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.print_title_rows) == (
        "landscape",
        0,
        "$1:$1",
    )
    assert "演示数据（虚构）" in sheet.oddHeader.right.text


def test_the_first_sheet_says_what_it_is_and_nothing_is_hidden() -> None:
    book = opened(document(("990101101000", "云岭镇", "1")))
    said = [row[0].value for row in book["说明"].iter_rows()]
    assert said == [COVER.title, "附件6", COVER.banner, "单位：安澜县", "供统计人员。", "工作表：各镇宽表"]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    hidden = [
        d for sheet in book for d in (*sheet.column_dimensions.values(), *sheet.row_dimensions.values()) if d.hidden
    ]
    assert not hidden


def test_a_table_over_years_has_a_chart_of_its_first_row_and_no_other_has() -> None:
    def charts(made: Document) -> int:
        return sum("charts/chart" in name for name in ZipFile(BytesIO(xlsx.make(made))).namelist())

    row = ("990101101000", "云岭镇", "1", "2")
    assert charts(document(row, heads=("2020年", "2021年"))) == 1
    assert charts(document(row, heads=("本年", "上年"))) == 0


def test_the_same_document_has_the_same_bytes_and_a_cut_one_is_told() -> None:
    made = document(("990101101000", "云岭镇", "1"))
    content = xlsx.make(made)
    assert content == xlsx.make(made)
    assert xlsx.fault(content, made) == ""
    assert xlsx.fault(content[:100], made) == "电子表没有写完"
    two = Document(COVER, (*made.blocks, *made.blocks))
    assert xlsx.fault(content, two) == "电子表中的工作表少于 3 张"


def test_only_the_workbook_is_made_as_a_workbook_whatever_is_chosen() -> None:
    assert formats.made_in(["html"], entry("workbook").formats) == ("xlsx",)
    assert "xlsx" not in formats.made_in(["html"]) + formats.made_in([], ["html"])


def sheets(edition: str) -> dict[str, Table]:
    made = present.workbook_sheets(report.whole(edition=edition, workspace=str(PROJECT)))
    assert isinstance(made, Group)
    return {table.title: table for table in made.blocks if isinstance(table, Table)}


def test_the_sheets_hold_what_the_documents_print() -> None:
    made = sheets("meeting")
    assert list(made) == ["指标长表", "各镇宽表", "位次", "五年", "分季", "目标判定", "质量", "符号"]
    town = report.town("望汀街道", edition="meeting", workspace=str(PROJECT))
    shown = present.indicator_table(town)
    assert isinstance(shown, Table)
    by_name = {row[0]: row[2] for row in shown.rows}
    listed = {row[4]: row[6] for row in made["指标长表"].rows if row[1] == "望汀街道"}
    assert listed == {name: by_name[name] for name in listed}
    assert len(listed) == len(town.figures)
    assert {row[3] for row in made["分季"].rows} == set(SEASONS.values())


def test_the_public_workbook_holds_no_town_figure_of_recruitment() -> None:
    made = sheets("public")
    county = made["各镇宽表"].rows[0][0]
    assert not [row for row in made["指标长表"].rows if row[3].startswith("REC") and row[0] != county]
    assert "分季" not in made


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "town.ipynb"])
def test_what_a_notebook_shows_is_known_without_running_it(name: str) -> None:
    shown = content_hash.shown(template(PROJECT, name).code)
    assert shown is not None
    assert shown.kind == {"workbook.ipynb": "whole", "quality.ipynb": "quality"}.get(name, shown.kind)


def test_the_workbook_is_made_again_where_it_shows_something_else() -> None:
    shown = content_hash.shown(template(PROJECT, "workbook.ipynb").code)
    assert shown is not None
    runs = [report.whole(edition=edition, workspace=str(PROJECT)) for edition in ("meeting", "meeting", "public")]
    first, again, other = (content_hash.of_document(run, shown) for run in runs)
    assert first == again != other
