"""The PDF, measured: the sizes of GB/T 9704—2012, archival and accessible form, and data that stay text."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pypdf
import pytest

from publish_samples import COVER, chart, notebook, rich_notebook, table
from stats import publish
from stats.errors import PublishError, RunEnvironmentError
from stats.present.blocks import Block, Chart, Column, Cover, Heading, Note, Paragraph, Table
from stats.publish import Document
from stats.publish.exporters import AppendixPDFExporter
from stats.publish.paper import sections
from stats.publish.pdf import make
from test_publish_html import HOSTILE

MILLIMETRE = 72 / 25.4
SENTENCE = "党委会议专题研究武装工作落实情况并形成纪要报县人武部备案"


def pdf(*parts: Any, **options: Any) -> bytes:
    return make(publish.document(notebook(*parts, **options)))


@lru_cache(maxsize=1)
def rich_pdf() -> bytes:
    return make(publish.document(rich_notebook()))


@lru_cache(maxsize=1)
def full_text() -> bytes:
    """Several pages of nothing but running text."""
    return pdf(Paragraph(SENTENCE * 60))


@lru_cache(maxsize=1)
def long_table() -> bytes:
    return pdf(table([(f"第{place}村", str(place)) for place in range(1, 121)], notes=("末行之注。",)))


class Line:
    """A printed line: its text, fonts, and place in millimetres from the upper left corner."""

    def __init__(self, raw: dict[str, Any]) -> None:
        glyphs = [glyph for span in raw["spans"] for glyph in span["chars"]]
        self.text = "".join(glyph["c"] for glyph in glyphs)
        self.fonts = {re.sub(r"^\w+\+|-Identity-H$", "", span["font"]) for span in raw["spans"]}
        self.size = round(raw["spans"][0]["size"], 1)
        self.left = glyphs[0]["origin"][0] / MILLIMETRE
        self.right = glyphs[-1]["bbox"][2] / MILLIMETRE
        self.base = glyphs[0]["origin"][1] / MILLIMETRE
        self.upright = raw["dir"][0] > 0.99


def lines(data: bytes, page: int) -> list[Line]:
    raw = pymupdf.open(stream=data, filetype="pdf")[page].get_text("rawdict")
    return [Line(line) for block in raw["blocks"] for line in block.get("lines", []) if line["spans"]]


def body(data: bytes, page: int) -> list[Line]:
    return [line for line in lines(data, page) if line.size == 16.0]


def page_number(data: bytes, page: int) -> Line:
    (number,) = [line for line in lines(data, page) if re.fullmatch(r"— \d+ —", line.text)]
    return number


def plain(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)


def ink(data: bytes, page: int, area: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box (left, top, right, bottom) in millimetres that is blackened within an area of a page."""
    clip = pymupdf.Rect(*(side * MILLIMETRE for side in area))
    picture = pymupdf.open(stream=data, filetype="pdf")[page].get_pixmap(dpi=300, colorspace=pymupdf.csGRAY, clip=clip)
    samples = np.frombuffer(picture.samples, np.uint8).reshape(picture.height, picture.stride)[:, : picture.width]
    rows, columns = (np.flatnonzero((samples < 128).any(axis=axis)) for axis in (1, 0))
    scale = 25.4 / 300
    left, right = picture.x + columns[[0, -1]]
    top, bottom = picture.y + rows[[0, -1]]
    return left * scale, top * scale, right * scale, bottom * scale


# Page, text block, lines


def test_pages_are_a4() -> None:
    for page in pypdf.PdfReader(BytesIO(full_text())).pages:
        assert [float(side) / MILLIMETRE for side in page.mediabox] == pytest.approx([0, 0, 210, 297], abs=0.1)


def test_full_page_has_22_lines_of_28_characters() -> None:
    printed = body(full_text(), 1)
    assert len(printed) == 22
    assert {len(line.text) for line in printed} == {28}


def test_paragraph_is_indented_by_two_characters() -> None:
    first, second = body(full_text(), 0)[1:3]
    assert first.text == (SENTENCE * 2)[:26]
    assert first.left - second.left == pytest.approx(2 * 156 / 28, abs=0.1)


def test_text_block_is_156_by_225_millimetres_with_the_margins_of_the_standard() -> None:
    left, top, right, bottom = ink(full_text(), 1, (0, 34, 210, 265))
    assert top == pytest.approx(37, abs=0.7)
    assert bottom == pytest.approx(262, abs=0.7)
    assert left == pytest.approx(26, abs=1)  # an even page: its outer edge is on the left
    assert right == pytest.approx(182, abs=1)
    left, _, right, _ = ink(full_text(), 2, (0, 34, 210, 265))
    assert left == pytest.approx(28, abs=1)
    assert right == pytest.approx(184, abs=1)


def test_lines_stand_29_609_points_apart_from_the_first_page_on() -> None:
    for page in (0, 1):
        bases = [line.base * MILLIMETRE for line in body(full_text(), page)[1:]]
        assert {round(after - before, 2) for before, after in pairwise(bases)} == {29.61}
    # The text under the cover stands on the lines of the page: whole pitches under line 1.
    first, text = body(full_text(), 0)[:2]
    assert (text.base - first.base) * MILLIMETRE / 29.609 == pytest.approx(7, abs=0.01)


def test_rare_character_from_the_other_face_does_not_move_the_lines() -> None:
    printed = body(pdf(Paragraph(SENTENCE * 30), Paragraph("垟塅犇甪酇鄌峧㙍" * 40)), 1)
    assert len(printed) == 22


def test_page_number_is_7_millimetres_below_one_character_in_right_and_left() -> None:
    for page, side in ((0, "right"), (1, "left"), (2, "right")):
        number = page_number(full_text(), page)
        assert (number.text, number.size) == (f"— {page + 1} —", 14.0)
        left, top, _, _ = ink(full_text(), page, (number.left - 1, 264, number.left + 4, 275))
        assert top == pytest.approx(262 + 7, abs=0.2)
        assert left == pytest.approx(number.left, abs=0.2)
        inset = 184 - number.right if side == "right" else number.left - 26
        assert inset == pytest.approx(14 / MILLIMETRE, abs=0.2)


# Cover and headings


def test_attachment_stands_on_line_1_and_the_title_centred_on_line_3() -> None:
    printed = lines(rich_pdf(), 0)
    attachment = next(line for line in printed if line.text == "附件3-07")
    assert (attachment.size, attachment.fonts, round(attachment.left, 1)) == (16.0, {"FandolHei-Regular"}, 28.0)
    title = [line for line in printed if line.fonts == {"FandolSong-Bold"}]
    assert [(line.text, line.size) for line in title] == [
        ("云岭县清溪镇2021年度", 22.0),
        ("党管武装工作统计附件", 22.0),
    ]
    assert [(line.left + line.right) / 2 for line in title] == pytest.approx([106, 106], abs=0.2)
    # The middle of a 22 pt line is the middle of line 3 of the page.
    middle = title[0].base - (0.88 - 0.5) * 22 / MILLIMETRE
    assert middle == pytest.approx(37 + (2 * 29.609 + 8) / MILLIMETRE, abs=0.2)


def test_heading_levels_have_the_faces_of_the_standard() -> None:
    data = pdf(Heading("一、制度"), Heading("（一）议军", 2), Heading("1. 次数", 3), Paragraph("正文。"))
    faces = {line.text: line.fonts for line in body(data, 0)}
    assert faces["一、制度"] == {"FandolHei-Regular"}
    assert faces["（一）议军"] == {"LXGWWenKai-Light"}
    assert faces["1. 次数"] == faces["正文。"] == {"FandolFang-Regular"}


def test_heading_is_not_left_alone_at_the_foot_of_a_page() -> None:
    for count in range(12, 17):
        data = pdf(*[Paragraph("短。")] * count, Heading("一、制度"), Paragraph(SENTENCE * 3))
        for page in range(len(pymupdf.open(stream=data, filetype="pdf"))):
            assert body(data, page)[-1].text != "一、制度"


def test_bookmarks_are_the_headings_in_their_levels() -> None:
    outline = pypdf.PdfReader(BytesIO(rich_pdf())).outline

    def titles(entries: Any) -> list[Any]:
        return [titles(entry) if isinstance(entry, list) else entry.title for entry in entries]

    assert titles(outline) == ["要情摘要", "一、党管武装制度落实", ["（一）党委议军", ["1. 图示"]], "二、兵员征集"]


def test_marking_and_banner_stand_on_every_page() -> None:
    for data in (rich_pdf(), long_table()):
        for page in pypdf.PdfReader(BytesIO(data)).pages:
            assert "内部" in page.extract_text()
            assert "演示数据（虚构）" in page.extract_text()


def test_document_without_marking_and_banner_has_an_empty_head() -> None:
    cover = Cover("附件2", "统计", (), year=2021)
    assert [line.text for line in lines(pdf(Paragraph("甲。"), cover=cover), 0)][:1] != ["内部"]
    assert plain(pdf(Paragraph("甲。"), cover=cover)).split() == ["—", "1", "—", "附件2", "统计", "甲。"]


# Tables and charts


def test_table_head_is_repeated_on_every_page() -> None:
    pages = pypdf.PdfReader(BytesIO(long_table())).pages
    assert len(pages) >= 4
    texts = [page.extract_text() for page in pages]
    assert all(re.search(r"单位\s*人数", text) for text in texts)
    assert [row for row in range(1, 121) if f"第{row}村" not in "".join(texts)] == []
    assert "末行之注。" in texts[-1]


def test_table_is_three_lined_with_heavy_rules_above_and_below() -> None:
    drawings = pymupdf.open(stream=pdf(table()), filetype="pdf")[0].get_drawings()
    rules = [item for item in drawings if item["type"] == "s" and item["rect"].width > 400]
    assert [round(rule["width"], 2) for rule in sorted(rules, key=lambda rule: rule["rect"].y0)] == [1.5, 0.75, 1.5]
    assert not [
        item for item in drawings if item["type"] == "s" and item["rect"].height > 20 and item["rect"].width < 1
    ]


def test_unit_stands_top_right_and_notes_and_source_below() -> None:
    printed = lines(pdf(table(notes=("甲。", "乙。"), source="报表")), 0)
    place = {line.text: line for line in printed}
    assert place["单位：人"].right == pytest.approx(184, abs=0.5)
    order = ["表1　云岭县2021年征集情况", "单位：人", "清溪镇", "注：1. 甲。", "　　2. 乙。", "资料来源：报表"]
    assert sorted(order, key=lambda text: place[text].base) == order


def test_total_row_is_set_in_the_face_for_emphasis() -> None:
    printed = {line.text: line.fonts for line in lines(pdf(table([("合计", "9"), ("清溪镇", "9")], strong=(0,))), 0)}
    assert printed["合计"] == {"FandolHei-Regular"}
    assert printed["清溪镇"] == {"FandolFang-Regular"}


def test_small_table_is_kept_on_one_page_with_its_notes() -> None:
    small = table([(f"第{place}村", "1") for place in range(8)], notes=("末行之注。",))
    for count in range(4, 20, 3):
        texts = [
            page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf(*[Paragraph("短。")] * count, small))).pages
        ]
        assert len([text for text in texts if re.search("第.村|末行之注", text)]) == 1


def test_landscape_table_is_tightened_to_stay_on_one_page_with_its_notes() -> None:
    rows = [(f"第{place}村", "1") for place in range(24)]
    data = pdf("## 一、表", table(rows, landscape=True, notes=("甲。", "乙。", "丙。"), source="报表"))
    assert len(pypdf.PdfReader(BytesIO(data)).pages) == 2
    last = max(line.base for line in lines(data, 1) if line.upright)
    assert last < 210 - 27


def test_run_of_signs_too_long_for_its_column_is_broken_inside_it() -> None:
    made = pdf(table([("x" * 120, "1")]))
    runs = [line for line in lines(made, 0) if line.text.startswith("x")]
    assert sum(line.text.count("x") for line in runs) == 120
    assert len(runs) > 1
    assert max(line.right for line in runs) < 210 - 26


def test_landscape_table_longer_than_a_page_goes_on_with_its_head() -> None:
    data = pdf(table([(f"第{place}村", "1") for place in range(60)], landscape=True))
    pages = pypdf.PdfReader(BytesIO(data)).pages[1:]
    assert len(pages) >= 3
    assert all(re.search(r"单位\s*人数", page.extract_text()) for page in pages)


def test_table_without_rows_keeps_its_head() -> None:
    assert "人数" in plain(pdf(table([])))


def test_wide_table_has_a_landscape_page_with_the_number_where_a_portrait_page_has_it() -> None:
    wide = table([("甲", "1")], landscape=True)
    data = pdf(Heading("一、表"), wide, Paragraph("后文。"), wide)
    pages = pypdf.PdfReader(BytesIO(data)).pages
    shapes = [page.mediabox.width > page.mediabox.height for page in pages]
    assert shapes == [False, True, False, True]
    for index in (1, 3):
        number = page_number(data, index)
        assert not number.upright
        # The sheet turned back: its lower edge is the left one here, its left edge the upper one.
        _, top, right, _ = ink(data, index, (24, 20, 33, 34))  # the first dash
        assert right == pytest.approx(297 - (262 + 7), abs=0.2)
        assert top == pytest.approx(26 + 14 / MILLIMETRE, abs=0.2)  # an even page: left, that is up


def test_odd_landscape_page_has_its_number_at_the_other_end() -> None:
    wide = table([("甲", "1")], landscape=True)
    data = pdf(Paragraph("前文。" * 250), wide)
    index = len(pypdf.PdfReader(BytesIO(data)).pages) - 1
    assert index % 2 == 0
    _, _, _, bottom = ink(data, index, (24, 20, 33, 190))
    assert bottom == pytest.approx(184 - 14 / MILLIMETRE, abs=0.2)


def test_heading_goes_with_the_wide_table_below_it() -> None:
    wide = Table("表1", "位次", (Column("甲"),), (("1",),), landscape=True)
    blocks: tuple[Block, ...] = (
        Paragraph("文"),
        Heading("一、"),
        Heading("（一）", 2),
        wide,
        Note("注"),
        wide,
        Paragraph("尾"),
    )
    assert list(sections(blocks)) == [(False, [blocks[0]]), (True, list(blocks[1:6])), (False, [blocks[6]])]


def test_table_too_wide_for_its_size_is_set_smaller() -> None:
    columns = tuple(Column(f"第{place}列") for place in range(16))
    sizes = {line.size for line in lines(pdf(table([("123.45",) * 16], columns=columns)), 0) if line.text == "123.45"}
    assert sizes == {7.5}


def test_labels_of_a_chart_can_be_searched_and_are_set_in_our_fonts() -> None:
    data = pdf(chart())
    page = pymupdf.open(stream=data, filetype="pdf")[0]
    assert page.search_for("大学生占比（%）")
    labels = {line.text: line.fonts for line in lines(data, 0)}
    assert labels["63.4"] == labels["全县"] == {"FandolHei-Regular"}
    assert "图1　清溪镇近五年大学生征集比例" in labels


def test_chart_label_with_a_rare_character_takes_the_fallback() -> None:
    text = '<text x="5" y="20" font-size="12">垟镇</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="30pt">{text}</svg>'
    assert pymupdf.open(stream=pdf(Chart("图1", "甲", svg, "乙")), filetype="pdf")[0].search_for("垟镇")


# Archive, access, safety


def test_all_fonts_are_ours_and_embedded() -> None:
    reader = pypdf.PdfReader(BytesIO(rich_pdf()))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(re.sub(r"^/\w+\+|-Identity-H$", "", font.get_object()["/BaseFont"]))
    assert names == {"FandolFang-Regular", "FandolHei-Regular", "FandolSong-Bold", "LXGWWenKai-Light"}


def test_file_declares_pdf_a_2b_and_pdf_ua_1_and_is_tagged_in_chinese() -> None:
    root = pypdf.PdfReader(BytesIO(rich_pdf())).trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2<" in xmp
    assert "<pdfaid:conformance>B<" in xmp
    assert "<pdfuaid:part>1<" in xmp
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def elements(data: bytes) -> list[Any]:
    """The structure elements of a file, parents before children."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict) and "/S" in node:
            found.append(node)
            walk(node.get("/K", []))

    walk(pypdf.PdfReader(BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_structure_has_headings_tables_and_a_figure_with_its_text() -> None:
    found = [(str(node["/S"]), str(node.get("/Alt", ""))) for node in elements(rich_pdf())]
    kinds = [kind for kind, _ in found]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Caption"} <= set(kinds)
    assert kinds.count("/H1") == 3
    assert kinds.count("/TH") == (9 + 6) + (15 + 18)
    assert any("柱形图：2017年至2021年" in text for kind, text in found if kind == "/Figure")


def scopes(*blocks: Block) -> list[list[str]]:
    """What each cell of each row is to a reader program: Column, Row, or empty for a figure."""
    rows = [node for node in elements(make(Document(COVER, blocks))) if node["/S"] == "/TR"]
    return [
        [str(attributes[0].get_object().get("/Scope", ""))[1:] for attributes in (cell["/A"] for cell in cells)]
        for cells in ([kid.get_object() for kid in row["/K"]] for row in rows)
    ]


PAIRED = (Column("项目", "left", 2.0), Column("本年"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (table([("甲", "1"), ("乙", "2")]), [["Column", "Column"], ["Row", ""], ["Row", ""]]),
        (table([("甲", ""), ("乙", "2")], groups=(0,)), [["Column", "Column"], ["Column"], ["Row", ""]]),
        (table([("", "1")]), [["Column", "Column"], ["", ""]]),
        (table([("甲", "1", "乙", "2")], columns=PAIRED * 2), [["Column"] * 4, ["Row", "", "Row", ""]]),
        (table([("甲", "1")], landscape=True), [["Column", "Column"], ["Row", ""]]),
    ],
    ids=["plain", "grouped", "unnamed", "twice", "turned"],
)
def test_cell_that_names_a_row_is_a_header_of_the_row(given: Table, said: list[list[str]]) -> None:
    assert scopes(replace(given, unit="")) == said
    assert scopes(replace(given, unit=""), table(unit=""))[-1] == ["Row", ""]


def test_no_cell_names_headers_that_would_hide_those_of_its_row() -> None:
    told = [node["/A"][0].get_object() for node in elements(rich_pdf()) if node["/S"] == "/TD"]
    in_rows = [attributes for attributes in told if "/ColSpan" not in attributes]
    assert in_rows
    assert not [attributes for attributes in in_rows if "/Headers" in attributes]


def test_metadata_has_the_title_and_the_year_and_nothing_of_the_machine() -> None:
    reader = pypdf.PdfReader(BytesIO(rich_pdf()))
    assert reader.metadata is not None
    assert reader.metadata.title == "附件3-07 云岭县清溪镇2021年度党管武装工作统计附件"
    assert reader.metadata.creation_date == datetime(2021, 12, 31, tzinfo=UTC)
    assert not re.search(rb"/home/|/root/|/tmp/|site-packages|\.typ\b", rich_pdf())


def test_text_can_be_extracted() -> None:
    text = "".join(plain(rich_pdf()).split())
    assert "第一书记“四个一”要求完成率为100.00%" in text
    assert "垟塅村、犇牛岭、甪直巷" in text
    assert "党管武装工作列入镇年度目标管理绩效考核" in text


def test_same_document_gives_the_same_bytes() -> None:
    assert make(publish.document(rich_notebook())) == rich_pdf()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_text(text: str) -> None:
    extracted = re.sub(r"[\s\u200b]", "", plain(hostile_pdf()))
    assert extracted.count(re.sub(r"\s", "", text)) >= 4


@lru_cache(maxsize=1)
def hostile_pdf() -> bytes:
    cover = Cover(HOSTILE[0], HOSTILE[1], tuple((text, text) for text in HOSTILE), HOSTILE[2], HOSTILE[0], year=2021)
    rows = [(text, text) for text in HOSTILE]
    parts: list[Block] = [Heading(HOSTILE[0]), *map(Paragraph, HOSTILE), *map(Note, HOSTILE)]
    return pdf(*parts, table(rows, title=HOSTILE[2], notes=tuple(HOSTILE), source=HOSTILE[0]), cover=cover)


def test_hostile_text_makes_no_link_and_no_action() -> None:
    for page in pypdf.PdfReader(BytesIO(hostile_pdf())).pages:
        assert "/Annots" not in page
    assert not re.search(rb"/JavaScript|/JS\b|/URI\b|/Launch|/EmbeddedFile", hostile_pdf())


def test_exporter_gives_the_file_and_the_suffix() -> None:
    data, resources = AppendixPDFExporter().from_notebook_node(rich_notebook())
    assert data == rich_pdf()
    assert resources["output_extension"] == ".pdf"


def test_error_of_the_compiler_is_told_as_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stats.publish.pdf.STANDARDS", ["a-1b", "a-4"])
    with pytest.raises(PublishError, match="PDF 排版失败"):
        pdf(Paragraph("甲。"))


def test_machine_without_typst_is_told_what_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(RunEnvironmentError, match="HTML 不受影响"):
        pdf(Paragraph("甲。"))


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("make", [rich_pdf, long_table, hostile_pdf])
def test_qpdf_finds_no_fault(make: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(make())
    result = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_sample_has_a_page_for_each_purpose() -> None:
    reader = pypdf.PdfReader(BytesIO(rich_pdf()))
    assert [page.mediabox.width > page.mediabox.height for page in reader.pages] == [False, False, False, True]
    assert COVER.banner == "演示数据（虚构）"
