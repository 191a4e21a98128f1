"""The Word document: real styles, tables, captions and pictures, the texts of the page, the same bytes every time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import nbformat
import pypdf
import pytest
from docx.oxml.ns import qn

from publish_samples import COVER, chart, notebook, rich_notebook, table
from stats import publish
from stats.errors import PublishError
from stats.present.blocks import Block, CellLook, Chart, Column, Heading, Note, Paragraph, Strip, Table, Tile, Tiles
from stats.publish import Document
from stats.publish.docx import fault, make
from stats.publish.exporters import AppendixDOCXExporter
from stats.publish.font_faces import FOLDER
from stats.publish.labels import caption, notes, source
from stats.publish.paper import sections
from stats.publish.pdf import make as make_pdf

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = sorted(path for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem != "workbook")
RELATION = re.compile(rb'Target="([^"]*)"')


def made(*blocks: Block, cover: Any = COVER) -> bytes:
    return make(Document(cover, blocks))


def opened(*blocks: Block) -> Any:
    return docx.Document(BytesIO(made(*blocks)))


def xml(*blocks: Block, name: str = "word/document.xml") -> str:
    with ZipFile(BytesIO(made(*blocks))) as file:
        return file.read(name).decode("utf-8")


@lru_cache(maxsize=1)
def rich() -> bytes:
    return make(publish.document(rich_notebook()))


def rows_of(found: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in found.rows]


MARKED = replace(
    table(
        [("兵员征集", "", ""), ("征集数", "12\n1/17", ""), ("退兵率", "[隐]", "")],
        columns=(Column("指标", "left", 2.0), Column("本年"), Column("位置", "center")),
    ),
    groups=(0,),
    two_line=True,
    strips=(Strip(1, 2, 0.5, county=0.4, target=0.6, others=(0.1, 0.9)),),
    looks=(CellLook(1, 1, "shaded"), CellLook(2, 1, "quiet")),
    notes=("甲。", "乙。"),
    source="年报",
)


def test_headings_are_real_ones_with_levels_and_no_colour_of_a_theme() -> None:
    word = opened(Heading("一、甲", 1), Heading("（一）乙", 2), Heading("1. 丙", 3), Paragraph("丁。"), Note("戊。"))
    styled = {each.text: each.style for each in word.paragraphs if each.text}
    assert [styled[text].name for text in ("一、甲", "（一）乙", "1. 丙")] == ["Heading 1", "Heading 2", "Heading 3"]
    levels = [styled[text].element.find(f".//{qn('w:outlineLvl')}").get(qn("w:val")) for text in ("一、甲", "1. 丙")]
    assert levels == ["0", "2"]
    assert {styled[text].font.color.rgb for text in ("一、甲", "（一）乙")} == {docx.shared.RGBColor(0, 0, 0)}


@pytest.mark.parametrize(
    ("style", "face"),
    [
        ("Normal", "仿宋_GB2312"),
        ("Heading 1", "黑体"),
        ("Heading 2", "楷体_GB2312"),
        ("Title", "方正小标宋简体"),
        ("footer", "宋体"),
    ],
)
def test_every_style_names_its_face_for_all_four_kinds_of_letters(style: str, face: str) -> None:
    fonts = opened().styles[style].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {face}


def test_page_is_that_of_the_standard_and_a_wide_table_turns_its_page() -> None:
    upright, turned, after = opened(Paragraph("甲。"), table(landscape=True), Paragraph("乙。")).sections
    for section in (upright, after):
        assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(side.mm) for side in margins] == [37, 35, 28, 26]
    assert (turned.page_width, turned.page_height) == (upright.page_height, upright.page_width)
    grid = upright._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    settings = xml(name="word/settings.xml")
    assert "mirrorMargins" in settings
    assert "evenAndOddHeaders" in settings


@pytest.mark.parametrize(
    ("part", "side"), [("footerOdd", "right"), ("footerEven", "left"), ("headerTurnedOdd", "right")]
)
def test_page_number_is_a_field_at_the_outer_side(part: str, side: str) -> None:
    found = xml(name=f"word/{part}.xml")
    assert " PAGE " in found
    assert f'<w:jc w:val="{side}"/>' in found
    assert re.findall("<w:t[^>]*>([^<]*)</w:t>", found)[-3:] == ["— ", "1", " —"]


@pytest.mark.parametrize("part", ["headerOdd", "headerEven", "headerTurnedOdd", "headerTurnedEven"])
def test_marking_and_banner_stand_at_the_head_of_every_page(part: str) -> None:
    found = xml(name=f"word/{part}.xml")
    assert COVER.marking in found
    assert COVER.banner in found


def test_table_has_a_head_on_every_page_and_no_row_is_broken() -> None:
    found = opened(MARKED).tables[-1]
    head, *rows = found.rows
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in found.rows)
    assert not any(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows)
    assert found.style.name == "三线表"


def test_group_row_is_one_cell_and_a_second_line_is_smaller() -> None:
    head, group, first, _ = opened(MARKED).tables[-1].rows
    assert len(group._tr.tc_lst) == 1
    assert group.cells[0].text == "兵员征集"
    assert first.cells[1].text == "12\n1/17"
    above, below = first.cells[1].paragraphs[0].runs
    assert above.font.size is None
    assert below.font.size is not None
    assert len(head.cells) == 3


def test_columns_fill_the_page_and_numbers_stand_right() -> None:
    found = opened(MARKED).tables[-1]
    assert sum(int(each.get(qn("w:w"))) for each in found._tbl.tblGrid) == pytest.approx(442.2 * 20, abs=3)
    assert found.rows[2].cells[1].paragraphs[0].alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    assert "CDCDCD" in found.rows[2].cells[1]._tc.xml
    assert "CDCDCD" not in found.rows[3].cells[1]._tc.xml


def test_caption_unit_notes_and_source_stand_with_the_table() -> None:
    shown = [(each.text, each.style.name) for each in opened(MARKED).paragraphs if each.text]
    assert shown[-5:] == [
        ("表1　云岭县2021年征集情况", "Caption"),
        ("单位：人", "表文"),
        ("注：1. 甲。", "表注"),
        ("　　2. 乙。", "表注"),
        ("资料来源：年报", "表注"),
    ]
    last = opened(MARKED).tables[-1].rows[-1]
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in last.cells)


def instructions(*blocks: Block) -> list[str]:
    return [found.strip() for found in re.findall("<w:instrText[^>]*>([^<]*)<", xml(*blocks))]


def test_captions_are_counted_by_word_to_the_numbers_printed_elsewhere() -> None:
    given = [table(), table(number="表2"), chart(number="图1（一）"), chart(number="图1（二）"), chart(number="图4")]
    assert instructions(*given) == [
        r"SEQ 表 \* ARABIC",
        r"SEQ 表 \* ARABIC",
        r"SEQ 图 \* ARABIC",
        r"SEQ 图 \* ARABIC \c",
        r"SEQ 图 \* ARABIC \r 4",
    ]
    captions = [each.text for each in opened(*given).paragraphs if each.style.name in ("Caption", "图题")]
    assert captions == [caption(block) for block in given]


def test_number_that_word_cannot_count_is_text() -> None:
    assert instructions(table(number="表3-7-1")) == []
    assert any(each.text.startswith("表3-7-1　") for each in opened(table(number="表3-7-1")).paragraphs)


def test_chart_is_a_picture_as_svg_and_png_with_its_words_for_those_who_cannot_see_it() -> None:
    given = chart()
    found = xml(given)
    assert found.count(f'descr="{given.alt}"') == 2
    assert "svgBlip" in found
    with ZipFile(BytesIO(made(given))) as file:
        assert file.read("word/media/picture1.png").startswith(b"\x89PNG")
        assert b"SimHei" in file.read("word/media/picture1.svg")


def test_strip_is_decoration_and_the_same_picture_is_stored_once() -> None:
    strip = Strip(0, 1, 0.5)
    given = table([("甲", ""), ("乙", "")], strips=(strip, replace(strip, row=1)))
    assert xml(given).count("decorative") >= 2
    with ZipFile(BytesIO(made(given))) as file:
        assert [name for name in file.namelist() if "media" in name] == [
            "word/media/picture1.png",
            "word/media/picture1.svg",
        ]


def test_tiles_stand_side_by_side() -> None:
    tiles = Tiles((Tile("征集数", "12名", ("比上年增加1名",)), Tile("经费", "3万元")), columns=3)
    assert rows_of(opened(tiles).tables[-1]) == [["征集数\n12名\n比上年增加1名", "经费\n3万元", ""]]


def words(block: Block) -> list[str]:
    """What a block shows, in the words of all formats."""
    match block:
        case Table():
            rows = [
                cell for place, row in enumerate(block.rows) for cell in (row[:1] if place in block.groups else row)
            ]
            return [caption(block), *(column.head for column in block.columns), *rows, *notes(block), source(block)]
        case Chart():
            return [*notes(block), source(block), caption(block)]
        case Tiles():
            return [text for tile in block.tiles for text in (tile.name, tile.value, *tile.lines)]
    return [block.text]  # type: ignore[attr-defined]


def body_text(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as file:
        return re.sub(
            r"\s", "", "".join(re.findall("<w:t [^>]*>([^<]*)</w:t>", file.read("word/document.xml").decode()))
        )


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_text_is_that_of_the_blocks_in_their_order_and_nothing_more(path: Path) -> None:
    document = publish.document(nbformat.read(path, as_version=4))
    text, page = body_text(make(document)), publish.to_html(document)
    expected = [document.cover.attachment, document.cover.title]
    expected += [part for label, value in document.cover.lines for part in (f"{label}：", value)]
    for block in document.blocks:
        if isinstance(block, Table) and block.unit:
            expected += [caption(block), f"单位：{block.unit}", *words(block)[1:]]
        else:
            expected += words(block)
    joined = re.sub(r"\s", "", "".join(expected)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert text == joined
    assert document.cover.title.split()[0] in page


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_pictures_and_notes_about_the_file_hold_only_what_the_blocks_say(path: Path) -> None:
    document = publish.document(nbformat.read(path, as_version=4))
    with ZipFile(BytesIO(make(document))) as file:
        shown = file.read("word/document.xml").decode()
    described = set(re.findall(r'descr="([^"]*)"', shown)) - {""}
    assert len(described) == sum(isinstance(block, Chart) for block in document.blocks)


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_every_table_has_one_head_and_every_picture_words_or_nothing_to_say(path: Path) -> None:
    document = publish.document(nbformat.read(path, as_version=4))
    word = docx.Document(BytesIO(make(document)))
    tables = [each for each in word.tables if each.style.name == "三线表"]
    assert len(tables) == sum(isinstance(block, Table) for block in document.blocks)
    for each in tables:
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in each.rows].count(True) == 1
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in each.rows)
    body = word.element.body.xml
    pictures = re.findall(r"<wp:inline.*?</wp:inline>", body, re.DOTALL)
    assert body.count("svgBlip") == len(pictures) == body.count("<a:blip ")
    for picture in pictures:
        assert re.search(r'<wp:docPr [^>]*descr="[^"]', picture) or "decorative" in picture


def test_file_is_titled_dated_by_its_year_and_in_chinese() -> None:
    about = docx.Document(BytesIO(rich())).core_properties
    assert about.title == f"{COVER.attachment} {COVER.title}"
    assert about.language == "zh-CN"
    assert (about.author, about.last_modified_by) == ("", "")
    assert {(about.created.year, about.created.month), (about.modified.year, about.modified.month)} == {(2021, 12)}


def test_nothing_in_the_file_points_outside() -> None:
    with ZipFile(BytesIO(rich())) as file:
        targets = [
            target for name in file.namelist() if name.endswith(".rels") for target in RELATION.findall(file.read(name))
        ]
    assert targets
    assert not [target for target in targets if b":" in target]


def test_bytes_are_the_same_in_another_process_with_another_clock_and_locale() -> None:
    code = (
        "import hashlib, time; time.time = lambda: 1e9\n"
        "from publish_samples import rich_notebook; from stats import publish; from stats.publish.docx import make\n"
        "print(hashlib.sha256(make(publish.document(rich_notebook()))).hexdigest())"
    )
    import hashlib

    surroundings = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONUTF8": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "tests", env=surroundings, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == hashlib.sha256(rich()).hexdigest()


def test_exporter_gives_the_file_and_the_suffix() -> None:
    data, resources = AppendixDOCXExporter().from_notebook_node(rich_notebook())
    assert data == rich()
    assert resources["output_extension"] == ".docx"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((table(), Paragraph("甲。")), "没有表“另”"),
        ((chart(),), "没有图"),
    ],
)
def test_file_that_lacks_a_block_is_not_whole(given: tuple[Block, ...], said: str) -> None:
    content = made(*given)
    assert fault(content, Document(COVER, given)) == ""
    lacking = (*given, table(title="另")) if "表" in said else (chart(alt="别的话。"),)
    assert said in fault(content, Document(COVER, lacking))
    assert "没有写完" in fault(content[:-200], Document(COVER, given))
    assert "题名" in fault(content, Document(replace(COVER, title="别的"), given))


def test_rare_characters_of_names_are_written_and_one_that_no_face_has_is_refused() -> None:
    assert "鄌郚镇㙍" in body_text(made(Paragraph("鄌郚镇㙍")))
    with pytest.raises(PublishError, match="U\\+1F600"):
        made(Paragraph("\U0001f600"))


@pytest.mark.parametrize("text", ["<w:p>&amp;", "a\"b'c", "]]>", "=1+1"])
def test_text_is_never_read_as_markup(text: str) -> None:
    hostile = notebook(table([(text, text)]))
    assert rows_of(docx.Document(BytesIO(make(publish.document(hostile)))).tables[-1])[1] == [text, text]


def has_writer() -> bool:
    """LibreOffice with its word processor: the spreadsheet alone cannot open a document."""
    program = shutil.which("soffice")
    return program is not None and (Path(program).resolve().parent / "libswlo.so").exists()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The pages LibreOffice sets of the committed notebooks' documents, in faces as wide as those named."""
    folder = tmp_path_factory.mktemp("word")
    for path in COMMITTED:
        content = make(publish.document(nbformat.read(path, as_version=4)))
        (folder / f"{path.stem}.docx").write_bytes(content)
    faces = {
        "仿宋_GB2312": "FandolFang",
        "黑体": "FandolHei",
        "方正小标宋简体": "FandolSong",
        "楷体_GB2312": "LXGW WenKai",
    }
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{face}</family></prefer></alias>'
        for name, face in faces.items()
    )
    config = folder / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{FOLDER}</dir><cachedir>{folder}/cache</cachedir>{aliases}</fontconfig>")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
        + [f"{path.stem}.docx" for path in COMMITTED],
        cwd=folder,
        env=os.environ | {"FONTCONFIG_FILE": str(config), "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        timeout=240,
    )
    return {path.stem: len(pypdf.PdfReader(folder / f"{path.stem}.pdf").pages) for path in COMMITTED}


@pytest.mark.skipif(not has_writer(), reason="LibreOffice Writer is not installed")
@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_libreoffice_sets_as_many_pages_as_the_pdf_has_within_one(path: Path, printed: dict[str, int]) -> None:
    ours = len(pypdf.PdfReader(BytesIO(make_pdf(publish.document(nbformat.read(path, as_version=4))))).pages)
    assert abs(printed[path.stem] - ours) <= 1


def test_cover_stands_on_an_upright_page_even_before_a_wide_table() -> None:
    blocks = (table(landscape=True),)
    assert [wide for wide, _ in sections(blocks)] == [True]
    assert [each.orientation for each in opened(*blocks).sections] == [0, 1]
