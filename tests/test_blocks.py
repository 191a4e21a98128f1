"""Tables with headings in them, marks in their cells and figures at a glance, through the page and the printed file."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import pypdf
import pytest

from publish_samples import notebook, table
from stats import publish
from stats.present.blocks import CellLook, Column, Sheet, Strip, Table, Tile, Tiles
from stats.publish.pdf import make
from test_publish_html import Page

COLUMNS = (Column("指标", "left", 4.0), Column("本年"), Column("标线", "center", 3.0), Column("判定", "center"))
ROWS = (
    ("征集", "", "", ""),
    ("征集新兵数", "14\n3", "", "√"),
    ("建设", "", "", ""),
    ("配备率", "75.0\n8", "", "×"),
)
STRIPS = (Strip(1, 2, own=0.5, county=0.25, target=0.75, others=(0.0, 1.0)), Strip(3, 2, own=None, others=(0.0, 1.0)))
SPARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="34pt" height="8pt" viewBox="0 0 34 8">'
    '<path d="M 1 7 L 33 1" style="fill: none; stroke: #000000"/></svg>'
)
TILES = Tiles(
    (Tile("征集新兵数", "14名", ("比上年增加2名",), SPARK), Tile("配备率", "不公布", ("因数值过小不公布",))), columns=2
)


def groups() -> Table:
    return table(
        ROWS,
        columns=COLUMNS,
        unit="",
        groups=(0, 2),
        strips=STRIPS,
        looks=(CellLook(3, 3, "unmet"), CellLook(1, 1, "shaded")),
        two_line=True,
        size=9.0,
    )


@cache
def page() -> str:
    return publish.to_html(publish.document(notebook(groups(), TILES)))


@cache
def printed() -> bytes:
    return make(publish.document(notebook(groups(), TILES)))


def test_a_heading_in_a_table_is_one_of_a_group_of_rows() -> None:
    heads = Page(page()).all("th")
    assert [(head["colspan"], head["scope"]) for head in heads if head.get("scope") == "rowgroup"] == [
        ("4", "rowgroup")
    ] * 2
    assert [head["scope"] for head in heads].count("row") == 2
    assert [head["scope"] for head in heads].count("col") == 4


@pytest.mark.parametrize(("count", "shown"), [(20, 20), (21, 20)])
def test_a_notebook_shows_the_first_rows_of_a_sheet_and_stores_all(count: int, shown: int) -> None:
    sheet = Sheet("", "五年", (Column("年度", "left"),), tuple((f"第{nth}行",) for nth in range(count)))
    assert len(sheet.payload()["rows"]) == count
    for text in (sheet.to_html(), sheet.to_text()):
        assert text.count("第") == shown
        assert ("全表21行见电子表" in text) == (count > shown)


def test_a_look_is_a_class_of_its_cell_and_of_no_other() -> None:
    cells = Page(page()).all("td")
    assert [sum(look in (cell["class"] or "").split() for cell in cells) for look in ("unmet", "shaded")] == [1, 1]


def test_marks_in_a_cell_are_hidden_from_readers_of_screens_which_have_the_figures() -> None:
    drawings = [svg for svg in Page(page()).all("svg") if svg.get("width") == "120"]
    assert [svg.get("aria-hidden") for svg in drawings] == ["true", "true"]
    assert "14<small>3</small>" in page()


def test_figures_at_a_glance_are_a_list() -> None:
    made = Page(page())
    assert [each["style"] for each in made.all("ul")] == ["--columns:2"]
    text = " ".join(made.text().split())
    for words in ("征集新兵数 14名 比上年增加2名", "配备率 不公布 因数值过小不公布"):
        assert words in text


def structure(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Every element of the structure of a file with its dictionary."""
    found: list[tuple[str, dict[str, Any]]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict) and "/S" in node:
            found.append((str(node["/S"]), node))
            walk(node.get("/K", []))

    root: Any = pypdf.PdfReader(BytesIO(data)).trailer["/Root"]
    walk(root["/StructTreeRoot"]["/K"])
    return found


def test_marks_and_small_lines_leave_the_file_tagged_with_every_cell_read() -> None:
    kinds = [kind for kind, _ in structure(printed())]
    assert kinds.count("/TR") == 1 + 4
    assert kinds.count("/Table") == 1
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(printed())).pages)
    for words in ("征集新兵数", "14", "75.0", "×", "比上年增加2名", "因数值过小不公布"):
        assert words in text
    root: Any = pypdf.PdfReader(BytesIO(printed())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("look", ["shaded", "unmet", "quiet"])
def test_every_look_is_known_to_both(look: Any) -> None:
    made = publish.document(notebook(table(looks=(CellLook(0, 1, look),))))
    assert look in [name for cell in Page(publish.to_html(made)).all("td") for name in (cell["class"] or "").split()]
    assert make(made)


def test_blocks_come_back_from_a_notebook_as_they_went_in() -> None:
    blocks = publish.document(notebook(groups(), TILES)).blocks
    assert groups() in blocks
    assert TILES in blocks
