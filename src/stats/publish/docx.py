"""Document → a Word file to be edited, laid out after GB/T 9704—2012 as the PDF is; the same bytes every time."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from stats.errors import PublishError, RunEnvironmentError
from stats.present.blocks import Block, Chart, Cover, Heading, Note, Paragraph, Table, Tiles
from stats.publish.characters import check_characters
from stats.publish.document import Document
from stats.publish.docx_pages import EDGES, edge_markup, section_markup
from stats.publish.docx_pictures import Pictures
from stats.publish.docx_tables import cell, note_markup, row, table_frame, table_markup, tiles_markup, twips
from stats.publish.docx_text import STRONG, Captions, paragraph, run
from stats.publish.labels import caption, notes, source
from stats.publish.paper import PORTRAIT_CHART_HEIGHT, PORTRAIT_WIDTH, sections, table_room, year_end
from stats.publish.svg import drawing
from stats.publish.title import title_lines

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

TEMPLATES = Path(__file__).parent / "templates" / "docx"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": _W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)
_TABLE_STYLE = re.compile(r"TableText(\d+)-(\d+)")
_COVER_SHARE = 0.86
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def make(document: Document) -> bytes:
    """The document as a DOCX file; fonts are named, not embedded.

    All dates inside are the last day of the document's year. Raises PublishError if a character has no glyph or a
    chart is unfit, and as ``typst_compiler.compiled`` does.
    """
    check_characters(document)
    pictures = Pictures()
    body = _body(document, pictures)
    word = _opened()
    _add_table_styles(word, body)
    _add_edges(word, document.cover)
    _fill(word, body)
    pictures.store(word.part)
    _describe(word, document.cover)
    return _zipped(word)


def fault(content: bytes, document: Document) -> str:
    """What is lacking: a part, a table, a chart, a line of the cover or this title; empty for a whole file."""
    from lxml import etree  # comes with python-docx

    try:
        with ZipFile(BytesIO(content)) as file:
            broken = file.testzip()
            body, about = (etree.fromstring(file.read(part)) for part in ("word/document.xml", "docProps/core.xml"))
    except (BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        return f"Word 文档没有写完（{error}）"
    if broken:
        return f"Word 文档的 {broken} 损坏"
    shown = {each.get("descr") for each in body.iter("{*}docPr")}
    named = {each.get(f"{{{_W}}}val") for each in body.iter(f"{{{_W}}}tblCaption")}
    for block in document.blocks:
        if isinstance(block, Chart) and block.alt not in shown:
            return f"Word 文档中没有图“{block.title}”"
        if isinstance(block, Table) and caption(block) not in named:
            return f"Word 文档中没有表“{block.title}”"
    text = "".join(each.text or "" for each in body.iter(f"{{{_W}}}t"))
    lacking = [value for _, value in document.cover.lines if "".join(value.split("\n")) not in text]
    if lacking:
        return f"Word 文档中没有封面所写的“{lacking[0]}”"
    title = _title(document.cover)
    return "" if any(each.text == title for each in about) else f"Word 文档的题名不是“{title}”"


def _body(document: Document, pictures: Pictures) -> str:
    captions, parts = Captions(), [_cover(document.cover)]
    runs = list(sections(document.blocks))
    # The cover stands on a portrait page, whatever comes first.
    if not runs or runs[0][0]:
        runs.insert(0, (False, []))
    for place, (wide, blocks) in enumerate(runs):
        room = table_room(blocks)
        parts += [_block(block, wide, room, captions, pictures) for block in blocks]
        end = section_markup(wide, is_first=place == 0)
        is_last = place == len(runs) - 1
        small = '<w:spacing w:line="20" w:lineRule="exact"/>'
        parts.append(end if is_last else paragraph("Space", properties=f"{small}{end}"))
    return "".join(parts)


def _cover(cover: Cover) -> str:
    above = paragraph("Attachment", run(cover.attachment))
    above += paragraph("Title", run("\n".join(title_lines(cover.title))))
    if not cover.lines:
        return above
    wide = twips(PORTRAIT_WIDTH * _COVER_SHARE / 2)
    cells = [
        cell(wide, paragraph("CoverLine", run(f"{label}：", STRONG), run(value)), align="top")
        for label, value in cover.lines
    ]
    cells += [cell(wide, paragraph("CoverLine"))] * (len(cells) % 2)
    pairs = [row(cells[start : start + 2]) for start in range(0, len(cells), 2)]
    return above + table_frame([wide, wide], pairs) + paragraph("Space")


def _block(block: Block, wide: bool, room: float, captions: Captions, pictures: Pictures) -> str:
    match block:
        case Table():
            return table_markup(block, wide, room, captions, pictures)
        case Chart():
            return _chart(block, captions, pictures)
        case Tiles():
            return tiles_markup(block, pictures)
        case Heading(text=text, level=level):
            return paragraph(f"Heading{level}", run(text))
        case Paragraph(text=text):
            return paragraph("BodyText", run(text))
        case Note(text=text):
            return paragraph("SmallPrint", run(text))
    raise PublishError(f"Word 文档不认识的内容块：{block.kind}", "请交给维护人员")


def _chart(chart: Chart, captions: Captions, pictures: Pictures) -> str:
    picture = drawing(chart.svg, chart.title)
    scale = min(1.0, PORTRAIT_WIDTH / picture.width, PORTRAIT_CHART_HEIGHT / picture.height)
    shown = pictures.show(picture.markup, picture.width * scale, picture.height * scale, chart.alt, caption(chart))
    below = note_markup([*notes(chart), *filter(None, [source(chart)])], kept=True)
    return paragraph("Figure", shown) + below + paragraph("FigureCaption", captions.of(chart))


def _opened() -> WordDocument:
    """An empty document with our styles and settings."""
    docx = _library()
    word: WordDocument = docx.Document(BytesIO(_empty()))
    return word


@cache
def _empty() -> bytes:
    """python-docx's own empty document with our styles in the place of its, and without all it needs not."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    word = _library().Document()
    for rels in (word.part.rels, word.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype not in _KEPT]:
            del rels[key]
    parts = {"styles": "STYLES", "settings": "SETTINGS", "fontTable": "FONT_TABLE"}
    for name, kind in parts.items():
        media_type, blob = getattr(CONTENT_TYPE, f"WML_{kind}"), (TEMPLATES / f"{name}.xml").read_bytes()
        part = Part(PackURI(f"/word/{name}.xml"), media_type, blob, word.part.package)
        word.part.relate_to(part, getattr(RELATIONSHIP_TYPE, kind))
    file = BytesIO()
    word.save(file)
    return file.getvalue()


_KEPT = {
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
}


def _library() -> Any:
    try:
        import docx
    except ImportError as error:
        raise RunEnvironmentError("没有 python-docx，不能生成 Word 文档", "请重新安装本工具") from error
    return docx


def _add_table_styles(word: WordDocument, body: str) -> None:
    """A style for each size of table text in use, so that an editor changes all tables of a size at once."""
    for size, pitch in sorted(set(_TABLE_STYLE.findall(body))):
        half = round(int(size) / 5)
        style = (
            f'<w:style {_NAMESPACES} w:type="paragraph" w:customStyle="1" w:styleId="TableText{size}-{pitch}">'
            f'<w:name w:val="表文 {int(size) / 10:g}磅 行距{int(pitch) / 10:g}磅"/>'
            f'<w:basedOn w:val="TableText"/><w:pPr><w:spacing w:line="{int(pitch) * 2}" w:lineRule="exact"/></w:pPr>'
            f'<w:rPr><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>'
        )
        word.styles.element.append(_parsed(style))


def _add_edges(word: WordDocument, cover: Cover) -> None:
    """Headers and footers: one of each for odd and for even pages, upright and turned."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    for edge in EDGES:
        markup = edge_markup(edge, cover, _NAMESPACES).encode()
        part = Part(PackURI(f"/word/{edge.key}.xml"), edge.media_type, markup, word.part.package)
        word.part.load_rel(edge.relationship, part, edge.key)


def _fill(word: WordDocument, body: str) -> None:
    element = word.element.body
    for child in list(element):
        element.remove(child)
    element.extend(list(_parsed(f"<w:body {_NAMESPACES}>{body}</w:body>")))


def _parsed(markup: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(markup)


def _title(cover: Cover) -> str:
    return f"{cover.attachment} {' '.join(cover.title.split())}".strip()


def _describe(word: WordDocument, cover: Cover) -> None:
    about, made = word.core_properties, year_end(cover.year).replace(tzinfo=None)
    about.title, about.language, about.revision = _title(cover), "zh-CN", 1
    about.subject = about.author = about.last_modified_by = about.keywords = about.category = ""
    about.comments = "　".join(filter(None, (cover.banner, cover.marking)))
    about.created = about.modified = made


def _zipped(word: WordDocument) -> bytes:
    saved, file = BytesIO(), BytesIO()
    word.save(saved)
    with ZipFile(saved) as source_file, ZipFile(file, "w") as target:
        for name in source_file.namelist():
            member = ZipInfo(name, _EARLIEST)
            member.compress_type, member.external_attr, member.create_system = ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(member, source_file.read(name))
    return file.getvalue()
