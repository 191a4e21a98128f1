"""From an executed notebook to a document: what is taken, what is refused, and the characters no font has."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output, new_raw_cell

from publish_samples import COVER, END, block_cell, chart, notebook, rich_notebook, table
from stats import publish
from stats.errors import PublishError, RunEnvironmentError
from stats.files import write_atomically
from stats.formats import FORMATS, Format, format_of
from stats.present.blocks import MIME, Block, Column, Cover, Heading, Note, Paragraph
from stats.publish.build_common_fonts import common_subset, common_text
from stats.publish.columns import column_shares, head_lines
from stats.publish.font_faces import Role
from stats.publish.title import title_lines
from stats.publish.webfonts import by_face, common_characters, common_subset_file, web_fonts


def refusal(*parts: Block | str | NotebookNode, **options: Any) -> str:
    with pytest.raises(PublishError) as caught:
        publish.document(notebook(*parts, **options))
    return str(caught.value)


def output_cell(data: dict[str, Any]) -> NotebookNode:
    return new_code_cell("x", execution_count=2, outputs=[new_output("display_data", data)])


def stream_cell(text: str, name: str = "stderr") -> NotebookNode:
    return new_code_cell("x", execution_count=2, outputs=[new_output("stream", name=name, text=text)])


# The document


def test_document_holds_the_cover_and_the_blocks_in_reading_order() -> None:
    document = publish.document(notebook("## 一、制度", Paragraph("甲。"), "乙。", table()))
    assert document.cover == COVER
    assert document.blocks == (Heading("一、制度", 1), Paragraph("甲。"), Paragraph("乙。"), table())


def test_group_of_blocks_counts_as_its_blocks() -> None:
    group = block_cell(Heading("一、制度"), Paragraph("甲。"), {"kind": "group", "blocks": [Note("丙。").payload()]})
    assert publish.document(notebook(group)).blocks == (Heading("一、制度"), Paragraph("甲。"), Note("丙。"))


def test_markdown_before_the_cover_is_for_whoever_opens_the_notebook() -> None:
    sample = notebook("# 镇级附件\n\n本笔记本读取年报。", COVER, Paragraph("甲。"), cover=None)
    assert publish.document(sample).blocks == (Paragraph("甲。"),)


@pytest.mark.parametrize(
    ("above", "count"),
    [
        (["- **编者**：[初步数](x)"], 1),
        (["---\ntitle: x\n---", "甲。\n\n$x$"], 3),
        ([new_raw_cell("---\ntitle: x\n---")], 1),
        ([], 0),
    ],
)
def test_whatever_text_stands_above_the_cover_is_left_out_and_counted(above: list[Any], count: int) -> None:
    document = publish.document(notebook(*above, COVER, Paragraph("甲。"), cover=None))
    assert (document.blocks, document.left_out) == ((Paragraph("甲。"),), count)


def test_text_that_stands_above_the_cover_and_below_it_is_printed_once() -> None:
    sample = notebook("甲。", COVER, "甲。", cover=None)
    for cell in sample.cells:
        cell.pop("id", None)
    assert publish.document(sample).blocks == (Paragraph("甲。"),)


def test_block_of_text_above_the_cover_is_refused() -> None:
    assert "封面之前" in refusal(Paragraph("甲。"), COVER, cover=None)


def test_markdown_cell_tagged_hide_is_left_out() -> None:
    sample = notebook("给编辑看的 **话**", Paragraph("甲。"))
    sample.cells[1].metadata["tags"] = ["hide"]
    assert publish.document(sample).blocks == (Paragraph("甲。"),)


def test_hidden_cell_may_show_plain_text_but_a_visible_one_may_not() -> None:
    cell = output_cell({"text/plain": "Report(...)"})
    assert "text/plain" in refusal(cell)
    cell.metadata["tags"] = ["hide"]
    assert publish.document(notebook(cell)).blocks == ()


def test_highest_markdown_heading_is_level_one_whatever_its_number_of_signs() -> None:
    document = publish.document(notebook("## 一、制度\n\n### （一）议军", "#### 1. 次数", Paragraph("甲。")))
    assert [block.level for block in document.blocks if isinstance(block, Heading)] == [1, 2, 3]


def test_headings_that_skip_a_level_are_refused() -> None:
    assert "1. 次数" in refusal(Heading("一、制度", 1), Heading("1. 次数", 3))
    assert "（一）议军" in refusal(Heading("（一）议军", 2))


def test_heading_over_an_empty_part_is_left_out_and_the_numbers_follow_on() -> None:
    nothing = block_cell({"kind": "group", "blocks": []})
    parts = [
        "## 一、要情",
        Paragraph("甲。"),
        "## 二、制度",
        "### （一）议军",
        nothing,
        "## 三、说明",
        Note("乙。"),
        "## 四、附",
    ]
    assert publish.document(notebook(*parts)).blocks == (
        Heading("一、要情", 1),
        Paragraph("甲。"),
        Heading("二、说明", 1),
        Note("乙。"),
    )


def test_numbers_of_headings_follow_on_from_each_other_whatever_was_moved() -> None:
    document = publish.document(notebook("## 二、制度", Paragraph("甲。"), "## 五、说明", Paragraph("乙。")))
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == ["一、制度", "二、说明"]


@pytest.mark.parametrize(
    "text",
    ["**加粗**", "- 列表", "1. 列表", "[链接](x)", "<b>甲</b>", "| 表 |", "`码`", "$x$", "> 引", "    码", "&lt;",
     "---", "https://x.cn", "![图](x.png)", "~~删~~", "甲\\\n乙", "  - 列表", "甲\n=", "甲\n--"],
)  # fmt: skip
def test_markdown_other_than_headings_and_paragraphs_is_refused(text: str) -> None:
    assert "第 2 个单元格的 Markdown" in refusal(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("共有单位3\n5个", "共有单位3 5个"),
        ("see GB/T\n9704 and the annual report\nof 2021", "see GB/T 9704 and the annual report of 2021"),
        ("本章数据\n来自年报，\n（见附件）", "本章数据来自年报，（见附件）"),
        ("本章ＡＢ\n来自", "本章ＡＢ来自"),
        ("共有\n35个单位\n共", "共有 35个单位共"),
        ("提高3\n个百分点", "提高3 个百分点"),
        ("占\n（5）\n5", "占（5） 5"),
        ("  甲  \n乙\n丙  ", "甲\n乙丙"),
        ("3   \n5", "3\n5"),
        ("3 \n5", "3 5"),
        ("白\U00031592\n掌", "白\U00031592掌"),
        ("\U00020000\n\U000323b0\n3", "\U00020000\U000323b0 3"),
    ],
)
def test_lines_are_joined_without_a_blank_only_between_two_wide_characters(text: str, printed: str) -> None:
    assert publish.document(notebook(text)).blocks == (Paragraph(printed),)


@given(st.text("甲乙，3A", min_size=1), st.text("甲乙，3A", min_size=1))
def test_joined_lines_never_make_one_number_or_word_of_two(before: str, after: str) -> None:
    (paragraph,) = publish.document(notebook(f"{before}\n{after}")).blocks
    narrow = set("3A") & {before[-1], after[0]}
    assert paragraph == Paragraph(f"{before} {after}" if narrow else f"{before}{after}")


def test_hard_line_break_stands_in_both_formats() -> None:
    document = publish.document(notebook("甲乙丙  \n丁戊己\n庚辛"))
    assert '<p class="text">甲乙丙\n丁戊己庚辛</p>' in publish.to_html(document)
    printed = pypdf.PdfReader(BytesIO(format_of("pdf").writer().make(document))).pages[0].extract_text()
    assert "甲乙丙\n丁戊己庚辛" in printed


def test_notebook_without_its_end_mark_is_refused() -> None:
    assert "没有运行到最后一个单元格" in refusal(Paragraph("甲。"), end=False)


def test_content_after_the_end_mark_is_refused() -> None:
    assert "结束标记" in refusal(block_cell(END), Paragraph("甲。"), end=False)


def test_cell_that_failed_is_refused_and_named() -> None:
    error = new_output("error", ename="KeyError", evalue="", traceback=[])
    failed = new_code_cell("x", execution_count=2, outputs=[error])
    assert refusal(Paragraph("甲。"), failed).startswith("第 3 个单元格运行出错（KeyError）：没有说明")


def test_notebook_that_papermill_marked_as_failed_is_refused() -> None:
    sample = notebook(Paragraph("甲。"))
    sample.metadata["papermill"] = {"exception": True}
    with pytest.raises(PublishError, match="没有完成"):
        publish.document(sample)


@pytest.mark.parametrize(("count", "cells"), [(0, []), (2, [COVER, COVER])])
def test_document_needs_exactly_one_cover(count: int, cells: list[Cover]) -> None:
    assert f"实有 {count} 个" in refusal(*cells, Paragraph("甲。"), cover=None)


def test_block_before_the_cover_is_refused() -> None:
    assert "封面之前" in refusal(Paragraph("甲。"), table(), COVER, cover=None)


@pytest.mark.parametrize(
    "kind",
    ["application/javascript", "text/vnd.mermaid", "application/vnd.jupyter.widget-view+json", "text/html",
     "image/svg+xml", "image/png", "text/latex", "text/markdown"],
)  # fmt: skip
def test_output_of_any_other_type_is_refused_with_its_name(kind: str) -> None:
    assert kind in refusal(output_cell({kind: "x", "text/plain": "x"}))


def test_other_type_beside_a_block_is_refused() -> None:
    payload = Paragraph("甲。").payload()
    assert "application/javascript" in refusal(output_cell({MIME: payload, "application/javascript": "alert(1)"}))


def test_printed_text_is_refused_because_it_may_be_a_hidden_failure() -> None:
    assert "打印了 2 行文字" in refusal(stream_cell("Exception in thread\nTraceback\n"))
    assert "打印了 1 行文字" in refusal(stream_cell("12\n", "stdout"))


OF_THE_SURROUNDINGS = (
    "Matplotlib is building the font cache; this may take a moment.",
    "Matplotlib created a temporary cache directory at /var/cache/m because there was an issue with the "
    "default path (/proc/nohome/.config/matplotlib); it is highly recommended to set the MPLCONFIGDIR environment "
    "variable to a writable directory, in particular to speed up the import of Matplotlib.",
    "Matplotlib created a temporary config/cache directory at /var/cache/m because the default path (/x) is not a "
    "writable directory; it is highly recommended to set the MPLCONFIGDIR environment variable to another one.",
    "mkdir -p failed for path /proc/nohome/.config/matplotlib: [Errno 2] No such file or directory: '/proc/nohome'",
    "/home/服务/.config/matplotlib is not a writable directory",
    "Could not save font_manager cache [Errno 28] No space left on device: '/x/fontlist-v390.json'",
    "Fontconfig warning: no <cachedir> elements found. Check configuration.",
    "Fontconfig error: No writable cache directories",
    "Fontconfig error: Cannot load default config file: No such file: (null)",
    "QStandardPaths: XDG_RUNTIME_DIR not set, defaulting to '/var/run/x'",
    "error: XDG_RUNTIME_DIR not set in the environment.",
    "Unable to init server: Could not connect: Connection refused",
    "libGL error: failed to load driver: swrast",
    "MESA-LOADER: failed to open swrast: /usr/lib/dri/swrast_dri.so: cannot open shared object file",
    "OpenBLAS WARNING - could not determine the L2 cache size on this system, assuming 256k",
    "OMP: Info #276: omp_set_nested routine deprecated, please use omp_set_max_active_levels instead.",
    'Note: NumExpr detected 64 cores but "NUMEXPR_MAX_THREADS" not set, so enforcing safe limit of 8.',
    "The history saving thread hit an unexpected error (OperationalError('attempt to write a readonly database')).\n"
    "History will not be written to the database.",
    "0.00s - Debugger warning: It seems that frozen modules are being used, which may\n"
    "0.00s - make the debugger miss breakpoints. Please pass -Xfrozen_modules=off",
    "/bin/bash: warning: setlocale: LC_ALL: cannot change locale (zh_CN.UTF-8)",
    "/x/IPython/paths.py:67: UserWarning: IPython parent '/proc/nohome' is not a writable location, using a temp "
    "directory.\n  warn(\"IPython parent '{}' is not a writable location,\"",
    "/x/joblib/_multiprocessing_helpers.py:46: UserWarning: [Errno 13] Permission denied.  joblib will operate in "
    "serial mode\n  warnings.warn('%s.  joblib will operate in serial mode' % (e,))",
    "/x/pandas/core/computation/expressions.py:21: UserWarning: Pandas requires version '2.8.4' or newer of 'numexpr' "
    "(version '2.8.1' currently installed).\n  from pandas.core.computation.check import NUMEXPR_INSTALLED",
)


@pytest.mark.parametrize("said", OF_THE_SURROUNDINGS)
def test_what_the_surroundings_make_a_library_say_is_no_content(said: str) -> None:
    assert publish.document(notebook(stream_cell(f"{said}\n"))).blocks == ()
    assert "打印了 1 行文字" in refusal(stream_cell(f"{said}\n12\n"))
    assert "打印了" in refusal(stream_cell(f"结果：{said}\n"))


@pytest.mark.parametrize(
    "text",
    [
        "12",
        "Traceback (most recent call last):",
        "Exception in thread Thread-5 (work):",
        "/x/seaborn/utils.py:61: UserWarning: Glyph 22478 missing from font(s) DejaVu Sans.\n  fig.canvas.draw()",
        "findfont: Font family 'FandolHei' not found.",
        "/x/numpy.py:3: RuntimeWarning: divide by zero encountered in divide\n  a / b",
        "<ipython-input-1>:1: FutureWarning: The default of observed=False is deprecated",
        "  warn('alone')",
        "OpenBLAS blas_thread_init: pthread_create failed for thread 1 of 64: Resource temporarily unavailable",
    ],
)
def test_a_warning_about_the_content_is_refused_as_any_printed_text(text: str) -> None:
    assert "不属于文档内容" in refusal(stream_cell(f"{text}\n"))


def test_raw_cell_is_refused() -> None:
    assert "raw" in refusal(new_raw_cell("甲"))


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "video"},
        {"kind": "paragraph"},
        {"kind": "paragraph", "text": 3},
        {"kind": "note", "text": "甲", "x": 1},
        [],
    ],
)
def test_payload_that_is_no_block_is_refused(payload: Any) -> None:
    assert "第 2 个单元格" in refusal(output_cell({MIME: payload}))


def test_table_row_with_a_cell_too_few_is_refused_with_its_place() -> None:
    assert "第 2 行有 1 格，应为 2 格" in refusal(table([("甲", "1"), ("乙",)]))


# Characters


def test_rare_characters_of_place_names_are_found_in_the_fallback_face() -> None:
    publish.check_characters(publish.document(notebook(Heading("垟塅犇甪酇鄌峧㙍"), table([("𬒗镇", "㴔㳇〇㎡")]))))


def test_every_missing_character_is_listed_with_every_place_it_stands() -> None:
    rare = "\U0003134a"
    sample = notebook(
        Paragraph("热烈\U0001f600庆祝"),
        table([("甲", f"1{rare}"), ("乙", "2")], title="位次", columns=(Column("单位"), Column("数\u202e"))),
        chart(svg='<svg width="9pt" height="9pt"><text>图\U0001f600</text></svg>', number="图3", title="趋势"),
    )
    with pytest.raises(PublishError) as caught:
        publish.check_characters(publish.document(sample))
    message = str(caught.value)
    assert message.startswith("有 3 个字所带字体都没有")
    assert "U+1F600 （此处不显示）（段落“热烈\U0001f600庆祝”、图3“趋势”的图中文字“图\U0001f600”）" in message
    assert f"U+3134A {rare}（表1“位次”第 1 行第 2 列）" in message
    assert "U+202E （此处不显示）（表1“位次”的表头第 2 列）" in message


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.suffix)
def test_no_format_is_made_with_a_character_missing(each: Format) -> None:
    with pytest.raises(PublishError, match="U\\+1F600"):
        each.writer().make(publish.document(notebook(Paragraph("\U0001f600"))))


def test_list_of_common_characters_holds_what_most_documents_show() -> None:
    texts = ("垟村议军", "丙村议军", "丁村议军", "戊村议军", "己村议军")
    documents = [publish.document(notebook(Paragraph(text))) for text in texts]
    fang = next(line for line in common_text(documents).splitlines() if line.startswith("fang "))
    assert set("村议军") <= set(fang)
    assert not set("垟丙丁戊己") & set(fang)


def test_subset_of_a_face_holds_only_what_is_set_in_it() -> None:
    faces = by_face({"song": map(ord, "清溪镇"), "fang": map(ord, "垟")})
    assert set(map(ord, "清溪镇")) <= faces["song"]
    assert ord("垟") in faces["kai"]
    assert not set(map(ord, "清溪镇垟")) & faces["fang"]


def test_common_characters_are_one_subset_and_the_rest_another(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = common_characters()["hei"] | {ord("瓯")}
    assert {font.family for font in web_fonts({"hei": shown})} == {"stats-hei", "stats-hei-more"}
    monkeypatch.setattr("stats.publish.webfonts.COMMON_SHARE", 1.01)
    assert {font.family for font in web_fonts({"hei": shown})} == {"stats-hei"}


@pytest.mark.parametrize("face", common_characters())
def test_shipped_subsets_are_those_of_the_list_of_common_characters(face: Role) -> None:
    assert common_subset_file(face).read_bytes() == common_subset(face), (
        "run: python -m stats.publish.build_common_fonts"
    )


# Lines and columns


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("云岭县2021年度统计附件", ("云岭县2021年度统计附件",)),
        ("云岭县清溪镇2021年度党管武装工作统计附件", ("云岭县清溪镇2021年度", "党管武装工作统计附件")),
        ("云岭县2021年度全县汇总和各镇位次表统计附件", ("云岭县2021年度全县", "汇总和各镇位次表统计附件")),
        ("甲\n乙", ("甲", "乙")),
    ],
)
def test_title_is_broken_between_words(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title) == lines


def test_long_title_is_broken_into_three_lines_that_are_no_hourglass() -> None:
    lines = title_lines("云岭县第一批全国双拥模范县创建暨石门坎街道2021年度党管武装工作落实情况统计附件")
    assert "".join(lines) == "云岭县第一批全国双拥模范县创建暨石门坎街道2021年度党管武装工作落实情况统计附件"
    assert len(lines) == 3
    assert len(lines[1]) >= min(len(lines[0]), len(lines[2]))


def test_column_with_a_code_gets_room_for_it_on_one_line() -> None:
    columns = (Column("单位", "left", 5.0), Column("代码"), Column("数"))
    shares = column_shares(table([("清溪镇", "990118107000", "1")], columns=columns), 30.0)
    assert sum(shares) == pytest.approx(1, abs=1e-4)
    assert shares[1] * 30 >= 6
    assert shares[0] > shares[1] > shares[2]


def test_column_head_is_broken_into_even_lines() -> None:
    assert head_lines("大学生报名人数", 3.5) == "大学生\n报名\n人数"
    assert head_lines("应征报名人数", 4) == "应征报\n名人数"
    assert head_lines("甲\n乙", 1) == "甲\n乙"


# Files


def test_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "附件2.pdf"
    write_atomically(file, b"old")
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("failing", ["os.fsync", "pathlib.Path.replace", "os.fdopen"])
def test_failed_write_leaves_the_old_file_and_no_temporary_one(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "附件2.pdf"
    write_atomically(file, b"old")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failing, fail)
    with pytest.raises(RunEnvironmentError, match="剩余空间"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_symbolic_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(RunEnvironmentError, match="符号链接"):
        write_atomically(tmp_path / "link", b"x")
    assert not (tmp_path / "target").exists()


def test_rich_sample_is_a_document() -> None:
    assert len(publish.document(rich_notebook()).blocks) == 14
