"""Reads one XML part of a workbook: names with their namespace, no DTD, no encoding that readers differ in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn
from xml.parsers import expat

from stats.returns.finding_texts import refuse_file

INCOMPLETE, SAVE_ANEW = "电子表格内部结构不完整", "请用办公软件打开后另存为新文件"
DTD, RESAVE = "内部含有实体声明（DTD），可能是恶意文件", "请用办公软件打开后另存为 .xlsx，再重新提交"
UNUSUAL, AS_XLSX = "内部结构不寻常", "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新提交"
# Sheets are written in one of two namespaces (ISO 29500, transitional and strict), and so are relations.
SHEETS = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_OFF = frozenset({"0", "false", "none", "off"})
_UTF16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*?\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([\w.-]+)[\"']")
_READ_ALIKE = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
Start = Callable[[str, dict[str, str]], None]


def as_utf8(data: bytes, file: str) -> bytes:
    """The part in UTF-8 whatever Unicode it was written in, so that every reader reads the same characters.

    >>> as_utf8('<?xml version="1.0" encoding="utf-16"?><a>镇</a>'.encode("utf-16"), "a.xlsx").decode()
    '<a>镇</a>'
    """
    for mark, encoding in _UTF16:
        if data.startswith(mark):
            try:
                data = data.decode(encoding).encode()
            except UnicodeError as error:
                raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error
            return _DECLARATION.sub(b"", data, count=1)
    declared = _DECLARATION.match(data[:400].removeprefix(b"\xef\xbb\xbf"))
    encoding_named = _ENCODING.search(declared[0]) if declared else None
    if encoding_named and encoding_named[1].lower() not in _READ_ALIKE:
        raise refuse_file(file, UNUSUAL, AS_XLSX)
    return data


def parse_xml(data: bytes, file: str, start: Start, text: Callable[[str], None] | None = None) -> None:
    """Calls ``start`` with the full name (namespace, space, local name) and the attributes of every element.

    RefusalError for a DTD and for broken XML.
    """
    parser = safe_parser(file)
    parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
    run_parser(parser, data, file)


def safe_parser(file: str) -> expat.XMLParserType:
    """A parser that refuses any document type declaration, and with it every entity."""

    def refuse(*_: object) -> NoReturn:
        raise refuse_file(file, DTD, RESAVE)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def strict_parser(file: str) -> expat.XMLParserType:
    """A safe parser that also refuses comments and CDATA, at which readers cut a value in different ways."""
    parser = safe_parser(file)

    def refuse(*_: object) -> NoReturn:
        raise refuse_file(file, UNUSUAL, AS_XLSX)

    parser.CommentHandler = parser.StartCdataSectionHandler = parser.ProcessingInstructionHandler = refuse
    return parser


def run_parser(parser: expat.XMLParserType, data: bytes, file: str) -> None:
    """Parses a whole part; RefusalError where it is broken."""
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error


def local(name: str) -> str:
    """An element's name without its namespace."""
    return name.rpartition(" ")[2]


def in_sheets(name: str) -> str:
    """The local name of an element of a sheet, a workbook or its styles; empty for one of another vocabulary.

    >>> in_sheets(f"{SHEETS[0]} row"), in_sheets("http://schemas.openxmlformats.org/drawingml row")
    ('row', '')
    """
    namespace, _, element = name.rpartition(" ")
    return element if namespace in SHEETS else ""


def relation_id(attributes: Mapping[str, str], name: str = "id") -> str:
    """The relation that an element names (``r:id``); empty where it names none."""
    return next((attributes[key] for ns in RELATIONS if (key := f"{ns} {name}") in attributes), "")


def is_on(attributes: Mapping[str, str], name: str) -> bool:
    """Whether a yes-no attribute is there and set."""
    return attributes.get(name, "0").strip().lower() not in _OFF
