"""Every string in a PDF, Word or notebook file, whether a reader meets it or not. Judges none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

_LABELS = "{http://www.w3.org/2000/svg}text"
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_SAYING = ("descr", "name", "title", "caption", "comment")
_KNOWN_PARTS = re.compile(
    r"\[Content_Types\]\.xml|(word/)?_rels/(document\.xml)?\.rels|docProps/core\.xml|word/media/picture\d+\.(svg|png)"
    r"|word/(document|styles|settings|fontTable|(header|footer)(Turned)?(Odd|Even))\.xml"
)
_BOOK_PARTS = re.compile(
    r"\[Content_Types\]\.xml|docProps/(core|app)\.xml|_rels/\.rels|xl/(\w+/)?_rels/\w+\.xml\.rels"
    r"|xl/(workbook|sharedStrings|styles|theme/theme1|(worksheets/sheet|charts/chart|drawings/drawing)\d+)\.xml"
)
_BESIDE_CELLS = re.compile("docProps/core|xl/(worksheets/sheet|charts|drawings)")
_SHOWN = (
    "title",
    "subject",
    "creator",
    "keywords",
    "description",
    "lastModifiedBy",
    "category",
    "Header",
    "Footer",
    "main}t",
    "chart}v",
)
_PNG_TEXT = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")
# Of a PDF what ties its parts together; of its XMP what tells of the file and its standard.
_TIES = frozenset(
    {"/Names", "/ID", "/Headers", "/Registry", "/Ordering", "/RegistryName", "/OutputConditionIdentifier"}
)
_DESCRIBED = "{http://purl.org/dc/elements/1.1/}"
_SETTINGS = frozenset({"kind", "edition", "looks"})
_JOINED = frozenset({"number", "title"})
_TAG = re.compile(r'<img\b[^>]*\balt="([^"]*)">|<[^>]*>')


def of_pdf(content: bytes) -> Iterator[str]:
    """The pages as one text, then bookmarks, alternative texts, properties and whatever else is a string in it."""
    yield "".join(pages_of_pdf(content))
    yield from beside_pages(content)


def pages_of_pdf(content: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in _opened(content).pages]


def beside_pages(content: bytes) -> Iterator[str]:
    """What stands in the file beside the text of its pages."""
    reader = _opened(content)
    for number in sorted({*(each for of in reader.xref.values() for each in of), *reader.xref_objStm}):
        yield from _of_object(reader.get_object(number))
    if reader.xmp_metadata is not None:
        root = fromstring(reader.xmp_metadata.stream.get_data())
        for element in root.iter():
            if element.tag.startswith(_DESCRIBED) and not element.tag.endswith("}format"):
                yield from element.itertext()


def _opened(content: bytes) -> Any:
    from pypdf import PdfReader  # only whoever asks for this proof waits for it

    return PdfReader(BytesIO(content), strict=True)


def _of_object(found: Any, key: str = "") -> Iterator[str]:
    if isinstance(found, Mapping):
        for name, value in found.items():
            yield from _of_object(value, name)
    elif isinstance(found, list):
        for value in found:
            yield from _of_object(value, key)
    elif isinstance(found, str) and not found.startswith("/") and key not in _TIES:
        yield found


def of_word(content: bytes) -> Iterator[str]:
    """The text of each part, the words of each picture, alternative texts and names; what is no part of ours."""
    with ZipFile(BytesIO(content)) as file:
        for name in file.namelist():
            if not _KNOWN_PARTS.fullmatch(name):
                yield f"未知部分 {name}"
            elif name.endswith((".xml", ".svg")):
                yield from _of_part(fromstring(file.read(name)), name)
            elif name.endswith(".png"):
                yield from of_picture(file.read(name))


def of_picture(content: bytes) -> Iterator[str]:
    """What a PNG may hold beside its pixels."""
    yield from (f"图片中的文字 {kind.decode()}" for kind in _PNG_TEXT if kind in content)


def _of_part(root: Element, name: str) -> Iterator[str]:
    if name.startswith("docProps/"):
        yield from (element.text or "" for element in root.iter() if not element.tag.endswith("}revision"))
        return
    kinds = (_WORDS, _LABELS)
    yield "".join(element.text or "" for element in root.iter() if element.tag in kinds)
    yield from (element.text or "" for element in root.iter() if element.tag not in kinds and not _is_measure(element))
    for element in root.iter() if name == "word/document.xml" else ():
        for key, value in element.items():
            if key.rpartition("}")[2] in _SAYING or element.tag.endswith("}tblCaption"):
                yield value


def _is_measure(element: Element) -> bool:
    return element.tag.rpartition("}")[2] in ("posOffset", "instrText")


def of_workbook(content: bytes) -> Iterator[str]:
    """What a workbook holds beside its cells: properties, marks of the page, charts; what is no part of ours."""
    with ZipFile(BytesIO(content)) as file:
        for name in file.namelist():
            if not _BOOK_PARTS.fullmatch(name):
                yield f"未知部分 {name}"
            elif _BESIDE_CELLS.search(name):
                root = fromstring(file.read(name))
                yield from (_short(element.text or "") for element in root.iter() if element.tag.endswith(_SHOWN))
                yield from (element.get("descr", "") for element in root.iter())


def _short(text: str) -> str:
    """A number without the digits that a machine adds in the sixteenth place."""
    return f"{float(text):.12g}" if re.fullmatch(r"-?\d+\.\d+", text) else text


def of_notebook(content: bytes) -> Iterator[str]:
    """What the outputs of a notebook say as text and as blocks."""
    for cell in json.loads(content)["cells"]:
        for output in cell.get("outputs", ()):
            for kind, data in output.get("data", {}).items():
                yield from _of_block(data) if isinstance(data, Mapping) else [_plain("".join(data), kind)]


def _plain(text: str, kind: str) -> str:
    """The text of an output; of a page also what stands in place of its pictures."""
    return unescape(_TAG.sub(lambda tag: tag[1] or "", text)) if kind == "text/html" else text


def _of_block(found: Any) -> Iterator[str]:
    """The strings of a block; a caption, a row, a head and a tile's lines each as one, as a page has them."""
    if isinstance(found, Mapping):
        if "number" in found:
            yield found["number"] + found["title"]
        for name, value in found.items():
            if name in ("rows", "lines"):
                yield from ("".join(row) for row in value)
            elif name == "columns" and isinstance(value, list):
                yield "".join(column["head"] for column in value)
            elif name == "svg" and value:
                yield "".join("".join(label.itertext()) for label in fromstring(value).iter(_LABELS))
            elif name == "unit" and "number" in found:
                yield value and f"单位：{value}"
            elif name not in _SETTINGS and not (name in _JOINED and "number" in found):
                yield from _of_block(value)
    elif isinstance(found, list):
        for value in found:
            yield from _of_block(value)
    elif isinstance(found, str):
        yield found


OF: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    ".pdf": of_pdf,
    ".docx": of_word,
    ".ipynb": of_notebook,
    ".png": of_picture,
}
"""By suffix."""
